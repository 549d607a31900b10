#include "base/ascii.h"
#include "bulla/shape.h"
#include "shape/words.h"

#include "base/banned.h"

#define LEAST_HEX_DIGITS 16
#define LEAST_BASE64_CHARS 24

static bool is_hex(struct bulla_bytes value)
{
    bool has_letter = false;
    for (size_t i = 0; i < value.len; i++) {
        if (!ascii_is_hex(value.data[i])) {
            return false;
        }
        has_letter = has_letter || !ascii_is_digit(value.data[i]);
    }
    return value.len >= LEAST_HEX_DIGITS && value.len % 2 == 0 && has_letter;
}

static bool is_uuid(struct bulla_bytes value)
{
    if (value.len != 36) {
        return false;
    }
    for (size_t i = 0; i < value.len; i++) {
        bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (is_dash ? value.data[i] != '-' : !ascii_is_hex(value.data[i])) {
            return false;
        }
    }
    return true;
}

/* What kinds of base64 characters a value has. */
struct alphabet {
    bool only_standard;
    bool only_url_safe;
    bool has_upper, has_lower, has_digit, has_extra;
    size_t padding;
};

static struct alphabet read_alphabet(struct bulla_bytes value)
{
    struct alphabet a = {.only_standard = true, .only_url_safe = true};
    size_t len = value.len;
    while (len > 0 && value.data[len - 1] == '=' && a.padding < 2) {
        a.padding++;
        len--;
    }
    for (size_t i = 0; i < len; i++) {
        uint8_t c = value.data[i];
        bool plain = ascii_is_alnum(c);
        a.has_upper = a.has_upper || ascii_is_upper(c);
        a.has_lower = a.has_lower || ascii_is_lower(c);
        a.has_digit = a.has_digit || ascii_is_digit(c);
        a.has_extra = a.has_extra || c == '+' || c == '/';
        a.only_standard = a.only_standard && (plain || c == '+' || c == '/');
        a.only_url_safe = a.only_url_safe && (plain || c == '-' || c == '_');
    }
    return a;
}

static bool is_base64(struct bulla_bytes value)
{
    struct alphabet a = read_alphabet(value);
    return value.len >= LEAST_BASE64_CHARS && value.len % 4 == 0 && a.only_standard &&
           a.has_upper && a.has_lower && (a.padding > 0 || a.has_extra);
}

static bool is_fernet(struct bulla_bytes value)
{
    struct alphabet a = read_alphabet(value);
    return value.len == 44 && a.padding == 1 && a.only_url_safe && a.has_upper && a.has_lower &&
           !a.has_extra;
}

static bool is_number(struct bulla_bytes value, bool *ret_integer)
{
    size_t at = value.len > 1 && value.data[0] == '-' ? 1 : 0;
    size_t digits = 0;
    size_t dots = 0;
    for (; at < value.len; at++) {
        digits += ascii_is_digit(value.data[at]);
        dots += value.data[at] == '.';
        if (!ascii_is_digit(value.data[at]) && value.data[at] != '.') {
            return false;
        }
    }
    *ret_integer = dots == 0;
    return digits > 0 && dots <= 1 && ascii_is_digit(value.data[value.len - 1]);
}

static bool is_email(struct bulla_bytes value)
{
    size_t ats = 0;
    size_t dot_behind = 0;
    for (size_t i = 0; i < value.len; i++) {
        uint8_t c = value.data[i];
        if (c <= ' ' || c == '/' || c == ':' || c == '$' || c == ',') {
            return false;
        }
        ats += c == '@';
        dot_behind += ats > 0 && c == '.' && i + 1 < value.len;
    }
    return ats == 1 && value.data[0] != '@' && dot_behind > 0;
}

enum bulla_shape bulla_shape_of(struct bulla_bytes value)
{
    bool is_integer = false;
    struct bulla_url url;
    if (value.len == 0) {
        return BULLA_SHAPE_EMPTY;
    }
    if (shape_is(value, "true") || shape_is(value, "false")) {
        return BULLA_SHAPE_BOOLEAN;
    }
    if (is_number(value, &is_integer)) {
        return is_integer ? BULLA_SHAPE_INTEGER : BULLA_SHAPE_NUMBER;
    }
    if (is_uuid(value)) {
        return BULLA_SHAPE_UUID;
    }
    if (is_hex(value)) {
        return BULLA_SHAPE_HEX;
    }
    if (shape_starts(value, "base64:")) {
        return BULLA_SHAPE_BASE64_KEY;
    }
    if (shape_starts(value, "-----begin ")) {
        return BULLA_SHAPE_PEM;
    }
    if (bulla_bytes_start(value, "eyJ") && value.len > 40) {
        return BULLA_SHAPE_JWT;
    }
    if (is_fernet(value)) {
        return BULLA_SHAPE_FERNET;
    }
    if (is_base64(value)) {
        return BULLA_SHAPE_BASE64;
    }
    if (bulla_url_split(value, &url)) {
        return BULLA_SHAPE_URL;
    }
    return is_email(value) ? BULLA_SHAPE_EMAIL : BULLA_SHAPE_TEXT;
}

/* Offset of byte C in VIEW from START on, or its length. */
static size_t find_byte(struct bulla_bytes view, size_t start, uint8_t c)
{
    while (start < view.len && view.data[start] != c) {
        start++;
    }
    return start;
}

bool bulla_url_split(struct bulla_bytes text, struct bulla_url *ret_url)
{
    size_t colon = find_byte(text, 0, ':');
    if (colon == 0 || !ascii_is_letter(text.data[0]) || colon + 2 >= text.len ||
        text.data[colon + 1] != '/' || text.data[colon + 2] != '/') {
        return false;
    }
    for (size_t i = 0; i < colon; i++) {
        uint8_t c = text.data[i];
        if (!ascii_is_alnum(c) && c != '+' && c != '-' && c != '.') {
            return false;
        }
    }
    struct bulla_url url = {.scheme = bulla_bytes_slice(text, 0, colon)};
    struct bulla_bytes rest = bulla_bytes_slice(text, colon + 3, text.len);
    /*
     * The authority ends at the first "/", "?" or "#". A `${VAR:-…}` in it may hold any of them,
     * so what stands between braces is passed over.
     */
    size_t end = 0;
    size_t depth = 0;
    size_t at_sign = rest.len;
    while (end < rest.len) {
        uint8_t c = rest.data[end];
        depth += c == '{';
        depth -= c == '}' && depth > 0;
        if (depth == 0 && (c == '/' || c == '?' || c == '#')) {
            break;
        }
        if (depth == 0 && c == '@') {
            at_sign = end;
        }
        end++;
    }
    struct bulla_bytes host = bulla_bytes_slice(rest, 0, end);
    if (at_sign < end) {
        struct bulla_bytes user = bulla_bytes_slice(rest, 0, at_sign);
        /* "${USER:-x}:${PASS}": the colon that separates stands outside braces. */
        size_t separator = 0;
        for (depth = 0; separator < user.len; separator++) {
            depth += user.data[separator] == '{';
            depth -= user.data[separator] == '}' && depth > 0;
            if (depth == 0 && user.data[separator] == ':') {
                break;
            }
        }
        url.has_userinfo = true;
        url.user = bulla_bytes_slice(user, 0, separator);
        url.password = bulla_bytes_slice(user, separator + 1, user.len);
        host = bulla_bytes_slice(rest, at_sign + 1, end - at_sign - 1);
    }
    size_t port = find_byte(host, 0, ':');
    url.host = bulla_bytes_slice(host, 0, port);
    url.port = bulla_bytes_slice(host, port + 1, host.len);
    url.rest = bulla_bytes_slice(rest, end, rest.len);
    *ret_url = url;
    return true;
}

bool bulla_url_password(const char *name, struct bulla_bytes value,
                        struct bulla_bytes *ret_password)
{
    struct bulla_url url;
    *ret_password = bulla_bytes(NULL, 0);
    if (bulla_name_family(name) != BULLA_NAME_URL || !bulla_url_split(value, &url)) {
        return false;
    }
    *ret_password = url.password;
    return true;
}
