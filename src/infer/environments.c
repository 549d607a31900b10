/* The files of an environment, in a folder that has no contract. */
#include <string.h>

#include "bulla/file.h"
#include "bulla/mem.h"
#include "infer/survey_internal.h"

#include "base/banned.h"

static bool has_body(const struct bulla_project *project)
{
    for (size_t i = 0; i < project->service_count; i++) {
        if (project->services[i]->image == NULL && project->services[i]->build == NULL) {
            return false;
        }
    }
    return project->service_count > 0;
}

/* How much a service's definition says. */
static size_t weigh(const struct bulla_project_service *service)
{
    return (service->image != NULL ? 1U : 0U) + (service->build != NULL ? 1U : 0U) +
           service->environment_count + service->env_file_count + service->resource_count;
}

/* True where OWN says again what BASE says: at least half of its services, in about their length.
 */
static bool repeats(const struct bulla_project *own, const struct bulla_project *base)
{
    size_t shared = 0;
    size_t own_weight = 0;
    size_t base_weight = 0;
    for (size_t i = 0; i < base->service_count; i++) {
        const struct bulla_project_service *service =
            bulla_project_find_service(own, base->services[i]->name);
        if (service != NULL) {
            shared++;
            own_weight += weigh(service);
            base_weight += weigh(base->services[i]);
        }
    }
    /* An image and nothing else is as much of an override as of a definition. */
    return 2 * shared >= base->service_count && base_weight > 2 * shared &&
           4 * own_weight >= 3 * base_weight;
}

/* True where a service of OWN is a service of a file of BASE by `extends`. */
static bool builds_on(const struct bulla_project *own, const struct bulla_project *base)
{
    for (size_t i = 0; i < own->file_count; i++) {
        if (own->files[i]->kind != BULLA_PROJECT_EXTENDED) {
            continue;
        }
        for (size_t k = 0; k < base->file_count; k++) {
            if (base->files[k]->kind == BULLA_PROJECT_COMPOSE &&
                strcmp(base->files[k]->path, own->files[i]->path) == 0) {
                return true;
            }
        }
    }
    return false;
}

/*
 * The files of ENVIRONMENT that its word names, FILES, are a stack of their own and no override of
 * BASE: every service has an image or is built, and they repeat it or take services out of it, or a
 * text beside them names one of them alone ("docker compose -f NAME").
 */
static bool stands_alone(struct bulla_survey *survey, const struct bulla_survey_options *options,
                         const char *const *files, size_t count, const struct bulla_project *base,
                         bool *ret_alone, struct bulla_error *err)
{
    *ret_alone = false;
    if (count == 0 || survey->files_given) {
        return true;
    }
    bulla_auto_project own = survey_load(survey, options, files, count, err);
    if (own == NULL) {
        return false;
    }
    if (!has_body(own)) {
        return true;
    }
    *ret_alone = repeats(own, base) || builds_on(own, base);
    for (size_t i = 0; i < count && !*ret_alone; i++) {
        if (!survey_is_named_alone(survey, files[i], ret_alone, err)) {
            return false;
        }
    }
    return true;
}

/* How much speaks for an env file of an environment; of equals the last one is taken. */
enum weight {
    NOT_OURS,
    STEERS_COMPOSE, /* `.env`, with nothing else in it */
    BY_WORD,        /* "docker.env", ".env.production" */
    BY_NAME,        /* ".env.prod" */
    READ_BY_COMPOSE /* `.env`: what stands there is what runs */
};

static bool weigh_env_file(const struct bulla_survey *survey,
                           const struct bulla_survey_environment *environment, const char *name,
                           const char *path, enum weight *ret_weight, struct bulla_error *err)
{
    const char *word = NULL;
    bool left_alone = false;
    bool is_default = environment->name == survey->environments[0].name;
    *ret_weight = NOT_OURS;
    if (bulla_file_role(name, &word, &left_alone) != BULLA_FILE_ENV ||
        (word == NULL ? !is_default : strcmp(word, environment->name) != 0)) {
        return true;
    }
    if (strcmp(name, ".env") == 0) {
        bool has_values = false;
        if (!survey_has_values(path, &has_values, err)) {
            return false;
        }
        *ret_weight = has_values ? READ_BY_COMPOSE : STEERS_COMPOSE;
        return true;
    }
    bool is_named =
        strncmp(name, ".env.", 5) == 0 && strcmp(name + strlen(".env."), environment->name) == 0;
    *ret_weight = is_named ? BY_NAME : BY_WORD;
    return true;
}

/*
 * The one file whose values are ENVIRONMENT's. Another one beside it (".env.development" beside
 * `.env`) says what somebody runs without Compose, or once ran.
 */
static bool choose_env_file(struct bulla_survey *survey,
                            struct bulla_survey_environment *environment,
                            const struct survey_found *found, struct bulla_error *err)
{
    enum weight most = NOT_OURS;
    for (size_t i = 0; i < found->count; i++) {
        enum weight weight = NOT_OURS;
        bulla_auto_str path = bulla_path_join(survey->folder, found->names[i], err);
        if (path == NULL ||
            !weigh_env_file(survey, environment, found->names[i], path, &weight, err)) {
            return false;
        }
        if (weight == NOT_OURS || weight < most) {
            continue;
        }
        if (most == STEERS_COMPOSE &&
            !survey_put_behind(survey, environment, environment->existing, err)) {
            return false;
        }
        most = weight;
        environment->existing = pool_strdup(survey->pool, path, err);
        if (environment->existing == NULL) {
            return false;
        }
    }
    return true;
}

bool survey_choose_files(struct bulla_survey *survey, const struct bulla_survey_options *options,
                         struct bulla_survey_environment *environment,
                         const struct survey_found *found, const struct survey_stack *stack,
                         struct bulla_error *err)
{
    const char **files = pool_alloc(survey->pool, (SURVEY_MAX_FILES * 2 + 1) * sizeof *files, err);
    if (files == NULL) {
        return false;
    }
    size_t count = 0;
    size_t own = 0;
    for (size_t i = 0; i < stack->file_count; i++) {
        /* The override beside the default file is for the default command only. */
        const char *word = NULL;
        bool left_alone = false;
        (void)bulla_file_role(bulla_path_base(stack->files[i]), &word, &left_alone);
        if (!(stack->is_default && left_alone)) {
            files[count++] = stack->files[i];
        }
    }
    for (size_t i = 0; i < found->count; i++) {
        const char *word = NULL;
        bool left_alone = false;
        enum bulla_file_role role = bulla_file_role(found->names[i], &word, &left_alone);
        bool is_ours = word != NULL && strcmp(word, environment->name) == 0;
        if (role == BULLA_FILE_COMPOSE && is_ours && !survey->files_given) {
            bulla_auto_str path = bulla_path_join(survey->folder, found->names[i], err);
            if (path == NULL) {
                return false;
            }
            files[count++] = pool_strdup(survey->pool, survey_relative_to_root(survey, path), err);
            own++;
        } else if (role == BULLA_FILE_SAMPLE && (is_ours || word == NULL) &&
                   (environment->sample == NULL || is_ours)) {
            environment->sample = found->names[i];
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (files[i] == NULL) {
            return bulla_error_nomem(err);
        }
    }
    bool is_alone = false;
    if (!stands_alone(survey, options, files + count - own, own, stack->project, &is_alone, err)) {
        return false;
    }
    if (is_alone) {
        memmove(files, files + count - own, own * sizeof *files);
        count = own;
    }
    /* What Compose finds by itself need not be written down. */
    environment->compose = files;
    environment->compose_count = own == 0 && stack->is_default ? 0 : count;
    files[environment->compose_count] = NULL;
    return choose_env_file(survey, environment, found, err);
}
