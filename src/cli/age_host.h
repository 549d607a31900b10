/* The person at the keyboard for age's keys: prompts on the terminal, remarks on standard error. */
#ifndef BULLA_CLI_AGE_HOST_H
#define BULLA_CLI_AGE_HOST_H

#include "bulla/age.h"
#include "command.h"

/* A host that asks and says for IN, which outlives it. */
struct bulla_age_host age_host(const struct invocation *in);

#endif
