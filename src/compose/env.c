/* Where variables come from: docs/compose.md 4.1 to 4.3. */
#include "compose/internal.h"

#include <string.h>

#include "bulla/file.h"
#include "bulla/limits.h"
#include "dotenv/words.h"

#include "base/banned.h"

struct scope *scope_new(struct loader *loader, const struct scope *parent, struct bulla_error *err)
{
    struct scope *scope = pool_alloc(loader->pool, sizeof *scope, err);
    if (scope == NULL || !list_add(&loader->scopes, scope, err)) {
        return NULL;
    }
    scope->parent = parent;
    scope->loader = loader;
    return scope;
}

enum bulla_lookup_state find_in_files(const struct list *files, struct bulla_bytes name,
                                      struct bulla_bytes *ret_value)
{
    for (size_t i = files->count; i > 0; i--) {
        const struct bulla_dotenv_entry *entry = bulla_dotenv_find(files->items[i - 1], name);
        if (entry != NULL) {
            *ret_value = entry->value;
            return entry->value.len > 0 ? BULLA_LOOKUP_SET : BULLA_LOOKUP_EMPTY;
        }
    }
    return BULLA_LOOKUP_UNSET;
}

static enum bulla_lookup_state find_process(const struct loader *loader, struct bulla_bytes name,
                                            struct bulla_bytes *ret_value)
{
    const struct bulla_project_options *options = loader->options;
    return options->environment != NULL
               ? options->environment(options->environment_ctx, name, ret_value)
               : BULLA_LOOKUP_UNSET;
}

enum bulla_lookup_state environment_lookup(const struct loader *loader, const char *name,
                                           struct bulla_bytes *ret_value)
{
    return find_process(loader, bulla_bytes_of(name), ret_value);
}

/* The project's own variables: process environment, then its values or env files. */
static enum bulla_lookup_state find_own(const struct scope *scope, struct bulla_bytes name,
                                        struct bulla_bytes *ret_value)
{
    const struct loader *loader = scope->loader;
    if (loader->name != NULL && bulla_bytes_are(name, "COMPOSE_PROJECT_NAME")) {
        *ret_value = bulla_bytes_of(loader->name);
        return ret_value->len > 0 ? BULLA_LOOKUP_SET : BULLA_LOOKUP_EMPTY;
    }
    enum bulla_lookup_state state = find_process(loader, name, ret_value);
    if (state == BULLA_LOOKUP_UNSET && loader->options->values != NULL) {
        state = loader->options->values(loader->options->values_ctx, name, ret_value);
    }
    if (state == BULLA_LOOKUP_UNSET &&
        (!scope->only_compose || bulla_bytes_start(name, "COMPOSE_"))) {
        state = find_in_files(&scope->files, name, ret_value);
    }
    if (state == BULLA_LOOKUP_UNSET) {
        state = find_in_files(&scope->fallback, name, ret_value);
    }
    if (state == BULLA_LOOKUP_UNSET && bulla_bytes_are(name, "PWD")) {
        *ret_value = bulla_bytes_of(loader->cwd);
        return BULLA_LOOKUP_SET;
    }
    return state;
}

static enum bulla_lookup_state find_in_scopes(const struct scope *scope, struct bulla_bytes name,
                                              struct bulla_bytes *ret_value)
{
    const struct scope *chain[BULLA_MAX_COMPOSE_FILES + 1];
    size_t count = 0;
    for (; scope != NULL && count < sizeof chain / sizeof chain[0]; scope = scope->parent) {
        chain[count++] = scope;
    }
    enum bulla_lookup_state state = find_own(chain[count - 1], name, ret_value);
    for (size_t i = count - 1; state == BULLA_LOOKUP_UNSET && i > 0; i--) {
        state = find_in_files(&chain[i - 1]->files, name, ret_value);
    }
    /* What Compose itself is told by is as good as not there. */
    for (size_t i = 0; state == BULLA_LOOKUP_UNSET && i < count; i++) {
        if (chain[i]->unknown && !bulla_bytes_start(name, "COMPOSE_")) {
            *ret_value = bulla_bytes("", 0);
            state = BULLA_LOOKUP_SET;
        }
    }
    return state;
}

enum bulla_lookup_state scope_lookup(void *scope, struct bulla_bytes name,
                                     struct bulla_bytes *ret_value)
{
    return find_in_scopes(scope, name, ret_value);
}

enum bulla_lookup_state hiding_lookup(void *ctx, struct bulla_bytes name,
                                      struct bulla_bytes *ret_value)
{
    struct hiding *hiding = ctx;
    *ret_value = bulla_bytes(NULL, 0);
    enum bulla_lookup_state state = find_in_scopes(hiding->scope, name, ret_value);
    hiding->hidden = hiding->hidden || (state == BULLA_LOOKUP_SET && ret_value->len == 0);
    return state;
}

void note_blank(void *ctx, struct bulla_bytes name, struct bulla_pos pos)
{
    struct blanks *blanks = ctx;
    if (blanks->failed) {
        return;
    }
    struct pool *pool = blanks->loader->pool;
    struct problem problem = {.kind = BULLA_PROBLEM_ENV_FILE,
                              .file = blanks->file,
                              .pos = pos,
                              .name = pool_strndup(pool, name.data, name.len, blanks->err),
                              .service = blanks->service};
    blanks->failed =
        problem.name == NULL ||
        !add_problem(blanks->loader, &problem, blanks->err,
                     "'%s' is not set: Compose reads a blank for it here", problem.name);
}

static enum bulla_lookup_state find_earlier(void *files, struct bulla_bytes name,
                                            struct bulla_bytes *ret_value)
{
    return find_in_files(files, name, ret_value);
}

bool explain_env_file(struct loader *loader, struct problem *problem, bool shown,
                      struct bulla_bytes text, const struct bulla_dotenv_options *options,
                      struct bulla_error *err)
{
    struct bulla_dotenv_options again = *options;
    again.warn = NULL;
    struct bulla_dotenv_failure failure;
    bulla_auto_buf quoted;
    bulla_auto_buf out;
    bulla_buf_init_secret(&quoted, BULLA_MAX_ENV_BYTES);
    bulla_buf_init(&out, BULLA_MAX_TEXT_BYTES);
    problem->kind = BULLA_PROBLEM_ENV_FILE;
    if (!bulla_dotenv_explain(text, &again, &quoted, &failure, err)) {
        return false;
    }
    if (failure.problem == BULLA_DOTENV_OK) {
        return true;
    }
    bulla_buf_puts(&out, options->grammar == BULLA_DOTENV_RAW ? "failed to parse env_file "
                                                              : "failed to read ");
    words_value(bulla_bytes_of(problem->file->path), !shown, &out);
    bulla_buf_puts(&out, ": ");
    words_dotenv(&failure, true, &out);
    const char *sentence = bulla_buf_text(&out, err);
    problem->says = sentence != NULL ? pool_strdup(loader->pool, sentence, err) : NULL;
    if (failure.problem == BULLA_DOTENV_REQUIRED) {
        problem->kind = BULLA_PROBLEM_ENV_REQUIRED;
        problem->name = pool_strndup(loader->pool, failure.name.data, failure.name.len, err);
    }
    return problem->says != NULL &&
           (problem->kind != BULLA_PROBLEM_ENV_REQUIRED || problem->name != NULL);
}

bool scope_read_file(struct loader *loader, struct scope *scope, const char *path, bool required,
                     bool fallback, struct bulla_error *err)
{
    struct bulla_project_file *info =
        file_note(loader, BULLA_PROJECT_ENV, display_name(loader, path), path, err);
    if (info == NULL) {
        return false;
    }
    if (!required && !bulla_file_is_regular(path)) {
        return true;
    }
    bulla_auto_buf text;
    bulla_buf_init_secret(&text, BULLA_MAX_TEXT_BYTES);
    struct problem problem = {
        .kind = BULLA_PROBLEM_UNREADABLE, .fatal = true, .file = info, .name = info->name};
    struct bulla_error cause = BULLA_ERROR_INIT;
    if (!bulla_file_read(path, BULLA_MAX_TEXT_BYTES, &text, &cause)) {
        scope->unknown = true;
        return add_problem_error(loader, &problem, &cause, err);
    }
    info->read = true;
    struct blanks blanks = {.loader = loader, .file = info, .err = err};
    /* Earlier files of the same pass are asked behind the file's own lines. */
    struct scope outside = *scope;
    outside.files = fallback ? scope->files : (struct list){0};
    struct bulla_dotenv_options options = {.lookup = scope_lookup,
                                           .lookup_ctx = &outside,
                                           .fallback = find_earlier,
                                           .fallback_ctx = &scope->files,
                                           .warn = note_blank,
                                           .warn_ctx = &blanks,
                                           .eager = loader->options->eager};
    struct bulla_dotenv *file =
        bulla_dotenv_parse(bulla_buf_view(&text), info->name, &options, &cause);
    if (blanks.failed) {
        bulla_dotenv_free(file);
        return false;
    }
    info->valid = file != NULL;
    if (file == NULL) {
        if (!explain_env_file(loader, &problem, true, bulla_buf_view(&text), &options, err) ||
            !add_problem_error(loader, &problem, &cause, err)) {
            return false;
        }
        /* What it sets is no secret of its references: other findings need not suffer. */
        bulla_error_clear(&cause);
        options.no_expand = true;
        options.warn = NULL;
        file = bulla_dotenv_parse(bulla_buf_view(&text), info->name, &options, &cause);
        if (file == NULL) {
            scope->unknown = true;
            return true;
        }
    }
    if (!list_add(fallback ? &scope->fallback : &scope->files, file, err)) {
        bulla_dotenv_free(file);
        return false;
    }
    return true;
}

static bool is_one_of(struct bulla_bytes text, const char *const *words)
{
    while (*words != NULL && !bulla_bytes_are(text, *words)) {
        words++;
    }
    return *words != NULL;
}

/* COMPOSE_ENV_FILES: paths between commas, empty ones dropped, blanks kept. */
static bool read_listed(struct loader *loader, struct bulla_bytes list, struct bulla_error *err)
{
    for (size_t at = 0; at < list.len;) {
        const uint8_t *comma = memchr(list.data + at, ',', list.len - at);
        size_t len = comma != NULL ? (size_t)(comma - list.data) - at : list.len - at;
        if (len > 0) {
            const char *name = pool_strndup(loader->pool, list.data + at, len, err);
            const char *path = name != NULL ? path_clean(loader, loader->cwd, name, err) : NULL;
            if (path == NULL || !scope_read_file(loader, loader->scope, path, true, false, err)) {
                return false;
            }
        }
        at += len + 1;
    }
    return true;
}

/* Compose reads COMPOSE_DISABLE_ENV_FILE with Go's ParseBool and stops at anything else. */
static bool read_disabled(struct loader *loader, bool *ret_disabled, struct bulla_error *err)
{
    static const char *const yes[] = {"1", "t", "T", "TRUE", "true", "True", NULL};
    static const char *const no[] = {"0", "f", "F", "FALSE", "false", "False", NULL};
    static const char name[] = "COMPOSE_DISABLE_ENV_FILE";
    struct bulla_bytes value = bulla_bytes(NULL, 0);
    enum bulla_lookup_state state = scope_lookup(loader->scope, bulla_bytes_of(name), &value);
    *ret_disabled = is_one_of(value, yes);
    if (state == BULLA_LOOKUP_UNSET || *ret_disabled || is_one_of(value, no)) {
        return true;
    }
    const struct problem problem = {.kind = BULLA_PROBLEM_SHAPE, .fatal = true, .name = name};
    return add_problem(loader, &problem, err, "%s has to be true or false", name);
}

bool scope_read_project(struct loader *loader, const char *first_directory, struct bulla_error *err)
{
    const struct bulla_project_options *options = loader->options;
    if (options->values != NULL) {
        return true;
    }
    for (size_t i = 0; i < options->env_file_count; i++) {
        const char *path = path_clean(loader, loader->cwd, options->env_files[i], err);
        if (path == NULL || !scope_read_file(loader, loader->scope, path, true, false, err)) {
            return false;
        }
    }
    if (options->env_file_count > 0) {
        loader->explicit_env = true;
        return true;
    }
    struct bulla_bytes listed = bulla_bytes(NULL, 0);
    if (environment_lookup(loader, "COMPOSE_ENV_FILES", &listed) == BULLA_LOOKUP_SET) {
        loader->explicit_env = true;
        return read_listed(loader, listed, err);
    }
    bool disabled = false;
    if (!read_disabled(loader, &disabled, err)) {
        return false;
    }
    if (disabled) {
        loader->explicit_env = true;
        return true;
    }
    loader->first_env = path_clean(loader, first_directory, ".env", err);
    if (loader->first_env == NULL ||
        !scope_read_file(loader, loader->scope, loader->first_env, false, false, err) ||
        (loader->scope->files.count > 0 && !read_disabled(loader, &disabled, err))) {
        return false;
    }
    /* `.env` can switch itself off: then only its COMPOSE_* are left. */
    loader->scope->only_compose = disabled;
    loader->explicit_env = disabled;
    return true;
}

bool scope_read_fallback(struct loader *loader, const char *directory, struct bulla_error *err)
{
    if (loader->explicit_env || loader->options->values != NULL) {
        return true;
    }
    const char *path = path_clean(loader, directory, ".env", err);
    if (path == NULL) {
        return false;
    }
    return strcmp(path, loader->first_env) == 0 ||
           scope_read_file(loader, loader->scope, path, false, true, err);
}

static bool keep_keys(struct loader *loader, const struct bulla_dotenv *file,
                      struct bulla_project_env_file *entry, struct bulla_error *err)
{
    size_t count = bulla_dotenv_count(file);
    struct bulla_project_env_key *keys = pool_alloc(loader->pool, (count + 1) * sizeof *keys, err);
    if (keys == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const struct bulla_dotenv_entry *from = bulla_dotenv_get(file, i);
        keys[i].name = pool_strndup(loader->pool, from->name.data, from->name.len, err);
        keys[i].pos = from->pos;
        if (keys[i].name == NULL) {
            return false;
        }
    }
    entry->keys = keys;
    entry->key_count = count;
    return true;
}

/* What a service's env file is expanded with: the project's variables, then its `environment`. */
struct service_scope {
    struct scope *scope;
    const struct service *service;
    bool eager;
};

/* Of a value that the service sets only whether it is empty counts: the file's keys are kept. */
static enum bulla_lookup_state service_lookup(void *ctx, struct bulla_bytes name,
                                              struct bulla_bytes *ret_value)
{
    const struct service_scope *from = ctx;
    enum bulla_lookup_state state = find_in_scopes(from->scope, name, ret_value);
    const struct list *environment = &from->service->environment;
    for (size_t i = 0; state == BULLA_LOOKUP_UNSET && i < environment->count; i++) {
        const struct bulla_project_env *entry = environment->items[i];
        if (entry->value == NULL || !bulla_bytes_are(name, entry->key)) {
            continue;
        }
        const struct bulla_interpolation with = {
            .lookup = scope_lookup, .lookup_ctx = from->scope, .eager = from->eager};
        struct bulla_interpolate_failure failure;
        struct bulla_error err = BULLA_ERROR_INIT;
        bulla_auto_buf value;
        bulla_buf_init_secret(&value, BULLA_MAX_TEXT_BYTES);
        /* One that cannot be evaluated is a problem at its own place. */
        bool known = bulla_interpolate(bulla_bytes(entry->value, entry->value_len), &with, &value,
                                       NULL, &failure, &err);
        state = known && value.len == 0 ? BULLA_LOOKUP_EMPTY : BULLA_LOOKUP_SET;
    }
    return state;
}

/* ENTRY's file into memory and its keys into ENTRY. */
static bool load_env_file(struct loader *loader, const struct service *service,
                          const struct problem *problem, struct env_file_entry *entry,
                          struct bulla_buf *text, struct bulla_error *err)
{
    struct bulla_project_env_file *info = &entry->info;
    struct bulla_project_file *file = file_note(loader, BULLA_PROJECT_ENV_FILE,
                                                display_name(loader, info->path), info->path, err);
    if (file == NULL) {
        return false;
    }
    file->read = true;
    file->valid = true;
    info->file = file;
    struct bulla_error cause = BULLA_ERROR_INIT;
    struct blanks blanks = {
        .loader = loader, .file = file, .service = problem->service, .err = err};
    struct service_scope from = {entry->file->scope, service, loader->options->eager};
    struct bulla_dotenv_options options = {.grammar =
                                               info->raw ? BULLA_DOTENV_RAW : BULLA_DOTENV_COMPOSE,
                                           .lookup = service_lookup,
                                           .lookup_ctx = &from,
                                           .warn = note_blank,
                                           .warn_ctx = &blanks,
                                           .eager = loader->options->eager};
    bulla_auto_dotenv parsed =
        bulla_dotenv_parse(bulla_buf_view(text), file->name, &options, &cause);
    if (blanks.failed) {
        return false;
    }
    if (parsed == NULL) {
        struct problem placed = *problem;
        placed.file = file;
        placed.pos = (struct bulla_pos){0, 0};
        file->valid = false;
        if (!explain_env_file(loader, &placed, false, bulla_buf_view(text), &options, err) ||
            !add_problem_error(loader, &placed, &cause, err)) {
            return false;
        }
        bulla_error_clear(&cause);
        options.no_expand = true;
        options.warn = NULL;
        parsed = bulla_dotenv_parse(bulla_buf_view(text), file->name, &options, &cause);
    }
    return parsed == NULL || keep_keys(loader, parsed, info, err);
}

bool env_file_read(struct loader *loader, const struct service *service,
                   struct env_file_entry *entry, struct bulla_error *err)
{
    struct bulla_project_env_file *info = &entry->info;
    struct bulla_bytes path = bulla_bytes_of(info->path);
    const struct env_file_entry *before = names_find(&loader->names, &loader->files, path);
    if (before != NULL && before->info.raw == info->raw) {
        info->file = before->info.file;
        info->keys = before->info.keys;
        info->key_count = before->info.key_count;
        return true;
    }
    const struct problem problem = {.kind = BULLA_PROBLEM_UNREADABLE,
                                    .fatal = service->info.active,
                                    .file = info->named_in,
                                    .pos = info->pos,
                                    .name = display_name(loader, info->path),
                                    .service = service->info.name};
    struct bulla_error cause = BULLA_ERROR_INIT;
    bulla_auto_buf text;
    bulla_buf_init_secret(&text, BULLA_MAX_TEXT_BYTES);
    if (!bulla_file_read(info->path, BULLA_MAX_TEXT_BYTES, &text, &cause)) {
        bool excused = cause.code == BULLA_E_MISSING &&
                       (!info->required || info->rendered || !service->info.active);
        return excused || add_problem_error(loader, &problem, &cause, err);
    }
    return load_env_file(loader, service, &problem, entry, &text, err) &&
           names_put(&loader->names, &loader->files, path, entry, err);
}
