#include <stdio.h>
#include <string.h>

#include "bulla/mem.h"
#include "bulla/text.h"
#include "output.h"

/* What a column keeps on a terminal that is too narrow, and the last one. */
#define COLUMN_LEAST 8
#define LAST_LEAST 24
#define LAST_LEAST_AT_ALL 16

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

/* True for what ends like "compose.yaml:12:7": one copies it, or clicks on it. */
static bool is_place(const char *word, size_t len)
{
    size_t digits = 0;
    while (len > 0 && word[len - 1] >= '0' && word[len - 1] <= '9') {
        len--;
        digits++;
    }
    return digits > 0 && len > 1 && word[len - 1] == ':';
}

void table_keep_whole(struct table *table, size_t column)
{
    table->whole |= 1U << column;
}

/* How a cell may be broken, the better ones first. */
enum breaking {
    BREAK_BLANKS,
    BREAK_WORDS,       /* but no places */
    BREAK_WORDS_SHORT, /* and the last column narrower */
    BREAK_ANYWHERE,
    BREAKINGS
};

/* The columns of the longest part of TEXT that BREAKING leaves whole. */
static size_t longest_part(const char *text, enum breaking breaking)
{
    size_t longest = 0;
    while (*text != '\0') {
        size_t word = strcspn(text, " ");
        size_t len = word;
        if (breaking != BREAK_BLANKS && !is_place(text, word)) {
            size_t part = strcspn(text, " " FOLD_BEHIND);
            len = part < word ? part + 1 : word;
        }
        char kept[256];
        (void)snprintf(kept, sizeof kept, "%.*s", (int)len, text);
        size_t columns = output_columns(kept);
        longest = columns > longest ? columns : longest;
        text += len + strspn(text + len, " ");
    }
    return longest;
}

/* How narrow each column may become. */
static void find_limits(const struct table *table, const size_t widths[static TABLE_COLUMNS_MAX],
                        enum breaking breaking, size_t ret[static TABLE_COLUMNS_MAX])
{
    size_t last = table->column_count - 1;
    for (size_t i = 0; i <= last; i++) {
        size_t last_least = breaking < BREAK_WORDS_SHORT ? LAST_LEAST : LAST_LEAST_AT_ALL;
        size_t least = i < last ? COLUMN_LEAST : last_least;
        bool is_whole = (table->whole & (1U << i)) != 0;
        ret[i] = widths[i] < least || is_whole ? widths[i] : least;
    }
    for (size_t i = 0; breaking != BREAK_ANYWHERE && i < table->cell_count; i++) {
        size_t *limit = &ret[i % table->column_count];
        size_t part = longest_part(table->cells[i], breaking);
        *limit = part > *limit ? part : *limit;
    }
}

/* Takes from the widest columns what the terminal lacks, as far as LIMITS go; true where it fits.
 */
static bool narrow_to(const struct table *table, const size_t limits[static TABLE_COLUMNS_MAX],
                      size_t widths[static TABLE_COLUMNS_MAX])
{
    size_t last = table->column_count - 1;
    size_t total = 2 * last;
    for (size_t i = 0; i <= last; i++) {
        total += widths[i];
    }
    for (; total > table->out->width && widths[last] > limits[last]; total--) {
        widths[last]--;
    }
    for (; total > table->out->width; total--) {
        size_t widest = last;
        for (size_t i = 0; i < last; i++) {
            bool is_wider = widest == last || widths[i] > widths[widest];
            widest = widths[i] > limits[i] && is_wider ? i : widest;
        }
        if (widest == last) {
            return false;
        }
        widths[widest]--;
    }
    return true;
}

/* Breaks cells in the best way that makes the table fit. */
static void narrow(const struct table *table, size_t widths[static TABLE_COLUMNS_MAX])
{
    size_t limits[TABLE_COLUMNS_MAX];
    bool fits = !table->out->is_terminal;
    for (enum breaking breaking = BREAK_BLANKS; !fits && breaking < BREAKINGS; breaking++) {
        find_limits(table, widths, breaking, limits);
        fits = narrow_to(table, limits, widths);
    }
}

/* Writes what a line takes of TEXT; returns what is left of it, or NULL, and the columns it took.
 */
static char *write_part(struct output *out, enum style style, char *text, size_t room,
                        size_t *ret_columns)
{
    size_t len = out->is_terminal ? fold_at(text, room) : strlen(text);
    char kept = text[len];
    text[len] = '\0';
    output_styled(out, style, text);
    *ret_columns = output_columns(text);
    text[len] = kept;
    return kept == '\0' ? NULL : text + len + (kept == ' ');
}

/* The cells that begin at FIRST: all in one line, and what does not fit under itself. */
static void write_row(const struct table *table, const size_t widths[static TABLE_COLUMNS_MAX],
                      size_t first)
{
    struct output *out = table->out;
    char *rest[TABLE_COLUMNS_MAX];
    bool is_more = true;
    memcpy(rest, table->cells + first, table->column_count * sizeof *rest);
    while (is_more) {
        size_t blanks = 0;
        is_more = false;
        for (size_t i = 0; i < table->column_count; i++) {
            size_t used = 0;
            if (rest[i] != NULL) {
                write_blanks(out, blanks);
                blanks = 0;
                rest[i] = write_part(out, table->styles[first + i], rest[i], widths[i], &used);
            }
            is_more = is_more || rest[i] != NULL;
            blanks += (used < widths[i] ? widths[i] - used : 0) + 2;
        }
        output_text(out, "\n");
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
    for (size_t i = 0; i < table->cell_count; i += table->column_count) {
        write_row(table, widths, i);
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
