/* The alphabets of the vault's grammar (docs/vault.5.md 3.1) and its times. */
#ifndef BULLA_VAULT_TEXT_H
#define BULLA_VAULT_TEXT_H

#include "bulla/bytes.h"

#define TEXT_ID_CHARS 43    /* 32 bytes in unpadded base64 */
#define TEXT_KEYID_CHARS 8  /* the first of a commitment */
#define TEXT_TIME_CHARS 16  /* 20260301T102231Z */
#define TEXT_SIGN_CHARS 86  /* 64 bytes in unpadded base64 */
#define TEXT_VAULT_CHARS 32 /* 128 bits in hexadecimal */

/* `[A-Za-z_][A-Za-z0-9_.-]{0,127}` */
bool text_is_name(struct bulla_bytes text);

/* `[a-z0-9][a-z0-9-]{0,31}`: members and environments */
bool text_is_member(struct bulla_bytes text);

/* TEXT_VAULT_CHARS lower case hexadecimal digits. */
bool text_is_vault_id(struct bulla_bytes text);

/* TEXT_KEYID_CHARS characters of base64. */
bool text_is_keyid(struct bulla_bytes text);

/* Canonical unpadded base64, not empty. */
bool text_is_base64(struct bulla_bytes text);

/* The same of exactly 32 bytes: ids, commitments, signing keys. */
bool text_is_id(struct bulla_bytes text);

/* What a byte may be part of: base64 is most of a vault, so it goes by table. */
enum text_class {
    TEXT_UPPER = 1,
    TEXT_LOWER = 2,
    TEXT_DIGIT = 4,
    TEXT_BASE64 = 8,
    TEXT_LITERAL = 16,
    TEXT_NAME = 32,
    TEXT_KEY = 64
};
extern const uint8_t text_classes[256];

/* True for the bytes that META takes as they are. */
static inline bool text_is_literal(uint8_t byte)
{
    return (text_classes[byte] & TEXT_LITERAL) != 0;
}

/* True for the bytes of META keys: `a-z0-9-`. */
static inline bool text_is_key_byte(uint8_t byte)
{
    return (text_classes[byte] & TEXT_KEY) != 0;
}

/*
 * 32 bytes as an id, with a NUL. Ids are public and there is one a record, so this one goes by
 * table; bulla/codec.h's takes constant time for keys.
 */
void text_format_id(const uint8_t bytes[static 32], char out[static TEXT_ID_CHARS + 1]);

/*
 * TEXT, which text_is_base64, as bytes: OUT has room for text.len / 4 * 3 + 2. Returns how many.
 * For what is public: signatures and ciphertext.
 */
size_t text_decode(struct bulla_bytes text, uint8_t *out);

/* "20260301T102231Z" as seconds since the epoch; false for what is no such time. */
bool text_parse_time(struct bulla_bytes text, int64_t *ret_seconds);

/* The same back, with a NUL; false outside the years 1 to 9999. */
bool text_format_time(int64_t seconds, char out[static TEXT_TIME_CHARS + 1]);

#endif
