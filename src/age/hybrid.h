/*
 * Recipients that are post-quantum (mlkem768x25519, mlkem768p256tag) or live in hardware (p256tag),
 * as age 1.3 has them; the last two are only encrypted to, plugins open them; layer 2.
 */
#ifndef BULLA_AGE_HYBRID_H
#define BULLA_AGE_HYBRID_H

#include "age/age_internal.h"
#include "crypto/kem.h"

#define PQ_RECIPIENT_PREFIX "age1pq"
#define PQ_KEY_BYTES (MLKEM_PUBLIC_BYTES + 32) /* ML-KEM's key, then X25519's */
#define TAG_RECIPIENT_PREFIX "age1tag"
#define TAG_KEY_BYTES P256_PACKED_BYTES
#define PQ_TAG_RECIPIENT_PREFIX "age1tagpq"
#define PQ_TAG_KEY_BYTES (MLKEM_PUBLIC_BYTES + P256_POINT_BYTES)

/* What a post-quantum recipient asks of the others of its file (C2SP age-plugin.md, "labels"). */
#define PQ_LABEL "postquantum"

/* The stanzas: as those of X25519 (age_internal.h). SECRET is the identity's 32 bytes. */
bool pq_is_stanza(const struct age_stanza *stanza);
BULLA_MUST_CHECK bool pq_check_stanza(const struct age_stanza *stanza, struct bulla_error *err);
BULLA_MUST_CHECK bool pq_unwrap(const struct age_stanza *stanza, const uint8_t secret[static 32],
                                struct age_keys *keys, bool *ret_opened, struct bulla_error *err);
BULLA_MUST_CHECK bool pq_wrap(struct age_keys *keys, const uint8_t recipient[static PQ_KEY_BYTES],
                              struct bulla_buf *out, struct bulla_error *err);

/* The recipient of a secret, owned. NULL with BULLA_E_REFUSED, BULLA_E_NOMEM. */
char *pq_recipient(const uint8_t secret[static 32], struct bulla_error *err);

/* Stanzas for keys that only a plugin opens. BULLA_E_INVALID for what is no key. */
BULLA_MUST_CHECK bool tag_wrap(struct age_keys *keys, const uint8_t recipient[static TAG_KEY_BYTES],
                               struct bulla_buf *out, struct bulla_error *err);
BULLA_MUST_CHECK bool pq_tag_wrap(struct age_keys *keys,
                                  const uint8_t recipient[static PQ_TAG_KEY_BYTES],
                                  struct bulla_buf *out, struct bulla_error *err);

#endif
