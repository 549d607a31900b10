/* The files of a workspace, as they are named and opened from the working directory. */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "workspace.h"

#define PATH_BYTES 8192

/* Where ONE and OTHER, both absolute, stop having the same folders: at a '/' or the end of ONE. */
static size_t shared_folders(const char *one, const char *other)
{
    size_t shared = 0;
    for (size_t i = 0;; i++) {
        bool is_end = one[i] == '\0' || one[i] == '/';
        if (is_end && (other[i] == '\0' || other[i] == '/')) {
            shared = i;
        }
        if (one[i] != other[i] || one[i] == '\0') {
            return shared;
        }
    }
}

/*
 * The absolute TO as one would name it from the working directory, which has no links in it: with
 * steps up no further than the project's folder, and as it is where that does not reach it.
 */
static char *relative_to_here(const struct workspace *ws, const char *to, struct bulla_error *err)
{
    bulla_auto_str here = getcwd(NULL, 0);
    if (here == NULL) {
        (void)bulla_error_sys(err, NULL, "cannot tell which folder this is");
        return NULL;
    }
    size_t shared = shared_folders(here, to);
    bool is_near = here[shared] == '\0' || shared >= strlen(ws->root);
    if (shared == 0 || to[shared] == '\0' || !is_near) {
        return bulla_strdup(to, err);
    }
    bulla_auto_buf name;
    bulla_buf_init(&name, PATH_BYTES);
    for (const char *at = here + shared; *at != '\0'; at++) {
        bulla_buf_puts(&name, *at == '/' ? "../" : "");
    }
    bulla_buf_puts(&name, to + shared + 1);
    const char *text = bulla_buf_text(&name, err);
    return text != NULL ? bulla_strdup(text, err) : NULL;
}

const char *workspace_below(const char *path, const char *folder)
{
    size_t len = strlen(folder);
    len -= len == 1 ? 1 : 0; /* "/" */
    return strncmp(path, folder, len) == 0 && path[len] == '/' ? path + len + 1 : NULL;
}

char *workspace_path_in_root(const struct workspace *ws, const char *name, struct bulla_error *err)
{
    bulla_auto_str path = bulla_path_join(ws->root, name, err);
    return path != NULL ? relative_to_here(ws, path, err) : NULL;
}

char *workspace_vault_path(const struct workspace *ws, const struct bulla_environment *environment,
                           struct bulla_error *err)
{
    bulla_auto_str name =
        bulla_asprintf(err, WORKSPACE_VAULT_FOLDER "/%s.vault", environment->name);
    return name != NULL ? workspace_path_in_root(ws, name, err) : NULL;
}

/* The project directory as the contract alone tells it: what Compose would choose. */
static char *contract_directory(const struct workspace *ws, struct bulla_error *err)
{
    const struct bulla_environment *environment = ws->environment;
    if (environment->project_directory != NULL) {
        return bulla_path_join(ws->root, environment->project_directory, err);
    }
    if (environment->compose == NULL || environment->compose[0] == NULL) {
        return bulla_strdup(ws->root, err);
    }
    bulla_auto_str folder = bulla_path_dir(environment->compose[0], err);
    if (folder == NULL) {
        return NULL;
    }
    return strcmp(folder, ".") == 0 ? bulla_strdup(ws->root, err)
                                    : bulla_path_join(ws->root, folder, err);
}

char *workspace_project_path(const struct workspace *ws, const char *name, struct bulla_error *err)
{
    bulla_auto_str folder = contract_directory(ws, err);
    bulla_auto_str path = folder != NULL ? bulla_path_resolve(folder, name, err) : NULL;
    return path != NULL ? relative_to_here(ws, path, err) : NULL;
}

char *workspace_project_path_in_root(const struct workspace *ws, const char *name,
                                     struct bulla_error *err)
{
    bulla_auto_str folder = contract_directory(ws, err);
    bulla_auto_str path = folder != NULL ? bulla_path_resolve(folder, name, err) : NULL;
    if (path == NULL) {
        return NULL;
    }
    const char *rest = workspace_below(path, ws->root);
    return bulla_strdup(rest != NULL ? rest : path, err);
}
