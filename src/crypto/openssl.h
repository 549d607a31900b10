/*
 * OpenSSL's part of the primitives: what libsodium has not. Nothing here is touched unless such a
 * key is; layer 1.
 */
#ifndef BULLA_CRYPTO_OPENSSL_H
#define BULLA_CRYPTO_OPENSSL_H

#include "bulla/bytes.h"
#include "bulla/error.h"

/*
 * Prepares OpenSSL without its configuration file, which could load foreign code, and without
 * handlers at exit, and gives it locked memory for what it allocates as secret, and memory that is
 * wiped when it is freed for the rest. Call it before anything else of OpenSSL. BULLA_E_NOMEM, and
 * BULLA_E_REFUSED in a build without OpenSSL.
 */
BULLA_MUST_CHECK bool openssl_start(struct bulla_error *err);

/* An RSA key: big-endian numbers without leading zeros; a public one has no d, p and q. */
struct rsa_key {
    struct bulla_bytes n, e, d, p, q;
};

/*
 * RSA-OAEP (RFC 8017, 7.1) with SHA-256, MGF1 of SHA-256 and LABEL. encrypt writes n.len bytes to
 * OUT, BULLA_E_INVALID for what is no key. decrypt writes to OUT, which has room for n.len bytes;
 * *ret_opened is false for what was not made for this key. BULLA_E_NOMEM.
 */
BULLA_MUST_CHECK bool rsa_encrypt(const struct rsa_key *key, const char *label,
                                  struct bulla_bytes text, uint8_t *out, struct bulla_error *err);
BULLA_MUST_CHECK bool rsa_decrypt(const struct rsa_key *key, const char *label,
                                  struct bulla_bytes sealed, uint8_t *out, size_t *ret_len,
                                  bool *ret_opened, struct bulla_error *err);

/* The ciphers of encrypted private keys (SP 800-38A, SP 800-38D). */
enum cipher { CIPHER_AES256_CTR, CIPHER_AES256_CBC, CIPHER_AES256_GCM };
#define CIPHER_KEY_BYTES 32
#define CIPHER_BLOCK_BYTES 16
#define CIPHER_GCM_IV_BYTES 12
#define CIPHER_GCM_TAG_BYTES 16

/*
 * Decrypts SEALED (of GCM with its tag behind) with KEY and IV into OUT, as many bytes less the
 * tag, without padding. *ret_opened is false where the tag does not fit or the length is none.
 * BULLA_E_NOMEM.
 */
BULLA_MUST_CHECK bool cipher_decrypt(enum cipher cipher, const uint8_t key[static CIPHER_KEY_BYTES],
                                     const uint8_t *iv, struct bulla_bytes sealed, uint8_t *out,
                                     bool *ret_opened, struct bulla_error *err);

/* A private key that was read from PEM; the numbers lie in the memory that was given. */
struct pem_key {
    bool is_rsa;
    struct rsa_key rsa;
    struct bulla_bytes seed; /* Ed25519: 32 bytes */
};

/*
 * Reads the first private key of PEM text: PKCS#1 or PKCS#8 (RFC 8017, 5208, 8410), encrypted with
 * PASSPHRASE or not ("" then). Its numbers are copied to ROOM (CAP bytes). *ret_read is false where
 * it is no RSA or Ed25519 key or the passphrase is wrong. BULLA_E_NOMEM.
 */
BULLA_MUST_CHECK bool pem_read(struct bulla_bytes text, struct bulla_bytes passphrase,
                               uint8_t *room, size_t cap, struct pem_key *ret_key, bool *ret_read,
                               struct bulla_error *err);

#endif
