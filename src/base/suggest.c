#include "bulla/suggest.h"

#include <ctype.h>
#include <string.h>

#include "base/banned.h"

/* The function itself, as in error.c. */
#undef bulla_suggest_hint

#define MAX_WORD 64

static int fold(char c)
{
    return tolower((unsigned char)c);
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Optimal string alignment distance over three rows; more than MOST where it is more than that. */
static size_t distance(const char *a, size_t a_len, const char *b, size_t b_len, size_t most)
{
    size_t rows[3][MAX_WORD + 1] = {{0}};
    size_t *before = rows[0];
    size_t *last = rows[1];
    size_t *now = rows[2];
    for (size_t j = 0; j <= b_len; j++) {
        last[j] = j;
    }
    for (size_t i = 1; i <= a_len; i++) {
        size_t nearest = i;
        now[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            size_t change = last[j - 1] + (fold(a[i - 1]) != fold(b[j - 1]));
            now[j] = least(change, least(last[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && fold(a[i - 1]) == fold(b[j - 2]) &&
                fold(a[i - 2]) == fold(b[j - 1])) {
                now[j] = least(now[j], before[j - 2] + 1);
            }
            nearest = least(nearest, now[j]);
        }
        /* The next row builds on this one, or, by a swap, on the one before and a step more. */
        if (nearest > most) {
            return nearest;
        }
        size_t *spare = before;
        before = last;
        last = now;
        now = spare;
    }
    return last[b_len];
}

size_t bulla_edit_distance(const char *a, const char *b)
{
    size_t a_len = strlen(a);
    size_t b_len = strlen(b);
    if (a_len > MAX_WORD || b_len > MAX_WORD) {
        return a_len > b_len ? a_len : b_len;
    }
    return distance(a, a_len, b, b_len, MAX_WORD);
}

bool bulla_edit_distance_within(const char *a, const char *b, size_t most)
{
    size_t a_len = strlen(a);
    size_t b_len = strlen(b);
    size_t longer = a_len > b_len ? a_len : b_len;
    if (longer > MAX_WORD || longer <= most) {
        return longer <= most;
    }
    return distance(a, a_len, b, b_len, most) <= most;
}

const char *bulla_suggest(const char *word, const char *const *choices, size_t count)
{
    size_t len = strlen(word);
    if (len == 0 || len > MAX_WORD) {
        return NULL;
    }
    const char *best = NULL;
    size_t best_distance = len / 3 + 2;
    for (size_t i = 0; i < count; i++) {
        size_t choice_len = strlen(choices[i]);
        if (choice_len > MAX_WORD) {
            continue;
        }
        size_t d = distance(word, len, choices[i], choice_len, MAX_WORD);
        if (d < best_distance) {
            best_distance = d;
            best = choices[i];
        }
    }
    return best;
}

const char *bulla_suggest_next(const char *word, const char *best, const char *candidate)
{
    const char *const choices[] = {best != NULL ? best : candidate, candidate};
    return bulla_suggest(word, choices, best != NULL ? 2 : 1);
}

bool bulla_suggest_hint(struct bulla_error *err, const char *nearest, const char *otherwise)
{
    return nearest != NULL ? bulla_error_hint(err, "did you mean '%s'?", nearest)
                           : bulla_error_hint(err, "%s", otherwise);
}
