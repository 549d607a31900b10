/* The other environments of a contract, where the key at hand opens their vaults: for `check`. */
#ifndef BULLA_CLI_OTHERS_H
#define BULLA_CLI_OTHERS_H

#include "workspace.h"

struct others {
    struct other *items; /* private */
    struct bulla_check_other *rows;
    size_t count;
};

/*
 * Opens what can be opened of the environments beside WS's own, whose vault has to be open; none
 * where that has no key. A vault that is not there, not trusted yet or not for this key is left
 * out, and nobody is asked. BULLA_E_NOMEM. Release it in every case, before the workspace.
 */
BULLA_MUST_CHECK bool others_open(struct others *ret, const struct workspace *ws,
                                  struct bulla_error *err);
void others_release(struct others *others);

#endif
