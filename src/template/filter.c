#include "template/filter.h"

#include <stdio.h>
#include <string.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "bulla/codec.h"
#include "bulla/suggest.h"

#include "base/banned.h"

static const char *apply_url(struct bulla_bytes value, struct bulla_buf *out)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < value.len; i++) {
        uint8_t c = value.data[i];
        if (ascii_is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~') {
            bulla_buf_add(out, &c, 1);
        } else {
            char escaped[] = {'%', digits[c >> 4], digits[c & 15]};
            bulla_buf_add(out, escaped, sizeof escaped);
        }
    }
    return NULL;
}

static const char *apply_base64(struct bulla_bytes value, struct bulla_buf *out)
{
    bulla_base64_encode(BULLA_BASE64, value, out);
    return NULL;
}

static const char *apply_base64url(struct bulla_bytes value, struct bulla_buf *out)
{
    bulla_base64_encode(BULLA_BASE64URL, value, out);
    return NULL;
}

static const char *apply_hex(struct bulla_bytes value, struct bulla_buf *out)
{
    bulla_hex_encode(value, out);
    return NULL;
}

static const char *apply_json(struct bulla_bytes value, struct bulla_buf *out)
{
    static const char digits[] = "0123456789abcdef";
    static const char characters[] = "\b\f\n\r\t\"\\";
    static const char letters[] = "bfnrt\"\\";
    if (!utf8_is_valid(value, NULL)) {
        return "the value is not valid UTF-8";
    }
    for (size_t i = 0; i < value.len; i++) {
        uint8_t c = value.data[i];
        const char *known = c != '\0' ? strchr(characters, c) : NULL;
        if (known != NULL) {
            bulla_buf_putc(out, '\\');
            bulla_buf_putc(out, letters[known - characters]);
        } else if (c < 0x20) {
            char escaped[] = {'\\', 'u', '0', '0', digits[c >> 4], digits[c & 15]};
            bulla_buf_add(out, escaped, sizeof escaped);
        } else {
            bulla_buf_add(out, &c, 1);
        }
    }
    return NULL;
}

static const char *apply_upper(struct bulla_bytes value, struct bulla_buf *out)
{
    for (size_t i = 0; i < value.len; i++) {
        uint8_t c = value.data[i];
        bulla_buf_putc(out, (char)(ascii_is_lower(c) ? c - 'a' + 'A' : c));
    }
    return NULL;
}

static const char *apply_lower(struct bulla_bytes value, struct bulla_buf *out)
{
    for (size_t i = 0; i < value.len; i++) {
        uint8_t c = value.data[i];
        bulla_buf_putc(out, (char)(ascii_is_upper(c) ? c - 'A' + 'a' : c));
    }
    return NULL;
}

static bool is_space(uint8_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static const char *apply_trim(struct bulla_bytes value, struct bulla_buf *out)
{
    size_t start = 0;
    while (start < value.len && is_space(value.data[start])) {
        start++;
    }
    size_t end = value.len;
    while (end > start && is_space(value.data[end - 1])) {
        end--;
    }
    bulla_buf_add_bytes(out, bulla_bytes_slice(value, start, end - start));
    return NULL;
}

static const struct filter filters[] = {
    {"base64", apply_base64}, {"base64url", apply_base64url},
    {"hex", apply_hex},       {"json", apply_json},
    {"lower", apply_lower},   {"trim", apply_trim},
    {"upper", apply_upper},   {"url", apply_url},
};

#define FILTER_COUNT (sizeof filters / sizeof filters[0])

const struct filter *filter_find(struct bulla_bytes name)
{
    for (size_t i = 0; i < FILTER_COUNT; i++) {
        if (bulla_bytes_are(name, filters[i].name)) {
            return &filters[i];
        }
    }
    return NULL;
}

const char *filter_suggest(struct bulla_bytes name)
{
    const char *names[FILTER_COUNT];
    char text[32];
    if (name.len >= sizeof text) {
        return NULL;
    }
    memcpy(text, name.data, name.len);
    text[name.len] = '\0';
    for (size_t i = 0; i < FILTER_COUNT; i++) {
        names[i] = filters[i].name;
    }
    return bulla_suggest(text, names, FILTER_COUNT);
}

const char *filter_list(char out[static FILTER_LIST_BYTES])
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < FILTER_COUNT && used < FILTER_LIST_BYTES; i++) {
        used += (size_t)snprintf(out + used, FILTER_LIST_BYTES - used, "%s%s", i > 0 ? ", " : "",
                                 filters[i].name);
    }
    return out;
}
