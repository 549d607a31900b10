/* The grammar of `docker run --env-file` and of `format: raw`: line by line, values verbatim. */
#include <string.h>

#include "dotenv/chars.h"
#include "dotenv/dotenv_internal.h"

#include "base/banned.h"

/* Docker's line reader gives up here. */
#define LINE_LIMIT ((size_t)65536)

static bool refuse(struct parser *p, enum bulla_dotenv_problem problem, struct bulla_bytes quoted,
                   size_t at, const char *message)
{
    (void)dotenv_keep_failure(p, problem, bulla_bytes(NULL, 0), quoted);
    return bulla_error_at(p->err, BULLA_E_SYNTAX, p->file, dotenv_pos(p, at), "%s", message);
}

/* The offset of the first blank or tab in the name, or END. */
static size_t find_space(struct bulla_bytes text, size_t start, size_t end)
{
    while (start < end && text.data[start] != ' ' && text.data[start] != '\t') {
        start++;
    }
    return start;
}

static bool read_line(struct parser *p, size_t line_start, size_t end)
{
    const uint8_t *data = p->text.data;
    size_t start = chars_skip_spaces(p->text, line_start, end);
    if (start == end || data[start] == '#') {
        return true;
    }
    const uint8_t *equals = memchr(data + start, '=', end - start);
    size_t name_end = equals != NULL ? (size_t)(equals - data) : end;
    if (name_end == start) {
        return refuse(p, BULLA_DOTENV_RAW_NAME, bulla_bytes(data + start, end - start), start,
                      "no variable name before '='");
    }
    size_t space = find_space(p->text, start, name_end);
    if (space < name_end) {
        return refuse(p, BULLA_DOTENV_RAW_SPACE, bulla_bytes(data + start, name_end - start), space,
                      "a variable name cannot contain white space");
    }
    struct bulla_dotenv_entry entry = {.name = bulla_bytes(data + start, name_end - start),
                                       .bare = equals == NULL,
                                       .set = equals != NULL,
                                       .start = start,
                                       .value_start = equals != NULL ? name_end + 1 : name_end,
                                       .value_end = end,
                                       .end = end};
    entry.pos = dotenv_pos(p, start);
    entry.value_pos = dotenv_pos(p, entry.value_start);
    struct bulla_bytes value = bulla_bytes(data + entry.value_start, end - entry.value_start);
    bool ok = entry.bare ? dotenv_read_bare(p, &entry) : dotenv_keep_value(p, value, &entry.value);
    return ok && dotenv_add(p, entry);
}

bool dotenv_parse_raw(struct parser *p)
{
    const uint8_t *data = p->text.data;
    size_t line_start = 0; /* a byte order mark counts for the length of the line */
    for (; p->at < p->text.len; p->line++) {
        size_t start = p->at;
        const uint8_t *lf = memchr(data + start, '\n', p->text.len - start);
        size_t end = lf != NULL ? (size_t)(lf - data) : p->text.len;
        if (end - line_start >= LINE_LIMIT) {
            return refuse(p, BULLA_DOTENV_RAW_LENGTH, bulla_bytes(NULL, 0), start,
                          "line of 65,536 bytes or more");
        }
        size_t next = lf != NULL ? end + 1 : end;
        if (end > start && data[end - 1] == '\r') {
            end--;
        }
        size_t bad = 0;
        if (!utf8_is_valid(bulla_bytes(data + line_start, end - line_start), &bad)) {
            return refuse(p, BULLA_DOTENV_RAW_UTF8,
                          bulla_bytes(data + line_start, end - line_start), line_start + bad,
                          "invalid UTF-8");
        }
        if (!read_line(p, start, end)) {
            return false;
        }
        p->at = line_start = next;
    }
    return true;
}
