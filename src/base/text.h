/* Small helpers for bounded text; layer 0. */
#ifndef BULLA_BASE_TEXT_H
#define BULLA_BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "bulla/bytes.h"

/*
 * Formats into OUT (CAP bytes, NUL included), cutting silently, then replaces control characters
 * and broken UTF-8 by '?', so that text from a file cannot drive a terminal.
 */
void text_put(char *out, size_t cap, const char *fmt, va_list args)
    __attribute__((format(printf, 3, 0)));

/* Replaces what text_put replaces, in place. */
void text_sanitize(char *text);

/* True where TEXT begins with one of the lines that git puts around the sides of a conflict. */
bool text_is_conflict_marker(struct bulla_bytes text);

/* What to do about one, for a hint: which lines are right is not known here. */
#define TEXT_CONFLICT_HINT "a merge left its markers: keep the lines of one side, or of both"

#endif
