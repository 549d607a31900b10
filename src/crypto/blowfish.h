/* The steps of bcrypt_pbkdf on OpenSSL's Blowfish, for bcrypt.c and its tests; layer 1. */
#ifndef BULLA_CRYPTO_BLOWFISH_H
#define BULLA_CRYPTO_BLOWFISH_H

#include <openssl/blowfish.h>

#include "bulla/bytes.h"

/* Blowfish's state before any key: the first 1,042 words of pi's fraction. For tests too. */
void bcrypt_initial_state(BF_KEY *ret_state);

/* Blowfish's key schedule, with a salt where that is not empty. For tests too. */
void bcrypt_expand(BF_KEY *state, struct bulla_bytes salt, struct bulla_bytes key);

#endif
