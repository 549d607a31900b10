/* Which files, folder, profiles and variables: the order in which Compose settles them. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "model/internal.h"

#include "base/banned.h"

static const char *const file_names[] = {"compose.yaml", "compose.yml", "docker-compose.yml",
                                         "docker-compose.yaml", NULL};
static const char *const override_names[] = {"compose.override.yml", "compose.override.yaml",
                                             "docker-compose.override.yml",
                                             "docker-compose.override.yaml", NULL};

struct search {
    struct model *m;
    struct bulla_value *files;     /* a list of paths as they are named */
    struct bulla_value *env_files; /* those of --env-file, or the `.env` last found */
    bool explicit_env;
};

static const char *text_at(struct model *m, const struct bulla_value *list, size_t index)
{
    return store_string(&m->store, list->entries[index].value->text);
}

static const char *const *to_array(struct model *m, const struct bulla_value *list)
{
    const char **array = store_alloc(&m->store, (list->count + 1) * sizeof *array);
    for (size_t i = 0; array != NULL && i < list->count; i++) {
        array[i] = text_at(m, list, i);
    }
    return array;
}

/* The folder that is the project's as far as it is known. */
static const char *working_directory(struct search *s)
{
    const char *given = s->m->options->project_directory;
    if (given != NULL && given[0] != '\0') {
        return absolute_path(s->m, given);
    }
    for (size_t i = 0; i < s->files->count; i++) {
        const char *file = text_at(s->m, s->files, i);
        if (strcmp(file, "-") != 0) {
            return parent_path(s->m, absolute_path(s->m, file));
        }
    }
    return s->m->cwd;
}

/* --- env files -------------------------------------------------------------------------------- */

/* A boolean as Go reads it; false where it is none, which is noted. */
static bool read_disabled(struct model *m, bool *ret_disabled)
{
    static const char *const words[] = {"1", "t", "T",     "TRUE",  "true",  "True", "0",
                                        "f", "F", "FALSE", "false", "False", NULL};
    struct bulla_bytes value;
    *ret_disabled = m->options->values != NULL;
    if (*ret_disabled ||
        !variables_find(&m->variables, bulla_bytes_of("COMPOSE_DISABLE_ENV_FILE"), &value)) {
        return true;
    }
    for (size_t i = 0; words[i] != NULL; i++) {
        if (bulla_bytes_are(value, words[i])) {
            *ret_disabled = i < 6;
            return true;
        }
    }
    return refuse(m, NULL, "strconv.ParseBool: parsing %Q: invalid syntax", value);
}

/* Looks for `.env` in the folder that is known now; one that was found before stays. */
static bool find_env_file(struct search *s)
{
    struct model *m = s->m;
    bool disabled = false;
    if (s->explicit_env) {
        return true;
    }
    if (!read_disabled(m, &disabled)) {
        return false;
    }
    const char *file = join_path(m, working_directory(s), ".env");
    struct stat st;
    if (!disabled && stat(file, &st) == 0 && !S_ISDIR(st.st_mode)) {
        s->env_files->count = 0;
        value_push(&m->store, s->env_files, value_text(&m->store, bulla_bytes_of(file)));
    }
    return go_on(m);
}

static bool read_env(struct search *s, struct bulla_value **ret_vars)
{
    struct model *m = s->m;
    *ret_vars = read_env_files(m, &m->variables, to_array(m, s->env_files), s->env_files->count);
    return go_on(m);
}

static bool add_env(struct search *s)
{
    struct bulla_value *vars = NULL;
    if (!read_env(s, &vars)) {
        return false;
    }
    add_missing(s->m, s->m->variables.set, vars);
    return true;
}

/* Names of an env file that Compose itself is told by: read before anything else. */
static bool read_early(struct search *s)
{
    struct model *m = s->m;
    struct bulla_value *vars = NULL;
    struct bulla_value *ignored = NULL;
    /* The first reading is for nothing but what it says. */
    if (!find_env_file(s) || !read_env(s, &ignored) || !read_env(s, &vars)) {
        return false;
    }
    for (size_t i = 0; i < vars->count; i++) {
        struct bulla_bytes value;
        if (bulla_bytes_start(vars->entries[i].key, "COMPOSE_") &&
            !variables_find(&m->variables, vars->entries[i].key, &value)) {
            value_set(&m->store, m->variables.set, vars->entries[i].key, vars->entries[i].value);
        }
    }
    if (!s->explicit_env) {
        s->env_files->count = 0;
    }
    return go_on(m);
}

static void split(struct model *m, struct bulla_bytes text, struct bulla_bytes separator,
                  bool keep_empty, struct bulla_value *list)
{
    for (size_t at = 0;;) {
        const uint8_t *hit =
            at < text.len ? memmem(text.data + at, text.len - at, separator.data, separator.len)
                          : NULL;
        size_t end = hit != NULL ? (size_t)(hit - text.data) : text.len;
        if (keep_empty || end > at) {
            value_push(&m->store, list,
                       value_text(&m->store, bulla_bytes_slice(text, at, end - at)));
        }
        if (hit == NULL) {
            return;
        }
        at = end + separator.len;
    }
}

static void take_env_options(struct search *s)
{
    struct model *m = s->m;
    const struct bulla_project_options *options = m->options;
    struct bulla_bytes listed;
    for (size_t i = 0; i < options->env_file_count; i++) {
        value_push(&m->store, s->env_files,
                   value_string(&m->store, absolute_path(m, options->env_files[i])));
    }
    if (options->env_file_count == 0 &&
        variables_find(&m->variables, bulla_bytes_of("COMPOSE_ENV_FILES"), &listed)) {
        split(m, listed, bulla_bytes_of(","), false, s->env_files);
    }
    s->explicit_env = s->env_files->count > 0;
}

/* --- compose files ---------------------------------------------------------------------------- */

static bool take_compose_file(struct search *s)
{
    struct model *m = s->m;
    struct bulla_bytes value;
    struct bulla_bytes separator;
    if (s->files->count > 0 ||
        !variables_find(&m->variables, bulla_bytes_of("COMPOSE_FILE"), &value)) {
        return true;
    }
    if (!variables_find(&m->variables, bulla_bytes_of("COMPOSE_PATH_SEPARATOR"), &separator) ||
        separator.len == 0) {
        separator = bulla_bytes_of(":");
    }
    struct bulla_value *names = value_new(&m->store, BULLA_VALUE_LIST);
    split(m, value, separator, true, names);
    for (size_t i = 0; i < names->count; i++) {
        const char *name = text_at(m, names, i);
        const char *path = absolute_path(m, name);
        struct stat st;
        if (stat(path, &st) != 0) {
            return refuse(m, NULL, "stat %s: no such file or directory", path);
        }
        value_push(&m->store, s->files, value_string(&m->store, path));
    }
    return go_on(m);
}

/* The first of NAMES in DIRECTORY, added to the files; warns where there are more. */
static bool take_first(struct search *s, const char *directory, const char *const *names,
                       const char *kind)
{
    struct model *m = s->m;
    const char *first = NULL;
    struct bulla_bytes all = bulla_bytes("", 0);
    size_t count = 0;
    for (size_t i = 0; names[i] != NULL; i++) {
        const char *path = join_path(m, directory, names[i]);
        struct stat st;
        if (stat(path, &st) != 0) {
            continue;
        }
        first = first == NULL ? path : first;
        all = store_printf(&m->store, "%s%s%s", stored(all), count++ > 0 ? ", " : "", path);
    }
    if (count > 1) {
        warn(m, "Found multiple %s files with supported names: %b", kind, all);
        warn(m, "Using %s", first);
    }
    if (first != NULL) {
        value_push(&m->store, s->files, value_string(&m->store, first));
    }
    return first != NULL;
}

static void search_default(struct search *s)
{
    if (s->files->count > 0) {
        return;
    }
    for (const char *directory = working_directory(s);;) {
        if (take_first(s, directory, file_names, "config")) {
            (void)take_first(s, directory, override_names, "override");
            return;
        }
        if (strcmp(directory, "/") == 0 || s->m->store.stopped) {
            return;
        }
        directory = parent_path(s->m, directory);
    }
}

/* --- profiles --------------------------------------------------------------------------------- */

static void settle_profiles(struct model *m)
{
    struct store *store = &m->store;
    m->profiles = value_new(store, BULLA_VALUE_LIST);
    for (size_t i = 0; i < m->options->profile_count; i++) {
        value_push(store, m->profiles, value_string(store, m->options->profiles[i]));
    }
    struct bulla_bytes listed = bulla_bytes("", 0);
    if (m->options->profile_count > 0) {
        return;
    }
    /* Where nothing is set, one profile is active all the same: the one without a name. */
    (void)variables_find(&m->variables, bulla_bytes_of("COMPOSE_PROFILES"), &listed);
    split(m, listed, bulla_bytes_of(","), true, m->profiles);
    for (size_t i = 0; i < m->profiles->count; i++) {
        struct bulla_bytes *text = &m->profiles->entries[i].value->text;
        while (text->len > 0 && memchr(" \t\n\v\f\r", text->data[0], 6) != NULL) {
            *text = bulla_bytes_slice(*text, 1, text->len);
        }
        while (text->len > 0 && memchr(" \t\n\v\f\r", text->data[text->len - 1], 6) != NULL) {
            text->len--;
        }
    }
}

/* --- all of it -------------------------------------------------------------------------------- */

static void supply_pwd(struct model *m)
{
    struct bulla_bytes value;
    if (!variables_find(&m->variables, bulla_bytes_of("PWD"), &value)) {
        value_put(&m->store, m->variables.set, "PWD", value_string(&m->store, m->cwd));
    }
}

/* All files are opened before the first is read. */
static bool check_file(struct model *m, const char *path)
{
    struct stat st;
    if (stat(path, &st) != 0) {
        return refuse(m, NULL, "open %s: %s", path,
                      errno == ENOTDIR ? "not a directory" : "no such file or directory");
    }
    return !S_ISDIR(st.st_mode) || refuse(m, NULL, "read %s: is a directory", path);
}

bool find_project(struct model *m, const char *const **ret_files, size_t *ret_count)
{
    struct search s = {.m = m,
                       .files = value_new(&m->store, BULLA_VALUE_LIST),
                       .env_files = value_new(&m->store, BULLA_VALUE_LIST)};
    for (size_t i = 0; i < m->options->file_count; i++) {
        value_push(&m->store, s.files, value_string(&m->store, m->options->files[i]));
    }
    take_env_options(&s);
    if (!read_early(&s)) {
        return false;
    }
    supply_pwd(m);
    if (!find_env_file(&s) || !add_env(&s) || !take_compose_file(&s)) {
        return false;
    }
    search_default(&s);
    if (!find_env_file(&s) || !add_env(&s)) {
        return false;
    }
    settle_profiles(m);
    if (m->options->name != NULL && !check_project_name(m, bulla_bytes_of(m->options->name))) {
        return false;
    }
    m->directory = working_directory(&s);
    if (s.files->count == 0) {
        return refuse(m, NULL, "no configuration file provided: not found");
    }
    for (size_t i = 0; i < s.files->count; i++) {
        const char *path = absolute_path(m, text_at(m, s.files, i));
        s.files->entries[i].value = value_string(&m->store, path);
        if (!check_file(m, path)) {
            return false;
        }
    }
    *ret_files = to_array(m, s.files);
    *ret_count = s.files->count;
    return go_on(m) && settle_project_name(m, *ret_files, *ret_count);
}
