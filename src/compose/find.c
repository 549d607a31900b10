/* Which files make the project: docs/compose.md 4.4. */
#include "compose/internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "bulla/file.h"
#include "bulla/mem.h"

#include "base/banned.h"

#define DEPTH_BELOW 2 /* where a person may have put a compose file */

const char *const compose_default_names[] = {"compose.yaml", "compose.yml", "docker-compose.yml",
                                             "docker-compose.yaml", NULL};

const char *const *bulla_compose_default_names(void)
{
    return compose_default_names;
}

static const char *const override_names[] = {"compose.override.yml", "compose.override.yaml",
                                             "docker-compose.override.yml",
                                             "docker-compose.override.yaml", NULL};

const char *path_clean(struct loader *loader, const char *base, const char *name,
                       struct bulla_error *err)
{
    bool alone = name[0] == '/' || base[0] == '\0' || strcmp(base, ".") == 0;
    char *path =
        pool_printf(loader->pool, err, "%s%s%s ", alone ? "" : base, alone ? "" : "/", name);
    if (path != NULL) {
        /* One byte more than the text: an empty path becomes ".". */
        path[strlen(path) - 1] = '\0';
        path_clean_text(path);
    }
    return path;
}

const char *path_dir(struct loader *loader, const char *path, struct bulla_error *err)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL) {
        return ".";
    }
    return slash == path ? "/" : pool_strndup(loader->pool, path, (size_t)(slash - path), err);
}

const char *path_absolute(struct loader *loader, const char *path, struct bulla_error *err)
{
    if (path[0] == '/') {
        return path;
    }
    bulla_auto_str here = realpath(".", NULL);
    return path_clean(loader, here != NULL ? here : ".", path, err);
}

/* How many bytes A and B share up to a whole component of both. */
static size_t shared_folders(const char *a, const char *b)
{
    size_t shared = 0;
    size_t i = 0;
    for (; a[i] != '\0' && a[i] == b[i]; i++) {
        shared = a[i] == '/' ? i : shared;
    }
    return (a[i] == '\0' && b[i] == '/') ? i : shared;
}

const char *display_name(struct loader *loader, const char *path)
{
    const size_t most_steps = 3;
    const char *cwd = loader->cwd;
    size_t shared = shared_folders(cwd, path);
    if (cwd[0] != '/' || path[0] != '/' || shared == 0 || path[shared] == '\0') {
        return path;
    }
    size_t steps = 0;
    for (const char *rest = cwd + shared; *rest != '\0'; rest++) {
        steps += *rest == '/' ? 1 : 0;
    }
    if (steps == 0) {
        return path + shared + 1;
    }
    struct bulla_error err = BULLA_ERROR_INIT;
    const char *name = steps > most_steps
                           ? NULL
                           : pool_printf(loader->pool, &err, "%.*s%s", (int)(steps * 3),
                                         "../../../", path + shared + 1);
    /* The whole path says the same. */
    return name != NULL ? name : path;
}

static bool add_found(struct loader *loader, struct found *found, const char *name,
                      const char *path, struct bulla_error *err)
{
    const char *copy = pool_strdup(loader->pool, name, err);
    return copy != NULL && path != NULL && list_add_text(&found->paths, path, err) &&
           list_add_text(&found->names, copy, err);
}

bool split_compose_file(struct loader *loader, struct scope *scope, struct found *found,
                        struct bulla_bytes value, struct bulla_error *err)
{
    struct bulla_bytes separator = bulla_bytes(NULL, 0);
    if (scope_lookup(scope, bulla_bytes_of("COMPOSE_PATH_SEPARATOR"), &separator) !=
            BULLA_LOOKUP_SET ||
        separator.len == 0) {
        separator = bulla_bytes_of(":");
    }
    for (size_t at = 0;;) {
        const uint8_t *hit =
            at < value.len ? memmem(value.data + at, value.len - at, separator.data, separator.len)
                           : NULL;
        size_t end = hit != NULL ? (size_t)(hit - value.data) : value.len;
        const char *name = pool_strndup(loader->pool, value.data + at, end - at, err);
        if (name == NULL ||
            !add_found(loader, found, name, path_clean(loader, loader->cwd, name, err), err)) {
            return false;
        }
        if (hit == NULL) {
            return true;
        }
        at = end + separator.len;
    }
}

/* The first of NAMES in DIRECTORY, and whether there are more. */
static bool find_name(struct loader *loader, const char *directory, const char *const *names,
                      const char **ret_path, const char **ret_name, const char **ret_other,
                      struct bulla_error *err)
{
    *ret_path = NULL;
    *ret_other = NULL;
    for (; *names != NULL; names++) {
        const char *path = path_clean(loader, directory, *names, err);
        if (path == NULL) {
            return false;
        }
        if (!bulla_file_is_regular(path)) {
            continue;
        }
        if (*ret_path != NULL) {
            *ret_other = path;
            return true;
        }
        *ret_path = path;
        *ret_name = *names;
    }
    return true;
}

static bool note_other(struct loader *loader, const char *used, const char *other,
                       struct bulla_error *err)
{
    if (other == NULL) {
        return true;
    }
    const char *name = display_name(loader, other);
    const struct problem problem = {.kind = BULLA_PROBLEM_OTHER_FILES, .name = name};
    return add_problem(loader, &problem, err, "'%s' is used, '%s' is not",
                       display_name(loader, used), name);
}

/* The default file of DIRECTORY and its override; *ret_found is false where there is none. */
static bool find_default(struct loader *loader, struct found *found, const char *directory,
                         const char *prefix, bool *ret_found, struct bulla_error *err)
{
    const char *path = NULL;
    const char *name = NULL;
    const char *other = NULL;
    if (!find_name(loader, directory, compose_default_names, &path, &name, &other, err)) {
        return false;
    }
    *ret_found = path != NULL;
    if (path == NULL) {
        return true;
    }
    const char *shown = pool_printf(loader->pool, err, "%s%s", prefix, name);
    if (shown == NULL || !note_other(loader, path, other, err) ||
        !add_found(loader, found, shown, path, err) ||
        !find_name(loader, directory, override_names, &path, &name, &other, err)) {
        return false;
    }
    if (path == NULL) {
        return true;
    }
    shown = pool_printf(loader->pool, err, "%s%s", prefix, name);
    return shown != NULL && note_other(loader, path, other, err) &&
           add_found(loader, found, shown, path, err);
}

/* What is called otherwise, or lies further down, can be named. */
static bool refuse_missing(struct loader *loader, struct bulla_error *err)
{
    struct bulla_compose_candidates candidates = {NULL, 0};
    if (!bulla_compose_candidates_find(loader->cwd, DEPTH_BELOW, &candidates, err)) {
        return false;
    }
    (void)bulla_error(err, BULLA_E_MISSING, "no compose file in '%s' or above", loader->cwd);
    bool ok = candidates.count > 0 ? bulla_compose_candidates_hint(&candidates, "name it with", err)
                                   : bulla_error_hint(err, "name it with -f FILE");
    bulla_compose_candidates_free(&candidates);
    return ok;
}

static bool search_upwards(struct loader *loader, struct found *found, struct bulla_error *err)
{
    bool done = false;
    if (!find_default(loader, found, loader->cwd, "", &done, err)) {
        return false;
    }
    if (done) {
        return true;
    }
    bulla_auto_str real = realpath(loader->cwd, NULL);
    const char *directory = real != NULL ? pool_strdup(loader->pool, real, err) : NULL;
    const char *prefix = "";
    while (directory != NULL && strcmp(directory, "/") != 0) {
        directory = path_dir(loader, directory, err);
        prefix = pool_printf(loader->pool, err, "../%s", prefix);
        if (directory == NULL || prefix == NULL ||
            !find_default(loader, found, directory, prefix, &done, err)) {
            return false;
        }
        if (done) {
            return true;
        }
    }
    return refuse_missing(loader, err);
}

static bool collect_files(struct loader *loader, struct found *found, struct bulla_error *err)
{
    const struct bulla_project_options *options = loader->options;
    for (size_t i = 0; i < options->file_count; i++) {
        const char *path = path_clean(loader, loader->cwd, options->files[i], err);
        if (!add_found(loader, found, options->files[i], path, err)) {
            return false;
        }
    }
    if (options->file_count > 0) {
        return true;
    }
    struct bulla_bytes value = bulla_bytes(NULL, 0);
    enum bulla_lookup_state state =
        scope_lookup(loader->scope, bulla_bytes_of("COMPOSE_FILE"), &value);
    if (state == BULLA_LOOKUP_EMPTY) {
        (void)bulla_error(err, BULLA_E_INVALID, "COMPOSE_FILE is set but empty");
        return bulla_error_hint(err, "unset it, or name the compose files with -f");
    }
    if (state == BULLA_LOOKUP_SET && value.len > 0) {
        return split_compose_file(loader, loader->scope, found, value, err);
    }
    return search_upwards(loader, found, err);
}

bool find_files(struct loader *loader, struct found *found, struct bulla_error *err)
{
    if (!collect_files(loader, found, err)) {
        return false;
    }
    const char *chosen = loader->options->project_directory;
    found->directory = chosen != NULL ? path_clean(loader, loader->cwd, chosen, err)
                                      : path_dir(loader, found->paths.items[0], err);
    return found->directory != NULL;
}
