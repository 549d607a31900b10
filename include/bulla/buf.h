/*
 * A growing byte buffer with a maximum that is set at birth. Appending returns nothing: the first
 * failure (no memory, over the maximum) sticks, later appends do nothing, and bulla_buf_ok or
 * bulla_buf_text reports it once at the end.
 *
 * A buffer made with bulla_buf_init_secret keeps its bytes in locked memory (bulla/secret.h) and
 * wipes what it leaves behind when it grows; everything else is the same.
 */
#ifndef BULLA_BUF_H
#define BULLA_BUF_H

#include "bulla/bytes.h"
#include "bulla/error.h"

struct bulla_buf {
    uint8_t *data; /* private; use the functions */
    size_t len;
    size_t cap;
    size_t max;
    bool secret;
    enum bulla_code failed; /* BULLA_OK, BULLA_E_NOMEM or BULLA_E_LIMIT */
};

/* An empty buffer for at most MAX bytes; allocates nothing yet. */
BULLA_API void bulla_buf_init(struct bulla_buf *buf, size_t max);
BULLA_API void bulla_buf_init_secret(struct bulla_buf *buf, size_t max);

/* Frees (and, where secret, wipes) the contents; the buffer is as after init. */
BULLA_API void bulla_buf_release(struct bulla_buf *buf);

/* Forgets the contents and any failure, keeps the memory (wiped where secret). */
BULLA_API void bulla_buf_clear(struct bulla_buf *buf);

BULLA_API void bulla_buf_add(struct bulla_buf *buf, const void *data, size_t len);
BULLA_API void bulla_buf_add_bytes(struct bulla_buf *buf, struct bulla_bytes bytes);
BULLA_API void bulla_buf_puts(struct bulla_buf *buf, const char *text);
BULLA_API void bulla_buf_putc(struct bulla_buf *buf, char c);

/* Appends WORD as a POSIX shell takes it for one: in quotes where it would be taken apart. */
BULLA_API void bulla_buf_put_word(struct bulla_buf *buf, const char *word);

/* WORD so, for a hint that is a command; owned. NULL with BULLA_E_NOMEM. */
BULLA_API char *bulla_word(const char *word, struct bulla_error *err);

/* Formats at most 4,095 bytes at a time (BULLA_E_LIMIT beyond). Not for secret values. */
BULLA_API void bulla_buf_printf(struct bulla_buf *buf, const char *fmt, ...) BULLA_PRINTF(2, 3);

/* Makes room for LEN more bytes and returns where to write them, or NULL (the failure sticks). */
BULLA_API uint8_t *bulla_buf_reserve(struct bulla_buf *buf, size_t len);

/* Says that LEN of the reserved bytes were written. */
BULLA_API void bulla_buf_commit(struct bulla_buf *buf, size_t len);

/* Drops all bytes from offset LEN on (wiped where secret). */
BULLA_API void bulla_buf_truncate(struct bulla_buf *buf, size_t len);

/* What is in it; borrowed, valid until the buffer changes. */
BULLA_API struct bulla_bytes bulla_buf_view(const struct bulla_buf *buf);

/* False with BULLA_E_NOMEM or BULLA_E_LIMIT where an append failed. */
BULLA_API BULLA_MUST_CHECK bool bulla_buf_ok(const struct bulla_buf *buf, struct bulla_error *err);

/* The contents with a NUL behind, borrowed, valid until the buffer changes; NULL on failure. */
BULLA_API const char *bulla_buf_text(struct bulla_buf *buf, struct bulla_error *err);

#define bulla_auto_buf BULLA_AUTO(bulla_buf_release) struct bulla_buf

#endif
