/* Writing what settles contested names. */
#ifndef BULLA_CLI_SETTLING_H
#define BULLA_CLI_SETTLING_H

#include "candidates.h"
#include "workspace.h"

/*
 * Sets NAME to VALUE, which everybody has from now on, and says so; the vault is not committed.
 * BULLA_E_REFUSED for what value_input_fault finds, and what bulla_vault_set gives.
 */
BULLA_MUST_CHECK bool settling_write(struct workspace *ws, const char *name,
                                     struct bulla_bytes value, const struct bulla_set_options *set,
                                     struct bulla_error *err);

/* The same with the value that all branches have, CANDIDATE's; WHY or NULL. */
BULLA_MUST_CHECK bool settling_write_equal(struct workspace *ws, const char *name,
                                           const struct candidate *candidate, const char *why,
                                           struct bulla_error *err);

/*
 * All contested names: settles those whose branches have the same value, commits, and shows the
 * others. BULLA_E_REFUSED where there are such.
 */
BULLA_MUST_CHECK bool settling_write_all(struct workspace *ws, const char *why,
                                         struct bulla_error *err);

#endif
