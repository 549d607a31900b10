/*
 * The vault, format 1 (docs/vault.5.md): a set of signed, immutable record lines. Opening verifies;
 * nothing of a vault that does not verify is ever handed out. Names and metadata need no key,
 * values need an identity that a grant is sealed to.
 */
#ifndef BULLA_VAULT_H
#define BULLA_VAULT_H

#include "bulla/age.h"
#include "bulla/buf.h"
#include "bulla/limits.h"
#include "bulla/secret.h"

#define BULLA_VAULT_ID_CHARS 43 /* of a record's id */

enum bulla_vault_access {
    BULLA_VAULT_READ,   /* verifies what a reader must: docs/vault.5.md 5.2 */
    BULLA_VAULT_VERIFY, /* every signature */
    BULLA_VAULT_WRITE   /* as VERIFY, under the lock, for additions and bulla_vault_commit */
};

struct bulla_vault;

/*
 * Where a vault is and what is known about it before it is opened. Borrowed for the call, but for
 * the identities, which open grants and sign as long as the vault is open.
 */
struct bulla_vault_place {
    const char *path;        /* ".bulla/prod.vault" */
    struct bulla_bytes text; /* .data is not NULL: the content, whatever PATH has; not for WRITE */
    const char *environment; /* has to be the header's */
    const struct bulla_identities *identities; /* NULL: without keys; has to outlive the vault */
    const char *state_folder; /* "…/bulla", where roots, heads and journals are kept; NULL: none */
    const char *pinned_root;  /* --root, BULLA_ROOT or the identity file's; NULL: none */
    bool trust_new_root;      /* first use: take the root and remember it */
    bool accept_missing;      /* verify --accept: forget heads that are gone */
    /*
     * Another vault in the same folder that is open for WRITE, or NULL: its lock is this one's too,
     * until both are closed.
     */
    const struct bulla_vault *beside;
    char *ret_unknown_root; /* NULL, or BULLA_VAULT_ID_CHARS + 1 bytes: an unknown root's id */
};

/*
 * Opens and verifies. NULL with BULLA_E_MISSING (no file), BULLA_E_SYNTAX (line and reason),
 * BULLA_E_VERIFY (the record and rule; an unknown root without trust_new_root names its id in the
 * hint; remembered heads that are missing), BULLA_E_LIMIT, BULLA_E_IO. Not having a key is no
 * failure: see bulla_vault_has_key.
 */
BULLA_API struct bulla_vault *bulla_vault_open(const struct bulla_vault_place *place,
                                               enum bulla_vault_access access,
                                               struct bulla_error *err);

/*
 * A new vault for WRITE with OWNER (a member name) as its root, keyed by identity 0 of PLACE, its
 * first epoch and the owner's grant. Nothing is on disk until bulla_vault_commit. BULLA_E_REFUSED
 * where the file exists.
 */
BULLA_API struct bulla_vault *bulla_vault_create(const struct bulla_vault_place *place,
                                                 const char *owner, int64_t now,
                                                 struct bulla_error *err);

/*
 * Whether this machine remembers a vault at PLACE's path, which may be gone by now (vault.5, 9). An
 * unreadable memory remembers nothing. BULLA_E_NOMEM, BULLA_E_IO.
 */
BULLA_API BULLA_MUST_CHECK bool bulla_vault_was_here(const struct bulla_vault_place *place,
                                                     bool *ret_was, struct bulla_error *err);

/* Releases the lock, wipes and frees. What was not committed is gone. */
BULLA_API void bulla_vault_close(struct bulla_vault *vault);

/* The id of the root record, 43 characters; and of the vault, 32. Borrowed. */
BULLA_API const char *bulla_vault_root(const struct bulla_vault *vault);
BULLA_API const char *bulla_vault_id(const struct bulla_vault *vault);

/* True when the root was not known before and was taken on trust (trust_new_root). */
BULLA_API bool bulla_vault_root_is_new(const struct bulla_vault *vault);

/*
 * What the user has to be warned of since opening ("N lines … are only in the journal", memory that
 * cannot be read or written), or "". Borrowed.
 */
BULLA_API const char *bulla_vault_note(const struct bulla_vault *vault);

/* True when an identity opened at least one epoch. */
BULLA_API bool bulla_vault_has_key(const struct bulla_vault *vault);

/*
 * What went wrong with the identities where they opened nothing: a plugin that is missing or broke
 * off (BULLA_E_MISSING, BULLA_E_IO), a passphrase (BULLA_E_IDENTITY), a kind of key that this build
 * has not (BULLA_E_REFUSED). NULL where nothing did: then no grant is for them. Borrowed.
 */
BULLA_API const struct bulla_error *bulla_vault_closed(const struct bulla_vault *vault);

/* How many records and bytes it has; how many signatures were checked. */
struct bulla_vault_figures {
    size_t records, bytes, heads, signatures_checked;
};
BULLA_API struct bulla_vault_figures bulla_vault_figures(const struct bulla_vault *vault);

enum bulla_version_state {
    BULLA_VERSION_PENDING,
    BULLA_VERSION_CURRENT,
    BULLA_VERSION_PREVIOUS,
    BULLA_VERSION_RETIRED
};

/* One version of a name; strings are borrowed from the vault. */
struct bulla_version_info {
    const char *id; /* of its record */
    uint32_t number;
    enum bulla_version_state state;
    bool contested; /* one of several current ones */
    bool exposed;
    bool counts;
    int64_t at;         /* seconds since the epoch */
    int64_t exposed_at; /* since when it is exposed, as the authors say; 0: it is not */
    const char *by;
    const char *kind;    /* META kind, or NULL */
    const char *why;     /* or NULL */
    const char *from_id; /* META from, or NULL */
    int64_t until;       /* previous: until when it stays valid; 0: none */
    int64_t expires;     /* 0: none */
};

/* One name that the vault knows; borrowed until something is added. */
struct bulla_secret_info {
    const char *name;
    size_t version_count;
    bool deleted;           /* its latest word is `del` (no current version) */
    bool contested;         /* branches disagree: reading fails until resolved */
    bool unset_on_a_branch; /* contested, and one of them unset it */
    const char *usurper; /* contested, as this person wrote a newest one without the right; NULL */
    const struct bulla_version_info *current; /* NULL where deleted, contested or pending only */
};

/* Names, sorted by byte, deleted ones included. */
BULLA_API size_t bulla_vault_count(const struct bulla_vault *vault);
BULLA_API void bulla_vault_secret(const struct bulla_vault *vault, size_t index,
                                  struct bulla_secret_info *ret_info);
BULLA_API bool bulla_vault_find(const struct bulla_vault *vault, const char *name,
                                struct bulla_secret_info *ret_info);

/* Version INDEX of NAME, the newest number first. False past the last one. */
BULLA_API bool bulla_vault_version(const struct bulla_vault *vault, const char *name, size_t index,
                                   struct bulla_version_info *ret_info);

/*
 * The value of NAME: of its current version, or of version NUMBER where that is not 0. Borrowed,
 * locked memory, valid until the vault is closed; NUL behind. BULLA_E_MISSING (no such name or
 * version, or no value), BULLA_E_REFUSED (contested: the hint says resolve; or NUMBER is not
 * unique), BULLA_E_IDENTITY (no key for its epoch), BULLA_E_VERIFY (the seal does not open).
 */
BULLA_API BULLA_MUST_CHECK bool bulla_vault_get(struct bulla_vault *vault, const char *name,
                                                uint32_t number, struct bulla_bytes *ret_value,
                                                struct bulla_error *err);

/* The same of the version with ID (bulla_version_info): the way to contested ones. */
BULLA_API BULLA_MUST_CHECK bool bulla_vault_get_by_id(struct bulla_vault *vault, const char *id,
                                                      struct bulla_bytes *ret_value,
                                                      struct bulla_error *err);

/* Whether a value is or was a name's. */
enum bulla_held {
    BULLA_HELD_NEVER,
    BULLA_HELD_UNKNOWN, /* nobody can tell: a version of it does not open here */
    BULLA_HELD
};

/*
 * Whether VALUE is that of a version of NAME, in whatever state. Each version is opened, the newest
 * first, until one is it. BULLA_E_NOMEM.
 */
BULLA_API BULLA_MUST_CHECK bool bulla_vault_held(struct bulla_vault *vault, const char *name,
                                                 struct bulla_bytes value,
                                                 enum bulla_held *ret_held,
                                                 struct bulla_error *err);

/* What goes with a new version; a member that is NULL or 0 is left out. */
struct bulla_set_options {
    const char *kind;
    const char *why;
    const char *from_id; /* the version whose value is repeated */
    const char *keep_id; /* the version that stays valid beside it … */
    int64_t until;       /* … until then */
    int64_t expires;
    bool pending;
};

enum bulla_member_role {
    BULLA_MEMBER_READER = 1,
    BULLA_MEMBER_WRITER,
    BULLA_MEMBER_ADMIN,
    BULLA_MEMBER_OWNER
};

/* One member, or somebody who was one; strings are borrowed until something is added. */
struct bulla_member_info {
    const char *name;
    const char *recipient;       /* "" of one who was removed */
    const char *sign;            /* his signing key; NULL: he can never write */
    enum bulla_member_role role; /* 0: no member any more */
    int64_t since;               /* of the last word on him */
    const char *by;              /* who said it */
};

/*
 * Present members, sorted by name; and, at the indices from there up to the count of people, who
 * was a member or was granted a key and is none now.
 */
BULLA_API size_t bulla_vault_member_count(const struct bulla_vault *vault);
BULLA_API size_t bulla_vault_people_count(const struct bulla_vault *vault);
BULLA_API void bulla_vault_member(const struct bulla_vault *vault, size_t index,
                                  struct bulla_member_info *ret_info);

/* The present member NAME; false where there is none. */
BULLA_API bool bulla_vault_find_member(const struct bulla_vault *vault, const char *name,
                                       struct bulla_member_info *ret_info);

/*
 * True where MEMBER, present or past, was ever given the key that the version with ID is sealed
 * with; *ret_since is from when on he could read it, as the authors say.
 */
BULLA_API bool bulla_vault_was_readable(const struct bulla_vault *vault, const char *member,
                                        const char *id, int64_t *ret_since);

/* "reader", "writer", "admin", "owner"; and back, false for anything else. */
BULLA_API const char *bulla_member_role_name(enum bulla_member_role role);
BULLA_API BULLA_MUST_CHECK bool bulla_member_role_parse(const char *text,
                                                        enum bulla_member_role *ret_role);

/* One record, for `log` and `verify`; strings live as long as the vault. */
struct bulla_record_info {
    const char *id;
    const char *kind; /* "root", "member", "unmember", "key", "grant", "set", "del", "mark", … */
    const char *subject;         /* a member, a key id or a secret's name */
    const char *state;           /* "pending" of a set, what a mark says of a version; or NULL */
    const char *key;             /* the key id of the epoch of a set or grant, or NULL */
    uint32_t number;             /* v, of a mark that of the version it marks; or 0 */
    enum bulla_member_role role; /* that a "root" or "member" gives, or 0 */
    int64_t at;
    const char *by;
    const char *why; /* or NULL */
    uint32_t line;   /* of the file; 0 before a commit */
    uint32_t origin; /* of one that mending brought back: bulla_vault_mend_add's; else 0 */
    bool head;
    bool counts;
    bool checked; /* its signature was verified when the vault was opened */
    bool fresh;   /* not in the state that bulla_vault_against was given last */
};

/* Record INDEX, ancestors first. False past the last one. */
BULLA_API bool bulla_vault_record(const struct bulla_vault *vault, size_t index,
                                  struct bulla_record_info *ret_info);

/*
 * Appends what the file PATH has to TEXT (whose maximum is above BULLA_MAX_VAULT_BYTES, so that the
 * end is seen), unverified, but no other file than bulla_vault_open takes: BULLA_E_INVALID for a
 * link, also in place of its folder, and what is no regular file, BULLA_E_LIMIT, BULLA_E_MISSING,
 * BULLA_E_IO.
 */
BULLA_API BULLA_MUST_CHECK bool bulla_vault_read_file(const char *path, struct bulla_buf *text,
                                                      struct bulla_error *err);

/* A line of a vault's text as it stands, believed or not. */
enum bulla_vault_line_kind {
    BULLA_LINE_HEADER,
    BULLA_LINE_BLANK,
    BULLA_LINE_COMMENT,
    BULLA_LINE_MARKER, /* of a conflict, as git writes them */
    BULLA_LINE_RECORD,
    BULLA_LINE_OTHER /* what is no line of a vault */
};
struct bulla_vault_line {
    enum bulla_vault_line_kind kind;
    struct bulla_bytes text;         /* the line; of a record it has the sealed value */
    struct bulla_record_info record; /* where it is one; counts, checked, head, fresh are false */
};
typedef bool bulla_vault_line_fn(void *ctx, const struct bulla_vault_line *line,
                                 struct bulla_error *err);

/*
 * Calls STEP with every line of TEXT, which may be damaged, in a conflict or forged: nothing is
 * verified, and nothing of its content is an error. For differences between texts, which have to be
 * shown whatever they are. All is borrowed for the call. BULLA_E_NOMEM, BULLA_E_LIMIT, and what
 * STEP gives.
 */
BULLA_API BULLA_MUST_CHECK bool bulla_vault_each_line(struct bulla_bytes text,
                                                      bulla_vault_line_fn *step, void *ctx,
                                                      struct bulla_error *err);

struct bulla_vault_against {
    size_t missing;            /* records of the other state that this one lacks */
    const char *first_missing; /* the id of one, or NULL; lives as long as the vault */
    size_t fresh;              /* records that the other state lacks */
    size_t fresh_void;         /* … and that do not count */
};

/*
 * Compares with TEXT, the file as it was elsewhere (`verify --against`): a vault only grows, so
 * nothing may be missing. BULLA_E_SYNTAX, BULLA_E_VERIFY where that was another vault.
 */
BULLA_API BULLA_MUST_CHECK bool bulla_vault_against(struct bulla_vault *vault,
                                                    struct bulla_bytes text,
                                                    struct bulla_vault_against *ret_against,
                                                    struct bulla_error *err);

/*
 * Additions to a vault opened for WRITE; nothing is on disk until commit. They need a key and the
 * role (BULLA_E_IDENTITY, BULLA_E_REFUSED with who may). NAME has to be a secret's name and VALUE
 * at most BULLA_MAX_VALUE_BYTES (BULLA_E_INVALID, BULLA_E_LIMIT). Setting the present value adds
 * nothing unless it is a different kind of step (from, pending): *ret_changed (may be NULL) tells.
 * Where no from_id is given and the value repeats a version of the name, that one is put there:
 * what was exposed stays exposed.
 */
BULLA_API BULLA_MUST_CHECK bool bulla_vault_set(struct bulla_vault *vault, const char *name,
                                                struct bulla_bytes value,
                                                const struct bulla_set_options *options,
                                                int64_t now, bool *ret_changed,
                                                struct bulla_error *err);
BULLA_API BULLA_MUST_CHECK bool bulla_vault_unset(struct bulla_vault *vault, const char *name,
                                                  const char *why, int64_t now,
                                                  struct bulla_error *err);

/*
 * Many names at once: from here to bulla_vault_batch_end, or to the commit, what is set and unset
 * is judged together instead of one by one, each of which costs a look at the whole vault. The
 * rules and the file are the same. A name that comes a second time, a value that is read and any
 * other addition have what was added judged before; else names, versions and records are shown as
 * they were. BULLA_E_REFUSED where something of the batch would not count, and then nothing of it
 * can be committed.
 */
BULLA_API void bulla_vault_batch_begin(struct bulla_vault *vault);
BULLA_API BULLA_MUST_CHECK bool bulla_vault_batch_end(struct bulla_vault *vault,
                                                      struct bulla_error *err);

/* A `mark` on version NUMBER of NAME: current (promotion, with keep and until), retired, exposed.
 */
enum bulla_mark { BULLA_MARK_CURRENT, BULLA_MARK_RETIRED, BULLA_MARK_EXPOSED };
BULLA_API BULLA_MUST_CHECK bool bulla_vault_mark(struct bulla_vault *vault, const char *name,
                                                 uint32_t number, enum bulla_mark mark,
                                                 const struct bulla_set_options *options,
                                                 int64_t now, struct bulla_error *err);

/*
 * Members, for an admin; for the roles of admin and owner (a hand-over), the owner. Setting adds a
 * member or gives one another role or other keys, with a grant of each epoch that he needs. SIGN is
 * his signing key (bulla_vault_sign_key), NULL for a reader who will never write. Removing starts a
 * new epoch for those who stay: what was sealed before is exposed. BULLA_E_INVALID,
 * BULLA_E_REFUSED, BULLA_E_IDENTITY (an epoch that we cannot grant).
 */
BULLA_API BULLA_MUST_CHECK bool bulla_vault_member_set(struct bulla_vault *vault, const char *name,
                                                       enum bulla_member_role role,
                                                       const char *recipient, const char *sign,
                                                       int64_t now, struct bulla_error *err);
BULLA_API BULLA_MUST_CHECK bool bulla_vault_member_remove(struct bulla_vault *vault,
                                                          const char *name, const char *why,
                                                          int64_t now, struct bulla_error *err);

/*
 * Adds the grants that members lack, which a merge of two branches can leave: *ret_count says how
 * many. The functions above and below do it too.
 */
BULLA_API BULLA_MUST_CHECK bool bulla_vault_grant_missing(struct bulla_vault *vault, int64_t now,
                                                          size_t *ret_count,
                                                          struct bulla_error *err);

/* A new epoch for the same members. WHY may be NULL. */
BULLA_API BULLA_MUST_CHECK bool bulla_vault_rekey(struct bulla_vault *vault, const char *why,
                                                  int64_t now, struct bulla_error *err);

/*
 * Journals the added lines, then replaces the file durably and remembers the new heads. With no
 * additions it does nothing. BULLA_E_IO: the file is as it was.
 */
BULLA_API BULLA_MUST_CHECK bool bulla_vault_commit(struct bulla_vault *vault,
                                                   struct bulla_error *err);

/*
 * Adds the lines that the vault had on this machine and has lost, from the journal (opened for
 * WRITE; bulla_vault_note told of them). *ret_count may be 0. BULLA_E_VERIFY where they do not fit.
 */
BULLA_API BULLA_MUST_CHECK bool bulla_vault_restore(struct bulla_vault *vault, size_t *ret_count,
                                                    struct bulla_error *err);

/*
 * Mending a vault that does not open because git left conflict markers in it or lines are gone.
 *
 *     vault = bulla_vault_mend_open(&place, BULLA_VAULT_WRITE, &err);
 *     bulla_vault_mend_add(vault, text, …);        other states of the file, as many as there are
 *     bulla_vault_mend_finish(vault, &place, …);   now it is like any other, with lines added
 *     bulla_vault_commit(vault, &err);             or close it: nothing was changed
 *
 * Before it is finished nothing but adding, bulla_vault_mend_lacks and closing may be called.
 * Conflict markers and a repeated header are left out; no record ever is, and what is added is
 * verified with the rest.
 */
#define BULLA_MEND_JOURNAL UINT32_MAX /* the origin of what only this machine's journal had */

struct bulla_mend_report {
    size_t markers;   /* lines that git put around the sides of a conflict */
    size_t headers;   /* repetitions of the first line */
    size_t added;     /* records that come back: bulla_record_info with line 0 */
    size_t forgotten; /* heads that this machine remembers and that are nowhere */
};

/*
 * Reads what is there. With BULLA_VAULT_WRITE under the lock; with BULLA_VAULT_VERIFY only to see
 * what would be done. BULLA_E_SYNTAX for what is no line of a vault nor git's, and what
 * bulla_vault_open gives of files.
 */
BULLA_API struct bulla_vault *bulla_vault_mend_open(const struct bulla_vault_place *place,
                                                    enum bulla_vault_access access,
                                                    struct bulla_error *err);

/*
 * Adds TEXT, another state of the file, as a source of what is missed; with IS_WANTED all of its
 * records have to be in the file, provided that TEXT verifies by itself. *RET_MISSING is how many
 * are wanted now that were not. ORIGIN, not 0, is what bulla_record_info says of those that are
 * taken from it; of several texts that have a record the first counts. Another vault's text is
 * passed over. BULLA_E_NOMEM.
 */
BULLA_API BULLA_MUST_CHECK bool bulla_vault_mend_add(struct bulla_vault *vault,
                                                     struct bulla_bytes text, uint32_t origin,
                                                     bool is_wanted, size_t *ret_missing,
                                                     struct bulla_error *err);

/* Whether something that is named or remembered is in no text so far, nor in the journal. */
BULLA_API BULLA_MUST_CHECK bool bulla_vault_mend_lacks(struct bulla_vault *vault, bool *ret_lacks,
                                                       struct bulla_error *err);

/*
 * Adds what is missed and verifies all of it. BULLA_E_VERIFY where something is still missing or a
 * rule is broken; PLACE as for opening.
 */
BULLA_API BULLA_MUST_CHECK bool bulla_vault_mend_finish(struct bulla_vault *vault,
                                                        const struct bulla_vault_place *place,
                                                        struct bulla_mend_report *ret_report,
                                                        struct bulla_error *err);

#define BULLA_SIGN_KEY_CHARS 43

/*
 * The signing key of identity INDEX as `member_set` takes it: what somebody who wants to be a
 * member sends along with the recipient. Public. "" for an identity that signs nothing (an ssh
 * key): an age key in the same identity file signs for it.
 */
BULLA_API void bulla_vault_sign_key(const struct bulla_identities *identities, size_t index,
                                    char ret_sign[BULLA_SIGN_KEY_CHARS + 1]);

/* The identity that signs for identity INDEX: itself, else the first that can; the count: none. */
BULLA_API size_t bulla_vault_signer(const struct bulla_identities *identities, size_t index);

#define BULLA_FINGERPRINT_CHARS 24 /* five groups of four hexadecimal digits */

/* What two people compare aloud: 80 bits of a hash of the keys. SIGN may be NULL. */
BULLA_API void bulla_member_fingerprint(const char *recipient, const char *sign,
                                        char ret_text[BULLA_FINGERPRINT_CHARS + 1]);

/* Somebody's request to become a member. */
struct bulla_member_request {
    char name[BULLA_MAX_MEMBER_BYTES + 1];
    char recipient[BULLA_MAX_RECIPIENT_CHARS + 1];
    char sign[BULLA_SIGN_KEY_CHARS + 1]; /* "" where there is none: only a recipient was given */
};

/*
 * Appends the line by which NAME asks with identity INDEX (and the one that signs for it):
 * "bulla-request NAME RECIPIENT SIGN SIGNATURE", signed so that a line that was cut or mixed up is
 * noticed. Public. BULLA_E_INVALID for a name that is none, an identity that does not know its
 * recipient, or where none signs.
 */
BULLA_API BULLA_MUST_CHECK bool
bulla_member_request_write(const struct bulla_identities *identities, size_t index,
                           const char *name, struct bulla_buf *out, struct bulla_error *err);

/*
 * Reads such a line, blanks around it allowed. BULLA_E_INVALID with what is wrong; who signed it is
 * for people to compare (bulla_member_fingerprint).
 */
BULLA_API BULLA_MUST_CHECK bool bulla_member_request_parse(struct bulla_bytes text,
                                                           struct bulla_member_request *ret_request,
                                                           struct bulla_error *err);

/* The member whose signing key the identities hold, or NULL; borrowed. */
BULLA_API const char *bulla_vault_me(const struct bulla_vault *vault);

/* "pending", "current", "previous", "retired". */
BULLA_API const char *bulla_version_state_name(enum bulla_version_state state);

BULLA_DEFINE_AUTO(bulla_auto_vault_p, struct bulla_vault *, bulla_vault_close)
#define bulla_auto_vault BULLA_AUTO(bulla_auto_vault_p) struct bulla_vault *

#endif
