/* The other environments of a contract, where the key at hand opens their vaults: for `check`. */
#ifndef BULLA_CLI_OTHERS_H
#define BULLA_CLI_OTHERS_H

#include "workspace.h"

struct others {
    struct bulla_check_other *rows;
    size_t count;
};

/*
 * Opens what can be opened of the environments beside WS's own, whose vault has to be open and
 * whose VALUES are compared with theirs (B309); none where it has no key, nothing to compare, or
 * where the contract does not want to know; those
 * that are rendered to the same file in every case. A vault that is not there, not trusted yet or
 * not for this key is left out. Nobody is asked: a key that needs a passphrase, a touch or a plugin
 * opens none of them. BULLA_E_NOMEM. Release it in every case, before the workspace.
 */
BULLA_MUST_CHECK bool others_open(struct others *ret, struct workspace *ws,
                                  const struct bulla_values *values, struct bulla_error *err);
void others_release(struct others *others);

/*
 * *RET_VAULT is the vault of ENVIRONMENT, one of WS's contract, where WS's identities open it
 * without asking anybody; else NULL. The caller closes it. BULLA_E_NOMEM.
 */
BULLA_MUST_CHECK bool others_open_vault(struct workspace *ws,
                                        const struct bulla_environment *environment,
                                        struct bulla_vault **ret_vault, struct bulla_error *err);

#endif
