/* How the compose project of a workspace is loaded. */
#include <string.h>
#include <unistd.h>

#include "workspace.h"

static void free_files(const char **paths)
{
    for (size_t i = 0; paths != NULL && paths[i] != NULL; i++) {
        char *path = NULL;
        memcpy(&path, &paths[i], sizeof path);
        bulla_free(path);
    }
    bulla_free(paths);
}

static size_t count_words(const char *const *words)
{
    size_t count = 0;
    while (words != NULL && words[count] != NULL) {
        count++;
    }
    return count;
}

/* Options name files from where we are, the contract from its own folder. NULL for no files. */
static bool absolute_files(const char *const *files, size_t count, const char ***ret_paths,
                           struct bulla_error *err)
{
    *ret_paths = NULL;
    if (count == 0) {
        return true;
    }
    bulla_auto_str here = getcwd(NULL, 0);
    if (here == NULL) {
        return bulla_error_sys(err, NULL, "cannot tell which folder this is");
    }
    const char **paths = bulla_alloc(count + 1, sizeof *paths, err);
    bool ok = paths != NULL;
    for (size_t i = 0; ok && i < count; i++) {
        paths[i] = bulla_path_join(here, files[i], err);
        ok = paths[i] != NULL;
    }
    if (!ok) {
        free_files(paths);
        return false;
    }
    *ret_paths = paths;
    return true;
}

bool workspace_loading_init(struct workspace_loading *ret, const struct workspace *ws,
                            const struct string_list *env_files, struct bulla_error *err)
{
    const struct bulla_environment *environment = ws->environment;
    const struct string_list *files = &ws->in->global.files;
    *ret = (struct workspace_loading){.options = {
                                          .directory = ws->root,
                                          .files = environment->compose,
                                          .file_count = count_words(environment->compose),
                                          .listed = files->count == 0,
                                          .project_directory = environment->project_directory,
                                          .profiles = environment->profiles,
                                          .profile_count = count_words(environment->profiles),
                                          .environment = workspace_env_lookup,
                                          .rendered = environment->output,
                                      }};
    if (!absolute_files(files->items, files->count, &ret->files, err) ||
        (env_files != NULL &&
         !absolute_files(env_files->items, env_files->count, &ret->env_files, err))) {
        return false;
    }
    if (ret->files != NULL) {
        ret->options.files = ret->files;
        ret->options.file_count = files->count;
    }
    if (env_files != NULL && ret->env_files != NULL) {
        ret->options.env_files = ret->env_files;
        ret->options.env_file_count = env_files->count;
    }
    return true;
}

void workspace_loading_release(struct workspace_loading *loading)
{
    free_files(loading->files);
    free_files(loading->env_files);
    *loading = (struct workspace_loading){0};
}

bool workspace_blame_compose(const struct workspace *ws, struct bulla_error *err)
{
    struct bulla_pos pos = ws->environment->compose_pos;
    if (err->code != BULLA_E_MISSING || pos.line == 0 || ws->in->global.files.count > 0) {
        return false;
    }
    return bulla_error_hint(err, "%s:%u names it; put it back, or correct 'compose' there",
                            ws->contract_path, pos.line);
}

const struct bulla_project *workspace_load_project(const struct workspace *ws,
                                                   bulla_lookup_fn values, void *values_ctx,
                                                   struct bulla_error *err)
{
    struct workspace_loading loading;
    const struct bulla_project *project = NULL;
    if (workspace_loading_init(&loading, ws, NULL, err)) {
        loading.options.values = values;
        loading.options.values_ctx = values_ctx;
        project = bulla_project_load(&loading.options, err);
        if (project == NULL) {
            (void)workspace_blame_compose(ws, err);
        }
    }
    workspace_loading_release(&loading);
    return project;
}
