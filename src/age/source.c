#include "age/source.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "age/age_internal.h"

#include "base/banned.h"

#define READ_BYTES ((size_t)64 * 1024)
#define MAX_TEXT_BYTES (2 * READ_BYTES)
#define LONGEST_LINE ((size_t)2 * ARMOR_BLANK_BYTES) /* a longer one is an error of any armor */

/* One read(2) into BUF, which has room; the end is remembered. */
static bool read_some(struct age_source *source, struct bulla_buf *buf, struct bulla_error *err)
{
    uint8_t *to = bulla_buf_reserve(buf, READ_BYTES);
    if (to == NULL) {
        return bulla_buf_ok(buf, err);
    }
    ssize_t got = 0;
    do {
        got = read(source->fd, to, READ_BYTES);
    } while (got < 0 && errno == EINTR);
    if (got < 0) {
        return bulla_error_sys(err, source->name, "cannot read");
    }
    bulla_buf_commit(buf, (size_t)got);
    source->is_end = got == 0;
    return true;
}

static void drop_front(struct bulla_buf *buf, size_t len)
{
    struct bulla_bytes rest = bulla_bytes_slice(bulla_buf_view(buf), len, buf->len);
    if (rest.len > 0) {
        memmove(buf->data, rest.data, rest.len);
    }
    bulla_buf_truncate(buf, rest.len);
}

/* Decodes the whole lines that are read, at the end also one without LF. */
static bool decode_lines(struct age_source *source, struct bulla_error *err)
{
    struct bulla_bytes rest = bulla_buf_view(&source->text);
    while (rest.len > 0) {
        const uint8_t *end = memchr(rest.data, '\n', rest.len);
        if (end == NULL && !source->is_end && rest.len <= LONGEST_LINE) {
            break;
        }
        size_t len = end == NULL ? rest.len : (size_t)(end + 1 - rest.data);
        if (!armor_read_line(&source->armor, bulla_bytes_slice(rest, 0, len), &source->ready,
                             err)) {
            return false;
        }
        rest = bulla_bytes_slice(rest, len, rest.len);
    }
    drop_front(&source->text, source->text.len - rest.len);
    return !source->is_end || armor_read_end(&source->armor, err);
}

static bool fill(struct age_source *source, struct bulla_error *err)
{
    drop_front(&source->ready, source->at);
    source->at = 0;
    if (!source->is_armor) {
        return read_some(source, &source->ready, err);
    }
    return read_some(source, &source->text, err) && decode_lines(source, err);
}

bool age_source_open(struct age_source *source, int fd, const char *name, struct bulla_error *err)
{
    *source = (struct age_source){.fd = fd, .name = name};
    bulla_buf_init(&source->text, MAX_TEXT_BYTES);
    bulla_buf_init(&source->ready, AGE_MAX_HEADER_BYTES + 4 * READ_BYTES);
    while (source->text.len <= ARMOR_BLANK_BYTES + ARMOR_COLUMNS && !source->is_end) {
        if (!read_some(source, &source->text, err)) {
            return false;
        }
    }
    source->is_armor = armor_is_text(bulla_buf_view(&source->text));
    if (source->is_armor) {
        return decode_lines(source, err);
    }
    bulla_buf_add_bytes(&source->ready, bulla_buf_view(&source->text));
    bulla_buf_release(&source->text);
    return bulla_buf_ok(&source->ready, err);
}

void age_source_release(struct age_source *source)
{
    bulla_buf_release(&source->text);
    bulla_buf_release(&source->ready);
}

bool age_source_peek(struct age_source *source, size_t len, struct bulla_bytes *ret_ready,
                     struct bulla_error *err)
{
    while (source->ready.len - source->at < len && !source->is_end) {
        if (!fill(source, err)) {
            return false;
        }
    }
    *ret_ready = bulla_bytes_slice(bulla_buf_view(&source->ready), source->at, source->ready.len);
    return true;
}

void age_source_skip(struct age_source *source, size_t len)
{
    source->at += len;
}
