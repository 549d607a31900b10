/* The form that a project states for a secret, beside the value or in a message; private to check/.
 */
#ifndef BULLA_CHECK_STATED_H
#define BULLA_CHECK_STATED_H

#include "check/known.h"

/*
 * Judges KNOWN's value by what a message of a compose file or a comment of a sample file says of
 * it ("64 hex characters"), or by a name with one form only. Words for a message go to OUT, which
 * stays empty where the value fits or nothing is stated. BULLA_E_NOMEM.
 */
bool stated_judge(const struct check *check, const struct known *known, char *out, size_t cap,
                  struct bulla_error *err);

#endif
