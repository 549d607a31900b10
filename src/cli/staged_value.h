/* What a text of an env file gives away by itself, made of others or not. */
#ifndef BULLA_CLI_STAGED_VALUE_H
#define BULLA_CLI_STAGED_VALUE_H

#include "bulla/bytes.h"

/* One assignment of a file, and what else stands there. */
struct staged_value {
    const char *name;
    struct bulla_bytes text;
    bool is_template; /* `$` forms in it are references and commands */
    bool is_derived;  /* by its contract: of what is around references all may be known */
    bool (*is_known)(void *ctx, struct bulla_bytes name); /* of a variable that could be meant */
    void *ctx;
};

/*
 * True where the text is made of other variables or by commands, and nothing in it, neither in what
 * stands around them nor in an operand, is a secret in the clear.
 */
bool staged_value_is_made(const struct staged_value *value);

/* True where other programs have sealed the text: dotenvx, SOPS. */
bool staged_value_is_sealed(struct bulla_bytes text);

#endif
