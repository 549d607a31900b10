#include "codec/armor.h"

#include <string.h>

#include "bulla/codec.h"

#include "base/banned.h"

#define BEGIN_LINE "-----BEGIN AGE ENCRYPTED FILE-----"
#define END_LINE "-----END AGE ENCRYPTED FILE-----"
#define COLUMNS 64
#define LINE_BYTES ((size_t)COLUMNS / 4 * 3)
#define MAX_BLANK_BYTES 1024

struct reader {
    struct bulla_bytes rest;
    uint32_t line; /* the number of the line taken last */
};

static bool is_blank(struct bulla_bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] != ' ' && (text.data[i] < '\t' || text.data[i] > '\r')) {
            return false;
        }
    }
    return true;
}

/* The next line without LF or CRLF; false at the end of the text. */
static bool take_line(struct reader *reader, struct bulla_bytes *ret_line)
{
    if (reader->rest.len == 0) {
        return false;
    }
    const uint8_t *end = memchr(reader->rest.data, '\n', reader->rest.len);
    size_t len = end == NULL ? reader->rest.len : (size_t)(end - reader->rest.data);
    *ret_line = bulla_bytes_slice(reader->rest, 0, len);
    reader->rest = bulla_bytes_slice(reader->rest, len + 1, reader->rest.len);
    reader->line++;
    if (ret_line->len > 0 && ret_line->data[ret_line->len - 1] == '\r') {
        ret_line->len--;
    }
    return true;
}

/* The first line that is not blank; false where there is none or too much blank before it. */
static bool take_first_line(struct reader *reader, struct bulla_bytes *ret_line)
{
    size_t len = reader->rest.len;
    bool found = false;
    do {
        found = take_line(reader, ret_line);
    } while (found && is_blank(*ret_line) && len - reader->rest.len <= MAX_BLANK_BYTES);
    return found && !is_blank(*ret_line);
}

static bool fail(const struct reader *reader, struct bulla_error *err, const char *what)
{
    return bulla_error_at(err, BULLA_E_SYNTAX, NULL,
                          (struct bulla_pos){reader->line > 0 ? reader->line : 1, 1},
                          "age armor: %s", what);
}

bool armor_is_text(struct bulla_bytes text)
{
    struct reader reader = {.rest = text};
    struct bulla_bytes line = {NULL, 0};
    return take_first_line(&reader, &line) && bulla_bytes_start(line, "-----BEGIN AGE");
}

static bool check_behind(struct reader *reader, struct bulla_error *err)
{
    reader->line++;
    if (reader->rest.len > MAX_BLANK_BYTES || !is_blank(reader->rest)) {
        return fail(reader, err, "more text behind the end line");
    }
    return true;
}

bool armor_decode(struct bulla_bytes text, struct bulla_buf *out, struct bulla_error *err)
{
    struct reader reader = {.rest = text};
    struct bulla_bytes line = {NULL, 0};
    bool is_last = false;
    if (!take_first_line(&reader, &line) || !bulla_bytes_are(line, BEGIN_LINE)) {
        return fail(&reader, err, "the first line is not '" BEGIN_LINE "'");
    }
    for (;;) {
        uint8_t bytes[LINE_BYTES];
        size_t len = 0;
        if (!take_line(&reader, &line)) {
            return fail(&reader, err, "the line '" END_LINE "' is missing");
        }
        if (bulla_bytes_are(line, END_LINE)) {
            return check_behind(&reader, err) && bulla_buf_ok(out, err);
        }
        if (is_last) {
            return fail(&reader, err, "a short line is not followed by the end line");
        }
        if (line.len == 0 || line.len > COLUMNS) {
            return fail(&reader, err, "a line has from 1 to 64 columns");
        }
        if (!bulla_base64_decode(BULLA_BASE64, line, bytes, sizeof bytes, &len)) {
            return fail(&reader, err, "not canonical base64 with padding");
        }
        bulla_buf_add(out, bytes, len);
        is_last = len < LINE_BYTES;
    }
}
