/* Files and folders as a commit has them: of one git that is asked for many. */
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

/*
 * Appends the file PATH of the commit of OBJECTS (git_objects_open), named from the work tree's
 * root, to CONTENT; nothing where it is larger than that takes. *RET_FOUND is false where the
 * commit has no file there. BULLA_E_IO also where the commit has it and git lacks the object,
 * BULLA_E_NOMEM.
 */
BULLA_MUST_CHECK bool git_read_file(struct git_objects *objects, const char *path,
                                    struct bulla_buf *content, bool *ret_found,
                                    struct bulla_error *err);

#endif
