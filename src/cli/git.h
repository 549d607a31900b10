/* The few questions that only git can answer, each one child process without a shell. */
#ifndef BULLA_CLI_GIT_H
#define BULLA_CLI_GIT_H

#include <sys/types.h>

#include "bulla/check.h"

/*
 * How arguments begin. A repository that is a folder of the one that was cloned (HEAD, config,
 * objects) could name a program in its config: git is started in the work tree that has `.git`,
 * told to take no bare repository that it happens on, and to start no monitor.
 */
#define GIT_GUARDED                                                                                \
    "git", "-c", "safe.bareRepository=explicit", "-c", "core.fsmonitor=false",                     \
        "--literal-pathspecs", "-C"
#define GIT_ARGS 20

/*
 * Starts git with ARGS (GIT_ARGS of them, NULL behind the last), INPUT (-1: nothing) as its
 * standard input and its messages going nowhere. *RET_OUTPUT is what it prints, the caller's to
 * close before git_wait; -1 where it could not be started. BULLA_E_IO, BULLA_E_NOMEM.
 */
BULLA_MUST_CHECK bool git_start(const char *const *args, int input, int *ret_output,
                                pid_t *ret_child, struct bulla_error *err);

/* Waits for CHILD to end and returns its exit status, -1 where a signal ended it. */
int git_wait(pid_t child);

/*
 * Runs git with ARGS; what it prints goes to ANSWER. *RET_STATUS is -1 where it could not be
 * started. BULLA_E_IO, BULLA_E_NOMEM, BULLA_E_LIMIT beyond what ANSWER takes.
 */
BULLA_MUST_CHECK bool git_run(const char *const *args, struct bulla_buf *answer, int *ret_status,
                              struct bulla_error *err);

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
 * (found without starting git) and where git is missing or fails. BULLA_E_NOMEM.
 */
BULLA_MUST_CHECK bool git_file_state(const char *path, enum bulla_git_state *ret_state,
                                     struct bulla_error *err);

#endif
