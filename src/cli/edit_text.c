#include "edit_text.h"

#include <stdio.h>
#include <string.h>

#include "bulla/text.h"
#include "secrets.h"

#define FIRST_BYTES ((size_t)16 * 1024)

/* What an editor gives back as it was: UTF-8 without control characters but tab and LF. */
static bool is_text(struct bulla_bytes value)
{
    uint32_t code_point = 0;
    while (value.len > 0) {
        size_t len = bulla_text_decode(value, &code_point);
        bool is_control = (code_point < 0x20 && code_point != '\t' && code_point != '\n') ||
                          (code_point >= 0x7F && code_point < 0xA0);
        if (len == 0 || is_control) {
            return false;
        }
        value = bulla_bytes_slice(value, len, value.len);
    }
    return true;
}

/* What the vault has for the row's name. */
static bool look(const struct edit *edit, struct edit_row *row, struct bulla_error *err)
{
    struct bulla_secret_info stored;
    struct bulla_bytes value;
    row->state = EDIT_UNSET;
    row->id[0] = '\0';
    if (!bulla_vault_find(edit->ws->vault, row->name, &stored)) {
        return true;
    }
    if (stored.contested) {
        row->state = EDIT_CONTESTED;
        return true;
    }
    if (stored.current == NULL) {
        return true;
    }
    (void)snprintf(row->id, sizeof row->id, "%s", stored.current->id);
    if (!bulla_vault_get(edit->ws->vault, row->name, 0, &value, err)) {
        row->state = EDIT_UNSHOWN;
        if (err->code != BULLA_E_IDENTITY) {
            return false;
        }
        bulla_error_clear(err);
        return true;
    }
    row->state = is_text(value) ? EDIT_SET : EDIT_UNSHOWN;
    return bulla_arena_add(edit->arena, value, &row->value, err);
}

static bool add_row(struct edit *edit, const char *name, const struct bulla_variable *variable,
                    struct bulla_error *err)
{
    struct edit_row *row = &edit->rows[edit->count];
    *row = (struct edit_row){.name = name, .is_known = variable != NULL};
    if (variable != NULL) {
        row->variable = *variable;
    }
    if (!look(edit, row, err)) {
        return false;
    }
    /* The vault will be closed before the text comes back. */
    struct bulla_bytes copy;
    if (!bulla_arena_add(edit->arena, bulla_bytes_of(name), &copy, err)) {
        return false;
    }
    row->name = (const char *)copy.data;
    edit->count++;
    return true;
}

bool edit_load(struct edit *ret, const struct workspace *ws, struct bulla_error *err)
{
    *ret = (struct edit){.ws = ws};
    size_t variables = bulla_contract_variable_count(ws->contract);
    size_t stored = bulla_vault_count(ws->vault);
    ret->file = bulla_asprintf(err, "%s.env", ws->environment->name);
    ret->arena = ret->file != NULL ? bulla_arena_new(FIRST_BYTES, err) : NULL;
    ret->rows =
        ret->arena != NULL ? bulla_alloc(variables + stored + 1, sizeof *ret->rows, err) : NULL;
    if (ret->rows == NULL) {
        return false;
    }
    for (size_t i = 0; i < variables; i++) {
        struct bulla_variable variable;
        bulla_contract_variable(ws->contract, i, ws->environment->name, &variable);
        if (variable.role != BULLA_ROLE_DERIVED && !add_row(ret, variable.name, &variable, err)) {
            return false;
        }
    }
    for (size_t i = 0; i < stored; i++) {
        struct bulla_secret_info info;
        struct bulla_variable variable;
        bulla_vault_secret(ws->vault, i, &info);
        if (!info.deleted && !secrets_find_variable(ws, info.name, &variable) &&
            !add_row(ret, info.name, NULL, err)) {
            return false;
        }
    }
    return true;
}

void edit_release(struct edit *edit)
{
    bulla_dotenv_free(edit->read);
    bulla_arena_free(edit->arena);
    bulla_free(edit->rows);
    bulla_free(edit->file);
    *edit = (struct edit){.ws = edit->ws};
}

/* A piece of a comment: what people wrote, on one line. */
static bool add_comment(struct bulla_buf *out, const char *text, struct bulla_error *err)
{
    bulla_auto_str clean = bulla_strdup(text, err);
    if (clean == NULL) {
        return false;
    }
    bulla_text_sanitize(clean);
    bulla_buf_puts(out, clean);
    return true;
}

/* Several lines stand as they are between single quotes where that can be written. */
static bool add_assignment(struct bulla_buf *out, const struct edit_row *row, bool on_one_line,
                           struct bulla_error *err)
{
    struct bulla_bytes name = bulla_bytes_of(row->name);
    bool has_lines = row->value.len > 0 && memchr(row->value.data, '\n', row->value.len) != NULL;
    if (has_lines && !on_one_line) {
        struct bulla_error ignored = BULLA_ERROR_INIT;
        if (bulla_env_write(BULLA_ENV_COMPOSE_SINGLE, name, row->value, out, &ignored)) {
            return true;
        }
    }
    return bulla_env_write(BULLA_ENV_COMPOSE, name, row->value, out, err);
}

static bool add_row_text(struct bulla_buf *out, const struct edit_row *row, struct bulla_error *err)
{
    bulla_buf_puts(out, "\n# ");
    if (!row->is_known) {
        bulla_buf_puts(out, "not in bulla.ini: its line can be taken away");
    } else if (!add_comment(out, secrets_kind(&row->variable), err)) {
        return false;
    }
    if (row->is_known && row->variable.obtain.text != NULL) {
        bulla_buf_puts(out, ", from ");
        if (!add_comment(out, row->variable.obtain.text, err)) {
            return false;
        }
    }
    bulla_buf_puts(out, "\n");
    switch (row->state) {
    case EDIT_SET:
        return add_assignment(out, row, false, err);
    case EDIT_UNSET:
        bulla_buf_printf(out, "# %s=", row->name);
        if (row->is_known && row->variable.preset.text != NULL &&
            !add_comment(out, row->variable.preset.text, err)) {
            return false;
        }
        bulla_buf_puts(out, "\n");
        return true;
    case EDIT_CONTESTED:
        bulla_buf_printf(out, "# %s: branches disagree, 'bulla resolve' settles it\n", row->name);
        return true;
    case EDIT_UNSHOWN:
        break;
    }
    const char *reason = row->value.data != NULL ? "it is no text" : "no key at hand opens it";
    bulla_buf_printf(out, "# %s: a value that is not shown (%s)\n", row->name, reason);
    return true;
}

static bool add_derived(struct bulla_buf *out, const struct workspace *ws)
{
    size_t listed = 0;
    for (size_t i = 0; i < bulla_contract_variable_count(ws->contract); i++) {
        struct bulla_variable variable;
        bulla_contract_variable(ws->contract, i, ws->environment->name, &variable);
        if (variable.role == BULLA_ROLE_DERIVED) {
            bulla_buf_printf(out, "%s%s", listed++ == 0 ? "\n# derived from these: " : ", ",
                             variable.name);
        }
    }
    bulla_buf_puts(out, listed > 0 ? "\n" : "");
    return true;
}

/* What was written has to read back, byte for byte. */
static bool check_written(struct edit *edit, struct bulla_bytes text, struct bulla_error *err)
{
    if (!edit_read(edit, text, err)) {
        return false;
    }
    bool is_same = edit->problems == 0;
    for (size_t i = 0; i < edit->count; i++) {
        is_same = is_same && edit->rows[i].change == EDIT_KEEP;
    }
    return is_same || bulla_error(err, BULLA_E_BUG, "the text would not read back as it is");
}

bool edit_write(struct edit *edit, struct bulla_buf *text, struct bulla_error *err)
{
    const char *env = edit->ws->environment->name;
    bulla_buf_printf(text,
                     "# Environment '%s', in the clear while you edit it.\n"
                     "# Save and leave the editor: all that changed is written in one step.\n"
                     "# NAME=value, NAME='$ and # and lines as they are' or NAME=\"\\n and \\$\".\n"
                     "# A name whose line is gone or a comment has no value any more.\n",
                     env);
    for (size_t i = 0; i < edit->count; i++) {
        if (!add_row_text(text, &edit->rows[i], err)) {
            return false;
        }
    }
    if (!add_derived(text, edit->ws) || !bulla_buf_ok(text, err)) {
        return false;
    }
    return check_written(edit, bulla_buf_view(text), err);
}

/* Whether the vault has for the row what it had, or what is wanted anyway. */
static bool is_free(const struct edit_row *row, const struct edit_row *now)
{
    if (now->state == EDIT_CONTESTED || strcmp(row->id, now->id) == 0) {
        return now->state != EDIT_CONTESTED;
    }
    if (now->state == EDIT_UNSET || row->state == EDIT_UNSET) {
        return now->state == EDIT_UNSET && row->change == EDIT_REMOVE;
    }
    struct bulla_bytes fine = row->change == EDIT_ASSIGN ? row->wanted : row->value;
    return now->value.data != NULL && row->value.data != NULL &&
           (bulla_secret_bytes_equal(now->value, row->value) ||
            bulla_secret_bytes_equal(now->value, fine));
}

static bool add_theirs(struct bulla_buf *out, const struct edit_row *now, struct bulla_error *err)
{
    bulla_buf_puts(out, "# ");
    if (now->state == EDIT_SET) {
        return add_assignment(out, now, true, err);
    }
    bulla_buf_printf(out, "%s %s\n", now->name,
                     now->state == EDIT_UNSET       ? "was unset"
                     : now->state == EDIT_CONTESTED ? "is contested: take its line away"
                                                    : "has a value that is not shown");
    return true;
}

bool edit_rebase(struct edit *edit, struct bulla_buf *text, struct bulla_error *err)
{
    bulla_auto_buf theirs;
    bulla_buf_init_secret(&theirs, BULLA_MAX_TEXT_BYTES);
    for (size_t i = 0; i < edit->count; i++) {
        struct edit_row *row = &edit->rows[i];
        if (row->change == EDIT_KEEP) {
            continue;
        }
        struct edit_row now = {.name = row->name};
        if (!look(edit, &now, err)) {
            return false;
        }
        if (is_free(row, &now)) {
            continue;
        }
        edit_problem(edit, row, BULLA_E_REFUSED,
                     "'%s' was changed by somebody else while you edited it", row->name);
        if (!add_theirs(&theirs, &now, err)) {
            return false;
        }
        row->state = now.state;
        row->value = now.value;
        memcpy(row->id, now.id, sizeof row->id);
    }
    if (theirs.len > 0) {
        bulla_buf_puts(&theirs, "# Above: what the vault has by now. What stands below would "
                                "replace it.\n");
        bulla_buf_add_bytes(&theirs, bulla_buf_view(text));
        bulla_buf_clear(text);
        bulla_buf_add_bytes(text, bulla_buf_view(&theirs));
    }
    return bulla_buf_ok(&theirs, err) && bulla_buf_ok(text, err);
}
