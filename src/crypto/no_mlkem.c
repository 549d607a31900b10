/* In place of ML-KEM where the OpenSSL at hand has none, or the build leaves it out. */
#include "crypto/kem.h"

#include "base/banned.h"

bool mlkem_require(struct bulla_error *err)
{
    (void)bulla_error(err, BULLA_E_REFUSED,
                      "this build has no ML-KEM, so it has no post-quantum keys of age");
    return bulla_error_hint(err, "use another key of age, or a build with OpenSSL 3.5 or newer");
}

bool mlkem_public(const uint8_t seed[static MLKEM_SEED_BYTES],
                  uint8_t ret_public[static MLKEM_PUBLIC_BYTES], struct bulla_error *err)
{
    (void)seed;
    (void)ret_public;
    return mlkem_require(err);
}

bool mlkem_seal(const uint8_t public_key[static MLKEM_PUBLIC_BYTES],
                uint8_t ret_sealed[static MLKEM_SEALED_BYTES], uint8_t ret_shared[static 32],
                struct bulla_error *err)
{
    (void)public_key;
    (void)ret_sealed;
    (void)ret_shared;
    return mlkem_require(err);
}

bool mlkem_open(const uint8_t seed[static MLKEM_SEED_BYTES],
                const uint8_t sealed[static MLKEM_SEALED_BYTES], uint8_t ret_shared[static 32],
                struct bulla_error *err)
{
    (void)seed;
    (void)sealed;
    (void)ret_shared;
    return mlkem_require(err);
}

bool sha3_256(uint8_t out[static 32], const struct bulla_bytes *parts, size_t count,
              struct bulla_error *err)
{
    (void)out;
    (void)parts;
    (void)count;
    return mlkem_require(err);
}

bool shake256(uint8_t *out, size_t len, struct bulla_bytes bytes, struct bulla_error *err)
{
    (void)out;
    (void)len;
    (void)bytes;
    return mlkem_require(err);
}
