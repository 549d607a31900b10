/* One piece of work in one environment, or in every one that has a vault. */
#ifndef BULLA_CLI_ENVIRONMENTS_H
#define BULLA_CLI_ENVIRONMENTS_H

#include "workspace.h"

/* What is done in one environment: WORKSPACE is open but for its vault. */
typedef bool environment_step(void *ctx, struct workspace *workspace, struct bulla_error *err);

enum environments_which {
    ENVIRONMENTS_ONE,       /* that of -e */
    ENVIRONMENTS_ALL,       /* each of the contract that has a vault */
    ENVIRONMENTS_ALL_VAULTS /* and each vault that lies there though the contract lacks it */
};

/*
 * Does STEP in the environments that WHICH says. BULLA_E_USAGE where -e is given with all,
 * BULLA_E_MISSING where none has a vault, and what STEP gives.
 */
BULLA_MUST_CHECK bool environments_each(const struct invocation *in, enum environments_which which,
                                        environment_step *step, void *ctx, struct bulla_error *err);

/* True in the vault of an environment that the contract does not have. */
bool environments_is_left(const struct workspace *workspace);

#endif
