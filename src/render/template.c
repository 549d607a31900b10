/* The template with its values exchanged. */
#include <string.h>

#include "render/render_internal.h"

#include "base/banned.h"

#define HEADING "# Not in the template:"

struct writing {
    const struct bulla_values *values;
    const struct bulla_dotenv *template;
    struct bulla_bytes text; /* of the template */
    enum bulla_env_format format;
    struct bulla_buf *out;
    struct bulla_error *err;
};

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* What stands between AT and the end of its line. */
static struct bulla_bytes rest_of_line(struct bulla_bytes text, size_t at)
{
    struct bulla_bytes rest = bulla_bytes_slice(text, at, text.len);
    const uint8_t *end = rest.len == 0 ? NULL : memchr(rest.data, '\n', rest.len);
    return end == NULL ? rest : bulla_bytes(rest.data, (size_t)(end - rest.data));
}

/* The first byte of LINE that is not blank; its length where there is none. */
static size_t skip_blanks(struct bulla_bytes line)
{
    size_t at = 0;
    while (at < line.len && is_blank(line.data[at])) {
        at++;
    }
    return at;
}

/*
 * True where a value without quotes would end before what follows it: nothing, or a comment behind
 * a space (Compose takes "x#" and "x<tab>#" for parts of a value).
 */
static bool is_safe_behind_plain(struct bulla_bytes behind)
{
    size_t at = skip_blanks(behind);
    return at == behind.len || (behind.data[at] == '#' && at > 0 && behind.data[at - 1] == ' ');
}

static bool write_value(const struct writing *w, const struct bulla_dotenv_entry *entry,
                        const struct bulla_value *row)
{
    enum bulla_env_format format = w->format;
    if (!is_safe_behind_plain(rest_of_line(w->text, entry->value_end)) &&
        (format == BULLA_ENV_COMPOSE || format == BULLA_ENV_COMPOSE_UNQUOTED)) {
        format = BULLA_ENV_COMPOSE_DOUBLE;
    }
    struct bulla_bytes before =
        bulla_bytes_slice(w->text, entry->start, entry->value_start - entry->start);
    /* An empty value "begins" behind the blanks of its line, a CR among them. */
    bool cr = before.len > 0 && before.data[before.len - 1] == '\r';
    before.len -= cr ? 1 : 0;
    bulla_buf_add_bytes(w->out, before);
    if (entry->bare) {
        bulla_buf_putc(w->out, '=');
    }
    if (!bulla_env_write_value(format, row->bytes, w->out, w->err)) {
        return bulla_error_while(w->err, "writing '%s'", row->variable.name);
    }
    bulla_buf_puts(w->out, cr ? "\r" : "");
    bulla_buf_add_bytes(
        w->out, bulla_bytes_slice(w->text, entry->value_end, entry->end - entry->value_end));
    return true;
}

/* `NAME=` in the template says what is to be there without a value: nothing, and not "unset". */
static bool is_empty_assignment(const struct bulla_dotenv_entry *entry)
{
    return entry->set && !entry->bare && entry->value.len == 0;
}

bool render_keeps(const struct bulla_dotenv_entry *entry, const struct bulla_value *row)
{
    return row == NULL || (row->state == BULLA_VALUE_UNSET && is_empty_assignment(entry));
}

/* A comment must not swallow a statement behind it on its line. */
static void write_unset(const struct writing *w, const struct bulla_dotenv_entry *entry,
                        const struct bulla_value *row)
{
    struct bulla_bytes behind = rest_of_line(w->text, entry->end);
    size_t at = skip_blanks(behind);
    bulla_buf_printf(w->out, "# %s is not set", row->variable.name);
    if (at < behind.len && behind.data[at] != '#') {
        bulla_buf_putc(w->out, '\n');
    } else if (at == 0 && behind.len > 0) {
        bulla_buf_putc(w->out, ' ');
    }
}

static bool write_entries(const struct writing *w)
{
    size_t at = 0;
    for (size_t i = 0; i < bulla_dotenv_count(w->template); i++) {
        const struct bulla_dotenv_entry *entry = bulla_dotenv_get(w->template, i);
        const struct bulla_value *row =
            bulla_values_find(w->values, (const char *)entry->name.data);
        if (render_keeps(entry, row) || entry->start < at) {
            continue;
        }
        bulla_buf_add_bytes(w->out, bulla_bytes_slice(w->text, at, entry->start - at));
        at = entry->end;
        if (row->state != BULLA_VALUE_SET) {
            write_unset(w, entry, row);
        } else if (!write_value(w, entry, row)) {
            return false;
        }
    }
    bulla_buf_add_bytes(w->out, bulla_bytes_slice(w->text, at, w->text.len));
    return true;
}

/* "\r\n" where the template's lines end so. */
static const char *line_end(struct bulla_bytes text)
{
    const uint8_t *lf = text.len == 0 ? NULL : memchr(text.data, '\n', text.len);
    return lf != NULL && lf > text.data && lf[-1] == '\r' ? "\r\n" : "\n";
}

static bool write_rest(const struct writing *w)
{
    const char *end = line_end(w->text);
    bool heading = false;
    for (size_t i = 0; i < bulla_values_count(w->values); i++) {
        const struct bulla_value *row = bulla_values_get(w->values, i);
        struct bulla_bytes name = bulla_bytes_of(row->variable.name);
        if (row->state != BULLA_VALUE_SET || bulla_dotenv_find(w->template, name) != NULL) {
            continue;
        }
        if (!heading) {
            bulla_buf_puts(w->out, end);
            bulla_buf_puts(w->out, HEADING);
            bulla_buf_puts(w->out, end);
            heading = true;
        }
        if (!bulla_env_write(w->format, name, row->bytes, w->out, w->err)) {
            return bulla_error_while(w->err, "writing '%s'", row->variable.name);
        }
        if (end[0] == '\r') {
            bulla_buf_truncate(w->out, bulla_buf_view(w->out).len - 1);
            bulla_buf_puts(w->out, end);
        }
    }
    return true;
}

bool render_template(const struct bulla_values *values, const struct bulla_dotenv *template,
                     struct bulla_bytes text, enum bulla_env_format format, struct bulla_buf *out,
                     struct bulla_error *err)
{
    const struct writing w = {values, template, text, format, out, err};
    return write_entries(&w) && write_rest(&w) && bulla_buf_ok(out, err);
}
