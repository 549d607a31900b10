/* Every name that a project reads, wherever it does; private to check/. */
#ifndef BULLA_CHECK_READING_H
#define BULLA_CHECK_READING_H

#include "check/check_internal.h"

/* Names that values of env files refer to; they are owned. */
struct scanning {
    char **owned;
    size_t count;
    size_t cap;
};

struct reading {
    const char **names; /* sorted; borrowed texts */
    size_t count;
    size_t cap;
    bool everything; /* a service reads a whole file of the project's values */
    struct scanning scanned;
};

/*
 * Fills RET with what PROJECT reads, and with what the contract and the env files that the check
 * looks into need by themselves. Release it in every case.
 */
BULLA_MUST_CHECK bool reading_collect(struct reading *ret, const struct check *check,
                                      const struct bulla_project *project, struct bulla_error *err);
void reading_release(struct reading *reading);

/* True where NAME is read; so are the variables of Docker and Compose, by these. */
bool reading_has(const struct reading *reading, const char *name);

/* Says which variables of the contract nothing uses: unused_contract.c. */
BULLA_MUST_CHECK bool check_unused_contract(struct check *check, const struct reading *reading,
                                            struct bulla_error *err);

#endif
