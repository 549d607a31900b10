/* The file that is rendered for an environment, and the env files that are not. */
#include <string.h>

#include "bulla/file.h"
#include "bulla/mem.h"
#include "infer/survey_internal.h"

#include "base/banned.h"

/* Calls for each entry of `env_file` of the project: what to do with it. */
typedef bool (*env_file_fn)(struct bulla_survey *survey,
                            const struct bulla_survey_environment *environment,
                            const struct bulla_project_service *service, const char *path,
                            void *ctx, struct bulla_error *err);

static bool each_env_file(struct bulla_survey *survey,
                          const struct bulla_survey_environment *environment, env_file_fn fn,
                          void *ctx, struct bulla_error *err)
{
    const struct bulla_project *project = environment->project;
    for (size_t i = 0; i < project->service_count; i++) {
        const struct bulla_project_service *service = project->services[i];
        for (size_t k = 0; k < service->env_file_count; k++) {
            const char *path = service->env_files[k].path;
            if (path != NULL && !fn(survey, environment, service, path, ctx, err)) {
                return false;
            }
        }
    }
    return true;
}

static bool is_in_root(const struct bulla_survey *survey, const char *path)
{
    return survey_relative_to_root(survey, path) != path;
}

/* Which env files the services read. */
struct reading {
    const char *common; /* `.env` of the project directory */
    bool reads_common;
    bool reads_own;        /* one that is called as the environment's output */
    const char *elsewhere; /* an `.env`, or one of that name, in another folder of the root */
    const char *other;     /* the only one of another name */
    bool has_more;         /* there are several of those */
};

static bool read_env_file(struct bulla_survey *survey,
                          const struct bulla_survey_environment *environment,
                          const struct bulla_project_service *service, const char *path, void *ctx,
                          struct bulla_error *err)
{
    struct reading *reading = ctx;
    const char *base = bulla_path_base(path);
    const char *word = NULL;
    bool left_alone = false;
    (void)service;
    (void)err;
    if (strcmp(path, reading->common) == 0) {
        reading->reads_common = true;
    } else if (strcmp(base, ".env") == 0 || strcmp(base, environment->output) == 0) {
        bool is_here = strncmp(path, reading->common, (size_t)(base - path)) == 0 &&
                       strlen(reading->common) - strlen(".env") == (size_t)(base - path);
        reading->reads_own = reading->reads_own || is_here;
        if (!is_here && reading->elsewhere == NULL && is_in_root(survey, path)) {
            reading->elsewhere = path;
        }
    } else if (bulla_file_role(base, &word, &left_alone) != BULLA_FILE_SAMPLE &&
               bulla_file_is_regular(path) && is_in_root(survey, path)) {
        reading->has_more =
            reading->has_more || (reading->other != NULL && strcmp(reading->other, path) != 0);
        reading->other = path;
    }
    return true;
}

/* True where a value of `.env` would be seen in a compose file. */
static bool has_references(const struct bulla_project *project)
{
    for (size_t i = 0; i < project->ref_count; i++) {
        if (!bulla_name_is_foreign(project->refs[i].name)) {
            return true;
        }
    }
    return false;
}

/* The file at PATH, which a service reads, is the one that is rendered. */
static bool take(struct bulla_survey *survey, struct bulla_survey_environment *environment,
                 const char *path, struct bulla_error *err)
{
    const char *prefix = survey_folder_from_here(survey, path, err);
    environment->output =
        prefix != NULL ? pool_printf(survey->pool, err, "%s%s", prefix, bulla_path_base(path))
                       : NULL;
    if (environment->output == NULL) {
        return false;
    }
    if (bulla_file_is_regular(path)) {
        environment->existing = pool_strdup(survey->pool, path, err);
        return environment->existing != NULL;
    }
    return true;
}

/* "docker compose --env-file .env -f docker/compose.yaml": for what the project refers to. */
static bool say_command(struct bulla_survey *survey, struct bulla_survey_environment *environment,
                        const char *path, struct bulla_error *err)
{
    bulla_auto_buf command;
    bulla_buf_init(&command, 1024);
    bulla_buf_puts(&command, "docker compose --env-file ");
    bulla_buf_put_word(&command, survey_relative_to_root(survey, path));
    for (size_t i = 0; i < environment->compose_count; i++) {
        bulla_buf_puts(&command, " -f ");
        bulla_buf_put_word(&command, environment->compose[i]);
    }
    const char *text = bulla_buf_text(&command, err);
    environment->command = text != NULL ? pool_strdup(survey->pool, text, err) : NULL;
    return environment->command != NULL;
}

/*
 * Takes the `.env` that COMPOSE_FILE has Compose read before the project directory's, where values
 * stand in it: they win.
 */
static bool take_first(struct bulla_survey *survey, struct bulla_survey_environment *environment,
                       bool *ret_taken, struct bulla_error *err)
{
    const char *first = environment->project->env_before;
    *ret_taken = false;
    if (first == NULL || !is_in_root(survey, first) || strcmp(environment->output, ".env") != 0) {
        return true;
    }
    if (!survey_has_values(first, ret_taken, err)) {
        return false;
    }
    if (!*ret_taken) {
        return true;
    }
    if (environment->existing != NULL &&
        !survey_put_behind(survey, environment, environment->existing, err)) {
        return false;
    }
    return take(survey, environment, first, err);
}

/*
 * *RET_HERE where the project takes what it refers to from a file of its folder that has
 * values: that one is rendered, and READING's in another folder stays its owner's.
 */
static bool takes_values_here(const struct bulla_survey_environment *environment,
                              const struct reading *reading, bool *ret_here,
                              struct bulla_error *err)
{
    *ret_here = false;
    if (!has_references(environment->project)) {
        return true;
    }
    /* An environment without one of its own has the common file, unless services read its own. */
    bool has_own = strcmp(environment->output, ".env") != 0 &&
                   (environment->existing != NULL ||
                    strcmp(bulla_path_base(reading->elsewhere), environment->output) == 0);
    const char *path = has_own ? environment->existing : reading->common;
    return path == NULL || survey_has_values(path, ret_here, err);
}

/* `.env` for dev; for others the file that has their values, else `.env.ENV`. */
static bool name_output(struct bulla_survey *survey, struct bulla_survey_environment *environment,
                        struct bulla_error *err)
{
    if (strcmp(environment->name, "dev") == 0) {
        environment->output = ".env";
    } else if (environment->existing != NULL) {
        environment->output = bulla_path_base(environment->existing);
    } else {
        environment->output = pool_printf(survey->pool, err, ".env.%s", environment->name);
    }
    return environment->output != NULL;
}

bool survey_choose_output(struct bulla_survey *survey, struct bulla_survey_environment *environment,
                          struct bulla_error *err)
{
    bulla_auto_str common = bulla_path_join(survey->folder, ".env", err);
    struct reading reading = {.common = common};
    if (common == NULL || !name_output(survey, environment, err) ||
        !each_env_file(survey, environment, read_env_file, &reading, err)) {
        return false;
    }
    bool is_referred_to = has_references(environment->project);
    bool is_first = false;
    if (!take_first(survey, environment, &is_first, err)) {
        return false;
    }
    if (is_first || reading.reads_own) {
        return true;
    }
    if (reading.reads_common) {
        environment->output = ".env";
        return true;
    }
    bool is_here = false;
    if (reading.elsewhere != NULL && !takes_values_here(environment, &reading, &is_here, err)) {
        return false;
    }
    if (is_here) {
        return true;
    }
    if (reading.elsewhere != NULL) {
        return take(survey, environment, reading.elsewhere, err) &&
               (!is_referred_to || say_command(survey, environment, reading.elsewhere, err));
    }
    /* Nothing but this one file has to be filled in. */
    bool is_only = reading.other != NULL && !reading.has_more && !is_referred_to &&
                   environment->existing == NULL;
    return !is_only || take(survey, environment, reading.other, err);
}

/* One that is not rendered for any environment, and no sample, is its owner's. */
static bool keep_unmanaged(struct bulla_survey *survey,
                           const struct bulla_survey_environment *environment,
                           const struct bulla_project_service *service, const char *path, void *ctx,
                           struct bulla_error *err)
{
    const char *name = survey_relative_to_root(survey, path);
    const char *word = NULL;
    bool left_alone = false;
    (void)ctx;
    bool is_told = bulla_file_role(bulla_path_base(path), &word, &left_alone) == BULLA_FILE_SAMPLE;
    bool is_apart = true;
    for (size_t i = 0; i < survey->environment_count && !is_told; i++) {
        bulla_auto_str output =
            bulla_path_resolve(survey->folder, survey->environments[i].output, err);
        if (output == NULL) {
            return false;
        }
        is_told = strcmp(output, path) == 0;
        is_apart = is_apart && !survey_service_reads(service, output);
    }
    for (size_t i = 0; i < survey->env_file_count; i++) {
        is_told = is_told || strcmp(survey->env_files[i].name, name) == 0;
    }
    (void)environment;
    if (is_told || survey->env_file_count == SURVEY_MAX_FILES) {
        return true;
    }
    struct bulla_survey_env_file *file = &survey->env_files[survey->env_file_count];
    file->name = pool_strdup(survey->pool, name, err);
    file->service = pool_strdup(survey->pool, service->name, err);
    file->is_apart = is_apart;
    survey->env_file_count += file->name != NULL && file->service != NULL;
    return file->name != NULL && file->service != NULL;
}

/* Which of the environments that PATH is the file with values of has a say in it. */
static const struct bulla_survey_environment *owner_of(const struct bulla_survey *survey,
                                                       const char *path)
{
    const struct bulla_survey_environment *first = NULL;
    const char *preset = survey->contract != NULL
                             ? bulla_contract_default_environment(survey->contract)
                             : survey->environments[0].name;
    for (size_t i = 0; i < survey->environment_count; i++) {
        const struct bulla_survey_environment *environment = &survey->environments[i];
        bool has_it = environment->existing != NULL && strcmp(environment->existing, path) == 0;
        if (has_it && strcmp(environment->name, preset) == 0) {
            return environment;
        }
        first = has_it && first == NULL ? environment : first;
    }
    return first;
}

void survey_settle_existing(struct bulla_survey *survey)
{
    for (size_t i = survey->environment_count; i-- > 0;) {
        struct bulla_survey_environment *environment = &survey->environments[i];
        if (environment->existing != NULL &&
            owner_of(survey, environment->existing) != environment) {
            environment->existing = NULL;
            environment->existing_behind_count = 0;
        }
    }
}

/* True where the file at PATH is one whose values are an environment's. */
static bool gives_values(const struct bulla_survey *survey, const char *path)
{
    for (size_t i = 0; i < survey->environment_count; i++) {
        const struct bulla_survey_environment *environment = &survey->environments[i];
        if (environment->existing != NULL && strcmp(environment->existing, path) == 0) {
            return true;
        }
        for (size_t k = 0; k < environment->existing_behind_count; k++) {
            if (strcmp(environment->existing_behind[k], path) == 0) {
                return true;
            }
        }
    }
    return false;
}

bool survey_leave_env_files(struct bulla_survey *survey, const struct survey_found *found,
                            struct bulla_error *err)
{
    for (size_t i = 0; i < found->count; i++) {
        const char *word = NULL;
        bool left_alone = false;
        bulla_auto_str path = bulla_path_join(survey->folder, found->names[i], err);
        if (path == NULL) {
            return false;
        }
        if (bulla_file_role(found->names[i], &word, &left_alone) == BULLA_FILE_ENV &&
            !gives_values(survey, path) && survey->left_alone_count < SURVEY_MAX_FILES) {
            survey->left_alone[survey->left_alone_count++] = found->names[i];
        }
    }
    return true;
}

/* True for a file that a service reads. */
static bool is_read(const struct bulla_survey *survey, const char *path)
{
    bool is_read = false;
    for (size_t i = 0; i < survey->environment_count; i++) {
        const struct bulla_project *project = survey->environments[i].project;
        for (size_t k = 0; k < project->service_count; k++) {
            is_read = is_read || survey_service_reads(project->services[k], path);
        }
    }
    return is_read;
}

bool survey_sort_out_env_files(struct bulla_survey *survey, struct bulla_error *err)
{
    for (size_t i = 0; i < survey->environment_count; i++) {
        struct bulla_survey_environment *environment = &survey->environments[i];
        bulla_auto_str output = bulla_path_resolve(survey->folder, environment->output, err);
        environment->rendered =
            output != NULL ? pool_strdup(survey->pool, survey_relative_to_root(survey, output), err)
                           : NULL;
        if (environment->rendered == NULL ||
            !each_env_file(survey, environment, keep_unmanaged, NULL, err)) {
            return false;
        }
    }
    /* What is told of there is not left alone without a word. */
    size_t kept = 0;
    for (size_t i = 0; i < survey->left_alone_count; i++) {
        bulla_auto_str path = bulla_path_resolve(survey->folder, survey->left_alone[i], err);
        const char *name =
            path != NULL ? pool_strdup(survey->pool, survey_relative_to_root(survey, path), err)
                         : NULL;
        if (name == NULL) {
            return false;
        }
        if (!is_read(survey, path)) {
            survey->left_alone[kept++] = name;
        }
    }
    survey->left_alone_count = kept;
    return true;
}

size_t bulla_survey_env_file_count(const struct bulla_survey *survey)
{
    return survey->env_file_count;
}

const struct bulla_survey_env_file *bulla_survey_env_file(const struct bulla_survey *survey,
                                                          size_t index)
{
    return &survey->env_files[index];
}
