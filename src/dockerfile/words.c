/* Words of an instruction, and their text without quotes and escapes. */
#include <string.h>

#include "dockerfile/internal.h"

#include "base/banned.h"

bool docker_next_plain_word(const struct parser *p, size_t *at, size_t end, struct word *ret_word)
{
    const uint8_t *text = p->line.data;
    size_t i = *at;
    while (i < end && docker_is_blank(text[i])) {
        i++;
    }
    ret_word->start = i;
    while (i < end && !docker_is_blank(text[i])) {
        i++;
    }
    ret_word->end = i;
    *at = i;
    return ret_word->end > ret_word->start;
}

bool docker_next_word(const struct parser *p, size_t *at, size_t end, struct word *ret_word)
{
    const uint8_t *text = p->line.data;
    size_t i = *at;
    uint8_t quote = 0;
    while (i < end && docker_is_blank(text[i])) {
        i++;
    }
    ret_word->start = i;
    for (; i < end && (quote != 0 || !docker_is_blank(text[i])); i++) {
        uint8_t c = text[i];
        if (c == (uint8_t)p->escape && quote != '\'') {
            i += i + 1 < end;
        } else if (quote != 0) {
            quote = c == quote ? 0 : quote;
        } else if (c == '\'' || c == '"') {
            quote = c;
        }
    }
    ret_word->end = i;
    *at = i;
    return ret_word->end > ret_word->start;
}

static size_t skip_blanks(const struct parser *p, size_t at, size_t end)
{
    while (at < end && docker_is_blank(p->line.data[at])) {
        at++;
    }
    return at;
}

bool docker_is_json(const struct parser *p, size_t start, size_t end)
{
    const uint8_t *text = p->line.data;
    if (start >= end || text[start] != '[') {
        return false;
    }
    size_t at = skip_blanks(p, start + 1, end);
    if (at + 1 == end && text[at] == ']') {
        return true;
    }
    for (;; at = skip_blanks(p, at + 1, end)) {
        if (at >= end || text[at] != '"') {
            return false;
        }
        for (at++; at < end && text[at] != '"'; at++) {
            at += text[at] == '\\';
        }
        at = skip_blanks(p, at + 1, end);
        if (at >= end || text[at] != ',') {
            return at + 1 == end && text[at] == ']';
        }
    }
}

char *docker_copy(struct parser *p, size_t start, size_t end)
{
    return pool_strndup(p->pool, p->line.data + start, end - start, p->err);
}

/* Whether the escape character at AT takes the next byte with it. */
static bool escapes(const struct parser *p, size_t at, size_t end, uint8_t quote)
{
    const uint8_t *text = p->line.data;
    if (text[at] != (uint8_t)p->escape || quote == '\'' || at + 1 >= end) {
        return false;
    }
    uint8_t next = text[at + 1];
    return quote == 0 || next == '"' || next == '$' || next == (uint8_t)p->escape;
}

char *docker_decode(struct parser *p, size_t start, size_t end, size_t *ret_len,
                    size_t *ret_references)
{
    const uint8_t *text = p->line.data;
    char *out = pool_alloc(p->pool, end - start + 1, p->err);
    size_t len = 0;
    uint8_t quote = 0;
    *ret_references = 0;
    for (size_t i = start; out != NULL && i < end; i++) {
        uint8_t c = text[i];
        if (escapes(p, i, end, quote)) {
            out[len++] = (char)text[++i];
        } else if (quote != 0 ? c == quote : c == '\'' || c == '"') {
            quote = quote == 0 ? c : 0;
        } else {
            bool begins = c == '$' && quote != '\'' && i + 1 < end &&
                          (text[i + 1] == '{' || text[i + 1] == '_' ||
                           (text[i + 1] >= 'a' && text[i + 1] <= 'z') ||
                           (text[i + 1] >= 'A' && text[i + 1] <= 'Z'));
            *ret_references += begins;
            out[len++] = (char)c;
        }
    }
    *ret_len = len;
    return out;
}
