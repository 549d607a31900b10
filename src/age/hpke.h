/*
 * HPKE's base mode with HKDF-SHA256 and ChaCha20-Poly1305, for one message without associated data
 * (RFC 9180, 4 and 5.1), and the stanzas that are made with it; layer 2.
 */
#ifndef BULLA_AGE_HPKE_H
#define BULLA_AGE_HPKE_H

#include "age/age_internal.h"

/* RFC 9180, 4: LabeledExtract and LabeledExpand to 32 bytes, for SUITE. */
void hpke_extract(uint8_t out[static 32], struct bulla_bytes suite, struct bulla_bytes salt,
                  const char *label, struct bulla_bytes ikm);
void hpke_expand(uint8_t out[static 32], struct bulla_bytes suite, const uint8_t key[static 32],
                 const char *label, struct bulla_bytes info, uint16_t len);

/* Appends the file key of KEYS, sealed for INFO with the shared secret in KEYS, as a stanza's body.
 */
void hpke_put_wrapped_key(struct age_keys *keys, uint16_t kem, const char *info,
                          struct bulla_buf *out);

/* Opens such a body into the file key of KEYS. */
BULLA_MUST_CHECK bool hpke_open_wrapped_key(const struct age_stanza *stanza, uint16_t kem,
                                            const char *info, struct age_keys *keys);

#endif
