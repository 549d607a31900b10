#include <limits.h>

#include <openssl/err.h>
#include <openssl/evp.h>

#include "crypto/openssl.h"

#include "base/banned.h"

static const EVP_CIPHER *kind_of(enum cipher cipher)
{
    switch (cipher) {
    case CIPHER_AES256_CTR:
        return EVP_aes_256_ctr();
    case CIPHER_AES256_CBC:
        return EVP_aes_256_cbc();
    case CIPHER_AES256_GCM:
        break;
    }
    return EVP_aes_256_gcm();
}

bool cipher_decrypt(enum cipher cipher, const uint8_t key[static CIPHER_KEY_BYTES],
                    const uint8_t *iv, struct bulla_bytes sealed, uint8_t *out, bool *ret_opened,
                    struct bulla_error *err)
{
    size_t tag = cipher == CIPHER_AES256_GCM ? CIPHER_GCM_TAG_BYTES : 0;
    int len = 0;
    int rest = 0;
    *ret_opened = false;
    if (sealed.len < tag || sealed.len > INT_MAX) {
        return true;
    }
    EVP_CIPHER_CTX *context = openssl_start(err) ? EVP_CIPHER_CTX_new() : NULL;
    if (context == NULL || EVP_DecryptInit_ex(context, kind_of(cipher), NULL, key, iv) != 1 ||
        EVP_CIPHER_CTX_set_padding(context, 0) != 1) {
        EVP_CIPHER_CTX_free(context);
        ERR_clear_error();
        return bulla_error_nomem(err);
    }
    uint8_t copy[CIPHER_GCM_TAG_BYTES];
    for (size_t i = 0; i < tag; i++) {
        copy[i] = sealed.data[sealed.len - tag + i];
    }
    *ret_opened =
        (tag == 0 || EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, (int)tag, copy) == 1) &&
        EVP_DecryptUpdate(context, out, &len, sealed.data, (int)(sealed.len - tag)) == 1 &&
        EVP_DecryptFinal_ex(context, out + len, &rest) == 1 &&
        (size_t)len + (size_t)rest == sealed.len - tag;
    EVP_CIPHER_CTX_free(context);
    ERR_clear_error();
    return true;
}
