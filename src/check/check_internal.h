/* What the families of rules share; private to check/. */
#ifndef BULLA_CHECK_CHECK_INTERNAL_H
#define BULLA_CHECK_CHECK_INTERNAL_H

#include "bulla/check.h"
#include "check/rules.h"

struct check {
    const struct bulla_check_input *input;
    struct bulla_report *report;
};

/* Where a finding stands; zeroed members are left out. */
struct place {
    const char *file;
    struct bulla_pos pos;
    struct bulla_pos end;
    const char *variable;
    const char *service;
};

/*
 * Adds a finding of RULE at PLACE, with HELP (NULL: the rule's own) and the formatted
 * message, unless the contract ignores it there.
 */
bool check_add(struct check *check, enum rule rule, const struct place *place, const char *help,
               struct bulla_error *err, const char *fmt, ...) BULLA_PRINTF(6, 7);

/* The same with a severity other than the rule's own. */
bool check_add_as(struct check *check, enum rule rule, enum bulla_severity severity,
                  const struct place *place, const char *help, struct bulla_error *err,
                  const char *fmt, ...) BULLA_PRINTF(7, 8);

/* The name of FILE relative to the input's root; borrowed. */
const char *check_file_name(const struct check *check, const struct bulla_project_file *file);

/*
 * What gives NAME a value, as a help text in OUT: fill or set, with the environment, or the env
 * file where there is no contract.
 */
void check_help_for(const struct check *check, const char *name, char *out, size_t cap);

/* The families. */
bool check_references(struct check *check, struct bulla_error *err);
bool check_problems(struct check *check, struct bulla_error *err);
bool check_foreign_files(struct check *check, struct bulla_error *err);
bool check_env_files(struct check *check, struct bulla_error *err);
bool check_values(struct check *check, struct bulla_error *err);
bool check_output(struct check *check, struct bulla_error *err);
bool check_versions(struct check *check, struct bulla_error *err);

#endif
