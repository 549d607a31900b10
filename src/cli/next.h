/* What is to be done once values have changed, in the order that works. */
#ifndef BULLA_CLI_NEXT_H
#define BULLA_CLI_NEXT_H

#include "beyond.h"
#include "recreate.h"

/*
 * Prints to OUT "next:" and the steps, which a shell takes as they are: the servers that keep their
 * own copy of a value are told of it, then the file is rendered where the services read one, then
 * what uses the values is recreated. Nothing where there is nothing to do. BULLA_E_NOMEM,
 * BULLA_E_IO.
 */
BULLA_MUST_CHECK bool next_write(const struct recreate *recreate, const struct beyond *beyond,
                                 const struct workspace *workspace, struct output *out,
                                 struct bulla_error *err);

#endif
