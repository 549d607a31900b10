#include "crypto/openssl.h"

#include <openssl/crypto.h>

#include "base/banned.h"

#define LOCKED_BYTES ((size_t)64 * 1024)
#define LEAST_LOCKED_BYTES 16

bool openssl_start(struct bulla_error *err)
{
    if (OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT, NULL) != 1) {
        (void)bulla_error_nomem(err);
        return false;
    }
    /* Where the system does not lock so much, what OpenSSL allocates as secret is there unlocked.
     */
    if (CRYPTO_secure_malloc_initialized() != 1 &&
        CRYPTO_secure_malloc_init(LOCKED_BYTES, LEAST_LOCKED_BYTES) == 0) {
        (void)bulla_error_nomem(err);
        return false;
    }
    return true;
}
