/*
 * References that YAML cuts in two. In `command: x ${A:?Error: A not set}` the ": " ends the plain
 * scalar, and " #" would begin a comment. Here such bytes are replaced inside references, byte for
 * byte, so that the text can be parsed as its author meant it and every offset stays what it is.
 * repair.c puts the bytes back into the decoded scalars.
 */
#include "compose/internal.h"

#include <string.h>

#include "bulla/mem.h"

#include "base/banned.h"

/* References of a text whose end is looked for in vain; the search for each goes through its line.
 */
#define MAX_WITHOUT_END 1000

static bool is_name_start(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_name(uint8_t c)
{
    return is_name_start(c) || (c >= '0' && c <= '9');
}

/*
 * The end of the braced reference at AT (its "$") by Compose's count of braces, 0 where the line
 * ends before; *ret_name_end is where its operator begins.
 */
static size_t find_end(struct bulla_bytes text, size_t at, size_t *ret_name_end)
{
    size_t i = at + 2;
    if (i >= text.len || !is_name_start(text.data[i])) {
        return 0;
    }
    while (i < text.len && is_name(text.data[i])) {
        i++;
    }
    *ret_name_end = i;
    if (i >= text.len || strchr(":?-+}", text.data[i]) == NULL) {
        return 0;
    }
    size_t open = 1;
    for (; i < text.len && text.data[i] != '\n'; i++) {
        if (text.data[i] == '{') {
            open++;
            i++;
        } else if (text.data[i] == '}' && --open == 0) {
            return i + 1;
        }
    }
    return 0;
}

struct masker {
    struct pool *pool;
    struct bulla_bytes text;
    bool flow;
    struct mask *mask;
    size_t span_cap;
    struct span *spans; /* on the heap until they are all known */
    struct bulla_error *err;
};

static bool replace(struct masker *m, size_t at)
{
    if (m->mask->text == NULL) {
        m->mask->text = pool_strndup(m->pool, m->text.data, m->text.len, m->err);
        if (m->mask->text == NULL) {
            return false;
        }
    }
    m->mask->text[at] = '_';
    m->mask->changed = true;
    return true;
}

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t';
}

/* Masks the reference from START to END whose name ends at NAME_END. */
static bool mask_span(struct masker *m, size_t start, size_t name_end, size_t end)
{
    const uint8_t *data = m->text.data;
    struct span span = {
        .start = start, .end = end, .name = bulla_bytes(data + start + 2, name_end - start - 2)};
    for (size_t i = start + 1; i < end; i++) {
        bool colon = is_blank(data[i]) && data[i - 1] == ':';
        bool comment = data[i] == '#' && is_blank(data[i - 1]);
        /* libyaml refuses ":?" between brackets. */
        bool indicator = m->flow && memchr("{}[],:", data[i], 6) != NULL;
        span.colon = span.colon || colon;
        span.comment = span.comment || comment;
        if ((colon || comment || indicator) && !replace(m, i)) {
            return false;
        }
    }
    if (!span.colon && !span.comment && !m->flow) {
        return true;
    }
    if (!bulla_grow(&m->spans, &m->span_cap, m->mask->span_count + 1, sizeof *m->spans, m->err)) {
        return false;
    }
    m->spans[m->mask->span_count++] = span;
    return true;
}

static bool mask_all(struct masker *m)
{
    const uint8_t *data = m->text.data;
    size_t at = 0;
    size_t without_end = 0;
    while (at + 1 < m->text.len && without_end < MAX_WITHOUT_END) {
        const uint8_t *dollar = memchr(data + at, '$', m->text.len - at - 1);
        if (dollar == NULL) {
            return true;
        }
        at = (size_t)(dollar - data);
        size_t name_end = 0;
        size_t end = data[at + 1] == '{' ? find_end(m->text, at, &name_end) : 0;
        if (end == 0) {
            without_end += name_end > 0;
            at += data[at + 1] == '$' ? 2 : 1;
            continue;
        }
        if (!mask_span(m, at, name_end, end)) {
            return false;
        }
        at = end;
    }
    return true;
}

bool mask_references(struct pool *pool, struct bulla_bytes text, bool flow, struct mask *ret_mask,
                     struct bulla_error *err)
{
    *ret_mask = (struct mask){0};
    struct masker m = {.pool = pool, .text = text, .flow = flow, .mask = ret_mask, .err = err};
    bool ok = text.len == 0 || mask_all(&m);
    if (ok && ret_mask->span_count > 0) {
        size_t bytes = ret_mask->span_count * sizeof *m.spans;
        ret_mask->spans = pool_alloc(pool, bytes, err);
        ok = ret_mask->spans != NULL;
        if (ok) {
            memcpy(ret_mask->spans, m.spans, bytes);
        }
    }
    bulla_free(m.spans);
    return ok;
}

/* --- saying so ---------------------------------------------------------------------------- */

/* What YAML leaves of NODE, in which a comment begins; nothing where it goes on over lines. */
static bool keep_cut(struct walk *w, const struct yaml_node *node, struct problem *problem,
                     struct bulla_error *err)
{
    struct bulla_bytes all =
        bulla_bytes_slice(w->file->source.text, node->start, node->end - node->start);
    size_t end = 1;
    while (end < all.len && !(all.data[end] == '#' && is_blank(all.data[end - 1]))) {
        end++;
    }
    while (end > 0 && is_blank(all.data[end - 1])) {
        end--;
    }
    if (end == 0 || memchr(all.data, '\n', end) != NULL) {
        return true;
    }
    const char *text = pool_strndup(w->loader->pool, all.data, end, err);
    problem->text = bulla_bytes(text, end);
    return text != NULL;
}

/* A reference that YAML ends: which of the text's spans it is in, if any. */
static bool note_span(struct walk *w, const struct yaml_node *node, const struct span *span,
                      const char *path, struct bulla_error *err)
{
    struct compose_file *file = w->file;
    struct problem problem = {
        .kind = BULLA_PROBLEM_COLON,
        .fatal = true,
        .file = &file->info,
        .pos = yaml_source_pos(&file->source, span->start),
        .service = w->service != NULL ? w->service->info.name : NULL,
        .path = path,
        .name = pool_strndup(w->loader->pool, span->name.data, span->name.len, err),
        .hint = "put the whole value in quotes, or take the ': ' out of the message"};
    problem.end = yaml_source_pos(&file->source, span->end);
    if (problem.name == NULL) {
        return false;
    }
    size_t len = strlen(path);
    bool item = len >= 2 && strcmp(path + len - 2, "[]") == 0;
    if (span->colon) {
        return add_problem(w->loader, &problem, err,
                           item
                               ? "the ': ' in the reference to '%s' makes this list item a mapping "
                                 "with half of the reference as its key"
                               : "the ': ' in the reference to '%s' cannot stand in an unquoted "
                                 "value: this is not YAML",
                           problem.name);
    }
    if (span->comment) {
        problem.kind = BULLA_PROBLEM_COMMENT;
        problem.hint = "put the whole value in quotes, or take the ' #' out of the message";
        return keep_cut(w, node, &problem, err) &&
               add_problem(w->loader, &problem, err,
                           "the ' #' in the reference to '%s' begins a comment in an unquoted "
                           "value",
                           problem.name);
    }
    if (node->flow) {
        problem.kind = BULLA_PROBLEM_FLOW;
        problem.hint = "put the value in quotes";
        return add_problem(w->loader, &problem, err,
                           "the braces of the reference to '%s' have to be quoted between [ ] or "
                           "{ }",
                           problem.name);
    }
    return true;
}

bool note_spans(struct walk *w, const struct yaml_node *node, const char *path,
                struct bulla_error *err)
{
    const struct compose_file *file = w->file;
    size_t low = 0;
    size_t high = file->span_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (file->spans[middle].start < node->start) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (; low < file->span_count && file->spans[low].end <= node->end; low++) {
        if (!note_span(w, node, &file->spans[low], path, err)) {
            return false;
        }
    }
    return true;
}
