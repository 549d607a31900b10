/* `bulla restore`: the lines that a reset or an old copy took, from this machine's journal. */
#include <stdio.h>

#include "message.h"
#include "output.h"
#include "workspace.h"

struct restore_opts {
    bool yes;
};

static const struct opt options[] = {
    FLAG(struct restore_opts, yes, 'y', "yes", "write to a protected environment without asking"),
    OPTIONS_END,
};

/* The records that are in no file yet. */
static bool write_restored(const struct workspace *ws, struct bulla_error *err)
{
    static const char *const headings[] = {"RESTORED", "NAME", "V", "BY"};
    struct bulla_record_info record;
    auto_table table;
    table_init(&table, ws->in->out, headings, 4);
    for (size_t i = 0; bulla_vault_record(ws->vault, i, &record); i++) {
        char number[16];
        if (record.line > 0) {
            continue;
        }
        (void)snprintf(number, sizeof number, "%u", record.number);
        table_cell(&table, record.kind);
        table_styled(&table, STYLE_STRONG, record.subject);
        table_cell(&table, record.number > 0 ? number : NULL);
        table_cell(&table, record.by);
    }
    return table_write(&table, err);
}

static bool run(const struct invocation *in, struct bulla_error *err)
{
    const struct restore_opts *opts = in->opts;
    size_t count = 0;
    auto_workspace ws = {.in = in};
    if (!workspace_open(&ws, in, err) || !workspace_confirm_write(&ws, opts->yes, err) ||
        !workspace_open_vault(&ws, BULLA_VAULT_WRITE, WORKSPACE_KEY_OPTIONAL, err) ||
        !bulla_vault_restore(ws.vault, &count, err)) {
        return false;
    }
    if (count == 0) {
        message_note(in, "nothing is missing in %s that this machine has seen", ws.vault_path);
        return true;
    }
    if (!in->global.quiet && !write_restored(&ws, err)) {
        return false;
    }
    if (!bulla_vault_commit(ws.vault, err)) {
        return false;
    }
    message_note(in, "%zu line%s back in %s: commit it", count, count == 1 ? " is" : "s are",
                 ws.vault_path);
    return true;
}

static const struct example examples[] = {
    {"bulla restore", "after git reset --hard took values that were set"},
    {NULL, NULL},
};

const struct command cmd_restore = {
    .name = "restore",
    .summary = "bring back lines of a vault that a reset took",
    .description =
        "Every line that bulla writes goes to a journal on this machine first. Where a reset, a "
        "revert or an old copy of the file took such lines away, other commands warn; this one "
        "puts the missing lines back as they were, with what they need. It takes no key, and the "
        "lines are verified like all others.\n\n"
        "Lines that came from somebody else and were never written here are not in the journal: "
        "take them from git ('git reflog'). Where they are meant to be gone, 'bulla verify "
        "--accept' takes the vault as it is.",
    .group = GROUP_PEOPLE,
    .opts_size = sizeof(struct restore_opts),
    .options = options,
    .examples = examples,
    .see_also = "verify, rollback, resolve",
    .without = GLOBAL_FILES,
    .run = run,
};
