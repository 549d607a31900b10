#include <string.h>

#include "base/utf8.h"
#include "bulla/limits.h"
#include "vault/record.h"
#include "vault/text.h"

#include "base/banned.h"

#define BIT(key) (1U << (key))

/* A name with its length, which is compared first. */
#define WORD(text)                                                                                 \
    {                                                                                              \
        text, sizeof text - 1                                                                      \
    }

static const struct {
    const char *text;
    size_t len;
} names[META_KEYS] = {
    [META_COMMIT] = WORD("commit"), [META_EXPIRES] = WORD("expires"),
    [META_FROM] = WORD("from"),     [META_KEEP] = WORD("keep"),
    [META_KIND] = WORD("kind"),     [META_OF] = WORD("of"),
    [META_ROLE] = WORD("role"),     [META_RECIPIENT] = WORD("recipient"),
    [META_SIGN] = WORD("sign"),     [META_STATE] = WORD("state"),
    [META_UNTIL] = WORD("until"),   [META_WHY] = WORD("why"),
};

static const struct {
    unsigned required;
    unsigned optional;
} rules[RECORD_KINDS] = {
    [RECORD_ROOT] = {BIT(META_RECIPIENT) | BIT(META_ROLE) | BIT(META_SIGN), 0},
    [RECORD_MEMBER] = {BIT(META_RECIPIENT) | BIT(META_ROLE), BIT(META_SIGN)},
    [RECORD_UNMEMBER] = {0, BIT(META_WHY)},
    [RECORD_KEY] = {BIT(META_COMMIT), BIT(META_WHY)},
    [RECORD_GRANT] = {0, 0},
    [RECORD_SET] = {0, BIT(META_EXPIRES) | BIT(META_FROM) | BIT(META_KEEP) | BIT(META_KIND) |
                           BIT(META_STATE) | BIT(META_UNTIL) | BIT(META_WHY)},
    [RECORD_DEL] = {0, BIT(META_WHY)},
    [RECORD_MARK] = {BIT(META_OF) | BIT(META_STATE),
                     BIT(META_KEEP) | BIT(META_UNTIL) | BIT(META_WHY)},
    [RECORD_JOIN] = {0, BIT(META_WHY)},
};

const char *record_meta_name(enum meta_key key)
{
    return names[key].text;
}

static bool is_given(const struct record_text *record, enum meta_key key)
{
    return (record->given & BIT(key)) != 0;
}

struct bulla_bytes record_value(const struct record_text *record, enum meta_key key)
{
    struct bulla_bytes rest = record_meta(record);
    while (is_given(record, key)) {
        const uint8_t *end = memchr(rest.data, ';', rest.len);
        size_t len = end == NULL ? rest.len : (size_t)(end - rest.data);
        if (len > names[key].len && rest.data[names[key].len] == ':' &&
            memcmp(rest.data, names[key].text, names[key].len) == 0) {
            return bulla_bytes(rest.data + names[key].len + 1, len - names[key].len - 1);
        }
        rest = bulla_bytes_slice(rest, len + 1, SIZE_MAX);
    }
    return bulla_bytes(record->line, 0);
}

int64_t record_time(const struct record_text *record, enum meta_key key)
{
    int64_t seconds = 0;
    struct bulla_bytes value = record_value(record, key);
    /* The grammar has seen that it is a time. */
    return value.len > 0 && text_parse_time(value, &seconds) ? seconds : 0;
}

static bool refuse(const struct record_text *record, const char *file, size_t offset,
                   struct bulla_error *err, const char *why, struct bulla_bytes what)
{
    return bulla_error_at(err, BULLA_E_SYNTAX, file,
                          (struct bulla_pos){record->number, (uint32_t)offset + 1}, "%s '%.*s'",
                          why, (int)(what.len < 64 ? what.len : 64), (const char *)what.data);
}

static int hex_value(uint8_t digit)
{
    if (digit >= '0' && digit <= '9') {
        return digit - '0';
    }
    return digit >= 'A' && digit <= 'F' ? digit - 'A' + 10 : -1;
}

size_t record_meta_decode(struct bulla_bytes value, char *out)
{
    size_t len = 0;
    for (size_t i = 0; i < value.len; i++) {
        if (value.data[i] != '%') {
            out[len++] = (char)value.data[i];
            continue;
        }
        out[len++] = (char)(hex_value(value.data[i + 1]) * 16 + hex_value(value.data[i + 2]));
        i += 2;
    }
    return len;
}

/* True when TEXT is UTF-8 without control characters. */
static bool is_plain_text(struct bulla_bytes text)
{
    while (text.len > 0) {
        uint32_t code_point = 0;
        size_t len = utf8_decode(text, &code_point);
        if (len == 0 || code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0)) {
            return false;
        }
        text = bulla_bytes_slice(text, len, SIZE_MAX);
    }
    return true;
}

/* Only literal bytes and %XX of others, and those together UTF-8 without control characters. */
static bool value_is_canonical(struct bulla_bytes value)
{
    bool ascii = true;
    for (size_t i = 0; i < value.len; i++) {
        if (text_is_literal(value.data[i])) {
            continue;
        }
        if (value.data[i] != '%' || value.len - i < 3 || hex_value(value.data[i + 1]) < 0 ||
            hex_value(value.data[i + 2]) < 0) {
            return false;
        }
        int byte = hex_value(value.data[i + 1]) * 16 + hex_value(value.data[i + 2]);
        if (text_is_literal((uint8_t)byte) || byte < 0x20 || byte == 0x7F) {
            return false;
        }
        ascii = ascii && byte < 0x80;
        i += 2;
    }
    if (ascii) {
        return true;
    }
    char plain[BULLA_MAX_META_BYTES];
    return is_plain_text(bulla_bytes(plain, record_meta_decode(value, plain)));
}

static bool key_is_word(struct bulla_bytes key)
{
    if (key.len == 0 || key.data[0] < 'a' || key.data[0] > 'z') {
        return false;
    }
    for (size_t i = 1; i < key.len; i++) {
        if (!text_is_key_byte(key.data[i])) {
            return false;
        }
    }
    return true;
}

static int compare(struct bulla_bytes a, struct bulla_bytes b)
{
    int order = memcmp(a.data, b.data, a.len < b.len ? a.len : b.len);
    return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

static bool parse_state(struct bulla_bytes value, enum record_kind kind, enum meta_state *ret_state)
{
    static const char *const states[] = {NULL, "pending", "current", "retired", "exposed"};
    for (unsigned state = STATE_PENDING; state <= STATE_EXPOSED; state++) {
        /* A `set` is pending or nothing, a `mark` anything else. */
        if (bulla_bytes_are(value, states[state]) &&
            (kind == RECORD_SET) == (state == STATE_PENDING)) {
            *ret_state = (enum meta_state)state;
            return true;
        }
    }
    return false;
}

static bool take_value(struct record_text *record, enum meta_key key, struct bulla_bytes value)
{
    int64_t seconds = 0;
    switch (key) {
    case META_COMMIT:
    case META_FROM:
    case META_KEEP:
    case META_OF:
    case META_SIGN:
        return text_is_id(value);
    case META_EXPIRES:
    case META_UNTIL:
        return text_parse_time(value, &seconds);
    case META_ROLE:
        return record_role_parse(value, &record->role);
    case META_STATE:
        return parse_state(value, record->kind, &record->state);
    case META_KIND:
    case META_RECIPIENT:
    case META_WHY:
    case META_KEYS:
        break;
    }
    return true;
}

/* One "key:value" at OFFSET of the line. */
static bool parse_pair(struct record_text *record, const char *file, struct bulla_bytes pair,
                       size_t offset, struct bulla_bytes *before, struct bulla_error *err)
{
    const uint8_t *colon = pair.len > 0 ? memchr(pair.data, ':', pair.len) : NULL;
    if (colon == NULL) {
        return refuse(record, file, offset, err, "no 'key:value' in metadata:", pair);
    }
    struct bulla_bytes key = bulla_bytes(pair.data, (size_t)(colon - pair.data));
    struct bulla_bytes value = bulla_bytes(colon + 1, pair.len - key.len - 1);
    if (!key_is_word(key)) {
        return refuse(record, file, offset, err, "no metadata key:", key);
    }
    if (before->len > 0 && compare(*before, key) >= 0) {
        return refuse(record, file, offset, err, "metadata keys are not sorted at", key);
    }
    *before = key;
    if (value.len == 0 || !value_is_canonical(value)) {
        return refuse(record, file, offset + key.len + 1, err, "bad metadata value of", key);
    }
    if (bulla_bytes_start(key, "x-")) {
        return true;
    }
    unsigned allowed = rules[record->kind].required | rules[record->kind].optional;
    for (enum meta_key known = META_COMMIT; known < META_KEYS; known++) {
        if ((allowed & BIT(known)) == 0 || key.len != names[known].len ||
            memcmp(key.data, names[known].text, key.len) != 0) {
            continue;
        }
        if (!take_value(record, known, value)) {
            return refuse(record, file, offset + key.len + 1, err, "bad metadata value of", key);
        }
        record->given |= (uint16_t)BIT(known);
        return true;
    }
    return refuse(record, file, offset, err, "unknown metadata key", key);
}

/* What the keys of one record have to say together. */
static bool check_together(const struct record_text *record, const char *file,
                           struct bulla_error *err)
{
    size_t subject = strlen(record_kind_name(record->kind)) + 1;
    struct bulla_pos pos = {record->number,
                            (record->meta_len > 0 ? record->meta_start : (uint32_t)subject) + 1};
    for (enum meta_key key = META_COMMIT; key < META_KEYS; key++) {
        if ((rules[record->kind].required & BIT(key)) != 0 && !is_given(record, key)) {
            return bulla_error_at(err, BULLA_E_SYNTAX, file, pos, "'%s' needs '%s' in its metadata",
                                  record_kind_name(record->kind), names[key].text);
        }
    }
    bool keep = is_given(record, META_KEEP);
    if (keep != is_given(record, META_UNTIL)) {
        return bulla_error_at(err, BULLA_E_SYNTAX, file, pos, "'keep' and 'until' come together");
    }
    if (keep && record->state != (record->kind == RECORD_SET ? STATE_NONE : STATE_CURRENT)) {
        return bulla_error_at(err, BULLA_E_SYNTAX, file, pos,
                              "'keep' belongs to what assigns a value");
    }
    if (record->role > ROLE_READER && !is_given(record, META_SIGN)) {
        return bulla_error_at(err, BULLA_E_SYNTAX, file, pos, "a %s needs 'sign'",
                              record_role_name(record->role));
    }
    if (record->kind == RECORD_ROOT && record->role != ROLE_OWNER) {
        return bulla_error_at(err, BULLA_E_SYNTAX, file, pos, "the root makes an owner");
    }
    return true;
}

bool record_parse_meta(struct record_text *record, const char *file, struct bulla_error *err)
{
    struct bulla_bytes rest = record_meta(record);
    size_t offset = record->meta_start;
    struct bulla_bytes before = {NULL, 0};
    while (rest.len > 0) {
        const uint8_t *end = memchr(rest.data, ';', rest.len);
        struct bulla_bytes pair = rest;
        if (end != NULL) {
            pair.len = (size_t)(end - rest.data);
        }
        if (!parse_pair(record, file, pair, offset, &before, err)) {
            return false;
        }
        if (end == NULL) {
            break;
        }
        offset += pair.len + 1;
        rest = bulla_bytes(end + 1, rest.len - pair.len - 1);
        if (rest.len == 0) {
            return refuse(record, file, offset, err, "metadata ends in ';' after", pair);
        }
    }
    return check_together(record, file, err);
}

void record_meta_put(struct bulla_buf *out, size_t start, enum meta_key key,
                     struct bulla_bytes value)
{
    static const char hex[] = "0123456789ABCDEF";
    if (out->len > start) {
        bulla_buf_putc(out, ';');
    }
    bulla_buf_puts(out, names[key].text);
    bulla_buf_putc(out, ':');
    for (size_t i = 0; i < value.len; i++) {
        uint8_t byte = value.data[i];
        if (text_is_literal(byte)) {
            bulla_buf_putc(out, (char)byte);
        } else {
            bulla_buf_putc(out, '%');
            bulla_buf_putc(out, hex[byte >> 4]);
            bulla_buf_putc(out, hex[byte & 15]);
        }
    }
}
