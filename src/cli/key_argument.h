/*
 * The text of a private key where the name of something belongs, as "$(cat FILE)" for FILE gives:
 * errors say names, so such a text must meet none of them.
 */
#ifndef BULLA_CLI_KEY_ARGUMENT_H
#define BULLA_CLI_KEY_ARGUMENT_H

#include "bulla/error.h"
#include "env.h"

/* BULLA_E_USAGE where TEXT, which WHO was given, holds a private key of age, of a plugin or PEM. */
BULLA_MUST_CHECK bool key_argument_check(const char *text, const char *who,
                                         struct bulla_error *err);

/* The same for the variables of the environment that are names. */
BULLA_MUST_CHECK bool key_argument_check_env(const struct env *env, struct bulla_error *err);

#endif
