/*
 * When a certificate is valid: PEM, and the few steps of DER that lead there. A whole X.509 reader
 * would have to be linked and initialised for two dates.
 */
#include <string.h>

#include "bulla/codec.h"

#include "base/banned.h"

#define MAX_CERTIFICATES 100
#define MAX_DER ((size_t)64 * 1024)
#define MAX_BASE64 (MAX_DER / 3 * 4 + 4)

enum tag {
    TAG_INTEGER = 0x02,
    TAG_UTC_TIME = 0x17,
    TAG_GENERALIZED_TIME = 0x18,
    TAG_SEQUENCE = 0x30,
    TAG_VERSION = 0xA0
};

/* Takes the element at the front of *DER; false where it is cut, or of an indefinite length. */
static bool take(struct bulla_bytes *der, uint8_t *ret_tag, struct bulla_bytes *ret_content)
{
    if (der->len < 2 || (der->data[0] & 0x1F) == 0x1F) {
        return false;
    }
    size_t len = der->data[1];
    size_t head = 2;
    if (len >= 0x80) {
        size_t count = len & 0x7F;
        if (count == 0 || count > 4 || der->len < 2 + count) {
            return false;
        }
        len = 0;
        for (size_t i = 0; i < count; i++) {
            len = len << 8 | der->data[2 + i];
        }
        head += count;
    }
    if (len > der->len - head) {
        return false;
    }
    *ret_tag = der->data[0];
    *ret_content = bulla_bytes(der->data + head, len);
    *der = bulla_bytes(der->data + head + len, der->len - head - len);
    return true;
}

static bool take_tag(struct bulla_bytes *der, enum tag tag, struct bulla_bytes *ret_content)
{
    uint8_t found = 0;
    return take(der, &found, ret_content) && found == tag;
}

/* --- times ------------------------------------------------------------------------------------ */

static bool read_number(struct bulla_bytes text, size_t at, size_t digits, int *ret_number)
{
    int number = 0;
    for (size_t i = at; i < at + digits; i++) {
        if (i >= text.len || text.data[i] < '0' || text.data[i] > '9') {
            return false;
        }
        number = number * 10 + (text.data[i] - '0');
    }
    *ret_number = number;
    return true;
}

/* Days from 1970-01-01 to a day of the Gregorian calendar. */
static int64_t days_to(int year, int month, int day)
{
    static const int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    int64_t past = (int64_t)year - 1;
    int64_t days = past * 365 + past / 4 - past / 100 + past / 400 + before[month - 1] + day - 1;
    bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days + (is_leap && month > 2) - 719162;
}

/* RFC 5280, 4.1.2.5: seconds are there, and the zone is Z. */
static bool take_time(struct bulla_bytes *der, int64_t *ret_time)
{
    uint8_t tag = 0;
    struct bulla_bytes text;
    if (!take(der, &tag, &text) || (tag != TAG_UTC_TIME && tag != TAG_GENERALIZED_TIME)) {
        return false;
    }
    size_t at = tag == TAG_UTC_TIME ? 2 : 4;
    int year = 0;
    int month = 0;
    int day = 0;
    int hour = 0;
    int minute = 0;
    int second = 0;
    if (text.len != at + 11 || text.data[text.len - 1] != 'Z' || !read_number(text, 0, at, &year) ||
        !read_number(text, at, 2, &month) || !read_number(text, at + 2, 2, &day) ||
        !read_number(text, at + 4, 2, &hour) || !read_number(text, at + 6, 2, &minute) ||
        !read_number(text, at + 8, 2, &second)) {
        return false;
    }
    if (tag == TAG_UTC_TIME) {
        year += year < 50 ? 2000 : 1900;
    }
    if (year < 1 || month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 ||
        second > 60) {
        return false;
    }
    *ret_time = ((days_to(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
    return true;
}

/* --- certificates ----------------------------------------------------------------------------- */

static bool read_certificate(struct bulla_bytes der, int64_t *ret_begins, int64_t *ret_ends)
{
    struct bulla_bytes certificate;
    struct bulla_bytes signed_part;
    struct bulla_bytes validity;
    struct bulla_bytes skipped;
    if (!take_tag(&der, TAG_SEQUENCE, &certificate) ||
        !take_tag(&certificate, TAG_SEQUENCE, &signed_part)) {
        return false;
    }
    if (signed_part.len > 0 && signed_part.data[0] == TAG_VERSION &&
        !take_tag(&signed_part, TAG_VERSION, &skipped)) {
        return false;
    }
    /* serial number, signature algorithm, issuer */
    return take_tag(&signed_part, TAG_INTEGER, &skipped) &&
           take_tag(&signed_part, TAG_SEQUENCE, &skipped) &&
           take_tag(&signed_part, TAG_SEQUENCE, &skipped) &&
           take_tag(&signed_part, TAG_SEQUENCE, &validity) && take_time(&validity, ret_begins) &&
           take_time(&validity, ret_ends);
}

/* Offset of WORD in TEXT from AT on, or the length. */
static size_t find(struct bulla_bytes text, size_t at, const char *word)
{
    for (; at < text.len; at++) {
        if (bulla_bytes_start(bulla_bytes_slice(text, at, strlen(word)), word)) {
            return at;
        }
    }
    return text.len;
}

/* The base64 text BODY, its line breaks dropped, as DER in OUT. */
static bool decode(struct bulla_bytes body, struct bulla_buf *out)
{
    bulla_auto_buf joined;
    bulla_buf_init(&joined, MAX_BASE64);
    for (size_t i = 0; i < body.len; i++) {
        uint8_t c = body.data[i];
        /* In an env file's value a line break may still be written as \\n. */
        bool is_escape =
            c == '\\' && i + 1 < body.len && (body.data[i + 1] == 'n' || body.data[i + 1] == 'r');
        i += is_escape;
        if (!is_escape && c != '\n' && c != '\r' && c != ' ' && c != '\t') {
            bulla_buf_putc(&joined, (char)c);
        }
    }
    struct bulla_bytes text = bulla_buf_view(&joined);
    struct bulla_error ignored = BULLA_ERROR_INIT;
    uint8_t *room = bulla_buf_ok(&joined, &ignored) ? bulla_buf_reserve(out, text.len) : NULL;
    size_t len = 0;
    if (room == NULL || !bulla_base64_decode(BULLA_BASE64, text, room, text.len, &len)) {
        return false;
    }
    bulla_buf_commit(out, len);
    return true;
}

bool bulla_certificate_validity(struct bulla_bytes text, int64_t *ret_begins, int64_t *ret_ends)
{
    static const char begin[] = "-----BEGIN CERTIFICATE-----";
    static const char end[] = "-----END CERTIFICATE-----";
    int64_t begins = INT64_MIN;
    int64_t ends = INT64_MAX;
    size_t count = 0;
    for (size_t at = find(text, 0, begin); at < text.len && count < MAX_CERTIFICATES; count++) {
        size_t start = at + sizeof begin - 1;
        size_t stop = find(text, start, end);
        bulla_auto_buf der;
        bulla_buf_init(&der, MAX_BASE64);
        int64_t from = 0;
        int64_t until = 0;
        if (stop == text.len || stop - start > MAX_BASE64 * 2 ||
            !decode(bulla_bytes(text.data + start, stop - start), &der) ||
            !read_certificate(bulla_buf_view(&der), &from, &until)) {
            return false;
        }
        begins = from > begins ? from : begins;
        ends = until < ends ? until : ends;
        at = find(text, stop, begin);
    }
    if (count == 0) {
        return false;
    }
    *ret_begins = begins;
    *ret_ends = ends;
    return true;
}
