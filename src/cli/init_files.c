/* What git has to know: rendered files are ignored, vaults merge by union. */
#include <stdio.h>
#include <string.h>

#include "git_setup.h"
#include "init.h"

static const char vault_ignores[] = "# What a write leaves for a moment.\n*.tmp-*\n";

static bool create_if_missing(const struct init *init, const char *name, const char *text,
                              bool *ret_created, struct bulla_error *err)
{
    bulla_auto_str path = bulla_path_join(init->root, name, err);
    if (path == NULL) {
        return false;
    }
    *ret_created = bulla_file_create(path, init_public_mode(init, 0666), bulla_bytes_of(text), err);
    if (!*ret_created && err->code == BULLA_E_REFUSED && bulla_file_is_regular(path)) {
        bulla_error_clear(err); /* it is there */
        return true;
    }
    return *ret_created;
}

static bool read_ignores(struct init *init, const char *path, struct bulla_error *err)
{
    return bulla_file_check_no_link(path, err) &&
           (!bulla_file_is_regular(path) ||
            bulla_file_read(path, BULLA_MAX_TEXT_BYTES, &init->ignores, err));
}

bool init_ignores(struct init *init, struct bulla_error *err)
{
    bulla_buf_init(&init->ignores, BULLA_MAX_TEXT_BYTES);
    bulla_auto_str path = bulla_path_join(init->root, ".gitignore", err);
    if (path == NULL || !read_ignores(init, path, err)) {
        return false;
    }
    for (size_t i = 0; i < init->environment_count; i++) {
        const struct workspace *ws = &init->environments[i].ws;
        bulla_auto_str output = workspace_project_path_in_root(ws, ws->environment->output, err);
        if (output == NULL) {
            return false;
        }
        /* An output outside the root is somebody else's to ignore. */
        if (output[0] == '/' || strncmp(output, "../", 3) == 0) {
            continue;
        }
        bool is_added = false;
        const char *heading = init->ignored == 0 ? BULLA_IGNORE_HEADING : NULL;
        if (!bulla_ignore_add(&init->ignores, BULLA_IGNORE_GIT, output, heading, &is_added, err)) {
            return false;
        }
        init->ignored += is_added;
    }
    return bulla_buf_ok(&init->ignores, err);
}

static bool write_ignores(struct init *init, struct bulla_error *err)
{
    bulla_auto_str path = bulla_path_join(init->root, ".gitignore", err);
    return path != NULL &&
           (init->ignored == 0 || bulla_file_replace(path, init_public_mode(init, 0666),
                                                     bulla_buf_view(&init->ignores), err));
}

bool init_git_files(struct init *init, struct bulla_error *err)
{
    bool wrote_ignores = false;
    return write_ignores(init, err) &&
           create_if_missing(init, ".bulla/.gitignore", vault_ignores, &wrote_ignores, err) &&
           create_if_missing(init, ".bulla/.gitattributes", GIT_VAULT_ATTRIBUTES,
                             &init->wrote_attributes, err);
}
