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
 * Does STEP in the environments that WHICH says; one that the contract lacks is taken as protected.
 * BULLA_E_USAGE where -e is given with all, BULLA_E_MISSING where none has a vault, BULLA_E_LIMIT
 * and BULLA_E_IO where not every vault can be found, and what STEP gives.
 */
BULLA_MUST_CHECK bool environments_each(const struct invocation *in, enum environments_which which,
                                        environment_step *step, void *ctx, struct bulla_error *err);

/* True in the vault of an environment that the contract does not have. */
bool environments_is_left(const struct workspace *workspace);

/*
 * After a failure in a step: true where it is no more than a file's that lies there though the
 * contract does not name it, which must not stop what is done elsewhere. ERR is cleared then, and
 * with SAYS there is a warning with path and reason.
 */
bool environments_pass_over(const struct workspace *workspace, bool says, struct bulla_error *err);

#endif
