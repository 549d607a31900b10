/* Names that `run` does not set unasked. */
#ifndef BULLA_CLI_RUN_NAMES_H
#define BULLA_CLI_RUN_NAMES_H

#include <stdbool.h>

#include "bulla/bytes.h"

/*
 * True for COMPOSE_FILE and its separator, which are the rendered file's to say: they go by the
 * folder that the command is in, and who may give it values shall not choose its files.
 */
bool run_name_is_for_file(struct bulla_bytes name);

/*
 * True where NAME=VALUE in the environment changes what a program loads, runs or trusts, as far as
 * this list of well-known shells, interpreters and tools goes: a net with holes, that keeps what is
 * cloned from the plain ways of starting a program. Names that stacks use for themselves
 * (NODE_ENV, GIT_SHA, HTTP_PROXY, RUST_LOG, PYTHON_API_KEY) are none of them.
 */
bool run_name_changes_programs(const char *name, struct bulla_bytes value);

#endif
