/* Where the bytes of a literal or folded block scalar come from. */
#include "yaml/map_reader.h"

#include "base/banned.h"

struct block {
    bool literal;
    char chomp;    /* '+', '-' or 0 */
    size_t indent; /* columns that do not belong to the content */
};

/* Moves over empty lines and the indentation of the next one that is not; returns its column. */
static size_t skip_empty_lines(struct map_reader *r, size_t indent)
{
    for (;;) {
        size_t column = 0;
        while (column < indent && r->at < r->end && r->data[r->at] == ' ') {
            r->at++;
            column++;
        }
        size_t len = map_break_len(r, r->at);
        if (len == 0) {
            return column;
        }
        r->at += len;
    }
}

static void read_block_lines(struct map_reader *r, const struct block *block)
{
    const size_t none = SIZE_MAX;
    size_t leading = none; /* the break that ended the last line */
    bool leading_blank = false;
    size_t empty_from = r->at;
    size_t column = skip_empty_lines(r, block->indent);
    while (column == block->indent && r->at < r->end && !r->differs && !r->failed) {
        bool blank = map_is_blank(r, r->at);
        bool folds = leading != none && !block->literal && map_break_is_lf(r, leading) &&
                     !leading_blank && !blank;
        if (folds) {
            map_add_folded(r, leading, empty_from, r->at);
        } else {
            if (leading != none) {
                map_add_break(r, leading);
            }
            map_add_breaks(r, empty_from, r->at);
        }
        leading_blank = blank;
        size_t start = r->at;
        while (r->at < r->end && map_break_len(r, r->at) == 0) {
            r->at++;
        }
        map_add_copy(r, start, r->at);
        leading = none;
        if (r->at < r->end) {
            leading = r->at;
            r->at += map_break_len(r, r->at);
        }
        empty_from = r->at;
        column = skip_empty_lines(r, block->indent);
    }
    if (block->chomp != '-' && leading != none) {
        map_add_break(r, leading);
    }
    if (block->chomp == '+') {
        map_add_breaks(r, empty_from, r->at);
    }
}

/* The deepest column among the empty lines at the start and the first other line. */
static size_t detect_indent(const struct map_reader *r)
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
        size_t len = map_break_len(r, at);
        if (len == 0) {
            return deepest > 0 ? deepest : 1;
        }
        at += len;
    }
}

/* Blanks with which the first line of the decoded text that is not empty begins. */
static size_t count_decoded_blanks(const struct map_reader *r)
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
static bool read_block_header(struct map_reader *r, struct block *block)
{
    bool given = false;
    bool comment = false;
    r->at++;
    for (; r->at < r->end && map_break_len(r, r->at) == 0; r->at++) {
        uint8_t c = r->data[r->at];
        comment = comment || c == '#';
        if (!comment && (c == '+' || c == '-')) {
            block->chomp = (char)c;
        }
        given = given || (!comment && c >= '1' && c <= '9');
    }
    r->at += map_break_len(r, r->at);
    return given;
}

static bool try_indent(struct map_reader *r, struct block *block, size_t content, size_t indent)
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
static void read_with_given_indent(struct map_reader *r, struct block *block)
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
        size_t len = map_break_len(r, line);
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

void map_read_block(struct map_reader *r, const struct yaml_node *node)
{
    struct block block = {.literal = node->style == YAML_LITERAL};
    if (read_block_header(r, &block)) {
        read_with_given_indent(r, &block);
        return;
    }
    block.indent = detect_indent(r);
    read_block_lines(r, &block);
}
