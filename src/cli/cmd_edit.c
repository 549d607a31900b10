/* `bulla edit`: an environment as one text in the user's editor, and one write behind it. */
#include <stdio.h>
#include <string.h>

#include "bulla/generate.h"
#include "bulla/shape.h"
#include "bulla/values.h"
#include "edit_text.h"
#include "editor.h"
#include "env.h"
#include "interrupts.h"
#include "message.h"
#include "private_folder.h"
#include "prompt.h"
#include "secrets.h"
#include "value_input.h"

#define MEMORY_FOLDER "/dev/shm"
#define PLAIN_FOLDER "/tmp"

struct edit_opts {
    const char *why;
    bool force, plain_tmp, yes;
};

static const struct opt options[] = {
    STRING(struct edit_opts, why, '\0', "why", "TEXT", "the reason, for the history (public)"),
    FLAG(struct edit_opts, force, '\0', "force",
         "take values whatever their form: existing ones that work"),
    FLAG(struct edit_opts, plain_tmp, '\0', "plain-tmp",
         "put the text into TMPDIR where /dev/shm is not in memory"),
    FLAG(struct edit_opts, yes, 'y', "yes",
         "write to a protected environment, and unset names, without asking"),
    OPTIONS_END,
};

/* One run of the command. */
struct editing {
    const struct invocation *in;
    const struct edit_opts *opts;
    struct workspace ws;
    struct edit edit;
    struct private_folder folder;
    struct bulla_buf text;
    bool is_done;
};

static bool choose_folder(const struct editing *editing, const char **ret_base,
                          struct bulla_error *err)
{
    *ret_base = MEMORY_FOLDER;
    if (private_folder_in_memory(MEMORY_FOLDER)) {
        return true;
    }
    if (!editing->opts->plain_tmp) {
        (void)bulla_error(err, BULLA_E_REFUSED,
                          "%s is no file system in memory: the text would be on a disk",
                          MEMORY_FOLDER);
        return bulla_error_hint(err, "--plain-tmp takes a folder on disk, and wipes it");
    }
    const char *named = env_lookup("TMPDIR");
    *ret_base = named != NULL && named[0] == '/' ? named : PLAIN_FOLDER;
    if (!private_folder_in_memory(*ret_base)) {
        message_warn(editing->in,
                     "the text is in %s, which is on a disk: what is deleted there "
                     "can often be read again",
                     *ret_base);
    }
    return true;
}

static void close_vault(struct workspace *ws)
{
    bulla_vault_close(ws->vault);
    ws->vault = NULL;
}

static bool prepare(struct editing *editing, struct bulla_error *err)
{
    struct workspace *ws = &editing->ws;
    const char *base = NULL;
    if (!workspace_open(ws, editing->in, err) ||
        !workspace_confirm_write(ws, editing->opts->yes, err) || !editor_check(editing->in, err) ||
        !choose_folder(editing, &base, err) ||
        !workspace_open_vault(ws, BULLA_VAULT_READ, WORKSPACE_KEY_REQUIRED, err)) {
        return false;
    }
    bool ok = edit_load(&editing->edit, ws, err) && edit_write(&editing->edit, &editing->text, err);
    close_vault(ws);
    return ok && private_folder_make(base, &editing->folder, err);
}

static size_t count_changes(const struct edit *edit, enum edit_change change)
{
    size_t count = 0;
    for (size_t i = 0; i < edit->count; i++) {
        count += edit->rows[i].change == change;
    }
    return count;
}

/* What --force does not set either, an empty value but for it, and a warning. */
static void check_texts(struct editing *editing)
{
    struct edit *edit = &editing->edit;
    for (size_t i = 0; i < edit->count; i++) {
        const struct edit_row *row = &edit->rows[i];
        if (row->change != EDIT_ASSIGN) {
            continue;
        }
        const char *fault = value_input_fault(row->wanted);
        if (fault != NULL) {
            edit_problem(edit, row, BULLA_E_REFUSED, "'%s' %s: set its base64 instead", row->name,
                         fault);
        } else if (row->wanted.len == 0 && !editing->opts->force) {
            edit_problem(edit, row, BULLA_E_REFUSED,
                         "'%s' is empty: take the line away to unset it", row->name);
        } else if (row->wanted.len > BULLA_MAX_VALUE_BYTES) {
            edit_problem(edit, row, BULLA_E_LIMIT, "'%s' has %zu bytes, %zu are the most",
                         row->name, row->wanted.len, BULLA_MAX_VALUE_BYTES);
        } else if (bulla_placeholder(row->wanted) != NULL) {
            message_warn(editing->in, "'%s' looks like a placeholder: %s", row->name,
                         bulla_placeholder(row->wanted));
        }
    }
}

/* A line may be gone by mistake, or with half of a file. */
static bool confirm_removals(struct editing *editing, struct bulla_error *err)
{
    struct edit *edit = &editing->edit;
    bulla_auto_buf names;
    bulla_buf_init(&names, BULLA_MAX_TEXT_BYTES);
    size_t count = 0;
    for (size_t i = 0; i < edit->count; i++) {
        if (edit->rows[i].change == EDIT_REMOVE) {
            bulla_buf_printf(&names, "%s%s", count++ > 0 ? ", " : "", edit->rows[i].name);
        }
    }
    const char *list = bulla_buf_text(&names, err);
    if (list == NULL) {
        return false;
    }
    if (count == 0 || editing->opts->yes) {
        return true;
    }
    bool yes = false;
    if (prompt_is_possible()) {
        bulla_auto_str question = bulla_asprintf(err, "Lines are gone: unset %s?", list);
        if (question == NULL || !prompt_yes_no(question, &yes, err)) {
            return false;
        }
    }
    if (!yes) {
        const struct edit_row nowhere = {.name = ""};
        edit_problem(edit, &nowhere, BULLA_E_REFUSED, "lines are gone that would unset %s%s", list,
                     prompt_is_possible() ? "" : "; --yes does it");
    }
    return true;
}

static bool apply_row(struct editing *editing, const struct edit_row *row, struct bulla_error *err)
{
    struct workspace *ws = &editing->ws;
    const struct edit_opts *opts = editing->opts;
    struct bulla_secret_info stored;
    if (row->change == EDIT_REMOVE) {
        bool is_set = bulla_vault_find(ws->vault, row->name, &stored) && !stored.deleted;
        return !is_set || bulla_vault_unset(ws->vault, row->name, opts->why, ws->now, err);
    }
    const struct bulla_set_options set = {
        .kind = opts->force ? BULLA_KIND_IMPORTED : secrets_kind(&row->variable), .why = opts->why};
    return bulla_vault_set(ws->vault, row->name, row->wanted, &set, ws->now, NULL, err);
}

struct judging {
    struct editing *editing;
    const struct edit_row *row;
};

static bool note_verdict(void *ctx, enum bulla_verdict verdict, const char *reason,
                         struct bulla_error *err)
{
    const struct judging *judging = ctx;
    const struct edit_row *row = judging->row;
    (void)err;
    if (verdict == BULLA_VERDICT_WARN_WHEN) {
        message_warn(judging->editing->in, "'%s' %s", row->name, reason);
    } else {
        edit_problem(&judging->editing->edit, row, BULLA_E_REFUSED, "'%s' (%s) %s", row->name,
                     secrets_kind(&row->variable), reason);
    }
    return true;
}

/* With the changes in the vault, before they are written: relations hold between new values too. */
static bool judge(struct editing *editing, struct bulla_error *err)
{
    struct workspace *ws = &editing->ws;
    bulla_auto_values values = workspace_resolve(ws, err);
    if (values == NULL) {
        return false;
    }
    size_t at = 0;
    for (size_t i = 0; i < editing->edit.count; i++) {
        struct judging judging = {editing, &editing->edit.rows[i]};
        if (judging.row->change != EDIT_ASSIGN) {
            continue;
        }
        /* Both are in the contract's order. */
        while (strcmp(bulla_values_get(values, at)->variable.name, judging.row->name) != 0) {
            at++;
        }
        if (!bulla_values_judge(values, at, note_verdict, &judging, err)) {
            return false;
        }
    }
    return true;
}

static bool say_done(struct editing *editing, struct bulla_error *err)
{
    const struct edit *edit = &editing->edit;
    const char *env = editing->ws.environment->name;
    const char **names = bulla_alloc(edit->count + 1, sizeof *names, err);
    if (names == NULL) {
        return false;
    }
    size_t count = 0;
    for (size_t i = 0; i < edit->count; i++) {
        const struct edit_row *row = &edit->rows[i];
        if (row->change != EDIT_KEEP) {
            message_note(editing->in, "'%s' is %s in '%s'", row->name,
                         row->change == EDIT_ASSIGN ? "set" : "unset", env);
            names[count++] = row->name;
        }
    }
    bool ok = secrets_tell_services(&editing->ws, names, count, err);
    bulla_free(names);
    return ok;
}

/* One write under the lock, of everything or of nothing. */
static bool write_changes(struct editing *editing, struct bulla_error *err)
{
    struct edit *edit = &editing->edit;
    if (!workspace_open_vault(&editing->ws, BULLA_VAULT_WRITE, WORKSPACE_KEY_REQUIRED, err) ||
        !edit_rebase(edit, &editing->text, err)) {
        return false;
    }
    bulla_vault_batch_begin(editing->ws.vault);
    for (size_t i = 0; edit->problems == 0 && i < edit->count; i++) {
        if (edit->rows[i].change != EDIT_KEEP && !apply_row(editing, &edit->rows[i], err)) {
            return false;
        }
    }
    if (!bulla_vault_batch_end(editing->ws.vault, err)) {
        return false;
    }
    if (edit->problems == 0 && !editing->opts->force && !judge(editing, err)) {
        return false;
    }
    if (edit->problems == 0) {
        editing->is_done = true;
        if (!bulla_vault_commit(editing->ws.vault, err) || !say_done(editing, err)) {
            return false;
        }
    }
    close_vault(&editing->ws);
    return true;
}

/* What came back from the editor: written, or told what stands in the way. */
static bool take(struct editing *editing, struct bulla_error *err)
{
    struct edit *edit = &editing->edit;
    bulla_buf_clear(&editing->text);
    if (!private_folder_read(&editing->folder, edit->file, BULLA_MAX_TEXT_BYTES, &editing->text,
                             err) ||
        !edit_read(edit, bulla_buf_view(&editing->text), err)) {
        return false;
    }
    if (edit->problems == 0) {
        check_texts(editing);
    }
    if (edit->problems > 0) {
        return true;
    }
    if (count_changes(edit, EDIT_KEEP) == edit->count) {
        message_note(editing->in, "nothing was changed in '%s': nothing was written",
                     editing->ws.environment->name);
        editing->is_done = true;
        return true;
    }
    return confirm_removals(editing, err) && (edit->problems > 0 || write_changes(editing, err));
}

/* The text is not lost for one mistake in it, where somebody can mend it. */
static bool ask_again(const struct editing *editing, struct bulla_error *err)
{
    const struct edit *edit = &editing->edit;
    bool yes = false;
    if (prompt_is_possible() &&
        !prompt_yes_no("Open the text again (else it is lost)?", &yes, err)) {
        return false;
    }
    return yes || bulla_error(err, edit->code, "%zu problem%s in the text: nothing was written",
                              edit->problems, edit->problems == 1 ? "" : "s");
}

static bool edit_until_done(struct editing *editing, struct bulla_error *err)
{
    while (!editing->is_done) {
        if (!private_folder_write(&editing->folder, editing->edit.file,
                                  bulla_buf_view(&editing->text), err) ||
            !editor_run(editing->in, editing->folder.path, editing->edit.file, err) ||
            !take(editing, err)) {
            return false;
        }
        if (!editing->is_done && !ask_again(editing, err)) {
            return false;
        }
    }
    return true;
}

static void release(struct editing *editing)
{
    edit_release(&editing->edit);
    bulla_buf_release(&editing->text);
    workspace_release(&editing->ws);
}

static bool run(const struct invocation *in, struct bulla_error *err)
{
    struct editing editing = {.in = in, .opts = in->opts, .folder = {.fd = -1}};
    struct bulla_error left = BULLA_ERROR_INIT;
    struct interrupts interrupts;
    bulla_buf_init_secret(&editing.text, BULLA_MAX_TEXT_BYTES);
    interrupts_hold(&interrupts, INTERRUPTS_END);
    bool ok = prepare(&editing, err) && edit_until_done(&editing, err);
    bool is_wiped = private_folder_remove(&editing.folder, &left);
    release(&editing);
    if (!is_wiped) {
        message_error(in, &left);
    }
    (void)interrupts_release(&interrupts);
    return ok;
}

static const struct example examples[] = {
    {"bulla edit", "all values of the default environment"},
    {"bulla edit -e staging --why 'keys of the new provider'", "with the reason"},
    {NULL, NULL},
};

const struct command cmd_edit = {
    .name = "edit",
    .summary = "edit an environment's values as one text",
    .description =
        "Opens the values of an environment as an env file in VISUAL, EDITOR or the system's "
        "editor. What was changed, added and taken away is held against the contract and written "
        "in one step, or not at all: with a problem it is told where, and the text can be opened "
        "again. Saved as it was, or left by an editor that fails, nothing is written.\n\n"
        "Only changed names are written. What somebody else has written meanwhile stays; a name "
        "that both have changed is refused, and the text gets a comment with the other value.\n\n"
        "The text is in a folder in /dev/shm that only you can open, and is overwritten and "
        "removed whatever happens. What an editor keeps in other places (a clipboard, undo files, "
        "vim's viminfo) is for its settings to say (VISUAL='vim -i NONE'); one that returns at "
        "once needs its option to "
        "wait (code --wait).",
    .group = GROUP_VALUES,
    .opts_size = sizeof(struct edit_opts),
    .options = options,
    .examples = examples,
    .see_also = "set, unset, resolve",
    .run = run,
};
