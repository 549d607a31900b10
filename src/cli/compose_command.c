#include "compose_command.h"

#include <string.h>

static void put_option(struct bulla_buf *line, const char *option, const char *value)
{
    bulla_buf_printf(line, " %s ", option);
    bulla_buf_put_word(line, value);
}

/* The folder of bulla.ini from where we are: "." or steps up; owned. */
static char *root_from_here(const struct workspace *ws, struct bulla_error *err)
{
    bulla_auto_str inside = workspace_path_in_root(ws, "bulla.ini", err);
    return inside != NULL ? bulla_path_dir(inside, err) : NULL;
}

/* OPTION with NAME, which is from the folder ROOT of bulla.ini. */
static bool put_path(struct bulla_buf *line, const struct workspace *ws, const char *root,
                     const char *option, const char *name, struct bulla_error *err)
{
    bool is_here = strcmp(root, ".") == 0;
    bulla_auto_str path = is_here ? bulla_strdup(name, err) : workspace_path_in_root(ws, name, err);
    if (path == NULL) {
        return false;
    }
    put_option(line, option, path);
    return true;
}

static bool put_files(struct bulla_buf *line, const struct workspace *ws, const char *root,
                      struct bulla_error *err)
{
    const struct bulla_environment *environment = ws->environment;
    const struct string_list *files = &ws->in->global.files;
    bool is_named = files->count > 0 || environment->compose[0] != NULL;
    if (environment->project_directory != NULL) {
        if (!put_path(line, ws, root, "--project-directory", environment->project_directory, err)) {
            return false;
        }
    } else if (!is_named && strcmp(root, ".") != 0) {
        /* Else a compose file that lies nearer would be taken. */
        put_option(line, "--project-directory", root);
    }
    for (size_t i = 0; i < files->count; i++) {
        put_option(line, "-f", files->items[i]);
    }
    for (size_t i = 0; files->count == 0 && environment->compose[i] != NULL; i++) {
        if (!put_path(line, ws, root, "-f", environment->compose[i], err)) {
            return false;
        }
    }
    return true;
}

bool compose_command_put(struct bulla_buf *line, const struct workspace *ws, bool is_rendered,
                         struct bulla_error *err)
{
    const struct bulla_environment *environment = ws->environment;
    bulla_auto_str root = root_from_here(ws, err);
    bulla_auto_str env_file =
        root != NULL ? workspace_project_path(ws, environment->output, err) : NULL;
    if (env_file == NULL) {
        return false;
    }
    bulla_buf_puts(line, "docker compose");
    if (!put_files(line, ws, root, err)) {
        return false;
    }
    for (size_t i = 0; environment->profiles[i] != NULL; i++) {
        put_option(line, "--profile", environment->profiles[i]);
    }
    if (is_rendered && strcmp(environment->output, ".env") != 0) {
        put_option(line, "--env-file", env_file);
    }
    return bulla_buf_ok(line, err);
}
