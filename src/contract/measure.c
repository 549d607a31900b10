/* Values that are numbers: also durations, sizes and ports. */
#include <math.h>

#include "base/ascii.h"
#include "base/num.h"
#include "contract/types.h"

#include "base/banned.h"

#define MAX_NUMBER_CHARS 400
#define MAX_EXPONENT 400
#define MAX_PORT 65535

static struct bulla_bytes from(struct bulla_bytes text, size_t start)
{
    return bulla_bytes_slice(text, start, text.len);
}

static size_t count_digits(struct bulla_bytes text, size_t at)
{
    size_t start = at;
    while (at < text.len && ascii_is_digit(text.data[at])) {
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

bool type_number(struct bulla_bytes text, double *ret_number)
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

static bool read_integer(struct bulla_bytes text, double *ret_number)
{
    size_t sign = text.len > 0 && (text.data[0] == '-' || text.data[0] == '+');
    size_t digits = count_digits(text, sign);
    return digits > 0 && sign + digits == text.len && type_number(text, ret_number);
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
        while (end < text.len && ascii_is_letter(text.data[end])) {
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

bool type_has_order(enum bulla_value_type type)
{
    return type == BULLA_TYPE_TEXT || type == BULLA_TYPE_NUMBER || type == BULLA_TYPE_INTEGER ||
           type == BULLA_TYPE_PORT || type == BULLA_TYPE_DURATION || type == BULLA_TYPE_SIZE;
}

static bool read_measure(enum bulla_value_type type, struct bulla_bytes value, double *ret_number)
{
    switch (type) {
    case BULLA_TYPE_NUMBER:
        return type_number(value, ret_number);
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

/* A finite count of weeks may be an infinite one of seconds. */
bool type_measure(enum bulla_value_type type, struct bulla_bytes value, double *ret_number)
{
    return read_measure(type, value, ret_number) && isfinite(*ret_number);
}
