/* What an edited text asks for, and what is wrong with it. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "bulla/text.h"
#include "edit_text.h"
#include "message.h"
#include "secrets.h"

static void count_problem(struct edit *edit, const struct bulla_error *problem)
{
    message_error(edit->ws->in, problem);
    edit->code = edit->problems == 0 ? problem->code : edit->code;
    edit->problems++;
}

void edit_problem(struct edit *edit, const struct edit_row *row, enum bulla_code code,
                  const char *fmt, ...)
{
    char text[512];
    struct bulla_error problem = BULLA_ERROR_INIT;
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    (void)bulla_error_at(&problem, code, edit->file, row->pos, "%s", text);
    count_problem(edit, &problem);
}

/* Lines mostly come in the order of the rows: the search goes on behind the last one found. */
static struct edit_row *find_row(const struct edit *edit, const char *name, size_t *at)
{
    for (size_t i = 0; i < edit->count; i++) {
        struct edit_row *row = &edit->rows[(*at + i) % edit->count];
        if (strcmp(row->name, name) == 0) {
            *at = (*at + i + 1) % edit->count;
            return row;
        }
    }
    return NULL;
}

static bool refuse_name(struct edit *edit, const struct bulla_dotenv_entry *entry,
                        struct bulla_error *err)
{
    struct edit_row there = {.pos = entry->pos};
    struct bulla_variable variable;
    struct bulla_error problem = BULLA_ERROR_INIT;
    const char *name = (const char *)entry->name.data;
    if (secrets_find_variable(edit->ws, name, &variable)) {
        edit_problem(edit, &there, BULLA_E_REFUSED, "'%s' is derived: it follows from others",
                     name);
        return true;
    }
    (void)secrets_refuse_unknown(edit->ws, name, &problem);
    if (problem.code != BULLA_E_REFUSED) {
        *err = problem;
        return false;
    }
    (void)bulla_error_at(err, BULLA_E_REFUSED, edit->file, entry->pos, "%s", problem.message);
    (void)bulla_error_hint(err, "%s", problem.hint);
    count_problem(edit, err);
    bulla_error_clear(err);
    return true;
}

/* What is wrong with a line whatever the contract says of its value, or NULL. */
static const char *line_fault(const struct edit_row *row, const struct bulla_dotenv_entry *entry)
{
    if (row->is_there) {
        return "stands here a second time";
    }
    if (entry->bare || !entry->set) {
        return "has no '='";
    }
    if (entry->references > 0) {
        return "refers to a variable: write '$' between single quotes, or as '\\$' in double ones";
    }
    if (row->state == EDIT_CONTESTED) {
        return "is contested: 'bulla resolve' settles it";
    }
    return NULL;
}

static void read_entry(struct edit *edit, struct edit_row *row,
                       const struct bulla_dotenv_entry *entry)
{
    const char *fault = line_fault(row, entry);
    row->pos = entry->pos;
    row->is_there = true;
    if (fault != NULL) {
        edit_problem(edit, row, BULLA_E_REFUSED, "'%s' %s", row->name, fault);
        return;
    }
    bool has_value = row->value.data != NULL;
    if (has_value && bulla_secret_bytes_equal(entry->value, row->value)) {
        row->change = EDIT_KEEP;
        return;
    }
    if (!row->is_known) {
        edit_problem(edit, row, BULLA_E_REFUSED,
                     "'%s' is not in the contract: its line can only be taken away", row->name);
        return;
    }
    row->change = EDIT_ASSIGN;
    row->wanted = entry->value;
}

static bool read_entries(struct edit *edit, struct bulla_error *err)
{
    size_t at = 0;
    for (size_t i = 0; i < bulla_dotenv_count(edit->read); i++) {
        const struct bulla_dotenv_entry *entry = bulla_dotenv_get(edit->read, i);
        struct edit_row *row = find_row(edit, (const char *)entry->name.data, &at);
        if (row != NULL) {
            read_entry(edit, row, entry);
        } else if (!refuse_name(edit, entry, err)) {
            return false;
        }
    }
    return true;
}

/* Whether the line of POS, in TEXT, has a NUL, which most editors show as nothing: POS is there. */
static bool find_nul(struct bulla_bytes text, struct bulla_pos *pos)
{
    struct bulla_bytes rest = text;
    const uint8_t *lf = NULL;
    for (uint32_t line = 1; line < pos->line && rest.len > 0; line++) {
        lf = memchr(rest.data, '\n', rest.len);
        rest = lf != NULL ? bulla_bytes_slice(rest, (size_t)(lf - rest.data) + 1, rest.len)
                          : bulla_bytes_slice(rest, rest.len, 0);
    }
    lf = rest.len > 0 ? memchr(rest.data, '\n', rest.len) : NULL;
    size_t len = lf != NULL ? (size_t)(lf - rest.data) : rest.len;
    const uint8_t *nul = len > 0 ? memchr(rest.data, '\0', len) : NULL;
    if (nul != NULL) {
        *pos = bulla_text_pos(text, (size_t)(nul - text.data));
    }
    return nul != NULL;
}

bool edit_read(struct edit *edit, struct bulla_bytes text, struct bulla_error *err)
{
    struct bulla_error problem = BULLA_ERROR_INIT;
    edit->problems = 0;
    for (size_t i = 0; i < edit->count; i++) {
        struct edit_row *row = &edit->rows[i];
        row->change = row->state == EDIT_SET ? EDIT_REMOVE : EDIT_KEEP;
        row->is_there = false;
        row->pos = (struct bulla_pos){0, 0};
    }
    bulla_dotenv_free(edit->read);
    edit->read = bulla_dotenv_parse(text, edit->file, NULL, &problem);
    if (edit->read == NULL) {
        if (problem.code == BULLA_E_NOMEM) {
            *err = problem;
            return false;
        }
        struct bulla_pos pos = problem.pos;
        if (find_nul(text, &pos)) {
            (void)bulla_error_at(&problem, problem.code, edit->file, pos, "has a NUL byte here");
            (void)bulla_error_hint(&problem, "take it out; a value of any bytes is set as its "
                                             "base64");
        }
        count_problem(edit, &problem);
        return true;
    }
    return read_entries(edit, err);
}
