/*
 * The cryptographic primitives as bulla uses them, these all libsodium's; layer 1. Sizes stand in
 * the prototypes. The prefix is "prim" because libsodium owns "crypto_". Nothing here allocates;
 * callers keep keys in locked memory.
 */
#ifndef BULLA_CRYPTO_PRIM_H
#define BULLA_CRYPTO_PRIM_H

#include "bulla/bytes.h"

#define PRIM_KEY_BYTES 32
#define PRIM_TAG_BYTES 16
#define PRIM_NONCE_BYTES 12
#define PRIM_SIGNATURE_BYTES 64
#define PRIM_SIGN_SECRET_BYTES 64

/* LEN uniformly random bytes. */
void prim_random(void *out, size_t len);

/* A uniformly random number below LIMIT (at least 2), by rejection. */
uint32_t prim_random_below(uint32_t limit);

/* The first 32 bytes of BLAKE2b-512 over the COUNT parts one after the other (docs/vault.5.md 4).
 */
void prim_hash(uint8_t out[static 32], const struct bulla_bytes *parts, size_t count);

/* SHA-256 of BYTES. */
void prim_sha256(uint8_t out[static 32], struct bulla_bytes bytes);

/* SHA-512 over COUNT parts, one after the other. */
void prim_sha512(uint8_t out[static 64], const struct bulla_bytes *parts, size_t count);

/* HMAC-SHA256 over COUNT parts; KEY may be empty. */
void prim_hmac(uint8_t out[static 32], struct bulla_bytes key, const struct bulla_bytes *parts,
               size_t count);

/* HKDF-SHA256 with 32 bytes of output (RFC 5869, 2.2 and 2.3); SALT may be empty. */
void prim_hkdf(uint8_t out[static 32], struct bulla_bytes key, struct bulla_bytes salt,
               struct bulla_bytes info);

/* HKDF-Expand-SHA256 alone, 32 bytes of output, for a KEY that is uniform (RFC 5869, 3.3). */
void prim_expand(uint8_t out[static 32], const uint8_t key[static 32], struct bulla_bytes info);

/*
 * ChaCha20-Poly1305 (RFC 8439). encrypt writes text.len + PRIM_TAG_BYTES to OUT; decrypt writes
 * sealed.len - PRIM_TAG_BYTES and returns false (OUT undefined) where the tag does not verify or
 * SEALED is shorter than a tag. OUT may be the input's own memory.
 */
void prim_encrypt(uint8_t *out, struct bulla_bytes text, struct bulla_bytes aad,
                  const uint8_t nonce[static PRIM_NONCE_BYTES],
                  const uint8_t key[static PRIM_KEY_BYTES]);
__attribute__((warn_unused_result)) bool prim_decrypt(uint8_t *out, struct bulla_bytes sealed,
                                                      struct bulla_bytes aad,
                                                      const uint8_t nonce[static PRIM_NONCE_BYTES],
                                                      const uint8_t key[static PRIM_KEY_BYTES]);

/*
 * X25519 (RFC 7748): OUT = SCALAR x POINT; false for a point of low order (an all-zero result).
 * OUT must not be SCALAR's or POINT's memory.
 */
__attribute__((warn_unused_result)) bool prim_x25519(uint8_t out[static 32],
                                                     const uint8_t scalar[static 32],
                                                     const uint8_t point[static 32]);
void prim_x25519_public(uint8_t out[static 32], const uint8_t scalar[static 32]);

/* Ed25519: key pair from a 32-byte seed; verification is libsodium's strict one. */
void prim_sign_keys(uint8_t ret_public[static 32],
                    uint8_t ret_secret[static PRIM_SIGN_SECRET_BYTES],
                    const uint8_t seed[static 32]);
void prim_sign(uint8_t ret_signature[static PRIM_SIGNATURE_BYTES], struct bulla_bytes message,
               const uint8_t secret[static PRIM_SIGN_SECRET_BYTES]);
__attribute__((warn_unused_result)) bool
prim_verify(const uint8_t signature[static PRIM_SIGNATURE_BYTES], struct bulla_bytes message,
            const uint8_t public_key[static 32]);

/*
 * Ed25519 keys for X25519 (their points on the other form of the curve). The public one is false
 * for a point that is not canonical or not of prime order.
 */
__attribute__((warn_unused_result)) bool
prim_sign_public_to_x25519(uint8_t out[static 32], const uint8_t public_key[static 32]);
void prim_sign_seed_to_x25519(uint8_t out[static 32], const uint8_t seed[static 32]);

/* True for a canonical point of prime order: a key that vaults take (docs/vault.5.md 4.1). */
bool prim_sign_public_is_valid(const uint8_t public_key[static 32]);

/*
 * scrypt (RFC 7914) with N = 2^LOG_N, r = 8, p = 1: takes 2^LOG_N KiB of memory, the library's own.
 * LOG_N is from 1 to PRIM_SCRYPT_MAX_LOG_N. False where there is not so much memory.
 */
#define PRIM_SCRYPT_MAX_LOG_N 22
__attribute__((warn_unused_result)) bool prim_scrypt(uint8_t out[static 32],
                                                     struct bulla_bytes passphrase,
                                                     struct bulla_bytes salt, unsigned log_n);

/* Equality of LEN bytes in constant time. */
bool prim_equal(const void *a, const void *b, size_t len);

/* ISO 7816-4 padding to a multiple of BLOCK in place: LEN bytes of CAP; returns the new length. */
size_t prim_pad(uint8_t *data, size_t len, size_t cap, size_t block);
/* The length without padding in *ret_len; false where it is malformed. */
__attribute__((warn_unused_result)) bool prim_unpad(const uint8_t *data, size_t len, size_t block,
                                                    size_t *ret_len);

#endif
