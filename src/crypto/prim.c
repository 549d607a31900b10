#include "crypto/prim.h"

#include <sodium.h>
#include <string.h>

#include "base/banned.h"

/* libsodium's functions may not be given NULL, not even for no bytes. */
static const uint8_t *bytes_or_empty(struct bulla_bytes bytes)
{
    return bytes.len > 0 ? bytes.data : (const uint8_t *)"";
}

void prim_random(void *out, size_t len)
{
    randombytes_buf(out, len);
}

uint32_t prim_random_below(uint32_t limit)
{
    return randombytes_uniform(limit);
}

void prim_hash(uint8_t out[static 32], const struct bulla_bytes *parts, size_t count)
{
    crypto_generichash_state state;
    uint8_t hash[64];
    (void)crypto_generichash_init(&state, NULL, 0, sizeof hash);
    for (size_t i = 0; i < count; i++) {
        (void)crypto_generichash_update(&state, bytes_or_empty(parts[i]), parts[i].len);
    }
    (void)crypto_generichash_final(&state, hash, sizeof hash);
    memcpy(out, hash, 32);
}

void prim_sha256(uint8_t out[static 32], struct bulla_bytes bytes)
{
    (void)crypto_hash_sha256(out, bytes_or_empty(bytes), bytes.len);
}

void prim_sha512(uint8_t out[static 64], const struct bulla_bytes *parts, size_t count)
{
    crypto_hash_sha512_state state;
    (void)crypto_hash_sha512_init(&state);
    for (size_t i = 0; i < count; i++) {
        (void)crypto_hash_sha512_update(&state, bytes_or_empty(parts[i]), parts[i].len);
    }
    (void)crypto_hash_sha512_final(&state, out);
    sodium_memzero(&state, sizeof state);
}

void prim_hmac(uint8_t out[static 32], struct bulla_bytes key, const struct bulla_bytes *parts,
               size_t count)
{
    crypto_auth_hmacsha256_state state;
    (void)crypto_auth_hmacsha256_init(&state, bytes_or_empty(key), key.len);
    for (size_t i = 0; i < count; i++) {
        (void)crypto_auth_hmacsha256_update(&state, bytes_or_empty(parts[i]), parts[i].len);
    }
    (void)crypto_auth_hmacsha256_final(&state, out);
    sodium_memzero(&state, sizeof state);
}

void prim_hkdf(uint8_t out[static 32], struct bulla_bytes key, struct bulla_bytes salt,
               struct bulla_bytes info)
{
    uint8_t uniform[32];
    prim_hmac(uniform, salt, &key, 1);
    prim_expand(out, uniform, info);
    sodium_memzero(uniform, sizeof uniform);
}

void prim_expand(uint8_t out[static 32], const uint8_t key[static 32], struct bulla_bytes info)
{
    const struct bulla_bytes parts[] = {info, bulla_bytes("\x01", 1)};
    prim_hmac(out, bulla_bytes(key, 32), parts, 2);
}

void prim_encrypt(uint8_t *out, struct bulla_bytes text, struct bulla_bytes aad,
                  const uint8_t nonce[static PRIM_NONCE_BYTES],
                  const uint8_t key[static PRIM_KEY_BYTES])
{
    (void)crypto_aead_chacha20poly1305_ietf_encrypt(out, NULL, bytes_or_empty(text), text.len,
                                                    bytes_or_empty(aad), aad.len, NULL, nonce, key);
}

bool prim_decrypt(uint8_t *out, struct bulla_bytes sealed, struct bulla_bytes aad,
                  const uint8_t nonce[static PRIM_NONCE_BYTES],
                  const uint8_t key[static PRIM_KEY_BYTES])
{
    if (sealed.len < PRIM_TAG_BYTES) {
        return false;
    }
    return crypto_aead_chacha20poly1305_ietf_decrypt(out, NULL, NULL, sealed.data, sealed.len,
                                                     bytes_or_empty(aad), aad.len, nonce, key) == 0;
}

bool prim_x25519(uint8_t out[static 32], const uint8_t scalar[static 32],
                 const uint8_t point[static 32])
{
    return crypto_scalarmult(out, scalar, point) == 0;
}

void prim_x25519_public(uint8_t out[static 32], const uint8_t scalar[static 32])
{
    (void)crypto_scalarmult_base(out, scalar);
}

void prim_sign_keys(uint8_t ret_public[static 32],
                    uint8_t ret_secret[static PRIM_SIGN_SECRET_BYTES],
                    const uint8_t seed[static 32])
{
    (void)crypto_sign_seed_keypair(ret_public, ret_secret, seed);
}

void prim_sign(uint8_t ret_signature[static PRIM_SIGNATURE_BYTES], struct bulla_bytes message,
               const uint8_t secret[static PRIM_SIGN_SECRET_BYTES])
{
    (void)crypto_sign_detached(ret_signature, NULL, bytes_or_empty(message), message.len, secret);
}

bool prim_verify(const uint8_t signature[static PRIM_SIGNATURE_BYTES], struct bulla_bytes message,
                 const uint8_t public_key[static 32])
{
    return crypto_sign_verify_detached(signature, bytes_or_empty(message), message.len,
                                       public_key) == 0;
}

bool prim_sign_public_to_x25519(uint8_t out[static 32], const uint8_t public_key[static 32])
{
    return crypto_sign_ed25519_pk_to_curve25519(out, public_key) == 0;
}

void prim_sign_seed_to_x25519(uint8_t out[static 32], const uint8_t seed[static 32])
{
    /* Of a secret key only its first half, the seed, is looked at. */
    uint8_t secret[PRIM_SIGN_SECRET_BYTES] = {0};
    memcpy(secret, seed, 32);
    (void)crypto_sign_ed25519_sk_to_curve25519(out, secret);
    sodium_memzero(secret, sizeof secret);
}

bool prim_sign_public_is_valid(const uint8_t public_key[static 32])
{
    return crypto_core_ed25519_is_valid_point(public_key) == 1;
}

bool prim_scrypt(uint8_t out[static 32], struct bulla_bytes passphrase, struct bulla_bytes salt,
                 unsigned log_n)
{
    return crypto_pwhash_scryptsalsa208sha256_ll(bytes_or_empty(passphrase), passphrase.len,
                                                 bytes_or_empty(salt), salt.len,
                                                 (uint64_t)1 << log_n, 8, 1, out, 32) == 0;
}

bool prim_equal(const void *a, const void *b, size_t len)
{
    return len == 0 || sodium_memcmp(a, b, len) == 0;
}

size_t prim_pad(uint8_t *data, size_t len, size_t cap, size_t block)
{
    size_t padded = 0;
    if (sodium_pad(&padded, data, len, block, cap) != 0) {
        return 0;
    }
    return padded;
}

bool prim_unpad(const uint8_t *data, size_t len, size_t block, size_t *ret_len)
{
    return len > 0 && len % block == 0 && sodium_unpad(ret_len, data, len, block) == 0;
}
