/* What a folder has in a commit: of one git that is asked for many. */
#ifndef BULLA_CLI_GIT_FOLDERS_H
#define BULLA_CLI_GIT_FOLDERS_H

#include "git_objects.h"

/* A file's NAME in the folder. Borrowed for the call. */
typedef bool git_folder_step(void *ctx, struct bulla_bytes name, struct bulla_error *err);

/*
 * Calls STEP with each file that FOLDER ("sub/.bulla/", from the work tree's root) itself has in
 * COMMIT, an id; none where there is no such folder. OBJECTS comes from git_objects_start.
 * BULLA_E_IO where git lacks the commit or a folder on the way, which it then cannot tell.
 */
BULLA_MUST_CHECK bool git_each_in_folder(struct git_objects *objects, const char *commit,
                                         const char *folder, git_folder_step *step, void *ctx,
                                         struct bulla_error *err);

#endif
