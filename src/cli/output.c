#include "output.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "bulla/file.h"
#include "bulla/limits.h"
#include "bulla/text.h"

#define FLUSH_AT ((size_t)64 * 1024)
#define WIDTH_DEFAULT 80
#define WIDTH_LEAST 40

void output_init(struct output *out, int fd, const char *name)
{
    *out = (struct output){.fd = fd, .name = name, .width = WIDTH_DEFAULT};
    bulla_buf_init(&out->buf, BULLA_MAX_OUTPUT_BYTES);
    out->is_terminal = isatty(fd) == 1;
    struct winsize size;
    if (out->is_terminal && ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        out->width = size.ws_col < WIDTH_LEAST ? WIDTH_LEAST : size.ws_col;
    }
}

void output_release(struct output *out)
{
    bulla_buf_release(&out->buf);
}

void output_set_color(struct output *out, const char *color, bool no_color)
{
    if (strcmp(color, "auto") == 0) {
        out->has_color = out->is_terminal && !no_color;
    } else {
        out->has_color = strcmp(color, "always") == 0;
    }
}

/* Writes BYTES now; a reader that has gone is remembered, not reported. */
static bool write_now(struct output *out, struct bulla_bytes bytes, struct bulla_error *err)
{
    if (out->is_gone || bytes.len == 0) {
        return true;
    }
    if (bulla_fd_write(out->fd, out->name, bytes, err)) {
        return true;
    }
    if (err->sys_errno == EPIPE) {
        out->is_gone = true;
        bulla_error_clear(err);
        return true;
    }
    return false;
}

static void flush_buffer(struct output *out)
{
    if (out->has_failed) {
        return;
    }
    out->has_failed = !bulla_buf_ok(&out->buf, &out->failure) ||
                      !write_now(out, bulla_buf_view(&out->buf), &out->failure);
    bulla_buf_clear(&out->buf);
}

static void flush_when_full(struct output *out)
{
    if (out->fd >= 0 && out->buf.len >= FLUSH_AT) {
        flush_buffer(out);
    }
}

void output_text(struct output *out, const char *text)
{
    bulla_buf_puts(&out->buf, text);
    flush_when_full(out);
}

void output_at_once(struct output *out, const char *text)
{
    struct bulla_error ignored = BULLA_ERROR_INIT;
    flush_buffer(out);
    (void)!write_now(out, bulla_bytes_of(text), &ignored);
}

void output_bytes(struct output *out, struct bulla_bytes bytes)
{
    bulla_buf_add_bytes(&out->buf, bytes);
    flush_when_full(out);
}

void output_printf(struct output *out, const char *fmt, ...)
{
    char text[1024];
    va_list args;
    va_start(args, fmt);
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    if (len >= 0 && (size_t)len < sizeof text) {
        output_text(out, text);
    } else if (len >= 0) {
        uint8_t *room = bulla_buf_reserve(&out->buf, (size_t)len + 1);
        if (room != NULL) {
            (void)vsnprintf((char *)room, (size_t)len + 1, fmt, again);
            bulla_buf_commit(&out->buf, (size_t)len);
        }
    }
    va_end(again);
    flush_when_full(out);
}

/* Colours that can be read on black and on white: yellow and cyan cannot. */
static const char *style_code(enum style style)
{
    switch (style) {
    case STYLE_STRONG:
    case STYLE_HEADING:
        return "\033[1m";
    case STYLE_FAINT:
    case STYLE_NOTE:
        return "\033[2m";
    case STYLE_ERROR:
        return "\033[1;31m";
    case STYLE_WARNING:
        return "\033[35m";
    case STYLE_GOOD:
        return "\033[32m";
    case STYLE_PLAIN:
        break;
    }
    return "";
}

void output_styled(struct output *out, enum style style, const char *text)
{
    if (!out->has_color || style == STYLE_PLAIN || text[0] == '\0') {
        output_text(out, text);
        return;
    }
    output_text(out, style_code(style));
    output_text(out, text);
    output_text(out, "\033[0m");
}

void output_untrusted(struct output *out, const char *text)
{
    struct bulla_bytes left = bulla_bytes_of(text);
    while (left.len > 0) {
        char piece[256];
        size_t len = left.len < sizeof piece - 1 ? left.len : sizeof piece - 1;
        while (len < left.len && len > sizeof piece - 4 && (left.data[len] & 0xC0) == 0x80) {
            len--;
        }
        memcpy(piece, left.data, len);
        piece[len] = '\0';
        bulla_text_sanitize(piece);
        output_text(out, piece);
        left = bulla_bytes_slice(left, len, left.len - len);
    }
}

/* One paragraph of LEN bytes; words are never cut. */
static void write_paragraph(struct output *out, const char *text, size_t len, unsigned indent,
                            unsigned width)
{
    size_t column = 0;
    for (size_t at = 0; at < len;) {
        size_t blanks = strspn(text + at, " \n");
        at += blanks;
        size_t word = at < len ? strcspn(text + at, " \n") : 0;
        if (word > len - at) {
            word = len - at;
        }
        if (word == 0) {
            break;
        }
        if (column > 0 && column + 1 + word > width) {
            output_text(out, "\n");
            column = 0;
        }
        if (column == 0) {
            output_printf(out, "%*s", (int)indent, "");
            column = indent;
        } else {
            output_text(out, " ");
            column++;
        }
        output_bytes(out, bulla_bytes(text + at, word));
        column += word;
        at += word;
    }
    output_text(out, "\n");
}

static void write_verbatim(struct output *out, const char *text, size_t len, unsigned indent)
{
    for (size_t at = 0; at < len;) {
        size_t line = strcspn(text + at, "\n");
        if (line > len - at) {
            line = len - at;
        }
        output_printf(out, "%*s", (int)indent, "");
        output_bytes(out, bulla_bytes(text + at, line));
        output_text(out, "\n");
        at += line + 1;
    }
}

void output_wrapped(struct output *out, const char *text, unsigned indent, unsigned width)
{
    while (*text != '\0') {
        const char *end = strstr(text, "\n\n");
        size_t len = end == NULL ? strlen(text) : (size_t)(end - text);
        if (text[0] == ' ') {
            write_verbatim(out, text, len, indent);
        } else {
            write_paragraph(out, text, len, indent, width);
        }
        if (end == NULL) {
            return;
        }
        output_text(out, "\n");
        text = end + 2;
    }
}

bool output_secret(struct output *out, struct bulla_bytes bytes, struct bulla_error *err)
{
    if (!output_flush(out, err) || !write_now(out, bytes, err)) {
        return false;
    }
    if (out->is_gone) {
        return bulla_error(err, BULLA_E_IO, "the reader of %s has gone", out->name);
    }
    return true;
}

bool output_flush(struct output *out, struct bulla_error *err)
{
    flush_buffer(out);
    if (out->has_failed) {
        *err = out->failure;
        return false;
    }
    return true;
}

size_t output_columns(const char *text)
{
    return bulla_text_columns(text);
}
