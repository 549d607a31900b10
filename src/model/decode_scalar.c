/* From YAML's scalars to values: tags, numbers, dates. */
#include "model/decode.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bulla/codec.h"

#include "base/banned.h"

static const char *core_tag(const struct yaml_node *node)
{
    size_t len = sizeof YAML_TAG - 1;
    return node->tag != NULL && strncmp(node->tag, YAML_TAG, len) == 0 ? node->tag + len : NULL;
}

/* Digits without the underscores that YAML allows between them. */
static size_t plain_digits(struct bulla_bytes text, char *out, size_t cap)
{
    size_t len = 0;
    for (size_t i = 0; i < text.len && len + 1 < cap; i++) {
        if (text.data[i] != '_') {
            out[len++] = (char)text.data[i];
        }
    }
    out[len] = '\0';
    return len;
}

static bool read_whole(const char *digits, int base, bool negative, struct bulla_value *value)
{
    char *end = NULL;
    errno = 0;
    unsigned long long number = strtoull(digits, &end, base);
    if (errno != 0 || end == digits || *end != '\0' || *digits == '-' || *digits == '+') {
        return false;
    }
    unsigned long long most = (unsigned long long)INT64_MAX + (negative ? 1 : 0);
    if (number > most) {
        /* Beyond our integers, but shown as one: its text stays. */
        value->kind = BULLA_VALUE_FLOAT;
        value->real = negative ? -(double)number : (double)number;
        value->large = !negative;
        return true;
    }
    value->kind = BULLA_VALUE_INT;
    value->number = negative ? (int64_t)(0 - number) : (int64_t)number;
    return true;
}

/* A number as YAML writes it; false where TEXT is none. */
static bool read_number(struct bulla_bytes text, struct bulla_value *value)
{
    char digits[128];
    size_t len = plain_digits(text, digits, sizeof digits);
    if (len == 0 || text.len >= sizeof digits) {
        return false;
    }
    bool negative = digits[0] == '-';
    const char *at = digits + (negative || digits[0] == '+' ? 1 : 0);
    if (at[0] == '0' && at[1] != '\0') {
        static const struct {
            char mark;
            int base;
        } marks[] = {{'x', 16}, {'X', 16}, {'o', 8}, {'O', 8}, {'b', 2}, {'B', 2}};
        for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
            if (at[1] == marks[i].mark) {
                return read_whole(at + 2, marks[i].base, negative, value);
            }
        }
        if (strspn(at, "01234567") == strlen(at)) {
            return read_whole(at, 8, negative, value);
        }
    } else if (strspn(at, "0123456789") == strlen(at) && read_whole(at, 10, negative, value)) {
        return true;
    }
    const char *name = at[0] == '.' ? at + 1 : "";
    value->kind = BULLA_VALUE_FLOAT;
    if (strcmp(name, "inf") == 0 || strcmp(name, "Inf") == 0 || strcmp(name, "INF") == 0) {
        value->real = negative ? -INFINITY : INFINITY;
        return true;
    }
    if (strcmp(name, "nan") == 0 || strcmp(name, "NaN") == 0 || strcmp(name, "NAN") == 0) {
        value->real = NAN;
        return true;
    }
    char *end = NULL;
    value->real = strtod(digits, &end);
    return strspn(at, "0123456789.eE+-") == strlen(at) && end != digits && *end == '\0' &&
           strpbrk(at, "0123456789") != NULL && !isinf(value->real);
}

/* The digits of a whole number that is too large for our integers, in decimal. */
static void keep_digits(struct decoder *d, const struct yaml_node *node, struct bulla_value *value)
{
    char digits[128];
    (void)plain_digits(yaml_text(node), digits, sizeof digits);
    const char *at = digits + (digits[0] == '+' ? 1 : 0);
    int base = at[0] != '0' ? 10 : at[1] == 'x' ? 16 : at[1] == 'b' ? 2 : 8;
    at += at[0] == '0' && (at[1] < '0' || at[1] > '7') ? 2 : 0;
    value->text = store_printf(&d->m->store, "%llu", strtoull(at, NULL, base));
}

/* "2001-12-14" as Go shows the time of it. */
static void read_timestamp(struct decoder *d, struct bulla_value *value)
{
    value->kind = BULLA_VALUE_TEXT;
    value->timestamp = true;
    if (value->text.len == 10) {
        value->text =
            store_printf(&d->m->store, "%.10s 00:00:00 +0000 UTC", (const char *)value->text.data);
    }
}

static bool refuse_tag(struct decoder *d, const struct yaml_node *node, const char *tag)
{
    struct bulla_error cause = BULLA_ERROR_INIT;
    (void)bulla_error_at(&cause, BULLA_E_INVALID, d->file, node->pos,
                         "cannot decode the value as a !!%s", tag);
    return refuse_yaml(d->m, d->file, &cause);
}

static void decode_base64(struct decoder *d, const struct yaml_node *node,
                          struct bulla_value *value)
{
    char *text = store_string(&d->m->store, yaml_text(node));
    size_t len = 0;
    for (size_t i = 0; i < node->len; i++) {
        if (node->text[i] != '\n' && node->text[i] != '\r') {
            text[len++] = node->text[i];
        }
    }
    size_t size = 0;
    /* What is decoded is shorter than what is not. */
    uint8_t *out = (uint8_t *)store_string(&d->m->store, yaml_text(node));
    if (!bulla_base64_decode(BULLA_BASE64, bulla_bytes(text, len), out, node->len, &size)) {
        (void)refuse_tag(d, node, "binary");
        return;
    }
    value->text = bulla_bytes(out, size);
}

static void resolve_plain(struct decoder *d, const struct yaml_node *node,
                          struct bulla_value *value)
{
    struct yaml_node untagged = *node;
    untagged.tag = NULL;
    untagged.style = YAML_PLAIN;
    switch (yaml_scalar_type(&untagged)) {
    case YAML_NULL:
        value->kind = BULLA_VALUE_NULL;
        break;
    case YAML_BOOL:
        value->kind = BULLA_VALUE_BOOL;
        value->number = node->text[0] == 't' || node->text[0] == 'T' ? 1 : 0;
        break;
    case YAML_INT:
    case YAML_FLOAT:
        if (!read_number(yaml_text(node), value)) {
            value->kind = BULLA_VALUE_TEXT;
        } else if (value->large) {
            keep_digits(d, node, value);
        }
        break;
    case YAML_TIMESTAMP:
        read_timestamp(d, value);
        break;
    case YAML_STRING:
        break;
    }
}

/* A tag of YAML's own that says what the value has to be. */
static void check_tag(struct decoder *d, const struct yaml_node *node, const char *tag,
                      struct bulla_value *value)
{
    static const struct {
        const char *tag;
        enum bulla_value_kind kind;
    } tags[] = {{"null", BULLA_VALUE_NULL},
                {"bool", BULLA_VALUE_BOOL},
                {"int", BULLA_VALUE_INT},
                {"float", BULLA_VALUE_FLOAT}};
    for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++) {
        if (strcmp(tag, tags[i].tag) != 0 || value->kind == tags[i].kind) {
            continue;
        }
        if (tags[i].kind == BULLA_VALUE_FLOAT && value->kind == BULLA_VALUE_INT) {
            value->kind = BULLA_VALUE_FLOAT;
            value->real = (double)value->number;
        } else {
            (void)refuse_tag(d, node, tag);
        }
    }
    if (strcmp(tag, "timestamp") == 0 && !value->timestamp) {
        (void)refuse_tag(d, node, tag);
    }
}

struct bulla_value *decode_scalar(struct decoder *d, const struct yaml_node *node)
{
    struct bulla_value *value = value_text(&d->m->store, yaml_text(node));
    const char *tag = core_tag(node);
    bool plain = node->style == YAML_PLAIN;
    value->literal = true;
    if (tag != NULL && strcmp(tag, "binary") == 0) {
        decode_base64(d, node, value);
    } else if (node->tag == NULL && plain) {
        resolve_plain(d, node, value);
    } else if (tag != NULL && strcmp(tag, "str") != 0) {
        resolve_plain(d, node, value);
        check_tag(d, node, tag, value);
    }
    return value;
}
