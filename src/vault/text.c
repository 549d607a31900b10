#include "vault/text.h"

#include <string.h>

#include "bulla/limits.h"

#include "base/banned.h"

#define BASE64_BLOCK 16
#define LETTER_BITS (TEXT_BASE64 | TEXT_LITERAL | TEXT_NAME)

#define U (TEXT_UPPER | LETTER_BITS)
#define L (TEXT_LOWER | LETTER_BITS | TEXT_KEY)
#define D (TEXT_DIGIT | LETTER_BITS | TEXT_KEY)

const uint8_t text_classes[256] = {
    ['A'] = U,
    ['B'] = U,
    ['C'] = U,
    ['D'] = U,
    ['E'] = U,
    ['F'] = U,
    ['G'] = U,
    ['H'] = U,
    ['I'] = U,
    ['J'] = U,
    ['K'] = U,
    ['L'] = U,
    ['M'] = U,
    ['N'] = U,
    ['O'] = U,
    ['P'] = U,
    ['Q'] = U,
    ['R'] = U,
    ['S'] = U,
    ['T'] = U,
    ['U'] = U,
    ['V'] = U,
    ['W'] = U,
    ['X'] = U,
    ['Y'] = U,
    ['Z'] = U,
    ['a'] = L,
    ['b'] = L,
    ['c'] = L,
    ['d'] = L,
    ['e'] = L,
    ['f'] = L,
    ['g'] = L,
    ['h'] = L,
    ['i'] = L,
    ['j'] = L,
    ['k'] = L,
    ['l'] = L,
    ['m'] = L,
    ['n'] = L,
    ['o'] = L,
    ['p'] = L,
    ['q'] = L,
    ['r'] = L,
    ['s'] = L,
    ['t'] = L,
    ['u'] = L,
    ['v'] = L,
    ['w'] = L,
    ['x'] = L,
    ['y'] = L,
    ['z'] = L,
    ['0'] = D,
    ['1'] = D,
    ['2'] = D,
    ['3'] = D,
    ['4'] = D,
    ['5'] = D,
    ['6'] = D,
    ['7'] = D,
    ['8'] = D,
    ['9'] = D,
    ['+'] = TEXT_BASE64 | TEXT_LITERAL,
    ['/'] = TEXT_BASE64 | TEXT_LITERAL,
    ['.'] = TEXT_LITERAL | TEXT_NAME,
    ['_'] = TEXT_LITERAL | TEXT_NAME,
    ['-'] = TEXT_LITERAL | TEXT_NAME | TEXT_KEY,
};

#undef U
#undef L
#undef D

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static bool all_of(struct bulla_bytes text, enum text_class class)
{
    uint8_t common = (uint8_t) class;
    for (size_t i = 0; i < text.len; i++) {
        common &= text_classes[text.data[i]];
    }
    return common != 0;
}

bool text_is_name(struct bulla_bytes text)
{
    return text.len >= 1 && text.len <= BULLA_MAX_NAME_BYTES && all_of(text, TEXT_NAME) &&
           ((text_classes[text.data[0]] & (TEXT_UPPER | TEXT_LOWER)) != 0 || text.data[0] == '_');
}

bool text_is_member(struct bulla_bytes text)
{
    return text.len >= 1 && text.len <= BULLA_MAX_MEMBER_BYTES && all_of(text, TEXT_KEY) &&
           text.data[0] != '-';
}

bool text_is_vault_id(struct bulla_bytes text)
{
    if (text.len != TEXT_VAULT_CHARS) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        uint8_t byte = text.data[i];
        if ((text_classes[byte] & TEXT_DIGIT) == 0 && (byte < 'a' || byte > 'f')) {
            return false;
        }
    }
    return true;
}

bool text_is_keyid(struct bulla_bytes text)
{
    return text.len == TEXT_KEYID_CHARS && all_of(text, TEXT_BASE64);
}

/* The six bits that a base64 character stands for, from '+' to 'z'. */
static const uint8_t sextets['z' - '+' + 1] = {
    62, 0,  0,  0,  63, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 0,  0,  0,  0,  0,
    0,  0,  0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17,
    18, 19, 20, 21, 22, 23, 24, 25, 0,  0,  0,  0,  0,  0,  26, 27, 28, 29, 30, 31,
    32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51};

static uint32_t sextet(uint8_t byte)
{
    return sextets[byte - '+'];
}

/* Bytes that are looked at in one step. */
typedef uint8_t base64_block __attribute__((vector_size(BASE64_BLOCK)));

/* All bits of each byte of TEXT that is in the alphabet, by ranges and without branches. */
static base64_block good_bytes(const uint8_t *text)
{
    base64_block bytes;
    memcpy(&bytes, text, sizeof bytes);
    base64_block letters = (bytes | 0x20) - 'a';
    base64_block digits = bytes - '/'; /* and '/', which stands before '0' */
    return (base64_block)(letters < 26) | (base64_block)(digits < 11) |
           (base64_block)(bytes == '+');
}

/* Most bytes of a vault come here. */
static bool is_base64(struct bulla_bytes text)
{
    if (text.len < BASE64_BLOCK) {
        return all_of(text, TEXT_BASE64);
    }
    base64_block good = good_bytes(text.data + text.len - BASE64_BLOCK);
    for (size_t at = 0; text.len - at >= BASE64_BLOCK; at += BASE64_BLOCK) {
        good &= good_bytes(text.data + at);
    }
    uint64_t halves[2];
    _Static_assert(sizeof halves == sizeof good, "two halves");
    memcpy(halves, &good, sizeof halves);
    return (halves[0] & halves[1]) == UINT64_MAX;
}

bool text_is_base64(struct bulla_bytes text)
{
    if (text.len == 0 || text.len % 4 == 1 || !is_base64(text)) {
        return false;
    }
    /* Spare bits of the last character have to be zero. */
    uint32_t last = sextet(text.data[text.len - 1]);
    return text.len % 4 == 0 || (last & (text.len % 4 == 2 ? 15U : 3U)) == 0;
}

bool text_is_id(struct bulla_bytes text)
{
    return text.len == TEXT_ID_CHARS && text_is_base64(text);
}

void text_format_id(const uint8_t bytes[static 32], char out[static TEXT_ID_CHARS + 1])
{
    for (size_t i = 0; i < 30; i += 3) {
        uint32_t bits = (uint32_t)bytes[i] << 16 | (uint32_t)bytes[i + 1] << 8 | bytes[i + 2];
        *out++ = alphabet[bits >> 18];
        *out++ = alphabet[bits >> 12 & 63];
        *out++ = alphabet[bits >> 6 & 63];
        *out++ = alphabet[bits & 63];
    }
    *out++ = alphabet[bytes[30] >> 2];
    *out++ = alphabet[(bytes[30] & 3) << 4 | bytes[31] >> 4];
    *out++ = alphabet[(bytes[31] & 15) << 2];
    *out = '\0';
}

size_t text_decode(struct bulla_bytes text, uint8_t *out)
{
    const uint8_t *at = text.data;
    uint8_t *to = out;
    for (size_t left = text.len; left >= 4; left -= 4, at += 4) {
        uint32_t bits =
            sextet(at[0]) << 18 | sextet(at[1]) << 12 | sextet(at[2]) << 6 | sextet(at[3]);
        *to++ = (uint8_t)(bits >> 16);
        *to++ = (uint8_t)(bits >> 8);
        *to++ = (uint8_t)bits;
    }
    if (text.len % 4 >= 2) {
        *to++ = (uint8_t)(sextet(at[0]) << 2 | sextet(at[1]) >> 4);
    }
    if (text.len % 4 == 3) {
        *to++ = (uint8_t)(sextet(at[1]) << 4 | sextet(at[2]) >> 2);
    }
    return (size_t)(to - out);
}

/* Days from 1970-01-01 to the first of MONTH in YEAR, both from 1 (proleptic Gregorian). */
static int64_t days_before(int64_t year, unsigned month)
{
    static const int16_t before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};
    int64_t leap_year = month > 2 ? year : year - 1;
    return (year - 1970) * 365 + before[month - 1] + leap_year / 4 - leap_year / 100 +
           leap_year / 400 - 477;
}

static bool read_number(struct bulla_bytes text, size_t at, size_t digits, unsigned *ret_number)
{
    unsigned number = 0;
    for (size_t i = at; i < at + digits; i++) {
        if ((text_classes[text.data[i]] & TEXT_DIGIT) == 0) {
            return false;
        }
        number = number * 10 + (unsigned)(text.data[i] - '0');
    }
    *ret_number = number;
    return true;
}

bool text_parse_time(struct bulla_bytes text, int64_t *ret_seconds)
{
    unsigned year, month, day, hour, minute, second;
    if (text.len != TEXT_TIME_CHARS || text.data[8] != 'T' || text.data[15] != 'Z' ||
        !read_number(text, 0, 4, &year) || !read_number(text, 4, 2, &month) ||
        !read_number(text, 6, 2, &day) || !read_number(text, 9, 2, &hour) ||
        !read_number(text, 11, 2, &minute) || !read_number(text, 13, 2, &second)) {
        return false;
    }
    if (year < 1 || month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59) {
        return false;
    }
    int64_t first = days_before(year, month);
    int64_t next = month == 12 ? days_before((int64_t)year + 1, 1) : days_before(year, month + 1);
    if (day > next - first) {
        return false;
    }
    *ret_seconds = ((first + day - 1) * 24 + hour) * 3600 + (int64_t)minute * 60 + second;
    return true;
}

static char *put_number(char *out, size_t digits, uint64_t number)
{
    for (size_t i = digits; i > 0; i--) {
        out[i - 1] = (char)('0' + number % 10);
        number /= 10;
    }
    return out + digits;
}

bool text_format_time(int64_t seconds, char out[static TEXT_TIME_CHARS + 1])
{
    const int64_t first = days_before(1, 1) * 86400;
    const int64_t end = days_before(10000, 1) * 86400;
    if (seconds < first || seconds >= end) {
        return false;
    }
    uint64_t since = (uint64_t)(seconds - first);
    int64_t days = (int64_t)(since / 86400) + days_before(1, 1);
    /* At most one too large, never too small by more than one: then a step settles it. */
    int64_t year = 1 + (int64_t)(since / 86400) * 400 / 146097;
    while (days_before(year + 1, 1) <= days) {
        year++;
    }
    while (days_before(year, 1) > days) {
        year--;
    }
    unsigned month = 12;
    while (days_before(year, month) > days) {
        month--;
    }
    uint64_t second = since % 86400;
    out = put_number(out, 4, (uint64_t)year);
    out = put_number(out, 2, month);
    out = put_number(out, 2, (uint64_t)(days - days_before(year, month)) + 1);
    *out++ = 'T';
    out = put_number(out, 2, second / 3600);
    out = put_number(out, 2, second / 60 % 60);
    out = put_number(out, 2, second % 60);
    *out++ = 'Z';
    *out = '\0';
    return true;
}
