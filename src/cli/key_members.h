/* Whose key a recipient is, in any of several vaults. */
#ifndef BULLA_CLI_KEY_MEMBERS_H
#define BULLA_CLI_KEY_MEMBERS_H

#include "bulla/vault.h"

struct key_member {
    char *recipient, *name;
};

struct key_members {
    struct key_member *items;
    size_t count, cap;
};

/* Adds the members of VAULT. BULLA_E_NOMEM. Release them in every case. */
BULLA_MUST_CHECK bool key_members_add(struct key_members *members, const struct bulla_vault *vault,
                                      struct bulla_error *err);
void key_members_release(struct key_members *members);

/* The name of the member with RECIPIENT, borrowed; NULL where there is none, and for "". */
const char *key_members_find(const struct key_members *members, const char *recipient);

#endif
