#include "crypto/openssl.h"

#include <openssl/crypto.h>

#include "base/banned.h"

bool openssl_start(struct bulla_error *err)
{
    if (OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT, NULL) != 1) {
        (void)bulla_error_nomem(err);
        return false;
    }
    return true;
}
