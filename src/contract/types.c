#include "contract/types.h"

#include <math.h>
#include <string.h>

#include "base/num.h"
#include "base/utf8.h"

#include "base/banned.h"

#define MAX_NUMBER_CHARS 400
#define MAX_EXPONENT 400
#define MAX_HOST_CHARS 253
#define MAX_LABEL_CHARS 63
#define MAX_PATH_BYTES 4095
#define MAX_PORT 65535

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_hex(uint8_t c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_letter(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static struct bulla_bytes from(struct bulla_bytes text, size_t start)
{
    return bulla_bytes_slice(text, start, text.len);
}

static size_t count_digits(struct bulla_bytes text, size_t at)
{
    size_t start = at;
    while (at < text.len && is_digit(text.data[at])) {
        at++;
    }
    return at - start;
}

/* VALUE times ten to the EXPONENT. */
static double scale(long double value, long exponent)
{
    for (; exponent > 0 && value < 1e4000L; exponent--) {
        value *= 10;
    }
    for (; exponent < 0 && value > 0; exponent++) {
        value /= 10;
    }
    return (double)value;
}

/*
 * Reads digits, fraction and exponent, and returns how many bytes that were; 0 for none. Not
 * strtod: that follows the locale and knows "inf" and "0x1p3".
 */
static size_t read_decimal(struct bulla_bytes text, bool exponent_too, double *ret_number)
{
    size_t whole = count_digits(text, 0);
    if (whole == 0 || text.len > MAX_NUMBER_CHARS) {
        return 0;
    }
    long double value = 0;
    size_t at = 0;
    for (; at < whole; at++) {
        value = value * 10 + (text.data[at] - '0');
    }
    long exponent = 0;
    if (at < text.len && text.data[at] == '.') {
        size_t fraction = count_digits(text, at + 1);
        if (fraction == 0) {
            return 0;
        }
        for (at++; fraction > 0; fraction--, at++) {
            value = value * 10 + (text.data[at] - '0');
            exponent--;
        }
    }
    if (exponent_too && at < text.len && (text.data[at] == 'e' || text.data[at] == 'E')) {
        size_t sign = at + 1 < text.len && (text.data[at + 1] == '-' || text.data[at + 1] == '+');
        bool negative = sign > 0 && text.data[at + 1] == '-';
        size_t digits = count_digits(text, at + 1 + sign);
        long power = 0;
        for (size_t i = 0; i < digits && power <= MAX_EXPONENT; i++) {
            power = power * 10 + (text.data[at + 1 + sign + i] - '0');
        }
        if (digits == 0 || power > MAX_EXPONENT) {
            return 0;
        }
        exponent += negative ? -power : power;
        at += 1 + sign + digits;
    }
    *ret_number = scale(value, exponent);
    return isfinite(*ret_number) ? at : 0;
}

static bool read_signed(struct bulla_bytes text, double *ret_number)
{
    size_t sign = text.len > 0 && (text.data[0] == '-' || text.data[0] == '+');
    double number = 0;
    size_t len = read_decimal(from(text, sign), true, &number);
    if (len == 0 || sign + len != text.len) {
        return false;
    }
    *ret_number = sign > 0 && text.data[0] == '-' ? -number : number;
    return true;
}

bool type_number(struct bulla_bytes text, double *ret_number)
{
    return read_signed(text, ret_number);
}

static bool read_integer(struct bulla_bytes text, double *ret_number)
{
    size_t sign = text.len > 0 && (text.data[0] == '-' || text.data[0] == '+');
    size_t digits = count_digits(text, sign);
    return digits > 0 && sign + digits == text.len && read_signed(text, ret_number);
}

static bool read_port(struct bulla_bytes text, double *ret_number)
{
    uint64_t port = 0;
    if (!num_parse_u64(text, MAX_PORT, &port) || port == 0) {
        return false;
    }
    *ret_number = (double)port;
    return true;
}

static const struct unit {
    const char *name;
    double factor;
} durations[] = {
    {"ns", 1e-9}, {"us", 1e-6}, {"ms", 1e-3},   {"s", 1},
    {"m", 60},    {"h", 3600},  {"d", 86400.0}, {"w", 604800.0},
};

/* As Docker counts: k is 1024, with or without "b" or "ib" behind it. */
static const struct unit sizes[] = {
    {"b", 1},
    {"k", 1024.0},
    {"m", 1048576.0},
    {"g", 1073741824.0},
    {"t", 1099511627776.0},
    {"p", 1125899906842624.0},
};

/* "1h30m", "500ms", "1.5s", "0". */
static bool read_duration(struct bulla_bytes text, double *ret_seconds)
{
    if (bulla_bytes_are(text, "0")) {
        *ret_seconds = 0;
        return true;
    }
    double total = 0;
    for (size_t at = 0; at < text.len || at == 0;) {
        double number = 0;
        size_t len = read_decimal(from(text, at), false, &number);
        if (len == 0) {
            return false;
        }
        at += len;
        size_t end = at;
        while (end < text.len && is_letter(text.data[end])) {
            end++;
        }
        const struct unit *unit = NULL;
        for (size_t i = 0; i < sizeof durations / sizeof durations[0]; i++) {
            if (bulla_bytes_are(bulla_bytes_slice(text, at, end - at), durations[i].name)) {
                unit = &durations[i];
            }
        }
        if (unit == NULL) {
            return false;
        }
        total += number * unit->factor;
        at = end;
    }
    *ret_seconds = total;
    return true;
}

/* "512m", "1.5GiB", "100", "64 KB". */
static bool read_size(struct bulla_bytes text, double *ret_bytes)
{
    double number = 0;
    size_t at = read_decimal(text, false, &number);
    if (at == 0) {
        return false;
    }
    if (at < text.len && text.data[at] == ' ') {
        at++;
    }
    struct bulla_bytes unit = from(text, at);
    if (unit.len == 0) {
        *ret_bytes = number;
        return text.data[text.len - 1] != ' ';
    }
    uint8_t prefix = unit.data[0] | 0x20;
    struct bulla_bytes rest = from(unit, 1);
    bool rest_is_bytes = rest.len == 0 || (rest.len == 1 && (rest.data[0] | 0x20) == 'b') ||
                         (rest.len == 2 && rest.data[0] == 'i' && (rest.data[1] | 0x20) == 'b');
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        if (prefix == (uint8_t)sizes[i].name[0] &&
            (prefix == 'b' ? rest.len == 0 : rest_is_bytes)) {
            *ret_bytes = number * sizes[i].factor;
            return true;
        }
    }
    return false;
}

static bool is_boolean(struct bulla_bytes value)
{
    static const char *const words[] = {"true", "false", "yes", "no", "on", "off", "1", "0"};
    char lower[6] = "";
    if (value.len >= sizeof lower) {
        return false;
    }
    for (size_t i = 0; i < value.len; i++) {
        lower[i] = (char)(is_letter(value.data[i]) ? value.data[i] | 0x20 : value.data[i]);
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strlen(words[i]) == value.len && strcmp(words[i], lower) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_ipv6(struct bulla_bytes text)
{
    size_t colons = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == ':') {
            colons++;
        } else if (!is_hex(text.data[i]) && text.data[i] != '.') {
            return false;
        }
    }
    return colons >= 2 && colons <= 7 && text.len <= 45;
}

/* A DNS name (Compose's service names may have '_'), or an address. */
static bool is_host(struct bulla_bytes text)
{
    if (text.len > 1 && text.data[0] == '[' && text.data[text.len - 1] == ']') {
        return is_ipv6(bulla_bytes_slice(text, 1, text.len - 2));
    }
    if (text.len == 0 || text.len > MAX_HOST_CHARS) {
        return false;
    }
    size_t label = 0;
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.data[i];
        if (c == '.') {
            if (label == 0 || text.data[i - 1] == '-') {
                return false;
            }
            label = 0;
        } else if ((is_letter(c) || is_digit(c) || c == '_' || (c == '-' && label > 0)) &&
                   label < MAX_LABEL_CHARS) {
            label++;
        } else {
            return is_ipv6(text);
        }
    }
    return text.data[text.len - 1] != '-' && (label > 0 || text.len > 1);
}

static bool is_email(struct bulla_bytes value)
{
    const uint8_t *at = value.len == 0 ? NULL : memchr(value.data, '@', value.len);
    if (at == NULL || at == value.data || at - value.data > 64 || value.data[0] == '.' ||
        at[-1] == '.') {
        return false;
    }
    size_t local = (size_t)(at - value.data);
    for (size_t i = 0; i < local; i++) {
        uint8_t c = value.data[i];
        if (!is_letter(c) && !is_digit(c) &&
            (c == '\0' || strchr("!#$%&'*+/=?^_`{|}~.-", c) == NULL)) {
            return false;
        }
    }
    return is_host(from(value, local + 1));
}

static bool has_invisible(struct bulla_bytes value, bool blanks_too)
{
    for (size_t at = 0; at < value.len;) {
        uint32_t code_point = 0;
        size_t len = utf8_decode(from(value, at), &code_point);
        if (len == 0 || !utf8_is_printable(code_point) || (blanks_too && code_point == ' ')) {
            return true;
        }
        at += len;
    }
    return false;
}

/* What is wrong with the part between "://" and the path; NULL: nothing. */
static const char *refuse_authority(struct bulla_bytes authority)
{
    size_t ats = 0;
    for (size_t i = 0; i < authority.len; i++) {
        ats += authority.data[i] == '@';
    }
    return ats > 1 ? "has an '@' before the host that is not written %40" : NULL;
}

/* scheme "://" …: RFC 3986, and lists of hosts as database drivers take them. */
static const char *refuse_url(struct bulla_bytes value)
{
    size_t scheme = 0;
    while (scheme < value.len && (is_letter(value.data[scheme]) ||
                                  (scheme > 0 && (is_digit(value.data[scheme]) ||
                                                  memchr("+.-", value.data[scheme], 3) != NULL)))) {
        scheme++;
    }
    struct bulla_bytes rest = from(value, scheme);
    if (scheme == 0 || !bulla_bytes_start(rest, "://")) {
        return "is not a URL (SCHEME://…)";
    }
    rest = from(rest, 3);
    if (rest.len == 0) {
        return "is a URL without a host";
    }
    if (has_invisible(value, true)) {
        return "is a URL with a blank or a control character";
    }
    for (size_t i = 0; i < rest.len; i++) {
        if (rest.data[i] == '%' &&
            (i + 2 >= rest.len || !is_hex(rest.data[i + 1]) || !is_hex(rest.data[i + 2]))) {
            return "is a URL with a '%' that begins no escape";
        }
    }
    size_t end = 0;
    while (end < rest.len && memchr("/?#", rest.data[end], 3) == NULL) {
        end++;
    }
    return refuse_authority(bulla_bytes_slice(rest, 0, end));
}

bool type_has_order(enum bulla_value_type type)
{
    return type == BULLA_TYPE_TEXT || type == BULLA_TYPE_NUMBER || type == BULLA_TYPE_INTEGER ||
           type == BULLA_TYPE_PORT || type == BULLA_TYPE_DURATION || type == BULLA_TYPE_SIZE;
}

bool type_measure(enum bulla_value_type type, struct bulla_bytes value, double *ret_number)
{
    switch (type) {
    case BULLA_TYPE_NUMBER:
        return read_signed(value, ret_number);
    case BULLA_TYPE_INTEGER:
        return read_integer(value, ret_number);
    case BULLA_TYPE_PORT:
        return read_port(value, ret_number);
    case BULLA_TYPE_DURATION:
        return read_duration(value, ret_number);
    case BULLA_TYPE_SIZE:
        return read_size(value, ret_number);
    case BULLA_TYPE_TEXT:
    case BULLA_TYPE_BOOLEAN:
    case BULLA_TYPE_URL:
    case BULLA_TYPE_EMAIL:
    case BULLA_TYPE_HOST:
    case BULLA_TYPE_PATH:
        break;
    }
    return false;
}

const char *type_refuse(enum bulla_value_type type, struct bulla_bytes value)
{
    double number = 0;
    switch (type) {
    case BULLA_TYPE_TEXT:
        return NULL;
    case BULLA_TYPE_NUMBER:
        return type_measure(type, value, &number) ? NULL : "is not a number";
    case BULLA_TYPE_INTEGER:
        return type_measure(type, value, &number) ? NULL : "is not a whole number";
    case BULLA_TYPE_PORT:
        return type_measure(type, value, &number) ? NULL : "is not a port (1 to 65535)";
    case BULLA_TYPE_DURATION:
        return type_measure(type, value, &number) ? NULL : "is not a duration (30s, 5m, 1h30m)";
    case BULLA_TYPE_SIZE:
        return type_measure(type, value, &number) ? NULL : "is not a size (512m, 2g)";
    case BULLA_TYPE_BOOLEAN:
        return is_boolean(value) ? NULL : "is not true or false";
    case BULLA_TYPE_URL:
        return refuse_url(value);
    case BULLA_TYPE_EMAIL:
        return is_email(value) ? NULL : "is not an e-mail address";
    case BULLA_TYPE_HOST:
        return is_host(value) ? NULL : "is not a host name or address";
    case BULLA_TYPE_PATH:
        return value.len > 0 && value.len <= MAX_PATH_BYTES && !has_invisible(value, false)
                   ? NULL
                   : "is not a path";
    }
    return NULL;
}

double type_entropy(struct bulla_bytes value)
{
    size_t counts[256] = {0};
    for (size_t i = 0; i < value.len; i++) {
        counts[value.data[i]]++;
    }
    double bits = 0;
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        if (counts[i] > 0) {
            bits -= (double)counts[i] * log2((double)counts[i] / (double)value.len);
        }
    }
    return bits;
}
