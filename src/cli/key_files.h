/* Private keys that lie among the files of a project. */
#ifndef BULLA_CLI_KEY_FILES_H
#define BULLA_CLI_KEY_FILES_H

#include "key_members.h"
#include "workspace.h"

struct key_files {
    struct bulla_check_key_file *items; /* what git has of them is not asked here */
    size_t count, cap;
    struct key_members members; /* of all vaults, once a key was found */
    bool has_members;
    bool is_cut; /* there are more folders or files than are looked at */
};

/*
 * Looks for identity files below the folder ROOT: small ones whose names could be theirs, in no
 * folder that is another repository, links not followed, and no more than some thousands of names.
 * A key of ssh counts where it is that of a member of a vault of WS, whose environments' vaults are
 * opened only where there is a key. What cannot be read is passed over. BULLA_E_NOMEM. Release it
 * in every case.
 */
BULLA_MUST_CHECK bool key_files_find(struct key_files *ret, const char *root,
                                     const struct workspace *ws, struct bulla_error *err);
void key_files_release(struct key_files *files);

#endif
