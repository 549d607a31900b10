/* The identity: the one at hand, or a new one. */
#include <sys/stat.h>

#include "init.h"
#include "process.h"

mode_t init_public_mode(const struct init *init, mode_t mode)
{
    return mode & ~init->in->process->umask;
}

bool init_identity(struct init *init, struct bulla_error *err)
{
    struct workspace ws = {.in = init->in};
    bool ok = workspace_read_identity(&ws, WORKSPACE_KEY_OPTIONAL, err);
    bool found = ws.identities != NULL;
    init->identity_path = BULLA_STEAL(ws.identity_name);
    workspace_release(&ws);
    if (!ok || found) {
        return ok;
    }
    if (init->identity_path == NULL) {
        (void)bulla_error(err, BULLA_E_IDENTITY, "without HOME there is no place for an identity");
        return bulla_error_hint(err, "set HOME, or name an identity file with --identity");
    }
    bulla_auto_str folder = bulla_path_dir(init->identity_path, err);
    bulla_auto_buf text;
    bulla_buf_init_secret(&text, BULLA_MAX_IDENTITY_BYTES);
    if (folder == NULL || !bulla_dir_make(folder, 0700, err) ||
        !bulla_identity_new(init->now, &text, NULL, err) ||
        !bulla_file_create(init->identity_path, 0600, bulla_buf_view(&text), err)) {
        return false;
    }
    init->made_identity = true;
    return true;
}
