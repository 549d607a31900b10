/* `diff REV..REV`: what became of one environment's vault and contract between two commits. */
#ifndef BULLA_CLI_DIFF_REVISIONS_H
#define BULLA_CLI_DIFF_REVISIONS_H

#include "command.h"

/*
 * Splits TEXT, which has ".." in it: "A..B", "A..", "..B" (HEAD where a side is left out). Both are
 * owned by the caller. BULLA_E_USAGE for "A...B", BULLA_E_NOMEM.
 */
BULLA_MUST_CHECK bool diff_revisions_split(const char *text, char **ret_from, char **ret_to,
                                           struct bulla_error *err);

/*
 * Prints how the environment that -e names differs between the commits FROM and TO; TO NULL is the
 * work tree. BULLA_E_USAGE where git knows no such commit, BULLA_E_MISSING outside of a work tree
 * and where neither side has the vault, BULLA_E_IO where git fails, and what opening a vault gives.
 */
BULLA_MUST_CHECK bool diff_revisions(const struct invocation *in, const char *from, const char *to,
                                     bool as_json, struct bulla_error *err);

#endif
