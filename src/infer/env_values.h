/* The env files of one environment, read; private to infer/. */
#ifndef BULLA_INFER_ENV_VALUES_H
#define BULLA_INFER_ENV_VALUES_H

#include "infer/survey_internal.h"

/* Their values as they stand there, in locked memory. All zero: none. */
struct env_values {
    struct bulla_dotenv **files; /* the first one has its say before the others; NULL: not read */
    size_t count;
};

/* Room for the env files of ENVIRONMENT, none of them read. BULLA_E_NOMEM. */
BULLA_MUST_CHECK bool env_values_reserve(struct env_values *values,
                                         const struct bulla_survey_environment *environment,
                                         struct bulla_error *err);

/* The path of file INDEX of ENVIRONMENT; NULL: there is none. */
const char *env_values_path(const struct bulla_survey_environment *environment, size_t index);

/* Reads all env files of ENVIRONMENT; env_values_release is due after a failure too. */
BULLA_MUST_CHECK bool env_values_open(struct env_values *values,
                                      const struct bulla_survey_environment *environment,
                                      struct bulla_error *err);
void env_values_release(struct env_values *values);

/* The entry that counts for NAME, or NULL. */
const struct bulla_dotenv_entry *env_values_find(const struct env_values *values, const char *name);

#endif
