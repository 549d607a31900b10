#include "yaml/yaml.h"

#include <string.h>

#include "base/banned.h"

const struct yaml_node *yaml_resolve(const struct yaml_node *node)
{
    return node != NULL && node->kind == YAML_ALIAS ? node->target : node;
}

struct yaml_node *yaml_follow(struct yaml_node *node)
{
    return node->kind == YAML_ALIAS ? node->target : node;
}

struct bulla_bytes yaml_text(const struct yaml_node *node)
{
    return node->kind == YAML_SCALAR ? bulla_bytes(node->text, node->len) : bulla_bytes(NULL, 0);
}

static bool is_one_of(struct bulla_bytes text, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (bulla_bytes_are(text, *words)) {
            return true;
        }
    }
    return false;
}

static size_t count_digits(struct bulla_bytes text, size_t at, unsigned base)
{
    size_t count = 0;
    for (; at < text.len; at++, count++) {
        uint8_t c = text.data[at];
        unsigned digit = c >= '0' && c <= '9'   ? (unsigned)(c - '0')
                         : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10
                         : c >= 'A' && c <= 'F' ? (unsigned)(c - 'A') + 10
                                                : 99;
        /* Underscores may stand between the digits of a number, as in 1_000. */
        if (digit >= base && !(c == '_' && count > 0)) {
            break;
        }
    }
    return count;
}

static bool is_int(struct bulla_bytes text)
{
    size_t at = text.len > 0 && (text.data[0] == '-' || text.data[0] == '+') ? 1 : 0;
    if (text.len - at > 2 && text.data[at] == '0') {
        uint8_t mark = text.data[at + 1];
        unsigned base = mark == 'x' ? 16 : mark == 'o' ? 8 : mark == 'b' ? 2 : 0;
        if (base != 0) {
            return count_digits(text, at + 2, base) == text.len - at - 2;
        }
    }
    size_t digits = count_digits(text, at, 10);
    return digits > 0 && digits == text.len - at;
}

static bool is_float(struct bulla_bytes text)
{
    size_t at = text.len > 0 && (text.data[0] == '-' || text.data[0] == '+') ? 1 : 0;
    struct bulla_bytes rest = bulla_bytes_slice(text, at, text.len);
    static const char *const named[] = {".inf", ".Inf", ".INF", NULL};
    static const char *const not_number[] = {".nan", ".NaN", ".NAN", NULL};
    if (is_one_of(rest, named) || is_one_of(text, not_number)) {
        return true;
    }
    size_t whole = count_digits(text, at, 10);
    size_t fraction = 0;
    at += whole;
    if (at < text.len && text.data[at] == '.') {
        fraction = count_digits(text, ++at, 10);
        at += fraction;
    }
    if (whole + fraction == 0) {
        return false;
    }
    if (at < text.len && (text.data[at] == 'e' || text.data[at] == 'E')) {
        at++;
        if (at < text.len && (text.data[at] == '-' || text.data[at] == '+')) {
            at++;
        }
        size_t exponent = count_digits(text, at, 10);
        at += exponent;
        if (exponent == 0) {
            return false;
        }
    }
    return at == text.len;
}

/* "2001-12-14", optionally with a time behind 'T', 't' or a blank. */
static bool is_timestamp(struct bulla_bytes text)
{
    size_t month = count_digits(text, 0, 10);
    if (month != 4 || text.len < 8 || text.data[4] != '-') {
        return false;
    }
    size_t month_digits = count_digits(text, 5, 10);
    size_t at = 5 + month_digits;
    if (month_digits < 1 || month_digits > 2 || at >= text.len || text.data[at] != '-') {
        return false;
    }
    size_t day_digits = count_digits(text, at + 1, 10);
    at += 1 + day_digits;
    if (day_digits < 1 || day_digits > 2) {
        return false;
    }
    if (at == text.len) {
        return true;
    }
    uint8_t mark = text.data[at];
    return (mark == 'T' || mark == 't' || mark == ' ') && at + 1 < text.len &&
           count_digits(text, at + 1, 10) > 0 && memchr(text.data + at, ':', text.len - at) != NULL;
}

enum yaml_type yaml_scalar_type(const struct yaml_node *node)
{
    static const char *const nulls[] = {"", "~", "null", "Null", "NULL", NULL};
    static const char *const bools[] = {"true", "True", "TRUE", "false", "False", "FALSE", NULL};
    if (node->kind != YAML_SCALAR || node->style != YAML_PLAIN ||
        (node->tag != NULL && strcmp(node->tag, "tag:yaml.org,2002:str") == 0)) {
        return YAML_STRING;
    }
    struct bulla_bytes text = yaml_text(node);
    if (is_one_of(text, nulls)) {
        return YAML_NULL;
    }
    if (is_one_of(text, bools)) {
        return YAML_BOOL;
    }
    if (is_int(text)) {
        return YAML_INT;
    }
    if (is_float(text)) {
        return YAML_FLOAT;
    }
    return is_timestamp(text) ? YAML_TIMESTAMP : YAML_STRING;
}
