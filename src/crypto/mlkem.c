#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include "crypto/kem.h"
#include "crypto/openssl.h"

#include "base/banned.h"

#define NAME "ML-KEM-768"

bool mlkem_require(struct bulla_error *err)
{
    (void)err;
    return true;
}

/* Drops what OpenSSL remembers of a failure, and says what is wrong where it was not OK. */
static bool finish(bool ok, struct bulla_error *err)
{
    ERR_clear_error();
    return ok || bulla_error(err, BULLA_E_INVALID, "OpenSSL does not take the post-quantum key");
}

static EVP_PKEY *private_key(const uint8_t seed[static MLKEM_SEED_BYTES])
{
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_ML_KEM_SEED, (void *)(uintptr_t)seed,
                                          MLKEM_SEED_BYTES),
        OSSL_PARAM_construct_end(),
    };
    EVP_PKEY *key = NULL;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, NAME, NULL);
    if (context == NULL || EVP_PKEY_fromdata_init(context) != 1 ||
        EVP_PKEY_fromdata(context, &key, EVP_PKEY_KEYPAIR, params) != 1) {
        key = NULL;
    }
    EVP_PKEY_CTX_free(context);
    return key;
}

bool mlkem_public(const uint8_t seed[static MLKEM_SEED_BYTES],
                  uint8_t ret_public[static MLKEM_PUBLIC_BYTES], struct bulla_error *err)
{
    if (!openssl_start(err)) {
        return false;
    }
    size_t len = MLKEM_PUBLIC_BYTES;
    EVP_PKEY *key = private_key(seed);
    bool ok = key != NULL && EVP_PKEY_get_raw_public_key(key, ret_public, &len) == 1 &&
              len == MLKEM_PUBLIC_BYTES;
    EVP_PKEY_free(key);
    return finish(ok, err);
}

bool mlkem_seal(const uint8_t public_key[static MLKEM_PUBLIC_BYTES],
                uint8_t ret_sealed[static MLKEM_SEALED_BYTES], uint8_t ret_shared[static 32],
                struct bulla_error *err)
{
    if (!openssl_start(err)) {
        return false;
    }
    size_t sealed_len = MLKEM_SEALED_BYTES;
    size_t len = 32;
    EVP_PKEY *key =
        EVP_PKEY_new_raw_public_key_ex(NULL, NAME, NULL, public_key, MLKEM_PUBLIC_BYTES);
    EVP_PKEY_CTX *context = key == NULL ? NULL : EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
    bool ok = context != NULL && EVP_PKEY_encapsulate_init(context, NULL) == 1 &&
              EVP_PKEY_encapsulate(context, ret_sealed, &sealed_len, ret_shared, &len) == 1 &&
              sealed_len == MLKEM_SEALED_BYTES && len == 32;
    EVP_PKEY_CTX_free(context);
    EVP_PKEY_free(key);
    return finish(ok, err);
}

bool mlkem_open(const uint8_t seed[static MLKEM_SEED_BYTES],
                const uint8_t sealed[static MLKEM_SEALED_BYTES], uint8_t ret_shared[static 32],
                struct bulla_error *err)
{
    if (!openssl_start(err)) {
        return false;
    }
    size_t len = 32;
    EVP_PKEY *key = private_key(seed);
    EVP_PKEY_CTX *context = key == NULL ? NULL : EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
    bool ok = context != NULL && EVP_PKEY_decapsulate_init(context, NULL) == 1 &&
              EVP_PKEY_decapsulate(context, ret_shared, &len, sealed, MLKEM_SEALED_BYTES) == 1 &&
              len == 32;
    EVP_PKEY_CTX_free(context);
    EVP_PKEY_free(key);
    return finish(ok, err);
}
