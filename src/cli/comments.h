/* Comments of a rendered file that rendering it anew ends. */
#ifndef BULLA_CLI_COMMENTS_H
#define BULLA_CLI_COMMENTS_H

#include "bulla/bytes.h"

/*
 * How many lines of the env file WAS are comments that NOW has nowhere; what bulla itself writes as
 * a comment is none.
 */
size_t comments_count_gone(struct bulla_bytes was, struct bulla_bytes now);

#endif
