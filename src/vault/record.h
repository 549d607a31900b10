/*
 * One record line: its grammar and nothing else (docs/vault.5.md 3). A line that parses is
 * canonical: record_format of what was read gives the same bytes. Spans point into the line;
 * offsets count from its start.
 */
#ifndef BULLA_VAULT_RECORD_H
#define BULLA_VAULT_RECORD_H

#include "bulla/buf.h"

enum record_kind {
    RECORD_ROOT,
    RECORD_MEMBER,
    RECORD_UNMEMBER,
    RECORD_KEY,
    RECORD_GRANT,
    RECORD_SET,
    RECORD_DEL,
    RECORD_MARK,
    RECORD_JOIN,
    RECORD_KINDS
};

/* Sorted by their names. */
enum meta_key {
    META_COMMIT,
    META_EXPIRES,
    META_FROM,
    META_KEEP,
    META_KIND,
    META_OF,
    META_RECIPIENT,
    META_ROLE,
    META_SIGN,
    META_STATE,
    META_UNTIL,
    META_WHY,
    META_KEYS
};

enum role { ROLE_NONE, ROLE_READER, ROLE_WRITER, ROLE_ADMIN, ROLE_OWNER };

enum meta_state { STATE_NONE, STATE_PENDING, STATE_CURRENT, STATE_RETIRED, STATE_EXPOSED };

struct span {
    uint32_t start;
    uint32_t len; /* 0: absent; nothing that is present is empty */
};

/* What every pass over the records looks at comes last, where struct record goes on with its own.
 */
struct record_text {
    const char *line;
    struct span subject, key, at_text, by, meta, data, parents, signature;
    struct {
        uint16_t start; /* in the metadata, which has at most BULLA_MAX_META_BYTES */
        uint16_t len;   /* 0: absent */
    } values[META_KEYS];
    int64_t at;
    int64_t until;   /* 0 without */
    int64_t expires; /* 0 without */
    uint32_t len;
    uint32_t number;     /* of the line in its file, from 1; 0: not from a file */
    uint32_t signed_len; /* the text before " s=" */
    uint32_t sealed_len; /* the text before " d=", 0 without */
    uint32_t version;    /* v, 0 without */
    uint32_t parent_count;
    enum record_kind kind;
    enum role role;
    enum meta_state state;
};

/* The bytes of SPAN. */
struct bulla_bytes record_span(const struct record_text *record, struct span span);

/* The value of KEY in the metadata as written, with %XX; empty where it is absent. */
struct bulla_bytes record_value(const struct record_text *record, enum meta_key key);

/* The bytes of parent INDEX. */
struct bulla_bytes record_parent(const struct record_text *record, uint32_t index);

/*
 * Reads LINE (no LF), line NUMBER of FILE (NULL: none). *ret_record borrows from LINE.
 * BULLA_E_SYNTAX with the column, BULLA_E_LIMIT.
 */
bool record_parse(struct bulla_bytes line, const char *file, uint32_t number,
                  struct record_text *ret_record, struct bulla_error *err);

/* Appends the line again from its parsed parts, for the check that both are the same. */
void record_format(const struct record_text *record, struct bulla_buf *out);

const char *record_kind_name(enum record_kind kind);
const char *record_role_name(enum role role);
bool record_role_parse(struct bulla_bytes text, enum role *ret_role);

/* What the author of a KIND needs (for `member` see trust.c). */
enum role record_role_needed(enum record_kind kind);

/* meta.c: the text after "m=", filling values, role, state, until, expires of RECORD. */
bool record_parse_meta(struct record_text *record, const char *file, struct bulla_error *err);

const char *record_meta_name(enum meta_key key);

/* Writes VALUE with its %XX read to OUT (at least value.len bytes); returns the length. */
size_t record_meta_decode(struct bulla_bytes value, char *out);

/* Appends "key:value", with ";" before where OUT holds more than START bytes. */
void record_meta_put(struct bulla_buf *out, size_t start, enum meta_key key,
                     struct bulla_bytes value);

#endif
