/* What the rules about literal secrets share; private to check/. */
#ifndef BULLA_CHECK_LITERALS_H
#define BULLA_CHECK_LITERALS_H

#include "check/families.h"

#define NAME_MAX_SHOWN 128

/* A byte of an option's or a setting's name. */
static inline bool is_name_byte(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '-' || c == '.';
}

/* What stands behind the key, or all of the text. */
struct bulla_bytes literal_value(const struct bulla_project_literal *literal);

/* [START, END) of LITERAL's text as a place. */
struct place literal_place(const struct check *check, const struct bulla_project_literal *literal,
                           size_t start, size_t end);

/*
 * How bad it is that WHAT (bulla_secret_in_clear) stands where RULE finds it: what opens somebody
 * else's door is worse than the password of a database behind a wall.
 */
enum bulla_severity secret_severity(const char *what, enum rule rule);

/* A value that is written out in the environment of a service. */
BULLA_MUST_CHECK bool literal_check_environment(struct check *check,
                                                const struct bulla_project_literal *literal,
                                                struct bulla_error *err);

/*
 * The words of a command. OPTION is the last one of the item before, whose value the first word is;
 * it becomes the last one here.
 */
BULLA_MUST_CHECK bool literal_check_command(struct check *check,
                                            const struct bulla_project_literal *literal,
                                            char option[NAME_MAX_SHOWN], struct bulla_error *err);

#endif
