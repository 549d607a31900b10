#include "infer/ignore_comment.h"

#include <string.h>

#include "bulla/limits.h"
#include "bulla/mem.h"

#include "base/banned.h"

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static struct bulla_bytes skip_blanks(struct bulla_bytes text)
{
    while (text.len > 0 && is_blank(text.data[0])) {
        text = bulla_bytes_slice(text, 1, text.len);
    }
    return text;
}

/* What stands behind WORD, of small letters; false where TEXT does not begin with it in any case.
 */
static bool take_word(struct bulla_bytes *text, const char *word)
{
    size_t len = strlen(word);
    for (size_t i = 0; i < len; i++) {
        uint8_t c = i < text->len ? text->data[i] : 0;
        if ((c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c) != word[i]) {
            return false;
        }
    }
    *text = bulla_bytes_slice(*text, len, text->len);
    return true;
}

/* The comment in LINE: where its "#" stands, and what follows "bulla: ignore". */
static bool find_comment(struct bulla_bytes line, size_t *ret_at, struct bulla_bytes *ret_rest)
{
    for (size_t at = 0; at < line.len; at++) {
        if (line.data[at] != '#' || (at > 0 && !is_blank(line.data[at - 1]))) {
            continue;
        }
        struct bulla_bytes rest = skip_blanks(bulla_bytes_slice(line, at + 1, line.len));
        if (!take_word(&rest, "bulla:")) {
            continue;
        }
        rest = skip_blanks(rest);
        if (take_word(&rest, "ignore") && (rest.len == 0 || is_blank(rest.data[0]))) {
            *ret_at = at;
            *ret_rest = skip_blanks(rest);
            return true;
        }
    }
    return false;
}

static uint32_t column_of(struct bulla_bytes line, size_t at)
{
    uint32_t col = 1;
    for (size_t i = 0; i < at; i++) {
        col += (line.data[i] & 0xC0) != 0x80;
    }
    return col;
}

/* "B405,B406 the reason": one item for each rule. */
static bool add_items(struct ignore_comments *comments, struct bulla_bytes rest, uint32_t line,
                      struct bulla_pos pos, struct bulla_error *err)
{
    size_t end = 0;
    while (end < rest.len && !is_blank(rest.data[end])) {
        end++;
    }
    struct bulla_bytes reason = skip_blanks(bulla_bytes_slice(rest, end, rest.len));
    struct bulla_bytes words = bulla_bytes_slice(rest, 0, end);
    do {
        size_t len = 0;
        while (len < words.len && words.data[len] != ',') {
            len++;
        }
        if (!bulla_grow(&comments->items, &comments->cap, comments->count + 1,
                        sizeof *comments->items, err)) {
            return false;
        }
        comments->items[comments->count++] =
            (struct ignore_comment){.rule = bulla_bytes_slice(words, 0, len),
                                    .line = line,
                                    .pos = pos,
                                    .has_reason = reason.len > 0};
        words = bulla_bytes_slice(words, len + 1, words.len);
    } while (words.len > 0 && comments->count < BULLA_MAX_IGNORES);
    return true;
}

/* Where the items from FIRST on, comments that stand alone, are about LINE. */
static void settle(struct ignore_comments *comments, size_t first, uint32_t line)
{
    for (size_t i = first; i < comments->count; i++) {
        comments->items[i].line = line;
    }
}

bool ignore_comments_read(struct ignore_comments *comments, struct bulla_bytes text,
                          struct bulla_error *err)
{
    size_t waiting = 0; /* items from here on stand alone and wait for their line */
    for (uint32_t number = 1; text.len > 0 && comments->count < BULLA_MAX_IGNORES; number++) {
        const uint8_t *lf = memchr(text.data, '\n', text.len);
        size_t len = lf != NULL ? (size_t)(lf - text.data) : text.len;
        struct bulla_bytes line = bulla_bytes_slice(text, 0, len);
        struct bulla_bytes begin = skip_blanks(line);
        text = bulla_bytes_slice(text, len + 1, text.len);
        bool is_alone = begin.len == 0 || begin.data[0] == '#';
        size_t at = 0;
        struct bulla_bytes rest = bulla_bytes(NULL, 0);
        if (!is_alone) {
            settle(comments, waiting, number);
        }
        struct bulla_pos pos = {number, 0};
        if (find_comment(line, &at, &rest)) {
            pos.col = column_of(line, at);
            if (!add_items(comments, rest, number, pos, err)) {
                return false;
            }
        }
        waiting = is_alone ? waiting : comments->count;
    }
    return true;
}

void ignore_comments_release(struct ignore_comments *comments)
{
    bulla_free(comments->items);
}
