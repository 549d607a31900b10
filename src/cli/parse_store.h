/* The value of one option into the field that it is bound to. */
#ifndef BULLA_CLI_PARSE_STORE_H
#define BULLA_CLI_PARSE_STORE_H

#include "command.h"

/* An option that was found, and where its value goes. */
struct parse_target {
    const struct opt *opt;
    void *field;
    unsigned long *seen;
    unsigned long bit;
};

/* BULLA_E_USAGE, BULLA_E_NOMEM. VALUE is NULL exactly for flags and counts. */
BULLA_MUST_CHECK bool parse_store(const struct parse_target *to, const char *value,
                                  struct bulla_error *err);

/* The table's own string for VALUE, or NULL. */
const char *parse_find_choice(const char *const *choices, const char *value);

/* BULLA_E_USAGE: WHAT is the option or operand that cannot have VALUE. Returns false. */
bool parse_refuse_choice(const char *what, const char *const *choices, const char *value,
                         struct bulla_error *err);

/* The word that was meant: the only one that begins so, else the nearest by edit distance. */
const char *parse_nearest(const char *word, const char *const *words, size_t count);

#endif
