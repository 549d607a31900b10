/*
 * What the process does to itself before it touches a secret, and how a child gets back what
 * bulla was started with.
 */
#ifndef BULLA_CLI_PROCESS_H
#define BULLA_CLI_PROCESS_H

#include <signal.h>
#include <sys/resource.h>
#include <sys/types.h>

#include "bulla/error.h"

struct process {
    mode_t umask;
    struct rlimit core;
    struct sigaction sigpipe;
    sigset_t mask;
    bool has_core;
};

/*
 * Makes new files private (umask 077), switches core dumps off, closes /proc and ptrace to other
 * processes of the same user, ignores SIGPIPE (writes report EPIPE instead), opens /dev/null on any
 * of descriptors 0 to 2 that is closed. *RET_BEFORE is what there was. BULLA_E_IO.
 */
BULLA_MUST_CHECK bool process_harden(struct process *ret_before, struct bulla_error *err);

/*
 * Gives the umask, limits and signal dispositions back: call it in a child before exec, or before
 * exec in place. Safe between fork and exec. BULLA_E_IO.
 */
BULLA_MUST_CHECK bool process_restore(const struct process *before, struct bulla_error *err);

#endif
