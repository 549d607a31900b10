#include <string.h>

#include "bulla/mem.h"
#include "bulla/text.h"
#include "output.h"

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

/* The last cell of a row, which may wrap under itself on a terminal. */
static void write_last(struct output *out, enum style style, char *text, size_t column)
{
    size_t room = out->width > column ? out->width - column : 0;
    if (!out->is_terminal || room < 16 || output_columns(text) <= room) {
        output_styled(out, style, text);
        output_text(out, "\n");
        return;
    }
    while (output_columns(text) > room) {
        size_t cut = room;
        while (cut > 0 && text[cut] != ' ') {
            cut--;
        }
        if (cut == 0) {
            break;
        }
        text[cut] = '\0';
        output_styled(out, style, text);
        output_text(out, "\n");
        write_blanks(out, column);
        text += cut + 1;
    }
    output_styled(out, style, text);
    output_text(out, "\n");
}

bool table_write(struct table *table, struct bulla_error *err)
{
    if (table->has_failed) {
        return bulla_error_nomem(err);
    }
    size_t columns = table->column_count;
    size_t widths[TABLE_COLUMNS_MAX] = {0};
    for (size_t i = 0; i < table->cell_count; i++) {
        size_t width = output_columns(table->cells[i]);
        if (width > widths[i % columns]) {
            widths[i % columns] = width;
        }
    }
    size_t at = 0;
    for (size_t i = 0; i < table->cell_count; i++) {
        size_t column = i % columns;
        if (column + 1 == columns) {
            write_last(table->out, table->styles[i], table->cells[i], at);
            at = 0;
            continue;
        }
        output_styled(table->out, table->styles[i], table->cells[i]);
        write_blanks(table->out, widths[column] - output_columns(table->cells[i]) + 2);
        at += widths[column] + 2;
    }
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
