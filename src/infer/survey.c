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
    bulla_free(survey->conflicts);
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

const struct bulla_project *survey_load(struct bulla_survey *survey,
                                        const struct bulla_survey_options *options,
                                        const char *const *files, size_t count,
                                        struct bulla_error *err)
{
    struct bulla_project_options load = {
        .directory = survey->root,
        .files = files,
        .file_count = count,
        .listed = true, /* they will be the contract's */
        .environment = options->environment,
        .environment_ctx = options->environment_ctx,
    };
    return bulla_project_load(&load, err);
}

bool survey_found_no_compose_file(const struct bulla_error *err)
{
    /* A file that something names and that is not there has its place. */
    return err->code == BULLA_E_MISSING && err->file[0] == '\0';
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
            project = survey_load(survey, options, &survey->found_below, 1, err);
        }
    } else if (candidates.count > 1) {
        (void)bulla_error(err, BULLA_E_MISSING,
                          "no compose file with a default name, and %zu others here or below",
                          candidates.count);
        (void)bulla_compose_candidates_hint(&candidates, "bulla init", err);
    } else {
        *err = missing;
    }
    bulla_compose_candidates_free(&candidates);
    return project;
}

const char *survey_relative_to_root(const struct bulla_survey *survey, const char *path)
{
    size_t len = strlen(survey->root);
    if (strncmp(path, survey->root, len) == 0 && path[len] == '/') {
        return path + len + 1;
    }
    return path;
}

/* Sorts the files of the project's folder by role. */
static bool read_folder(struct bulla_survey *survey, const struct survey_found *found,
                        const struct survey_stack *stack, struct bulla_error *err)
{
    for (size_t i = 0; i < found->count; i++) {
        const char *environment = NULL;
        bool left_alone = false;
        enum bulla_file_role role = bulla_file_role(found->names[i], &environment, &left_alone);
        bool is_base = false;
        for (size_t k = 0; k < stack->file_count; k++) {
            is_base = is_base || strcmp(bulla_path_base(stack->files[k]), found->names[i]) == 0;
        }
        bool is_passed_over = left_alone || (role == BULLA_FILE_COMPOSE && environment != NULL &&
                                             survey->files_given);
        if (is_passed_over && !is_base && survey->left_alone_count < SURVEY_MAX_FILES) {
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
    if (stack->file_count > 0) {
        add_environment(survey, "dev");
    }
    qsort(survey->environments, survey->environment_count, sizeof *survey->environments,
          compare_environments);
    return true;
}

/*
 * True where Compose took its files by their names, and not because COMPOSE_FILE lists them: an
 * override beside the file is then among them.
 */
static bool has_default_files(const struct survey_found *found, const struct survey_stack *stack)
{
    bool is_default = false;
    for (const char *const *name = bulla_compose_default_names();
         stack->file_count > 0 && *name != NULL; name++) {
        is_default = is_default || strcmp(bulla_path_base(stack->files[0]), *name) == 0;
    }
    size_t overrides = 0;
    for (size_t i = 0; i < found->count; i++) {
        overrides += strstr(found->names[i], "compose.override.y") != NULL;
    }
    return is_default && stack->file_count == (overrides > 0 ? 2 : 1);
}

/* The compose files of STACK's project, relative to the root. */
static bool list_files(struct bulla_survey *survey, struct survey_stack *stack,
                       struct bulla_error *err)
{
    const struct bulla_project *project = stack->project;
    for (size_t i = 0; i < project->file_count && stack->file_count < SURVEY_MAX_FILES; i++) {
        if (project->files[i]->kind != BULLA_PROJECT_COMPOSE) {
            continue;
        }
        const char *name = survey_relative_to_root(survey, project->files[i]->path);
        const char *copy = pool_strdup(survey->pool, name, err);
        if (copy == NULL) {
            return false;
        }
        stack->files[stack->file_count++] = copy;
    }
    return true;
}

/* What is rendered beside a compose file above would be outside the contract's folder. */
static bool refuse_above(const struct bulla_survey *survey, const struct bulla_project *project,
                         struct bulla_error *err)
{
    const char *folder = project->directory;
    if (strcmp(folder, survey->root) == 0 || survey_relative_to_root(survey, folder) != folder) {
        return true;
    }
    (void)bulla_error(err, BULLA_E_REFUSED,
                      "the compose files' folder is '%s', and bulla.ini has to lie there or above",
                      folder);
    bulla_auto_str word = bulla_word(folder, err);
    return word != NULL && bulla_error_hint(err, "bulla -C %s init", word);
}

static bool survey_folder(struct bulla_survey *survey, const struct bulla_survey_options *options,
                          struct bulla_error *err)
{
    bulla_auto_project first =
        survey_load(survey, options, options->files, options->file_count, err);
    if (first == NULL && options->file_count == 0 && survey_found_no_compose_file(err)) {
        first = load_below(survey, options, err);
    }
    struct survey_stack stack = {.project = first};
    if (first == NULL || !refuse_above(survey, first, err) || !list_files(survey, &stack, err)) {
        return false;
    }
    survey->folder = pool_strdup(survey->pool, first->directory, err);
    survey->files_given = options->file_count > 0;
    struct survey_found found = {.count = 0};
    if (survey->folder == NULL || !survey_list_folder(survey, survey->folder, &found, err) ||
        !read_folder(survey, &found, &stack, err)) {
        return false;
    }
    stack.is_default = options->file_count == 0 && survey->found_below == NULL &&
                       has_default_files(&found, &stack);
    for (size_t i = 0; i < survey->environment_count; i++) {
        struct bulla_survey_environment *environment = &survey->environments[i];
        if (!survey_choose_files(survey, options, environment, &found, &stack, err)) {
            return false;
        }
        environment->project =
            survey_load(survey, options, environment->compose, environment->compose_count, err);
        if (environment->project == NULL || !survey_choose_output(survey, environment, err) ||
            !survey_read_samples_beside_env_files(survey, environment, err)) {
            return false;
        }
        if (environment->sample == NULL) {
            environment->sample = survey_sample_elsewhere(survey, environment);
        }
    }
    struct bulla_survey_environment *preset = &survey->environments[0];
    if (survey->environment_count > 0) {
        if (!survey_take_included(survey, preset, err) || !survey_take_root(survey, preset, err)) {
            return false;
        }
    }
    return survey_leave_env_files(survey, &found, err) && survey_sort_out_env_files(survey, err);
}

struct bulla_survey *bulla_survey_new(const struct bulla_survey_options *options,
                                      struct bulla_error *err)
{
    struct bulla_survey *survey = bulla_alloc(1, sizeof *survey, err);
    if (survey == NULL) {
        return NULL;
    }
    survey->no_import = options->no_import;
    survey->known = options->known;
    survey->known_ctx = options->known_ctx;
    survey->pool = pool_new(err);
    survey->guesser = survey->pool != NULL ? bulla_guesser_new(err) : NULL;
    survey->root = survey->guesser != NULL ? pool_strdup(survey->pool, options->root, err) : NULL;
    bool ok = survey->root != NULL;
    if (ok) {
        ok = options->contract != NULL ? survey_follow_contract(survey, options, err)
                                       : survey_folder(survey, options, err);
    }
    if (ok) {
        survey_settle_existing(survey);
    }
    if (!ok || !survey_guess(survey, err)) {
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

bool bulla_survey_find_same_output(const struct bulla_survey *survey, size_t index,
                                   size_t *ret_other)
{
    for (size_t i = 0; i < survey->environment_count; i++) {
        if (i != index &&
            strcmp(survey->environments[i].rendered, survey->environments[index].rendered) == 0) {
            *ret_other = i;
            return true;
        }
    }
    return false;
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
