/* Who may change the members of a vault. */
#ifndef BULLA_CLI_MEMBER_ADMINS_H
#define BULLA_CLI_MEMBER_ADMINS_H

#include "workspace.h"

/* True where the identity at hand is an admin's or the owner's; the vault is open. */
bool member_admins_has_me(const struct workspace *workspace);

/* Appends who may, ", " between. */
void member_admins_put(const struct bulla_vault *vault, struct bulla_buf *names);

/* The vault that was opened to be read, for writing. What bulla_vault_open gives. */
BULLA_MUST_CHECK bool member_admins_reopen(struct workspace *workspace, struct bulla_error *err);

#endif
