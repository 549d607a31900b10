/*
 * Text encodings of bytes, in constant time where libsodium is (safe for keys). Strict readers:
 * canonical forms only, no white space.
 */
#ifndef BULLA_CODEC_H
#define BULLA_CODEC_H

#include "bulla/buf.h"

enum bulla_base64 {
    BULLA_BASE64,          /* RFC 4648 section 4, padded */
    BULLA_BASE64_UNPADDED, /* the same without "=": age headers, vault fields */
    BULLA_BASE64URL,       /* RFC 4648 section 5, unpadded */
    BULLA_BASE64URL_PADDED
};

/* Appends BYTES encoded to OUT (failures stick to OUT). */
BULLA_API void bulla_base64_encode(enum bulla_base64 form, struct bulla_bytes bytes,
                                   struct bulla_buf *out);
BULLA_API void bulla_hex_encode(struct bulla_bytes bytes, struct bulla_buf *out);

/*
 * Decodes TEXT into OUT (CAP bytes) and sets *ret_len. False where TEXT is not the canonical form
 * (spare bits set, wrong padding, any other byte) or needs more than CAP bytes.
 */
BULLA_API BULLA_MUST_CHECK bool bulla_base64_decode(enum bulla_base64 form, struct bulla_bytes text,
                                                    uint8_t *out, size_t cap, size_t *ret_len);
/* Lower case hexadecimal digits, two a byte. */
BULLA_API BULLA_MUST_CHECK bool bulla_hex_decode(struct bulla_bytes text, uint8_t *out, size_t cap,
                                                 size_t *ret_len);

/*
 * The time in which all certificates of TEXT (PEM, RFC 7468; other blocks and texts between them
 * are passed over) are valid: the latest beginning and the earliest end, in seconds since the
 * epoch. False where there is none, or one that is not of X.509's form as far as its validity (RFC
 * 5280, section 4.1). Nothing is verified. At most 100 certificates of 64 KiB are looked at.
 */
BULLA_API bool bulla_certificate_validity(struct bulla_bytes text, int64_t *ret_begins,
                                          int64_t *ret_ends);

#endif
