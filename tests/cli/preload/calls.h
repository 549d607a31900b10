/*
 * The system calls of a program, seen from a preloaded object: calls.c stands before the C
 * library's functions and asks, a second file says what becomes of each. For dynamic programs with
 * glibc.
 */
#ifndef BULLA_PRELOAD_CALLS_H
#define BULLA_PRELOAD_CALLS_H

#include <stdbool.h>
#include <stddef.h>

/* One call. `name` tells more than the function: see calls.c. */
struct call {
    const char *name;
    size_t *len; /* of read and write, where fewer bytes may be taken; else NULL */
};

/* Before the call. False, with errno set, makes it fail without being made. */
bool call_begins(const struct call *call);

/* After it. */
void call_ended(const struct call *call);

/* The seconds that CLOCK is set off by. */
long call_clock_offset(void);

/* What a program is about to be started with; also in children, before their exec. */
void call_starts_program(const char *path, char *const argv[], char *const envp[]);

#endif
