/* What adding somebody, or giving him another role or other keys, changes in one vault. */
#ifndef BULLA_CLI_MEMBER_PLAN_H
#define BULLA_CLI_MEMBER_PLAN_H

#include "workspace.h"

enum member_change {
    MEMBER_CHANGE_NONE,
    MEMBER_CHANGE_ADD,
    MEMBER_CHANGE_ROLE,
    MEMBER_CHANGE_KEYS
};

/* Borrowed from the vault and the request. */
struct member_plan {
    enum member_change change;
    struct bulla_member_info member; /* as he is */
    enum bulla_member_role role;
    const char *recipient, *sign;
};

/*
 * What KEYS (recipient "": the member's own) and ROLE (0: the same, a new member reads) make of the
 * vault of WORKSPACE, which is open. BULLA_E_REFUSED.
 */
BULLA_MUST_CHECK bool member_plan_make(const struct workspace *workspace,
                                       const struct bulla_member_request *keys,
                                       enum bulla_member_role role, struct member_plan *plan,
                                       struct bulla_error *err);

#endif
