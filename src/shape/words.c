#include "shape/words.h"

#include <string.h>

#include "base/banned.h"

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c + ('a' - 'A')) : c;
}

static bool matches_at(struct bulla_bytes text, size_t at, const char *word, size_t len)
{
    if (len > text.len - at) {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        if (lower(text.data[at + i]) != (uint8_t)word[i]) {
            return false;
        }
    }
    return true;
}

bool shape_contains(struct bulla_bytes text, const char *word)
{
    size_t len = strlen(word);
    for (size_t at = 0; at + len <= text.len; at++) {
        if (matches_at(text, at, word, len)) {
            return true;
        }
    }
    return false;
}

bool shape_is(struct bulla_bytes text, const char *word)
{
    size_t len = strlen(word);
    return text.len == len && matches_at(text, 0, word, len);
}

bool shape_starts(struct bulla_bytes text, const char *word)
{
    return matches_at(text, 0, word, strlen(word));
}

bool shape_ends(struct bulla_bytes text, const char *word)
{
    size_t len = strlen(word);
    return text.len >= len && matches_at(text, text.len - len, word, len);
}

struct bulla_bytes shape_last_word(const char *text, size_t *end)
{
    size_t start = *end;
    while (start > 0 && text[start - 1] != '_' && text[start - 1] != '-' &&
           text[start - 1] != '.') {
        start--;
    }
    struct bulla_bytes word = bulla_bytes(text + start, *end - start);
    *end = start > 0 ? start - 1 : 0;
    return word;
}
