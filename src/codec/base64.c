#include <sodium.h>
#include <string.h>

#include "bulla/codec.h"

#include "base/banned.h"

static int variant(enum bulla_base64 form)
{
    switch (form) {
    case BULLA_BASE64:
        return sodium_base64_VARIANT_ORIGINAL;
    case BULLA_BASE64_UNPADDED:
        return sodium_base64_VARIANT_ORIGINAL_NO_PADDING;
    case BULLA_BASE64URL:
        return sodium_base64_VARIANT_URLSAFE_NO_PADDING;
    case BULLA_BASE64URL_PADDED:
        break;
    }
    return sodium_base64_VARIANT_URLSAFE;
}

void bulla_base64_encode(enum bulla_base64 form, struct bulla_bytes bytes, struct bulla_buf *out)
{
    size_t len = sodium_base64_encoded_len(bytes.len, variant(form)); /* the NUL included */
    char *to = (char *)bulla_buf_reserve(out, len);
    if (to != NULL) {
        (void)sodium_bin2base64(to, len, bytes.len > 0 ? bytes.data : (const uint8_t *)"",
                                bytes.len, variant(form));
        bulla_buf_commit(out, len - 1);
    }
}

void bulla_hex_encode(struct bulla_bytes bytes, struct bulla_buf *out)
{
    size_t len = bytes.len * 2 + 1;
    char *to = (char *)bulla_buf_reserve(out, len);
    if (to != NULL) {
        (void)sodium_bin2hex(to, len, bytes.len > 0 ? bytes.data : (const uint8_t *)"", bytes.len);
        bulla_buf_commit(out, len - 1);
    }
}

/* Looks at every byte whatever it finds: only how the answer ends depends on the text. */
static bool is_ascii(struct bulla_bytes text)
{
    uint8_t all = 0;
    for (size_t i = 0; i < text.len; i++) {
        all |= text.data[i];
    }
    return (all & 0x80) == 0;
}

bool bulla_base64_decode(enum bulla_base64 form, struct bulla_bytes text, uint8_t *out, size_t cap,
                         size_t *ret_len)
{
    if (text.len == 0) {
        *ret_len = 0;
        return true;
    }
    /*
     * With b64_end NULL libsodium refuses everything that is not canonical (C2SP age.md), but for
     * one thing: up to 1.0.18 its decoder takes any byte over 0x7F for a digit.
     */
    size_t len = 0;
    if (!is_ascii(text) || sodium_base642bin(out, cap, (const char *)text.data, text.len, NULL,
                                             &len, NULL, variant(form)) != 0) {
        return false;
    }
    *ret_len = len;
    return true;
}

bool bulla_hex_decode(struct bulla_bytes text, uint8_t *out, size_t cap, size_t *ret_len)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] >= 'A' && text.data[i] <= 'F') {
            return false;
        }
    }
    if (text.len == 0) {
        *ret_len = 0;
        return true;
    }
    size_t len = 0;
    if (text.len % 2 != 0 ||
        sodium_hex2bin(out, cap, (const char *)text.data, text.len, NULL, &len, NULL) != 0) {
        return false;
    }
    *ret_len = len;
    return true;
}
