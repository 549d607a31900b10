/*
 * What the files of this folder share: the vault as it was read, and what was judged of it.
 *
 *   lines.c   the file's text to records, ids, copies          (read)
 *   graph.c   parents, order, segments, heads                  (judged, in this order)
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

/* log.c: what RECORD says, judged or not. */
struct bulla_record_info log_describe(const struct bulla_vault *vault, const struct record *record);

/* lines.c */
/* True of a line that git puts around the sides of a conflict. */
bool vault_is_marker(struct bulla_bytes line);
/* True of a first line. */
bool vault_is_header(struct bulla_bytes line);
/* The first line, without its LF. */
struct bulla_bytes vault_header_line(const struct bulla_vault *vault);
/* Any other line, NUMBER of the file. */
bool vault_read_line(struct bulla_vault *vault, struct bulla_bytes line, uint32_t number,
                     struct bulla_error *err);
bool vault_read_text(struct bulla_vault *vault, const char *environment, struct bulla_error *err);
bool vault_add_line(struct bulla_vault *vault, struct bulla_bytes line, uint32_t number,
                    uint32_t *ret_record, struct bulla_error *err);
bool vault_set_header(struct bulla_vault *vault, struct bulla_bytes line, const char *environment,
                      struct bulla_error *err);

/* Room for a record's name in a message. */
struct label {
    char text[256];
};
/* "set DB_PASSWORD v=2 by bob (45DQrCFi)" */
struct label record_label(const struct record *record);
/* Fills ERR with BULLA_E_VERIFY at RECORD's line. */
bool vault_refuse(const struct bulla_vault *vault, const struct record *record,
                  struct bulla_error *err, const char *fmt, ...) BULLA_PRINTF(4, 5);

/* judge.c: everything that follows from the records. */
bool vault_judge(struct bulla_vault *vault, struct bulla_error *err);
/* Counts STEPS of work, which members can make more of; BULLA_E_LIMIT beyond what we do. */
bool vault_spend(struct bulla_vault *vault, uint64_t steps, struct bulla_error *err);

bool graph_build(struct bulla_vault *vault, struct bulla_error *err);
/* Spreads `known` to the ancestors; and fills `vouched` from the heads that count. */
void graph_mark_known(struct bulla_vault *vault);
bool graph_mark_vouched(struct bulla_vault *vault, struct bulla_error *err);

bool reach_build(struct bulla_vault *vault, struct bulla_error *err);
/* True when tracked record BIT is an ancestor of RECORD, or a descendant. */
bool reach_is_above(const struct bulla_vault *vault, uint32_t bit, const struct record *record);
bool reach_is_below(const struct bulla_vault *vault, uint32_t bit, const struct record *record);

bool people_build(struct bulla_vault *vault, struct bulla_error *err);
/* The last word on PERSON among the ancestors of RECORD (NULL: among all) that count. */
struct word people_last_word(struct bulla_vault *vault, uint32_t person,
                             const struct record *record);
/* The owner's record as RECORD knew it. */
const struct record *people_owner_at(const struct bulla_vault *vault, const struct record *record);

bool trust_check_authors(struct bulla_vault *vault, struct bulla_error *err);
bool trust_check_uncovered(struct bulla_vault *vault, struct bulla_error *err);
/* True when RECORD was signed (also) with key NUMBER. */
bool trust_is_signed_by(const struct bulla_vault *vault, const struct record *record,
                        uint32_t number);
enum role trust_role_needed(const struct record *record);
bool trust_check_signature(struct bulla_vault *vault, struct record *record, uint32_t key);

bool counts_build(struct bulla_vault *vault, struct bulla_error *err);
bool values_build(struct bulla_vault *vault, struct bulla_error *err);
bool versions_build(struct bulla_vault *vault, struct bulla_error *err);
bool roster_build(struct bulla_vault *vault, struct bulla_error *err);
bool versions_fill_current(struct bulla_vault *vault, struct bulla_error *err);
/* Resolves k of every record; then, when it is known what counts, what is open and exposed. */
bool epochs_link(struct bulla_vault *vault, struct bulla_error *err);
bool epochs_build(struct bulla_vault *vault, struct bulla_error *err);

/* seal.c: epoch keys and values. */
/* The key of EPOCH (an index of keys): *ret_secret borrowed. BULLA_E_IDENTITY, BULLA_E_VERIFY. */
bool seal_open_epoch(struct bulla_vault *vault, uint32_t epoch, const uint8_t **ret_secret,
                     struct bulla_error *err);
/* Takes SECRET as the key of EPOCH, which this process has just made. */
bool seal_keep_epoch(struct bulla_vault *vault, uint32_t epoch, const uint8_t secret[static 32],
                     struct bulla_error *err);
/* The base64 commitment to an epoch's SECRET, with a NUL; its first characters are the key id. */
void seal_commitment(const uint8_t secret[static 32], char ret_text[static TEXT_ID_CHARS + 1]);
/* The value of version RECORD; borrowed from the arena, a NUL behind. */
bool seal_open_value(struct bulla_vault *vault, uint32_t record, struct bulla_bytes *ret_value,
                     struct bulla_error *err);
/* Appends d of a `set` of NAME whose line so far (before " d=") is TEXT. */
bool seal_value(const struct bulla_vault *vault, const uint8_t secret[static 32],
                struct bulla_bytes name, struct bulla_bytes text, struct bulla_bytes value,
                struct bulla_buf *out, struct bulla_error *err);
/* Appends d of a `grant` of epoch KEYID to COUNT recipients. */
bool seal_grant(const struct bulla_vault *vault, const uint8_t secret[static 32], const char *keyid,
                const char *const *recipients, size_t count, struct bulla_buf *out,
                struct bulla_error *err);
bool seal_make_arena(struct bulla_vault *vault, struct bulla_error *err);

/* author.c: the identities as authors. */
/* The signing key of identity INDEX in META's form. */
const char *author_sign(const struct bulla_vault *vault, size_t index);
/* The person whose last word has a key of the identities, and which; NONE. */
uint32_t author_me(const struct bulla_vault *vault, size_t *ret_identity);
/* Signs any MESSAGE, without a vault. */
void author_sign_message(const struct bulla_identities *identities, size_t index,
                         struct bulla_bytes message, uint8_t ret_signature[static 64]);
void author_make_signature(const struct bulla_vault *vault, size_t identity, const char *id,
                           uint8_t ret_signature[static 64]);

/* memory.c: what the machine knows of this vault. */
bool memory_load(struct bulla_vault *vault, const struct bulla_vault_place *place,
                 struct bulla_error *err);
bool memory_check_root(struct bulla_vault *vault, const struct bulla_vault_place *place,
                       struct bulla_error *err);
bool memory_check_heads(struct bulla_vault *vault, struct bulla_error *err);
/* Remembers the root and the heads; what fails becomes a note. */
void memory_keep_root(struct bulla_vault *vault);
void memory_keep_heads(struct bulla_vault *vault);
bool memory_journal(const struct bulla_vault *vault, struct bulla_bytes lines,
                    struct bulla_error *err);
bool memory_read_journal(const struct bulla_vault *vault, struct bulla_buf *text,
                         struct bulla_error *err);
/* Adds a sentence to what bulla_vault_note says. */
void memory_note(struct bulla_vault *vault, const char *fmt, ...) BULLA_PRINTF(2, 3);

/* recover.c: the lines of the journal that the missing heads need; in POOL. */
bool recover_find(struct bulla_vault *vault, struct pool *pool, struct bulla_bytes **ret_lines,
                  size_t *ret_count, bool *ret_complete, struct bulla_error *err);

/* recover.c: the same lines, in an index (gather.h). */
struct line_index;
bool recover_index_journal(const struct bulla_vault *vault, struct line_index *index,
                           uint32_t origin, struct bulla_error *err);

/* mend.c */
void mend_free(struct mend *mend);

/* open.c */
struct bulla_vault *vault_new(const struct bulla_vault_place *place, enum bulla_vault_access access,
                              struct bulla_error *err);
bool vault_lock(struct bulla_vault *vault, struct bulla_error *err);
/* The version that NUMBER (0: the current one) of NAME is. */
bool vault_find_version(const struct bulla_vault *vault, const char *name, uint32_t number,
                        uint32_t *ret_record, struct bulla_error *err);

/* How many places ahead of a pass records are fetched. */
#define RECORDS_AHEAD 12

/*
 * The record at POSITION of the order, for passes down the order. Neighbours there are far apart in
 * memory, and waiting for each is what a pass would mostly do.
 */
static inline struct record *record_down(const struct bulla_vault *vault, size_t position)
{
    if (position + RECORDS_AHEAD < vault->count) {
        __builtin_prefetch(&vault->records[vault->graph.order[position + RECORDS_AHEAD]].t.version);
    }
    return &vault->records[vault->graph.order[position]];
}

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

/* Parents or children, by their numbers. */
struct links {
    const uint32_t *at;
    uint32_t count;
};

static inline struct links graph_parents(const struct bulla_vault *vault, uint32_t number)
{
    const uint32_t *first = vault->graph.first_parent + number;
    return (struct links){vault->graph.parents + first[0], first[1] - first[0]};
}

static inline struct links graph_children(const struct bulla_vault *vault, uint32_t number)
{
    const uint32_t *first = vault->graph.first_child + number;
    return (struct links){vault->graph.children + first[0], first[1] - first[0]};
}

static inline bool graph_is_head(const struct bulla_vault *vault, uint32_t number)
{
    return graph_children(vault, number).count == 0;
}

#endif
