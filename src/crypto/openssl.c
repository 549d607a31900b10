#include "crypto/openssl.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/lsan_interface.h>
#endif

#include "bulla/secret.h"

#include "base/banned.h"

#define LOCKED_BYTES ((size_t)64 * 1024)
#define LEAST_LOCKED_BYTES 16

/* What stands before each block that OpenSSL has. */
union block {
    size_t len;
    max_align_t alignment;
};

/* OpenSSL frees some of what a key was read from as it is: its memory is wiped whatever it holds.
 */
static void block_free(void *memory, const char *file, int line)
{
    (void)file;
    (void)line;
    if (memory != NULL) {
        union block *block = (union block *)memory - 1;
        bulla_wipe(block, sizeof *block + block->len);
        free(block);
    }
}

static void *block_new(size_t len, const char *file, int line)
{
    (void)file;
    (void)line;
    union block *block = len <= PTRDIFF_MAX - sizeof *block ? malloc(sizeof *block + len) : NULL;
    if (block == NULL) {
        return NULL;
    }
    block->len = len;
    return block + 1;
}

static void *block_resize(void *memory, size_t len, const char *file, int line)
{
    if (len == 0) {
        block_free(memory, file, line);
        return NULL;
    }
    void *grown = block_new(len, file, line);
    if (grown != NULL && memory != NULL) {
        size_t before = ((union block *)memory - 1)->len;
        memcpy(grown, memory, before < len ? before : len);
        block_free(memory, file, line);
    }
    return grown;
}

/* What only OpenSSL's locked memory points at is no leak: the leak checker has to look there, too.
 */
static void show_leak_checker(void)
{
#if defined(__SANITIZE_ADDRESS__)
    char *inside = OPENSSL_secure_malloc(1);
    if (inside != NULL) {
        __lsan_register_root_region(inside - LOCKED_BYTES, 2 * LOCKED_BYTES);
        OPENSSL_secure_free(inside);
    }
#endif
}

bool openssl_start(struct bulla_error *err)
{
    /* Refused, and not needed, once OpenSSL has allocated something. */
    (void)CRYPTO_set_mem_functions(block_new, block_resize, block_free);
    if (OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT, NULL) != 1) {
        (void)bulla_error_nomem(err);
        return false;
    }
    /* Where the system does not lock so much, what OpenSSL allocates as secret is there unlocked.
     */
    if (CRYPTO_secure_malloc_initialized() == 1) {
        return true;
    }
    if (CRYPTO_secure_malloc_init(LOCKED_BYTES, LEAST_LOCKED_BYTES) == 0) {
        (void)bulla_error_nomem(err);
        return false;
    }
    show_leak_checker();
    return true;
}
