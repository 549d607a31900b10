/* Who may change the members of a vault. */
#ifndef BULLA_CLI_MEMBER_ADMINS_H
#define BULLA_CLI_MEMBER_ADMINS_H

#include "workspace.h"

/* Whose it is to change somebody (docs/vault.5.md, 8). */
enum member_right {
    MEMBER_RIGHT_MINE,   /* the identity at hand may */
    MEMBER_RIGHT_ADMINS, /* an admin or the owner, and that is somebody else */
    MEMBER_RIGHT_OWNERS, /* he is, or would be, an admin or the owner: the owner alone */
    MEMBER_RIGHT_NOBODYS /* he is the owner, and hands over first */
};

/* Whose it is to make ROLE (0: no member) of NAME in the vault, which is open. */
enum member_right member_admins_right(const struct workspace *workspace, const char *name,
                                      enum bulla_member_role role);

/*
 * Below a warning that NAME stays what he is, as RIGHT is not MINE: a hint who may do the DEED
 * ("remove him"). BULLA_E_NOMEM, BULLA_E_LIMIT.
 */
BULLA_MUST_CHECK bool member_admins_hint(const struct workspace *workspace, enum member_right right,
                                         const char *deed, struct bulla_error *err);

#endif
