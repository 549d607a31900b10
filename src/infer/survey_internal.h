/* A survey's parts; private to infer/. */
#ifndef BULLA_INFER_SURVEY_INTERNAL_H
#define BULLA_INFER_SURVEY_INTERNAL_H

#include "base/pool.h"
#include "bulla/dotenv.h"
#include "bulla/infer.h"

#define SURVEY_MAX_ENVIRONMENTS 16
#define SURVEY_MAX_FILES 64

/* A sample file, parsed, with the environment it is for (NULL: all). */
struct sample {
    const char *name;
    const char *environment;
    const char *text; /* the whole file, public */
    size_t text_len;
    struct bulla_dotenv *entries;
};

struct bulla_survey {
    struct pool *pool;
    struct bulla_guesser *guesser;
    const char *root;
    const char *found_below;
    bool files_given;   /* -f: those files are the stack, whatever lies beside them */
    const char *folder; /* the project directory, absolute or relative to where we are */
    struct bulla_survey_environment environments[SURVEY_MAX_ENVIRONMENTS];
    size_t environment_count;
    struct sample samples[SURVEY_MAX_FILES];
    size_t sample_count;
    const char *left_alone[SURVEY_MAX_FILES];
    size_t left_alone_count;
    struct bulla_survey_variable *variables;
    size_t variable_count;
    size_t variable_cap;
};

/* Collects every variable of the projects and samples, with its evidence, and guesses. */
bool survey_guess(struct bulla_survey *survey, struct bulla_error *err);

/* The sample value of NAME for ENVIRONMENT (NULL: of the common samples), or NULL. Borrowed. */
const char *survey_sample_value(const struct bulla_survey *survey, const char *name,
                                const char *environment);

#endif
