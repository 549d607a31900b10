/* An identity that is made for somebody else: a CI, a server. */
#ifndef BULLA_CLI_NEW_IDENTITY_H
#define BULLA_CLI_NEW_IDENTITY_H

#include "bulla/vault.h"
#include "command.h"

struct new_identity {
    struct bulla_buf text; /* the identity file, locked memory */
};

void new_identity_init(struct new_identity *identity);
void new_identity_release(struct new_identity *identity);

/* Makes the private key; its recipient and signing key go to RET_KEYS. */
BULLA_MUST_CHECK bool new_identity_make(struct new_identity *identity, int64_t now,
                                        struct bulla_member_request *ret_keys,
                                        struct bulla_error *err);

/* Adds the ROOT of the vault at PATH. */
BULLA_MUST_CHECK bool new_identity_add_root(struct new_identity *identity, const char *path,
                                            const char *root, struct bulla_error *err);

/* Writes it to the new file OUT, mode 0600, or with NULL to standard output. */
BULLA_MUST_CHECK bool new_identity_hand_out(struct new_identity *identity,
                                            const struct invocation *in, const char *out,
                                            struct bulla_error *err);

#endif
