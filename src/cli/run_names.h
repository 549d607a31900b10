/* Names that `run` does not set unasked. */
#ifndef BULLA_CLI_RUN_NAMES_H
#define BULLA_CLI_RUN_NAMES_H

#include <stdbool.h>

#include "bulla/bytes.h"

/*
 * True where NAME=VALUE in the environment changes what a program loads, runs or trusts, as far as
 * this list of well-known shells, interpreters and tools goes: a net with holes, that keeps what is
 * cloned from the plain ways of starting a program. Names that stacks use for themselves
 * (NODE_ENV, GIT_SHA, HTTP_PROXY, RUST_LOG, PYTHON_API_KEY) are none of them.
 */
bool run_name_changes_programs(const char *name, struct bulla_bytes value);

#endif
