/* Whom a file is encrypted to: one struct for every kind of recipient; layer 2. */
#ifndef BULLA_AGE_RECIPIENT_H
#define BULLA_AGE_RECIPIENT_H

#include "age/hybrid.h"
#include "age/plugin.h"
#include "age/ssh.h"

enum recipient_kind {
    RECIPIENT_X25519,
    RECIPIENT_PQ,
    RECIPIENT_TAG,
    RECIPIENT_PQ_TAG,
    RECIPIENT_SSH,
    RECIPIENT_PLUGIN,
    RECIPIENT_PASSPHRASE
};

struct recipient {
    enum recipient_kind kind;
    unsigned work_factor; /* RECIPIENT_PASSPHRASE */
    char *text;           /* owned; NULL for a passphrase */
    uint8_t key[32];      /* RECIPIENT_X25519 */
    uint8_t *wire;        /* owned: the long keys; of RECIPIENT_SSH `ssh` borrows from it */
    struct ssh_public ssh;
    struct bulla_secret *secret; /* owned: the passphrase, or an identity of the plugin */
    char plugin[PLUGIN_MAX_NAME_BYTES + 1];
};

struct bulla_recipients {
    struct recipient *items;
    size_t count;
    size_t cap;
    const struct bulla_age_host *host;
};

/*
 * Parses TEXT into *RET_RECIPIENT, which gets a copy of it, of an ssh key its type and base64
 * alone. BULLA_E_INVALID. Release it in every case.
 */
BULLA_MUST_CHECK bool recipient_parse(const char *text, struct recipient *ret_recipient,
                                      struct bulla_error *err);
/*
 * The same for a line of a recipients file: *ret_skipped is true for an ssh key of a type that age
 * has not, of which there is nothing to keep.
 */
BULLA_MUST_CHECK bool recipient_parse_line(const char *text, struct recipient *ret_recipient,
                                           bool *ret_skipped, struct bulla_error *err);
void recipient_release(struct recipient *recipient);

/*
 * Appends the stanza of RECIPIENT with the file key of KEYS to OUT, and its labels, sorted, to
 * LABELS: recipients of one file have the same (C2SP age-plugin.md, "labels").
 */
BULLA_MUST_CHECK bool recipient_wrap(const struct bulla_age_host *host,
                                     const struct recipient *recipient, struct age_keys *keys,
                                     struct bulla_buf *out, struct bulla_buf *labels,
                                     struct bulla_error *err);

#endif
