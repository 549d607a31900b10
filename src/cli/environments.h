/* One piece of work in one environment, or in every one that has a vault. */
#ifndef BULLA_CLI_ENVIRONMENTS_H
#define BULLA_CLI_ENVIRONMENTS_H

#include "workspace.h"

/* What is done in one environment: WORKSPACE is open but for its vault. */
typedef bool environment_step(void *ctx, struct workspace *workspace, struct bulla_error *err);

/*
 * Does STEP in the environment of -e; with ALL in each of the contract that has a vault.
 * BULLA_E_USAGE where both are given, BULLA_E_MISSING where none has a vault, and what STEP gives.
 */
BULLA_MUST_CHECK bool environments_each(const struct invocation *in, bool all,
                                        environment_step *step, void *ctx, struct bulla_error *err);

#endif
