#include "codec/armor.h"

#include <string.h>

#include "bulla/codec.h"

#include "base/banned.h"

#define BEGIN_LINE "-----BEGIN AGE ENCRYPTED FILE-----"
#define END_LINE "-----END AGE ENCRYPTED FILE-----"

static bool is_blank(struct bulla_bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] != ' ' && (text.data[i] < '\t' || text.data[i] > '\r')) {
            return false;
        }
    }
    return true;
}

/* The next line with its LF; false at the end of the text. */
static bool take_line(struct bulla_bytes *rest, struct bulla_bytes *ret_line)
{
    if (rest->len == 0) {
        return false;
    }
    const uint8_t *end = memchr(rest->data, '\n', rest->len);
    size_t len = end == NULL ? rest->len : (size_t)(end + 1 - rest->data);
    *ret_line = bulla_bytes_slice(*rest, 0, len);
    *rest = bulla_bytes_slice(*rest, len, rest->len);
    return true;
}

static bool fail(const struct armor_reader *reader, struct bulla_error *err, const char *what)
{
    return bulla_error_at(err, BULLA_E_SYNTAX, NULL,
                          (struct bulla_pos){reader->line > 0 ? reader->line : 1, 1},
                          "age armor: %s", what);
}

bool armor_is_text(struct bulla_bytes text)
{
    struct bulla_bytes rest = text;
    struct bulla_bytes line = {NULL, 0};
    while (text.len - rest.len <= ARMOR_BLANK_BYTES && take_line(&rest, &line)) {
        if (!is_blank(line)) {
            return bulla_bytes_start(line, "-----BEGIN AGE");
        }
    }
    return false;
}

/* Whether LINE is white space that still may stand on this side. */
static bool may_stand(struct armor_reader *reader, struct bulla_bytes line)
{
    reader->blank += line.len;
    return reader->blank <= ARMOR_BLANK_BYTES && is_blank(line);
}

/* LINE without LF or CRLF. */
static struct bulla_bytes without_end(struct bulla_bytes line)
{
    if (line.len > 0 && line.data[line.len - 1] == '\n') {
        line.len--;
    }
    if (line.len > 0 && line.data[line.len - 1] == '\r') {
        line.len--;
    }
    return line;
}

static bool read_inside(struct armor_reader *reader, struct bulla_bytes line, struct bulla_buf *out,
                        struct bulla_error *err)
{
    uint8_t bytes[ARMOR_LINE_BYTES];
    size_t len = 0;
    if (bulla_bytes_are(line, END_LINE)) {
        reader->state = ARMOR_BEHIND;
        reader->blank = 0;
        return bulla_buf_ok(out, err);
    }
    if (reader->had_short) {
        return fail(reader, err, "a short line is not followed by the end line");
    }
    if (line.len == 0 || line.len > ARMOR_COLUMNS) {
        return fail(reader, err, "a line has from 1 to 64 columns");
    }
    if (!bulla_base64_decode(BULLA_BASE64, line, bytes, sizeof bytes, &len)) {
        return fail(reader, err, "not canonical base64 with padding");
    }
    bulla_buf_add(out, bytes, len);
    reader->had_short = len < sizeof bytes;
    return true;
}

bool armor_read_line(struct armor_reader *reader, struct bulla_bytes line, struct bulla_buf *out,
                     struct bulla_error *err)
{
    reader->line++;
    if (reader->state == ARMOR_BEHIND) {
        return may_stand(reader, line) || fail(reader, err, "more text behind the end line");
    }
    if (reader->state == ARMOR_INSIDE) {
        return read_inside(reader, without_end(line), out, err);
    }
    if (bulla_bytes_are(without_end(line), BEGIN_LINE)) {
        reader->state = ARMOR_INSIDE;
        return true;
    }
    return may_stand(reader, line) || fail(reader, err, "the first line is not '" BEGIN_LINE "'");
}

bool armor_read_end(const struct armor_reader *reader, struct bulla_error *err)
{
    switch (reader->state) {
    case ARMOR_BEFORE:
        return fail(reader, err, "the first line is not '" BEGIN_LINE "'");
    case ARMOR_INSIDE:
        return fail(reader, err, "the line '" END_LINE "' is missing");
    case ARMOR_BEHIND:
        break;
    }
    return true;
}

bool armor_decode(struct bulla_bytes text, struct bulla_buf *out, struct bulla_error *err)
{
    struct armor_reader reader = {.line = 0};
    struct bulla_bytes line = {NULL, 0};
    while (take_line(&text, &line)) {
        if (!armor_read_line(&reader, line, out, err)) {
            return false;
        }
    }
    return armor_read_end(&reader, err);
}

static void write_line(struct bulla_bytes bytes, struct bulla_buf *out)
{
    bulla_base64_encode(BULLA_BASE64, bytes, out);
    bulla_buf_putc(out, '\n');
}

void armor_write_begin(struct armor_writer *writer, struct bulla_buf *out)
{
    writer->len = 0;
    bulla_buf_puts(out, BEGIN_LINE "\n");
}

void armor_write(struct armor_writer *writer, struct bulla_bytes bytes, struct bulla_buf *out)
{
    while (writer->len + bytes.len >= ARMOR_LINE_BYTES) {
        size_t taken = ARMOR_LINE_BYTES - writer->len;
        memcpy(writer->carried + writer->len, bytes.data, taken);
        write_line(bulla_bytes(writer->carried, ARMOR_LINE_BYTES), out);
        bytes = bulla_bytes_slice(bytes, taken, bytes.len);
        writer->len = 0;
    }
    if (bytes.len > 0) {
        memcpy(writer->carried + writer->len, bytes.data, bytes.len);
        writer->len += bytes.len;
    }
}

void armor_write_end(struct armor_writer *writer, struct bulla_buf *out)
{
    if (writer->len > 0) {
        write_line(bulla_bytes(writer->carried, writer->len), out);
    }
    bulla_buf_puts(out, END_LINE "\n");
}
