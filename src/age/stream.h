/* The payload of an age file: chunks of 64 KiB, each sealed by itself; layer 2. */
#ifndef BULLA_AGE_STREAM_H
#define BULLA_AGE_STREAM_H

#include "age/age_internal.h"

/* The key of one payload and the place in it. */
struct stream {
    const uint8_t *key;
    uint64_t counter;
};

/* A stream whose key is derived into KEYS, which outlives it. */
struct stream stream_begin(struct age_keys *keys, const uint8_t nonce[static AGE_NONCE_BYTES]);

/* Seals the next CHUNK, full unless it IS_LAST, into OUT: PRIM_TAG_BYTES more. */
void stream_seal(struct stream *stream, struct bulla_bytes chunk, bool is_last, uint8_t *out);

/*
 * Opens the next chunk, SEALED, into OUT. IS_END says that nothing follows it: what the chunk says
 * of itself has to agree, which is BULLA_E_VERIFY with *ret_opened (what is in OUT is authentic all
 * the same). BULLA_E_VERIFY too for one that is cut off, changed or needlessly empty.
 */
BULLA_MUST_CHECK bool stream_open(struct stream *stream, struct bulla_bytes sealed, bool is_end,
                                  uint8_t *out, bool *ret_opened, struct bulla_error *err);

#endif
