/* The project's references by name, and names that are nearly the same; private to check/. */
#ifndef BULLA_CHECK_NAMES_H
#define BULLA_CHECK_NAMES_H

#include "check/known.h"

/* Fills check->names: every reference, sorted by name, those of one name in their own order. */
bool check_names_sort(struct check *check, struct bulla_error *err);
void check_names_release(struct check *check);

/* The references that name NAME, *ret_count of them. */
const struct bulla_project_ref *const *check_names_find(const struct check *check, const char *name,
                                                        size_t *ret_count);

/*
 * What NAME, which has no value, was probably meant to be called: a variable with a value that no
 * reference uses and whose name differs by a letter or two. NULL where there is none, or where a
 * million names were held against each other already.
 */
const struct known *check_near_known(struct check *check, const char *name);

/* The same among the variables that the contract lists. */
BULLA_MUST_CHECK bool check_near_contract(struct check *check, const char *name,
                                          const char **ret_near, struct bulla_error *err);

#endif
