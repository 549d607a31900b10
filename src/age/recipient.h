/* Whom a file is encrypted to: one struct for every kind of recipient; layer 2. */
#ifndef BULLA_AGE_RECIPIENT_H
#define BULLA_AGE_RECIPIENT_H

#include "age/age_internal.h"

enum recipient_kind { RECIPIENT_X25519, RECIPIENT_PASSPHRASE };

struct recipient {
    enum recipient_kind kind;
    unsigned work_factor;            /* RECIPIENT_PASSPHRASE */
    char *text;                      /* as it was given, owned; NULL for a passphrase */
    uint8_t key[32];                 /* RECIPIENT_X25519 */
    struct bulla_secret *passphrase; /* owned */
};

struct bulla_recipients {
    struct recipient *items;
    size_t count;
    size_t cap;
    const struct bulla_age_host *host;
};

/* Parses TEXT into *RET_RECIPIENT, whose text stays NULL. BULLA_E_INVALID. */
BULLA_MUST_CHECK bool recipient_parse(const char *text, struct recipient *ret_recipient,
                                      struct bulla_error *err);
void recipient_release(struct recipient *recipient);

/* Appends the stanza of RECIPIENT with the file key of KEYS to OUT. */
BULLA_MUST_CHECK bool recipient_wrap(const struct recipient *recipient, struct age_keys *keys,
                                     struct bulla_buf *out, struct bulla_error *err);

#endif
