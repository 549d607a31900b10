/* Starting git: one child without a shell, kept from what a clone could have it do. */
#ifndef BULLA_CLI_GIT_RUN_H
#define BULLA_CLI_GIT_RUN_H

#include <sys/types.h>

#include "bulla/buf.h"

#define GIT_ARGS 24 /* of a list of arguments of known length, the NULL behind them included */

/*
 * A repository that is a folder of the one that was cloned (HEAD, config, objects) could name a
 * program in its config: git is started in the work tree that has `.git`, told to take no bare
 * repository that it happens on, to start no monitor, and to take no object in another's place. A
 * `git` of the working directory's is not started, whatever PATH says (bulla_program_find).
 */
#define GIT_GUARDED                                                                                \
    "git", "-c", "safe.bareRepository=explicit", "-c", "core.fsmonitor=false",                     \
        "--no-replace-objects", "--literal-pathspecs", "-C"

/* A git that runs; its output is read from fd. */
struct git_child {
    pid_t pid;
    int fd; /* -1: it could not be started */
};

/*
 * Starts git with ARGS, which a NULL ends, standard input from descriptor INPUT (-1: nothing),
 * messages nowhere. Where it cannot be started ret_child->fd is -1. BULLA_E_IO without a pipe,
 * BULLA_E_NOMEM.
 */
BULLA_MUST_CHECK bool git_start(const char *const *args, int input, struct git_child *ret_child,
                                struct bulla_error *err);

/*
 * The same on the index INDEX_FILE, which git names to a hook (NULL: the work tree's own): a commit
 * of some files only has one of its own.
 */
BULLA_MUST_CHECK bool git_start_on(const char *index_file, const char *const *args, int input,
                                   struct git_child *ret_child, struct bulla_error *err);

/* Waits for its end: the exit status, or -1. */
int git_end(struct git_child *child);

/*
 * Both, with all it prints (at most MAX bytes) in ANSWER. *RET_STATUS is -1 where it could not be
 * started.
 */
BULLA_MUST_CHECK bool git_run(const char *const *args, int input, size_t max,
                              struct bulla_buf *answer, int *ret_status, struct bulla_error *err);
BULLA_MUST_CHECK bool git_run_on(const char *index_file, const char *const *args, int input,
                                 size_t max, struct bulla_buf *answer, int *ret_status,
                                 struct bulla_error *err);

#endif
