#include "codec/bech32.h"

#include <string.h>

#include "base/banned.h"

#define CHECKSUM_CHARS 6
#define SYMBOL_NONE 0xffU

static const char alphabet[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

/* All ones where A equals B (both below 2^31), else 0. */
static uint32_t mask_equal(uint32_t a, uint32_t b)
{
    return 0U - (((a ^ b) - 1U) >> 31);
}

/* All ones where C is one of 'A' to 'Z' moved by OFFSET ('a' - 'A' for small letters). */
static uint32_t mask_letter(uint8_t c, uint32_t offset)
{
    uint32_t from_first = (uint32_t)c - ('A' + offset);
    return 0U - ((~from_first & (from_first - 26U)) >> 31);
}

/* The alphabet is walked whole for each symbol: an index would show the key to the cache. */
static char symbol_char(uint32_t symbol, enum bech32_case letters)
{
    uint32_t c = 0;
    for (uint32_t i = 0; i < 32; i++) {
        c |= mask_equal(symbol, i) & (uint8_t)alphabet[i];
    }
    if (letters == BECH32_UPPER) {
        c -= mask_letter((uint8_t)c, 'a' - 'A') & ('a' - 'A');
    }
    return (char)c;
}

static uint32_t char_symbol(uint8_t c)
{
    uint32_t lower = c + (mask_letter(c, 0) & ('a' - 'A'));
    uint32_t symbol = 0;
    uint32_t found = 0;
    for (uint32_t i = 0; i < 32; i++) {
        uint32_t hit = mask_equal(lower, (uint8_t)alphabet[i]);
        symbol |= hit & i;
        found |= hit;
    }
    return symbol | (~found & SYMBOL_NONE);
}

static uint32_t checksum_step(uint32_t sum, uint32_t symbol)
{
    static const uint32_t generator[] = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd,
                                         0x2a1462b3};
    uint32_t top = sum >> 25;
    sum = (sum & 0x1ffffff) << 5 ^ symbol;
    for (unsigned i = 0; i < 5; i++) {
        sum ^= (0U - ((top >> i) & 1U)) & generator[i];
    }
    return sum;
}

/* The prefix takes part with its lower-case letters: high bits, a zero, low bits. */
static uint32_t checksum_prefix(struct bulla_bytes prefix)
{
    uint32_t sum = 1;
    for (size_t i = 0; i < prefix.len; i++) {
        uint32_t c = prefix.data[i] + (mask_letter(prefix.data[i], 0) & ('a' - 'A'));
        sum = checksum_step(sum, c >> 5);
    }
    sum = checksum_step(sum, 0);
    for (size_t i = 0; i < prefix.len; i++) {
        sum = checksum_step(sum, prefix.data[i] & 31U);
    }
    return sum;
}

void bech32_encode(const char *prefix, struct bulla_bytes data, enum bech32_case letters,
                   struct bulla_buf *out)
{
    struct bulla_bytes start = bulla_bytes_of(prefix);
    for (size_t i = 0; i < start.len; i++) {
        uint32_t c = start.data[i];
        if (letters == BECH32_UPPER) {
            c -= mask_letter((uint8_t)c, 'a' - 'A') & ('a' - 'A');
        }
        bulla_buf_putc(out, (char)c);
    }
    bulla_buf_putc(out, '1');

    uint32_t sum = checksum_prefix(start);
    uint32_t bits = 0;
    unsigned held = 0;
    for (size_t i = 0; i < data.len; i++) {
        bits = (bits & 0xffU) << 8 | data.data[i];
        for (held += 8; held >= 5; held -= 5) {
            uint32_t symbol = bits >> (held - 5) & 31U;
            sum = checksum_step(sum, symbol);
            bulla_buf_putc(out, symbol_char(symbol, letters));
        }
    }
    if (held > 0) {
        uint32_t symbol = bits << (5 - held) & 31U;
        sum = checksum_step(sum, symbol);
        bulla_buf_putc(out, symbol_char(symbol, letters));
    }
    for (unsigned i = 0; i < CHECKSUM_CHARS; i++) {
        sum = checksum_step(sum, 0);
    }
    sum ^= 1;
    for (unsigned i = 0; i < CHECKSUM_CHARS; i++) {
        bulla_buf_putc(out, symbol_char(sum >> (5 * (CHECKSUM_CHARS - 1 - i)) & 31U, letters));
    }
}

/* Finds the prefix and looks at everything that is public anyway: case, separator, length. */
static enum bech32_status split(struct bulla_bytes text, struct bulla_bytes *ret_prefix)
{
    uint32_t has_lower = 0;
    uint32_t has_upper = 0;
    size_t separator = text.len;
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] < 0x21 || text.data[i] > 0x7e) {
            return BECH32_CHARACTER;
        }
        has_upper |= mask_letter(text.data[i], 0);
        has_lower |= mask_letter(text.data[i], 'a' - 'A');
        if (text.data[i] == '1') {
            separator = i;
        }
    }
    if ((has_lower & has_upper) != 0) {
        return BECH32_MIXED_CASE;
    }
    if (separator == 0 || separator + 1 + CHECKSUM_CHARS > text.len) {
        return BECH32_NO_SEPARATOR;
    }
    *ret_prefix = bulla_bytes(text.data, separator);
    return BECH32_OK;
}

enum bech32_status bech32_decode(struct bulla_bytes text, struct bulla_bytes *ret_prefix,
                                 uint8_t *out, size_t cap, size_t *ret_len)
{
    enum bech32_status status = split(text, ret_prefix);
    if (status != BECH32_OK) {
        return status;
    }
    struct bulla_bytes symbols =
        bulla_bytes_slice(text, ret_prefix->len + 1, text.len - ret_prefix->len - 1);
    size_t data_chars = symbols.len - CHECKSUM_CHARS;
    size_t len = data_chars / 8 * 5 + data_chars % 8 * 5 / 8;
    uint32_t sum = checksum_prefix(*ret_prefix);
    uint32_t bits = 0;
    uint32_t bad = 0;
    unsigned held = 0;
    size_t written = 0;
    for (size_t i = 0; i < symbols.len; i++) {
        uint32_t symbol = char_symbol(symbols.data[i]);
        bad |= symbol >> 5;
        sum = checksum_step(sum, symbol & 31U);
        if (i >= data_chars) {
            continue;
        }
        bits = (bits & 0x7fU) << 5 | (symbol & 31U);
        held += 5;
        if (held >= 8) {
            held -= 8;
            if (written < cap) {
                out[written++] = (uint8_t)(bits >> held);
            }
        }
    }
    if (bad != 0) {
        return BECH32_CHARACTER;
    }
    if (sum != 1) {
        return BECH32_CHECKSUM;
    }
    if (held >= 5 || (bits & ((1U << held) - 1U)) != 0) {
        return BECH32_PADDING;
    }
    if (len > cap) {
        return BECH32_TOO_LONG;
    }
    *ret_len = len;
    return BECH32_OK;
}
