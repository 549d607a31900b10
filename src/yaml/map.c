#include "yaml/yaml.h"

#include <string.h>

#include "base/utf8.h"
#include "bulla/mem.h"

#include "base/banned.h"

/*
 * Reads a scalar's source again the way libyaml does and notes where each decoded byte comes from.
 * What comes out is compared with libyaml's own result, so a difference can only cost precision.
 */
struct reader {
    struct yaml_map *map;
    const uint8_t *data;
    size_t at;
    size_t end;
    const char *want; /* the decoded text, len bytes */
    size_t want_len;
    size_t made; /* decoded bytes so far */
    bool differs;
    struct bulla_error *err;
    bool failed;
};

static void add_segment(struct reader *r, size_t source, size_t source_len, const void *bytes,
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

static void add_copy(struct reader *r, size_t from, size_t to)
{
    add_segment(r, from, to - from, r->data + from, to - from, true);
}

static bool is_blank(const struct reader *r, size_t at)
{
    return at < r->end && (r->data[at] == ' ' || r->data[at] == '\t');
}

/* Bytes of the line break at AT, 0 where none is: CRLF, CR, LF, NEL, LS, PS as in YAML 1.1. */
static size_t break_len(const struct reader *r, size_t at)
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

/* LS and PS stay what they are, every other break is read as LF. */
static bool break_is_lf(const struct reader *r, size_t at)
{
    return r->data[at] != 0xe2;
}

static void add_break(struct reader *r, size_t at)
{
    size_t len = break_len(r, at);
    if (!break_is_lf(r, at) || r->data[at] == '\n') {
        add_copy(r, at, at + len);
    } else {
        add_segment(r, at, len, "\n", 1, false);
    }
}

/* Adds every break between FROM and TO; what else stands there is indentation. */
static void add_breaks(struct reader *r, size_t from, size_t to)
{
    while (from < to) {
        size_t len = break_len(r, from);
        if (len > 0) {
            add_break(r, from);
        }
        from += len > 0 ? len : 1;
    }
}

static bool has_break(const struct reader *r, size_t from, size_t to)
{
    for (; from < to; from++) {
        if (break_len(r, from) > 0) {
            return true;
        }
    }
    return false;
}

/* A first break and those behind it, as folding joins them. */
static void add_folded(struct reader *r, size_t first, size_t rest, size_t end)
{
    if (!break_is_lf(r, first)) {
        add_break(r, first);
    } else if (!has_break(r, rest, end)) {
        add_segment(r, first, break_len(r, first), " ", 1, false);
        return;
    }
    add_breaks(r, rest, end);
}

/* Blanks and breaks between two pieces of a plain or quoted scalar. */
static void read_gap(struct reader *r)
{
    size_t start = r->at;
    while (is_blank(r, r->at)) {
        r->at++;
    }
    size_t first = r->at;
    size_t len = break_len(r, first);
    if (len == 0) {
        add_copy(r, start, r->at);
        return;
    }
    r->at += len;
    size_t rest = r->at;
    while (r->at < r->end && (is_blank(r, r->at) || break_len(r, r->at) > 0)) {
        size_t more = break_len(r, r->at);
        r->at += more > 0 ? more : 1;
    }
    add_folded(r, first, rest, r->at);
}

static void read_plain(struct reader *r)
{
    while (r->at < r->end && !r->differs && !r->failed) {
        size_t start = r->at;
        while (r->at < r->end && !is_blank(r, r->at) && break_len(r, r->at) == 0) {
            r->at++;
        }
        add_copy(r, start, r->at);
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

static void read_escape(struct reader *r)
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
static void read_escaped_break(struct reader *r)
{
    r->at++;
    r->at += break_len(r, r->at);
    size_t rest = r->at;
    while (r->at < r->end && (is_blank(r, r->at) || break_len(r, r->at) > 0)) {
        size_t more = break_len(r, r->at);
        r->at += more > 0 ? more : 1;
    }
    add_breaks(r, rest, r->at);
}

static void read_quoted(struct reader *r, bool single)
{
    uint8_t quote = single ? '\'' : '"';
    r->at++;
    while (r->at < r->end && !r->differs && !r->failed) {
        size_t start = r->at;
        while (r->at < r->end && !is_blank(r, r->at) && break_len(r, r->at) == 0 &&
               r->data[r->at] != quote && (single || r->data[r->at] != '\\')) {
            r->at++;
        }
        add_copy(r, start, r->at);
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
            if (break_len(r, r->at + 1) > 0) {
                read_escaped_break(r);
            } else {
                read_escape(r);
            }
        } else {
            read_gap(r);
        }
    }
}

struct block {
    bool literal;
    char chomp;    /* '+', '-' or 0 */
    size_t indent; /* columns that do not belong to the content */
};

/* Moves over empty lines and the indentation of the next one that is not; returns its column. */
static size_t skip_empty_lines(struct reader *r, size_t indent)
{
    for (;;) {
        size_t column = 0;
        while (column < indent && r->at < r->end && r->data[r->at] == ' ') {
            r->at++;
            column++;
        }
        size_t len = break_len(r, r->at);
        if (len == 0) {
            return column;
        }
        r->at += len;
    }
}

static void read_block_lines(struct reader *r, const struct block *block)
{
    const size_t none = SIZE_MAX;
    size_t leading = none; /* the break that ended the last line */
    bool leading_blank = false;
    size_t empty_from = r->at;
    size_t column = skip_empty_lines(r, block->indent);
    while (column == block->indent && r->at < r->end && !r->differs && !r->failed) {
        bool blank = is_blank(r, r->at);
        bool folds = leading != none && !block->literal && break_is_lf(r, leading) &&
                     !leading_blank && !blank;
        if (folds) {
            add_folded(r, leading, empty_from, r->at);
        } else {
            if (leading != none) {
                add_break(r, leading);
            }
            add_breaks(r, empty_from, r->at);
        }
        leading_blank = blank;
        size_t start = r->at;
        while (r->at < r->end && break_len(r, r->at) == 0) {
            r->at++;
        }
        add_copy(r, start, r->at);
        leading = none;
        if (r->at < r->end) {
            leading = r->at;
            r->at += break_len(r, r->at);
        }
        empty_from = r->at;
        column = skip_empty_lines(r, block->indent);
    }
    if (block->chomp != '-' && leading != none) {
        add_break(r, leading);
    }
    if (block->chomp == '+') {
        add_breaks(r, empty_from, r->at);
    }
}

/* The deepest column among the empty lines at the start and the first other line. */
static size_t detect_indent(const struct reader *r)
{
    size_t deepest = 0;
    for (size_t at = r->at;;) {
        size_t column = 0;
        while (at < r->end && r->data[at] == ' ') {
            at++;
            column++;
        }
        if (column > deepest) {
            deepest = column;
        }
        size_t len = break_len(r, at);
        if (len == 0) {
            return deepest > 0 ? deepest : 1;
        }
        at += len;
    }
}

/* Blanks with which the first line of the decoded text that is not empty begins. */
static size_t count_decoded_blanks(const struct reader *r)
{
    size_t at = 0;
    while (at < r->want_len && r->want[at] == '\n') {
        at++;
    }
    size_t blanks = 0;
    while (at + blanks < r->want_len && r->want[at + blanks] == ' ') {
        blanks++;
    }
    return blanks;
}

/* The header: "|" or ">", chomping, indentation, a comment. True where an indentation is given. */
static bool read_block_header(struct reader *r, struct block *block)
{
    bool given = false;
    bool comment = false;
    r->at++;
    for (; r->at < r->end && break_len(r, r->at) == 0; r->at++) {
        uint8_t c = r->data[r->at];
        comment = comment || c == '#';
        if (!comment && (c == '+' || c == '-')) {
            block->chomp = (char)c;
        }
        given = given || (!comment && c >= '1' && c <= '9');
    }
    r->at += break_len(r, r->at);
    return given;
}

static bool try_indent(struct reader *r, struct block *block, size_t content, size_t indent)
{
    r->at = content;
    r->made = 0;
    r->differs = false;
    r->map->count = 0;
    block->indent = indent;
    read_block_lines(r, block);
    return r->failed || (!r->differs && r->made == r->want_len);
}

/*
 * A written indentation counts from the parent's, which is not known here. Of the lines up to the
 * first with text one is the decoded text's first that is not empty; how many blanks it lost tells.
 */
static void read_with_given_indent(struct reader *r, struct block *block)
{
    const size_t most_tries = 16;
    size_t tries = 0;
    size_t blanks = count_decoded_blanks(r);
    size_t content = r->at;
    size_t line = content;
    for (;;) {
        size_t column = 0;
        while (line < r->end && r->data[line] == ' ') {
            line++;
            column++;
        }
        size_t len = break_len(r, line);
        if (column > blanks && (tries < most_tries || len == 0)) {
            tries++;
            if (try_indent(r, block, content, column - blanks)) {
                return;
            }
        }
        if (len == 0) {
            return;
        }
        line += len;
    }
}

static void read_block(struct reader *r, const struct yaml_node *node)
{
    struct block block = {.literal = node->style == YAML_LITERAL};
    if (read_block_header(r, &block)) {
        read_with_given_indent(r, &block);
        return;
    }
    block.indent = detect_indent(r);
    read_block_lines(r, &block);
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
    struct reader r = {.map = map,
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
        read_block(&r, node);
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
