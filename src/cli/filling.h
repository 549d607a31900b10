/* Making the values that a contract can make: what `init` and `fill` share. */
#ifndef BULLA_CLI_FILLING_H
#define BULLA_CLI_FILLING_H

#include "workspace.h"

/*
 * Generates a value for every variable of a generated kind that has none, into the vault that the
 * workspace holds open for WRITE; nothing is committed. *RET_COUNT counts them. With NAMES (NULL or
 * COUNT of them) only those. BULLA_E_* as the vault, the kinds and the contract give.
 */
BULLA_MUST_CHECK bool filling_make(struct workspace *workspace, const char *const *names,
                                   size_t name_count, const char *why, size_t *ret_count,
                                   struct bulla_error *err);

#endif
