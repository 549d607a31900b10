/* A project that has a contract: its environments, what it lists, and what it leaves out. */
#include <stdlib.h>
#include <string.h>

#include "bulla/file.h"
#include "bulla/mem.h"
#include "infer/survey_internal.h"

#include "base/banned.h"

static size_t count_words(const char *const *words)
{
    size_t count = 0;
    while (words != NULL && words[count] != NULL) {
        count++;
    }
    return count;
}

static const struct bulla_project *load(const struct bulla_survey *survey,
                                        const struct bulla_survey_options *options,
                                        const struct bulla_environment *environment,
                                        struct bulla_error *err)
{
    bool is_given = options->file_count > 0;
    struct bulla_project_options load = {
        .directory = survey->root,
        .files = is_given ? options->files : environment->compose,
        .file_count = is_given ? options->file_count : count_words(environment->compose),
        .listed = !is_given,
        .project_directory = environment->project_directory,
        .profiles = environment->profiles,
        .profile_count = count_words(environment->profiles),
        .environment = options->environment,
        .environment_ctx = options->environment_ctx,
        .rendered = environment->output,
    };
    return bulla_project_load(&load, err);
}

bool survey_is_in_root(const struct bulla_survey *survey, const char *path)
{
    bulla_auto_str root = realpath(survey->root, NULL);
    bulla_auto_str real = realpath(path, NULL);
    size_t len = root != NULL ? strlen(root) : 0;
    len -= len == 1 ? 1 : 0; /* "/" */
    return root != NULL && real != NULL && strncmp(real, root, len) == 0 && real[len] == '/';
}

/* PATH where it is a file that is there and ours, owned by the survey, else NULL; false without
 * memory. */
static bool find_file(struct bulla_survey *survey, const char *folder, const char *name,
                      const char **ret_path, struct bulla_error *err)
{
    *ret_path = NULL;
    bulla_auto_str path = name != NULL ? bulla_path_join(folder, name, err) : NULL;
    if (path == NULL) {
        return name == NULL;
    }
    if (!bulla_file_is_regular(path) || !survey_is_in_root(survey, path)) {
        return true;
    }
    *ret_path = pool_strdup(survey->pool, path, err);
    return *ret_path != NULL;
}

static bool add_environment(struct bulla_survey *survey, const struct bulla_survey_options *options,
                            const struct bulla_environment *from, struct bulla_error *err)
{
    struct bulla_survey_environment *environment = &survey->environments[survey->environment_count];
    environment->project = load(survey, options, from, err);
    if (environment->project == NULL) {
        bool is_none = survey_found_no_compose_file(err) && count_words(from->compose) == 0;
        if (is_none) {
            bulla_error_clear(err);
        }
        return is_none;
    }
    survey->environment_count++; /* it owns the project from here on */
    environment->name = from->name;
    environment->compose = from->compose;
    environment->compose_count = count_words(from->compose);
    environment->output = from->output;
    const char *folder = environment->project->directory;
    if (!find_file(survey, folder, from->template_file, &environment->sample, err) ||
        !find_file(survey, folder, from->output, &environment->existing, err)) {
        return false;
    }
    bool is_default = strcmp(from->name, bulla_contract_default_environment(survey->contract)) == 0;
    return !is_default || survey_take_included(survey, environment, err);
}

static bool is_sample_read(const struct bulla_survey *survey, const char *name)
{
    for (size_t i = 0; i < survey->sample_count; i++) {
        if (strcmp(survey->samples[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* The template of each environment: for all of them where several have the same. */
static bool read_templates(struct bulla_survey *survey, struct bulla_error *err)
{
    for (size_t i = 0; i < survey->environment_count; i++) {
        const char *path = survey->environments[i].sample;
        if (path == NULL || is_sample_read(survey, path)) {
            continue;
        }
        bool is_common = survey->environment_count == 1;
        for (size_t k = i + 1; k < survey->environment_count; k++) {
            const char *other = survey->environments[k].sample;
            is_common = is_common || (other != NULL && strcmp(other, path) == 0);
        }
        if (!survey_read_sample(survey, path, is_common ? NULL : survey->environments[i].name,
                                err)) {
            return false;
        }
    }
    return true;
}

/* True for the word of a file's name that is an environment of the contract's too. */
static bool has_environment(const struct bulla_survey *survey, const char *word)
{
    for (size_t i = 0; word != NULL && i < survey->environment_count; i++) {
        if (strcmp(survey->environments[i].name, word) == 0) {
            return true;
        }
    }
    return word == NULL;
}

static bool read_samples(struct bulla_survey *survey, struct bulla_error *err)
{
    struct survey_found found = {.count = 0};
    if (!read_templates(survey, err) || !survey_list_folder(survey, survey->folder, &found, err)) {
        return false;
    }
    for (size_t i = 0; i < found.count && survey->sample_count < SURVEY_MAX_FILES; i++) {
        const char *word = NULL;
        bool left_alone = false;
        bulla_auto_str path = bulla_path_join(survey->folder, found.names[i], err);
        if (path == NULL) {
            return false;
        }
        if (bulla_file_role(found.names[i], &word, &left_alone) == BULLA_FILE_SAMPLE &&
            has_environment(survey, word) && !is_sample_read(survey, path) &&
            !survey_read_sample(survey, found.names[i], word, err)) {
            return false;
        }
    }
    for (size_t i = 0; i < survey->environment_count; i++) {
        if (!survey_read_samples_beside_env_files(survey, &survey->environments[i], err)) {
            return false;
        }
    }
    return true;
}

/* The name in a line that is a section's head in a comment: "; [NAME]", "#[variable NAME]". */
static struct bulla_bytes commented_section(struct bulla_bytes line)
{
    struct bulla_bytes none = bulla_bytes(NULL, 0);
    size_t at = 0;
    while (at < line.len && strchr(" \t;#", line.data[at]) != NULL && line.data[at] != '\0') {
        at++;
    }
    bool is_comment = line.len > 0 && (line.data[0] == ';' || line.data[0] == '#');
    if (!is_comment || at == line.len || line.data[at] != '[') {
        return none;
    }
    struct bulla_bytes name = bulla_bytes_slice(line, at + 1, line.len);
    const uint8_t *end = name.len > 0 ? memchr(name.data, ']', name.len) : NULL;
    if (end == NULL) {
        return none;
    }
    struct bulla_bytes rest = bulla_bytes_slice(name, (size_t)(end - name.data) + 1, name.len);
    for (size_t i = 0; i < rest.len; i++) {
        if (strchr(" \t\r", rest.data[i]) == NULL) {
            return none;
        }
    }
    name.len = (size_t)(end - name.data);
    return bulla_bytes_start(name, "variable ")
               ? bulla_bytes_slice(name, strlen("variable "), name.len)
               : name;
}

/* Fills the list where there is one, and counts in every case. */
static bool scan_left_out(struct bulla_survey *survey, struct bulla_bytes text,
                          struct bulla_error *err)
{
    survey->left_out_count = 0;
    for (size_t at = 0; at < text.len;) {
        struct bulla_bytes rest = bulla_bytes_slice(text, at, text.len);
        const uint8_t *lf = memchr(rest.data, '\n', rest.len);
        size_t len = lf != NULL ? (size_t)(lf - rest.data) : rest.len;
        struct bulla_bytes name = commented_section(bulla_bytes_slice(rest, 0, len));
        at += len + 1;
        if (name.len == 0) {
            continue;
        }
        if (survey->left_out != NULL) {
            const char *copy = pool_strndup(survey->pool, name.data, name.len, err);
            if (copy == NULL) {
                return false;
            }
            survey->left_out[survey->left_out_count] = copy;
        }
        survey->left_out_count++;
    }
    return true;
}

bool survey_follow_contract(struct bulla_survey *survey, const struct bulla_survey_options *options,
                            struct bulla_error *err)
{
    const struct bulla_contract *contract = options->contract;
    survey->contract = contract;
    survey->contract_text = options->contract_text;
    if (!scan_left_out(survey, options->contract_text, err)) {
        return false;
    }
    survey->left_out =
        pool_alloc(survey->pool, (survey->left_out_count + 1) * sizeof *survey->left_out, err);
    if (survey->left_out == NULL || !scan_left_out(survey, options->contract_text, err)) {
        return false;
    }
    size_t count = bulla_contract_environment_count(contract);
    for (size_t i = 0; i < count && survey->environment_count < SURVEY_MAX_ENVIRONMENTS; i++) {
        if (!add_environment(survey, options, bulla_contract_environment(contract, i), err)) {
            return false;
        }
    }
    if (survey->environment_count == 0) {
        return true;
    }
    survey->folder = pool_strdup(survey->pool, survey->environments[0].project->directory, err);
    return survey->folder != NULL && read_samples(survey, err);
}

bool survey_is_wanted(const struct bulla_survey *survey, const char *name,
                      const struct bulla_project_file *file, const char *environment)
{
    for (size_t i = 0; i < survey->left_out_count; i++) {
        if (strcmp(survey->left_out[i], name) == 0) {
            return false;
        }
    }
    if (survey->contract != NULL && bulla_contract_is_previous(survey->contract, name)) {
        return false;
    }
    size_t count = survey->contract != NULL ? bulla_contract_rule_count(survey->contract) : 0;
    const char *where = file != NULL ? bulla_project_file_name(file, survey->root) : NULL;
    for (size_t i = 0; i < count; i++) {
        const struct bulla_check_rule *rule = bulla_contract_rule(survey->contract, i);
        bool is_here = rule->environment == NULL ||
                       (environment != NULL && strcmp(rule->environment, environment) == 0);
        bool is_left = rule->reason == NULL ? rule->off
                                            : rule->file == NULL ||
                                                  (where != NULL && strcmp(rule->file, where) == 0);
        if (is_here && is_left && strcmp(rule->rule, SURVEY_NOT_IN_CONTRACT) == 0) {
            return false;
        }
    }
    return true;
}
