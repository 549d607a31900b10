/*
 * Bech32 (BIP-173: checksum constant 1, not bech32m) without its limit of 90 characters, as age
 * writes keys. Both directions run in time that does not depend on the data, so that it is fit for
 * private keys; layer 1.
 */
#ifndef BULLA_CODEC_BECH32_H
#define BULLA_CODEC_BECH32_H

#include "bulla/buf.h"

enum bech32_case { BECH32_LOWER, BECH32_UPPER };

enum bech32_status {
    BECH32_OK,
    BECH32_MIXED_CASE,
    BECH32_NO_SEPARATOR, /* no "1", nothing before it, or fewer than 6 characters behind it */
    BECH32_CHARACTER,    /* a byte that is not of the alphabet, or of a prefix */
    BECH32_CHECKSUM,     /* mistyped or cut */
    BECH32_PADDING,      /* the data is no whole number of bytes, or its spare bits are set */
    BECH32_TOO_LONG      /* more data than the caller has room for */
};

/*
 * Appends PREFIX (lower case; written as LETTERS says), "1", DATA and the checksum to OUT. Failures
 * stick to OUT.
 */
void bech32_encode(const char *prefix, struct bulla_bytes data, enum bech32_case letters,
                   struct bulla_buf *out);

/*
 * Decodes TEXT into OUT (CAP bytes) and sets *ret_len; *ret_prefix is what stands before the last
 * "1", in TEXT's own case, borrowed from it. The results are undefined but for BECH32_OK.
 */
__attribute__((warn_unused_result)) enum bech32_status bech32_decode(struct bulla_bytes text,
                                                                     struct bulla_bytes *ret_prefix,
                                                                     uint8_t *out, size_t cap,
                                                                     size_t *ret_len);

#endif
