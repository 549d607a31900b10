#include <string.h>

#include "age/age_internal.h"
#include "bulla/codec.h"
#include "bulla/mem.h"
#include "codec/bech32.h"
#include "crypto/prim.h"

#include "base/banned.h"

#define STANZA_INFO "age-encryption.org/v1/X25519"

#define SALT_BYTES 64 /* the share, then the recipient */

/* A fresh key wraps each file key, so that the nonce may be all zero. */
static const uint8_t zero_nonce[PRIM_NONCE_BYTES];

static void derive_key(struct age_keys *keys, const uint8_t salt[static SALT_BYTES])
{
    prim_hkdf(keys->wrap, bulla_bytes(keys->shared, sizeof keys->shared),
              bulla_bytes(salt, SALT_BYTES), bulla_bytes_of(STANZA_INFO));
}

static bool decode_share(const struct age_stanza *stanza, uint8_t ret_share[static 32])
{
    size_t len = 0;
    return stanza->arguments.len > 0 &&
           bulla_base64_decode(BULLA_BASE64_UNPADDED, stanza->arguments, ret_share, 32, &len) &&
           len == 32;
}

bool x25519_is_stanza(const struct age_stanza *stanza)
{
    return bulla_bytes_are(stanza->type, "X25519");
}

bool x25519_check_stanza(const struct age_stanza *stanza, struct bulla_error *err)
{
    uint8_t share[32];
    /* A second argument has a space before it, which is not base64. */
    if (!decode_share(stanza, share)) {
        return bulla_error_at(err, BULLA_E_SYNTAX, NULL, stanza->pos,
                              "age header: an X25519 stanza has one argument, 32 bytes in base64");
    }
    /* The length is settled before any key is tried: see "partitioning oracle" in C2SP age.md. */
    if (stanza->body_len != AGE_WRAPPED_KEY_BYTES) {
        return bulla_error_at(err, BULLA_E_SYNTAX, NULL, stanza->pos,
                              "age header: the body of an X25519 stanza has %zu bytes, not 32",
                              stanza->body_len);
    }
    return true;
}

bool x25519_unwrap(const struct age_stanza *stanza, const uint8_t secret[static 32],
                   const uint8_t recipient[static 32], struct age_keys *keys, bool *ret_opened,
                   struct bulla_error *err)
{
    uint8_t salt[SALT_BYTES];
    uint8_t wrapped[AGE_WRAPPED_KEY_BYTES];
    *ret_opened = false;
    if (!decode_share(stanza, salt) || !age_stanza_body(stanza, wrapped, sizeof wrapped) ||
        !prim_x25519(keys->shared, secret, salt)) {
        return bulla_error_at(err, BULLA_E_SYNTAX, NULL, stanza->pos,
                              "age header: the share of an X25519 stanza is of low order");
    }
    memcpy(salt + 32, recipient, 32);
    derive_key(keys, salt);
    *ret_opened = prim_decrypt(keys->file_key, bulla_bytes(wrapped, sizeof wrapped),
                               bulla_bytes(NULL, 0), zero_nonce, keys->wrap);
    return true;
}

bool x25519_wrap(struct age_keys *keys, const uint8_t recipient[static 32], struct bulla_buf *out,
                 struct bulla_error *err)
{
    uint8_t salt[SALT_BYTES];
    prim_random(keys->ephemeral, sizeof keys->ephemeral);
    prim_x25519_public(salt, keys->ephemeral);
    memcpy(salt + 32, recipient, 32);
    if (!prim_x25519(keys->shared, keys->ephemeral, recipient)) {
        return bulla_error(err, BULLA_E_INVALID, "the recipient's key is of low order");
    }
    derive_key(keys, salt);
    bulla_buf_puts(out, "-> X25519 ");
    bulla_base64_encode(BULLA_BASE64_UNPADDED, bulla_bytes(salt, 32), out);
    bulla_buf_putc(out, '\n');
    age_put_wrapped_key(keys, out);
    return true;
}

char *x25519_recipient(const uint8_t key[static 32], struct bulla_error *err)
{
    bulla_auto_buf text;
    bulla_buf_init(&text, BULLA_AGE_RECIPIENT_CHARS + 1);
    bech32_encode(AGE_RECIPIENT_PREFIX, bulla_bytes(key, 32), BECH32_LOWER, &text);
    const char *copied = bulla_buf_text(&text, err);
    return copied == NULL ? NULL : bulla_strdup(copied, err);
}
