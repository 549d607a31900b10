/* The commits that the checked out one is compared with. */
#ifndef BULLA_CLI_GIT_BASES_H
#define BULLA_CLI_GIT_BASES_H

#include "git_blobs.h"

/*
 * Adds the merge bases of the revision and HEAD to the states of SEARCH, whose tree is known.
 * BULLA_E_MISSING where there are none (a shallow clone), BULLA_E_IO where git fails,
 * BULLA_E_NOMEM.
 */
BULLA_MUST_CHECK bool git_find_bases(struct git_search *search, struct bulla_error *err);

/*
 * The same for the parents of each merge that HEAD has and the revision has not. Each commit is a
 * state once, as which it came first.
 */
BULLA_MUST_CHECK bool git_find_parents(struct git_search *search, struct bulla_error *err);

/* Takes the next line off *REST, the next word off *LINE: what git answers is made of these. */
struct bulla_bytes git_take_line(struct bulla_bytes *rest);
struct bulla_bytes git_take_word(struct bulla_bytes *line);

#endif
