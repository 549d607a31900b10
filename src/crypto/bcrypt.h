/* bcrypt_pbkdf, which encrypts OpenSSH's private keys; layer 1. */
#ifndef BULLA_CRYPTO_BCRYPT_H
#define BULLA_CRYPTO_BCRYPT_H

#include "bulla/bytes.h"
#include "bulla/error.h"

#define BCRYPT_MAX_ROUNDS 4096 /* half a minute; ssh-keygen makes 16 to 24 */

/*
 * Derives LEN bytes (at most 1,024) from PASSPHRASE and SALT (at most 1 MiB). ROUNDS is from 1 to
 * BCRYPT_MAX_ROUNDS. False with BULLA_E_INVALID for other sizes, BULLA_E_NOMEM.
 */
BULLA_MUST_CHECK bool bcrypt_pbkdf(struct bulla_bytes passphrase, struct bulla_bytes salt,
                                   uint32_t rounds, uint8_t *out, size_t len,
                                   struct bulla_error *err);

#endif
