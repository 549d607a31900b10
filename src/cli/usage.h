/* Who uses a variable: what `uses` and `explain` list and `rotate` recreates. */
#ifndef BULLA_CLI_USAGE_H
#define BULLA_CLI_USAGE_H

#include "bulla/compose.h"
#include "bulla/values.h"

/* Uses in the order of the files; everything they point to is the project's. */
struct usage {
    struct bulla_project_use *uses;
    size_t count;
    size_t cap;
};

/* Adds every use of NAME in PROJECT. BULLA_E_NOMEM. */
BULLA_MUST_CHECK bool usage_collect(struct usage *usage, const struct bulla_project *project,
                                    const char *name, struct bulla_error *err);
void usage_release(struct usage *usage);

/* "reference", "pass-through", "build-arg", "secret", "config", "env-file", "file".
 * Static. */
const char *usage_kind_name(enum bulla_use_kind kind);

/*
 * BULLA_E_REFUSED: neither PROJECT nor VALUES (each may be NULL) knows NAME; the hint has the
 * nearest name. Returns false.
 */
bool usage_refuse_unknown(const struct bulla_project *project, const struct bulla_values *values,
                          const char *name, struct bulla_error *err);

#define auto_usage BULLA_AUTO(usage_release) struct usage

#endif
