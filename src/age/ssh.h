/*
 * ssh keys as recipients and identities (the stanzas ssh-ed25519 and ssh-rsa, which age and rage
 * agree on); layer 2. Wire formats: RFC 4253 6.6, RFC 8709 4, OpenSSH PROTOCOL.key.
 */
#ifndef BULLA_AGE_SSH_H
#define BULLA_AGE_SSH_H

#include "age/age_internal.h"
#include "crypto/openssl.h"

#define SSH_MAX_KEY_BYTES ((size_t)64 * 1024) /* of a private key's text */
#define SSH_MAX_WIRE_BYTES ((size_t)4 * 1024) /* of a public key */
#define SSH_LEAST_RSA_BITS 2048
#define SSH_MOST_RSA_BITS 16384

/* A public key; the views borrow from `wire`. */
struct ssh_public {
    bool is_rsa;
    struct bulla_bytes wire;
    uint8_t point[32];       /* Ed25519 */
    struct bulla_bytes n, e; /* RSA */
};

enum ssh_parse { SSH_PARSED, SSH_UNSUPPORTED, SSH_NOT_A_KEY, SSH_BROKEN, SSH_NO_MEMORY };

/*
 * Parses a line as an authorized_keys file has it: options, type, base64, comment. The wire form
 * goes to *RET_WIRE, owned. SSH_UNSUPPORTED is a key of a type that age cannot encrypt to;
 * SSH_BROKEN one of ours that is damaged or, of RSA, too small: *RET_FAULT says in words.
 */
enum ssh_parse ssh_parse_line(struct bulla_bytes line, uint8_t **ret_wire,
                              struct ssh_public *ret_key, const char **ret_fault,
                              struct bulla_error *err);

/* Parses the wire form, which the key borrows; NULL, or what is wrong. */
const char *ssh_parse_wire(struct bulla_bytes wire, struct ssh_public *ret_key);

/* "ssh-ed25519 BASE64" of a wire form, owned. NULL with BULLA_E_NOMEM. */
char *ssh_recipient(const struct ssh_public *key, struct bulla_error *err);

/* A private key; everything secret lies in an arena. */
struct ssh_private {
    struct ssh_public public_key;
    bool is_open;            /* false: encrypted, and the passphrase was not asked for yet */
    struct bulla_bytes seed; /* Ed25519 */
    struct rsa_key rsa;
    struct bulla_bytes file; /* while not open: the whole decoded key */
    char *name;              /* where it came from, owned */
};

/* True for the first line of a private key's PEM text. */
bool ssh_is_private_text(struct bulla_bytes text);

/* The passphrase of an encrypted key: appended to ANSWER. */
typedef bool ssh_ask_fn(void *ctx, const char *name, struct bulla_buf *answer,
                        struct bulla_error *err);

/*
 * Reads a private key of OpenSSH, PKCS#1 or PKCS#8. An encrypted one of OpenSSH has its public key
 * in clear and stays closed until ssh_open_private; others ask at once. NAME is copied. Secrets go
 * to ARENA. The caller owns the result. NULL with BULLA_E_SYNTAX, BULLA_E_INVALID for a type or
 * cipher that we have not, BULLA_E_IDENTITY for a wrong passphrase, BULLA_E_LIMIT.
 */
struct ssh_private *ssh_read_private(struct bulla_bytes text, const char *name,
                                     struct bulla_arena *arena, ssh_ask_fn *ask, void *ctx,
                                     struct bulla_error *err);
BULLA_MUST_CHECK bool ssh_open_private(struct ssh_private *key, struct bulla_arena *arena,
                                       ssh_ask_fn *ask, void *ctx, struct bulla_error *err);
void ssh_free_private(struct ssh_private *key);

/* The OpenSSH container's part of both: parses FILE, decrypts it with PASSPHRASE where not NULL. */
BULLA_MUST_CHECK bool ssh_parse_container(struct bulla_bytes file, struct ssh_private *key,
                                          struct bulla_arena *arena,
                                          const struct bulla_bytes *passphrase,
                                          struct bulla_error *err);

/* The stanzas: as those of X25519 (age_internal.h). */
bool ssh_is_stanza(const struct age_stanza *stanza);
BULLA_MUST_CHECK bool ssh_check_stanza(const struct age_stanza *stanza, struct bulla_error *err);

/* True where STANZA was wrapped for KEY, by its fingerprint: then it opens or is wrong. */
bool ssh_is_for(const struct age_stanza *stanza, const struct ssh_public *key);
BULLA_MUST_CHECK bool ssh_unwrap(const struct age_stanza *stanza, const struct ssh_private *key,
                                 struct age_keys *keys, struct bulla_error *err);
BULLA_MUST_CHECK bool ssh_wrap(struct age_keys *keys, const struct ssh_public *key,
                               struct bulla_buf *out, struct bulla_error *err);

#endif
