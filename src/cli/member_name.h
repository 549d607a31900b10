/* The name by which somebody is a member of a vault. */
#ifndef BULLA_CLI_MEMBER_NAME_H
#define BULLA_CLI_MEMBER_NAME_H

#include "bulla/error.h"

/*
 * GIVEN where it is not NULL and is a member's name (else BULLA_E_USAGE with one that would do),
 * else git's user.name, else the login name, made to fit; owned. NULL with BULLA_E_NOMEM.
 */
char *member_name_choose(const char *given, struct bulla_error *err);

#endif
