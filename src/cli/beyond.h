/* What a new value does not reach by itself: a server's own copy, what an old key has sealed. */
#ifndef BULLA_CLI_BEYOND_H
#define BULLA_CLI_BEYOND_H

#include "bulla/compose.h"
#include "workspace.h"

/*
 * Warns of what has to be done beside recreating services once VARIABLE has a new value. PROJECT
 * may be NULL: then its name alone tells. *SAID_DATABASE is set once the advice that names no
 * service was given, which is not repeated. BULLA_E_NOMEM.
 */
BULLA_MUST_CHECK bool beyond_warn(const struct invocation *in, const struct bulla_project *project,
                                  const struct bulla_variable *variable, bool *said_database,
                                  struct bulla_error *err);

/*
 * The part of it that a service's image tells: whether its server has to be told of the new value
 * of NAME. *RET_KNOWN is set where a server takes it.
 */
BULLA_MUST_CHECK bool beyond_warn_servers(const struct invocation *in,
                                          const struct bulla_project *project, const char *name,
                                          bool *ret_known, struct bulla_error *err);

#endif
