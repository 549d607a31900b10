#include "shape/words.h"

#include <string.h>

#include "base/banned.h"

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c + ('a' - 'A')) : c;
}

/* Names and values are held against long lists of words, most of which differ at once. */
static bool begins_at(struct bulla_bytes text, size_t at, const char *word)
{
    for (size_t i = 0; word[i] != '\0'; i++) {
        if (at + i >= text.len || lower(text.data[at + i]) != (uint8_t)word[i]) {
            return false;
        }
    }
    return true;
}

bool shape_contains(struct bulla_bytes text, const char *word)
{
    size_t at = 0;
    while (at < text.len && !begins_at(text, at, word)) {
        at++;
    }
    return at < text.len || word[0] == '\0';
}

bool shape_is(struct bulla_bytes text, const char *word)
{
    return begins_at(text, 0, word) && strlen(word) == text.len;
}

bool shape_starts(struct bulla_bytes text, const char *word)
{
    return begins_at(text, 0, word);
}

bool shape_ends(struct bulla_bytes text, const char *word)
{
    size_t len = strlen(word);
    return text.len >= len && begins_at(text, text.len - len, word);
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
