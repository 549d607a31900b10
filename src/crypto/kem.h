/*
 * What hybrid and tag recipients are made of, all of it OpenSSL's: ML-KEM-768 and SHA-3 (from 3.5
 * on; the build probes), P-256; layer 1. Where it is left out each function fails with
 * BULLA_E_REFUSED, as mlkem_require does.
 */
#ifndef BULLA_CRYPTO_KEM_H
#define BULLA_CRYPTO_KEM_H

#include "bulla/bytes.h"
#include "bulla/error.h"

#define MLKEM_SEED_BYTES 64 /* d and z of FIPS 203 */
#define MLKEM_PUBLIC_BYTES 1184
#define MLKEM_SEALED_BYTES 1088
#define P256_POINT_BYTES 65 /* uncompressed (SEC 1, 2.3.3) */
#define P256_PACKED_BYTES 33

/* BULLA_E_REFUSED where this build has no ML-KEM. */
BULLA_MUST_CHECK bool mlkem_require(struct bulla_error *err);

/*
 * ML-KEM-768 (FIPS 203): the encapsulation key of a seed; a shared secret for whoever has
 * PUBLIC_KEY, and what tells it to him; that secret with the seed, which for what was sealed to
 * another is a secret that nobody else has. BULLA_E_INVALID for what is no key.
 */
BULLA_MUST_CHECK bool mlkem_public(const uint8_t seed[static MLKEM_SEED_BYTES],
                                   uint8_t ret_public[static MLKEM_PUBLIC_BYTES],
                                   struct bulla_error *err);
BULLA_MUST_CHECK bool mlkem_seal(const uint8_t public_key[static MLKEM_PUBLIC_BYTES],
                                 uint8_t ret_sealed[static MLKEM_SEALED_BYTES],
                                 uint8_t ret_shared[static 32], struct bulla_error *err);
BULLA_MUST_CHECK bool mlkem_open(const uint8_t seed[static MLKEM_SEED_BYTES],
                                 const uint8_t sealed[static MLKEM_SEALED_BYTES],
                                 uint8_t ret_shared[static 32], struct bulla_error *err);

/* SHA3-256 over COUNT parts, and SHAKE256 of BYTES (FIPS 202). BULLA_E_NOMEM. */
BULLA_MUST_CHECK bool sha3_256(uint8_t out[static 32], const struct bulla_bytes *parts,
                               size_t count, struct bulla_error *err);
BULLA_MUST_CHECK bool shake256(uint8_t *out, size_t len, struct bulla_bytes bytes,
                               struct bulla_error *err);

/* The uncompressed form of POINT, which has either. BULLA_E_INVALID for what is no point of P-256.
 */
BULLA_MUST_CHECK bool p256_unpack(struct bulla_bytes point,
                                  uint8_t ret_point[static P256_POINT_BYTES],
                                  struct bulla_error *err);

/* A fresh key pair's public key, and its secret shared with POINT: the x coordinate (SEC 1, 3.3.1).
 */
BULLA_MUST_CHECK bool p256_agree(const uint8_t point[static P256_POINT_BYTES],
                                 uint8_t ret_share[static P256_POINT_BYTES],
                                 uint8_t ret_shared[static 32], struct bulla_error *err);

#endif
