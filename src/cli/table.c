#include <string.h>

#include "bulla/mem.h"
#include "bulla/text.h"
#include "output.h"

/* What a column keeps on a terminal that is too narrow, and the last one. */
#define COLUMN_LEAST 12
#define LAST_LEAST 24

void table_init(struct table *table, struct output *out, const char *const *headings, size_t count)
{
    *table = (struct table){.out = out};
    table->column_count = count > TABLE_COLUMNS_MAX ? TABLE_COLUMNS_MAX : count;
    for (size_t i = 0; i < table->column_count; i++) {
        table_styled(table, STYLE_HEADING, headings[i]);
    }
}

void table_cell(struct table *table, const char *text)
{
    table_styled(table, STYLE_PLAIN, text);
}

void table_styled(struct table *table, enum style style, const char *text)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    size_t need = table->cell_count + 1;
    if (table->has_failed ||
        !bulla_grow(&table->cells, &table->cell_cap, need, sizeof *table->cells, &err) ||
        !bulla_grow(&table->styles, &table->style_cap, need, sizeof *table->styles, &err)) {
        table->has_failed = true;
        return;
    }
    char *copy = bulla_strdup(text == NULL || text[0] == '\0' ? "-" : text, &err);
    if (copy == NULL) {
        table->has_failed = true;
        return;
    }
    bulla_text_sanitize(copy);
    table->cells[table->cell_count] = copy;
    table->styles[table->cell_count] = style;
    table->cell_count = need;
}

static void write_blanks(struct output *out, size_t count)
{
    output_printf(out, "%*s", (int)count, "");
}

/*
 * A cell that begins in column AT and has ROOM for itself; where it takes more, it wraps under
 * itself. Returns how many columns of ROOM its last line leaves.
 */
static size_t write_cell(struct output *out, enum style style, char *text, size_t at, size_t room)
{
    size_t len = out->is_terminal ? fold_at(text, room) : strlen(text);
    while (text[len] != '\0') {
        char kept = text[len];
        text[len] = '\0';
        output_styled(out, style, text);
        output_text(out, "\n");
        write_blanks(out, at);
        text[len] = kept;
        text += len + (kept == ' ');
        len = fold_at(text, room);
    }
    output_styled(out, style, text);
    size_t used = output_columns(text);
    return used < room ? room - used : 0;
}

/* Takes from the widest columns until the last one has some room, as far as that goes. */
static void narrow(const struct table *table, size_t widths[static TABLE_COLUMNS_MAX])
{
    size_t last = table->column_count - 1;
    size_t total = widths[last] < LAST_LEAST ? widths[last] : LAST_LEAST;
    for (size_t i = 0; i < last; i++) {
        total += widths[i] + 2;
    }
    while (table->out->is_terminal && total > table->out->width) {
        size_t widest = 0;
        for (size_t i = 1; i < last; i++) {
            widest = widths[i] > widths[widest] ? i : widest;
        }
        if (last == 0 || widths[widest] <= COLUMN_LEAST) {
            return;
        }
        widths[widest]--;
        total--;
    }
}

static void write_rows(const struct table *table, const size_t widths[static TABLE_COLUMNS_MAX])
{
    struct output *out = table->out;
    size_t at = 0;
    for (size_t i = 0; i < table->cell_count; i++) {
        size_t column = i % table->column_count;
        bool is_last = column + 1 == table->column_count;
        size_t room = is_last && out->width >= at + LAST_LEAST ? out->width - at : widths[column];
        size_t left = write_cell(out, table->styles[i], table->cells[i], at, room);
        if (is_last) {
            output_text(out, "\n");
            at = 0;
        } else {
            write_blanks(out, left + 2);
            at += widths[column] + 2;
        }
    }
}

bool table_write(struct table *table, struct bulla_error *err)
{
    if (table->has_failed) {
        return bulla_error_nomem(err);
    }
    size_t widths[TABLE_COLUMNS_MAX] = {0};
    for (size_t i = 0; i < table->cell_count; i++) {
        size_t *width = &widths[i % table->column_count];
        size_t needed = output_columns(table->cells[i]);
        *width = needed > *width ? needed : *width;
    }
    narrow(table, widths);
    write_rows(table, widths);
    return true;
}

void table_release(struct table *table)
{
    for (size_t i = 0; i < table->cell_count; i++) {
        bulla_free(table->cells[i]);
    }
    bulla_free(table->cells);
    bulla_free(table->styles);
    *table = (struct table){0};
}
