/* "Did you mean": the nearest of some known words. */
#ifndef BULLA_SUGGEST_H
#define BULLA_SUGGEST_H

#include <stddef.h>

#include "bulla/error.h"

/*
 * The one of COUNT words in CHOICES nearest to WORD by edit distance (a swap of neighbours counts
 * one, case does not count), or NULL when none is nearer than a third of WORD's length plus one.
 * Words over 64 bytes have no neighbours. Borrowed from CHOICES.
 */
BULLA_API const char *bulla_suggest(const char *word, const char *const *choices, size_t count);

/*
 * The same for words that are in no array: BEST (NULL at first) or, where it is nearer to WORD or
 * there is no BEST yet, CANDIDATE; NULL where it is not near either.
 */
BULLA_API const char *bulla_suggest_next(const char *word, const char *best, const char *candidate);

/* Sets the hint of ERR: did you mean NEAREST? Or, where that is NULL, OTHERWISE. Returns false. */
BULLA_API bool bulla_suggest_hint(struct bulla_error *err, const char *nearest,
                                  const char *otherwise);

#if defined(__clang_analyzer__) || defined(BULLA_ANALYZER) /* as in error.h */
#define bulla_suggest_hint(...) (bulla_suggest_hint(__VA_ARGS__), false)
#endif

/*
 * Edit distance of two words (a swap of neighbours counts one, case does not count); a word over 64
 * bytes is as far as it is long.
 */
BULLA_API size_t bulla_edit_distance(const char *a, const char *b);

/* True where that distance is at most MOST; where it is more the words are read only so far. */
BULLA_API bool bulla_edit_distance_within(const char *a, const char *b, size_t most);

#endif
