/*
 * A borrowed view of bytes. It owns nothing and may hold NUL; `data` may be NULL only where `len`
 * is 0. Who lends the bytes says how long the view stays valid.
 */
#ifndef BULLA_BYTES_H
#define BULLA_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bulla/attrs.h"

struct bulla_bytes {
    const uint8_t *data;
    size_t len;
};

/* The bytes of a C string, without its NUL. Borrowed: valid as long as TEXT is. */
BULLA_API struct bulla_bytes bulla_bytes_of(const char *text);

/* LEN bytes from DATA as a view. */
static inline struct bulla_bytes bulla_bytes(const void *data, size_t len)
{
    return (struct bulla_bytes){(const uint8_t *)data, len};
}

/* The LEN bytes from offset START, cut to what VIEW has. */
BULLA_API struct bulla_bytes bulla_bytes_slice(struct bulla_bytes view, size_t start, size_t len);

/* Equality of public bytes. Not for secrets: see bulla_secret_bytes_equal. */
BULLA_API bool bulla_bytes_equal(struct bulla_bytes a, struct bulla_bytes b);

/* True when VIEW is exactly the C string TEXT. Not for secrets. */
BULLA_API bool bulla_bytes_are(struct bulla_bytes view, const char *text);

/* True when VIEW begins with the C string PREFIX. Not for secrets. */
BULLA_API bool bulla_bytes_start(struct bulla_bytes view, const char *prefix);

#endif
