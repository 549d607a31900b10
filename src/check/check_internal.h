/* What the families of rules share; private to check/. */
#ifndef BULLA_CHECK_CHECK_INTERNAL_H
#define BULLA_CHECK_CHECK_INTERNAL_H

#include "bulla/check.h"
#include "bulla/limits.h"
#include "check/files.h"
#include "check/ignore.h"
#include "check/rules.h"

struct known;

/* Every value that is there: known.h. */
struct knowns {
    struct known *items;
    size_t count;
    size_t cap;
    struct known **by_name;
};

struct check {
    const struct bulla_check_input *input;
    struct bulla_report *report;
    struct env_texts texts;
    struct knowns knowns;
    /* Every reference of the project by name, those of one name in their own order: names.h. */
    const struct bulla_project_ref **names;
    size_t name_count;
    struct ignores ignores;
    /* environment.c: the service that was asked about last, and what the answer was. */
    const char *asked_service;
    bool is_meant_empty;
    /* names.c */
    size_t compared_names;    /* how often two names were held against each other */
    const char **spare_names; /* of the contract that nothing refers to; NULL: not looked for yet */
    size_t spare_count;
};

/* Where a finding stands; zeroed members are left out. */
struct place {
    const char *file;
    struct bulla_pos pos;
    struct bulla_pos end;
    const char *variable;
    const char *service;
    const char *line; /* as in a finding */
    const char *line_file;
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

/* Where REF stands. */
struct place check_place_of(const struct check *check, const struct bulla_project_ref *ref);

/* The contract, which lies in the input's root, as findings name it; borrowed. */
const char *check_contract_name(const struct check *check);

/* PATH, which opens a file, relative to the input's root; borrowed from it. */
const char *check_relative_name(const struct check *check, const char *path);

/* The name of FILE relative to the input's root; borrowed. */
const char *check_file_name(const struct check *check, const struct bulla_project_file *file);

/* " -e ENV" for a command, "" where the contract takes that environment by itself, in OUT. */
#define CHECK_FLAG_BYTES (BULLA_MAX_MEMBER_BYTES + 8)
const char *check_env_flag(const struct check *check, char out[static CHECK_FLAG_BYTES]);

/*
 * What gives NAME a value, as a help text in OUT: fill or set, with the environment, or the env
 * file where there is no contract.
 */
void check_help_for(const struct check *check, const char *name, char *out, size_t cap);

/*
 * Whether NAME is a secret: as the contract says, for a name that it does not know by its words.
 */
bool check_is_secret(const struct check *check, const char *name);

#endif
