/* What opens a file: one struct for every kind of identity; layer 2. */
#ifndef BULLA_AGE_IDENTITY_H
#define BULLA_AGE_IDENTITY_H

#include "age/hybrid.h"
#include "age/plugin.h"
#include "age/ssh.h"

enum identity_kind {
    IDENTITY_X25519,
    IDENTITY_PQ,
    IDENTITY_SSH,
    IDENTITY_PLUGIN,
    IDENTITY_PASSPHRASE
};

struct identity {
    enum identity_kind kind;
    char *recipient;           /* its text, owned; NULL where it has none */
    uint8_t public_key[32];    /* IDENTITY_X25519 */
    struct bulla_bytes secret; /* in the arena: private key, plugin's text, passphrase ("": ask) */
    char plugin[PLUGIN_MAX_NAME_BYTES + 1];
    struct ssh_private *ssh; /* owned */
    char *prompt;            /* owned; what to ask by */
};

struct bulla_identities {
    struct identity *items;
    size_t count;
    size_t cap;
    struct bulla_arena *arena;
    char **roots; /* of the vaults that it is for */
    size_t root_count;
    size_t root_cap;
    const struct bulla_age_host *host;
};

/* Adds IDENTITY, whose texts it takes over, also after a failure. BULLA_E_LIMIT. */
BULLA_MUST_CHECK bool identities_take(struct bulla_identities *identities,
                                      struct identity *identity, struct bulla_error *err);

/*
 * Asks the host for what PROMPT says, into ANSWER. BULLA_E_IDENTITY where there is nobody to ask.
 */
BULLA_MUST_CHECK bool identities_ask(const struct bulla_identities *identities, const char *prompt,
                                     struct bulla_buf *answer, struct bulla_error *err);

/* The same for the passphrase of the ssh key NAME: an ssh_ask_fn, CTX is the identities. */
bool identities_ask_ssh(void *ctx, const char *name, struct bulla_buf *answer,
                        struct bulla_error *err);

/*
 * Tries IDENTITY, one of IDENTITIES, on every stanza of HEADER; *ret_opened says whether the file
 * key is in KEYS. BULLA_E_SYNTAX for a stanza that is wrong.
 */
BULLA_MUST_CHECK bool identity_unwrap(const struct bulla_identities *identities,
                                      const struct identity *identity,
                                      const struct age_header *header, struct age_keys *keys,
                                      bool *ret_opened, struct bulla_error *err);

/*
 * Whether identity INDEX may open what is encrypted to RECIPIENT: it is its own or, since a
 * plugin's identity does not know its recipient, one of the same plugin.
 */
bool identity_may_open(const struct bulla_identities *identities, size_t index,
                       struct bulla_bytes recipient);

#endif
