/* UTF-8: validation, decoding, positions; layer 0. */
#ifndef BULLA_BASE_UTF8_H
#define BULLA_BASE_UTF8_H

#include "bulla/bytes.h"
#include "bulla/error.h"

/*
 * Decodes the first code point of TEXT. Returns its length in bytes, 0 for an empty or broken
 * sequence (overlong forms, surrogates and values over U+10FFFF are broken: RFC 3629).
 */
size_t utf8_decode(struct bulla_bytes text, uint32_t *ret_code_point);

/* Writes CODE_POINT to OUT and returns its length, 0 where it is no scalar value. */
size_t utf8_encode(uint32_t code_point, uint8_t out[static 4]);

/* True when all of TEXT is well formed; else *ret_offset (may be NULL) is the first bad byte's. */
bool utf8_is_valid(struct bulla_bytes text, size_t *ret_offset);

/* Code points in TEXT; a broken byte counts one. */
size_t utf8_count(struct bulla_bytes text);

/* False for C0 and C1 controls, DEL, line and paragraph separators, and bidirectional overrides. */
bool utf8_is_printable(uint32_t code_point);

/* The line and column of byte OFFSET in TEXT: lines end at LF, columns count code points. */
struct bulla_pos utf8_pos(struct bulla_bytes text, size_t offset);

/* A place that only moves forward: positions of many offsets in one pass over the text. */
struct utf8_cursor {
    size_t offset;
    struct bulla_pos pos;
};

/* Moves CURSOR to byte OFFSET of TEXT, not before where it is, and returns its position. */
struct bulla_pos utf8_cursor_move(struct utf8_cursor *cursor, struct bulla_bytes text,
                                  size_t offset);

#endif
