/*
 * What the files of this folder share: the vault as it was read, and what was judged of it.
 *
 *   lines.c   the file's text to records, ids, copies          (read: lines.h)
 *   graph.c   parents, order, segments, heads                  (judged, in this order: judge.h)
 *   reach.c   which membership and key records are ancestors
 *   people.c  what the records say of each member
 *   trust.c   who may write what, signatures
 *   counts.c  which records count
 *   values.c  assignments, current values, states of versions
 *   epochs.c  which epochs are open, what is exposed
 *   versions.c, log.c  what is shown of all that
 *   gather.c, recover.c, mend.c  what the file has lost and others have
 *   text_lines.c  what is shown of a text that nobody judged
 */
#ifndef BULLA_VAULT_INTERNAL_H
#define BULLA_VAULT_INTERNAL_H

#include "base/pool.h"
#include "bulla/vault.h"
#include "vault/intern.h"
#include "vault/record.h"
#include "vault/text.h"

#define NONE INTERN_NONE

/*
 * A record and what was judged of it. Indices are of vault->records unless said otherwise. What
 * every pass looks at stands together.
 */
struct record {
    struct record_text t;

    int8_t counts;      /* 1, 0, and -1 while not decided */
    bool checked : 1;   /* its signature and those of its copies were verified */
    bool added : 1;     /* not in the file yet */
    bool fresh : 1;     /* not in the state that it was compared with */
    bool restored : 1;  /* added from the journal, where it stays */
    bool by_owner : 1;  /* signed by who was owner as far as it knew */
    bool known : 1;     /* at or below a remembered head: it was checked before */
    bool descended : 1; /* of a value: an assignment of the name descends from it */
    bool target : 1;    /* of a set: a last assignment assigns it */
    bool retired : 1;   /* the same */
    bool exposed : 1;
    uint8_t state; /* of a set: enum bulla_version_state */

    uint32_t author;  /* a person */
    uint32_t subject; /* a person, a name, or an index of keys; by the kind */
    uint32_t tracked; /* its bit in rows, or NONE */
    uint32_t signer;  /* the signing key that it was signed with, or NONE before that is known */
    uint32_t copies;  /* the first other copy of the line, an index of vault->copies, or NONE */

    uint32_t gave;           /* of a `member` that makes an owner: the owner before; else NONE */
    uint32_t epoch;          /* the key record of k, or NONE */
    uint32_t sign;           /* the signing key that META sign gives, or NONE */
    uint32_t of, keep, from; /* what META names, or NONE */
    uint32_t kept_by;        /* of a set: the record that keeps it longest, or NONE */
    uint32_t origin;         /* added by mending: where from */
    int64_t exposed_at;      /* the earliest cause */
    const char *id;          /* TEXT_ID_CHARS and a NUL; lives as long as the vault */
    const char *kind;        /* META kind and why, decoded, or NULL */
    const char *why;
};

/* Another line with the id of a record, signed otherwise. */
struct copy {
    struct bulla_bytes signature;
    uint32_t number; /* its line */
    uint32_t signer;
    uint32_t next;
};

struct sign_key {
    uint8_t bytes[32];
    bool checked; /* known to be a point of prime order */
};

/* What one record says of a member: nothing left (ROLE_NONE), or a role and a signing key. */
struct word {
    enum role role;
    uint32_t key;
};

struct about {
    uint32_t record;
    struct word word;
};

/* A member's name that some record mentions. */
struct person {
    const char *name;
    struct about *about; /* in topological order */
    uint32_t about_count;
    bool mine; /* one of the identities is a recipient of his */
    uint32_t memo_row;
    struct word memo_word; /* the last word among the ancestors in memo_row */
    struct word last;      /* the last word of all */
};

/* A secret's name. */
struct name {
    const char *text;
    uint32_t first; /* in values: its sets, dels and marks in topological order */
    uint32_t count;
    uint32_t last_number;  /* the greatest v */
    uint32_t last_segment; /* where it was last assigned, or NONE */
    uint32_t version_count;
    uint32_t current; /* the set that is its value, or NONE */
    bool assigned, contested;
    bool unset_on_a_branch;
    uint32_t usurper;       /* who wrote a last assignment that does not count, or NONE */
    bool touched;           /* a record that is not judged yet has it */
    uint32_t first_version; /* in versions: its sets, the newest number first */
    struct bulla_version_info *info;
};

/* An epoch. */
struct key {
    uint32_t record;
    uint32_t first_grant; /* in grants */
    uint32_t grant_count;
    bool open;
    int64_t closed_at; /* of one that is not open: the earliest cause */
};

/* What the identities make of an epoch; lives as long as the vault. */
struct epoch_secret {
    uint8_t *bytes; /* PRIM_KEY_BYTES in the arena once a grant was opened, or NULL */
    bool tried;
};

/*
 * Who comes from whom, by the numbers of records. Apart from these, since walks along it touch
 * nothing else of them and neighbours are far apart.
 */
struct graph {
    uint32_t *first_parent; /* in parents, and the end of the last one's behind them */
    uint32_t *parents;
    uint32_t *first_child; /* the same in children */
    uint32_t *children;
    uint32_t *order;    /* ancestors first */
    uint32_t *position; /* in order */
    uint32_t *segment;
    uint8_t *vouched; /* at or below a head that counts */
    uint32_t *heads;  /* sorted by id */
    uint32_t head_count;
    uint32_t root;
};

/* Bit sets over the tracked records (root, member, unmember, key), shared between records. */
struct reach {
    uint32_t *tracked; /* bit number to record, in topological order */
    uint32_t count;
    uint32_t *above; /* of each record the row of its tracked ancestors, */
    uint32_t *below; /* … and of its tracked descendants */
    size_t words;    /* 64 bits each, of one row */
    uint64_t *bits;  /* row after row */
    size_t rows;
    size_t cap; /* of bits; kept from one judgement to the next */
};

/* An identity as an author. */
struct author_key {
    char sign[TEXT_ID_CHARS + 1]; /* its public key as META sign has it; "" before it is needed */
};

struct mend;

struct bulla_vault {
    enum bulla_vault_access access;
    char *path;
    const struct bulla_identities *identities;
    int lock;          /* the descriptor that holds the lock, or -1 */
    bool fresh;        /* not from a file: has none yet */
    struct pool *pool; /* strings that live as long as the vault */

    struct bulla_buf text;     /* the file */
    struct bulla_buf original; /* … as it is on disk, where mending reads it otherwise */
    struct bulla_buf header;   /* "bulla1/id" LF, the header line, LF */
    const char *vault_id;
    const char *environment;

    struct record *records;
    size_t count;
    size_t cap;
    size_t edges; /* from all records to their parents */
    struct copy *copies;
    size_t copy_count;
    size_t copy_cap;
    struct intern ids;     /* the same numbers as records */
    struct intern members; /* as people */
    struct intern names;   /* as secrets */
    struct intern keyids;  /* as keys */
    struct intern signs;   /* as sign_keys */
    struct sign_key *sign_keys;
    size_t sign_key_cap;

    /* Judged; all of it in POOL JUDGED, made again after additions. */
    struct pool *judged;
    struct graph graph;
    struct reach reach;
    struct person *people;
    struct name *secrets;
    struct key *keys;
    uint32_t *owners; /* the line of owners, records */
    uint32_t owner_count;
    uint32_t *grants;
    uint32_t *values;
    uint32_t *versions;
    uint32_t *sorted;                 /* names by byte */
    size_t judged_count;              /* of records; behind them stand those of a batch */
    size_t name_count;                /* of secrets, versions, sorted */
    struct bulla_member_info *roster; /* the members, by name */
    size_t roster_count;
    size_t people_count; /* … and behind them who was one */
    uint32_t epoch;      /* the key record that a new set uses, or NONE */
    size_t signatures_checked;
    uint64_t steps; /* of the judgement: vault_spend */

    struct author_key *authors; /* one an identity */
    struct bulla_arena *arena;  /* epoch keys and values; made when first needed */
    struct bulla_bytes *plain;  /* per record: its value once decrypted */
    size_t plain_cap;
    struct epoch_secret *epoch_secrets; /* as keys */
    size_t epoch_secret_cap;
    bool broken; /* an addition failed half way: nothing may be committed */

    char *state_folder; /* or NULL */
    char *absolute;     /* the vault's path as the memory knows it */
    char *branch;
    char *tree;
    const char *const *remembered; /* heads known from a full check, in POOL */
    size_t remembered_count;
    bool root_is_new;
    bool accept_missing;
    const char *note;          /* in POOL */
    struct bulla_error closed; /* bulla_vault_closed */

    struct mend *mend;        /* NULL: nothing is mended; in POOL */
    struct bulla_buf written; /* the file after a commit; records keep pointing into TEXT */
    const char *author;       /* the member who writes */
    size_t identity;          /* and the identity that signs for him */
    bool batch;               /* bulla_vault_batch_begin */
    uint32_t tip;             /* the last record added and not judged yet, or NONE */
    size_t added;             /* records that are not in the file */
};

static inline bool record_is_status(const struct record *record)
{
    return record->t.kind <= RECORD_UNMEMBER;
}

static inline bool record_is_value(const struct record *record)
{
    return record->t.kind == RECORD_SET || record->t.kind == RECORD_DEL ||
           record->t.kind == RECORD_MARK;
}

static inline bool record_is_assignment(const struct record *record)
{
    return record->t.kind == RECORD_DEL ||
           (record->t.kind == RECORD_SET && record->t.state == STATE_NONE) ||
           (record->t.kind == RECORD_MARK && record->t.state == STATE_CURRENT);
}

static inline uint32_t record_number(const struct bulla_vault *vault, const struct record *record)
{
    return (uint32_t)(record - vault->records);
}

/* log.c: what RECORD says, judged or not. */
struct bulla_record_info log_describe(const struct bulla_vault *vault, const struct record *record);

/* mend.c */
void mend_free(struct mend *mend);

/* open.c */
struct bulla_vault *vault_new(const struct bulla_vault_place *place, enum bulla_vault_access access,
                              struct bulla_error *err);
bool vault_lock(struct bulla_vault *vault, struct bulla_error *err);
/* To damage of the file at PLACE that has no better hint: how it is taken from git. */
void vault_add_remedy(const struct bulla_vault_place *place, struct bulla_error *err);
/* The version that NUMBER (0: the current one) of NAME is. */
bool vault_find_version(const struct bulla_vault *vault, const char *name, uint32_t number,
                        uint32_t *ret_record, struct bulla_error *err);

#endif
