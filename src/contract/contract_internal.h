/* What the files of src/contract/ share. */
#ifndef BULLA_CONTRACT_INTERNAL_H
#define BULLA_CONTRACT_INTERNAL_H

#include "contract/keys.h"

struct contract_row {
    const struct ini_section *section;
    size_t index; /* in the order of the file */
};

struct bulla_contract {
    struct pool *pool;
    const char *file;
    const char *project;
    const struct ini_section *project_section; /* [bulla], or NULL */
    const struct ini_section *check_section;   /* [check], or NULL */
    size_t keep;
    size_t default_environment;
    struct bulla_environment *environments;
    size_t environment_count;
    const struct ini_section **variables; /* in the order of the file */
    size_t variable_count;
    struct contract_row *by_name; /* the variables, sorted */
    const char **previous;        /* the names that `previous-as` gives, sorted */
    size_t previous_count;
    const struct ini_section **applies;
    size_t apply_count;
    struct bulla_check_rule *rules;
    size_t rule_count;
};

/* project.c: [bulla], [environment NAME] and [check]. */
BULLA_MUST_CHECK bool project_read(struct bulla_contract *contract, struct ini_section *sections,
                                   struct bulla_error *err);
BULLA_MUST_CHECK bool project_rotate(const struct bulla_contract *contract, const char *environment,
                                     bool *ret_rotates, uint64_t *ret_seconds,
                                     struct bulla_error *err);
BULLA_MUST_CHECK bool rules_read(struct bulla_contract *contract, const struct ini_section *check,
                                 struct bulla_error *err);

/*
 * variable.c, apply.c: one section as it is in ENVIRONMENT (NULL: without overrides). Without CHECK
 * what refers to others, lists and patterns is taken as checked.
 */
BULLA_MUST_CHECK bool variable_resolve(const struct bulla_contract *contract,
                                       const struct ini_section *section, const char *environment,
                                       bool check, struct bulla_variable *ret_variable,
                                       struct bulla_error *err);
BULLA_MUST_CHECK bool apply_resolve(const struct bulla_contract *contract,
                                    const struct ini_section *section, const char *environment,
                                    struct bulla_apply *ret_apply, struct bulla_error *err);

/* contract.c */
bool contract_has_variable(const struct bulla_contract *contract, struct bulla_bytes name);

/* ---- words.c: small things that every section needs ---- */

/* The entry of KEY that counts in ENVIRONMENT: `key@ENV`, else `key`; NULL where there is none. */
const struct ini_entry *entry_find(const struct ini_section *section, enum key key,
                                   const char *environment);

/* BULLA_E_INVALID at the value of ENTRY. Returns false. */
bool entry_refuse(const struct bulla_contract *contract, const struct ini_entry *entry,
                  struct bulla_error *err, const char *fmt, ...) BULLA_PRINTF(4, 5);

/* BULLA_E_INVALID at the key of ENTRY. Returns false. */
bool entry_refuse_key(const struct bulla_contract *contract, const struct ini_entry *entry,
                      struct bulla_error *err, const char *fmt, ...) BULLA_PRINTF(4, 5);

/*
 * Readers of ENTRY's value; ENTRY NULL leaves the result as it is. Each is BULLA_E_INVALID at the
 * value where it is not of that shape.
 */
BULLA_MUST_CHECK bool entry_yes_no(const struct bulla_contract *contract,
                                   const struct ini_entry *entry, bool *ret_yes,
                                   struct bulla_error *err);
BULLA_MUST_CHECK bool entry_number(const struct bulla_contract *contract,
                                   const struct ini_entry *entry, uint64_t least, uint64_t most,
                                   uint64_t *ret_number, struct bulla_error *err);
BULLA_MUST_CHECK bool entry_duration(const struct bulla_contract *contract,
                                     const struct ini_entry *entry, uint64_t *ret_seconds,
                                     struct bulla_error *err);
/* The index of the value among COUNT CHOICES; the hint has the nearest, else all of them. */
BULLA_MUST_CHECK bool entry_choice(const struct bulla_contract *contract,
                                   const struct ini_entry *entry, const char *const *choices,
                                   size_t count, size_t *ret_index, struct bulla_error *err);
/* A list without empty words or repeats as a NULL-terminated array in the contract's pool. */
BULLA_MUST_CHECK bool entry_list(const struct bulla_contract *contract,
                                 const struct ini_entry *entry, const char *const **ret_words,
                                 struct bulla_error *err);
/* Checks the same of a list that stays a setting. */
BULLA_MUST_CHECK bool entry_check_list(const struct bulla_contract *contract,
                                       const struct ini_entry *entry, struct bulla_error *err);
/* Checks that each word is a variable of the contract other than SELF (may be NULL). */
BULLA_MUST_CHECK bool entry_check_variables(const struct bulla_contract *contract,
                                            const struct ini_entry *entry, const char *self,
                                            struct bulla_error *err);

#endif
