/* Case-insensitive searching in views, for shape/ only; keeps no copy of what it looks at. */
#ifndef BULLA_SHAPE_WORDS_H
#define BULLA_SHAPE_WORDS_H

#include "bulla/bytes.h"

/* True when WORD (lower case) stands anywhere in TEXT, any case. */
bool shape_contains(struct bulla_bytes text, const char *word);

/* True when TEXT is WORD (lower case), begins or ends with it, any case. */
bool shape_is(struct bulla_bytes text, const char *word);
bool shape_starts(struct bulla_bytes text, const char *word);
bool shape_ends(struct bulla_bytes text, const char *word);

/*
 * The last word of the name TEXT, which ends at *END; *END moves before it. Words stand between
 * underscores, dashes and dots.
 */
struct bulla_bytes shape_last_word(const char *text, size_t *end);

#endif
