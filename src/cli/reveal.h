/* Before a secret goes to standard output: who else sees it there. */
#ifndef BULLA_CLI_REVEAL_H
#define BULLA_CLI_REVEAL_H

#include "bulla/bytes.h"
#include "command.h"

/* Refuses a terminal without REVEAL (BULLA_E_REFUSED, with what to do instead in the hint). */
BULLA_MUST_CHECK bool reveal_allow(const struct invocation *in, bool reveal,
                                   struct bulla_error *err);

/* output_secret, with a warning before it where that is a file that others may read. */
BULLA_MUST_CHECK bool reveal_write(const struct invocation *in, struct bulla_bytes secret,
                                   struct bulla_error *err);

/* The warning alone, for what is written in pieces. */
void reveal_warn_readers(const struct invocation *in);

#endif
