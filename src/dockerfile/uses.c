/* References to variables: the builder's own grammar, and the shell's as far as names go. */
#include <string.h>

#include "dockerfile/internal.h"

#include "base/banned.h"

/* A text whose offsets are those of the logical line, or of the source. */
struct scanned {
    const uint8_t *data;
    size_t end;
    bool is_source;
    bool is_shell; /* quotes mean nothing: an inner shell may expand what the outer one does not */
    enum bulla_docker_keyword keyword;
};

static bool begins_name(uint8_t c)
{
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static size_t name_end(const struct scanned *s, size_t at)
{
    while (at < s->end &&
           (begins_name(s->data[at]) || (s->data[at] >= '0' && s->data[at] <= '9'))) {
        at++;
    }
    return at;
}

/*
 * True where a shell tests the variable at [DOLLAR, END): `[ -n "$X" ]`, `[ "$X" = y ]`, `case $X`.
 * Being unset is dealt with there.
 */
static bool is_tested(const struct scanned *s, size_t dollar, size_t end)
{
    size_t before = dollar;
    size_t behind = end;
    before -= before > 0 && s->data[before - 1] == '"';
    behind += behind < s->end && s->data[behind] == '"';
    while (behind < s->end && docker_is_blank(s->data[behind])) {
        behind++;
    }
    struct bulla_bytes head = bulla_bytes(s->data, before);
    struct bulla_bytes tail = bulla_bytes(s->data + behind, s->end - behind);
    static const char *const heads[] = {"-n ", "-z ", "case ", "-f ", "-d ", "-e ", "[ x", "[ "};
    for (size_t i = 0; s->is_shell && i < sizeof heads / sizeof *heads; i++) {
        size_t len = strlen(heads[i]);
        if (head.len >= len &&
            bulla_bytes_are(bulla_bytes(head.data + head.len - len, len), heads[i])) {
            return true;
        }
    }
    return s->is_shell && (bulla_bytes_start(tail, "= ") || bulla_bytes_start(tail, "== ") ||
                           bulla_bytes_start(tail, "!= "));
}

static bool add_use(struct parser *p, const struct scanned *s, size_t dollar, size_t name,
                    size_t end, bool fallback)
{
    struct bulla_docker_use *use = docker_add_row(p, &p->uses, sizeof *use);
    if (use == NULL) {
        return false;
    }
    /* A FROM stands in the scope before the first stage, whichever stage it begins. */
    use->keyword = s->keyword;
    use->stage = s->keyword == BULLA_DOCKER_FROM ? 0 : p->stage;
    use->name = pool_strndup(p->pool, s->data + name, end - name, p->err);
    size_t last = end + (dollar + 1 < name && end < s->end && s->data[end] == '}');
    use->fallback = fallback || is_tested(s, dollar, last);
    use->pos = docker_pos(p, s->is_source ? dollar : docker_source_offset(p, dollar));
    use->end = docker_pos(p, (s->is_source ? last - 1 : docker_source_offset(p, last - 1)) + 1);
    return use->name != NULL;
}

/* "${" at DOLLAR. */
static bool read_braced(struct parser *p, const struct scanned *s, size_t dollar)
{
    size_t name = dollar + 2;
    size_t end = name_end(s, name);
    uint8_t next = end < s->end ? s->data[end] : 0;
    if (name < s->end && begins_name(s->data[name])) {
        size_t at = end + (next == ':');
        uint8_t op = at < s->end ? s->data[at] : 0;
        bool is_known = next == '}' || (next != 0 && strchr(":-+?#%/", next) != NULL);
        if (!is_known && !s->is_shell) {
            return docker_refuse(p, dollar, "a reference that Docker cannot read");
        }
        return add_use(p, s, dollar, name, end, op == '-' || op == '+' || op == '?');
    }
    /* ${1} and ${@} are the shell's, and blank for the builder. */
    bool is_special = name < s->end && strchr("*@#?-$!0123456789", s->data[name]) != NULL;
    return s->is_shell || is_special ||
           docker_refuse(p, dollar, "a reference that Docker cannot read");
}

static bool note(struct parser *p, const struct scanned *s, size_t start)
{
    uint8_t quote = 0;
    for (size_t i = start; i < s->end; i++) {
        uint8_t c = s->data[i];
        if (c == (s->is_shell ? '\\' : (uint8_t)p->escape) && quote != '\'') {
            i++;
        } else if (!s->is_shell && quote == 0 && (c == '\'' || c == '"')) {
            quote = c;
        } else if (c == quote) {
            quote = 0;
        } else if (c != '$' || quote == '\'' || i + 1 >= s->end) {
            continue;
        } else if (s->data[i + 1] == '{') {
            if (!read_braced(p, s, i)) {
                return false;
            }
            i++;
        } else if (begins_name(s->data[i + 1])) {
            size_t end = name_end(s, i + 1);
            if (!add_use(p, s, i, i + 1, end, false)) {
                return false;
            }
            i = end - 1;
        }
    }
    return true;
}

static bool is_shell_text(enum bulla_docker_keyword keyword)
{
    return keyword == BULLA_DOCKER_RUN || keyword == BULLA_DOCKER_CMD ||
           keyword == BULLA_DOCKER_ENTRYPOINT || keyword == BULLA_DOCKER_HEALTHCHECK ||
           keyword == BULLA_DOCKER_SHELL || keyword == BULLA_DOCKER_MAINTAINER;
}

bool docker_note_uses(struct parser *p, enum bulla_docker_keyword keyword, size_t start, size_t end)
{
    const struct scanned s = {
        .data = p->line.data, .end = end, .is_shell = is_shell_text(keyword), .keyword = keyword};
    return note(p, &s, start);
}

bool docker_note_body_uses(struct parser *p, enum bulla_docker_keyword keyword, size_t start,
                           size_t end)
{
    /* A file's text may hold any "${": only its names are of interest. */
    const struct scanned s = {
        .data = p->text.data, .end = end, .is_source = true, .is_shell = true, .keyword = keyword};
    return note(p, &s, start);
}
