/* The contract and one environment's vault as they were in a commit: to look at, never to write. */
#ifndef BULLA_CLI_REVISION_H
#define BULLA_CLI_REVISION_H

#include "git_objects.h"
#include "record_words.h"
#include "secrets.h"

struct revision {
    const char *name; /* as messages call it; borrowed */
    char commit[65];  /* "": the work tree */
    struct bulla_buf text;
    struct bulla_contract *contract; /* NULL: not there */
    struct bulla_vault *vault;       /* NULL: not there */
};

/*
 * As the commit that NAME means has them. The vault has to verify and, where ROOT is not NULL, to
 * have that root; nothing is remembered of it. BULLA_E_USAGE for no commit, BULLA_E_MISSING outside
 * of a git work tree, and what reading gives. Release it in every case.
 */
BULLA_MUST_CHECK bool revision_open(struct revision *ret, const struct workspace *ws,
                                    const char *name, const char *root, struct bulla_error *err);

/* The same of the work tree. */
BULLA_MUST_CHECK bool revision_open_here(struct revision *ret, const struct workspace *ws,
                                         const char *root, struct bulla_error *err);

void revision_release(struct revision *revision);

#endif
