#include "contract/types.h"

#include <math.h>
#include <string.h>

#include "base/ascii.h"
#include "base/utf8.h"

#include "base/banned.h"

#define MAX_HOST_CHARS 253
#define MAX_LABEL_CHARS 63
#define MAX_PATH_BYTES 4095

static struct bulla_bytes from(struct bulla_bytes text, size_t start)
{
    return bulla_bytes_slice(text, start, text.len);
}

static bool is_boolean(struct bulla_bytes value)
{
    static const char *const words[] = {"true", "false", "yes", "no", "on", "off", "1", "0"};
    char lower[6] = "";
    if (value.len >= sizeof lower) {
        return false;
    }
    for (size_t i = 0; i < value.len; i++) {
        lower[i] = (char)(ascii_is_letter(value.data[i]) ? value.data[i] | 0x20 : value.data[i]);
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
        } else if (!ascii_is_hex(text.data[i]) && text.data[i] != '.') {
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
        } else if ((ascii_is_alnum(c) || c == '_' || (c == '-' && label > 0)) &&
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
        if (!ascii_is_alnum(c) && (c == '\0' || strchr("!#$%&'*+/=?^_`{|}~.-", c) == NULL)) {
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
    while (scheme < value.len && (ascii_is_letter(value.data[scheme]) ||
                                  (scheme > 0 && (ascii_is_digit(value.data[scheme]) ||
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
        if (rest.data[i] == '%' && (i + 2 >= rest.len || !ascii_is_hex(rest.data[i + 1]) ||
                                    !ascii_is_hex(rest.data[i + 2]))) {
            return "is a URL with a '%' that begins no escape";
        }
    }
    size_t end = 0;
    while (end < rest.len && memchr("/?#", rest.data[end], 3) == NULL) {
        end++;
    }
    return refuse_authority(bulla_bytes_slice(rest, 0, end));
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
