/* Comments of a rendered file that rendering it anew ends. */
#ifndef BULLA_CLI_COMMENTS_H
#define BULLA_CLI_COMMENTS_H

#include "bulla/bytes.h"
#include "command.h"

/*
 * Says with how many lines of the env file WAS at PATH are comments that NOW has nowhere; what
 * bulla itself writes as a comment is none. BULLA_E_NOMEM.
 */
BULLA_MUST_CHECK bool comments_say_gone(const struct invocation *in, const char *path,
                                        struct bulla_bytes was, struct bulla_bytes now,
                                        struct bulla_error *err);

#endif
