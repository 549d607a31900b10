/*
 * A compose file below the folder of bulla.ini that is none of its stack's: in a monorepo the
 * nearest bulla.ini may be another stack's.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "env.h"
#include "message.h"
#include "workspace.h"

/* What is looked for among the compose files of a contract. */
struct sought {
    const char *path;
    bool is_folder; /* any file in it will do */
};

static bool matches(const struct sought *sought, const char *file, bool *ret_does,
                    struct bulla_error *err)
{
    bulla_auto_str folder = sought->is_folder ? bulla_path_dir(file, err) : NULL;
    if (sought->is_folder && folder == NULL) {
        return false;
    }
    *ret_does = bulla_file_is_same(sought->is_folder ? folder : file, sought->path);
    return true;
}

/* By what the contract says alone. */
static bool is_named(const struct workspace *ws, const struct sought *sought, bool *ret_is,
                     struct bulla_error *err)
{
    const struct bulla_environment *environment = ws->environment;
    for (size_t i = 0; environment->compose[i] != NULL && !*ret_is; i++) {
        bulla_auto_str path = bulla_path_resolve(ws->root, environment->compose[i], err);
        if (path == NULL || !matches(sought, path, ret_is, err)) {
            return false;
        }
    }
    if (environment->project_directory == NULL || *ret_is || !sought->is_folder) {
        return true;
    }
    bulla_auto_str folder = bulla_path_resolve(ws->root, environment->project_directory, err);
    *ret_is = folder != NULL && bulla_file_is_same(folder, sought->path);
    return folder != NULL;
}

static bool is_compose_file(const struct bulla_project_file *file)
{
    return file->kind == BULLA_PROJECT_COMPOSE || file->kind == BULLA_PROJECT_INCLUDED ||
           file->kind == BULLA_PROJECT_EXTENDED;
}

/* By what these files include, or Compose finds. */
static bool is_loaded(const struct workspace *ws, const struct sought *sought, bool *ret_is,
                      struct bulla_error *err)
{
    bulla_auto_project project = workspace_load_project(ws, NULL, NULL, err);
    if (project == NULL) {
        bool is_none = err->code == BULLA_E_MISSING && ws->environment->compose[0] == NULL;
        if (is_none) {
            bulla_error_clear(err);
        }
        return is_none || bulla_error_while(err, "reading the stack of %s", ws->contract_path);
    }
    for (size_t i = 0; i < project->file_count && !*ret_is; i++) {
        const struct bulla_project_file *file = project->files[i];
        if (is_compose_file(file) && !matches(sought, file->path, ret_is, err)) {
            return false;
        }
    }
    return true;
}

/* In any environment: first by the contract, as loading takes longer. */
static bool is_of_stack(const struct workspace *ws, const struct sought *sought, bool *ret_is,
                        struct bulla_error *err)
{
    struct invocation bare = *ws->in;
    struct workspace each = *ws;
    size_t count = bulla_contract_environment_count(ws->contract);
    bool ok = true;
    bare.global.files = (struct string_list){NULL, 0, 0};
    each.in = &bare;
    *ret_is = false;
    for (size_t i = 0; ok && i < count && !*ret_is; i++) {
        each.environment = bulla_contract_environment(ws->contract, i);
        ok = is_named(&each, sought, ret_is, err);
    }
    for (size_t i = 0; ok && i < count && !*ret_is; i++) {
        each.environment = bulla_contract_environment(ws->contract, i);
        ok = is_loaded(&each, sought, ret_is, err);
    }
    return ok;
}

bool workspace_has_compose_file(const struct workspace *ws, const char *path, bool *ret_has,
                                struct bulla_error *err)
{
    const struct sought sought = {path, false};
    return is_of_stack(ws, &sought, ret_has, err);
}

/* As -f names it, with the links of its folder followed; NULL where none is there. */
static bool find_given(const char *name, char **ret_file, struct bulla_error *err)
{
    bulla_auto_str folder = bulla_path_dir(name, err);
    bulla_auto_str real = folder != NULL ? realpath(folder, NULL) : NULL;
    if (real == NULL || !bulla_file_is_regular(name)) {
        return folder != NULL;
    }
    *ret_file = bulla_path_join(real, bulla_path_base(name), err);
    return *ret_file != NULL;
}

/* The file of a default name that lies nearest, up to ROOT. */
static bool find_nearest(const char *root, char **ret_file, struct bulla_error *err)
{
    bulla_auto_str folder = getcwd(NULL, 0);
    if (folder == NULL) {
        return bulla_error_sys(err, NULL, "cannot tell which folder this is");
    }
    while (workspace_below(folder, root) != NULL) {
        for (const char *const *name = bulla_compose_default_names(); *name != NULL; name++) {
            bulla_auto_str path = bulla_path_join(folder, *name, err);
            if (path == NULL) {
                return false;
            }
            if (bulla_file_is_regular(path)) {
                *ret_file = BULLA_STEAL(path);
                return true;
            }
        }
        char *above = bulla_path_dir(folder, err);
        if (above == NULL) {
            return false;
        }
        bulla_free(folder);
        folder = above;
    }
    return true;
}

/* The file that Compose would be about, below ROOT and not in it; else NULL. */
static bool find_candidate(const struct invocation *in, const char *root, char **ret_file,
                           struct bulla_error *err)
{
    const struct string_list *files = &in->global.files;
    bulla_auto_str file = NULL;
    *ret_file = NULL;
    if (files->count == 0 && env_lookup("COMPOSE_FILE") != NULL) {
        return true;
    }
    if (!(files->count > 0 ? find_given(files->items[0], &file, err)
                           : find_nearest(root, &file, err))) {
        return false;
    }
    const char *rest = file != NULL ? workspace_below(file, root) : NULL;
    if (rest != NULL && strchr(rest, '/') != NULL) {
        *ret_file = BULLA_STEAL(file);
    }
    return true;
}

bool workspace_find_apart(const struct workspace *ws, char **ret_file, struct bulla_error *err)
{
    bulla_auto_str file = NULL;
    *ret_file = NULL;
    if (!find_candidate(ws->in, ws->root, &file, err) || file == NULL) {
        return err->code == BULLA_OK;
    }
    bulla_auto_str folder = bulla_path_dir(file, err);
    const struct sought sought = {folder, true};
    bool is_ours = false;
    if (folder == NULL || !is_of_stack(ws, &sought, &is_ours, err)) {
        return false;
    }
    *ret_file = is_ours ? NULL : BULLA_STEAL(file);
    return true;
}

static void warn(const struct workspace *ws, const char *file)
{
    struct bulla_error ignored = BULLA_ERROR_INIT;
    bulla_auto_str name = workspace_path_in_root(ws, workspace_below(file, ws->root), &ignored);
    bulla_auto_str folder = name != NULL ? bulla_path_dir(name, &ignored) : NULL;
    bulla_auto_str word = folder != NULL ? bulla_word(folder, &ignored) : NULL;
    if (word == NULL) {
        return;
    }
    bool is_here = strcmp(folder, ".") == 0;
    message_warn(ws->in, "'%s' is no part of %s, which is taken here", name, ws->contract_path);
    message_hint(ws->in, "a stack of its own: bulla %s%s%sinit", is_here ? "" : "-C ",
                 is_here ? "" : word, is_here ? "" : " ");
}

void workspace_warn_apart(const struct invocation *in)
{
    struct bulla_error ignored = BULLA_ERROR_INIT;
    bulla_auto_str root = NULL;
    bulla_auto_str file = NULL;
    /* Nearly always there is none, and the contract need not be read twice. */
    if (!workspace_find(in, &root, &ignored) || !find_candidate(in, root, &file, &ignored) ||
        file == NULL) {
        return;
    }
    struct invocation any = *in;
    any.global.environment = NULL;
    auto_workspace ws;
    bulla_auto_str apart = NULL;
    if (workspace_open(&ws, &any, &ignored) && workspace_find_apart(&ws, &apart, &ignored) &&
        apart != NULL) {
        warn(&ws, apart);
    }
}
