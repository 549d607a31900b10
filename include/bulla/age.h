/*
 * age files, version 1 (C2SP age.md): recipients and identities of every kind, encryption and
 * decryption in memory and from descriptor to descriptor.
 */
#ifndef BULLA_AGE_H
#define BULLA_AGE_H

#include "bulla/buf.h"
#include "bulla/secret.h"

#define BULLA_AGE_RECIPIENT_CHARS 62      /* an X25519 recipient: "age1" and 58 characters */
#define BULLA_AGE_PQ_RECIPIENT_CHARS 1959 /* a post-quantum one: "age1pq1" and 1,952 */
#define BULLA_AGE_WORK_FACTOR 18     /* of a passphrase when written: 256 MiB, about a second */
#define BULLA_AGE_MAX_WORK_FACTOR 22 /* the most that is read: 4 GiB */
#define BULLA_AGE_MAX_PASSPHRASE_BYTES 1024

/*
 * How a key asks the person at the keyboard for what only a person knows. The library calls it
 * where it has to; a member that is NULL is a person who is not there. Lives as long as the
 * recipients and identities that were made with it.
 */
struct bulla_age_host {
    void *ctx;
    /*
     * Appends the answer to PROMPT ("passphrase of id.age") to ANSWER, a secret buffer for
     * BULLA_AGE_MAX_PASSPHRASE_BYTES. False with ERR filled.
     */
    bool (*ask_secret)(void *ctx, const char *prompt, struct bulla_buf *answer,
                       struct bulla_error *err);
    /* Says what was passed over, with its place (a line of a recipients file). */
    void (*warn)(void *ctx, const struct bulla_error *what);

    /*
     * For keys that a plugin holds, a program "age-plugin-NAME": the folders where it is looked for
     * (":" between; those that are not absolute are passed over; NULL: nowhere) and its
     * environment. The caller ignores SIGPIPE. Texts of the plugin come without what a terminal
     * would obey.
     */
    const char *plugin_path;
    char *const *plugin_environment;
    unsigned plugin_wait_ms; /* the longest that one may take for a message; 0: two minutes */
    void (*say)(void *ctx, const char *plugin, const char *text);
    void (*waiting)(void *ctx, const char *plugin); /* nothing has come for some seconds */
    /* As ask_secret, for what may be seen. */
    bool (*ask_public)(void *ctx, const char *prompt, struct bulla_buf *answer,
                       struct bulla_error *err);
    /* *RET_YES: YES was chosen, not NO (NULL: there is no other choice). False: nothing was. */
    bool (*confirm)(void *ctx, const char *question, const char *yes, const char *no, bool *ret_yes,
                    struct bulla_error *err);
};

/* The private keys of identity files, their secrets in locked memory. */
struct bulla_identities;

/* No identities yet. HOST may be NULL. NULL with BULLA_E_NOMEM. */
BULLA_API struct bulla_identities *bulla_identities_new(const struct bulla_age_host *host,
                                                        struct bulla_error *err);

/*
 * Adds what an age identity file TEXT holds: one AGE-SECRET-KEY-1…, AGE-SECRET-KEY-PQ-1… or
 * AGE-PLUGIN-NAME-1… a line, LF or CRLF, "#" lines and empty ones ignored ("# bulla-root ID" lines
 * are remembered), or private keys of ssh. A file that is itself encrypted with a passphrase (age,
 * binary or armored) is opened, which asks for it. FILE is for messages.
 * BULLA_E_SYNTAX with the line (a recipient where an identity belongs is told so; the key is never
 * quoted), BULLA_E_MISSING where there is none, BULLA_E_IDENTITY where the passphrase is wrong or
 * there is nobody to ask, BULLA_E_REFUSED for a post-quantum one where this build has no ML-KEM.
 */
BULLA_API BULLA_MUST_CHECK bool bulla_identities_add(struct bulla_identities *identities,
                                                     struct bulla_bytes text, const char *file,
                                                     struct bulla_error *err);

/* Adds PASSPHRASE as what opens files that are encrypted with one. BULLA_E_INVALID for "". */
BULLA_API BULLA_MUST_CHECK bool bulla_identities_add_passphrase(struct bulla_identities *identities,
                                                                struct bulla_bytes passphrase,
                                                                struct bulla_error *err);

/* The same for one that is asked for by PROMPT where a file needs it, and only then. */
BULLA_API BULLA_MUST_CHECK bool bulla_identities_ask_passphrase(struct bulla_identities *identities,
                                                                const char *prompt,
                                                                struct bulla_error *err);

/* bulla_identities_new without a host and bulla_identities_add in one. */
BULLA_API struct bulla_identities *bulla_identities_parse(struct bulla_bytes text, const char *file,
                                                          struct bulla_error *err);
BULLA_API void bulla_identities_free(struct bulla_identities *identities);
BULLA_API size_t bulla_identities_count(const struct bulla_identities *identities);

/* The recipient of identity INDEX, "age1…", or "" for a passphrase; borrowed. */
BULLA_API const char *bulla_identities_recipient(const struct bulla_identities *identities,
                                                 size_t index);

/*
 * The 32 secret bytes of identity INDEX where it is an X25519 key, from which its author key comes
 * too (docs/vault.5.md 4.2); else no bytes. Borrowed, locked memory.
 */
BULLA_API struct bulla_bytes bulla_identities_secret(const struct bulla_identities *identities,
                                                     size_t index);

/*
 * The id of "# bulla-root ID" line INDEX, each id once: the roots of vaults that may be trusted
 * with this identity. NULL past the last one; borrowed.
 */
BULLA_API const char *bulla_identities_root(const struct bulla_identities *identities,
                                            size_t index);

/* What they were made with, or NULL (also for no identities); borrowed. */
BULLA_API const struct bulla_age_host *
bulla_identities_host(const struct bulla_identities *identities);

/*
 * A new identity: appends the text of an identity file ("# created: …", "# public key: age1…", the
 * key) to TEXT, a secret buffer. NOW is seconds since the epoch. ret_recipient may be NULL.
 */
BULLA_API BULLA_MUST_CHECK bool
bulla_identity_new(int64_t now, struct bulla_buf *text,
                   char ret_recipient[BULLA_AGE_RECIPIENT_CHARS + 1], struct bulla_error *err);

/*
 * The same for a post-quantum identity (mlkem768x25519 of age 1.3: AGE-SECRET-KEY-PQ-1…).
 * *RET_RECIPIENT is owned by the caller. BULLA_E_REFUSED where this build has no ML-KEM.
 */
BULLA_API BULLA_MUST_CHECK bool bulla_identity_new_pq(int64_t now, struct bulla_buf *text,
                                                      char **ret_recipient,
                                                      struct bulla_error *err);

/* Whom a file is encrypted to. */
struct bulla_recipients;

/* No recipients yet. HOST may be NULL. NULL with BULLA_E_NOMEM. */
BULLA_API struct bulla_recipients *bulla_recipients_new(const struct bulla_age_host *host,
                                                        struct bulla_error *err);

/*
 * Adds the recipient TEXT: "age1…" (X25519), "age1pq1…" (post-quantum), "age1tag1…" and
 * "age1tagpq1…" (keys in hardware, as age 1.3 has them), "age1NAME1…" (a plugin's) or an ssh public
 * key; one that is there already is added once. BULLA_E_INVALID with why it is none (a secret key
 * in its place is named as such and never quoted), BULLA_E_REFUSED for a kind that this build has
 * not, BULLA_E_LIMIT over 1,024.
 */
BULLA_API BULLA_MUST_CHECK bool bulla_recipients_add(struct bulla_recipients *recipients,
                                                     const char *text, struct bulla_error *err);

/*
 * Adds those of a recipients file: one a line, LF or CRLF, "#" lines and empty ones ignored. FILE
 * is for messages. As bulla_recipients_add, with the line; BULLA_E_MISSING where there is none.
 */
BULLA_API BULLA_MUST_CHECK bool bulla_recipients_add_file(struct bulla_recipients *recipients,
                                                          struct bulla_bytes text, const char *file,
                                                          struct bulla_error *err);

/* Adds the recipient of each of IDENTITIES. BULLA_E_INVALID for one that has none. */
BULLA_API BULLA_MUST_CHECK bool
bulla_recipients_add_identities(struct bulla_recipients *recipients,
                                const struct bulla_identities *identities, struct bulla_error *err);

/*
 * Encrypts with PASSPHRASE, which may stand beside no other recipient (BULLA_E_INVALID).
 * WORK_FACTOR is the binary logarithm of scrypt's N, from 1 to BULLA_AGE_MAX_WORK_FACTOR; as a
 * rule BULLA_AGE_WORK_FACTOR.
 */
BULLA_API BULLA_MUST_CHECK bool bulla_recipients_add_passphrase(struct bulla_recipients *recipients,
                                                                struct bulla_bytes passphrase,
                                                                unsigned work_factor,
                                                                struct bulla_error *err);
BULLA_API size_t bulla_recipients_count(const struct bulla_recipients *recipients);
BULLA_API void bulla_recipients_free(struct bulla_recipients *recipients);

/* Whether TEXT is a recipient: as bulla_recipients_add, adding it nowhere. */
BULLA_API BULLA_MUST_CHECK bool bulla_recipient_check(const char *text, struct bulla_error *err);

/*
 * TEXT as it is kept and compared, owned: of an ssh key its type and base64 alone. NULL as
 * bulla_recipient_check fails.
 */
BULLA_API char *bulla_recipient_text(const char *text, struct bulla_error *err);

/*
 * Encrypts TEXT to RECIPIENTS and appends the binary age file to OUT. BULLA_E_INVALID where there
 * is none, or where they do not go together: a passphrase and anything else, post-quantum ones and
 * others.
 */
BULLA_API BULLA_MUST_CHECK bool bulla_age_encrypt(const struct bulla_recipients *recipients,
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

/* A descriptor, which stays open, and its name for messages. */
struct bulla_age_place {
    int fd;
    const char *name;
};

enum bulla_age_form { BULLA_AGE_BINARY, BULLA_AGE_ARMOR };

/*
 * The same from IN to OUT for files of any size, in constant memory. Decryption writes authentic
 * chunks only, and those before a failure stay written: the caller throws away what is not whole.
 * As above, and BULLA_E_IO.
 */
BULLA_API BULLA_MUST_CHECK bool bulla_age_encrypt_fd(const struct bulla_recipients *recipients,
                                                     const struct bulla_age_place *in,
                                                     const struct bulla_age_place *out,
                                                     enum bulla_age_form form,
                                                     struct bulla_error *err);
BULLA_API BULLA_MUST_CHECK bool bulla_age_decrypt_fd(const struct bulla_identities *identities,
                                                     const struct bulla_age_place *in,
                                                     const struct bulla_age_place *out,
                                                     struct bulla_error *err);

BULLA_DEFINE_AUTO(bulla_auto_identities_p, struct bulla_identities *, bulla_identities_free)
#define bulla_auto_identities BULLA_AUTO(bulla_auto_identities_p) struct bulla_identities *

BULLA_DEFINE_AUTO(bulla_auto_recipients_p, struct bulla_recipients *, bulla_recipients_free)
#define bulla_auto_recipients BULLA_AUTO(bulla_auto_recipients_p) struct bulla_recipients *

#endif
