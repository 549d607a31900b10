/* Variables: the process's, and those of env files, read again wherever Compose reads them. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "bulla/dotenv.h"
#include "bulla/file.h"
#include "bulla/limits.h"
#include "dotenv/words.h"
#include "model/internal.h"

#include "base/banned.h"

const char unknown_value[] = "/unknown";

bool is_unknown_value(struct bulla_bytes value)
{
    return value.data == (const uint8_t *)unknown_value;
}

/* What the values that stand in for the project's own env files say of NAME; hidden is unknown. */
static bool find_given(const struct variables *variables, struct bulla_bytes name,
                       struct bulla_bytes *ret_value)
{
    const struct bulla_project_options *options = variables->options;
    struct bulla_bytes value = bulla_bytes("", 0);
    enum bulla_lookup_state state = !variables->no_process && options->values != NULL
                                        ? options->values(options->values_ctx, name, &value)
                                        : BULLA_LOOKUP_UNSET;
    bool hidden = state == BULLA_LOOKUP_SET && value.len == 0;
    *ret_value = hidden                      ? bulla_bytes_of(unknown_value)
                 : state == BULLA_LOOKUP_SET ? value
                                             : bulla_bytes("", 0);
    return state != BULLA_LOOKUP_UNSET;
}

bool variables_find(const struct variables *variables, struct bulla_bytes name,
                    struct bulla_bytes *ret_value)
{
    const struct bulla_project_options *options = variables->options;
    *ret_value = bulla_bytes("", 0);
    if (variables->name != NULL && bulla_bytes_are(name, "COMPOSE_PROJECT_NAME")) {
        *ret_value = bulla_bytes_of(variables->name);
        return true;
    }
    if (!variables->no_process && options->environment != NULL) {
        enum bulla_lookup_state state =
            options->environment(options->environment_ctx, name, ret_value);
        if (state != BULLA_LOOKUP_UNSET) {
            *ret_value = state == BULLA_LOOKUP_SET ? *ret_value : bulla_bytes("", 0);
            return true;
        }
    }
    if (find_given(variables, name, ret_value)) {
        return true;
    }
    const struct bulla_value *value = value_find(variables->set, name);
    if (value_is(value, BULLA_VALUE_TEXT)) {
        *ret_value = value->text;
    }
    return value_is(value, BULLA_VALUE_TEXT);
}

enum bulla_lookup_state variables_lookup(void *variables, struct bulla_bytes name,
                                         struct bulla_bytes *ret_value)
{
    if (!variables_find(variables, name, ret_value)) {
        return BULLA_LOOKUP_UNSET;
    }
    return ret_value->len > 0 ? BULLA_LOOKUP_SET : BULLA_LOOKUP_EMPTY;
}

void add_missing(struct model *m, struct bulla_value *set, const struct bulla_value *more)
{
    for (size_t i = 0; i < more->count; i++) {
        if (value_find(set, more->entries[i].key) == NULL) {
            value_set(&m->store, set, more->entries[i].key, more->entries[i].value);
        }
    }
}

static enum bulla_lookup_state map_lookup(void *map, struct bulla_bytes name,
                                          struct bulla_bytes *ret_value)
{
    const struct variables only = {.set = map, .no_process = true};
    return variables_lookup((void *)(uintptr_t)&only, name, ret_value);
}

static void pass_warning(void *ctx, struct bulla_bytes name, struct bulla_pos pos)
{
    (void)pos;
    struct model *m = ctx;
    warn(m, "The %q variable is not set. Defaulting to a blank string.", name);
}

/* Says why TEXT is refused. */
static bool explain(struct model *m, const char *before, const char *file, struct bulla_bytes text,
                    const struct bulla_dotenv_options *options)
{
    struct bulla_dotenv_options again = *options;
    again.warn = NULL;
    struct bulla_dotenv_failure failure;
    bulla_auto_buf quoted;
    bulla_auto_buf full;
    bulla_auto_buf masked;
    bulla_buf_init_secret(&quoted, BULLA_MAX_OUTPUT_BYTES);
    bulla_buf_init(&full, BULLA_MAX_OUTPUT_BYTES);
    bulla_buf_init(&masked, BULLA_MAX_OUTPUT_BYTES);
    if (!bulla_dotenv_explain(text, &again, &quoted, &failure, m->store.err)) {
        m->store.stopped = true;
        return false;
    }
    words_dotenv(&failure, false, &full);
    words_dotenv(&failure, true, &masked);
    const struct bulla_value origin = {.file = file};
    return refuse(m, &origin, "%s %v: %w", before, bulla_bytes_of(file), bulla_buf_view(&full),
                  bulla_buf_view(&masked));
}

/* Keys and values are shared: after the env files are read nothing changes them. */
static void keep_mapping(struct model *m, const struct bulla_value *mapping,
                         struct bulla_value *vars)
{
    for (size_t i = 0; i < mapping->count; i++) {
        value_set(&m->store, vars, mapping->entries[i].key, mapping->entries[i].value);
    }
}

/* True where the file means the same whoever reads it: it refers to nothing. */
static bool is_constant(struct bulla_bytes text, const struct bulla_dotenv *parsed)
{
    for (size_t i = 0; i < bulla_dotenv_count(parsed); i++) {
        if (bulla_dotenv_get(parsed, i)->bare) {
            return false;
        }
    }
    return text.len == 0 || memchr(text.data, '$', text.len) == NULL;
}

static void keep_entries(struct model *m, const struct bulla_dotenv *parsed,
                         struct bulla_value *vars)
{
    for (size_t i = 0; i < bulla_dotenv_count(parsed); i++) {
        const struct bulla_dotenv_entry *entry = bulla_dotenv_get(parsed, i);
        if (entry->set) {
            value_set(&m->store, vars, store_copy(&m->store, entry->name),
                      value_text(&m->store, entry->value));
        }
    }
}

bool read_mapping(struct model *m, const char *file, const char *format, bulla_lookup_fn lookup,
                  void *ctx, struct bulla_value *vars)
{
    bool raw = format != NULL && strcmp(format, "raw") == 0;
    const char *failed = raw ? "failed to parse env_file" : "failed to read";
    if (format != NULL && format[0] != '\0' && !raw) {
        return refuse(m, NULL, "unsupported env_file format %Q", bulla_bytes_of(format));
    }
    struct bulla_value **mappings = &m->mappings[raw ? 1 : 0];
    const struct bulla_value *before = *mappings != NULL ? value_at(*mappings, file) : NULL;
    if (before != NULL) {
        keep_mapping(m, before, vars);
        return go_on(m);
    }
    struct bulla_error cause = BULLA_ERROR_INIT;
    bulla_auto_buf text;
    bulla_buf_init(&text, BULLA_MAX_TEXT_BYTES);
    if (!bulla_file_read(open_path(m, file), BULLA_MAX_TEXT_BYTES, &text, &cause)) {
        if (cause.code == BULLA_E_NOMEM || cause.code == BULLA_E_LIMIT) {
            *m->store.err = cause;
            m->store.stopped = true;
            return false;
        }
        return bulla_dir_exists(open_path(m, file))
                   ? refuse(m, NULL, "%s %v: read %v: is a directory", failed, bulla_bytes_of(file),
                            bulla_bytes_of(file))
                   : refuse(m, NULL, "open %v: no such file or directory", bulla_bytes_of(file));
    }
    const struct bulla_dotenv_options options = {.grammar =
                                                     raw ? BULLA_DOTENV_RAW : BULLA_DOTENV_COMPOSE,
                                                 .lookup = lookup,
                                                 .lookup_ctx = ctx,
                                                 .fallback = map_lookup,
                                                 .fallback_ctx = vars,
                                                 .warn = pass_warning,
                                                 .warn_ctx = m,
                                                 .eager = m->options->eager};
    bulla_auto_dotenv parsed = bulla_dotenv_parse(bulla_buf_view(&text), file, &options, &cause);
    if (parsed == NULL) {
        if (cause.code == BULLA_E_NOMEM || cause.code == BULLA_E_LIMIT) {
            *m->store.err = cause;
            m->store.stopped = true;
            return false;
        }
        return explain(m, failed, file, bulla_buf_view(&text), &options);
    }
    if (!is_constant(bulla_buf_view(&text), parsed)) {
        keep_entries(m, parsed, vars);
        return go_on(m);
    }
    struct bulla_value *mapping = value_new(&m->store, BULLA_VALUE_MAP);
    *mappings = *mappings != NULL ? *mappings : value_new(&m->store, BULLA_VALUE_MAP);
    keep_entries(m, parsed, mapping);
    value_put(&m->store, *mappings, file, mapping);
    keep_mapping(m, mapping, vars);
    return go_on(m);
}

struct bulla_value *read_env_files(struct model *m, const struct variables *variables,
                                   const char *const *files, size_t count)
{
    struct bulla_value *vars = value_new(&m->store, BULLA_VALUE_MAP);
    for (size_t i = 0; go_on(m) && i < count; i++) {
        const char *file = absolute_path(m, files[i]);
        struct stat st;
        if (stat(file, &st) != 0) {
            (void)(errno == ENOENT
                       ? refuse(m, NULL, "couldn't find env file: %v", bulla_bytes_of(file))
                       : refuse(m, NULL, "stat %v: not a directory", bulla_bytes_of(file)));
        } else if (S_ISDIR(st.st_mode)) {
            (void)refuse(m, NULL, "%v is a directory", bulla_bytes_of(file));
        } else {
            (void)read_mapping(m, file, NULL, variables_lookup, (void *)(uintptr_t)variables, vars);
        }
    }
    return vars;
}
