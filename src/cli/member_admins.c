#include "member_admins.h"

#include "message.h"

#define LIST_BYTES ((size_t)64 * 1024)

static enum bulla_member_role role_of(const struct bulla_vault *vault, const char *name)
{
    struct bulla_member_info member;
    return name != NULL && bulla_vault_find_member(vault, name, &member) ? member.role : 0;
}

enum member_right member_admins_right(const struct workspace *ws, const char *name,
                                      enum bulla_member_role role)
{
    const char *me = ws->identities != NULL ? bulla_vault_me(ws->vault) : NULL;
    enum bulla_member_role mine = role_of(ws->vault, me);
    enum bulla_member_role his = role_of(ws->vault, name);
    if (his == BULLA_MEMBER_OWNER && role != BULLA_MEMBER_OWNER) {
        return MEMBER_RIGHT_NOBODYS;
    }
    if (his >= BULLA_MEMBER_ADMIN || role >= BULLA_MEMBER_ADMIN) {
        return mine == BULLA_MEMBER_OWNER ? MEMBER_RIGHT_MINE : MEMBER_RIGHT_OWNERS;
    }
    return mine >= BULLA_MEMBER_ADMIN ? MEMBER_RIGHT_MINE : MEMBER_RIGHT_ADMINS;
}

bool member_admins_hint(const struct workspace *ws, enum member_right right, const char *deed,
                        struct bulla_error *err)
{
    char flag[48];
    bulla_auto_buf names;
    bulla_buf_init(&names, LIST_BYTES);
    enum bulla_member_role least =
        right == MEMBER_RIGHT_ADMINS ? BULLA_MEMBER_ADMIN : BULLA_MEMBER_OWNER;
    if (right == MEMBER_RIGHT_NOBODYS) {
        message_hint(ws->in,
                     "he makes somebody else the owner there first: bulla recipient add NAME%s "
                     "--role owner",
                     workspace_env_flag(ws, flag));
        return true;
    }
    for (size_t i = 0; i < bulla_vault_member_count(ws->vault); i++) {
        struct bulla_member_info member;
        bulla_vault_member(ws->vault, i, &member);
        if (member.role >= least) {
            bulla_buf_printf(&names, "%s%s", names.len > 0 ? ", " : "", member.name);
        }
    }
    const char *text = bulla_buf_text(&names, err);
    if (text != NULL) {
        message_hint(ws->in, "who may %s there: %s", deed, text);
    }
    return text != NULL;
}
