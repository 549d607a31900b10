#include "age/age_internal.h"

#include <string.h>

#include "bulla/codec.h"
#include "bulla/mem.h"
#include "crypto/prim.h"

#include "base/banned.h"

#define BODY_COLUMNS 64
#define BODY_LINE_BYTES ((size_t)BODY_COLUMNS / 4 * 3)
#define MAC_CHARS 43

/* Where a parser stands in the header. */
struct reader {
    struct bulla_bytes text; /* no more of the file than a header may have */
    size_t at;
    uint32_t line;
    bool is_cut; /* the file goes on behind `text` */
};

static bool fail(const struct reader *reader, size_t col, struct bulla_error *err, const char *what)
{
    return bulla_error_at(err, BULLA_E_SYNTAX, NULL,
                          (struct bulla_pos){reader->line, (uint32_t)col}, "age header: %s", what);
}

/* The line at the reader's place without its LF. */
static bool take_line(struct reader *reader, struct bulla_bytes *ret_line, struct bulla_error *err)
{
    size_t left = reader->text.len - reader->at;
    const uint8_t *start = left > 0 ? reader->text.data + reader->at : NULL;
    const uint8_t *end = left > 0 ? memchr(start, '\n', left) : NULL;
    reader->line++;
    if (end == NULL) {
        if (reader->is_cut) {
            return bulla_error(err, BULLA_E_LIMIT, "age header of more than %zu bytes",
                               AGE_MAX_HEADER_BYTES);
        }
        return fail(reader, 1, err, "ends too early");
    }
    *ret_line = bulla_bytes(start, (size_t)(end - start));
    reader->at += ret_line->len + 1;
    return true;
}

/* "-> TYPE ARGUMENT…": words of visible ASCII with exactly one space between them. */
static bool parse_arguments(const struct reader *reader, struct bulla_bytes line,
                            struct age_stanza *stanza, struct bulla_error *err)
{
    size_t first_end = 0;
    for (size_t i = 3; i < line.len; i++) {
        uint8_t c = line.data[i];
        if (c == ' ') {
            if (i == 3 || line.data[i - 1] == ' ') {
                return fail(reader, i + 1, err, "empty argument");
            }
            first_end = first_end == 0 ? i : first_end;
        } else if (c < 0x21 || c > 0x7e) {
            return fail(reader, i + 1, err, "character that no argument may have");
        }
    }
    if (line.len == 3 || line.data[line.len - 1] == ' ') {
        return fail(reader, line.len, err, "empty argument");
    }
    if (first_end == 0) {
        stanza->type = bulla_bytes_slice(line, 3, line.len);
        stanza->arguments = bulla_bytes_slice(line, line.len, 0);
    } else {
        stanza->type = bulla_bytes_slice(line, 3, first_end - 3);
        stanza->arguments = bulla_bytes_slice(line, first_end + 1, line.len);
    }
    return true;
}

/* Full lines of 64 columns and one shorter line, which may be empty but has to be there. */
static bool parse_body(struct reader *reader, struct age_stanza *stanza, struct bulla_error *err)
{
    size_t start = reader->at;
    for (;;) {
        struct bulla_bytes line = {NULL, 0};
        uint8_t decoded[BODY_LINE_BYTES];
        size_t len = 0;
        if (!take_line(reader, &line, err)) {
            return false;
        }
        if (line.len > BODY_COLUMNS) {
            return fail(reader, BODY_COLUMNS + 1, err, "line of more than 64 columns");
        }
        if (!bulla_base64_decode(BULLA_BASE64_UNPADDED, line, decoded, sizeof decoded, &len)) {
            return fail(reader, 1, err, "not canonical base64 without padding");
        }
        stanza->body_len += len;
        if (stanza->body_len > AGE_MAX_BODY_BYTES) {
            return bulla_error(err, BULLA_E_LIMIT, "age header: stanza of more than %zu bytes",
                               AGE_MAX_BODY_BYTES);
        }
        if (line.len < BODY_COLUMNS) {
            stanza->body = bulla_bytes_slice(reader->text, start, reader->at - start);
            return true;
        }
    }
}

static bool parse_stanza(struct reader *reader, struct bulla_bytes line, struct age_header *header,
                         struct bulla_error *err)
{
    if (header->count == AGE_MAX_STANZAS) {
        return bulla_error(err, BULLA_E_LIMIT, "age header with more than %d stanzas",
                           AGE_MAX_STANZAS);
    }
    struct age_stanza stanza = {.pos = {reader->line, 1}};
    if (!parse_arguments(reader, line, &stanza, err) || !parse_body(reader, &stanza, err) ||
        !bulla_grow(&header->stanzas, &header->cap, header->count + 1, sizeof stanza, err)) {
        return false;
    }
    header->stanzas[header->count++] = stanza;
    return true;
}

bool age_stanza_parse(struct bulla_bytes text, struct age_stanza *ret_stanza,
                      struct bulla_error *err)
{
    struct reader reader = {.text = text};
    struct bulla_bytes line = {NULL, 0};
    *ret_stanza = (struct age_stanza){.pos = {1, 1}};
    if (!take_line(&reader, &line, err)) {
        return false;
    }
    if (!bulla_bytes_start(line, "-> ")) {
        return fail(&reader, 1, err, "line does not begin with '-> '");
    }
    return parse_arguments(&reader, line, ret_stanza, err) &&
           parse_body(&reader, ret_stanza, err) &&
           (reader.at == text.len || fail(&reader, 1, err, "more than one stanza"));
}

static bool parse_mac(const struct reader *reader, struct bulla_bytes line,
                      struct age_header *header, struct bulla_error *err)
{
    size_t len = 0;
    if (line.len != 4 + MAC_CHARS || line.data[3] != ' ' ||
        !bulla_base64_decode(BULLA_BASE64_UNPADDED, bulla_bytes_slice(line, 4, MAC_CHARS),
                             header->mac, sizeof header->mac, &len)) {
        return fail(reader, 4, err, "'---' is not followed by a space and a MAC of 43 characters");
    }
    return true;
}

bool age_header_parse(struct bulla_bytes file, struct age_header *ret_header,
                      struct bulla_error *err)
{
    struct age_header *header = ret_header;
    struct reader reader = {.text = bulla_bytes_slice(file, 0, AGE_MAX_HEADER_BYTES)};
    struct bulla_bytes line = {NULL, 0};
    *header = (struct age_header){0};
    reader.is_cut = file.len > AGE_MAX_HEADER_BYTES;
    if (!bulla_bytes_start(file, AGE_VERSION_LINE)) {
        reader.line = 1;
        return fail(&reader, 1, err,
                    "the file does not begin with the line 'age-encryption.org/v1'");
    }
    reader.at = sizeof AGE_VERSION_LINE - 1;
    reader.line = 1;
    for (;;) {
        if (!take_line(&reader, &line, err)) {
            return false;
        }
        if (!bulla_bytes_start(line, "-> ")) {
            break;
        }
        if (!parse_stanza(&reader, line, header, err)) {
            return false;
        }
    }
    if (!bulla_bytes_start(line, "---")) {
        return fail(&reader, 1, err, "line begins neither with '-> ' nor with '---'");
    }
    if (header->count == 0) {
        return fail(&reader, 1, err, "no stanza");
    }
    header->len = reader.at;
    header->authenticated = bulla_bytes_slice(file, 0, (size_t)(line.data - file.data) + 3);
    return parse_mac(&reader, line, header, err);
}

void age_header_release(struct age_header *header)
{
    bulla_free(header->stanzas);
    *header = (struct age_header){0};
}

bool age_stanza_body(const struct age_stanza *stanza, uint8_t *out, size_t len)
{
    if (stanza->body_len != len) {
        return false;
    }
    size_t written = 0;
    for (size_t at = 0; at < stanza->body.len; at += BODY_COLUMNS + 1) {
        struct bulla_bytes line = bulla_bytes_slice(stanza->body, at, BODY_COLUMNS);
        size_t decoded = 0;
        if (line.data[line.len - 1] == '\n') {
            line.len--;
        }
        if (!bulla_base64_decode(BULLA_BASE64_UNPADDED, line, out + written, len - written,
                                 &decoded)) {
            return false;
        }
        written += decoded;
    }
    return written == len;
}

void age_header_mac(struct age_keys *keys, struct bulla_bytes authenticated,
                    uint8_t ret_mac[static AGE_MAC_BYTES])
{
    prim_hkdf(keys->mac, bulla_bytes(keys->file_key, sizeof keys->file_key), bulla_bytes(NULL, 0),
              bulla_bytes_of("header"));
    prim_hmac(ret_mac, bulla_bytes(keys->mac, sizeof keys->mac), &authenticated, 1);
}

void age_put_body(struct bulla_bytes body, struct bulla_buf *out)
{
    for (;;) {
        struct bulla_bytes line = bulla_bytes_slice(body, 0, BODY_LINE_BYTES);
        bulla_base64_encode(BULLA_BASE64_UNPADDED, line, out);
        bulla_buf_putc(out, '\n');
        if (line.len < BODY_LINE_BYTES) {
            return;
        }
        body = bulla_bytes_slice(body, line.len, body.len);
    }
}

void age_put_wrapped_key(const struct age_keys *keys, struct bulla_buf *out)
{
    /* A fresh key wraps each file key, so that the nonce may be all zero. */
    static const uint8_t zero_nonce[PRIM_NONCE_BYTES];
    uint8_t wrapped[AGE_WRAPPED_KEY_BYTES];
    prim_encrypt(wrapped, bulla_bytes(keys->file_key, sizeof keys->file_key), bulla_bytes(NULL, 0),
                 zero_nonce, keys->wrap);
    age_put_body(bulla_bytes(wrapped, sizeof wrapped), out);
}

void age_header_begin(struct bulla_buf *out)
{
    bulla_buf_puts(out, AGE_VERSION_LINE);
}

void age_header_end(struct age_keys *keys, size_t start, struct bulla_buf *out)
{
    uint8_t mac[AGE_MAC_BYTES];
    struct bulla_bytes text;
    bulla_buf_puts(out, "---");
    text = bulla_buf_view(out);
    age_header_mac(keys, bulla_bytes_slice(text, start, text.len), mac);
    bulla_buf_putc(out, ' ');
    bulla_base64_encode(BULLA_BASE64_UNPADDED, bulla_bytes(mac, sizeof mac), out);
    bulla_buf_putc(out, '\n');
}
