#include <string.h>

#include "bulla/secret.h"
#include "crypto/prim.h"
#include "generate/generate_internal.h"

#include "base/banned.h"

static enum bulla_base64 base64_form(enum kind_encoding encoding)
{
    switch (encoding) {
    case KIND_BASE64URL:
        return BULLA_BASE64URL;
    case KIND_BASE64URL_PADDED:
        return BULLA_BASE64URL_PADDED;
    case KIND_HEX:
    case KIND_BASE64:
        break;
    }
    return BULLA_BASE64;
}

static void add_encoded(enum kind_encoding encoding, struct bulla_bytes bytes,
                        struct bulla_buf *out)
{
    if (encoding == KIND_HEX) {
        bulla_hex_encode(bytes, out);
    } else {
        bulla_base64_encode(base64_form(encoding), bytes, out);
    }
}

/* KIND's random bytes in locked memory; NULL with BULLA_E_NOMEM. */
static struct bulla_secret *draw_bytes(const struct bulla_kind *kind, struct bulla_error *err)
{
    struct bulla_secret *bytes = bulla_secret_new(kind->size, err);
    if (bytes != NULL) {
        prim_random(bulla_secret_room(bytes), kind->size);
        bulla_secret_set_len(bytes, kind->size);
    }
    return bytes;
}

bool bytes_generate(const struct bulla_kind *kind, struct bulla_buf *out, struct bulla_error *err)
{
    bulla_auto_secret bytes = draw_bytes(kind, err);
    if (bytes == NULL) {
        return false;
    }
    add_encoded(kind_row_of(kind)->encoding, bulla_secret_view(bytes), out);
    return true;
}

bool wireguard_generate(const struct bulla_kind *kind, struct bulla_buf *out,
                        struct bulla_error *err)
{
    bulla_auto_secret bytes = draw_bytes(kind, err);
    if (bytes == NULL) {
        return false;
    }
    /* wg(8) writes keys with the bits that X25519 fixes already set (RFC 7748, 5). */
    uint8_t *key = bulla_secret_room(bytes);
    key[0] &= 0xf8;
    key[31] = (uint8_t)((key[31] & 0x7f) | 0x40);
    add_encoded(KIND_BASE64, bulla_secret_view(bytes), out);
    return true;
}

double bytes_entropy(const struct bulla_kind *kind)
{
    return 8.0 * kind->size;
}

double wireguard_entropy(const struct bulla_kind *kind)
{
    return bytes_entropy(kind) - 5.0;
}

size_t bytes_length(const struct bulla_kind *kind)
{
    size_t size = kind->size;
    switch (kind_row_of(kind)->encoding) {
    case KIND_HEX:
        return 2 * size;
    case KIND_BASE64URL:
        return (4 * size + 2) / 3;
    case KIND_BASE64:
    case KIND_BASE64URL_PADDED:
        break;
    }
    return (size + 2) / 3 * 4;
}

static bool check_hex(const struct bulla_kind *kind, struct bulla_bytes value,
                      struct bulla_buf *reason)
{
    bool has_lower = false;
    bool has_upper = false;
    for (size_t i = 0; i < value.len; i++) {
        uint8_t c = value.data[i];
        has_lower = has_lower || (c >= 'a' && c <= 'f');
        has_upper = has_upper || (c >= 'A' && c <= 'F');
        if (strchr("0123456789abcdefABCDEF", c) == NULL || c == '\0') {
            bulla_buf_puts(reason, "has a character that is no hexadecimal digit");
            return false;
        }
    }
    if (has_lower && has_upper) {
        bulla_buf_puts(reason, "has small and capital hexadecimal digits mixed");
        return false;
    }
    if (value.len != 2 * (size_t)kind->size) {
        bulla_buf_printf(reason, "has %zu hexadecimal digits, %u are needed", value.len,
                         2 * kind->size);
        return false;
    }
    return true;
}

/* How many bytes VALUE is the canonical encoding of; false where it is none. */
static bool measure_base64(enum kind_encoding encoding, struct bulla_bytes value, size_t *ret_len)
{
    const char *alphabet = encoding == KIND_BASE64
                               ? "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
                               : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    size_t pads = 0;
    while (pads < 2 && pads < value.len && value.data[value.len - 1 - pads] == '=') {
        pads++;
    }
    size_t digits = value.len - pads;
    size_t rest = digits % 4;
    size_t wanted_pads = encoding == KIND_BASE64URL || rest == 0 ? 0 : 4 - rest;
    if (rest == 1 || pads != wanted_pads) {
        return false;
    }
    size_t last = 0;
    for (size_t i = 0; i < digits; i++) {
        const char *found = value.data[i] != '\0' ? strchr(alphabet, value.data[i]) : NULL;
        if (found == NULL) {
            return false;
        }
        last = (size_t)(found - alphabet);
    }
    *ret_len = digits / 4 * 3 + (rest == 0 ? 0 : rest - 1);
    return rest == 0 || (last & (rest == 2 ? 15U : 3U)) == 0;
}

static bool check_base64(enum kind_encoding encoding, struct bulla_bytes value, size_t least,
                         size_t most, struct bulla_buf *reason)
{
    size_t len = 0;
    if (!measure_base64(encoding, value, &len)) {
        bulla_buf_printf(reason, "is not %s base64 %s padding",
                         encoding == KIND_BASE64 ? "standard" : "URL-safe",
                         encoding == KIND_BASE64URL ? "without" : "with");
        return false;
    }
    if (len >= least && len <= most) {
        return true;
    }
    if (least == most) {
        bulla_buf_printf(reason, "holds %zu bytes in base64, %zu are needed", len, least);
    } else {
        bulla_buf_printf(reason, "holds %zu bytes in base64, %zu to %zu are needed", len, least,
                         most);
    }
    return false;
}

bool bytes_check(const struct bulla_kind *kind, struct bulla_bytes value, struct bulla_buf *reason)
{
    enum kind_encoding encoding = kind_row_of(kind)->encoding;
    if (encoding == KIND_HEX) {
        return check_hex(kind, value, reason);
    }
    return check_base64(encoding, value, kind->size, kind->size, reason);
}

bool webhook_check(const struct bulla_kind *kind, struct bulla_bytes value,
                   struct bulla_buf *reason)
{
    /* Providers choose their own size in these limits, so that a given secret need not be ours. */
    const struct bulla_kind_info *info = &kind_row_of(kind)->info;
    return check_base64(KIND_BASE64, value, info->least_size, info->most_size, reason);
}

bool key_check(const struct bulla_kind *kind, struct bulla_bytes value, struct bulla_buf *reason)
{
    size_t least = kind_row_of(kind)->least_text;
    for (size_t i = 0; i < value.len; i++) {
        if (value.data[i] < 0x21 || value.data[i] > 0x7e) {
            bulla_buf_puts(reason, "has a character that is not visible ASCII");
            return false;
        }
    }
    if (value.len < least) {
        bulla_buf_printf(reason, "has %zu characters, at least %zu are needed", value.len, least);
        return false;
    }
    return true;
}
