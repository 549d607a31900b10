#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include "crypto/kem.h"
#include "crypto/openssl.h"

#include "base/banned.h"

#define CURVE "P-256"

static bool finish(bool ok, struct bulla_error *err)
{
    ERR_clear_error();
    return ok || bulla_error(err, BULLA_E_INVALID, "the recipient is no point of P-256");
}

/* OpenSSL checks that the point is on the curve. */
static EVP_PKEY *public_key(struct bulla_bytes point)
{
    char curve[] = CURVE;
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, curve, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, (void *)(uintptr_t)point.data,
                                          point.len),
        OSSL_PARAM_construct_end(),
    };
    EVP_PKEY *key = NULL;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    if (context == NULL || EVP_PKEY_fromdata_init(context) != 1 ||
        EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, params) != 1) {
        key = NULL;
    }
    EVP_PKEY_CTX_free(context);
    return key;
}

/* A number of 32 bytes with its leading zeros. */
static bool copy_number(const EVP_PKEY *key, const char *name, uint8_t out[static 32])
{
    BIGNUM *number = NULL;
    bool ok = EVP_PKEY_get_bn_param(key, name, &number) == 1 && BN_bn2binpad(number, out, 32) == 32;
    BN_free(number);
    return ok;
}

/* Of the coordinates, since which form a key gives as a whole is the key's own choice. */
static bool copy_point(const EVP_PKEY *key, uint8_t ret_point[static P256_POINT_BYTES])
{
    ret_point[0] = 4;
    return copy_number(key, OSSL_PKEY_PARAM_EC_PUB_X, ret_point + 1) &&
           copy_number(key, OSSL_PKEY_PARAM_EC_PUB_Y, ret_point + 33);
}

bool p256_unpack(struct bulla_bytes point, uint8_t ret_point[static P256_POINT_BYTES],
                 struct bulla_error *err)
{
    if (!openssl_start(err)) {
        return false;
    }
    EVP_PKEY *key = public_key(point);
    bool ok = key != NULL && copy_point(key, ret_point);
    EVP_PKEY_free(key);
    return finish(ok, err);
}

bool p256_agree(const uint8_t point[static P256_POINT_BYTES],
                uint8_t ret_share[static P256_POINT_BYTES], uint8_t ret_shared[static 32],
                struct bulla_error *err)
{
    if (!openssl_start(err)) {
        return false;
    }
    size_t len = 32;
    EVP_PKEY *peer = public_key(bulla_bytes(point, P256_POINT_BYTES));
    EVP_PKEY *own = peer == NULL ? NULL : EVP_EC_gen(CURVE);
    EVP_PKEY_CTX *context = own == NULL ? NULL : EVP_PKEY_CTX_new_from_pkey(NULL, own, NULL);
    bool ok = context != NULL && point[0] == 4 && copy_point(own, ret_share) &&
              EVP_PKEY_derive_init(context) == 1 && EVP_PKEY_derive_set_peer(context, peer) == 1 &&
              EVP_PKEY_derive(context, ret_shared, &len) == 1 && len == 32;
    EVP_PKEY_CTX_free(context);
    EVP_PKEY_free(own);
    EVP_PKEY_free(peer);
    return finish(ok, err);
}
