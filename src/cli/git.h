/* The few questions that only git can answer, each one child process without a shell. */
#ifndef BULLA_CLI_GIT_H
#define BULLA_CLI_GIT_H

#include "bulla/check.h"

/*
 * PATH as a word of a command line, for a hint: what a shell and git take for this one file, where
 * it looks like an option or a pattern of git's (gitglossary, pathspec) too; owned. BULLA_E_NOMEM.
 */
char *git_path_word(const char *path, struct bulla_error *err);

/*
 * git's user.name in *RET_NAME, owned; NULL where git is missing or has none. BULLA_E_NOMEM.
 */
BULLA_MUST_CHECK bool git_user_name(char **ret_name, struct bulla_error *err);

/*
 * The work tree that FOLDER lies in, found without starting git: *RET_TREE is the nearest folder
 * upward with `.git`, NULL without one; *RET_BELOW is FOLDER from there, "" or ending in "/", links
 * resolved. Both owned. BULLA_E_NOMEM.
 */
BULLA_MUST_CHECK bool git_find_work_tree(const char *folder, char **ret_tree, char **ret_below,
                                         struct bulla_error *err);

/*
 * What git says of PATH, a file that may not exist yet. BULLA_GIT_UNKNOWN outside a work tree
 * (found without starting git) and where git is missing. BULLA_E_NOMEM.
 */
BULLA_MUST_CHECK bool git_file_state(const char *path, enum bulla_git_state *ret_state,
                                     struct bulla_error *err);

/*
 * The same for each of the COUNT files PATHS, in RET_STATES: one child for all of a work tree
 * that are there (some hundreds at a time), one more for each that is not. BULLA_E_NOMEM.
 */
BULLA_MUST_CHECK bool git_file_states(const char *const *paths, size_t count,
                                      enum bulla_git_state *ret_states, struct bulla_error *err);

/*
 * Whether git tracks NAME, a path from FOLDER that need not be there any more. False outside a work
 * tree and where git is missing or fails. BULLA_E_NOMEM.
 */
BULLA_MUST_CHECK bool git_tracks(const char *folder, const char *name, bool *ret_tracked,
                                 struct bulla_error *err);

/* The same, also where only HEAD has it: what was taken out of the index is in the history still.
 */
BULLA_MUST_CHECK bool git_has(const char *folder, const char *name, bool *ret_has,
                              struct bulla_error *err);

#endif
