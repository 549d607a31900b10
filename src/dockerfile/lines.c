/* Physical lines to instructions: directives, comments, continuation, and where each byte stands.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "bulla/limits.h"
#include "bulla/mem.h"
#include "dockerfile/internal.h"

#include "base/banned.h"

#define MESSAGE_MAX 256
#define DIRECTIVE_MAX 16

void *docker_add_row(struct parser *p, struct rows *rows, size_t size)
{
    if (!bulla_grow(&rows->items, &rows->cap, rows->count + 1, size, p->err)) {
        return NULL;
    }
    char *row = (char *)rows->items + rows->count * size;
    rows->count++;
    return row;
}

/* --- places ----------------------------------------------------------------------------------- */

struct bulla_pos docker_pos(struct parser *p, size_t offset)
{
    if (offset < p->last_offset) {
        p->last_offset = p->mark_offset;
        p->last_pos = p->mark_pos;
    }
    for (size_t i = p->last_offset; i < offset && i < p->text.len; i++) {
        uint8_t c = p->text.data[i];
        if (c == '\n') {
            p->last_pos.line++;
            p->last_pos.col = 1;
        } else if ((c & 0xC0) != 0x80) {
            p->last_pos.col++;
        }
    }
    p->last_offset = offset;
    return p->last_pos;
}

size_t docker_source_offset(const struct parser *p, size_t at)
{
    const struct segment *segments = p->segments.items;
    size_t low = 0;
    size_t high = p->segments.count;
    while (low + 1 < high) {
        size_t middle = low + (high - low) / 2;
        if (segments[middle].logical <= at) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return p->segments.count > 0 ? segments[low].source + (at - segments[low].logical) : p->at;
}

bool docker_refuse(struct parser *p, size_t at, const char *fmt, ...)
{
    char message[MESSAGE_MAX];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(message, sizeof message, fmt, args);
    va_end(args);
    return bulla_error_at(p->err, BULLA_E_SYNTAX, p->file,
                          docker_pos(p, docker_source_offset(p, at)), "%s", message);
}

/* --- lines ------------------------------------------------------------------------------------ */

struct bulla_bytes docker_raw_line(struct parser *p)
{
    const uint8_t *from = p->text.data + p->at;
    const uint8_t *lf = memchr(from, '\n', p->text.len - p->at);
    size_t len = lf != NULL ? (size_t)(lf - from) : p->text.len - p->at;
    p->at += len + (lf != NULL);
    return bulla_bytes(from, len > 0 && from[len - 1] == '\r' ? len - 1 : len);
}

static size_t count_blanks(struct bulla_bytes line)
{
    size_t count = 0;
    while (count < line.len && docker_is_blank(line.data[count])) {
        count++;
    }
    return count;
}

static bool is_comment(struct bulla_bytes line)
{
    size_t blanks = count_blanks(line);
    return blanks < line.len && line.data[blanks] == '#';
}

/*
 * True where LINE goes on in the next one; *LINE is cut before the escape character. A doubled one
 * is text.
 */
static bool cut_continuation(const struct parser *p, struct bulla_bytes *line)
{
    size_t len = line->len;
    while (len > 0 && (line->data[len - 1] == ' ' || line->data[len - 1] == '\t')) {
        len--;
    }
    if (len == 0 || line->data[len - 1] != (uint8_t)p->escape ||
        (len > 1 && line->data[len - 2] == (uint8_t)p->escape)) {
        return false;
    }
    line->len = len - 1;
    return true;
}

static bool add_segment(struct parser *p, struct bulla_bytes line)
{
    struct segment *segment = docker_add_row(p, &p->segments, sizeof *segment);
    if (segment == NULL) {
        return false;
    }
    segment->logical = p->line.len;
    segment->source = (size_t)(line.data - p->text.data);
    bulla_buf_add_bytes(&p->line, line);
    return bulla_buf_ok(&p->line, p->err);
}

bool docker_next_line(struct parser *p, bool *ret_done)
{
    bulla_buf_clear(&p->line);
    p->segments.count = 0;
    bool goes_on = false;
    bool begun = false;
    while (p->at < p->text.len && (!begun || goes_on)) {
        struct bulla_bytes line = docker_raw_line(p);
        size_t blanks = count_blanks(line);
        if (is_comment(line) || blanks == line.len) {
            continue;
        }
        if (!begun) {
            line = bulla_bytes_slice(line, blanks, line.len);
        }
        goes_on = cut_continuation(p, &line);
        if (!begun) {
            p->mark_pos = docker_pos(p, (size_t)(line.data - p->text.data));
            p->mark_offset = p->last_offset;
        }
        begun = begun || goes_on || line.len > 0;
        if (line.len > 0 && !add_segment(p, line)) {
            return false;
        }
    }
    *ret_done = p->line.len == 0 && p->at >= p->text.len;
    return true;
}

/* --- directives ------------------------------------------------------------------------------- */

static bool is_alphanumeric(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* "# NAME = VALUE"; NAME in lower case. */
static bool read_directive(struct bulla_bytes line, char name[static DIRECTIVE_MAX],
                           struct bulla_bytes *ret_value)
{
    if (line.len == 0 || line.data[0] != '#') {
        return false;
    }
    line = bulla_bytes_slice(line, 1, line.len);
    line = bulla_bytes_slice(line, count_blanks(line), line.len);
    size_t len = 0;
    while (len < line.len && len + 1 < DIRECTIVE_MAX && is_alphanumeric(line.data[len])) {
        char c = (char)line.data[len];
        name[len++] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    name[len] = '\0';
    line = bulla_bytes_slice(line, len, line.len);
    line = bulla_bytes_slice(line, count_blanks(line), line.len);
    if (len == 0 || line.len < 2 || line.data[0] != '=') {
        return false;
    }
    line = bulla_bytes_slice(line, 1, line.len);
    line = bulla_bytes_slice(line, count_blanks(line), line.len);
    while (line.len > 0 && docker_is_blank(line.data[line.len - 1])) {
        line.len--;
    }
    *ret_value = line;
    return line.len > 0;
}

static bool refuse_directive(struct parser *p, struct bulla_bytes line, const char *message)
{
    return bulla_error_at(p->err, BULLA_E_SYNTAX, p->file,
                          docker_pos(p, (size_t)(line.data - p->text.data)), "%s", message);
}

/* Docker's own frontend by any address: docker/dockerfile, docker.io/docker/dockerfile-upstream. */
static bool is_dockers_own(struct bulla_bytes value)
{
    for (size_t i = 0; i < value.len; i++) {
        if (bulla_bytes_start(bulla_bytes_slice(value, i, value.len), "docker/dockerfile")) {
            return true;
        }
    }
    return false;
}

bool docker_read_directives(struct parser *p)
{
    static const char *const names[] = {"escape", "syntax", "check"};
    bool seen[sizeof names / sizeof *names] = {false};
    p->escape = '\\';
    p->at = bulla_bytes_start(p->text, "\xEF\xBB\xBF") ? 3 : 0;
    p->mark_offset = p->last_offset = p->at;
    p->mark_pos = p->last_pos = (struct bulla_pos){1, 1};
    for (;;) {
        size_t before = p->at;
        struct bulla_bytes line = p->at < p->text.len ? docker_raw_line(p) : bulla_bytes(NULL, 0);
        struct bulla_bytes value = bulla_bytes(NULL, 0);
        char name[DIRECTIVE_MAX];
        size_t which = 0;
        bool is_directive = read_directive(line, name, &value);
        while (is_directive && which < 3 && strcmp(name, names[which]) != 0) {
            which++;
        }
        if (!is_directive || which == 3) {
            p->at = before;
            return true;
        }
        if (seen[which]) {
            return refuse_directive(p, line, "a parser directive stands twice");
        }
        seen[which] = true;
        if (which == 0 && !bulla_bytes_are(value, "\\") && !bulla_bytes_are(value, "`")) {
            return refuse_directive(p, line, "the escape character has to be \\ or `");
        }
        p->escape = which == 0 ? (char)value.data[0] : p->escape;
        p->foreign = p->foreign || (which == 1 && !is_dockers_own(value));
    }
}

struct bulla_pos docker_pos_of(struct parser *p, size_t at)
{
    return docker_pos(p, docker_source_offset(p, at));
}

struct bulla_pos docker_end_of(struct parser *p, size_t end)
{
    return docker_pos(p, docker_source_offset(p, end - 1) + 1);
}
