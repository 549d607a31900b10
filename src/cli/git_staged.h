/* What is about to be committed: the difference of the index and HEAD. */
#ifndef BULLA_CLI_GIT_STAGED_H
#define BULLA_CLI_GIT_STAGED_H

#include "git_objects.h"

/* One file of it. PATH, from the work tree's root, is borrowed for the call. */
struct git_staged {
    const char *path;
    char object[65]; /* its id in the index */
    bool is_gone;    /* the commit has it, the index not */
    bool is_link;    /* a symbolic link, or a module: no file */
};

typedef bool git_staged_step(void *ctx, const struct git_staged *file, struct bulla_error *err);

/*
 * Calls STEP with each file of the work tree TREE that the index INDEX_FILE (NULL: the work tree's
 * own) has otherwise than COMMIT, which begins with no "-"; NULL: than HEAD, and all of them where
 * there is no commit yet. BULLA_E_IO where git fails, and what STEP gives.
 */
BULLA_MUST_CHECK bool git_each_staged(const char *tree, const char *index_file, const char *commit,
                                      git_staged_step *step, void *ctx, struct bulla_error *err);

#endif
