/* Env files with values: which names stand in them, and how they steer Compose. */
#include <string.h>

#include "bulla/file.h"
#include "bulla/limits.h"
#include "bulla/mem.h"
#include "bulla/shape.h"
#include "infer/references.h"

#include "base/banned.h"

bool bulla_name_chooses_files(const char *name)
{
    static const char *const names[] = {"COMPOSE_FILE", "COMPOSE_PATH_SEPARATOR",
                                        "COMPOSE_ENV_FILES", "COMPOSE_DISABLE_ENV_FILE"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(name, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

/*
 * COMPOSE_* that are settings of the stack: no secrets, and the file that is rendered has to have
 * them. Which files Compose reads is the environment's `compose`, and said a second time only where
 * that file said it.
 */
static bool is_compose_setting(const char *name)
{
    return strncmp(name, "COMPOSE_", 8) == 0 && !bulla_name_chooses_files(name);
}

/* "${NAME}" or "$NAME" and nothing else: no part of it is a literal, no default either. */
static bool is_reference(struct bulla_bytes text)
{
    size_t skip = bulla_bytes_start(text, "${") ? 2 : bulla_bytes_start(text, "$") ? 1 : 0;
    size_t end = text.len - (skip == 2 && text.data[text.len - 1] == '}' ? 1 : 0);
    for (size_t i = skip; skip > 0 && i < end; i++) {
        uint8_t c = text.data[i];
        if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
              c == '_')) {
            return false;
        }
    }
    return skip > 0 && end > skip;
}

/* Keeps ENTRY's value as that of a setting of ENVIRONMENT; NULL: of all. */
static bool keep_setting(struct bulla_survey *survey, const char *environment,
                         const struct bulla_dotenv_entry *entry, const char *why,
                         struct bulla_error *err)
{
    const char *name = (const char *)entry->name.data;
    if (entry->references > 0) {
        return true;
    }
    struct bulla_survey_variable *variable = survey_variable(survey, name, err);
    if (variable == NULL) {
        return false;
    }
    if (variable->presets == NULL) {
        variable->presets =
            pool_alloc(survey->pool, SURVEY_MAX_ENVIRONMENTS * sizeof *variable->presets, err);
        if (variable->presets == NULL) {
            return false;
        }
        variable->guess = (struct bulla_guess){
            .role = BULLA_ROLE_SETTING, .optional = true, .step = BULLA_INFER_ASK, .why = why};
    }
    const char *text = pool_strndup(survey->pool, entry->value.data, entry->value.len, err);
    for (size_t i = 0; environment != NULL && i < survey->environment_count; i++) {
        if (strcmp(survey->environments[i].name, environment) == 0) {
            variable->presets[i] = text;
        }
    }
    variable->guess.preset = environment == NULL ? text : variable->guess.preset;
    return text != NULL;
}

bool survey_keep_compose_setting(struct bulla_survey *survey, const char *environment,
                                 const struct bulla_dotenv_entry *entry, struct bulla_error *err)
{
    return !is_compose_setting((const char *)entry->name.data) ||
           keep_setting(survey, environment, entry, "read by Compose itself", err);
}

/* A list of files, of which none has the path of one machine only. */
static bool is_relative(struct bulla_bytes files)
{
    for (size_t i = 0; i < files.len; i++) {
        if (files.data[i] == '/' && (i == 0 || strchr(":;,", files.data[i - 1]) != NULL)) {
            return false;
        }
    }
    return files.len > 0;
}

/*
 * *RET_OURS for what has Compose take, without -f, the files that the contract names: whoever
 * renders the file in another clone starts the same stack. ENTRY is in the file at PATH.
 */
static bool names_our_files(const struct bulla_survey *survey,
                            const struct bulla_survey_environment *environment, const char *path,
                            const struct bulla_dotenv_entry *entry, bool *ret_ours,
                            struct bulla_error *err)
{
    *ret_ours = false;
    bool is_name = bulla_bytes_are(entry->name, "COMPOSE_FILE") ||
                   bulla_bytes_are(entry->name, "COMPOSE_PATH_SEPARATOR");
    if (!is_name || environment->compose_count == 0 || survey->files_given ||
        !is_relative(entry->value)) {
        return true;
    }
    bulla_auto_str output = bulla_path_resolve(survey->folder, environment->output, err);
    *ret_ours = output != NULL && bulla_file_is_same(output, path);
    return output != NULL;
}

/* What shells know of their user and do not export: Compose has it from the env file alone. */
static bool is_users_number(const char *name)
{
    return strcmp(name, "UID") == 0 || strcmp(name, "GID") == 0;
}

/* True where a file before, or the sample, has a value of the setting NAME in environment INDEX. */
static bool has_preset(const struct bulla_survey *survey, size_t index, const char *name)
{
    for (size_t i = 0; i < survey->variable_count; i++) {
        const struct bulla_survey_variable *variable = &survey->variables[i];
        if (strcmp(variable->name, name) == 0) {
            return variable->presets != NULL && variable->presets[index] != NULL;
        }
    }
    return false;
}

/* One of Compose's own names, or the shell's, in the file at PATH of environment INDEX. */
static bool collect_foreign(struct bulla_survey *survey, size_t index, const char *path,
                            const struct bulla_dotenv_entry *entry, struct bulla_error *err)
{
    const struct bulla_survey_environment *environment = &survey->environments[index];
    const char *name = (const char *)entry->name.data;
    bool is_ours = false;
    if (path != environment->existing && has_preset(survey, index, name)) {
        return true;
    }
    if (!names_our_files(survey, environment, path, entry, &is_ours, err)) {
        return false;
    }
    if (is_ours) {
        return keep_setting(survey, environment->name, entry,
                            "which files Compose takes without -f, as `compose` above names them",
                            err);
    }
    if (is_users_number(name) && references_use(survey, name, index)) {
        return keep_setting(survey, environment->name, entry,
                            "not exported by shells: Compose has it from the rendered file", err);
    }
    return survey_keep_compose_setting(survey, environment->name, entry, err);
}

/*
 * Keeps the raw value of ENTRY where it is made of other names, "postgres://app:${PASSWORD}@db":
 * the template of a derived one; or a placeholder. What could be a secret by itself is not kept.
 */
static bool keep_references(struct bulla_survey *survey, struct bulla_survey_variable *variable,
                            const struct bulla_dotenv_entry *entry, struct bulla_error *err)
{
    struct bulla_url url;
    bool is_url = bulla_url_split(entry->value, &url);
    bool is_public = is_url ? memchr(entry->value.data, '?', entry->value.len) == NULL ||
                                  bulla_secret_in_clear(NULL, entry->value) == NULL
                            : !bulla_name_is_secret(variable->name);
    /* What asks to be replaced is no secret, and says as much as a sample's does. */
    if (entry->references == 0 && variable->placeholder == NULL &&
        bulla_placeholder(entry->value) != NULL && !bulla_is_common_word(entry->value)) {
        variable->placeholder =
            pool_strndup(survey->pool, entry->value.data, entry->value.len, err);
        return variable->placeholder != NULL;
    }
    bool is_made = entry->references > 0 && entry->quote != BULLA_QUOTE_SINGLE &&
                   (!is_url || url.password.len == 0 || is_reference(url.password));
    if (!is_made || !is_public || variable->existing != NULL) {
        return true;
    }
    variable->existing = pool_strndup(survey->pool, entry->value.data, entry->value.len, err);
    return variable->existing != NULL;
}

/* Notes that environment INDEX will have ENTRY's value, and what it looks like. */
static bool note_value(const struct bulla_survey *survey, struct bulla_survey_variable *variable,
                       size_t index, const struct bulla_dotenv_entry *entry,
                       struct bulla_error *err)
{
    bool is_placeholder =
        bulla_placeholder(entry->value) != NULL && !bulla_is_common_word(entry->value);
    if (survey->no_import || entry->value.len == 0 || is_placeholder) {
        return true;
    }
    /* What is made of other names is seen only when these have values. */
    if (entry->references == 0 && !survey_note_type(variable, entry->value, err)) {
        return false;
    }
    variable->imported |= 1U << index;
    size_t at = (size_t)(variable - survey->variables);
    variable->is_own = variable->is_own || !bulla_survey_is_published(survey, at, entry->value);
    return true;
}

struct bulla_dotenv *survey_read_values(const char *path, struct bulla_error *err)
{
    bulla_auto_buf text;
    bulla_buf_init_secret(&text, BULLA_MAX_TEXT_BYTES);
    if (!bulla_file_read(path, BULLA_MAX_TEXT_BYTES, &text, err)) {
        return NULL;
    }
    struct bulla_dotenv_options options = {.no_expand = true};
    return bulla_dotenv_parse(bulla_buf_view(&text), path, &options, err);
}

bool survey_has_values(const char *path, bool *ret_has, struct bulla_error *err)
{
    *ret_has = false;
    if (!bulla_file_is_regular(path)) {
        return true;
    }
    bulla_auto_dotenv entries = survey_read_values(path, err);
    for (size_t i = 0; entries != NULL && i < bulla_dotenv_count(entries); i++) {
        const struct bulla_dotenv_entry *entry = bulla_dotenv_get(entries, i);
        *ret_has = *ret_has || (!entry->bare && !bulla_bytes_start(entry->name, "COMPOSE_"));
    }
    return entries != NULL;
}

bool survey_put_behind(struct bulla_survey *survey, struct bulla_survey_environment *environment,
                       const char *path, struct bulla_error *err)
{
    size_t count = environment->existing_behind_count;
    /* Full at each power of two. */
    if ((count & (count - 1)) == 0) {
        const char **longer =
            pool_alloc(survey->pool, (count > 0 ? 2 * count : 1) * sizeof *longer, err);
        if (longer == NULL) {
            return false;
        }
        for (size_t i = 0; i < count; i++) {
            longer[i] = environment->existing_behind[i];
        }
        environment->existing_behind = longer;
    }
    environment->existing_behind[environment->existing_behind_count++] = path;
    return true;
}

/* True for an env file that only what is included is filled from: none of the stack's own. */
static bool is_included(const struct bulla_project *project, const char *path)
{
    size_t len = (size_t)(bulla_path_base(path) - path);
    bool is_beside =
        strncmp(path, project->directory, len - 1) == 0 && project->directory[len - 1] == '\0';
    return !is_beside && (project->env_before == NULL || strcmp(path, project->env_before) != 0);
}

bool survey_take_included(struct bulla_survey *survey, struct bulla_survey_environment *environment,
                          struct bulla_error *err)
{
    const struct bulla_project *project = environment->project;
    for (size_t i = 0; i < project->file_count; i++) {
        const struct bulla_project_file *file = project->files[i];
        bool is_taken =
            environment->existing != NULL && bulla_file_is_same(environment->existing, file->path);
        if (file->kind == BULLA_PROJECT_ENV && file->read && file->valid && file->path[0] == '/' &&
            !is_taken && is_included(project, file->path) && bulla_file_is_regular(file->path) &&
            survey_is_in_root(survey, file->path) &&
            !survey_put_behind(survey, environment, file->path, err)) {
            return false;
        }
    }
    return true;
}

bool survey_take_root(struct bulla_survey *survey, struct bulla_survey_environment *environment,
                      struct bulla_error *err)
{
    bulla_auto_str path = bulla_path_join(survey->root, ".env", err);
    bool has_values = false;
    if (path == NULL) {
        return false;
    }
    if (environment->existing != NULL ||
        strcmp(survey->root, environment->project->directory) == 0 ||
        environment->project->env_before != NULL || !survey_is_in_root(survey, path)) {
        return true;
    }
    if (!survey_has_values(path, &has_values, err)) {
        /* It may well be another program's, in a grammar of its own. */
        bool is_passing = err->code != BULLA_E_NOMEM;
        if (is_passing) {
            bulla_error_clear(err);
        }
        return is_passing;
    }
    const char *copy = has_values ? pool_strdup(survey->pool, path, err) : "";
    return copy != NULL && (!has_values || survey_put_behind(survey, environment, copy, err));
}

/*
 * Rendering replaces that file, so a name that stands only there must be in the contract. Its
 * values are looked at in locked memory and not kept, but for those that steer Compose.
 */
static bool collect_file(struct bulla_survey *survey, size_t index, const char *path,
                         struct bulla_error *err)
{
    bulla_auto_dotenv entries = survey_read_values(path, err);
    if (entries == NULL) {
        return false;
    }
    /* What stands in a file that is not rendered, and nothing refers to, stays where it is. */
    bool is_apart = is_included(survey->environments[index].project, path) &&
                    path != survey->environments[index].existing;
    for (size_t i = 0; i < bulla_dotenv_count(entries); i++) {
        const struct bulla_dotenv_entry *entry = bulla_dotenv_get(entries, i);
        const char *name = (const char *)entry->name.data;
        if (entry->bare || !survey_is_usable(name) ||
            (is_apart && !references_use(survey, name, index)) ||
            !survey_is_wanted(survey, name, NULL, survey->environments[index].name)) {
            continue;
        }
        bool ok = true;
        if (bulla_name_is_foreign(name)) {
            ok = collect_foreign(survey, index, path, entry, err);
        } else {
            struct bulla_survey_variable *variable = survey_variable(survey, name, err);
            ok = variable != NULL && keep_references(survey, variable, entry, err) &&
                 note_value(survey, variable, index, entry, err);
        }
        if (!ok) {
            return false;
        }
    }
    return true;
}

bool survey_collect_existing(struct bulla_survey *survey, size_t index, struct bulla_error *err)
{
    const struct bulla_survey_environment *environment = &survey->environments[index];
    bool ok =
        environment->existing == NULL || collect_file(survey, index, environment->existing, err);
    for (size_t i = 0; ok && i < environment->existing_behind_count; i++) {
        ok = collect_file(survey, index, environment->existing_behind[i], err);
    }
    return ok;
}

/* True where each environment that needs a value of VARIABLE imports one. */
static bool is_imported(const struct bulla_survey *survey,
                        const struct bulla_survey_variable *variable)
{
    for (size_t i = 0; i < survey->environment_count; i++) {
        bool is_needed = (variable->unused == NULL || !variable->unused[i]) &&
                         (variable->presets == NULL || variable->presets[i] == NULL);
        if (is_needed && (variable->imported & (1U << i)) == 0) {
            return false;
        }
    }
    return variable->imported != 0;
}

void survey_settle_imported(struct bulla_survey *survey)
{
    for (size_t i = 0; i < survey->variable_count; i++) {
        struct bulla_survey_variable *variable = &survey->variables[i];
        if (!variable->is_known && variable->guess.role == BULLA_ROLE_SETTING &&
            variable->guess.preset == NULL && is_imported(survey, variable)) {
            variable->guess.why = "its value is in the vault";
            variable->guess.awaited = false;
        }
    }
}
