#include <limits.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "crypto/openssl.h"

#include "base/banned.h"

/* Memory that numbers are copied to, one behind the other. */
struct room {
    uint8_t *data;
    size_t left;
};

static int give_passphrase(char *to, int cap, int is_writing, void *ctx)
{
    const struct bulla_bytes *passphrase = ctx;
    (void)is_writing;
    if (cap < 0 || passphrase->len > (size_t)cap) {
        return -1;
    }
    if (passphrase->len > 0) {
        memcpy(to, passphrase->data, passphrase->len);
    }
    return (int)passphrase->len;
}

static bool copy_number(const EVP_PKEY *pkey, const char *name, struct room *room,
                        struct bulla_bytes *ret)
{
    BIGNUM *number = NULL;
    bool ok = EVP_PKEY_get_bn_param(pkey, name, &number) == 1;
    size_t len = ok ? (size_t)BN_num_bytes(number) : 0;
    ok = ok && len <= room->left && BN_bn2bin(number, room->data) == (int)len;
    BN_clear_free(number);
    if (ok) {
        *ret = bulla_bytes(room->data, len);
        room->data += len;
        room->left -= len;
    }
    return ok;
}

static bool copy_key(const EVP_PKEY *pkey, struct room *room, struct pem_key *key)
{
    key->is_rsa = EVP_PKEY_is_a(pkey, "RSA") == 1;
    if (key->is_rsa) {
        return copy_number(pkey, OSSL_PKEY_PARAM_RSA_N, room, &key->rsa.n) &&
               copy_number(pkey, OSSL_PKEY_PARAM_RSA_E, room, &key->rsa.e) &&
               copy_number(pkey, OSSL_PKEY_PARAM_RSA_D, room, &key->rsa.d) &&
               copy_number(pkey, OSSL_PKEY_PARAM_RSA_FACTOR1, room, &key->rsa.p) &&
               copy_number(pkey, OSSL_PKEY_PARAM_RSA_FACTOR2, room, &key->rsa.q);
    }
    size_t len = room->left;
    if (EVP_PKEY_is_a(pkey, "ED25519") != 1 || len < 32 ||
        EVP_PKEY_get_raw_private_key(pkey, room->data, &len) != 1) {
        return false;
    }
    key->seed = bulla_bytes(room->data, len);
    return len == 32;
}

bool pem_read(struct bulla_bytes text, struct bulla_bytes passphrase, uint8_t *room, size_t cap,
              struct pem_key *ret_key, bool *ret_read, struct bulla_error *err)
{
    *ret_key = (struct pem_key){.is_rsa = false};
    *ret_read = false;
    if (!openssl_start(err) || text.len > INT_MAX) {
        return false;
    }
    /* A view of the text: no copy of it is made. */
    BIO *bio = BIO_new_mem_buf(text.data, (int)text.len);
    if (bio == NULL) {
        return bulla_error_nomem(err);
    }
    EVP_PKEY *pkey = PEM_read_bio_PrivateKey(bio, NULL, give_passphrase, &passphrase);
    struct room left = {room, cap};
    *ret_read = pkey != NULL && copy_key(pkey, &left, ret_key);
    EVP_PKEY_free(pkey);
    BIO_free(bio);
    ERR_clear_error();
    return true;
}
