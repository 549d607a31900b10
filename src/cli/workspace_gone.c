/* A vault that is not there: one that was never made, or one that is lost. */
#include "git.h"
#include "workspace.h"

bool workspace_knew_vault(const struct workspace *ws, const char *path, bool *ret_knew,
                          struct bulla_error *err)
{
    struct bulla_vault_place place = workspace_place(ws);
    place.path = path;
    return bulla_vault_was_here(&place, ret_knew, err);
}

bool workspace_refuse_no_vault(const struct workspace *ws, const char *environment,
                               const char *path, struct bulla_error *err)
{
    bool knew = false;
    if (!workspace_knew_vault(ws, path, &knew, err)) {
        return false;
    }
    (void)bulla_error(err, BULLA_E_MISSING, "environment '%s' has no vault: %s is not there",
                      environment, path);
    bulla_auto_str word = git_path_word(path, err);
    if (word == NULL) {
        return false;
    }
    return knew ? bulla_error_hint(
                      err, "where git has it, git restore %s brings it back; else put back a copy",
                      word)
                : bulla_error_hint(err, "bulla init makes it; where git has it: git restore %s",
                                   word);
}
