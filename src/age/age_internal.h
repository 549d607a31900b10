/*
 * The parts of an age file (C2SP age.md): header, stanzas, payload stream; layer 2. The layout and
 * every rule here is of age-encryption.org/v1.
 */
#ifndef BULLA_AGE_INTERNAL_H
#define BULLA_AGE_INTERNAL_H

#include "bulla/age.h"

#define AGE_VERSION_LINE "age-encryption.org/v1\n"
#define AGE_RECIPIENT_PREFIX "age"
#define AGE_FILE_KEY_BYTES 16
#define AGE_WRAPPED_KEY_BYTES 32 /* the file key and a tag */
#define AGE_MAC_BYTES 32
#define AGE_NONCE_BYTES 16
#define AGE_CHUNK_BYTES ((size_t)64 * 1024)
#define AGE_SEALED_CHUNK_BYTES (AGE_CHUNK_BYTES + 16)

/* The format sets no limits on a header; these are ours. */
#define AGE_MAX_HEADER_BYTES ((size_t)1024 * 1024)
#define AGE_MAX_BODY_BYTES ((size_t)16 * 1024)
#define AGE_MAX_STANZAS 1024
#define AGE_MAX_IDENTITIES 1024

/* The keys of one file while it is made or read: lives in locked memory. */
struct age_keys {
    uint8_t file_key[AGE_FILE_KEY_BYTES];
    uint8_t ephemeral[32];
    uint8_t shared[32];
    uint8_t expanded[96];     /* of a hybrid identity: ML-KEM's seed, then X25519's secret */
    uint8_t shared_parts[64]; /* of a hybrid: ML-KEM's secret, then the curve's */
    uint8_t wrap[32];
    uint8_t mac[32];
    uint8_t payload[32];
};

/* Gives ERR, but for BULLA_E_NOMEM, the FILE and place that its cause did not know. */
void age_place_error(struct bulla_error *err, const char *file, struct bulla_pos pos);

/* Keys for one file; *RET_KEYS is inside what is returned. NULL with BULLA_E_NOMEM. */
struct bulla_secret *age_keys_new(struct age_keys **ret_keys, struct bulla_error *err);

/* One "-> TYPE ARGUMENT…" line and the body behind it, as read. */
struct age_stanza {
    struct bulla_pos pos;
    struct bulla_bytes type;
    struct bulla_bytes arguments; /* all that follow the type, one space between */
    struct bulla_bytes body;      /* its base64 lines, LFs included */
    size_t body_len;              /* decoded */
};

struct age_header {
    struct age_stanza *stanzas;
    size_t count;
    size_t cap;
    struct bulla_bytes authenticated; /* what the MAC is over: from the first byte to "---" */
    uint8_t mac[AGE_MAC_BYTES];
    size_t len; /* the payload begins here */
};

/*
 * Parses the header that FILE begins with; views are borrowed from FILE, release it with
 * age_header_release also after a failure. BULLA_E_SYNTAX with the place, BULLA_E_LIMIT.
 */
BULLA_MUST_CHECK bool age_header_parse(struct bulla_bytes file, struct age_header *ret_header,
                                       struct bulla_error *err);

/* The same for TEXT, one stanza and nothing else. */
BULLA_MUST_CHECK bool age_stanza_parse(struct bulla_bytes text, struct age_stanza *ret_stanza,
                                       struct bulla_error *err);
void age_header_release(struct age_header *header);

/* Decodes STANZA's body of exactly LEN bytes; false where it has another length. */
BULLA_MUST_CHECK bool age_stanza_body(const struct age_stanza *stanza, uint8_t *out, size_t len);

/* The MAC of a header under the file key of KEYS. */
void age_header_mac(struct age_keys *keys, struct bulla_bytes authenticated,
                    uint8_t ret_mac[static AGE_MAC_BYTES]);

/* The version line, and the end of a header: "--- " and the MAC of what OUT holds from START on. */
void age_header_begin(struct bulla_buf *out);
void age_header_end(struct age_keys *keys, size_t start, struct bulla_buf *out);

/* A stanza's BODY as lines of base64, the last of them short or empty. */
void age_put_body(struct bulla_bytes body, struct bulla_buf *out);

/* Seals the file key of KEYS under its wrapping key: one line, the body of a stanza. */
void age_put_wrapped_key(const struct age_keys *keys, struct bulla_buf *out);

/* True for a stanza of X25519; BULLA_E_SYNTAX where such a one has not its form. */
bool x25519_is_stanza(const struct age_stanza *stanza);
BULLA_MUST_CHECK bool x25519_check_stanza(const struct age_stanza *stanza, struct bulla_error *err);

/*
 * Unwraps the file key of a stanza that x25519_check_stanza has passed into KEYS with the private
 * key SECRET, whose public key is RECIPIENT; *ret_opened is false where it was wrapped for someone
 * else. BULLA_E_SYNTAX for a share of low order.
 */
BULLA_MUST_CHECK bool x25519_unwrap(const struct age_stanza *stanza,
                                    const uint8_t secret[static 32],
                                    const uint8_t recipient[static 32], struct age_keys *keys,
                                    bool *ret_opened, struct bulla_error *err);

/* Appends a stanza with the file key of KEYS for RECIPIENT. BULLA_E_INVALID for a low order. */
BULLA_MUST_CHECK bool x25519_wrap(struct age_keys *keys, const uint8_t recipient[static 32],
                                  struct bulla_buf *out, struct bulla_error *err);

/* The recipient of a public key, owned. NULL with BULLA_E_NOMEM. */
char *x25519_recipient(const uint8_t key[static 32], struct bulla_error *err);

/*
 * The same for a passphrase. check refuses a work factor over the limit too (BULLA_E_LIMIT); the
 * others fail with BULLA_E_NOMEM where the memory that it asks for is not there.
 */
bool scrypt_is_stanza(const struct age_stanza *stanza);
BULLA_MUST_CHECK bool scrypt_check_stanza(const struct age_stanza *stanza, struct bulla_error *err);
BULLA_MUST_CHECK bool scrypt_unwrap(const struct age_stanza *stanza, struct bulla_bytes passphrase,
                                    struct age_keys *keys, bool *ret_opened,
                                    struct bulla_error *err);
BULLA_MUST_CHECK bool scrypt_wrap(struct age_keys *keys, struct bulla_bytes passphrase,
                                  unsigned log_n, struct bulla_buf *out, struct bulla_error *err);

/*
 * Appends the payload for TEXT (nonce and sealed chunks) to OUT; or the text of PAYLOAD, which has
 * its whole nonce, to OUT. The second leaves what was authentic before a failure in OUT, as a
 * program that reads a pipe would have passed it on; BULLA_E_VERIFY, BULLA_E_LIMIT over OUT's
 * maximum.
 */
BULLA_MUST_CHECK bool stream_encrypt(struct age_keys *keys, struct bulla_bytes text,
                                     struct bulla_buf *out, struct bulla_error *err);
BULLA_MUST_CHECK bool stream_decrypt(struct age_keys *keys, struct bulla_bytes payload,
                                     struct bulla_buf *out, struct bulla_error *err);

/* Appends a whole header with a fresh file key for RECIPIENTS to OUT, as bulla_age_encrypt fails.
 */
BULLA_MUST_CHECK bool age_make_header(const struct bulla_recipients *recipients,
                                      struct age_keys *keys, struct bulla_buf *out,
                                      struct bulla_error *err);

/*
 * Parses the header that FILE begins with, finds the file key with IDENTITIES and checks the MAC:
 * the payload, with its whole nonce, follows. *ret_step says how far it came. Release RET_HEADER
 * with age_header_release in every case.
 */
enum age_step { AGE_AT_HEADER, AGE_AT_KEY, AGE_AT_MAC, AGE_AT_PAYLOAD };
BULLA_MUST_CHECK bool age_open_header(const struct bulla_identities *identities,
                                      struct bulla_bytes file, struct age_header *ret_header,
                                      struct age_keys *keys, enum age_step *ret_step,
                                      struct bulla_error *err);

/* True for the failure of bulla_age_decrypt that says: every identity was asked, none matches. */
bool age_is_no_match(const struct bulla_error *err);

/* bulla_age_decrypt without the promise to leave OUT as it was; *ret_step says how far it came. */
BULLA_MUST_CHECK bool age_decrypt_steps(const struct bulla_identities *identities,
                                        struct bulla_bytes file, struct bulla_buf *out,
                                        enum age_step *ret_step, struct bulla_error *err);

#endif
