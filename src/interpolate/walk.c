#include "interpolate/walk.h"

#include <string.h>

#include "base/banned.h"

void walk_init(struct walk *walk, struct bulla_bytes text, size_t start, size_t len, unsigned depth)
{
    *walk = (struct walk){
        .text = text, .start = start, .end = start + len, .depth = depth, .at = start};
}

void walk_operand(struct walk *walk, struct bulla_bytes text, const struct bulla_ref *ref)
{
    size_t start = ref->operand.len > 0 ? (size_t)(ref->operand.data - text.data) : 0;
    walk_init(walk, text, start, ref->operand.len, ref->depth + 1);
}

/*
 * The length of the name character at AT, 0 where there is none. Compose's pattern ignores case in
 * a Unicode engine, where the long s (U+017F) folds to "s" and the Kelvin sign (U+212A) to "k".
 */
static size_t measure_name_char(const struct walk *walk, size_t at, bool first)
{
    const uint8_t *p = walk->text.data + at;
    size_t left = walk->end - at;
    if (left == 0) {
        return 0;
    }
    if ((*p >= 'A' && *p <= 'Z') || (*p >= 'a' && *p <= 'z') || *p == '_' ||
        (!first && *p >= '0' && *p <= '9')) {
        return 1;
    }
    if (left >= 2 && p[0] == 0xC5 && p[1] == 0xBF) {
        return 2;
    }
    return left >= 3 && p[0] == 0xE2 && p[1] == 0x84 && p[2] == 0xAA ? 3 : 0;
}

static size_t find_name_end(const struct walk *walk, size_t start)
{
    size_t at = start;
    for (size_t len = measure_name_char(walk, at, true); len > 0;
         len = measure_name_char(walk, at, false)) {
        at += len;
    }
    return at;
}

/* Reads the operator at AT; its length, 0 where there is none. */
static size_t read_operator(const struct walk *walk, size_t at, enum bulla_ref_op *ret_op)
{
    size_t colon = at < walk->end && walk->text.data[at] == ':' ? 1 : 0;
    if (at + colon >= walk->end) {
        return 0;
    }
    switch (walk->text.data[at + colon]) {
    case '-':
        *ret_op = colon > 0 ? BULLA_REF_DEFAULT_NONEMPTY : BULLA_REF_DEFAULT;
        break;
    case '?':
        *ret_op = colon > 0 ? BULLA_REF_REQUIRED_NONEMPTY : BULLA_REF_REQUIRED;
        break;
    case '+':
        *ret_op = colon > 0 ? BULLA_REF_REPLACE_NONEMPTY : BULLA_REF_REPLACE;
        break;
    default:
        return 0;
    }
    return colon + 1;
}

/* The last "}" on the line of AT, kept per line so that many references cost one look. */
static size_t find_last_close(struct walk *walk, size_t at)
{
    if (!walk->line_known || at > walk->line_end) {
        const uint8_t *data = walk->text.data;
        const uint8_t *lf = memchr(data + at, '\n', walk->end - at);
        walk->line_end = lf != NULL ? (size_t)(lf - data) : walk->end;
        const uint8_t *close = memrchr(data + at, '}', walk->line_end - at);
        walk->last_close = close != NULL ? (size_t)(close - data) : WALK_NOWHERE;
        walk->line_known = true;
    }
    return walk->last_close != WALK_NOWHERE && walk->last_close >= at ? walk->last_close
                                                                      : WALK_NOWHERE;
}

/* The "}" that ends the reference at START by Compose's count, at most LAST. */
static size_t find_close(const struct walk *walk, size_t start, size_t last)
{
    size_t open = 0;
    for (size_t at = start; at < last; at++) {
        uint8_t c = walk->text.data[at];
        if (c == '{') {
            open++;
            at++; /* the byte behind a brace is not looked at */
        } else if (c == '}' && --open == 0) {
            return at;
        }
    }
    return last;
}

static enum walk_token read_braced(struct walk *walk, struct bulla_ref *ret_ref)
{
    const uint8_t *data = walk->text.data;
    size_t start = walk->at;
    size_t name = start + 2;
    size_t name_end = find_name_end(walk, name);
    *ret_ref = (struct bulla_ref){
        .start = start, .end = name, .depth = walk->depth, .braced = true, .op = BULLA_REF_PLAIN};
    walk->at = name;
    if (name_end == name || name_end == walk->end) {
        return WALK_INVALID;
    }
    if (data[name_end] == '}') {
        ret_ref->name = bulla_bytes(data + name, name_end - name);
        ret_ref->end = walk->at = name_end + 1;
        return WALK_REFERENCE;
    }
    enum bulla_ref_op op = BULLA_REF_PLAIN;
    size_t operand = name_end + read_operator(walk, name_end, &op);
    size_t last = operand > name_end ? find_last_close(walk, operand) : WALK_NOWHERE;
    if (last == WALK_NOWHERE) {
        return WALK_INVALID;
    }
    size_t close = find_close(walk, start, last);
    ret_ref->name = bulla_bytes(data + name, name_end - name);
    ret_ref->op = op;
    ret_ref->operand = bulla_bytes(data + operand, close - operand);
    ret_ref->end = walk->at = close + 1;
    walk->tail_start = close + 1;
    walk->tail_end = last + 1;
    return WALK_REFERENCE;
}

enum walk_token walk_next(struct walk *walk, struct bulla_bytes *ret_literal,
                          struct bulla_ref *ret_ref)
{
    if (walk->at >= walk->end) {
        return WALK_END;
    }
    const uint8_t *data = walk->text.data;
    size_t start = walk->at;
    const uint8_t *dollar = memchr(data + start, '$', walk->end - start);
    size_t at = dollar != NULL ? (size_t)(dollar - data) : walk->end;
    if (at > start) {
        *ret_literal = bulla_bytes(data + start, at - start);
        walk->at = at;
        return WALK_TEXT;
    }
    uint8_t next = at + 1 < walk->end ? data[at + 1] : '\0';
    if (next == '$') {
        walk->at = at + 2;
        return WALK_ESCAPE;
    }
    if (next == '{') {
        return read_braced(walk, ret_ref);
    }
    size_t name_end = find_name_end(walk, at + 1);
    walk->at = name_end;
    if (name_end == at + 1) {
        *ret_literal = bulla_bytes(data + at, 1);
        return WALK_TEXT;
    }
    *ret_ref = (struct bulla_ref){.start = at, .end = name_end, .depth = walk->depth};
    ret_ref->name = bulla_bytes(data + at + 1, name_end - at - 1);
    return WALK_REFERENCE;
}

void walk_skip_tail(struct walk *walk)
{
    if (walk->at < walk->tail_end) {
        walk->at = walk->tail_end;
    }
}

struct bulla_bytes walk_fragment(const struct walk *walk, size_t at)
{
    return at < walk->tail_end
               ? bulla_bytes(walk->text.data + walk->tail_start, walk->tail_end - walk->tail_start)
               : bulla_bytes(walk->text.data + walk->start, walk->end - walk->start);
}
