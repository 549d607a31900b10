/* What a commit that is about to be made merges, as its hook can know it. */
#ifndef BULLA_CLI_GIT_MERGED_H
#define BULLA_CLI_GIT_MERGED_H

#include "git_objects.h"

typedef bool git_merged_step(void *ctx, const char *commit, struct bulla_error *err);

/*
 * Calls STEP with the whole id of each commit that the next one of the work tree TREE has as a
 * parent beside HEAD. BULLA_E_IO where git fails, BULLA_E_NOMEM, and what STEP gives.
 */
BULLA_MUST_CHECK bool git_each_merged(const char *tree, git_merged_step *step, void *ctx,
                                      struct bulla_error *err);

/* Whether COMMIT has the file PATH, named from the work tree's root. BULLA_E_IO, BULLA_E_NOMEM. */
BULLA_MUST_CHECK bool git_commit_has(struct git_objects *objects, const char *commit,
                                     const char *path, bool *ret_has, struct bulla_error *err);

/*
 * Whether a commit that OURS and COMMIT come from has the file PATH, named from the root of TREE:
 * where OURS has none, it was taken away there. BULLA_E_IO, BULLA_E_NOMEM.
 */
BULLA_MUST_CHECK bool git_base_has(struct git_objects *objects, const char *tree, const char *ours,
                                   const char *commit, const char *path, bool *ret_has,
                                   struct bulla_error *err);

#endif
