#include "project_words.h"

#include <stdlib.h>
#include <string.h>

#include "bulla/dotenv.h"
#include "bulla/file.h"
#include "bulla/limits.h"
#include "bulla/mem.h"
#include "words.h"

/* The cases have no LF at the end, whatever ends the text. */
static void add_text(json_t *texts, struct bulla_buf *text)
{
    struct bulla_bytes view = bulla_buf_view(text);
    while (view.len > 0 && view.data[view.len - 1] == '\n') {
        view.len--;
    }
    (void)json_array_append_new(texts, json_stringn((const char *)view.data, view.len));
}

static void add_printf(json_t *texts, const char *fmt, ...) BULLA_PRINTF(2, 3);

static void add_printf(json_t *texts, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    (void)json_array_append_new(texts, json_vsprintf(fmt, args));
    va_end(args);
}

static void cut_last(char *path)
{
    char *slash = strrchr(path, '/');
    if (slash != NULL) {
        *slash = '\0';
    }
}

/* NAME, which is relative to the working directory, as an absolute path; owned by the caller. */
static char *make_absolute(const struct project_words *words, const char *name)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_str base = bulla_path_join(words->options->directory, "", &err);
    if (base == NULL) {
        return NULL;
    }
    cut_last(base);
    for (; strncmp(name, "../", 3) == 0; name += 3) {
        cut_last(base);
    }
    return bulla_path_join(base, name, &err);
}

/* --- evaluating ------------------------------------------------------------------------------- */

/* One text of the project and what the library knows of the variables in it. */
struct evaluation {
    const struct project_words *words;
    const struct bulla_project_file
        *file; /* with PATH: for a text that no reference has as its own */
    const char *path;
    struct bulla_bytes text;
    bool unknown; /* a value was needed that is not of the process environment */
};

static bool is_inside(const struct bulla_project_ref *ref, struct bulla_bytes text)
{
    uintptr_t start = (uintptr_t)ref->text;
    uintptr_t at = (uintptr_t)text.data;
    return at >= start && at + text.len <= start + ref->text_len;
}

static enum bulla_lookup_state look_up(void *ctx, struct bulla_bytes name,
                                       struct bulla_bytes *ret_value)
{
    const struct evaluation *e = ctx;
    const struct bulla_project *project = e->words->project;
    *ret_value = bulla_bytes(NULL, 0);
    for (size_t i = 0; i < project->ref_count; i++) {
        const struct bulla_project_ref *ref = &project->refs[i];
        bool here = e->path != NULL ? ref->file == e->file && strcmp(ref->path, e->path) == 0
                                    : is_inside(ref, e->text);
        if (here && ref->evaluated && ref->kind == BULLA_USE_REFERENCE &&
            bulla_bytes_are(name, ref->name)) {
            struct bulla_bytes value = bulla_bytes(NULL, 0);
            if (conformance_look_up((void *)(uintptr_t)e->words->env, name, &value) == ref->state) {
                *ret_value = value;
            }
            return ref->state;
        }
    }
    return BULLA_LOOKUP_UNSET;
}

static bool note_value(void *ctx, const struct bulla_ref *ref, enum bulla_lookup_state state,
                       enum bulla_ref_outcome outcome, struct bulla_error *err)
{
    (void)err;
    struct evaluation *e = ctx;
    struct bulla_bytes value = bulla_bytes(NULL, 0);
    e->unknown = e->unknown || (outcome == BULLA_REF_VALUE && state == BULLA_LOOKUP_SET &&
                                conformance_look_up((void *)(uintptr_t)e->words->env, ref->name,
                                                    &value) != state);
    return true;
}

static bool evaluate(struct evaluation *e, struct bulla_buf *out, struct bulla_buf *message,
                     struct bulla_interpolate_failure *ret_failure)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct bulla_interpolation with = {.lookup = look_up,
                                       .lookup_ctx = e,
                                       .each = note_value,
                                       .each_ctx = e,
                                       .eager = e->words->options->eager};
    return bulla_interpolate(e->text, &with, out, message, ret_failure, &err) && !e->unknown;
}

/* TEXT as Compose evaluates it, or NULL. */
static json_t *get_value(const struct project_words *words, struct bulla_bytes text)
{
    struct evaluation e = {.words = words, .text = text};
    struct bulla_interpolate_failure failure;
    bulla_auto_buf out;
    bulla_buf_init(&out, BULLA_MAX_OUTPUT_BYTES);
    if (!evaluate(&e, &out, NULL, &failure) || failure.problem != BULLA_INTERPOLATE_OK) {
        return NULL;
    }
    struct bulla_bytes view = bulla_buf_view(&out);
    return json_stringn(view.len > 0 ? (const char *)view.data : "", view.len);
}

/* --- errors ----------------------------------------------------------------------------------- */

/* What Compose says where the text of E, at PATH, cannot be evaluated. */
static void add_template_error(struct evaluation *e, const char *path, json_t *texts)
{
    struct bulla_interpolate_failure failure;
    bulla_auto_buf message;
    bulla_auto_buf text;
    bulla_buf_init(&message, BULLA_MAX_OUTPUT_BYTES);
    bulla_buf_init(&text, BULLA_MAX_OUTPUT_BYTES);
    if (!evaluate(e, NULL, &message, &failure) || failure.problem == BULLA_INTERPOLATE_OK) {
        return;
    }
    if (failure.problem == BULLA_INTERPOLATE_MISSING) {
        bulla_buf_puts(&text, "error while interpolating ");
        bulla_buf_puts(&text, path);
        bulla_buf_puts(&text, ": ");
        words_interpolate(&failure, bulla_buf_view(&message), &text);
    } else {
        bulla_buf_puts(&text, "invalid interpolation format for ");
        bulla_buf_puts(&text, path);
        bulla_buf_puts(&text, ".\nYou may need to escape any $ with another $.\n");
        bulla_buf_add_bytes(&text, failure.fragment);
    }
    add_text(texts, &text);
}

/* The env file of a service that PROBLEM is about, by its place or by the file itself. */
static const struct bulla_project_env_file *
find_env_file(const struct project_words *words, const struct bulla_project_problem *problem)
{
    const struct bulla_project_service *service =
        bulla_project_find_service(words->project, problem->service);
    for (size_t i = 0; service != NULL && i < service->env_file_count; i++) {
        const struct bulla_project_env_file *entry = &service->env_files[i];
        if ((entry->named_in == problem->file && entry->pos.line == problem->pos.line &&
             entry->pos.col == problem->pos.col) ||
            (entry->file != NULL && entry->file == problem->file)) {
            return entry;
        }
    }
    return NULL;
}

static bool is_option(const struct project_words *words, const char *path)
{
    for (size_t i = 0; i < words->options->env_file_count; i++) {
        bulla_auto_str given = make_absolute(words, words->options->env_files[i]);
        if (given != NULL && strcmp(given, path) == 0) {
            return true;
        }
    }
    return words->options->env_file_count == 0 &&
           json_object_get(words->env, "COMPOSE_ENV_FILES") != NULL;
}

static void add_unreadable(const struct project_words *words,
                           const struct bulla_project_problem *problem, json_t *texts)
{
    if (problem->service != NULL) {
        const struct bulla_project_env_file *entry = find_env_file(words, problem);
        if (entry != NULL) {
            add_printf(texts, "env file %s not found: stat %s: no such file or directory",
                       entry->path, entry->path);
        }
        return;
    }
    bulla_auto_str path = make_absolute(words, problem->name);
    if (path == NULL) {
        return;
    }
    if (problem->file->kind != BULLA_PROJECT_ENV) {
        add_printf(texts, "open %s: no such file or directory", path);
    } else if (bulla_dir_exists(path)) {
        add_printf(texts, "%s is a directory", path);
    } else if (is_option(words, path)) {
        add_printf(texts, "couldn't find env file: %s", path);
    } else {
        add_printf(texts, "stat %s: no such file or directory", path);
    }
}

static void add_env_file_error(const struct project_words *words,
                               const struct bulla_project_problem *problem, json_t *texts)
{
    const struct bulla_project_env_file *entry =
        problem->service != NULL ? find_env_file(words, problem) : NULL;
    bool raw = entry != NULL && entry->raw;
    struct bulla_dotenv_options options = {.grammar = raw ? BULLA_DOTENV_RAW : BULLA_DOTENV_COMPOSE,
                                           .lookup = conformance_look_up,
                                           .lookup_ctx = (void *)(uintptr_t)words->env,
                                           .eager = words->options->eager};
    struct bulla_error err = BULLA_ERROR_INIT;
    struct bulla_dotenv_failure failure;
    bulla_auto_buf content;
    bulla_auto_buf quoted;
    bulla_auto_buf text;
    bulla_buf_init(&content, BULLA_MAX_TEXT_BYTES);
    bulla_buf_init_secret(&quoted, BULLA_MAX_OUTPUT_BYTES);
    bulla_buf_init(&text, BULLA_MAX_OUTPUT_BYTES);
    if (!bulla_file_read(problem->file->path, BULLA_MAX_TEXT_BYTES, &content, &err) ||
        !bulla_dotenv_explain(bulla_buf_view(&content), &options, &quoted, &failure, &err) ||
        failure.problem == BULLA_DOTENV_OK) {
        return;
    }
    bulla_buf_puts(&text, raw ? "failed to parse env_file " : "failed to read ");
    bulla_buf_puts(&text, problem->file->path);
    bulla_buf_puts(&text, ": ");
    words_dotenv(&failure, &text);
    add_text(texts, &text);
}

static void add_quoted(json_t *texts, const char *before, struct bulla_bytes quoted,
                       const char *after)
{
    bulla_auto_buf text;
    bulla_buf_init(&text, BULLA_MAX_OUTPUT_BYTES);
    bulla_buf_puts(&text, before);
    words_quote(quoted, &text);
    bulla_buf_puts(&text, after);
    add_text(texts, &text);
}

static void add_shape(const struct project_words *words,
                      const struct bulla_project_problem *problem, json_t *texts)
{
    static const struct {
        const char *ours;
        const char *text;
    } shapes[] = {
        {"an empty document: Compose wants a mapping", "top-level object must be a mapping"},
        {"the top level has to be a mapping", "top-level object must be a mapping"},
        {"the file is empty", "empty compose file"},
    };
    static const char disable[] = "COMPOSE_DISABLE_ENV_FILE";
    if (problem->file == NULL && strcmp(problem->name, disable) == 0) {
        const json_t *value = json_object_get(words->env, disable);
        if (value != NULL) {
            add_quoted(texts, "strconv.ParseBool: parsing ", conformance_bytes(value),
                       ": invalid syntax");
        }
        return;
    }
    if (problem->file == NULL) {
        add_quoted(texts, "invalid project name ", bulla_bytes_of(problem->name),
                   ": must consist only of lowercase alphanumeric characters, hyphens, and "
                   "underscores as well as start with a letter or number");
        return;
    }
    if (problem->service != NULL && problem->name != NULL) {
        add_quoted(texts, "unsupported env_file format ", bulla_bytes_of(problem->name), "");
        return;
    }
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        if (strcmp(problem->message, shapes[i].ours) == 0) {
            add_printf(texts, "%s", shapes[i].text);
        }
    }
}

static void add_problem(const struct project_words *words,
                        const struct bulla_project_problem *problem, json_t *texts)
{
    switch (problem->kind) {
    case BULLA_PROBLEM_UNREADABLE:
        add_unreadable(words, problem, texts);
        break;
    case BULLA_PROBLEM_TEMPLATE:
    case BULLA_PROBLEM_COMMENT:
        if (problem->text != NULL) {
            struct evaluation e = {.words = words,
                                   .file = problem->file,
                                   .path = problem->path,
                                   .text = bulla_bytes(problem->text, problem->text_len)};
            add_template_error(&e, problem->path, texts);
        }
        break;
    case BULLA_PROBLEM_ENV_FILE:
        add_env_file_error(words, problem, texts);
        break;
    case BULLA_PROBLEM_SHAPE:
        add_shape(words, problem, texts);
        break;
    case BULLA_PROBLEM_YAML:
    case BULLA_PROBLEM_COLON:
    case BULLA_PROBLEM_FLOW:
    case BULLA_PROBLEM_INCLUDE:
    case BULLA_PROBLEM_EXTENDS:
    case BULLA_PROBLEM_HIDDEN:
    case BULLA_PROBLEM_OTHER_FILES:
    case BULLA_PROBLEM_ENV_NOT_READ:
    case BULLA_PROBLEM_PROFILE:
        break;
    }
}

void project_words_failure(const struct project_words *words, const struct bulla_error *failure,
                           json_t *texts)
{
    if (failure->code == BULLA_E_MISSING && failure->file[0] == '\0') {
        add_printf(texts, "no configuration file provided: not found");
    } else if (failure->code == BULLA_E_MISSING) {
        add_printf(texts, "%s %s: no such file or directory",
                   words->options->file_count > 0 ? "open" : "stat", failure->file);
    } else if (failure->code == BULLA_E_INVALID) {
        add_printf(texts, "read %s: is a directory", words->options->directory);
    }
}

bool project_words_errors(const struct project_words *words, json_t *texts)
{
    const struct bulla_project *project = words->project;
    bool any = false;
    for (size_t i = 0; i < project->problem_count; i++) {
        if (project->problems[i].fatal) {
            any = true;
            add_problem(words, &project->problems[i], texts);
        }
    }
    for (size_t i = 0; i < project->ref_count; i++) {
        const struct bulla_project_ref *ref = &project->refs[i];
        if (ref->kind == BULLA_USE_REFERENCE && ref->evaluated && !ref->in_key &&
            ref->outcome == BULLA_REF_MISSING) {
            any = true;
            struct evaluation e = {.words = words, .text = bulla_bytes(ref->text, ref->text_len)};
            add_template_error(&e, ref->path, texts);
        }
    }
    return any;
}

/* --- warnings --------------------------------------------------------------------------------- */

static void add_warning(json_t *texts, const char *name)
{
    add_printf(texts, "The \"%s\" variable is not set. Defaulting to a blank string.", name);
}

/* Those of env files of KIND; Compose reads the files of active services only. */
static void add_env_file_warnings(const struct project_words *words,
                                  enum bulla_project_file_kind kind, json_t *texts)
{
    const struct bulla_project *project = words->project;
    for (size_t i = 0; i < project->problem_count; i++) {
        const struct bulla_project_problem *problem = &project->problems[i];
        if (problem->kind != BULLA_PROBLEM_ENV_FILE || problem->fatal ||
            problem->file->kind != kind) {
            continue;
        }
        const struct bulla_project_service *service =
            problem->service != NULL ? bulla_project_find_service(project, problem->service) : NULL;
        if (service == NULL || service->active) {
            add_warning(texts, problem->name);
        }
    }
}

void project_words_warnings(const struct project_words *words, json_t *texts)
{
    const struct bulla_project *project = words->project;
    add_env_file_warnings(words, BULLA_PROJECT_ENV, texts);
    for (size_t i = 0; i < project->ref_count; i++) {
        const struct bulla_project_ref *ref = &project->refs[i];
        if (ref->kind == BULLA_USE_REFERENCE && ref->evaluated && !ref->in_key &&
            ref->outcome == BULLA_REF_BLANK) {
            add_warning(texts, ref->name);
        }
    }
    add_env_file_warnings(words, BULLA_PROJECT_ENV_FILE, texts);
}

/* --- values ----------------------------------------------------------------------------------- */

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static json_t *list_services(const struct bulla_project *project)
{
    const char **names = calloc(project->service_count + 1, sizeof *names);
    json_t *list = json_array();
    size_t count = 0;
    for (size_t i = 0; names != NULL && i < project->service_count; i++) {
        if (project->services[i]->active) {
            names[count++] = project->services[i]->name;
        }
    }
    if (count > 1) {
        qsort(names, count, sizeof *names, compare_names);
    }
    for (size_t i = 0; i < count; i++) {
        (void)json_array_append_new(list, json_string(names[i]));
    }
    free(names);
    return list;
}

/* The value of a variable that is passed through under NAME: null where it is not set. */
static json_t *get_passed(const struct project_words *words,
                          const struct bulla_project_service *service, const char *name)
{
    const struct bulla_project *project = words->project;
    for (size_t i = 0; i < project->ref_count; i++) {
        const struct bulla_project_ref *ref = &project->refs[i];
        if (ref->kind != BULLA_USE_PASS_THROUGH || strcmp(ref->name, name) != 0 ||
            ref->service_count == 0 || ref->services[0] != service) {
            continue;
        }
        if (ref->state == BULLA_LOOKUP_UNSET) {
            return json_null();
        }
        struct bulla_bytes value = bulla_bytes(NULL, 0);
        return conformance_look_up((void *)(uintptr_t)words->env, bulla_bytes_of(name), &value) ==
                       ref->state
                   ? json_stringn(value.len > 0 ? (const char *)value.data : "", value.len)
                   : NULL;
    }
    return NULL;
}

/* Puts ENTRY into MAP; in the list form the whole item is evaluated, its key too. */
static bool put_entry(const struct project_words *words,
                      const struct bulla_project_service *service,
                      const struct bulla_project_env *entry, json_t *map)
{
    if (entry->value == NULL) {
        json_t *value = get_passed(words, service, entry->key);
        return value != NULL && json_object_set_new(map, entry->key, value) == 0;
    }
    struct bulla_bytes text = bulla_bytes(entry->value, entry->value_len);
    bool item = entry->pos.line == entry->value_pos.line && entry->pos.col == entry->value_pos.col;
    if (!item) {
        json_t *value = get_value(words, text);
        return value != NULL && json_object_set_new(map, entry->key, value) == 0;
    }
    /* The value stands behind its key in the text of the item. */
    size_t before = strlen(entry->key) + 1;
    json_t *whole = get_value(words, bulla_bytes(entry->value - before, before + text.len));
    const char *pair = json_string_value(whole);
    const char *equals = pair != NULL ? strchr(pair, '=') : NULL;
    bool ok = equals != NULL && json_object_setn_new(map, pair, (size_t)(equals - pair),
                                                     json_string(equals + 1)) == 0;
    json_decref(whole);
    return ok;
}

static json_t *get_environment(const struct project_words *words,
                               const struct bulla_project_service *service)
{
    json_t *map = json_object();
    bool ok = service->env_file_count == 0;
    for (size_t i = 0; ok && i < service->environment_count; i++) {
        ok = put_entry(words, service, &service->environment[i], map);
    }
    if (!ok) {
        json_decref(map);
        return NULL;
    }
    return map;
}

static bool is_path(const char *path, const char *folder, const char *name, const char *attribute)
{
    bulla_auto_buf whole;
    bulla_buf_init(&whole, BULLA_MAX_TEXT_BYTES);
    bulla_buf_puts(&whole, folder);
    bulla_buf_puts(&whole, name);
    bulla_buf_puts(&whole, attribute);
    return bulla_bytes_are(bulla_buf_view(&whole), path);
}

json_t *project_words_value(const struct project_words *words, const char *path)
{
    const struct bulla_project *project = words->project;
    if (strcmp(path, "services") == 0) {
        return list_services(project);
    }
    for (size_t i = 0; i < project->service_count; i++) {
        const struct bulla_project_service *service = project->services[i];
        if (!service->active) {
            continue;
        }
        if (service->image != NULL && is_path(path, "services.", service->name, ".image")) {
            return get_value(words, bulla_bytes_of(service->image));
        }
        if (is_path(path, "services.", service->name, ".environment")) {
            return get_environment(words, service);
        }
    }
    for (size_t i = 0; i < project->resource_count; i++) {
        const struct bulla_project_resource *resource = project->resources[i];
        if (resource->source == BULLA_RESOURCE_ENVIRONMENT &&
            is_path(path, resource->config ? "configs." : "secrets.", resource->name,
                    ".environment")) {
            return get_value(words, bulla_bytes_of(resource->text));
        }
    }
    return NULL;
}
