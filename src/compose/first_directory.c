/* The folder whose `.env` is read before it is known which files there are: docs/compose.md 4.4. */
#include "compose/internal.h"

#include <string.h>

#include "bulla/file.h"
#include "bulla/limits.h"

#include "base/banned.h"

/* Puts what the working directory's `.env` sets into SCOPE; one that cannot be read sets nothing.
 */
static bool peek(struct loader *loader, struct scope *scope, struct bulla_error *err)
{
    const char *path = path_clean(loader, loader->cwd, ".env", err);
    if (path == NULL) {
        return false;
    }
    bulla_auto_buf text;
    bulla_buf_init_secret(&text, BULLA_MAX_TEXT_BYTES);
    struct bulla_dotenv_options options = {.no_expand = true};
    struct bulla_dotenv *file = NULL;
    if (bulla_file_is_regular(path) && bulla_file_read(path, BULLA_MAX_TEXT_BYTES, &text, err)) {
        file = bulla_dotenv_parse(bulla_buf_view(&text), path, &options, err);
    }
    if (file == NULL) {
        bool is_lost = err->code == BULLA_E_NOMEM;
        if (!is_lost) {
            bulla_error_clear(err);
        }
        return !is_lost;
    }
    if (!list_add(&scope->files, file, err)) {
        bulla_dotenv_free(file);
        return false;
    }
    return true;
}

/* *RET_NAMED where COMPOSE_FILE, as SCOPE has it, names the files of the options in their order. */
static bool compare(struct loader *loader, struct scope *scope, bool *ret_named,
                    struct bulla_error *err)
{
    const struct bulla_project_options *options = loader->options;
    struct bulla_bytes value = bulla_bytes(NULL, 0);
    *ret_named = false;
    if (scope_lookup(scope, bulla_bytes_of("COMPOSE_FILE"), &value) != BULLA_LOOKUP_SET ||
        value.len == 0) {
        return true;
    }
    struct found found = {0};
    bool ok = split_compose_file(loader, scope, &found, value, err);
    *ret_named = ok && found.paths.count == options->file_count;
    for (size_t i = 0; ok && *ret_named && i < options->file_count; i++) {
        const char *path = path_clean(loader, loader->cwd, options->files[i], err);
        ok = path != NULL;
        *ret_named = ok && strcmp(path, found.paths.items[i]) == 0;
    }
    list_release(&found.paths);
    list_release(&found.names);
    return ok;
}

/* True where the listed files are those that Compose takes by itself. */
static bool are_named(struct loader *loader, bool *ret_named, struct bulla_error *err)
{
    struct scope *scope = scope_new(loader, NULL, err);
    return scope != NULL && peek(loader, scope, err) && compare(loader, scope, ret_named, err);
}

bool find_first_directory(struct loader *loader, const char **ret_directory,
                          struct bulla_error *err)
{
    const struct bulla_project_options *options = loader->options;
    *ret_directory = loader->cwd;
    if (options->project_directory != NULL) {
        *ret_directory = path_clean(loader, loader->cwd, options->project_directory, err);
    } else if (options->file_count > 0) {
        const char *first = path_clean(loader, loader->cwd, options->files[0], err);
        const char *folder = first != NULL ? path_dir(loader, first, err) : NULL;
        bool is_named = false;
        bool may_be = options->listed && folder != NULL && strcmp(folder, loader->cwd) != 0;
        if (folder == NULL || (may_be && !are_named(loader, &is_named, err))) {
            return false;
        }
        *ret_directory = is_named ? loader->cwd : folder;
    }
    return *ret_directory != NULL;
}
