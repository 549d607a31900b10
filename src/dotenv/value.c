/* Values of Compose's grammar: quotes, escapes, expansion. */
#include <string.h>

#include "bulla/limits.h"
#include "dotenv/chars.h"
#include "dotenv/dotenv_internal.h"

#include "base/banned.h"

/* Counts LEN more bytes of values: references to references would grow without end. */
static bool count_value(struct parser *p, size_t len)
{
    if (len > BULLA_MAX_ENV_BYTES - p->value_bytes) {
        return bulla_error_at(p->err, BULLA_E_LIMIT, p->file, p->cursor.pos,
                              "values of more than %zu bytes", BULLA_MAX_ENV_BYTES);
    }
    p->value_bytes += len;
    return true;
}

bool dotenv_keep_value(struct parser *p, struct bulla_bytes value, struct bulla_bytes *ret_copy)
{
    return count_value(p, value.len) && bulla_arena_add(p->out->arena, value, ret_copy, p->err);
}

bool dotenv_read_bare(struct parser *p, struct bulla_dotenv_entry *entry)
{
    struct bulla_bytes value = {NULL, 0};
    enum bulla_lookup_state state =
        p->options->lookup == NULL
            ? BULLA_LOOKUP_UNSET
            : p->options->lookup(p->options->lookup_ctx, entry->name, &value);
    entry->set = state != BULLA_LOOKUP_UNSET;
    if (state != BULLA_LOOKUP_SET) {
        value = bulla_bytes(NULL, 0);
    }
    return dotenv_keep_value(p, value, &entry->value);
}

/* What an expansion needs to look names up and to say where they stand. */
struct expansion {
    struct parser *p;
    const struct bulla_dotenv_entry *entry;
    bool mapped; /* offsets of the template are offsets of the text, from ORIGIN on */
    size_t origin;
    struct utf8_cursor cursor;
};

static struct bulla_pos find_ref_pos(struct expansion *x, size_t offset)
{
    return x->mapped ? utf8_cursor_move(&x->cursor, x->p->text, x->origin + offset)
                     : x->entry->value_pos;
}

/* The lookup comes before the file's own earlier keys: the process environment wins. */
static enum bulla_lookup_state look_up(void *ctx, struct bulla_bytes name,
                                       struct bulla_bytes *ret_value)
{
    const struct expansion *x = ctx;
    const struct bulla_dotenv_options *options = x->p->options;
    enum bulla_lookup_state state = options->lookup == NULL
                                        ? BULLA_LOOKUP_UNSET
                                        : options->lookup(options->lookup_ctx, name, ret_value);
    if (state != BULLA_LOOKUP_UNSET) {
        return state;
    }
    const struct bulla_dotenv_entry *own = bulla_dotenv_find(x->p->out, name);
    if (own == NULL) {
        return options->fallback == NULL
                   ? BULLA_LOOKUP_UNSET
                   : options->fallback(options->fallback_ctx, name, ret_value);
    }
    *ret_value = own->value;
    return own->value.len > 0 ? BULLA_LOOKUP_SET : BULLA_LOOKUP_EMPTY;
}

static bool pass_warning(void *ctx, const struct bulla_ref *ref, enum bulla_lookup_state state,
                         enum bulla_ref_outcome outcome, struct bulla_error *err)
{
    (void)state;
    (void)err;
    struct expansion *x = ctx;
    if (outcome == BULLA_REF_BLANK && x->p->options->warn != NULL) {
        x->p->options->warn(x->p->options->warn_ctx, ref->name, find_ref_pos(x, ref->start));
    }
    return true;
}

static bool count_reference(void *ctx, const struct bulla_ref *ref, struct bulla_error *err)
{
    (void)err;
    size_t *count = ctx;
    *count += ref->name.len > 0 ? 1 : 0;
    return true;
}

static bool refuse_expansion(struct expansion *x, const struct bulla_interpolate_failure *failure,
                             struct bulla_bytes message)
{
    struct parser *p = x->p;
    x->cursor = p->cursor; /* warnings for later references have moved it */
    struct bulla_pos pos = find_ref_pos(x, failure->at);
    if (failure->problem == BULLA_INTERPOLATE_MISSING) {
        (void)dotenv_keep_failure(p, BULLA_DOTENV_REQUIRED, failure->name, message);
        return bulla_error_at(p->err, BULLA_E_INVALID, p->file, pos,
                              "required variable '%.*s' is missing a value", (int)failure->name.len,
                              (const char *)failure->name.data);
    }
    (void)dotenv_keep_failure(p, BULLA_DOTENV_TEMPLATE, bulla_bytes(NULL, 0), failure->fragment);
    (void)bulla_error_at(p->err, BULLA_E_SYNTAX, p->file, pos,
                         "invalid reference in the value of '%.*s'", (int)x->entry->name.len,
                         (const char *)x->entry->name.data);
    return bulla_error_hint(p->err, "write '$$' for a dollar sign, or single quotes");
}

/* Says of which value of which line what ERR of P tells is. */
static bool refuse_value(const struct parser *p, const struct bulla_dotenv_entry *entry)
{
    (void)bulla_error_while(p->err, "value of '%.*s'", (int)entry->name.len,
                            (const char *)entry->name.data);
    return bulla_error_place(p->err, p->file, entry->pos);
}

static bool expand(struct expansion *x, struct bulla_bytes template, struct bulla_buf *message,
                   struct bulla_bytes *ret_value)
{
    struct parser *p = x->p;
    struct bulla_interpolation with = {.lookup = look_up,
                                       .lookup_ctx = x,
                                       .each = pass_warning,
                                       .each_ctx = x,
                                       .eager = p->options->eager};
    struct bulla_interpolate_failure failure = {.problem = BULLA_INTERPOLATE_OK};
    bulla_buf_clear(&p->expanded);
    if (!bulla_interpolate(template, &with, &p->expanded, message, &failure, p->err)) {
        return refuse_value(p, x->entry);
    }
    if (failure.problem != BULLA_INTERPOLATE_OK) {
        return refuse_expansion(x, &failure,
                                message != NULL ? bulla_buf_view(message) : bulla_bytes(NULL, 0));
    }
    return dotenv_keep_value(p, bulla_buf_view(&p->expanded), ret_value);
}

/*
 * Expands TEMPLATE into ENTRY's value. KEPT: it is in the arena already, with a NUL behind, and
 * may stay the value.
 */
static bool set_value(struct parser *p, struct bulla_dotenv_entry *entry,
                      struct bulla_bytes template, bool kept, bool mapped)
{
    if (memchr(template.data, '$', template.len) == NULL) {
        entry->value = template;
        return kept || dotenv_keep_value(p, template, &entry->value);
    }
    if (!bulla_interpolate_scan(template, count_reference, &entry->references, NULL, p->err)) {
        return refuse_value(p, entry);
    }
    if (p->options->no_expand) {
        entry->value = template;
        return kept || dotenv_keep_value(p, template, &entry->value);
    }
    struct expansion x = {.p = p,
                          .entry = entry,
                          .mapped = mapped,
                          .origin = entry->value_start + (kept ? 1 : 0),
                          .cursor = p->cursor};
    if (p->words == NULL) {
        return expand(&x, template, NULL, &entry->value);
    }
    bulla_auto_buf message;
    bulla_buf_init_secret(&message, BULLA_MAX_ENV_BYTES);
    return expand(&x, template, &message, &entry->value);
}

static bool read_unquoted(struct parser *p, struct bulla_dotenv_entry *entry)
{
    size_t start = p->at;
    const uint8_t *data = p->text.data;
    const uint8_t *lf = memchr(data + start, '\n', p->text.len - start);
    size_t line_end = lf != NULL ? (size_t)(lf - data) : p->text.len;
    const uint8_t *comment = memmem(data + start, line_end - start, " #", 2);
    size_t end = comment != NULL ? (size_t)(comment - data) : line_end;
    end = chars_trim_end(p->text, start, end);
    entry->value_end = entry->end = end;
    p->line++;
    p->at = lf != NULL ? line_end + 1 : line_end;
    return set_value(p, entry, bulla_bytes(data + start, end - start), false, true);
}

/* Compose's double-quoted escapes, in place; the result is never longer. Returns its length. */
static size_t replace_escapes(uint8_t *data, size_t len)
{
    static const char letters[] = "abfnrtv\\\"";
    static const char meanings[] = "\a\b\f\n\r\t\v\\\"";
    size_t out = 0;
    for (size_t at = 0; at < len;) {
        uint8_t next = at + 1 < len ? data[at + 1] : '\0';
        if (data[at] != '\\' || next == '\0') {
            data[out++] = data[at++];
            continue;
        }
        const char *known = strchr(letters, next);
        if (next == '$') {
            data[out++] = '$'; /* "$$" survives the expansion as one literal dollar */
            data[out++] = '$';
            at += 2;
        } else if (known != NULL) {
            data[out++] = (uint8_t)meanings[known - letters];
            at += 2;
        } else if (next == '0') {
            size_t digits = 0;
            unsigned value = 0;
            bool octal = true;
            while (digits < 3 && at + 2 + digits < len && data[at + 2 + digits] >= '0' &&
                   data[at + 2 + digits] <= '9') {
                octal = octal && data[at + 2 + digits] < '8';
                value = value * 8 + (data[at + 2 + digits] - (unsigned)'0');
                digits++;
            }
            if (octal && digits == 3 && value <= 255) {
                uint8_t encoded[4];
                size_t encoded_len = utf8_encode(value, encoded);
                memcpy(data + out, encoded, encoded_len);
                out += encoded_len;
            } else {
                /* Anything else loses the "0" and keeps the backslash. */
                data[out++] = '\\';
                memmove(data + out, data + at + 2, digits);
                out += digits;
            }
            at += 2 + digits;
        } else {
            data[out++] = data[at++];
            data[out++] = data[at++];
        }
    }
    return out;
}

static bool refuse_unterminated(struct parser *p)
{
    (void)dotenv_keep_failure(p, BULLA_DOTENV_UNTERMINATED, bulla_bytes(NULL, 0),
                              dotenv_first_line(p, p->at));
    (void)bulla_error_at(p->err, BULLA_E_SYNTAX, p->file, dotenv_pos(p, p->at),
                         "this quote is never closed");
    return bulla_error_hint(p->err, "close it, or put the value in the other quotes");
}

/* The offset of the quote that closes the one at START, or 0; counts lines, and backslashes. */
static size_t find_closing_quote(struct parser *p, size_t start, size_t *ret_backslashes)
{
    const uint8_t *data = p->text.data;
    uint8_t quote = data[start];
    *ret_backslashes = 0;
    for (size_t at = start + 1; at < p->text.len; at++) {
        if (data[at] == quote) {
            return at;
        }
        if (data[at] == '\\') {
            ++*ret_backslashes;
            at++;
        }
        if (at < p->text.len && data[at] == '\n') {
            p->line++;
        }
    }
    return 0;
}

/* Takes the backslashes of RAW away that protect QUOTE, and in double quotes the other escapes. */
static bool keep_unescaped(struct parser *p, struct bulla_bytes raw, uint8_t quote,
                           struct bulla_bytes *ret_value)
{
    uint8_t *value =
        count_value(p, raw.len) ? bulla_arena_alloc(p->out->arena, raw.len + 1, p->err) : NULL;
    if (value == NULL) {
        return false;
    }
    size_t len = 0;
    for (size_t at = 0; at < raw.len; at++) {
        if (raw.data[at] == '\\') {
            at++;
            if (raw.data[at] != quote) {
                value[len++] = '\\';
            }
        }
        value[len++] = raw.data[at];
    }
    if (quote == '"') {
        len = replace_escapes(value, len);
    }
    value[len] = '\0';
    *ret_value = bulla_bytes(value, len);
    return true;
}

static bool read_quoted(struct parser *p, struct bulla_dotenv_entry *entry)
{
    size_t start = p->at;
    uint8_t quote = p->text.data[start];
    size_t backslashes = 0;
    size_t close = find_closing_quote(p, start, &backslashes);
    if (close == 0) {
        return refuse_unterminated(p);
    }
    struct bulla_bytes raw = bulla_bytes(p->text.data + start + 1, close - start - 1);
    p->at = entry->value_end = entry->end = close + 1;
    entry->quote = quote == '"' ? BULLA_QUOTE_DOUBLE : BULLA_QUOTE_SINGLE;
    if (!(backslashes > 0 ? keep_unescaped(p, raw, quote, &entry->value)
                          : dotenv_keep_value(p, raw, &entry->value))) {
        return false;
    }
    return quote == '\'' || set_value(p, entry, entry->value, true, backslashes == 0);
}

bool dotenv_read_value(struct parser *p, struct bulla_dotenv_entry *entry)
{
    entry->set = true;
    entry->value_start = p->at;
    entry->value_pos = dotenv_pos(p, p->at);
    bool quoted =
        p->at < p->text.len && (p->text.data[p->at] == '\'' || p->text.data[p->at] == '"');
    return quoted ? read_quoted(p, entry) : read_unquoted(p, entry);
}
