#include "staged_lines.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "bulla/limits.h"

/* What is done with the settings of a text. */
struct lines {
    staged_line_fn fn;
    void *ctx;
    uint32_t number;
};

static bool is_blank(uint8_t byte)
{
    return byte == ' ' || byte == '\t';
}

static bool is_quote(uint8_t byte)
{
    return byte == '"' || byte == '\'';
}

static size_t skip_blanks(struct bulla_bytes text, size_t at)
{
    while (at < text.len && is_blank(text.data[at])) {
        at++;
    }
    return at;
}

/* What stands behind "NAME=": without its quotes, or up to a comment. */
static struct bulla_bytes value_of(struct bulla_bytes rest)
{
    size_t start = skip_blanks(rest, 0);
    size_t end = start;
    uint8_t quote = start < rest.len ? rest.data[start] : '\0';
    if (is_quote(quote)) {
        end = ++start;
        while (end < rest.len && rest.data[end] != quote) {
            end += rest.data[end] == '\\' && quote == '"' && end + 1 < rest.len ? 2 : 1;
        }
    } else {
        while (end < rest.len &&
               (rest.data[end] != '#' || end == 0 || !is_blank(rest.data[end - 1]))) {
            end++;
        }
    }
    while (end > start && is_blank(rest.data[end - 1])) {
        end--;
    }
    return bulla_bytes_slice(rest, start, end - start);
}

/* --- the first name of a line ----------------------------------------------------------------- */

/* Behind the word of TEXT at AT. */
static size_t skip_word(struct bulla_bytes text, size_t at)
{
    while (at < text.len && !is_blank(text.data[at])) {
        at++;
    }
    return at;
}

/* Behind words that shells have before a name, with their options. */
static size_t skip_words(struct bulla_bytes text, size_t at)
{
    static const char *const words[] = {"export", "declare", "typeset", "readonly", "local", "set"};
    bool is_option = false;
    for (;;) {
        size_t start = skip_blanks(text, at);
        struct bulla_bytes word = bulla_bytes_slice(text, start, skip_word(text, start) - start);
        bool is_skipped = is_option && bulla_bytes_start(word, "-");
        for (size_t i = 0; !is_skipped && i < sizeof words / sizeof *words; i++) {
            is_skipped = bulla_bytes_are(word, words[i]);
        }
        if (!is_skipped || start + word.len == text.len) {
            return start;
        }
        is_option = true;
        at = start + word.len;
    }
}

/* Where a name stands, and what belongs to it. */
struct place {
    size_t start;
    size_t end;
    size_t value; /* behind the sign */
    bool is_quoted;
    bool is_equal; /* '=', not ':' */
};

/* False where no "NAME=" or "NAME:" is at AT. */
static bool find_name(struct bulla_bytes text, size_t at, struct place *ret)
{
    uint8_t quote = at < text.len && is_quote(text.data[at]) ? text.data[at] : '\0';
    size_t start = at + (quote != '\0');
    size_t end = start;
    while (end < text.len && (isalnum(text.data[end]) != 0 || text.data[end] == '_')) {
        end++;
    }
    bool is_closed = quote != '\0' && end < text.len && text.data[end] == quote;
    size_t sign = skip_blanks(text, end + is_closed);
    if (end == start || end - start > BULLA_MAX_NAME_BYTES || sign >= text.len ||
        (text.data[sign] != '=' && text.data[sign] != ':')) {
        return false;
    }
    *ret = (struct place){.start = start,
                          .end = end,
                          .value = sign + 1,
                          .is_quoted = is_closed,
                          .is_equal = text.data[sign] == '='};
    return true;
}

static void tell(const struct lines *lines, struct bulla_bytes text, const struct place *place,
                 struct bulla_bytes value, bool is_template)
{
    char name[BULLA_MAX_NAME_BYTES + 1];
    (void)snprintf(name, sizeof name, "%.*s", (int)(place->end - place->start),
                   (const char *)text.data + place->start);
    const struct staged_line line = {.name = name,
                                     .value = value,
                                     .is_template = is_template,
                                     .pos = {lines->number, (uint32_t)place->start + 1}};
    lines->fn(lines->ctx, &line);
}

/* --- lines ------------------------------------------------------------------------------------ */

/* Behind the value of a quoted name whose line may go on: JSON. */
static size_t skip_value(struct bulla_bytes text, size_t at)
{
    at = skip_blanks(text, at);
    uint8_t quote = at < text.len && is_quote(text.data[at]) ? text.data[at] : '\0';
    if (quote != '\0') {
        for (at++; at < text.len && text.data[at] != quote; at++) {
            at += text.data[at] == '\\';
        }
        return at + 1;
    }
    while (at < text.len && text.data[at] != ',' && text.data[at] != '{') {
        at++;
    }
    return at;
}

/* "{", "null" and "true" of JSON are no text. */
static bool has_text(struct bulla_bytes text, const struct place *place)
{
    size_t at = skip_blanks(text, place->value);
    return !place->is_quoted || place->is_equal ||
           (at < text.len && (is_quote(text.data[at]) || isdigit(text.data[at]) != 0));
}

static void look_at_line(const struct lines *lines, struct bulla_bytes text)
{
    struct place place;
    for (size_t at = skip_words(text, 0); at < text.len;) {
        while (at < text.len && (is_blank(text.data[at]) || strchr("{,", text.data[at]) != NULL)) {
            at++;
        }
        if (!find_name(text, at, &place)) {
            return;
        }
        struct bulla_bytes rest = bulla_bytes_slice(text, place.value, text.len);
        size_t quote = skip_blanks(rest, 0);
        if (has_text(text, &place)) {
            tell(lines, text, &place, value_of(rest),
                 quote == rest.len || rest.data[quote] != '\'');
        }
        at = place.is_quoted && !place.is_equal ? skip_value(text, place.value) : text.len;
    }
}

/* --- a shell's lines -------------------------------------------------------------------------- */

static bool is_separator(uint8_t byte)
{
    return is_blank(byte) || strchr(";&|()", byte) != NULL;
}

/* Behind the word at START, as a shell takes it; *RET_IS_CLOSED: nothing in it is left open. */
static size_t find_word_end(struct bulla_bytes text, size_t start, bool *ret_is_closed)
{
    size_t depth = 0; /* of "$(" and "${" */
    uint8_t quote = '\0';
    size_t at = start;
    for (; at < text.len && (depth > 0 || quote != '\0' || !is_separator(text.data[at])); at++) {
        uint8_t byte = text.data[at];
        if (byte == '\\' && quote != '\'') {
            at++;
        } else if (quote != '\'' && byte == '$' && at + 1 < text.len &&
                   (text.data[at + 1] == '(' || text.data[at + 1] == '{')) {
            depth++;
            at++;
        } else if (depth > 0 && quote != '\'' && (byte == ')' || byte == '}')) {
            depth--;
        } else if (quote == '\0' ? is_quote(byte) || byte == '`' : byte == quote && depth == 0) {
            quote = quote == '\0' && depth == 0 ? byte : '\0';
        }
    }
    *ret_is_closed = depth == 0 && quote == '\0' && at <= text.len;
    return at < text.len ? at : text.len;
}

/* The word "NAME=value" from PLACE to END. */
static void tell_word(const struct lines *lines, struct bulla_bytes text, const struct place *place,
                      size_t end)
{
    struct bulla_bytes value = bulla_bytes_slice(text, place->value, end - place->value);
    uint8_t quote = value.len > 1 && is_quote(value.data[0]) ? value.data[0] : '\0';
    if (quote != '\0' && value.data[value.len - 1] == quote) {
        value = bulla_bytes_slice(value, 1, value.len - 2);
    }
    tell(lines, text, place, value, quote != '\'');
}

static void look_at_more(const struct lines *lines, struct bulla_bytes text)
{
    struct place place;
    bool is_closed = true;
    size_t first = skip_words(text, 0);
    size_t at = find_name(text, first, &place) ? place.value : first;
    if (first == text.len || text.data[first] == '#') {
        return;
    }
    for (at = find_word_end(text, at, &is_closed); is_closed && at < text.len;) {
        while (at < text.len && is_separator(text.data[at])) {
            at++;
        }
        if (at == text.len || text.data[at] == '#') {
            return;
        }
        size_t end = find_word_end(text, at, &is_closed);
        if (is_closed && find_name(text, at, &place) && place.is_equal && place.value <= end) {
            tell_word(lines, text, &place, end);
        }
        at = end;
    }
}

static void each_line(struct lines *lines, struct bulla_bytes text,
                      void (*look)(const struct lines *lines, struct bulla_bytes line))
{
    size_t start = 0;
    for (size_t at = 0; at <= text.len; at++) {
        uint8_t byte = at < text.len ? text.data[at] : '\n';
        if (byte == '\n' || byte == '\r') {
            look(lines, bulla_bytes_slice(text, start, at - start));
            start = at + 1;
            lines->number += byte == '\n';
        }
    }
}

void staged_lines_each(struct bulla_bytes text, uint32_t number, staged_line_fn fn, void *ctx)
{
    struct lines lines = {.fn = fn, .ctx = ctx, .number = number};
    each_line(&lines, text, look_at_line);
}

void staged_lines_each_more(struct bulla_bytes text, uint32_t number, staged_line_fn fn, void *ctx)
{
    struct lines lines = {.fn = fn, .ctx = ctx, .number = number};
    each_line(&lines, text, look_at_more);
}
