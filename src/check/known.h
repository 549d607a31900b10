/*
 * What the variables of the checked environment are, wherever their values come from; private to
 * check/. A rule about values goes through this list and need not care for their source.
 */
#ifndef BULLA_CHECK_KNOWN_H
#define BULLA_CHECK_KNOWN_H

#include "check/check_internal.h"

struct known {
    const char *name;
    struct bulla_bytes value; /* locked memory, or a default of the contract; never quoted */
    struct place place;
    bool secret;      /* by the contract, or by its name where that does not know it */
    bool derived;     /* made of others */
    bool has_section; /* `variable` is what the contract says of it */
    struct bulla_variable variable;
    const struct bulla_value *row;          /* the vault's or contract's … */
    size_t row_index;                       /* … and its place among the values, */
    const struct bulla_dotenv_entry *entry; /* or that of an env file … */
    const struct env_text *text;            /* … and the file */
    bool faulty; /* something is wrong with it already: one finding for one fact */
};

/* Every value that is there: of the vault and the contract, else of the env files. */
bool knowns_collect(struct check *check, struct bulla_error *err);
void knowns_release(struct knowns *knowns);

/* True for one of the vault, the contract, or an env file that Compose itself reads. */
bool known_feeds(const struct known *known);

/* The one called NAME that feeds the interpolation, or NULL. */
const struct known *known_find(const struct check *check, const char *name);

/*
 * What FILE, which a service reads, gives NAME; NULL where it has no such name, or where it is not
 * looked at.
 */
const struct known *known_find_in(const struct check *check, const struct bulla_project_file *file,
                                  const char *name);

/* Why its value is a placeholder that nobody has replaced, or NULL. */
const char *known_placeholder(const struct known *known);

/* What gives it another value, as a help text in OUT, which is returned. */
const char *known_help(const struct check *check, const struct known *known, char *out, size_t cap);

#endif
