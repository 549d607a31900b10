#include "vault/record.h"

#include <string.h>

#include "base/num.h"
#include "bulla/limits.h"
#include "vault/text.h"

#include "base/banned.h"

/* In the order in which they stand in a line. */
enum field { FIELD_V, FIELD_K, FIELD_AT, FIELD_BY, FIELD_M, FIELD_D, FIELD_P, FIELD_S, FIELDS };

#define BIT(field) (1U << (field))
#define ALWAYS (BIT(FIELD_AT) | BIT(FIELD_BY) | BIT(FIELD_S))

/* A name with its length, which is compared first. */
#define WORD(text) text, sizeof text - 1

static const struct {
    const char *name;
    size_t len;
} field_names[FIELDS] = {{WORD("v")}, {WORD("k")}, {WORD("at")}, {WORD("by")},
                         {WORD("m")}, {WORD("d")}, {WORD("p")},  {WORD("s")}};

static const struct {
    const char *name;
    size_t len;
    unsigned required;
    unsigned optional;
    enum role role;
} kinds[RECORD_KINDS] = {
    [RECORD_ROOT] = {WORD("root"), ALWAYS | BIT(FIELD_M), 0, ROLE_OWNER},
    [RECORD_MEMBER] = {WORD("member"), ALWAYS | BIT(FIELD_M) | BIT(FIELD_P), 0, ROLE_ADMIN},
    [RECORD_UNMEMBER] = {WORD("unmember"), ALWAYS | BIT(FIELD_P), BIT(FIELD_M), ROLE_ADMIN},
    [RECORD_KEY] = {WORD("key"), ALWAYS | BIT(FIELD_M) | BIT(FIELD_P), 0, ROLE_ADMIN},
    [RECORD_GRANT] = {WORD("grant"), ALWAYS | BIT(FIELD_K) | BIT(FIELD_D) | BIT(FIELD_P), 0,
                      ROLE_ADMIN},
    [RECORD_SET] = {WORD("set"), ALWAYS | BIT(FIELD_V) | BIT(FIELD_K) | BIT(FIELD_D) | BIT(FIELD_P),
                    BIT(FIELD_M), ROLE_WRITER},
    [RECORD_DEL] = {WORD("del"), ALWAYS | BIT(FIELD_V) | BIT(FIELD_P), BIT(FIELD_M), ROLE_WRITER},
    [RECORD_MARK] = {WORD("mark"), ALWAYS | BIT(FIELD_M) | BIT(FIELD_P), 0, ROLE_WRITER},
    [RECORD_JOIN] = {WORD("join"), ALWAYS | BIT(FIELD_P), BIT(FIELD_M), ROLE_WRITER},
};

static const char *const role_names[] = {"none", "reader", "writer", "admin", "owner"};

const char *record_kind_name(enum record_kind kind)
{
    return kinds[kind].name;
}

const char *record_role_name(enum role role)
{
    return role_names[role];
}

bool record_role_parse(struct bulla_bytes text, enum role *ret_role)
{
    for (unsigned role = ROLE_READER; role <= ROLE_OWNER; role++) {
        if (bulla_bytes_are(text, role_names[role])) {
            *ret_role = (enum role)role;
            return true;
        }
    }
    return false;
}

enum role record_role_needed(enum record_kind kind)
{
    return kinds[kind].role;
}

struct bulla_bytes record_subject(const struct record_text *record)
{
    return bulla_bytes(record->line + kinds[record->kind].len + 1, record->subject_len);
}

struct bulla_bytes record_data(const struct record_text *record)
{
    const uint8_t *from = (const uint8_t *)record->line + record->data_start;
    return bulla_bytes(from, (size_t)(record_parent_text(record).data - from) - strlen(" p="));
}

struct bulla_bytes record_sealed(const struct record_text *record)
{
    return bulla_bytes(record->line, record->data_start - strlen(" d="));
}

/* Only what follows on `at` has a place that is kept. */
static struct bulla_bytes at_text(const struct record_text *record)
{
    return bulla_bytes(record->line + record->by_start - strlen(" by=") - TEXT_TIME_CHARS,
                       TEXT_TIME_CHARS);
}

/* A part of a line that is being read. */
struct span {
    uint32_t start;
    uint32_t len;
};

static struct bulla_bytes span_bytes(const struct record_text *record, struct span span)
{
    return bulla_bytes(record->line + span.start, span.len);
}

#define REFUSE(offset, ...)                                                                        \
    bulla_error_at(err, BULLA_E_SYNTAX, file,                                                      \
                   (struct bulla_pos){record->number, (uint32_t)(offset) + 1}, __VA_ARGS__)

/* The token at OFFSET: up to the next blank or the end. */
static struct span token_at(const struct record_text *record, size_t offset)
{
    if (offset >= record->len) {
        return (struct span){(uint32_t)offset, 0};
    }
    const char *from = record->line + offset;
    const char *blank = memchr(from, ' ', record->len - offset);
    size_t len = blank == NULL ? record->len - offset : (size_t)(blank - from);
    return (struct span){(uint32_t)offset, (uint32_t)len};
}

static bool subject_is_valid(enum record_kind kind, struct bulla_bytes subject)
{
    switch (kind) {
    case RECORD_KEY:
        return text_is_keyid(subject);
    case RECORD_SET:
    case RECORD_DEL:
    case RECORD_MARK:
        return text_is_name(subject);
    case RECORD_ROOT:
    case RECORD_MEMBER:
    case RECORD_UNMEMBER:
    case RECORD_GRANT:
    case RECORD_JOIN:
    case RECORD_KINDS:
        break;
    }
    return text_is_member(subject);
}

static bool parse_parents(struct record_text *record, struct span all, const char *file,
                          struct bulla_error *err)
{
    if (all.len % RECORD_PARENT_CHARS != TEXT_ID_CHARS) {
        return REFUSE(all.start, "'p=' takes ids of %d characters with commas between",
                      TEXT_ID_CHARS);
    }
    uint32_t count = (all.len + 1) / RECORD_PARENT_CHARS;
    if (count > BULLA_MAX_VAULT_PARENTS) {
        return bulla_error_at(err, BULLA_E_LIMIT, file,
                              (struct bulla_pos){record->number, all.start + 1},
                              "more than %d parents", BULLA_MAX_VAULT_PARENTS);
    }
    for (uint32_t i = 0; i < count; i++) {
        size_t offset = all.start + (size_t)i * RECORD_PARENT_CHARS;
        const char *id = record->line + offset;
        if (!text_is_id(bulla_bytes(id, TEXT_ID_CHARS)) || (i > 0 && id[-1] != ',')) {
            return REFUSE(offset, "'p=' takes ids of %d characters with commas between",
                          TEXT_ID_CHARS);
        }
        if (i > 0 && memcmp(id - RECORD_PARENT_CHARS, id, TEXT_ID_CHARS) >= 0) {
            return REFUSE(offset, "parents are not sorted");
        }
    }
    record->parent_count = (uint8_t)count;
    return true;
}

static bool take_meta(struct record_text *record, struct span value, const char *file,
                      struct bulla_error *err)
{
    if (value.len > BULLA_MAX_META_BYTES) {
        return bulla_error_at(err, BULLA_E_LIMIT, file,
                              (struct bulla_pos){record->number, value.start + 1},
                              "metadata of more than %d bytes", BULLA_MAX_META_BYTES);
    }
    record->meta_start = (uint16_t)value.start;
    record->meta_len = (uint16_t)value.len;
    return value.len > 0 || REFUSE(value.start, "'m=' is empty");
}

/* What stands before a field is short where it is good, so that the places fit. */
#define LONGEST_START "set  v=999999999 k=AAAAAAAA at=20260301T102231Z by="
_Static_assert(sizeof LONGEST_START + BULLA_MAX_NAME_BYTES <= UINT8_MAX, "by_start");
_Static_assert(UINT8_MAX + BULLA_MAX_META_BYTES + sizeof " m= d=" <= UINT16_MAX, "data_start");

static bool take_field(struct record_text *record, enum field field, struct span value,
                       const char *file, struct bulla_error *err)
{
    struct bulla_bytes text = span_bytes(record, value);
    uint64_t number = 0;
    switch (field) {
    case FIELD_V:
        if (!num_parse_u64(text, 999999999, &number) || number == 0) {
            return REFUSE(value.start, "'v=' is not a number from 1 to 999999999");
        }
        record->version = (uint32_t)number;
        return true;
    case FIELD_K:
        record->key_start = (uint8_t)value.start;
        return text_is_keyid(text) || REFUSE(value.start, "'k=' is not a key id");
    case FIELD_AT:
        return text_parse_time(text, &record->at) ||
               REFUSE(value.start, "'at=' is not a time like 20260301T102231Z");
    case FIELD_BY:
        record->by_start = (uint8_t)value.start;
        record->by_len = (uint8_t)value.len;
        return text_is_member(text) || REFUSE(value.start, "'by=' is not a member's name");
    case FIELD_M:
        return take_meta(record, value, file, err);
    case FIELD_D:
        record->data_start = (uint16_t)value.start;
        return text_is_base64(text) || REFUSE(value.start, "'d=' is not canonical base64");
    case FIELD_P:
        return parse_parents(record, value, file, err);
    case FIELD_S:
        return (text.len == TEXT_SIGN_CHARS && text_is_base64(text)) ||
               REFUSE(value.start, "'s=' is not a signature of %d base64 characters",
                      TEXT_SIGN_CHARS);
    case FIELDS:
        break;
    }
    return false;
}

static bool parse_fields(struct record_text *record, size_t offset, const char *file,
                         struct bulla_error *err)
{
    unsigned required = kinds[record->kind].required;
    unsigned allowed = required | kinds[record->kind].optional;
    for (enum field field = FIELD_V; field < FIELDS; field++) {
        if ((allowed & BIT(field)) == 0) {
            continue;
        }
        struct span token = token_at(record, offset);
        size_t prefix = field_names[field].len + 1;
        bool here = token.len >= prefix && record->line[token.start + prefix - 1] == '=' &&
                    memcmp(record->line + token.start, field_names[field].name, prefix - 1) == 0;
        if (!here && (required & BIT(field)) != 0) {
            return REFUSE(offset < record->len ? offset : record->len, "'%s' needs '%s=' here",
                          kinds[record->kind].name, field_names[field].name);
        }
        if (!here) {
            continue;
        }
        struct span value = {token.start + (uint32_t)prefix, token.len - (uint32_t)prefix};
        if (!take_field(record, field, value, file, err)) {
            return false;
        }
        offset = (size_t)token.start + token.len + 1;
    }
    if (offset != (size_t)record->len + 1) {
        return REFUSE(offset < record->len ? offset : record->len,
                      "unknown, repeated or misplaced field");
    }
    return true;
}

static bool parse_line(struct record_text *record, const char *file, struct bulla_error *err)
{
    struct span kind = token_at(record, 0);
    enum record_kind found = RECORD_KINDS;
    for (enum record_kind i = RECORD_ROOT; i < RECORD_KINDS && found == RECORD_KINDS; i++) {
        bool same = kind.len == kinds[i].len && memcmp(record->line, kinds[i].name, kind.len) == 0;
        found = same ? i : RECORD_KINDS;
    }
    if (found == RECORD_KINDS) {
        return REFUSE(0, "unknown kind of record '%.*s'", (int)(kind.len < 32 ? kind.len : 32),
                      record->line);
    }
    record->kind = found;
    struct span subject = token_at(record, (size_t)kind.len + 1);
    if (subject.len == 0 || !subject_is_valid(found, span_bytes(record, subject))) {
        return REFUSE(subject.start < record->len ? subject.start : record->len,
                      "bad subject of '%s'", kinds[found].name);
    }
    record->subject_len = (uint8_t)subject.len;
    size_t fields = (size_t)subject.start + subject.len + 1;
    if (!parse_fields(record, fields, file, err) || !record_parse_meta(record, file, err)) {
        return false;
    }
    if ((found == RECORD_ROOT || found == RECORD_JOIN) &&
        !bulla_bytes_equal(record_subject(record), record_by(record))) {
        return REFUSE(record->by_start, "the author of '%s' is its subject", kinds[found].name);
    }
    if (found == RECORD_KEY && memcmp(record_value(record, META_COMMIT).data,
                                      record_subject(record).data, subject.len) != 0) {
        return REFUSE(subject.start, "a key id is the start of its commitment");
    }
    return true;
}

bool record_parse(struct bulla_bytes line, const char *file, uint32_t number,
                  struct record_text *ret_record, struct bulla_error *err)
{
    *ret_record = (struct record_text){.line = (const char *)line.data, .number = number};
    struct record_text *record = ret_record;
    if (line.len > BULLA_MAX_VAULT_LINE_BYTES) {
        return bulla_error_at(err, BULLA_E_LIMIT, file, (struct bulla_pos){number, 1},
                              "line of more than %zu bytes", BULLA_MAX_VAULT_LINE_BYTES);
    }
    record->len = (uint32_t)line.len;
    if (parse_line(record, file, err)) {
        return true;
    }
    /* Say it plainly where the reason is a byte that one cannot see. */
    for (size_t i = 0; i < line.len; i++) {
        if (line.data[i] < ' ' || line.data[i] > '~') {
            return REFUSE(i, "byte 0x%02x where only printable ASCII may stand", line.data[i]);
        }
    }
    return false;
}

/* The text of FIELD other than v; empty where it is absent. */
static struct bulla_bytes field_text(const struct record_text *record, enum field field)
{
    switch (field) {
    case FIELD_K:
        return record_key(record);
    case FIELD_AT:
        return at_text(record);
    case FIELD_BY:
        return record_by(record);
    case FIELD_M:
        return record_meta(record);
    case FIELD_D:
        return record->data_start > 0 ? record_data(record) : bulla_bytes(NULL, 0);
    case FIELD_P:
        return record->parent_count > 0 ? record_parent_text(record) : bulla_bytes(NULL, 0);
    case FIELD_S:
        return record_signature(record);
    case FIELD_V:
    case FIELDS:
        break;
    }
    return bulla_bytes(NULL, 0);
}

void record_format(const struct record_text *record, struct bulla_buf *out)
{
    bulla_buf_puts(out, kinds[record->kind].name);
    bulla_buf_putc(out, ' ');
    bulla_buf_add_bytes(out, record_subject(record));
    if (record->version > 0) {
        bulla_buf_printf(out, " v=%u", record->version);
    }
    for (enum field field = FIELD_K; field < FIELDS; field++) {
        struct bulla_bytes text = field_text(record, field);
        if (text.len > 0) {
            bulla_buf_printf(out, " %s=", field_names[field].name);
            bulla_buf_add_bytes(out, text);
        }
    }
}
