/* The template with its values exchanged. */
#include <string.h>

#include "render/render_internal.h"

#include "base/banned.h"

#define HEADING "# Not in the template:"
#define HEADING_OLD "# Kept from the file that was here:"

struct writing {
    const struct layout *layout;
    struct bulla_bytes text; /* the layout's */
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

/*
 * The old file's line in the place of ENTRY. What stands behind ENTRY goes to a line of its own
 * where it would become a part of the value.
 */
static void write_old(const struct writing *w, const struct bulla_dotenv_entry *entry,
                      const struct bulla_dotenv_entry *old)
{
    bulla_buf_add_bytes(w->out,
                        bulla_bytes_slice(w->layout->old_text, old->start, old->end - old->start));
    struct bulla_bytes behind = rest_of_line(w->text, entry->end);
    if (!is_safe_behind_plain(behind)) {
        bulla_buf_putc(w->out, '\n');
    }
}

/* A comment must not swallow a statement behind it on its line. */
static void write_unset(const struct writing *w, const struct bulla_dotenv_entry *entry)
{
    struct bulla_bytes behind = rest_of_line(w->text, entry->end);
    size_t at = skip_blanks(behind);
    bulla_buf_puts(w->out, "# ");
    bulla_buf_add_bytes(w->out, entry->name);
    bulla_buf_puts(w->out, " is not set");
    if (at < behind.len && behind.data[at] != '#') {
        bulla_buf_putc(w->out, '\n');
    } else if (at == 0 && behind.len > 0) {
        bulla_buf_putc(w->out, ' ');
    }
}

static bool write_line(const struct writing *w, const struct bulla_dotenv_entry *entry,
                       const struct bulla_value *row, enum render_fate fate)
{
    switch (fate) {
    case RENDER_VALUE:
        return write_value(w, entry, row);
    case RENDER_OLD:
        write_old(w, entry, render_old_line(w->layout, entry->name, row));
        break;
    case RENDER_UNSET:
        write_unset(w, entry);
        break;
    case RENDER_STAYS:
        break;
    }
    return true;
}

static bool write_entries(const struct writing *w)
{
    size_t at = 0;
    for (size_t i = 0; i < bulla_dotenv_count(w->layout->entries); i++) {
        const struct bulla_dotenv_entry *entry = bulla_dotenv_get(w->layout->entries, i);
        const struct bulla_value *row =
            bulla_values_find(w->layout->values, (const char *)entry->name.data);
        enum render_fate fate = render_fate(w->layout, entry, row);
        if (fate == RENDER_STAYS || entry->start < at) {
            continue;
        }
        bulla_buf_add_bytes(w->out, bulla_bytes_slice(w->text, at, entry->start - at));
        at = entry->end;
        if (!write_line(w, entry, row, fate)) {
            return false;
        }
    }
    bulla_buf_add_bytes(w->out, bulla_bytes_slice(w->text, at, w->text.len));
    return true;
}

/* "\r\n" where the layout's lines end so. */
static const char *line_end(struct bulla_bytes text)
{
    const uint8_t *lf = text.len == 0 ? NULL : memchr(text.data, '\n', text.len);
    return lf != NULL && lf > text.data && lf[-1] == '\r' ? "\r\n" : "\n";
}

static void write_heading(const struct writing *w, const char *heading, bool *written)
{
    const char *end = line_end(w->text);
    if (!*written) {
        bulla_buf_printf(w->out, "%s%s%s", end, heading, end);
        *written = true;
    }
}

static bool write_missing_values(const struct writing *w)
{
    const char *end = line_end(w->text);
    /* The old file is no template: what comes to it is nobody's exception. */
    bool heading = w->layout->old == w->layout->entries;
    for (size_t i = 0; i < bulla_values_count(w->layout->values); i++) {
        const struct bulla_value *row = bulla_values_get(w->layout->values, i);
        struct bulla_bytes name = bulla_bytes_of(row->variable.name);
        if (row->state != BULLA_VALUE_SET || bulla_dotenv_find(w->layout->entries, name) != NULL) {
            continue;
        }
        write_heading(w, HEADING, &heading);
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

/* What the old file sets, and neither the contract nor the template knows. */
static void write_old_lines(const struct writing *w)
{
    const struct layout *layout = w->layout;
    bool heading = false;
    if (layout->old == layout->entries) {
        return;
    }
    for (size_t i = 0; layout->old != NULL && i < bulla_dotenv_count(layout->old); i++) {
        const struct bulla_dotenv_entry *entry = bulla_dotenv_get(layout->old, i);
        const struct bulla_value *row =
            bulla_values_find(layout->values, (const char *)entry->name.data);
        if (render_old_line(layout, entry->name, row) == entry &&
            bulla_dotenv_find(layout->entries, entry->name) == NULL) {
            write_heading(w, HEADING_OLD, &heading);
            bulla_buf_add_bytes(w->out, bulla_bytes_slice(layout->old_text, entry->start,
                                                          entry->end - entry->start));
            bulla_buf_puts(w->out, line_end(w->text));
        }
    }
}

bool render_template(const struct layout *layout, struct bulla_buf *out, struct bulla_error *err)
{
    const struct writing w = {layout, layout->text, layout->options->format, out, err};
    if (!write_entries(&w) || !write_missing_values(&w)) {
        return false;
    }
    write_old_lines(&w);
    return bulla_buf_ok(out, err);
}
