#include "age/hpke.h"

#include <string.h>

#include "crypto/prim.h"

#include "base/banned.h"

#define VERSION "HPKE-v1"
#define MODE_BASE 0
#define NO_BYTES bulla_bytes(NULL, 0)

void hpke_extract(uint8_t out[static 32], struct bulla_bytes suite, struct bulla_bytes salt,
                  const char *label, struct bulla_bytes ikm)
{
    const struct bulla_bytes parts[] = {bulla_bytes_of(VERSION), suite, bulla_bytes_of(label), ikm};
    prim_hmac(out, salt, parts, sizeof parts / sizeof *parts);
}

void hpke_expand(uint8_t out[static 32], struct bulla_bytes suite, const uint8_t key[static 32],
                 const char *label, struct bulla_bytes info, uint16_t len)
{
    const uint8_t length[] = {(uint8_t)(len >> 8), (uint8_t)len};
    const struct bulla_bytes parts[] = {bulla_bytes(length, sizeof length),
                                        bulla_bytes_of(VERSION),
                                        suite,
                                        bulla_bytes_of(label),
                                        info,
                                        bulla_bytes("\x01", 1)};
    prim_hmac(out, bulla_bytes(key, 32), parts, sizeof parts / sizeof *parts);
}

/* RFC 9180, 5.1 with an empty psk: the key into KEYS->wrap, the nonce beside. */
static void schedule(struct age_keys *keys, uint16_t kem, const char *info,
                     uint8_t ret_nonce[static PRIM_NONCE_BYTES])
{
    const uint8_t name[] = {'H', 'P', 'K', 'E', (uint8_t)(kem >> 8), (uint8_t)kem, 0, 1, 0, 3};
    const struct bulla_bytes suite = bulla_bytes(name, sizeof name);
    uint8_t context[1 + 32 + 32] = {MODE_BASE};
    uint8_t secret[32];
    uint8_t nonce[32];
    hpke_extract(context + 1, suite, NO_BYTES, "psk_id_hash", NO_BYTES);
    hpke_extract(context + 33, suite, NO_BYTES, "info_hash", bulla_bytes_of(info));
    hpke_extract(secret, suite, bulla_bytes(keys->shared, sizeof keys->shared), "secret", NO_BYTES);
    hpke_expand(keys->wrap, suite, secret, "key", bulla_bytes(context, sizeof context), 32);
    hpke_expand(nonce, suite, secret, "base_nonce", bulla_bytes(context, sizeof context),
                PRIM_NONCE_BYTES);
    memcpy(ret_nonce, nonce, PRIM_NONCE_BYTES);
    bulla_wipe(secret, sizeof secret);
}

void hpke_put_wrapped_key(struct age_keys *keys, uint16_t kem, const char *info,
                          struct bulla_buf *out)
{
    uint8_t nonce[PRIM_NONCE_BYTES];
    uint8_t wrapped[AGE_WRAPPED_KEY_BYTES];
    schedule(keys, kem, info, nonce);
    prim_encrypt(wrapped, bulla_bytes(keys->file_key, sizeof keys->file_key), NO_BYTES, nonce,
                 keys->wrap);
    age_put_body(bulla_bytes(wrapped, sizeof wrapped), out);
}

bool hpke_open_wrapped_key(const struct age_stanza *stanza, uint16_t kem, const char *info,
                           struct age_keys *keys)
{
    uint8_t nonce[PRIM_NONCE_BYTES];
    uint8_t wrapped[AGE_WRAPPED_KEY_BYTES];
    if (!age_stanza_body(stanza, wrapped, sizeof wrapped)) {
        return false;
    }
    schedule(keys, kem, info, nonce);
    return prim_decrypt(keys->file_key, bulla_bytes(wrapped, sizeof wrapped), NO_BYTES, nonce,
                        keys->wrap);
}
