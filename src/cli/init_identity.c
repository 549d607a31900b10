/* The identity: the one at hand, or a new one. */
#include <stdio.h>
#include <sys/stat.h>

#include "age_host.h"
#include "init.h"
#include "process.h"

mode_t init_public_mode(const struct init *init, mode_t mode)
{
    return mode & ~init->in->process->umask;
}

bool init_hint_request(const struct init *init, const char *before, struct bulla_error *err)
{
    bulla_auto_buf option;
    bulla_buf_init(&option, 1024);
    if (init->name != NULL) {
        bulla_buf_puts(&option, " --name ");
        bulla_buf_put_word(&option, init->name);
    }
    const char *text = bulla_buf_text(&option, err);
    return text != NULL &&
           bulla_error_hint(err, "%ssend what 'bulla recipient request%s' prints to a member",
                            before, text);
}

/* A new identity opens none of the vaults that are there. */
static bool refuse_stranger(const struct init *init, struct bulla_error *err)
{
    for (size_t i = 0; i < bulla_contract_environment_count(init->planned); i++) {
        char name[BULLA_MAX_MEMBER_BYTES + 32];
        (void)snprintf(name, sizeof name, WORKSPACE_VAULT_FOLDER "/%s.vault",
                       bulla_contract_environment(init->planned, i)->name);
        bulla_auto_str path = bulla_path_join(init->root, name, err);
        if (path == NULL) {
            return false;
        }
        if (bulla_file_is_regular(path)) {
            (void)bulla_error_at(err, BULLA_E_IDENTITY, path, (struct bulla_pos){0, 0},
                                 "no identity is here that opens this vault");
            return init_hint_request(init, "'bulla identity new' makes one; then ", err);
        }
    }
    return true;
}

bool init_identity(struct init *init, struct bulla_error *err)
{
    if (!workspace_check_blank(init->in, err)) {
        return false;
    }
    struct workspace ws = {.in = init->in};
    bool ok = workspace_read_identity(&ws, WORKSPACE_KEY_OPTIONAL, err);
    bool found = ws.identities != NULL;
    init->identity_path = BULLA_STEAL(ws.identity_name);
    workspace_release(&ws);
    if (!ok || found) {
        return ok;
    }
    if (!refuse_stranger(init, err)) {
        return false;
    }
    if (init->identity_path == NULL) {
        (void)bulla_error(err, BULLA_E_IDENTITY, "without HOME there is no place for an identity");
        return bulla_error_hint(err, "set HOME, or name an identity file with --identity");
    }
    bulla_buf_init_secret(&init->identity, BULLA_MAX_IDENTITY_BYTES);
    if (!bulla_identity_new(init->now, &init->identity, NULL, err)) {
        return false;
    }
    init->made_identity = true;
    return true;
}

bool init_write_identity(struct init *init, struct bulla_error *err)
{
    if (init->identity.len == 0) {
        return true;
    }
    bulla_auto_str folder = bulla_path_dir(init->identity_path, err);
    if (folder == NULL || !bulla_dir_make(folder, 0700, err) ||
        !bulla_file_create(init->identity_path, 0600, bulla_buf_view(&init->identity), err)) {
        /* Another init may have made one meanwhile. */
        return err->code == BULLA_E_REFUSED ? bulla_error_hint(err, "run this again")
                                            : workspace_hint_identity(err);
    }
    bulla_buf_release(&init->identity);
    return true;
}

bool init_lend_identity(const struct init *init, struct workspace *ws, struct bulla_error *err)
{
    if (init->identity.len == 0) {
        return true;
    }
    ws->age_host = age_host(ws->in);
    ws->identities = bulla_identities_new(&ws->age_host, err);
    ws->identity_name = bulla_strdup(init->identity_path, err);
    return ws->identities != NULL && ws->identity_name != NULL &&
           bulla_identities_add(ws->identities, bulla_buf_view(&init->identity),
                                init->identity_path, err);
}
