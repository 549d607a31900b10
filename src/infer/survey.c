#include <stdlib.h>
#include <string.h>

#include "bulla/file.h"
#include "bulla/limits.h"
#include "bulla/mem.h"
#include "infer/survey_internal.h"

#include "base/banned.h"

#define DEPTH_BELOW 2

void bulla_survey_free(struct bulla_survey *survey)
{
    if (survey == NULL) {
        return;
    }
    for (size_t i = 0; i < survey->environment_count; i++) {
        bulla_project_free(survey->environments[i].project);
    }
    for (size_t i = 0; i < survey->sample_count; i++) {
        bulla_dotenv_free(survey->samples[i].entries);
    }
    bulla_free(survey->variables);
    bulla_guesser_free(survey->guesser);
    pool_free(survey->pool);
    bulla_free(survey);
}

static struct bulla_survey_environment *find_environment(struct bulla_survey *survey,
                                                         const char *name)
{
    for (size_t i = 0; i < survey->environment_count; i++) {
        if (strcmp(survey->environments[i].name, name) == 0) {
            return &survey->environments[i];
        }
    }
    return NULL;
}

static void add_environment(struct bulla_survey *survey, const char *name)
{
    if (find_environment(survey, name) == NULL &&
        survey->environment_count < SURVEY_MAX_ENVIRONMENTS) {
        survey->environments[survey->environment_count++].name = name;
    }
}

/* The order in which environments are listed: from the laptop to production. */
static int environment_rank(const char *name)
{
    static const char *const order[] = {"dev",     "local", "test",    "ci",  "qa",
                                        "staging", "uat",   "preprod", "prod"};
    for (int i = 0; i < (int)(sizeof order / sizeof *order); i++) {
        if (strcmp(order[i], name) == 0) {
            return i;
        }
    }
    return (int)(sizeof order / sizeof *order);
}

static int compare_environments(const void *a, const void *b)
{
    const struct bulla_survey_environment *left = a;
    const struct bulla_survey_environment *right = b;
    return environment_rank(left->name) - environment_rank(right->name);
}

/* The compose files of the project as the options or Compose choose them. */
static const struct bulla_project *load(struct bulla_survey *survey,
                                        const struct bulla_survey_options *options,
                                        const char *const *files, size_t count,
                                        struct bulla_error *err)
{
    struct bulla_project_options load = {
        .directory = survey->root,
        .files = files,
        .file_count = count,
        .environment = options->environment,
        .environment_ctx = options->environment_ctx,
    };
    return bulla_project_load(&load, err);
}

/* Nothing found here or above: look below, and take the only hit. */
static const struct bulla_project *load_below(struct bulla_survey *survey,
                                              const struct bulla_survey_options *options,
                                              struct bulla_error *err)
{
    struct bulla_compose_candidates candidates = {NULL, 0};
    struct bulla_error missing = *err;
    if (!bulla_compose_candidates_find(survey->root, DEPTH_BELOW, &candidates, err)) {
        return NULL;
    }
    const struct bulla_project *project = NULL;
    if (candidates.count == 1) {
        survey->found_below = pool_strdup(survey->pool, candidates.paths[0], err);
        if (survey->found_below != NULL) {
            project = load(survey, options, &survey->found_below, 1, err);
        }
    } else if (candidates.count > 1) {
        char list[sizeof err->hint] = "bulla init -f ";
        size_t used = strlen(list);
        for (size_t i = 0; i < candidates.count; i++) {
            size_t len = strlen(candidates.paths[i]);
            if (used + len + 4 >= sizeof list) {
                break;
            }
            if (i > 0) {
                memcpy(list + used, i == 1 ? "  (or " : ", ", i == 1 ? 6 : 2);
                used += i == 1 ? 6 : 2;
            }
            if (used + len + 4 >= sizeof list) {
                break;
            }
            memcpy(list + used, candidates.paths[i], len);
            used += len;
            list[used] = '\0';
        }
        (void)bulla_error(err, BULLA_E_MISSING,
                          "no compose file with a default name, and %zu others here or below",
                          candidates.count);
        (void)bulla_error_hint(err, "%s)", list);
    } else {
        *err = missing;
    }
    bulla_compose_candidates_free(&candidates);
    return project;
}

/* PATH relative to the survey's root where it is below it. */
static const char *relative_to_root(const struct bulla_survey *survey, const char *path)
{
    size_t len = strlen(survey->root);
    if (strncmp(path, survey->root, len) == 0 && path[len] == '/') {
        return path + len + 1;
    }
    return path;
}

/* Sorts the files of the project's folder by role. */
static bool read_folder(struct bulla_survey *survey, const struct survey_found *found,
                        const char *const *base, size_t base_count, struct bulla_error *err)
{
    bool has_common = base_count > 0;
    for (size_t i = 0; i < found->count; i++) {
        const char *environment = NULL;
        bool left_alone = false;
        enum bulla_file_role role = bulla_file_role(found->names[i], &environment, &left_alone);
        bool is_base = false;
        for (size_t k = 0; k < base_count; k++) {
            is_base = is_base || strcmp(bulla_path_base(base[k]), found->names[i]) == 0;
        }
        if (left_alone && !is_base && survey->left_alone_count < SURVEY_MAX_FILES) {
            survey->left_alone[survey->left_alone_count++] = found->names[i];
        }
        bool counts =
            role == BULLA_FILE_SAMPLE || (role == BULLA_FILE_COMPOSE && !survey->files_given);
        if (environment != NULL && counts && !is_base) {
            add_environment(survey, environment);
        }
        if (role == BULLA_FILE_SAMPLE && survey->sample_count < SURVEY_MAX_FILES &&
            !survey_read_sample(survey, found->names[i], environment, err)) {
            return false;
        }
    }
    if (has_common) {
        add_environment(survey, "dev");
    }
    qsort(survey->environments, survey->environment_count, sizeof *survey->environments,
          compare_environments);
    return true;
}

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

/*
 * The files of ENVIRONMENT that its word names, FILES, are a stack of their own and no override of
 * BASE: every service has an image or is built, and they repeat it, or a text beside them names one
 * of them alone ("docker compose -f NAME").
 */
static bool stands_alone(struct bulla_survey *survey, const struct bulla_survey_options *options,
                         const char *const *files, size_t count, const struct bulla_project *base,
                         bool *ret_alone, struct bulla_error *err)
{
    *ret_alone = false;
    if (count == 0 || survey->files_given) {
        return true;
    }
    bulla_auto_project own = load(survey, options, files, count, err);
    if (own == NULL) {
        return false;
    }
    if (!has_body(own)) {
        return true;
    }
    *ret_alone = repeats(own, base);
    for (size_t i = 0; i < count && !*ret_alone; i++) {
        if (!survey_is_named_alone(survey, files[i], ret_alone, err)) {
            return false;
        }
    }
    return true;
}

/* The files of ENVIRONMENT: the base ones and those that its word names. */
static bool choose_files(struct bulla_survey *survey, const struct bulla_survey_options *options,
                         struct bulla_survey_environment *environment,
                         const struct survey_found *found, const struct bulla_project *first,
                         const char *const *base, size_t base_count, bool base_is_default,
                         struct bulla_error *err)
{
    const char **files = pool_alloc(survey->pool, (SURVEY_MAX_FILES * 2 + 1) * sizeof *files, err);
    if (files == NULL) {
        return false;
    }
    size_t count = 0;
    size_t own = 0;
    for (size_t i = 0; i < base_count && i < SURVEY_MAX_FILES; i++) {
        /* The override beside the default file is for the default command only. */
        const char *word = NULL;
        bool left_alone = false;
        (void)bulla_file_role(bulla_path_base(base[i]), &word, &left_alone);
        if (!(base_is_default && left_alone)) {
            files[count++] = base[i];
        }
    }
    for (size_t i = 0; i < found->count; i++) {
        const char *word = NULL;
        bool left_alone = false;
        enum bulla_file_role role = bulla_file_role(found->names[i], &word, &left_alone);
        bool is_ours = word != NULL && strcmp(word, environment->name) == 0;
        bulla_auto_str path = bulla_path_join(survey->folder, found->names[i], err);
        if (path == NULL) {
            return false;
        }
        if (role == BULLA_FILE_COMPOSE && is_ours && !survey->files_given) {
            files[count++] = pool_strdup(survey->pool, relative_to_root(survey, path), err);
            own++;
        } else if (role == BULLA_FILE_SAMPLE && (is_ours || word == NULL) &&
                   (environment->sample == NULL || is_ours)) {
            environment->sample = found->names[i];
        } else if (role == BULLA_FILE_ENV &&
                   (is_ours ||
                    (word == NULL && environment->name == survey->environments[0].name))) {
            environment->existing = pool_strdup(survey->pool, path, err);
        }
    }
    if (environment->sample == NULL) {
        environment->sample = survey_sample_elsewhere(survey, environment->name);
    }
    for (size_t i = 0; i < count; i++) {
        if (files[i] == NULL) {
            return bulla_error_nomem(err);
        }
    }
    bool is_alone = false;
    if (!stands_alone(survey, options, files + count - own, own, first, &is_alone, err)) {
        return false;
    }
    if (is_alone) {
        memmove(files, files + count - own, own * sizeof *files);
        count = own;
    }
    /* What Compose finds by itself need not be written down. */
    environment->compose = files;
    environment->compose_count = own == 0 && base_is_default ? 0 : count;
    files[environment->compose_count] = NULL;
    return true;
}

/*
 * The file that is rendered for ENVIRONMENT, whose project is loaded: `.env` where its services
 * read that by env_file, whatever the environment is called.
 */
static bool choose_output(struct bulla_survey *survey, struct bulla_survey_environment *environment,
                          struct bulla_error *err)
{
    bool is_dev = strcmp(environment->name, "dev") == 0;
    environment->output =
        is_dev ? ".env" : pool_printf(survey->pool, err, ".env.%s", environment->name);
    bulla_auto_str common = bulla_path_join(survey->folder, ".env", err);
    if (environment->output == NULL || common == NULL) {
        return false;
    }
    bool reads_common = false;
    bool reads_own = false;
    for (size_t i = 0; i < environment->project->service_count; i++) {
        const struct bulla_project_service *service = environment->project->services[i];
        for (size_t k = 0; k < service->env_file_count; k++) {
            const char *path = service->env_files[k].path;
            reads_common = reads_common || (path != NULL && strcmp(path, common) == 0);
            reads_own = reads_own ||
                        (path != NULL && strcmp(bulla_path_base(path), environment->output) == 0);
        }
    }
    if (reads_common && !reads_own) {
        environment->output = ".env";
    }
    return true;
}

/*
 * True where Compose took its files by their names, and not because COMPOSE_FILE lists them: an
 * override beside the file is then among them.
 */
static bool has_default_files(const struct survey_found *found, const char *const *base,
                              size_t base_count)
{
    static const char *const names[] = {"compose.yaml", "compose.yml", "docker-compose.yml",
                                        "docker-compose.yaml"};
    bool is_default = false;
    for (size_t i = 0; base_count > 0 && i < sizeof names / sizeof *names; i++) {
        is_default = is_default || strcmp(bulla_path_base(base[0]), names[i]) == 0;
    }
    size_t overrides = 0;
    for (size_t i = 0; i < found->count; i++) {
        overrides += strstr(found->names[i], "compose.override.y") != NULL;
    }
    return is_default && base_count == (overrides > 0 ? 2 : 1);
}

static bool survey_folder(struct bulla_survey *survey, const struct bulla_survey_options *options,
                          struct bulla_error *err)
{
    bulla_auto_project first = load(survey, options, options->files, options->file_count, err);
    if (first == NULL && options->file_count == 0 && err->code == BULLA_E_MISSING) {
        first = load_below(survey, options, err);
    }
    if (first == NULL) {
        return false;
    }
    survey->folder = pool_strdup(survey->pool, first->directory, err);
    const char *base[SURVEY_MAX_FILES];
    size_t base_count = 0;
    for (size_t i = 0; i < first->file_count && base_count < SURVEY_MAX_FILES; i++) {
        if (first->files[i]->kind == BULLA_PROJECT_COMPOSE) {
            base[base_count] =
                pool_strdup(survey->pool, relative_to_root(survey, first->files[i]->path), err);
            if (base[base_count++] == NULL) {
                return false;
            }
        }
    }
    survey->files_given = options->file_count > 0;
    struct survey_found found = {.count = 0};
    if (survey->folder == NULL || !survey_list_folder(survey, survey->folder, &found, err) ||
        !read_folder(survey, &found, base, base_count, err) ||
        !survey_read_samples_beside_env_files(survey, first, err)) {
        return false;
    }
    bool base_is_default = options->file_count == 0 && survey->found_below == NULL &&
                           has_default_files(&found, base, base_count);
    for (size_t i = 0; i < survey->environment_count; i++) {
        struct bulla_survey_environment *environment = &survey->environments[i];
        if (!choose_files(survey, options, environment, &found, first, base, base_count,
                          base_is_default, err)) {
            return false;
        }
        environment->project =
            load(survey, options, environment->compose, environment->compose_count, err);
        if (environment->project == NULL || !choose_output(survey, environment, err)) {
            return false;
        }
    }
    return survey_guess(survey, err);
}

struct bulla_survey *bulla_survey_new(const struct bulla_survey_options *options,
                                      struct bulla_error *err)
{
    struct bulla_survey *survey = bulla_alloc(1, sizeof *survey, err);
    if (survey == NULL) {
        return NULL;
    }
    survey->pool = pool_new(err);
    survey->guesser = survey->pool != NULL ? bulla_guesser_new(err) : NULL;
    survey->root = survey->guesser != NULL ? pool_strdup(survey->pool, options->root, err) : NULL;
    if (survey->root == NULL || !survey_folder(survey, options, err)) {
        bulla_survey_free(survey);
        return NULL;
    }
    return survey;
}

size_t bulla_survey_environment_count(const struct bulla_survey *survey)
{
    return survey->environment_count;
}

const struct bulla_survey_environment *bulla_survey_environment(const struct bulla_survey *survey,
                                                                size_t index)
{
    return &survey->environments[index];
}

size_t bulla_survey_variable_count(const struct bulla_survey *survey)
{
    return survey->variable_count;
}

const struct bulla_survey_variable *bulla_survey_variable(const struct bulla_survey *survey,
                                                          size_t index)
{
    return &survey->variables[index];
}

const char *bulla_survey_project(const struct bulla_survey *survey)
{
    return survey->environment_count > 0 ? survey->environments[0].project->name : "";
}

const char *bulla_survey_found_below(const struct bulla_survey *survey)
{
    return survey->found_below;
}

size_t bulla_survey_left_alone_count(const struct bulla_survey *survey)
{
    return survey->left_alone_count;
}

const char *bulla_survey_left_alone(const struct bulla_survey *survey, size_t index)
{
    return survey->left_alone[index];
}
