/*
 * age files, version 1 (C2SP age.md): encryption to X25519 recipients and decryption with X25519
 * identities, in memory.
 */
#ifndef BULLA_AGE_H
#define BULLA_AGE_H

#include "bulla/buf.h"
#include "bulla/secret.h"

#define BULLA_AGE_RECIPIENT_CHARS 62 /* "age1" and 58 characters */

/* The private keys of one identity file, in locked memory. */
struct bulla_identities;

/*
 * Parses an age identity file: one AGE-SECRET-KEY-1… a line, LF or CRLF, "#" lines and empty ones
 * ignored ("# bulla-root ID" lines are remembered). FILE is for messages. NULL with
 * BULLA_E_SYNTAX and the line (a recipient where an identity belongs is told so; the key is never
 * quoted), BULLA_E_MISSING where there is none.
 */
BULLA_API struct bulla_identities *bulla_identities_parse(struct bulla_bytes text, const char *file,
                                                          struct bulla_error *err);
BULLA_API void bulla_identities_free(struct bulla_identities *identities);
BULLA_API size_t bulla_identities_count(const struct bulla_identities *identities);

/* The recipient of identity INDEX, "age1…"; borrowed. */
BULLA_API const char *bulla_identities_recipient(const struct bulla_identities *identities,
                                                 size_t index);

/* The 32 secret bytes of identity INDEX; borrowed, locked memory. */
BULLA_API struct bulla_bytes bulla_identities_secret(const struct bulla_identities *identities,
                                                     size_t index);

/*
 * The id of "# bulla-root ID" line INDEX, each id once: the roots of vaults that may be trusted
 * with this identity. NULL past the last one; borrowed.
 */
BULLA_API const char *bulla_identities_root(const struct bulla_identities *identities,
                                            size_t index);

/*
 * A new identity: appends the text of an identity file ("# created: …", "# public key: age1…", the
 * key) to TEXT, a secret buffer. NOW is seconds since the epoch. ret_recipient may be NULL.
 */
BULLA_API BULLA_MUST_CHECK bool
bulla_identity_new(int64_t now, struct bulla_buf *text,
                   char ret_recipient[BULLA_AGE_RECIPIENT_CHARS + 1], struct bulla_error *err);

/*
 * The public key of an X25519 recipient text. BULLA_E_INVALID with why not (a secret key in its
 * place is named as such and never quoted).
 */
BULLA_API BULLA_MUST_CHECK bool bulla_recipient_parse(const char *text, uint8_t ret_key[static 32],
                                                      struct bulla_error *err);

/*
 * Encrypts TEXT to COUNT X25519 RECIPIENTS and appends the binary age file to OUT.
 * BULLA_E_INVALID for a recipient that is none, or for none at all.
 */
BULLA_API BULLA_MUST_CHECK bool bulla_age_encrypt(const char *const *recipients, size_t count,
                                                  struct bulla_bytes text, struct bulla_buf *out,
                                                  struct bulla_error *err);

/*
 * Decrypts the age FILE, binary or armored, with the first of IDENTITIES that opens it and appends
 * the text to OUT, a secret buffer. BULLA_E_SYNTAX for a malformed header or armor,
 * BULLA_E_VERIFY for a wrong header MAC or payload, BULLA_E_IDENTITY where no identity matches,
 * BULLA_E_LIMIT for a header over our limits or a text over OUT's maximum. OUT is as it was after
 * a failure.
 */
BULLA_API BULLA_MUST_CHECK bool bulla_age_decrypt(const struct bulla_identities *identities,
                                                  struct bulla_bytes file, struct bulla_buf *out,
                                                  struct bulla_error *err);

BULLA_DEFINE_AUTO(bulla_auto_identities_p, struct bulla_identities *, bulla_identities_free)
#define bulla_auto_identities BULLA_AUTO(bulla_auto_identities_p) struct bulla_identities *

#endif
