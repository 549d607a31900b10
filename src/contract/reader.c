#include "contract/reader.h"

#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "bulla/limits.h"
#include "contract/reader_internal.h"

#include "base/banned.h"

#define BOM "\xEF\xBB\xBF"

struct bulla_pos reader_place(const struct reader *reader, const uint8_t *at)
{
    size_t before = (size_t)(at - reader->line.data);
    size_t col = utf8_count(bulla_bytes(reader->line.data, before)) + 1;
    return (struct bulla_pos){reader->number, (uint32_t)col};
}

bool reader_finish_entry(struct reader *reader)
{
    if (reader->entry == NULL) {
        return true;
    }
    if (!bulla_buf_ok(&reader->joined, reader->err)) {
        return false;
    }
    struct bulla_bytes joined = bulla_buf_view(&reader->joined);
    const char *text = pool_strndup(reader->pool, joined.data, joined.len, reader->err);
    if (text == NULL) {
        return false;
    }
    reader->entry->value.text = text;
    reader->entry = NULL;
    bulla_buf_clear(&reader->joined);
    return true;
}

/* Takes the next line from the text, without LF or CRLF. False at the end. */
static bool take_line(struct reader *reader)
{
    if (reader->at >= reader->text.len) {
        return false;
    }
    const uint8_t *start = reader->text.data + reader->at;
    size_t left = reader->text.len - reader->at;
    const uint8_t *end = memchr(start, '\n', left);
    size_t len = end == NULL ? left : (size_t)(end - start);
    reader->at += end == NULL ? len : len + 1;
    if (len > 0 && start[len - 1] == '\r') {
        len--;
    }
    reader->line = bulla_bytes(start, len);
    reader->number++;
    return true;
}

/* inih's reader: one line that it will take as it is. SIZE is its buffer's. */
static char *give_line(char *out, int size, void *ctx)
{
    struct reader *reader = ctx;
    /* From r56 on inih looks for the rest of a line that fills its buffer: there is none. */
    if (reader->is_full && size > 0 && size <= INI_MAX_LINE_BYTES) {
        reader->is_full = false;
        return NULL;
    }
    if (reader->failed || !take_line(reader)) {
        return NULL;
    }
    if (!scan_line(reader)) {
        reader->failed = true;
        return NULL;
    }
    struct bulla_bytes line = {0};
    char section[sizeof reader->stand_in + 2];
    switch (reader->kind) {
    case LINE_NOTHING:
        break;
    case LINE_SECTION:
        (void)snprintf(section, sizeof section, "[%s]", reader->stand_in);
        line = bulla_bytes_of(section);
        break;
    case LINE_ENTRY:
    case LINE_MORE:
        line = reader->line;
        break;
    }
    if (size <= 0 || line.len >= (size_t)size) {
        reader->failed = true;
        (void)bulla_error(reader->err, BULLA_E_BUG, "inih has a smaller line than %d bytes",
                          INI_MAX_LINE_BYTES + 1);
        return NULL;
    }
    if (line.len > 0) {
        memcpy(out, line.data, line.len);
    }
    out[line.len] = '\0';
    reader->is_full = line.len == INI_MAX_LINE_BYTES;
    return out;
}

/*
 * Adds one line's piece to the value: a '\' at the end of the line before joins directly, else one
 * blank stands for the line break.
 */
static bool join(struct reader *reader, const char *piece)
{
    struct bulla_setting_part *part = pool_alloc(reader->pool, sizeof *part, reader->err);
    if (part == NULL) {
        return false;
    }
    struct bulla_bytes so_far = bulla_buf_view(&reader->joined);
    if (reader->last_part != NULL && so_far.len > 0) {
        if (so_far.data[so_far.len - 1] == '\\') {
            bulla_buf_truncate(&reader->joined, so_far.len - 1);
        } else {
            bulla_buf_putc(&reader->joined, ' ');
        }
    }
    part->offset = bulla_buf_view(&reader->joined).len;
    part->pos = reader_place(reader, reader->value.data);
    if (reader->last_part == NULL || part->offset == 0) {
        /* Also where nothing stood on the lines before: the value begins here. */
        reader->entry->value.parts = part;
        reader->entry->value.pos = part->pos;
    } else {
        reader->last_part->next = part;
    }
    reader->last_part = part;
    bulla_buf_puts(&reader->joined, piece);
    return true;
}

/* inih's handler: what it read has to be what stands in the file. */
static int take_entry(void *ctx, const char *section, const char *name, const char *value)
{
    struct reader *reader = ctx;
    (void)name;
    if (reader->failed || reader->entry == NULL || strcmp(section, reader->stand_in) != 0 ||
        (reader->kind != LINE_ENTRY && reader->kind != LINE_MORE) ||
        !bulla_bytes_are(reader->value, value)) {
        if (!reader->failed) {
            (void)bulla_error_at(reader->err, BULLA_E_BUG, reader->file,
                                 reader_place(reader, reader->line.data),
                                 "inih reads this line differently");
        }
        reader->failed = true;
        return 0;
    }
    if (!join(reader, value)) {
        reader->failed = true;
        return 0;
    }
    return 1;
}

static int compare_sections(const void *a, const void *b)
{
    const struct ini_section *left = *(struct ini_section *const *)a;
    const struct ini_section *right = *(struct ini_section *const *)b;
    if (left->class != right->class) {
        return left->class < right->class ? -1 : 1;
    }
    int order = strcmp(left->name, right->name);
    if (order != 0) {
        return order;
    }
    return left->pos.line < right->pos.line ? -1 : left->pos.line > right->pos.line;
}

/* Refuses the first section in the file that repeats one. */
static bool check_duplicates(const struct reader *reader)
{
    if (reader->section_count < 2) {
        return true;
    }
    struct ini_section **sorted =
        pool_alloc(reader->pool, reader->section_count * sizeof(struct ini_section *), reader->err);
    if (sorted == NULL) {
        return false;
    }
    size_t count = 0;
    for (struct ini_section *section = reader->sections; section != NULL; section = section->next) {
        sorted[count++] = section;
    }
    qsort(sorted, count, sizeof(struct ini_section *), compare_sections);
    const struct ini_section *repeat = NULL;
    const struct ini_section *first = NULL;
    for (size_t i = 1; i < count; i++) {
        if (sorted[i]->class == sorted[i - 1]->class &&
            strcmp(sorted[i]->name, sorted[i - 1]->name) == 0 &&
            (repeat == NULL || sorted[i]->pos.line < repeat->pos.line)) {
            repeat = sorted[i];
            first = sorted[i - 1];
        }
    }
    if (repeat == NULL) {
        return true;
    }
    (void)bulla_error_at(reader->err, BULLA_E_INVALID, reader->file, repeat->pos,
                         "'%s' has a section already (line %u)", repeat->name, first->pos.line);
    return bulla_error_hint(reader->err, "put the keys of both into one section");
}

static bool read_all(struct reader *reader)
{
    int line = ini_parse_stream(give_line, reader, take_entry, reader);
    if (reader->failed) {
        return false;
    }
    if (line != 0) {
        return bulla_error_at(reader->err, BULLA_E_BUG, reader->file,
                              (struct bulla_pos){line > 0 ? (uint32_t)line : 0, 1},
                              "inih refuses this line");
    }
    return reader_finish_entry(reader) && check_duplicates(reader);
}

bool ini_read(struct bulla_bytes text, const char *file, struct pool *pool,
              struct ini_section **ret_sections, struct bulla_error *err)
{
    if (text.len > BULLA_MAX_CONTRACT_BYTES) {
        return bulla_error_at(err, BULLA_E_LIMIT, file, (struct bulla_pos){0, 0},
                              "larger than %zu bytes", BULLA_MAX_CONTRACT_BYTES);
    }
    struct reader reader = {.text = text, .file = file, .pool = pool, .err = err};
    if (bulla_bytes_start(text, BOM)) {
        reader.at = sizeof BOM - 1;
    }
    reader.section_end = &reader.sections;
    bulla_buf_init(&reader.joined, BULLA_MAX_CONTRACT_BYTES);
    bool ok = read_all(&reader);
    bulla_buf_release(&reader.joined);
    if (!ok) {
        return false;
    }
    *ret_sections = reader.sections;
    return true;
}
