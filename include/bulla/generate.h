/*
 * Kinds of values that can be made: what "kind = hex:32" in a contract and `bulla generate hex:32`
 * mean. One table drives making, checking, help, completion and documents.
 *
 *     NAME[:SIZE][,OPTION=VALUE]...     password:24,classes=luds   hex:32,prefix=whsec_
 *
 * All randomness is the system's, all choices are uniform (by rejection, never by remainder), and
 * every length is exact.
 */
#ifndef BULLA_GENERATE_H
#define BULLA_GENERATE_H

#include "bulla/buf.h"

#define BULLA_KIND_PREFIX_BYTES 32

/* What a version that came from elsewhere names in place of a kind. */
#define BULLA_KIND_IMPORTED "imported"

/* One row of the table, for help, completion and documents. All strings are static. */
struct bulla_kind_info {
    const char *name;      /* "hex" */
    const char *summary;   /* one line without a full stop */
    const char *form;      /* what a value looks like: "2 digits 0-9a-f a byte" */
    const char *size_unit; /* "bytes", "characters", "words"; NULL: the kind has one size only */
    uint32_t default_size;
    uint32_t least_size; /* both limits equal default_size where size_unit is NULL */
    uint32_t most_size;
    const char *options; /* words separated by a blank ("classes symbols exclude"), or "" */
    const char *example; /* a kind text with everything in it: "password:24,classes=luds" */
    double floor_bits;   /* below this much entropy a value of this kind is weak */
};

BULLA_API size_t bulla_kind_count(void);

/* Row INDEX, in the order in which people should read them. */
BULLA_API const struct bulla_kind_info *bulla_kind_info(size_t index);

/* The row called NAME (a whole kind text will do: what follows the name is ignored), or NULL. */
BULLA_API const struct bulla_kind_info *bulla_kind_find(struct bulla_bytes name);

/* A parsed kind: a plain value, needs no clean-up. Use the functions; the members are private. */
struct bulla_kind {
    size_t row;
    uint32_t size;
    uint8_t alphabet_len;
    uint8_t first_len; /* of these, at the front, the first character is one */
    uint8_t class_count;
    char separator;
    char alphabet[96];
    uint8_t class_of[96]; /* of alphabet[i]; the first class_count ones each have to occur */
    char prefix[BULLA_KIND_PREFIX_BYTES + 1];
};

/*
 * Parses a kind text. BULLA_E_INVALID for an unknown kind or option (the hint names the nearest), a
 * size that is none or out of the kind's limits, a policy that nothing can satisfy. The error's
 * position is line 1 and the column in TEXT; a caller that knows where TEXT stands adds that.
 */
BULLA_API BULLA_MUST_CHECK bool
bulla_kind_parse(struct bulla_bytes text, struct bulla_kind *ret_kind, struct bulla_error *err);

/*
 * Appends a fresh value of KIND to OUT, a secret buffer; OUT is as it was after a failure.
 * BULLA_E_LIMIT over its maximum, BULLA_E_NOMEM.
 */
BULLA_API BULLA_MUST_CHECK bool bulla_kind_generate(const struct bulla_kind *kind,
                                                    struct bulla_buf *out, struct bulla_error *err);

/* Bits of entropy of a value of KIND: log2 of how many there are, all equally likely. */
BULLA_API double bulla_kind_entropy(const struct bulla_kind *kind);

/* True where that is less than the floor of KIND's row: worth a warning. */
BULLA_API bool bulla_kind_is_weak(const struct bulla_kind *kind);

/* Bytes of a value of KIND, its prefix included; 0 where they differ (passphrase). */
BULLA_API size_t bulla_kind_length(const struct bulla_kind *kind);

/*
 * True where VALUE has KIND's shape. Else appends why not to REASON in words that never quote the
 * value: "has 12 characters, 32 are needed". Passwords, passphrases and keys that are taken as text
 * (jwt-…, django, phoenix) may be longer than what is generated. Allocates nothing but REASON.
 */
BULLA_API bool bulla_kind_check(const struct bulla_kind *kind, struct bulla_bytes value,
                                struct bulla_buf *reason);

#endif
