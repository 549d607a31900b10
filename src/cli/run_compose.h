/* Before `run` starts Docker Compose: what it would read that is not what was meant. */
#ifndef BULLA_CLI_RUN_COMPOSE_H
#define BULLA_CLI_RUN_COMPOSE_H

#include "workspace.h"

/*
 * Where ARGV, NULL-terminated, is "docker compose" or "docker-compose" with a command that looks at
 * the project, warns that Compose, given no files, finds others than the environment has, and of
 * the rendered file that a service reads and that is not there. VALUES are WS's own. For all else
 * it looks at nothing, and what cannot be read is left to Compose. BULLA_E_NOMEM, BULLA_E_IO.
 */
BULLA_MUST_CHECK bool run_compose_warn(const struct workspace *ws, struct bulla_values *values,
                                       const char *const *argv, struct bulla_error *err);

/*
 * Compose reads the `.env` beside the compose file by itself, for what its environment lacks.
 * *RET_FINDS where that may be the one of an environment other than WS's: what is unset here would
 * be taken from there. BULLA_E_NOMEM.
 */
BULLA_MUST_CHECK bool run_compose_finds_foreign(const struct workspace *ws, bool *ret_finds,
                                                struct bulla_error *err);

#endif
