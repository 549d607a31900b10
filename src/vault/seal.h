/* Epoch keys and values (seal.c), and the identities as authors (author.c). */
#ifndef BULLA_VAULT_SEAL_H
#define BULLA_VAULT_SEAL_H

#include "vault/vault_internal.h"

/* seal.c */
/* The key of EPOCH (an index of keys): *ret_secret borrowed. BULLA_E_IDENTITY, BULLA_E_VERIFY. */
bool seal_open_epoch(struct bulla_vault *vault, uint32_t epoch, const uint8_t **ret_secret,
                     struct bulla_error *err);
/* Takes SECRET as the key of EPOCH, which this process has just made. */
bool seal_keep_epoch(struct bulla_vault *vault, uint32_t epoch, const uint8_t secret[static 32],
                     struct bulla_error *err);
/* The base64 commitment to an epoch's SECRET, with a NUL; its first characters are the key id. */
void seal_commitment(const uint8_t secret[static 32], char ret_text[static TEXT_ID_CHARS + 1]);
/* The value of version RECORD; borrowed from the arena, a NUL behind. */
bool seal_open_value(struct bulla_vault *vault, uint32_t record, struct bulla_bytes *ret_value,
                     struct bulla_error *err);
/* Appends d of a `set` of NAME whose line so far (before " d=") is TEXT. */
bool seal_value(const struct bulla_vault *vault, const uint8_t secret[static 32],
                struct bulla_bytes name, struct bulla_bytes text, struct bulla_bytes value,
                struct bulla_buf *out, struct bulla_error *err);
/* Appends d of a `grant` of epoch KEYID to COUNT recipients. */
bool seal_grant(const struct bulla_vault *vault, const uint8_t secret[static 32], const char *keyid,
                const char *const *recipients, size_t count, struct bulla_buf *out,
                struct bulla_error *err);
bool seal_make_arena(struct bulla_vault *vault, struct bulla_error *err);

/* author.c */
/* The signing key of identity INDEX in META's form. */
const char *author_sign(const struct bulla_vault *vault, size_t index);
/* The person whose last word has a key of the identities, and which; NONE. */
uint32_t author_me(const struct bulla_vault *vault, size_t *ret_identity);
/* Signs any MESSAGE, without a vault. */
void author_sign_message(const struct bulla_identities *identities, size_t index,
                         struct bulla_bytes message, uint8_t ret_signature[static 64]);
void author_make_signature(const struct bulla_vault *vault, size_t identity, const char *id,
                           uint8_t ret_signature[static 64]);

#endif
