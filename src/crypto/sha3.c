#include <openssl/err.h>
#include <openssl/evp.h>

#include "crypto/kem.h"
#include "crypto/openssl.h"

#include "base/banned.h"

static bool digest(const EVP_MD *kind, const struct bulla_bytes *parts, size_t count, uint8_t *out,
                   size_t len, struct bulla_error *err)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool ok = context != NULL && EVP_DigestInit_ex(context, kind, NULL) == 1;
    for (size_t i = 0; i < count && ok; i++) {
        ok = EVP_DigestUpdate(context, parts[i].data, parts[i].len) == 1;
    }
    bool is_any_length = (EVP_MD_get_flags(kind) & EVP_MD_FLAG_XOF) != 0;
    ok = ok && (is_any_length ? EVP_DigestFinalXOF(context, out, len)
                              : EVP_DigestFinal_ex(context, out, NULL)) == 1;
    EVP_MD_CTX_free(context);
    ERR_clear_error();
    return ok || bulla_error_nomem(err);
}

bool sha3_256(uint8_t out[static 32], const struct bulla_bytes *parts, size_t count,
              struct bulla_error *err)
{
    return openssl_start(err) && digest(EVP_sha3_256(), parts, count, out, 32, err);
}

bool shake256(uint8_t *out, size_t len, struct bulla_bytes bytes, struct bulla_error *err)
{
    return openssl_start(err) && digest(EVP_shake256(), &bytes, 1, out, len, err);
}
