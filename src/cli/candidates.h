/* The versions between which a contested name has to be settled, compared without being shown. */
#ifndef BULLA_CLI_CANDIDATES_H
#define BULLA_CLI_CANDIDATES_H

#include "bulla/vault.h"

struct output;

struct candidate {
    struct bulla_version_info version;
    struct bulla_bytes value; /* borrowed from the vault */
    bool sealed;              /* it does not open: no key, or no right text */
    char letter;              /* equal values have one; '?' where sealed */
};

struct candidates {
    struct candidate *items;
    size_t count;
    bool unset; /* a branch took the value away */
    bool equal; /* all branches have the same value */
};

/*
 * Those of the contested NAME: what the branches say, and where none of that counts the newest
 * version that does. BULLA_E_NOMEM, BULLA_E_VERIFY.
 */
BULLA_MUST_CHECK bool candidates_collect(struct candidates *ret, struct bulla_vault *vault,
                                         const char *name, struct bulla_error *err);
void candidates_release(struct candidates *candidates);

/* The table of them. BULLA_E_NOMEM. */
BULLA_MUST_CHECK bool candidates_write(const struct candidates *candidates, const char *name,
                                       struct output *out, struct bulla_error *err);

#define auto_candidates BULLA_AUTO(candidates_release) struct candidates

#endif
