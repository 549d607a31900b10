/* The sample env files of a project: beside its compose files, and beside what services read. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "bulla/file.h"
#include "bulla/limits.h"
#include "bulla/mem.h"
#include "infer/survey_internal.h"

#include "base/banned.h"

/* A compose file lies at most two folders below its project; what is further up is not ours. */
#define TOO_FAR "../../../"

static int compare_names(const void *a, const void *b)
{
    const char *const *left = a;
    const char *const *right = b;
    return strcmp(*left, *right);
}

/* The next entry of DIR; NULL at its end, with errno 0, and where it cannot be read. */
static const struct dirent *next_entry(DIR *dir)
{
    errno = 0;
    return readdir(dir);
}

/* The names in FOLDER that have a role, sorted; a folder with more than we keep is cut. */
bool survey_list_folder(struct bulla_survey *survey, const char *folder, struct survey_found *found,
                        struct bulla_error *err)
{
    DIR *dir = opendir(folder);
    if (dir == NULL) {
        return bulla_error_sys(err, folder, "cannot list");
    }
    bool ok = true;
    const struct dirent *entry = NULL;
    while (ok && (entry = next_entry(dir)) != NULL) {
        const char *environment = NULL;
        bool left_alone = false;
        enum bulla_file_role role = bulla_file_role(entry->d_name, &environment, &left_alone);
        if (role == BULLA_FILE_OTHER && !left_alone) {
            continue;
        }
        bulla_auto_str path = bulla_path_join(folder, entry->d_name, err);
        if (path == NULL) {
            ok = false;
        } else if (bulla_file_is_regular(path) && found->count < SURVEY_MAX_FILES) {
            char *name = pool_strdup(survey->pool, entry->d_name, err);
            ok = name != NULL;
            if (ok) {
                found->names[found->count++] = name;
            }
        }
    }
    ok = ok && (errno == 0 || bulla_error_sys(err, folder, "cannot list"));
    (void)closedir(dir);
    if (found->count > 0) {
        qsort(found->names, found->count, sizeof *found->names, compare_names);
    }
    return ok;
}

/* Comments and values of a sample go into the contract, which is UTF-8 that can be seen. */
static bool check_sample(struct bulla_bytes text, const char *name, struct bulla_error *err)
{
    size_t bad = 0;
    if (!utf8_is_valid(text, &bad)) {
        (void)bulla_error_at(err, BULLA_E_SYNTAX, name, utf8_pos(text, bad), "not UTF-8");
        return bulla_error_hint(err, "save the file as UTF-8");
    }
    const uint8_t *nul = text.len > 0 ? memchr(text.data, '\0', text.len) : NULL;
    if (nul != NULL) {
        (void)bulla_error_at(err, BULLA_E_SYNTAX, name, utf8_pos(text, (size_t)(nul - text.data)),
                             "a NUL byte");
        return bulla_error_hint(err, "remove it");
    }
    return true;
}

bool survey_read_sample(struct bulla_survey *survey, const char *name, const char *environment,
                        struct bulla_error *err)
{
    struct sample *sample = &survey->samples[survey->sample_count];
    bulla_auto_str path = bulla_path_join(survey->folder, name, err);
    if (path == NULL) {
        return false;
    }
    bulla_auto_buf text;
    bulla_buf_init(&text, BULLA_MAX_TEXT_BYTES);
    if (!bulla_file_read(path, BULLA_MAX_TEXT_BYTES, &text, err)) {
        return false;
    }
    struct bulla_bytes view = bulla_buf_view(&text);
    if (!check_sample(view, name, err)) {
        return false;
    }
    sample->name = name;
    sample->environment = environment;
    sample->text = pool_strndup(survey->pool, view.data, view.len, err);
    sample->text_len = view.len;
    if (sample->text == NULL) {
        return false;
    }
    struct bulla_dotenv_options options = {.no_expand = true};
    sample->entries = bulla_dotenv_parse(bulla_bytes(sample->text, view.len), name, &options, err);
    if (sample->entries == NULL) {
        /* A sample that Compose could not read either is no reason to stop: it is left alone. */
        if (err->code == BULLA_E_NOMEM) {
            return false;
        }
        bulla_error_clear(err);
        if (survey->left_alone_count < SURVEY_MAX_FILES) {
            survey->left_alone[survey->left_alone_count++] = name;
        }
        return true;
    }
    survey->sample_count++;
    return true;
}

const char *survey_folder_from_here(const struct bulla_survey *survey, const char *path,
                                    struct bulla_error *err)
{
    const char *here = survey->folder;
    if (here[0] != '/' || path[0] != '/') {
        return "";
    }
    size_t common = 0;
    for (size_t i = 0; here[i] == path[i] && path[i] != '\0'; i++) {
        common = path[i] == '/' ? i + 1 : common;
    }
    size_t len = strlen(here);
    if (strncmp(here, path, len) == 0 && path[len] == '/') {
        common = len + 1;
    }
    bulla_auto_buf out;
    bulla_buf_init(&out, BULLA_MAX_TEXT_BYTES);
    for (size_t i = common; i < len; i++) {
        bulla_buf_puts(&out, i == common || here[i] == '/' ? "../" : "");
    }
    bulla_buf_add(&out, path + common, (size_t)(bulla_path_base(path) - path) - common);
    const char *text = bulla_buf_text(&out, err);
    return text != NULL ? pool_strdup(survey->pool, text, err) : NULL;
}

/* Reads the samples in the folder PREFIX ("../"), which is relative to the project directory. */
static bool read_samples_in(struct bulla_survey *survey, const char *prefix,
                            struct bulla_error *err)
{
    struct survey_found found = {.count = 0};
    bulla_auto_str folder = bulla_path_join(survey->folder, prefix, err);
    if (folder == NULL ||
        (bulla_dir_exists(folder) && !survey_list_folder(survey, folder, &found, err))) {
        return false;
    }
    for (size_t i = 0; i < found.count && survey->sample_count < SURVEY_MAX_FILES; i++) {
        const char *environment = NULL;
        bool left_alone = false;
        if (bulla_file_role(found.names[i], &environment, &left_alone) != BULLA_FILE_SAMPLE) {
            continue;
        }
        const char *name = pool_printf(survey->pool, err, "%s%s", prefix, found.names[i]);
        if (name == NULL || !survey_read_sample(survey, name, environment, err)) {
            return false;
        }
    }
    return true;
}

static bool is_read(const struct bulla_survey *survey, const char *prefix)
{
    size_t len = strlen(prefix);
    for (size_t i = 0; i < survey->sample_count; i++) {
        const char *name = survey->samples[i].name;
        if (strncmp(name, prefix, len) == 0 && strchr(name + len, '/') == NULL) {
            return true;
        }
    }
    return false;
}

bool survey_service_reads(const struct bulla_project_service *service, const char *path)
{
    for (size_t i = 0; i < service->env_file_count; i++) {
        const char *read = service->env_files[i].path;
        if (read != NULL && strcmp(read, path) == 0) {
            return true;
        }
    }
    return false;
}

/* The samples beside the env file at PATH, in a folder of which none is read yet. */
static bool read_samples_beside(struct bulla_survey *survey, const char *path,
                                struct bulla_error *err)
{
    const char *prefix = survey_folder_from_here(survey, path, err);
    if (prefix == NULL) {
        return false;
    }
    bool is_near = strncmp(prefix, TOO_FAR, strlen(TOO_FAR)) != 0;
    return prefix[0] == '\0' || !is_near || is_read(survey, prefix) ||
           read_samples_in(survey, prefix, err);
}

static bool read_samples_of(struct bulla_survey *survey,
                            const struct bulla_project_service *service, struct bulla_error *err)
{
    for (size_t i = 0; i < service->env_file_count; i++) {
        const char *path = service->env_files[i].path;
        if (path != NULL && !read_samples_beside(survey, path, err)) {
            return false;
        }
    }
    return true;
}

bool survey_read_samples_beside_env_files(struct bulla_survey *survey,
                                          const struct bulla_survey_environment *environment,
                                          struct bulla_error *err)
{
    const struct bulla_project *project = environment->project;
    bulla_auto_str output = bulla_path_resolve(survey->folder, environment->output, err);
    if (output == NULL || !read_samples_beside(survey, output, err)) {
        return false;
    }
    for (size_t i = 0; i < project->service_count; i++) {
        if (survey_service_reads(project->services[i], output) &&
            !read_samples_of(survey, project->services[i], err)) {
            return false;
        }
    }
    return true;
}

/* True for the SAMPLE that lies beside the file that ENVIRONMENT is rendered to. */
static bool is_beside_output(const struct sample *sample,
                             const struct bulla_survey_environment *environment)
{
    size_t len = (size_t)(bulla_path_base(sample->name) - sample->name);
    const char *output = environment->output;
    return len == (size_t)(bulla_path_base(output) - output) &&
           strncmp(sample->name, output, len) == 0;
}

const char *survey_sample_elsewhere(const struct bulla_survey *survey,
                                    const struct bulla_survey_environment *environment)
{
    const struct sample *best = NULL;
    size_t most = 0;
    for (size_t i = 0; i < survey->sample_count; i++) {
        const struct sample *sample = &survey->samples[i];
        bool is_own = sample->environment != NULL;
        if (strchr(sample->name, '/') == NULL ||
            (is_own && strcmp(sample->environment, environment->name) != 0)) {
            continue;
        }
        size_t weight = 1U + (is_own ? 1U : 0U) + (is_beside_output(sample, environment) ? 2U : 0U);
        if (weight > most) {
            best = sample;
            most = weight;
        }
    }
    return best != NULL ? best->name : NULL;
}
