/* What was probably meant by a "${" that is no reference, as the help of the problem. */
#include <string.h>

#include "compose/internal.h"

#include "base/banned.h"

#define FAR 1024 /* bytes: every one that opens is followed so far */

static const char dollar[] = "write '$$' for a dollar sign that is meant for the container";

static bool is_name_byte(char c, bool first)
{
    return c == '_' || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (!first && c >= '0' && c <= '9');
}

static size_t skip_name(const char *text, size_t len, size_t at)
{
    size_t start = at;
    while (at < len && is_name_byte(text[at], at == start)) {
        at++;
    }
    return at;
}

static size_t skip_blanks(const char *text, size_t len, size_t at)
{
    while (at < len && (text[at] == ' ' || text[at] == '\t')) {
        at++;
    }
    return at;
}

/* Whether the brace at AT is closed in its line; one that is closed further away counts as not. */
static bool is_closed(const char *text, size_t len, size_t at)
{
    size_t depth = 0;
    len = len - at > FAR ? at + FAR : len;
    for (; at < len && text[at] != '\n'; at++) {
        depth += text[at] == '{';
        if (text[at] == '}' && --depth == 0) {
            return true;
        }
    }
    return false;
}

/* Behind a name that is followed by ":" or "=": a default, unless a shell cuts out "${V:1:2}". */
static bool is_default(const char *text, size_t len, size_t at)
{
    if (at < len && text[at] == '=') {
        return true;
    }
    size_t next = skip_blanks(text, len, at + 1);
    return at < len && text[at] == ':' && next < len && (text[next] < '0' || text[next] > '9') &&
           text[next] != '-' && text[next] != '$' && text[next] != '(';
}

const char *template_hint(struct loader *loader, const struct bulla_project_ref *ref,
                          struct bulla_error *err)
{
    const char *text = ref->text;
    size_t len = ref->text_len;
    size_t start = skip_blanks(text, len, ref->text_at + 2);
    size_t end = skip_name(text, len, start);
    int name_len = (int)(end - start);
    if (name_len == 0) {
        return dollar;
    }
    if (!is_closed(text, len, ref->text_at + 1)) {
        return "the closing } is missing";
    }
    /* What stands behind the name may be a value, and is not shown. */
    if (is_default(text, len, end)) {
        return pool_printf(loader->pool, err, "did you mean ${%.*s:-…}?", name_len, text + start);
    }
    end = skip_blanks(text, len, end);
    if (end < len && text[end] == '}') {
        return pool_printf(loader->pool, err, "did you mean ${%.*s}?", name_len, text + start);
    }
    if (end < len && (text[end] == '.' || is_name_byte(text[end], false))) {
        return "a name has letters, digits and _; '$$' is a dollar sign for the container";
    }
    return dollar;
}
