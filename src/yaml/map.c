#include <string.h>

#include "base/utf8.h"
#include "bulla/mem.h"
#include "yaml/map_reader.h"

#include "base/banned.h"

static void add_segment(struct map_reader *r, size_t source, size_t source_len, const void *bytes,
                        size_t len, bool copied)
{
    if (r->differs || r->failed || len == 0) {
        return;
    }
    if (len > r->want_len - r->made || memcmp(r->want + r->made, bytes, len) != 0) {
        r->differs = true;
        return;
    }
    struct yaml_map *map = r->map;
    struct yaml_segment *last = map->count > 0 ? &map->segments[map->count - 1] : NULL;
    if (copied && last != NULL && last->copied && last->source + last->len == source) {
        last->len += len;
        last->source_len += len;
    } else {
        if (!bulla_grow(&map->segments, &map->cap, map->count + 1, sizeof *map->segments, r->err)) {
            r->failed = true;
            return;
        }
        map->segments[map->count++] = (struct yaml_segment){.decoded = r->made,
                                                            .len = len,
                                                            .source = source,
                                                            .source_len = source_len,
                                                            .copied = copied};
    }
    r->made += len;
}

void map_add_copy(struct map_reader *r, size_t from, size_t to)
{
    add_segment(r, from, to - from, r->data + from, to - from, true);
}

bool map_is_blank(const struct map_reader *r, size_t at)
{
    return at < r->end && (r->data[at] == ' ' || r->data[at] == '\t');
}

size_t map_break_len(const struct map_reader *r, size_t at)
{
    size_t left = r->end - at;
    const uint8_t *p = r->data + at;
    if (at >= r->end) {
        return 0;
    }
    if (p[0] == '\r') {
        return left > 1 && p[1] == '\n' ? 2 : 1;
    }
    if (p[0] == '\n') {
        return 1;
    }
    if (p[0] == 0xc2 && left > 1 && p[1] == 0x85) {
        return 2;
    }
    if (p[0] == 0xe2 && left > 2 && p[1] == 0x80 && (p[2] == 0xa8 || p[2] == 0xa9)) {
        return 3;
    }
    return 0;
}

bool map_break_is_lf(const struct map_reader *r, size_t at)
{
    return r->data[at] != 0xe2;
}

void map_add_break(struct map_reader *r, size_t at)
{
    size_t len = map_break_len(r, at);
    if (!map_break_is_lf(r, at) || r->data[at] == '\n') {
        map_add_copy(r, at, at + len);
    } else {
        add_segment(r, at, len, "\n", 1, false);
    }
}

void map_add_breaks(struct map_reader *r, size_t from, size_t to)
{
    while (from < to) {
        size_t len = map_break_len(r, from);
        if (len > 0) {
            map_add_break(r, from);
        }
        from += len > 0 ? len : 1;
    }
}

static bool has_break(const struct map_reader *r, size_t from, size_t to)
{
    for (; from < to; from++) {
        if (map_break_len(r, from) > 0) {
            return true;
        }
    }
    return false;
}

void map_add_folded(struct map_reader *r, size_t first, size_t rest, size_t end)
{
    if (!map_break_is_lf(r, first)) {
        map_add_break(r, first);
    } else if (!has_break(r, rest, end)) {
        add_segment(r, first, map_break_len(r, first), " ", 1, false);
        return;
    }
    map_add_breaks(r, rest, end);
}

/* Blanks and breaks between two pieces of a plain or quoted scalar. */
static void read_gap(struct map_reader *r)
{
    size_t start = r->at;
    while (map_is_blank(r, r->at)) {
        r->at++;
    }
    size_t first = r->at;
    size_t len = map_break_len(r, first);
    if (len == 0) {
        map_add_copy(r, start, r->at);
        return;
    }
    r->at += len;
    size_t rest = r->at;
    while (r->at < r->end && (map_is_blank(r, r->at) || map_break_len(r, r->at) > 0)) {
        size_t more = map_break_len(r, r->at);
        r->at += more > 0 ? more : 1;
    }
    map_add_folded(r, first, rest, r->at);
}

static void read_plain(struct map_reader *r)
{
    while (r->at < r->end && !r->differs && !r->failed) {
        size_t start = r->at;
        while (r->at < r->end && !map_is_blank(r, r->at) && map_break_len(r, r->at) == 0) {
            r->at++;
        }
        map_add_copy(r, start, r->at);
        if (r->at < r->end) {
            read_gap(r);
        }
    }
}

static unsigned hex_value(uint8_t c)
{
    return c >= '0' && c <= '9'   ? (unsigned)(c - '0')
           : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10
           : c >= 'A' && c <= 'F' ? (unsigned)(c - 'A') + 10
                                  : 0;
}

static void read_escape(struct map_reader *r)
{
    static const char letters[] = "0abt\tnvfre \"/\\N_LP";
    static const uint16_t codes[] = {0,  7,   8,   9,   9,    10,   11,   12,     13,
                                     27, ' ', '"', '/', '\\', 0x85, 0xa0, 0x2028, 0x2029};
    size_t start = r->at++;
    if (r->at >= r->end) {
        r->differs = true;
        return;
    }
    uint8_t c = r->data[r->at++];
    uint32_t code = c;
    size_t digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
    const char *letter = c != '\0' ? strchr(letters, c) : NULL;
    if (digits > 0) {
        code = 0;
        for (; digits > 0 && r->at < r->end; digits--) {
            code = code << 4 | hex_value(r->data[r->at++]);
        }
    } else if (letter != NULL) {
        code = codes[letter - letters];
    }
    uint8_t bytes[4];
    size_t len = utf8_encode(code, bytes);
    add_segment(r, start, r->at - start, bytes, len, false);
}

/* A backslash before a line break: both vanish, and the blanks that begin the next line too. */
static void read_escaped_break(struct map_reader *r)
{
    r->at++;
    r->at += map_break_len(r, r->at);
    size_t rest = r->at;
    while (r->at < r->end && (map_is_blank(r, r->at) || map_break_len(r, r->at) > 0)) {
        size_t more = map_break_len(r, r->at);
        r->at += more > 0 ? more : 1;
    }
    map_add_breaks(r, rest, r->at);
}

static void read_quoted(struct map_reader *r, bool single)
{
    uint8_t quote = single ? '\'' : '"';
    r->at++;
    while (r->at < r->end && !r->differs && !r->failed) {
        size_t start = r->at;
        while (r->at < r->end && !map_is_blank(r, r->at) && map_break_len(r, r->at) == 0 &&
               r->data[r->at] != quote && (single || r->data[r->at] != '\\')) {
            r->at++;
        }
        map_add_copy(r, start, r->at);
        if (r->at >= r->end) {
            return;
        }
        uint8_t c = r->data[r->at];
        if (c == quote) {
            if (!single || r->at + 1 >= r->end || r->data[r->at + 1] != quote) {
                return;
            }
            add_segment(r, r->at, 2, "'", 1, false);
            r->at += 2;
        } else if (c == '\\' && !single) {
            if (map_break_len(r, r->at + 1) > 0) {
                read_escaped_break(r);
            } else {
                read_escape(r);
            }
        } else {
            read_gap(r);
        }
    }
}

bool yaml_map_build(struct yaml_map *map, const struct yaml_source *source,
                    const struct yaml_node *node, struct bulla_error *err)
{
    map->count = 0;
    map->node = node;
    map->exact = false;
    if (node->kind != YAML_SCALAR || node->start >= source->text.len) {
        return true;
    }
    bool block = node->style == YAML_LITERAL || node->style == YAML_FOLDED;
    struct map_reader r = {.map = map,
                           .data = source->text.data,
                           .at = node->start,
                           .end = block ? source->text.len : node->end,
                           .want = node->text,
                           .want_len = node->len,
                           .err = err};
    switch (node->style) {
    case YAML_PLAIN:
        read_plain(&r);
        break;
    case YAML_SINGLE:
    case YAML_DOUBLE:
        read_quoted(&r, node->style == YAML_SINGLE);
        break;
    case YAML_LITERAL:
    case YAML_FOLDED:
        map_read_block(&r, node);
        break;
    }
    if (r.failed) {
        return false;
    }
    map->exact = !r.differs && r.made == node->len;
    return true;
}

void yaml_map_release(struct yaml_map *map)
{
    bulla_free(map->segments);
    *map = (struct yaml_map){0};
}

static const struct yaml_segment *find_segment(const struct yaml_map *map, size_t offset)
{
    size_t low = 0;
    size_t high = map->count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (map->segments[middle].decoded <= offset) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return &map->segments[low];
}

size_t yaml_map_start(const struct yaml_map *map, size_t offset)
{
    if (!map->exact || map->count == 0) {
        return map->node->start;
    }
    const struct yaml_segment *segment = find_segment(map, offset);
    return segment->copied ? segment->source + (offset - segment->decoded) : segment->source;
}

size_t yaml_map_end(const struct yaml_map *map, size_t end)
{
    if (!map->exact || map->count == 0 || end == 0) {
        return map->node->start;
    }
    const struct yaml_segment *segment = find_segment(map, end - 1);
    return segment->copied ? segment->source + (end - segment->decoded)
                           : segment->source + segment->source_len;
}
