/* How Docker Compose is called for the stack of an environment. */
#ifndef BULLA_CLI_COMPOSE_COMMAND_H
#define BULLA_CLI_COMPOSE_COMMAND_H

#include "workspace.h"

/*
 * Appends "docker compose" with the options that name the files, profiles and, where IS_RENDERED,
 * the rendered file of the environment, as far as Compose does not find them by itself; paths are
 * from where we are. BULLA_E_NOMEM, BULLA_E_IO.
 */
BULLA_MUST_CHECK bool compose_command_put(struct bulla_buf *line, const struct workspace *workspace,
                                          bool is_rendered, struct bulla_error *err);

#endif
