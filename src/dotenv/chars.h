/* Classes of characters as Go's unicode package and compose-go's parser have them; layer 2. */
#ifndef BULLA_DOTENV_CHARS_H
#define BULLA_DOTENV_CHARS_H

#include "bulla/bytes.h"

/* Unicode categories L and N: what a name may hold besides `_ . - [ ]`. */
bool chars_is_letter_or_number(uint32_t code_point);

/* Tab, VT, FF, CR, space, U+0085, U+00A0: white space inside a statement. */
bool chars_is_blank(uint32_t code_point);

/* Unicode White_Space, LF included. */
bool chars_is_space(uint32_t code_point);

/* The first offset from AT on that holds no blank. */
size_t chars_skip_blanks(struct bulla_bytes text, size_t at);

/* The first offset from START on, at most END, that holds no white space (chars_is_space). */
size_t chars_skip_spaces(struct bulla_bytes text, size_t start, size_t end);

/* END moved before the white space (chars_is_space) that ends the bytes from START to END. */
size_t chars_trim_end(struct bulla_bytes text, size_t start, size_t end);

#endif
