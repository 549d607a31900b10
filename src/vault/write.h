/* Adding records to a vault that is open for writing. */
#ifndef BULLA_VAULT_WRITE_H
#define BULLA_VAULT_WRITE_H

#include "vault/vault_internal.h"

/* One record to be; all borrowed. */
struct draft {
    enum record_kind kind;
    const char *subject;
    uint32_t version;        /* v, or 0 */
    uint32_t epoch;          /* k, an index of keys, or NONE */
    struct bulla_bytes meta; /* as it will stand there; may be empty */
    int64_t now;
    struct bulla_bytes value;      /* of a set */
    const char *const *recipients; /* of a grant */
    size_t recipient_count;
};

/*
 * Begins one step of additions by the identities' member, who needs ROLE to WHAT ("set values").
 * BULLA_E_IDENTITY, BULLA_E_REFUSED with who may.
 */
bool write_begin(struct bulla_vault *vault, enum role role, const char *what,
                 struct bulla_error *err);

/* The same for a value of NAME; in a batch what was added before may stay unjudged. */
bool write_begin_value(struct bulla_vault *vault, const char *name, const char *what,
                       struct bulla_error *err);

/* Adds one record below all heads; those of one step form a chain. */
bool write_record(struct bulla_vault *vault, const struct draft *draft, struct bulla_error *err);

/* Ends the step: judges the vault again and refuses what would not count. */
bool write_end(struct bulla_vault *vault, struct bulla_error *err);

/* The same for a value of NAME: in a batch, only where a new epoch was started (IS_OPEN is false).
 */
bool write_end_value(struct bulla_vault *vault, const char *name, bool is_open,
                     struct bulla_error *err);

/* Judges what was added in a batch so far. */
bool write_settle(struct bulla_vault *vault, struct bulla_error *err);

/* Marks the vault unusable after a step that stopped half way. Returns false. */
bool write_fail(struct bulla_vault *vault);

/*
 * members.c: a new epoch with grants to everybody, in a step that goes on. *ret_epoch is an index
 * of keys.
 */
bool members_start_epoch(struct bulla_vault *vault, const char *why, int64_t now,
                         uint32_t *ret_epoch, struct bulla_error *err);

/* layout.c: appends the file's text with the added lines inserted. */
bool layout_format(const struct bulla_vault *vault, struct bulla_buf *out, struct bulla_error *err);

#endif
