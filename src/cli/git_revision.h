/* The one commit that a revision means. */
#ifndef BULLA_CLI_GIT_REVISION_H
#define BULLA_CLI_GIT_REVISION_H

#include "git_objects.h"

/* A revision as somebody gave it, and the whole id of its commit; "" where git knows none. */
struct git_revision {
    const char *name;
    char commit[65];
};

/*
 * Finds the commit that NAME, borrowed, has in the work tree TREE. Fails as git_objects_open does.
 */
BULLA_MUST_CHECK bool git_revision_find(struct git_revision *ret, const char *tree,
                                        const char *name, struct bulla_error *err);

/*
 * BULLA_E_USAGE where REVISION, which git took for OBJECT in the work tree TREE, begins with a name
 * that is the short one of several refs, or of a ref and of an object: git takes the first by its
 * own order, tags before branches, and whoever may push a tag could choose. So does a whole name
 * (refs/…) that is not there, which could be the rest of a longer one. What follows the name (~1,
 * @{upstream}) is git's to read. BULLA_E_IO where git fails, BULLA_E_NOMEM.
 */
BULLA_MUST_CHECK bool git_revision_check(const char *tree, const char *revision, const char *object,
                                         struct bulla_error *err);

#endif
