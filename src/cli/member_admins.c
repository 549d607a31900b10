#include "member_admins.h"

bool member_admins_has_me(const struct workspace *ws)
{
    struct bulla_member_info member;
    const char *me = ws->identities != NULL ? bulla_vault_me(ws->vault) : NULL;
    return me != NULL && bulla_vault_find_member(ws->vault, me, &member) &&
           member.role >= BULLA_MEMBER_ADMIN;
}

void member_admins_put(const struct bulla_vault *vault, struct bulla_buf *names)
{
    for (size_t i = 0; i < bulla_vault_member_count(vault); i++) {
        struct bulla_member_info member;
        bulla_vault_member(vault, i, &member);
        if (member.role >= BULLA_MEMBER_ADMIN) {
            bulla_buf_printf(names, "%s%s", names->len > 0 ? ", " : "", member.name);
        }
    }
}

bool member_admins_reopen(struct workspace *ws, struct bulla_error *err)
{
    struct bulla_vault_place place = workspace_place(ws);
    bulla_vault_close(ws->vault);
    ws->vault = bulla_vault_open(&place, BULLA_VAULT_WRITE, err);
    return ws->vault != NULL;
}
