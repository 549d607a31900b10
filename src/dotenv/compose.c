/* Compose's grammar: not line by line, but a cursor over the whole text. */
#include <string.h>

#include "base/text.h"
#include "dotenv/chars.h"
#include "dotenv/dotenv_internal.h"

#include "base/banned.h"

/* Moves to the next statement, over white space and comments; false at the end of the text. */
static bool find_statement(struct parser *p)
{
    while (p->at < p->text.len) {
        uint32_t c = 0;
        size_t len = utf8_decode(bulla_bytes_slice(p->text, p->at, p->text.len), &c);
        if (len > 0 && c == '#') {
            const uint8_t *from = p->text.data + p->at;
            const uint8_t *lf = memchr(from, '\n', p->text.len - p->at);
            p->at = lf != NULL ? (size_t)(lf - p->text.data) : p->text.len;
            continue;
        }
        if (len == 0 || !chars_is_space(c)) {
            return true;
        }
        p->line += c == '\n' ? 1 : 0;
        p->at += len;
    }
    return false;
}

/* Drops "export" where a blank follows. An LF counts as one, though it is not dropped. */
static void skip_export(struct parser *p)
{
    struct bulla_bytes rest = bulla_bytes_slice(p->text, p->at, p->text.len);
    if (!bulla_bytes_start(rest, "export") || rest.len < 7 ||
        memchr("\t\n\f\r ", rest.data[6], 5) == NULL) {
        return;
    }
    p->at = chars_skip_blanks(p->text, p->at + 6);
}

static bool is_conflict_marker(const struct parser *p, size_t at)
{
    return (at == 0 || p->text.data[at - 1] == '\n') &&
           text_is_conflict_marker(bulla_bytes_slice(p->text, at, p->text.len));
}

static bool refuse_character(struct parser *p, size_t name_start, size_t at, size_t len)
{
    /* A broken byte is shown by Compose as the replacement character. */
    struct bulla_bytes character =
        len > 0 ? bulla_bytes_slice(p->text, at, len) : bulla_bytes_of("\xEF\xBF\xBD");
    (void)dotenv_keep_failure(p, BULLA_DOTENV_NAME_CHARACTER, character,
                              dotenv_first_line(p, name_start));
    (void)bulla_error_at(p->err, BULLA_E_SYNTAX, p->file, dotenv_pos(p, at),
                         "unexpected character '%.*s' in a variable name", (int)character.len,
                         (const char *)character.data);
    return bulla_error_hint(p->err, is_conflict_marker(p, at)
                                        ? TEXT_CONFLICT_HINT
                                        : "quote the value before it, or write NAME=VALUE");
}

/*
 * Finds what ends the name at START: "=", ":", LF, or the end of the text (*ret_end is its length
 * then).
 */
static bool find_name_end(struct parser *p, size_t start, size_t *ret_end)
{
    size_t at = start;
    while (at < p->text.len) {
        uint32_t c = p->text.data[at];
        size_t len = c < 0x80 ? 1 : utf8_decode(bulla_bytes_slice(p->text, at, 4), &c);
        if (c == '=' || c == ':' || c == '\n') {
            break;
        }
        if (len == 0 || (!chars_is_blank(c) && memchr("_.-[]", (int)c, c < 0x80 ? 5 : 0) == NULL &&
                         !chars_is_letter_or_number(c))) {
            return refuse_character(p, start, at, len);
        }
        at += len;
    }
    *ret_end = at;
    return true;
}

static bool refuse_space(struct parser *p, const uint8_t *space)
{
    (void)dotenv_keep_failure(p, BULLA_DOTENV_NAME_SPACE, bulla_bytes(NULL, 0),
                              bulla_bytes(NULL, 0));
    (void)bulla_error_at(p->err, BULLA_E_SYNTAX, p->file,
                         dotenv_pos(p, (size_t)(space - p->text.data)),
                         "a variable name cannot contain a space");
    return bulla_error_hint(p->err, "quote the value before it, or write NAME=VALUE");
}

/* One statement: "export", a name, and what follows it. */
static bool read_statement(struct parser *p)
{
    struct bulla_dotenv_entry entry = {.start = p->at};
    skip_export(p);
    size_t start = p->at;
    if (start == p->text.len) {
        (void)dotenv_keep_failure(p, BULLA_DOTENV_NAME_MISSING, bulla_bytes(NULL, 0),
                                  bulla_bytes(NULL, 0));
        return bulla_error_at(p->err, BULLA_E_SYNTAX, p->file, dotenv_pos(p, start),
                              "no variable name after 'export'");
    }
    size_t end = 0;
    if (!find_name_end(p, start, &end)) {
        return false;
    }
    if (end == p->text.len) {
        /* Compose takes an unfinished last line for the value of the empty name. */
        entry.name = bulla_bytes(p->text.data + start, 0);
        entry.pos = dotenv_pos(p, start);
        return dotenv_read_value(p, &entry) && dotenv_add(p, entry);
    }
    const uint8_t *name = p->text.data + start;
    entry.bare = p->text.data[end] == '\n';
    /* Compose forgets to count the line of a bare name that a space follows. */
    if (entry.bare && memchr(name, ' ', end - start) == NULL) {
        p->line++;
    }
    size_t name_end = chars_trim_end(p->text, start, end);
    const uint8_t *space = memchr(name, ' ', name_end - start);
    if (space != NULL) {
        return refuse_space(p, space);
    }
    entry.name = bulla_bytes(name, name_end - start);
    entry.pos = dotenv_pos(p, start);
    if (entry.bare) {
        entry.value_pos = dotenv_pos(p, name_end);
        entry.value_start = entry.value_end = entry.end = name_end;
        p->at = chars_skip_blanks(p->text, end + 1);
        return dotenv_read_bare(p, &entry) && dotenv_add(p, entry);
    }
    p->at = chars_skip_blanks(p->text, end + 1);
    return dotenv_read_value(p, &entry) && dotenv_add(p, entry);
}

bool dotenv_parse_compose(struct parser *p)
{
    while (find_statement(p)) {
        if (!read_statement(p)) {
            return false;
        }
    }
    return true;
}
