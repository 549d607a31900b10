/* The bytes of an age file from a descriptor, armor taken off, in constant memory; layer 2. */
#ifndef BULLA_AGE_SOURCE_H
#define BULLA_AGE_SOURCE_H

#include "bulla/buf.h"
#include "codec/armor.h"

struct age_source {
    int fd;
    const char *name;
    bool is_armor;
    bool is_end; /* the descriptor has no more */
    struct armor_reader armor;
    struct bulla_buf text;  /* armor: what is read and not decoded yet */
    struct bulla_buf ready; /* bytes of the file; those before `at` are used up */
    size_t at;
};

/* A source of FD; NAME is for messages and outlives it. Reads enough to see whether it is armor. */
BULLA_MUST_CHECK bool age_source_open(struct age_source *source, int fd, const char *name,
                                      struct bulla_error *err);
void age_source_release(struct age_source *source);

/*
 * Makes at least LEN bytes ready, fewer only at the end of the file, and lends what is ready:
 * valid until the next call. BULLA_E_IO, BULLA_E_SYNTAX for bad armor with its place.
 */
BULLA_MUST_CHECK bool age_source_peek(struct age_source *source, size_t len,
                                      struct bulla_bytes *ret_ready, struct bulla_error *err);

/* Uses up LEN of the bytes that are ready. */
void age_source_skip(struct age_source *source, size_t len);

#endif
