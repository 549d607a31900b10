/* The halves of `bulla explain` and of the document about rules. */
#ifndef BULLA_CLI_EXPLAIN_H
#define BULLA_CLI_EXPLAIN_H

#include "bulla/check.h"
#include "command.h"

/*
 * Prints what NAME is in this stack. BULLA_E_REFUSED where nothing knows it, and what opening the
 * stack gives.
 */
BULLA_MUST_CHECK bool explain_variable(const struct invocation *in, const char *name,
                                       struct bulla_error *err);

#endif
