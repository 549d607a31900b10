/*
 * One record line: its grammar and nothing else (docs/vault.5.md 3). A line that parses is
 * canonical: record_format of what was read gives the same bytes. What was read points into the
 * line, and of what stands there only as much is kept as finds it again.
 */
#ifndef BULLA_VAULT_RECORD_H
#define BULLA_VAULT_RECORD_H

#include "bulla/buf.h"
#include "vault/text.h"

/* There are as many records as lines, so what they keep is as small as it can be. */
#define RECORD_SMALL __attribute__((packed))

enum RECORD_SMALL record_kind {
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

enum RECORD_SMALL role { ROLE_NONE, ROLE_READER, ROLE_WRITER, ROLE_ADMIN, ROLE_OWNER };

enum RECORD_SMALL meta_state {
    STATE_NONE,
    STATE_PENDING,
    STATE_CURRENT,
    STATE_RETIRED,
    STATE_EXPOSED
};

/* Where things stand that neither the line's end nor a short look tells; offsets in the line. */
struct record_text {
    const char *line;
    int64_t at;
    uint32_t len;
    uint32_t number;  /* of the line in its file, from 1; 0: not from a file */
    uint32_t version; /* v, 0 without */
    uint16_t given;   /* a bit for each key of the metadata that is there */
    uint16_t meta_start;
    uint16_t meta_len; /* 0 without */
    uint16_t data_start;
    uint8_t subject_len;
    uint8_t key_start; /* of k, 0 without */
    uint8_t by_start;
    uint8_t by_len;
    uint8_t parent_count;
    enum record_kind kind;
    enum role role;
    enum meta_state state;
};

/* What a line ends in: its parents, a comma between two of them, and its signature. */
#define RECORD_PARENT_CHARS (TEXT_ID_CHARS + 1)
#define RECORD_SIGNATURE_CHARS (sizeof " s=" - 1 + TEXT_SIGN_CHARS)

/* The text before " s=", which is signed. */
static inline struct bulla_bytes record_signed(const struct record_text *record)
{
    return bulla_bytes(record->line, record->len - RECORD_SIGNATURE_CHARS);
}

static inline struct bulla_bytes record_signature(const struct record_text *record)
{
    return bulla_bytes(record->line + record->len - TEXT_SIGN_CHARS, TEXT_SIGN_CHARS);
}

/* All parents of one that has some, with the commas. */
static inline struct bulla_bytes record_parent_text(const struct record_text *record)
{
    size_t len = (size_t)record->parent_count * RECORD_PARENT_CHARS - 1;
    struct bulla_bytes text = record_signed(record);
    return bulla_bytes(text.data + text.len - len, len);
}

/* The bytes of parent INDEX. */
static inline struct bulla_bytes record_parent(const struct record_text *record, uint32_t index)
{
    return bulla_bytes(record_parent_text(record).data + (size_t)index * RECORD_PARENT_CHARS,
                       TEXT_ID_CHARS);
}

struct bulla_bytes record_subject(const struct record_text *record);

/* k; empty where it is absent. */
static inline struct bulla_bytes record_key(const struct record_text *record)
{
    return bulla_bytes(record->line + record->key_start,
                       record->key_start > 0 ? TEXT_KEYID_CHARS : 0);
}

static inline struct bulla_bytes record_by(const struct record_text *record)
{
    return bulla_bytes(record->line + record->by_start, record->by_len);
}

static inline struct bulla_bytes record_meta(const struct record_text *record)
{
    return bulla_bytes(record->line + record->meta_start, record->meta_len);
}

/* d of one that has it, and the text before " d=", which it is sealed with. */
struct bulla_bytes record_data(const struct record_text *record);
struct bulla_bytes record_sealed(const struct record_text *record);

/* The value of KEY in the metadata as written, with %XX; empty where it is absent. */
struct bulla_bytes record_value(const struct record_text *record, enum meta_key key);

/* The time that KEY, META_EXPIRES or META_UNTIL, gives; 0 where it is absent. */
int64_t record_time(const struct record_text *record, enum meta_key key);

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

/* meta.c: the text after "m=", filling given, role and state of RECORD. */
bool record_parse_meta(struct record_text *record, const char *file, struct bulla_error *err);

const char *record_meta_name(enum meta_key key);

/* Writes VALUE with its %XX read to OUT (at least value.len bytes); returns the length. */
size_t record_meta_decode(struct bulla_bytes value, char *out);

/* Appends "key:value", with ";" before where OUT holds more than START bytes. */
void record_meta_put(struct bulla_buf *out, size_t start, enum meta_key key,
                     struct bulla_bytes value);

#endif
