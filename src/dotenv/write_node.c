/*
 * Node's dotenv takes nothing between quotes away but `\n` and `\r` between double ones, so what
 * can be written depends on which quotes the value has. The reader matches, in this order:
 * a quote, then escaped quotes and other bytes as far as they go, then the quote and the end of
 * the line or a comment; failing that the whole line up to a "#". Outer quotes are then dropped
 * where the first and the last byte agree.
 */
#include <string.h>

#include "dotenv/chars.h"
#include "dotenv/write_internal.h"

#include "base/banned.h"

/* How the bytes of a value stand between the quotes. */
struct spelling {
    char quote;
    bool escape_cr;
    bool escape_lf;
};

/* Single quotes and backticks hold everything as it is; a raw CR would become an LF. */
static const struct spelling spellings[] = {
    {'\'', false, false}, {'`', false, false}, {'"', true, false}, {'"', true, true}};

#define SPELLING_COUNT (sizeof spellings / sizeof spellings[0])

static bool has_text(struct bulla_bytes value, const char *text)
{
    return value.data != NULL && memmem(value.data, value.len, text, strlen(text)) != NULL;
}

/* False where the reader would change a byte whatever ends the match. */
static bool is_kept(struct bulla_bytes value, const struct spelling *spelling)
{
    return spelling->escape_cr ? !has_text(value, "\\n") && !has_text(value, "\\r")
                               : !write_has(value, '\r');
}

/* One line to JavaScript, and no "#": then the reader's last resort is the whole line. */
static bool is_whole_line(struct bulla_bytes value, const struct spelling *spelling)
{
    return !write_has(value, '#') && (spelling->escape_lf || !write_has(value, '\n')) &&
           !has_text(value, "\xE2\x80\xA8") && !has_text(value, "\xE2\x80\xA9");
}

/* True where VALUE has the quote with no backslash before it: no match runs past that. */
static bool has_bare_quote(struct bulla_bytes value, char quote)
{
    for (size_t i = 0; i < value.len; i++) {
        if (value.data[i] == (uint8_t)quote && (i == 0 || value.data[i - 1] != '\\')) {
            return true;
        }
    }
    return false;
}

/*
 * Reads back whatever else the file holds, though the quote stands inside: all of them are escaped,
 * so that the match runs over them, or one is not, so that it stops there and the line is taken.
 */
static bool is_harmless(struct bulla_bytes value, const struct spelling *spelling)
{
    if (!is_kept(value, spelling) || !write_has(value, spelling->quote)) {
        return false;
    }
    return has_bare_quote(value, spelling->quote) ? is_whole_line(value, spelling)
                                                  : !write_ends(value, '\\');
}

/* Reads back whatever else the file holds: nothing inside can be taken for the closing quote. */
static bool is_clear(struct bulla_bytes value, const struct spelling *spelling)
{
    return is_kept(value, spelling) && !write_has(value, spelling->quote) &&
           !write_ends(value, '\\');
}

/* Ends in a backslash; reads back unless a later quote of its kind ends a match there. */
static bool is_likely(struct bulla_bytes value, const struct spelling *spelling)
{
    return is_kept(value, spelling) && !write_has(value, spelling->quote);
}

static bool is_bare(struct bulla_bytes value)
{
    return write_ends(value, '\\') && strchr("'`\"", value.data[0]) == NULL &&
           !write_has(value, '#') && !write_has(value, '\n') && !write_has(value, '\r') &&
           !bulla_bytes_start(value, "\xEF\xBB\xBF") && chars_skip_spaces(value, 0, value.len) == 0;
}

static const struct spelling *choose_spelling(struct bulla_bytes value)
{
    for (size_t i = 0; i < SPELLING_COUNT; i++) {
        bool double_quotes = spellings[i].quote == '"';
        if (is_clear(value, &spellings[i]) ||
            (double_quotes && is_harmless(value, &spellings[i]))) {
            return &spellings[i];
        }
    }
    for (size_t i = 0; i < SPELLING_COUNT; i++) {
        if (is_harmless(value, &spellings[i])) {
            return &spellings[i];
        }
    }
    for (size_t i = SPELLING_COUNT - 1; i > 0; i--) {
        if (is_likely(value, &spellings[i - 1])) {
            return &spellings[i - 1];
        }
    }
    return NULL;
}

const char *write_node(struct bulla_bytes value, struct bulla_buf *out)
{
    if (is_bare(value)) {
        bulla_buf_add_bytes(out, value);
        return NULL;
    }
    const struct spelling *spelling = choose_spelling(value);
    if (spelling == NULL) {
        return "it mixes quotes, '#', line ends or '\\n' in a way that has no notation";
    }
    bulla_buf_putc(out, spelling->quote);
    for (size_t i = 0; i < value.len; i++) {
        uint8_t c = value.data[i];
        if (c == '\r' && spelling->escape_cr) {
            bulla_buf_puts(out, "\\r");
        } else if (c == '\n' && spelling->escape_lf) {
            bulla_buf_puts(out, "\\n");
        } else {
            bulla_buf_add(out, &c, 1);
        }
    }
    bulla_buf_putc(out, spelling->quote);
    return NULL;
}
