/* Scalars in their final form. */
#include "model/bind.h"

#include <string.h>

#include "bulla/limits.h"
#include "dotenv/words.h"

#include "base/banned.h"

struct bulla_value *bind_text(struct binder *b, const struct member *member,
                              struct bulla_value *value)
{
    if (value->kind == BULLA_VALUE_INT) {
        value = value_placed(value_text(b->store, value_show(b->store, value)), value);
    }
    (void)member;
    if (value->kind != BULLA_VALUE_TEXT || value->timestamp) {
        return reject_kind(b, value, "string");
    }
    return value->text.len > 0 ? value : NULL;
}

struct bulla_value *bind_bool(struct binder *b, const struct member *member,
                              struct bulla_value *value)
{
    bool kept = member->bind == BIND_BOOL_KEPT;
    int truth = value->kind == BULLA_VALUE_BOOL   ? (int)value->number
                : value->kind == BULLA_VALUE_TEXT ? parse_bool(b->m, value->text)
                                                  : -1;
    if (truth < 0) {
        return reject(b, value, "invalid boolean: ", value_show(b->store, value), "");
    }
    bool inverse =
        member->bind == BIND_OPT_OUT || (member->bind == BIND_HOST_PATH && !b->m->compose_2);
    bool shown = inverse ? truth == 0 : kept || truth == 1;
    return shown ? value_placed(value_bool(b->store, truth == 1), value) : NULL;
}

struct bulla_value *bind_int(struct binder *b, const struct member *member,
                             struct bulla_value *value)
{
    bool kept = member->bind == BIND_INT_KEPT || member->bind == BIND_UINT_KEPT;
    bool whole = member->bind == BIND_UINT || member->bind == BIND_UINT_KEPT;
    int64_t number = value->number;
    if (value->kind == BULLA_VALUE_FLOAT) {
        /* Beyond its range, and for no number, Go gives the least one. */
        bool fits = value->real > -9.2e18 && value->real < 9.2e18;
        number = fits ? (int64_t)value->real : INT64_MIN;
    } else if (value->kind == BULLA_VALUE_TEXT && !whole) {
        const char *why = parse_int(value->text, &number);
        if (why != NULL) {
            return reject_number(b, value,
                                 member->bind == BIND_INT_KEPT ? "strconv.Atoi: parsing "
                                                               : "strconv.ParseInt: parsing ",
                                 why);
        }
    } else if (value->kind != BULLA_VALUE_INT) {
        return reject_kind(b, value, whole ? "uint64" : "int");
    }
    if (whole && number < 0) {
        return reject(b, value, "cannot parse value as 'uint64': ", value_show(b->store, value),
                      " overflows uint");
    }
    return kept || number != 0 ? value_placed(value_int(b->store, number), value) : NULL;
}

struct bulla_value *bind_float(struct binder *b, const struct member *member,
                               struct bulla_value *value)
{
    double real = value->real;
    if (value->kind == BULLA_VALUE_INT) {
        real = (double)value->number;
    } else if (value->kind == BULLA_VALUE_TEXT) {
        const char *why = parse_float(value->text, &real);
        if (why != NULL) {
            return reject_number(b, value, "strconv.ParseFloat: parsing ", why);
        }
    } else if (value->kind != BULLA_VALUE_FLOAT) {
        return reject_kind(b, value, "float32");
    }
    (void)member;
    real = (double)(float)real;
    return real < 0 || real > 0 ? value_placed(value_float(b->store, real, true), value) : NULL;
}

struct bulla_value *bind_bytes(struct binder *b, const struct member *member,
                               struct bulla_value *value)
{
    int64_t bytes = value->kind == BULLA_VALUE_INT ? value->number : 0;
    struct bulla_bytes quoted;
    (void)member;
    if (value->kind == BULLA_VALUE_TEXT) {
        switch (parse_bytes(b->m, value->text, &bytes, &quoted)) {
        case SIZE_OK:
            break;
        case SIZE_INVALID:
            return reject(b, value, "invalid size: '", quoted, "'");
        case SIZE_SUFFIX:
            return reject(b, value, "invalid suffix: '", quoted, "'");
        case SIZE_NUMBER:
            return reject_number(b, value_text(b->store, quoted), "strconv.ParseFloat: parsing ",
                                 "invalid syntax");
        }
    }
    return bytes != 0
               ? value_placed(
                     value_text(b->store, value_show(b->store, value_int(b->store, bytes))), value)
               : NULL;
}

struct bulla_value *bind_duration(struct binder *b, const struct member *member,
                                  struct bulla_value *value)
{
    bool zero = false;
    struct bulla_bytes text = value_show(b->store, value);
    struct bulla_bytes unit;
    const char *why = NULL;
    struct bulla_value *shown = show_duration(b->m, text, &zero, &why, &unit);
    if (shown == NULL) {
        /* Quotation marks around it, and nothing escaped. */
        bulla_auto_buf quoted;
        bulla_buf_init(&quoted, BULLA_MAX_TEXT_BYTES);
        bulla_buf_puts(&quoted, "\"");
        if (unit.len > 0) {
            bulla_buf_add_bytes(&quoted, unit);
            bulla_buf_puts(&quoted, "\" in duration \"");
        }
        bulla_buf_add_bytes(&quoted, text);
        bulla_buf_puts(&quoted, "\"");
        return reject(b, value, why, bulla_buf_view(&quoted), "");
    }
    return zero && member->bind == BIND_DURATION ? NULL : value_placed(shown, value);
}

struct bulla_value *bind_mode(struct binder *b, const struct member *member,
                              struct bulla_value *value)
{
    int64_t mode = value->number;
    (void)member;
    if (value->kind != BULLA_VALUE_TEXT && value->kind != BULLA_VALUE_INT) {
        return reject_kind(b, value, "int");
    }
    bool octal = value->kind == BULLA_VALUE_INT || value->text.len > 0;
    for (size_t i = 0; octal && value->kind == BULLA_VALUE_TEXT && i < value->text.len; i++) {
        uint8_t c = value->text.data[i];
        octal = c >= '0' && c <= '7' && mode <= INT64_MAX >> 4;
        mode = mode * 8 + (c - '0');
    }
    if (!octal) {
        return reject_number(b, value, "strconv.ParseInt: parsing ", "invalid syntax");
    }
    return value_placed(value_printf(b->store, "0%llo", (unsigned long long)mode), value);
}

struct bulla_value *bind_count(struct binder *b, const struct member *member,
                               struct bulla_value *value)
{
    int64_t count = value->number;
    (void)member;
    if (value->kind == BULLA_VALUE_TEXT) {
        bool all =
            value->text.len == 3 && strncasecmp((const char *)value->text.data, "all", 3) == 0;
        count = -1;
        if (!all && parse_int(value->text, &count) != NULL) {
            bulla_auto_buf quoted;
            bulla_buf_init(&quoted, BULLA_MAX_TEXT_BYTES);
            words_quote(value->text, &quoted);
            return reject(b, value, "invalid value ", bulla_buf_view(&quoted),
                          ", the only value allowed is 'all' or a number");
        }
    }
    return count != 0 ? value_placed(value_int(b->store, count), value) : NULL;
}
