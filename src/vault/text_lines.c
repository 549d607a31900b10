/* A vault's text line by line, whatever it is. */
#include <string.h>

#include "bulla/limits.h"
#include "bulla/mem.h"
#include "vault/lines.h"

#include "base/banned.h"

/* The lines of a text, and the records that some of them are. */
struct text_lines {
    struct bulla_vault *vault;
    struct shown_line *lines;
    size_t count, cap;
};

struct shown_line {
    enum bulla_vault_line_kind kind;
    struct bulla_bytes text;
    uint32_t record;
};

static bool classify(struct text_lines *lines, struct shown_line *line, struct bulla_error *err)
{
    struct bulla_vault *vault = lines->vault;
    bool has_header = vault->header.len > 0;
    line->kind = BULLA_LINE_OTHER;
    if (line->text.len == 0) {
        line->kind = BULLA_LINE_BLANK;
    } else if (line->text.data[0] == '#') {
        line->kind = BULLA_LINE_COMMENT;
    } else if (vault_is_marker(line->text)) {
        line->kind = BULLA_LINE_MARKER;
    } else if (vault_is_header(line->text) && !has_header) {
        line->kind =
            vault_set_header(vault, line->text, NULL, err) ? BULLA_LINE_HEADER : BULLA_LINE_OTHER;
    } else if (has_header &&
               vault_add_line(vault, line->text, (uint32_t)lines->count + 1, &line->record, err)) {
        line->kind = BULLA_LINE_RECORD;
    }
    if (err->code == BULLA_E_NOMEM) {
        return false;
    }
    bulla_error_clear(err);
    return true;
}

static bool read_lines(struct text_lines *lines, struct bulla_bytes text, struct bulla_error *err)
{
    while (text.len > 0) {
        const uint8_t *end = memchr(text.data, '\n', text.len);
        size_t len = end == NULL ? text.len : (size_t)(end - text.data);
        struct shown_line line = {.text = bulla_bytes(text.data, len), .record = NONE};
        if (!bulla_grow(&lines->lines, &lines->cap, lines->count + 1, sizeof *lines->lines, err) ||
            !classify(lines, &line, err)) {
            return false;
        }
        lines->lines[lines->count++] = line;
        text = bulla_bytes_slice(text, end == NULL ? len : len + 1, SIZE_MAX);
    }
    return true;
}

static bool show(const struct text_lines *lines, bulla_vault_line_fn *step, void *ctx,
                 struct bulla_error *err)
{
    for (size_t i = 0; i < lines->count; i++) {
        const struct shown_line *line = &lines->lines[i];
        struct bulla_vault_line shown = {.kind = line->kind, .text = line->text};
        if (line->kind == BULLA_LINE_RECORD) {
            shown.record = log_describe(lines->vault, &lines->vault->records[line->record]);
            shown.record.line = (uint32_t)i + 1;
        }
        if (!step(ctx, &shown, err)) {
            return false;
        }
    }
    return true;
}

bool bulla_vault_each_line(struct bulla_bytes text, bulla_vault_line_fn *step, void *ctx,
                           struct bulla_error *err)
{
    const struct bulla_vault_place place = {.path = ""};
    if (text.len > BULLA_MAX_VAULT_BYTES) {
        return bulla_error(err, BULLA_E_LIMIT, "larger than the %zu bytes that we read",
                           BULLA_MAX_VAULT_BYTES);
    }
    struct text_lines lines = {.vault = vault_new(&place, BULLA_VAULT_READ, err)};
    bool ok = lines.vault != NULL && intern_init(&lines.vault->ids, 64, err) &&
              read_lines(&lines, text, err) && show(&lines, step, ctx, err);
    bulla_free(lines.lines);
    bulla_vault_close(lines.vault);
    return ok;
}
