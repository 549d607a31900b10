/* "Did you mean": the nearest of some known words. */
#ifndef BULLA_SUGGEST_H
#define BULLA_SUGGEST_H

#include <stddef.h>

#include "bulla/attrs.h"

/*
 * The one of COUNT words in CHOICES nearest to WORD by edit distance (a swap of neighbours counts
 * one, case does not count), or NULL when none is nearer than a third of WORD's length plus one.
 * Words over 64 bytes have no neighbours. Borrowed from CHOICES.
 */
BULLA_API const char *bulla_suggest(const char *word, const char *const *choices, size_t count);

/*
 * Edit distance of two words (a swap of neighbours counts one, case does not count); a word over 64
 * bytes is as far as it is long.
 */
BULLA_API size_t bulla_edit_distance(const char *a, const char *b);

#endif
