/*
 * What a loaded project says, in Compose's own words: its errors, its warnings and the values that
 * can be told from the places the library names. Nothing is decided here: a text is put together
 * only for what the library has reported.
 */
#ifndef BULLA_TESTS_CONFORMANCE_PROJECT_WORDS_H
#define BULLA_TESTS_CONFORMANCE_PROJECT_WORDS_H

#include "bulla/compose.h"
#include "conformance.h"

struct project_words {
    const struct bulla_project_options *options;
    const struct bulla_project *project; /* NULL where it could not be loaded */
    const json_t *env;                   /* the process environment */
};

/* Adds to TEXTS what Compose says where bulla_project_load fails with FAILURE. */
void project_words_failure(const struct project_words *words, const struct bulla_error *failure,
                           json_t *texts);

/*
 * Adds the text of every error of the project to TEXTS, as far as it can be told: Compose reports
 * one of them. True where there is an error at all.
 */
bool project_words_errors(const struct project_words *words, json_t *texts);

/* Adds the warnings about unset variables, in order. */
void project_words_warnings(const struct project_words *words, json_t *texts);

/*
 * The merged value at PATH, a new reference; NULL where the library does not tell it, or where it
 * needs a value that is not of the process environment.
 */
json_t *project_words_value(const struct project_words *words, const char *path);

#endif
