#include <limits.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include "crypto/openssl.h"

#include "base/banned.h"

static bool push(OSSL_PARAM_BLD *build, const char *name, struct bulla_bytes number, BIGNUM **ret)
{
    /* Allocated to be wiped when freed: d, p and q are secret. */
    *ret = number.len > INT_MAX ? NULL : BN_secure_new();
    return *ret != NULL && BN_bin2bn(number.data, (int)number.len, *ret) != NULL &&
           OSSL_PARAM_BLD_push_BN(build, name, *ret) == 1;
}

static EVP_PKEY *build_key(const struct rsa_key *key)
{
    BIGNUM *numbers[5] = {NULL};
    EVP_PKEY *made = NULL;
    OSSL_PARAM *params = NULL;
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    bool is_private = key->d.len > 0;
    bool ok = build != NULL && context != NULL &&
              push(build, OSSL_PKEY_PARAM_RSA_N, key->n, &numbers[0]) &&
              push(build, OSSL_PKEY_PARAM_RSA_E, key->e, &numbers[1]);
    if (ok && is_private) {
        ok = push(build, OSSL_PKEY_PARAM_RSA_D, key->d, &numbers[2]) &&
             push(build, OSSL_PKEY_PARAM_RSA_FACTOR1, key->p, &numbers[3]) &&
             push(build, OSSL_PKEY_PARAM_RSA_FACTOR2, key->q, &numbers[4]);
    }
    params = ok ? OSSL_PARAM_BLD_to_param(build) : NULL;
    if (params == NULL || EVP_PKEY_fromdata_init(context) != 1 ||
        EVP_PKEY_fromdata(context, &made, is_private ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY,
                          params) != 1) {
        made = NULL;
    }
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(build);
    EVP_PKEY_CTX_free(context);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        BN_clear_free(numbers[i]);
    }
    return made;
}

/* The context takes over the copy of the label. */
static bool set_oaep(EVP_PKEY_CTX *context, const char *label)
{
    size_t len = strlen(label);
    void *copy = OPENSSL_memdup(label, len);
    if (copy == NULL || EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) != 1 ||
        EVP_PKEY_CTX_set_rsa_oaep_md(context, EVP_sha256()) != 1 ||
        EVP_PKEY_CTX_set_rsa_mgf1_md(context, EVP_sha256()) != 1 ||
        EVP_PKEY_CTX_set0_rsa_oaep_label(context, copy, (int)len) != 1) {
        OPENSSL_free(copy);
        return false;
    }
    return true;
}

bool rsa_encrypt(const struct rsa_key *key, const char *label, struct bulla_bytes text,
                 uint8_t *out, struct bulla_error *err)
{
    if (!openssl_start(err)) {
        return false;
    }
    size_t len = key->n.len;
    EVP_PKEY *pkey = build_key(key);
    EVP_PKEY_CTX *context = pkey == NULL ? NULL : EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
    bool ok = context != NULL && EVP_PKEY_encrypt_init(context) == 1 && set_oaep(context, label) &&
              EVP_PKEY_encrypt(context, out, &len, text.data, text.len) == 1 && len == key->n.len;
    EVP_PKEY_CTX_free(context);
    EVP_PKEY_free(pkey);
    ERR_clear_error();
    return ok || bulla_error(err, BULLA_E_INVALID, "the RSA key cannot be encrypted to");
}

bool rsa_decrypt(const struct rsa_key *key, const char *label, struct bulla_bytes sealed,
                 uint8_t *out, size_t *ret_len, bool *ret_opened, struct bulla_error *err)
{
    *ret_opened = false;
    if (!openssl_start(err)) {
        return false;
    }
    *ret_len = key->n.len;
    EVP_PKEY *pkey = build_key(key);
    EVP_PKEY_CTX *context = pkey == NULL ? NULL : EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
    bool ready = context != NULL && EVP_PKEY_decrypt_init(context) == 1 && set_oaep(context, label);
    *ret_opened = ready && sealed.len == key->n.len &&
                  EVP_PKEY_decrypt(context, out, ret_len, sealed.data, sealed.len) == 1;
    EVP_PKEY_CTX_free(context);
    EVP_PKEY_free(pkey);
    ERR_clear_error();
    return ready || bulla_error(err, BULLA_E_INVALID, "the RSA key is not sound");
}
