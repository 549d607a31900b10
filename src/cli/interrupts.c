#include "interrupts.h"

#include <stddef.h>

/* Those that end the process come first: a hold takes the first ones. */
static const int numbers[INTERRUPTS_COUNT] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
#define ENDING_COUNT 4

static volatile sig_atomic_t noted;

static void note(int number)
{
    noted = number;
}

void interrupts_hold(struct interrupts *ret, enum interrupts_what what)
{
    const struct sigaction catch = {.sa_handler = note};
    ret->count = what == INTERRUPTS_END ? ENDING_COUNT : INTERRUPTS_COUNT;
    for (int i = 0; i < ret->count; i++) {
        (void)sigaction(numbers[i], NULL, &ret->before[i]);
        if (ret->before[i].sa_handler != SIG_IGN) {
            (void)sigaction(numbers[i], &catch, NULL);
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
    for (int i = 0; i < INTERRUPTS_COUNT; i++) {
        struct sigaction present;
        if (sigaction(numbers[i], NULL, &present) == 0 && present.sa_handler == note) {
            (void)sigaddset(ret_set, numbers[i]);
        }
    }
}

int interrupts_release(const struct interrupts *interrupts)
{
    int number = noted;
    noted = 0;
    for (int i = 0; i < interrupts->count; i++) {
        (void)sigaction(numbers[i], &interrupts->before[i], NULL);
    }
    if (number != 0) {
        (void)raise(number);
    }
    return number;
}
