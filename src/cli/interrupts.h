/*
 * Signals that would end the process, held back while something must not stay as it is: a terminal
 * without echo, a text in the clear.
 */
#ifndef BULLA_CLI_INTERRUPTS_H
#define BULLA_CLI_INTERRUPTS_H

#include <signal.h>

enum interrupts_what {
    /* all that end the process but SIGKILL, SIGSEGV, SIGBUS, SIGILL, SIGFPE and real-time ones */
    INTERRUPTS_END,
    INTERRUPTS_END_AND_STOP, /* and SIGTSTP */
};

#define INTERRUPTS_COUNT 32 /* the numbers below are not those of real-time signals */

struct interrupts {
    struct sigaction before[INTERRUPTS_COUNT]; /* private, as the next */
    enum interrupts_what what;
};

/*
 * From here on those signals are only noted, and end a system call with EINTR; a fault of our own
 * (abort(), a trap) still ends the process. What the caller ignores (nohup) stays ignored. It may
 * be nested. Release it in every case.
 */
void interrupts_hold(struct interrupts *ret, enum interrupts_what what);

/* The signal that was noted last since it was held, or 0. */
int interrupts_noted(void);

/* Notes NUMBER, for a signal that was taken in another way. */
void interrupts_note(int number);

/* The signals that are held now, for masks: one that is ignored is not. */
void interrupts_set(sigset_t *ret_set);

/*
 * Puts the dispositions back and raises what was noted, which ends the process unless an outer hold
 * notes it or it only stopped us. Returns that signal, or 0.
 */
int interrupts_release(const struct interrupts *interrupts);

#endif
