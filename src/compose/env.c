/* The env files that set the project's variables: docs/compose.md 4.1 to 4.3. */
#include "compose/internal.h"

#include <string.h>

#include "bulla/file.h"
#include "bulla/limits.h"
#include "dotenv/words.h"

#include "base/banned.h"

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
        return bulla_error_place(err, problem->file->name, (struct bulla_pos){0, 0});
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
