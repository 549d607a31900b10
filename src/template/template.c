#include "template/template.h"

#include <string.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "bulla/limits.h"
#include "template/filter.h"

#include "base/banned.h"

struct reader {
    struct bulla_bytes text;
    const char *file;
    size_t at;
    size_t open;               /* the "{{" of the place that is being read */
    struct utf8_cursor cursor; /* there */
    struct bulla_error *err;
};

/* The operand of a place, without its quotes. */
struct operand {
    struct bulla_bytes bytes;
    bool literal;
    size_t at;
};

/* The position of offset AT in the present place. */
static struct bulla_pos find_pos(const struct reader *r, size_t at)
{
    struct utf8_cursor cursor = r->cursor;
    return utf8_cursor_move(&cursor, r->text, at);
}

static bool refuse(struct reader *r, size_t at, const char *message)
{
    return bulla_error_at(r->err, BULLA_E_SYNTAX, r->file, find_pos(r, at), "%s", message);
}

static uint8_t peek(const struct reader *r)
{
    return r->at < r->text.len ? r->text.data[r->at] : '\0';
}

static bool is_at(const struct reader *r, const char *token)
{
    return bulla_bytes_start(bulla_bytes_slice(r->text, r->at, r->text.len), token);
}

static void skip_blanks(struct reader *r)
{
    while (peek(r) == ' ' || peek(r) == '\t') {
        r->at++;
    }
}

static bool is_word(uint8_t c, bool first)
{
    return ascii_is_letter(c) || c == '_' ||
           (!first && (ascii_is_digit(c) || c == '.' || c == '-'));
}

static struct bulla_bytes read_word(struct reader *r)
{
    size_t start = r->at;
    while (r->at < r->text.len && is_word(peek(r), r->at == start)) {
        r->at++;
    }
    return bulla_bytes_slice(r->text, start, r->at - start);
}

/* Moves behind the next "{{", giving the text before it; false at the end of the text. */
static bool find_place(struct reader *r, struct bulla_bytes *ret_before)
{
    struct bulla_bytes rest = bulla_bytes_slice(r->text, r->at, r->text.len);
    const uint8_t *open = rest.data != NULL ? memmem(rest.data, rest.len, "{{", 2) : NULL;
    *ret_before = bulla_bytes(rest.data, open != NULL ? (size_t)(open - rest.data) : rest.len);
    r->at += ret_before->len;
    if (open == NULL) {
        return false;
    }
    r->open = r->at;
    (void)utf8_cursor_move(&r->cursor, r->text, r->open);
    r->at += 2;
    return true;
}

/* A place may be cut off anywhere: then its "{{" is what is wrong. */
static bool refuse_part(struct reader *r, const char *message)
{
    bool cut_off = r->at == r->text.len || peek(r) == '\n' || peek(r) == '\r';
    return cut_off ? refuse(r, r->open, "this '{{' has no '}}' on its line")
                   : refuse(r, r->at, message);
}

static bool read_operand(struct reader *r, struct operand *ret_operand)
{
    skip_blanks(r);
    size_t start = r->at;
    if (peek(r) != '"') {
        struct bulla_bytes name = read_word(r);
        if (name.len == 0) {
            return refuse_part(r, "expected a name or a quoted text");
        }
        if (name.len > BULLA_MAX_NAME_BYTES) {
            return refuse(r, start, "this name is too long");
        }
        *ret_operand = (struct operand){.bytes = name, .at = start};
        return true;
    }
    r->at++;
    while (r->at < r->text.len && peek(r) != '"' && (peek(r) >= ' ' || peek(r) == '\t')) {
        r->at++;
    }
    if (peek(r) != '"') {
        return refuse(r, start, "this quote is never closed");
    }
    r->at++;
    *ret_operand =
        (struct operand){.bytes = bulla_bytes_slice(r->text, start + 1, r->at - start - 2),
                         .literal = true,
                         .at = start};
    return true;
}

/* Reads "| filter" (true with *ret_filter), or "}}" (true with NULL). */
static bool read_filter(struct reader *r, const struct filter **ret_filter)
{
    skip_blanks(r);
    *ret_filter = NULL;
    if (is_at(r, "}}")) {
        r->at += 2;
        return true;
    }
    if (peek(r) != '|') {
        return refuse_part(r, "expected '|' or '}}'");
    }
    r->at++;
    skip_blanks(r);
    size_t start = r->at;
    struct bulla_bytes name = read_word(r);
    if (name.len == 0) {
        return refuse_part(r, "expected a filter");
    }
    *ret_filter = filter_find(name);
    if (*ret_filter != NULL) {
        return true;
    }
    (void)bulla_error_at(r->err, BULLA_E_SYNTAX, r->file, find_pos(r, start),
                         "unknown filter '%.*s'", (int)name.len, (const char *)name.data);
    const char *nearest = filter_suggest(name);
    if (nearest != NULL) {
        return bulla_error_hint(r->err, "did you mean '%s'?", nearest);
    }
    char names[FILTER_LIST_BYTES];
    return bulla_error_hint(r->err, "one of %s", filter_list(names));
}

/* The two buffers between which a value goes through its filters. */
struct filtering {
    struct bulla_buf buffers[2];
    size_t next;
};

static void release_filtering(struct filtering *filtering)
{
    bulla_buf_release(&filtering->buffers[0]);
    bulla_buf_release(&filtering->buffers[1]);
}

/* Applies the filters that follow in the place to VALUE and appends the result to OUT. */
static bool apply_filters(struct reader *r, struct bulla_bytes value, struct filtering *filtering,
                          struct bulla_buf *out)
{
    const struct filter *filter = NULL;
    if (!read_filter(r, &filter)) {
        return false;
    }
    if (filter == NULL) {
        bulla_buf_add_bytes(out, value);
        return true;
    }
    while (filter != NULL) {
        const struct filter *next = NULL;
        if (!read_filter(r, &next)) {
            return false;
        }
        /* The last one writes to OUT: locked pages for each `| url` would cost more than all else.
         */
        struct bulla_buf *buf = next == NULL ? out : &filtering->buffers[filtering->next];
        if (next != NULL) {
            filtering->next ^= 1;
            bulla_buf_clear(buf);
        }
        const char *reason = filter->apply(value, buf);
        if (reason != NULL) {
            return bulla_error_at(r->err, BULLA_E_INVALID, r->file, find_pos(r, r->open),
                                  "filter '%s': %s", filter->name, reason);
        }
        if (!bulla_buf_ok(buf, r->err)) {
            return false;
        }
        value = bulla_buf_view(buf);
        filter = next;
    }
    return true;
}

static struct reader start_reading(struct bulla_bytes text, const char *file, struct bulla_pos pos,
                                   struct bulla_error *err)
{
    return (struct reader){.text = text, .file = file, .cursor = {0, pos}, .err = err};
}

static bool look_up(struct reader *r, const struct operand *operand, template_lookup_fn lookup,
                    void *ctx, struct bulla_bytes *ret_value)
{
    if (lookup(ctx, operand->bytes, ret_value, r->err)) {
        return true;
    }
    if (r->err->pos.line == 0) {
        struct bulla_error cause = *r->err;
        (void)bulla_error_at(r->err, cause.code, r->file, find_pos(r, operand->at), "%s",
                             cause.message);
        if (cause.hint[0] != '\0') {
            (void)bulla_error_hint(r->err, "%s", cause.hint);
        }
    }
    return false;
}

static bool render_places(struct reader *r, template_lookup_fn lookup, void *ctx,
                          struct filtering *filtering, struct bulla_buf *out)
{
    struct bulla_bytes before;
    while (find_place(r, &before)) {
        bulla_buf_add_bytes(out, before);
        struct operand operand;
        if (!read_operand(r, &operand)) {
            return false;
        }
        struct bulla_bytes value = operand.bytes;
        if ((!operand.literal && !look_up(r, &operand, lookup, ctx, &value)) ||
            !apply_filters(r, value, filtering, out)) {
            return false;
        }
    }
    bulla_buf_add_bytes(out, before);
    return bulla_buf_ok(out, r->err);
}

bool template_render(struct bulla_bytes text, const char *file, struct bulla_pos pos,
                     template_lookup_fn lookup, void *ctx, struct bulla_buf *out,
                     struct bulla_error *err)
{
    struct reader r = start_reading(text, file, pos, err);
    struct filtering filtering = {.next = 0};
    bulla_buf_init_secret(&filtering.buffers[0], out->max);
    bulla_buf_init_secret(&filtering.buffers[1], out->max);
    bool ok = render_places(&r, lookup, ctx, &filtering, out);
    release_filtering(&filtering);
    return ok;
}

bool template_names(struct bulla_bytes text, const char *file, struct bulla_pos pos,
                    template_name_fn fn, void *ctx, struct bulla_error *err)
{
    struct reader r = start_reading(text, file, pos, err);
    struct bulla_bytes before;
    while (find_place(&r, &before)) {
        struct operand operand;
        if (!read_operand(&r, &operand)) {
            return false;
        }
        const struct filter *filter = NULL;
        do {
            if (!read_filter(&r, &filter)) {
                return false;
            }
        } while (filter != NULL);
        if (!operand.literal && !fn(ctx, operand.bytes, find_pos(&r, operand.at), err)) {
            return false;
        }
    }
    return true;
}
