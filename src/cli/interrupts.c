#include "interrupts.h"

#include <stdbool.h>
#include <stddef.h>

static volatile sig_atomic_t noted;

/*
 * After a fault of our own nothing can go on; the system tells those from what somebody sends, but
 * for abort(), which ends the process whatever is done here.
 */
static void note(int number, siginfo_t *info, void *context)
{
    (void)context;
    noted = number;
    if ((number == SIGTRAP || number == SIGSYS) && info->si_code > 0) {
        (void)signal(number, SIG_DFL);
        (void)raise(number);
    }
}

/* What would end the process: the rest ends nothing, or is a fault's, which sanitizers take. */
static bool is_held(int number, enum interrupts_what what)
{
    switch (number) {
    case SIGKILL:
    case SIGSTOP:
    case SIGSEGV:
    case SIGBUS:
    case SIGILL:
    case SIGFPE:
    case SIGTTIN:
    case SIGTTOU:
    case SIGCONT:
    case SIGCHLD:
    case SIGURG:
    case SIGWINCH:
        return false;
    case SIGTSTP:
        return what == INTERRUPTS_END_AND_STOP;
    default:
        return true;
    }
}

void interrupts_hold(struct interrupts *ret, enum interrupts_what what)
{
    const struct sigaction catch = {.sa_sigaction = note, .sa_flags = SA_SIGINFO};
    ret->what = what;
    for (int number = 1; number < INTERRUPTS_COUNT; number++) {
        if (!is_held(number, what)) {
            continue;
        }
        (void)sigaction(number, NULL, &ret->before[number]);
        if (ret->before[number].sa_handler != SIG_IGN) {
            (void)sigaction(number, &catch, NULL);
        }
    }
}

int interrupts_noted(void)
{
    return noted;
}

void interrupts_note(int number)
{
    noted = number;
}

void interrupts_set(sigset_t *ret_set)
{
    (void)sigemptyset(ret_set);
    for (int number = 1; number < INTERRUPTS_COUNT; number++) {
        struct sigaction present;
        if (sigaction(number, NULL, &present) == 0 && (present.sa_flags & SA_SIGINFO) != 0 &&
            present.sa_sigaction == note) {
            (void)sigaddset(ret_set, number);
        }
    }
}

int interrupts_release(const struct interrupts *interrupts)
{
    int number = noted;
    noted = 0;
    for (int i = 1; i < INTERRUPTS_COUNT; i++) {
        if (is_held(i, interrupts->what)) {
            (void)sigaction(i, &interrupts->before[i], NULL);
        }
    }
    if (number != 0) {
        (void)raise(number);
    }
    return number;
}
