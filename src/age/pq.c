/* The stanza mlkem768x25519: opens only where both ML-KEM-768 and X25519 are broken. */
#include <string.h>

#include "age/hpke.h"
#include "age/hybrid.h"
#include "bulla/codec.h"
#include "bulla/mem.h"
#include "codec/bech32.h"
#include "crypto/prim.h"

#include "base/banned.h"

#define TYPE "mlkem768x25519"
#define INFO "age-encryption.org/mlkem768x25519"
#define KEM 0x647a
#define COMBINER_LABEL "\\.//^\\" /* X-Wing's */
#define SHARE_BYTES (MLKEM_SEALED_BYTES + 32)
#define CURVE_SECRET(keys) ((keys)->expanded + MLKEM_SEED_BYTES)

static bool decode_share(const struct age_stanza *stanza, uint8_t ret_share[static SHARE_BYTES])
{
    size_t len = 0;
    return stanza->arguments.len > 0 &&
           bulla_base64_decode(BULLA_BASE64_UNPADDED, stanza->arguments, ret_share, SHARE_BYTES,
                               &len) &&
           len == SHARE_BYTES;
}

bool pq_is_stanza(const struct age_stanza *stanza)
{
    return bulla_bytes_are(stanza->type, TYPE);
}

bool pq_check_stanza(const struct age_stanza *stanza, struct bulla_error *err)
{
    uint8_t share[SHARE_BYTES];
    if (!decode_share(stanza, share)) {
        return bulla_error_at(err, BULLA_E_SYNTAX, NULL, stanza->pos,
                              "age header: a post-quantum stanza has one argument, %d bytes in "
                              "base64",
                              SHARE_BYTES);
    }
    if (stanza->body_len != AGE_WRAPPED_KEY_BYTES) {
        return bulla_error_at(err, BULLA_E_SYNTAX, NULL, stanza->pos,
                              "age header: the body of a post-quantum stanza has %zu bytes, not 32",
                              stanza->body_len);
    }
    return true;
}

/* The two shared secrets of KEYS and what was sent and meant, into one. */
static bool combine(struct age_keys *keys, const uint8_t share[static 32],
                    const uint8_t recipient[static 32], struct bulla_error *err)
{
    const struct bulla_bytes parts[] = {bulla_bytes(keys->shared_parts, sizeof keys->shared_parts),
                                        bulla_bytes(share, 32), bulla_bytes(recipient, 32),
                                        bulla_bytes_of(COMBINER_LABEL)};
    return sha3_256(keys->shared, parts, sizeof parts / sizeof *parts, err);
}

bool pq_unwrap(const struct age_stanza *stanza, const uint8_t secret[static 32],
               struct age_keys *keys, bool *ret_opened, struct bulla_error *err)
{
    uint8_t share[SHARE_BYTES];
    uint8_t own[32];
    const uint8_t *curve_share = share + MLKEM_SEALED_BYTES;
    *ret_opened = false;
    if (!decode_share(stanza, share)) {
        return pq_check_stanza(stanza, err);
    }
    if (!shake256(keys->expanded, sizeof keys->expanded, bulla_bytes(secret, 32), err) ||
        !mlkem_open(keys->expanded, share, keys->shared_parts, err)) {
        return false;
    }
    prim_x25519_public(own, CURVE_SECRET(keys));
    if (!prim_x25519(keys->shared_parts + 32, CURVE_SECRET(keys), curve_share)) {
        return bulla_error_at(err, BULLA_E_SYNTAX, NULL, stanza->pos,
                              "age header: the share of a post-quantum stanza is of low order");
    }
    if (!combine(keys, curve_share, own, err)) {
        return false;
    }
    *ret_opened = hpke_open_wrapped_key(stanza, KEM, INFO, keys);
    return true;
}

bool pq_wrap(struct age_keys *keys, const uint8_t recipient[static PQ_KEY_BYTES],
             struct bulla_buf *out, struct bulla_error *err)
{
    uint8_t share[SHARE_BYTES];
    uint8_t *curve_share = share + MLKEM_SEALED_BYTES;
    const uint8_t *curve_key = recipient + MLKEM_PUBLIC_BYTES;
    if (!mlkem_seal(recipient, share, keys->shared_parts, err)) {
        return false;
    }
    prim_random(keys->ephemeral, sizeof keys->ephemeral);
    prim_x25519_public(curve_share, keys->ephemeral);
    if (!prim_x25519(keys->shared_parts + 32, keys->ephemeral, curve_key)) {
        return bulla_error(err, BULLA_E_INVALID, "the recipient's key is of low order");
    }
    if (!combine(keys, curve_share, curve_key, err)) {
        return false;
    }
    bulla_buf_puts(out, "-> " TYPE " ");
    bulla_base64_encode(BULLA_BASE64_UNPADDED, bulla_bytes(share, sizeof share), out);
    bulla_buf_putc(out, '\n');
    hpke_put_wrapped_key(keys, KEM, INFO, out);
    return true;
}

char *pq_recipient(const uint8_t secret[static 32], struct bulla_error *err)
{
    struct age_keys *keys = NULL;
    uint8_t key[PQ_KEY_BYTES];
    bulla_auto_secret memory = age_keys_new(&keys, err);
    if (memory == NULL ||
        !shake256(keys->expanded, sizeof keys->expanded, bulla_bytes(secret, 32), err) ||
        !mlkem_public(keys->expanded, key, err)) {
        return NULL;
    }
    prim_x25519_public(key + MLKEM_PUBLIC_BYTES, CURVE_SECRET(keys));
    bulla_auto_buf text;
    bulla_buf_init(&text, BULLA_AGE_PQ_RECIPIENT_CHARS + 1);
    bech32_encode(PQ_RECIPIENT_PREFIX, bulla_bytes(key, sizeof key), BECH32_LOWER, &text);
    const char *copied = bulla_buf_text(&text, err);
    return copied == NULL ? NULL : bulla_strdup(copied, err);
}
