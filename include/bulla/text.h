/* Text for people: what a terminal may be sent, and how wide it is. */
#ifndef BULLA_TEXT_H
#define BULLA_TEXT_H

#include "bulla/bytes.h"
#include "bulla/error.h"

/*
 * Replaces, in place, every byte of TEXT that is not UTF-8 and every code point that is not
 * printable (controls, line breaks, marks that reorder what is shown) by '?' per byte.
 */
BULLA_API void bulla_text_sanitize(char *text);

/* The code points of TEXT: its width in columns as far as we count. */
BULLA_API size_t bulla_text_columns(const char *text);

/*
 * Takes the first code point of BYTES: returns its length and sets *RET_CODE_POINT, or returns 0
 * where BYTES is empty or does not begin with valid UTF-8.
 */
BULLA_API size_t bulla_text_decode(struct bulla_bytes bytes, uint32_t *ret_code_point);

/* The line and column, from 1, of byte OFFSET in TEXT: lines end at LF, columns count code points.
 */
BULLA_API struct bulla_pos bulla_text_pos(struct bulla_bytes text, size_t offset);

#endif
