/* `bulla git install`, `uninstall` and `textconv`: how git shows vaults. */
#include <stdio.h>
#include <string.h>

#include "bulla/file.h"
#include "bulla/mem.h"
#include "git_setup.h"
#include "message.h"
#include "output.h"
#include "record_words.h"
#include "when.h"

static void tell_changed(const struct invocation *in, bool changed, const char *what)
{
    message_note(in, changed ? "%s" : "%s already", what);
}

/* What we do not touch, and what to do about it. */
static bool refuse_foreign(const struct git_setup *setup, bool textconv,
                           const bool hooks[static GIT_HOOKS], struct bulla_error *err)
{
    bool any_hook = hooks[GIT_HOOK_COMMIT] || hooks[GIT_HOOK_MERGE];
    if (!textconv && !any_hook) {
        return true;
    }
    if (textconv) {
        message_warn(setup->in, "this clone has a diff.bulla.textconv of its own, which stays");
        message_hint(setup->in, "git config diff.bulla.textconv \"%s git textconv\"",
                     setup->program);
    }
    if (any_hook && setup->is_shared) {
        message_warn(setup->in, "core.hooksPath is set for more than this clone: no hook is "
                                "written there");
        message_hint(setup->in,
                     "have its pre-commit and pre-merge-commit run: %s git pre-commit || exit 1",
                     setup->program);
        return command_refuse(err);
    }
    for (int which = 0; which < GIT_HOOKS; which++) {
        if (hooks[which]) {
            message_warn(setup->in, "'%s' is not ours, and stays as it is", setup->hooks[which]);
            message_hint(setup->in, "add the line: %s git pre-commit || exit 1", setup->program);
        }
    }
    return command_refuse(err);
}

static bool run_install(const struct invocation *in, struct bulla_error *err)
{
    static const char *const done[] = {"git commit checks the vaults in it, in this clone",
                                       "git merge checks the vaults it commits, in this clone"};
    auto_git_setup setup;
    bool attributes = false;
    bool textconv = false;
    bool foreign_textconv = false;
    bool hooks[GIT_HOOKS] = {false};
    bool foreign_hooks[GIT_HOOKS] = {false};
    if (!git_setup_open(&setup, in, err) || !git_setup_attributes(&setup, &attributes, err) ||
        !git_setup_add_textconv(&setup, &textconv, &foreign_textconv, err)) {
        return false;
    }
    for (int which = 0; which < GIT_HOOKS; which++) {
        if (!git_setup_add_hook(&setup, (enum git_hook)which, &hooks[which], &foreign_hooks[which],
                                err)) {
            return false;
        }
    }
    if (attributes) {
        message_note(in, ".bulla/.gitattributes says how vaults are merged and shown: commit it");
    }
    if (!foreign_textconv) {
        tell_changed(in, textconv, "git diff shows what was done in a vault, in this clone");
    }
    for (int which = 0; which < GIT_HOOKS; which++) {
        if (!foreign_hooks[which]) {
            tell_changed(in, hooks[which], done[which]);
        }
    }
    return refuse_foreign(&setup, foreign_textconv, foreign_hooks, err);
}

static bool run_uninstall(const struct invocation *in, struct bulla_error *err)
{
    static const char *const undone[] = {"git commit checks no vaults any more",
                                         "git merge checks no vaults any more"};
    auto_git_setup setup;
    bool textconv = false;
    bool hooks[GIT_HOOKS] = {false};
    if (!git_setup_open(&setup, in, err) || !git_setup_remove_textconv(&setup, &textconv, err)) {
        return false;
    }
    for (int which = 0; which < GIT_HOOKS; which++) {
        if (!git_setup_remove_hook(&setup, (enum git_hook)which, &hooks[which], err)) {
            return false;
        }
    }
    if (!textconv && !hooks[GIT_HOOK_COMMIT] && !hooks[GIT_HOOK_MERGE]) {
        message_note(in, "nothing of ours is in this clone");
    }
    if (textconv) {
        message_note(in, "git diff shows the lines of vaults again");
    }
    for (int which = 0; which < GIT_HOOKS; which++) {
        if (hooks[which]) {
            message_note(in, "%s", undone[which]);
        }
    }
    return true;
}

static void write_record(struct output *out, const struct bulla_record_info *record)
{
    char at[WHEN_BYTES];
    char detail[RECORD_DETAIL_BYTES];
    struct bulla_record_info shown = *record;
    shown.counts = true; /* nobody has judged it here */
    const char *more = record_detail(&shown, detail);
    output_printf(out, "%s %s", record_verb(record), record->subject);
    if (record->number > 0) {
        output_printf(out, " v%u", record->number);
    }
    output_printf(out, " by %s at %s", record->by, when_iso(record->at, at));
    if (more != NULL) {
        output_text(out, ", ");
        output_untrusted(out, more);
    }
    output_printf(out, " (%.8s)\n", record->id);
}

static bool write_line(void *ctx, const struct bulla_vault_line *line, struct bulla_error *err)
{
    struct output *out = ctx;
    if (line->kind == BULLA_LINE_RECORD) {
        write_record(out, &line->record);
        return true;
    }
    if (line->kind == BULLA_LINE_OTHER) {
        /* It may be a record that somebody broke, with all that was in it. */
        output_printf(out, "? %zu bytes that are no line of a vault\n", line->text.len);
        return true;
    }
    bulla_auto_str text = bulla_strndup(line->text.data, line->text.len, err);
    if (text == NULL) {
        return false;
    }
    output_untrusted(out, text);
    output_text(out, "\n");
    return true;
}

static bool run_textconv(const struct invocation *in, struct bulla_error *err)
{
    bulla_auto_buf text;
    bulla_buf_init(&text, BULLA_MAX_VAULT_BYTES);
    return bulla_file_read(in->operands[0], BULLA_MAX_VAULT_BYTES, &text, err) &&
           bulla_vault_each_line(bulla_buf_view(&text), write_line, in->out, err);
}

static const struct example install_examples[] = {
    {"bulla git install", "once in each clone"},
    {NULL, NULL},
};

const struct command cmd_git_install = {
    .name = "git install",
    .summary = "have git show and check vaults in this clone",
    .description =
        "Sets two things up in this clone, which nobody can have set up for you by pushing them. "
        "git diff, log -p and show tell what was done in a vault (names, versions, who, when, "
        "never a value) in place of its lines. And two hooks, pre-commit and pre-merge-commit "
        "(which "
        "git asks for a merge without conflicts), run 'bulla git pre-commit', "
        "which looks at what is about to be committed. Where .bulla/.gitattributes is missing or "
        "lacks our line, it is written.\n\n"
        "The hooks go where git looks for them, core.hooksPath included, and serve every worktree "
        "of the clone. A hook or setting that is not ours stays as it is: it says what to add and "
        "ends with status 1. A core.hooksPath that is set for all of your repositories is not "
        "written to either. Doing it twice changes nothing; 'bulla git uninstall' is the way back.",
    .group = GROUP_PEOPLE,
    .examples = install_examples,
    .see_also = "git pre-commit, git textconv, git fix, diff",
    .without = GLOBAL_SECRETS,
    .run = run_install,
};

static const struct example uninstall_examples[] = {
    {"bulla git uninstall", "before the program goes"},
    {NULL, NULL},
};

const struct command cmd_git_uninstall = {
    .name = "git uninstall",
    .summary = "take back what git install did in this clone",
    .description =
        "Removes our hooks and our setting from this clone. What others wrote stays, and so does "
        ".bulla/.gitattributes, which belongs to the project: without the setting git shows the "
        "lines of vaults as they are, and merges them all the same.",
    .group = GROUP_PEOPLE,
    .examples = uninstall_examples,
    .see_also = "git install",
    .without = GLOBAL_SECRETS,
    .run = run_uninstall,
};

static const struct example textconv_examples[] = {
    {"bulla git textconv .bulla/prod.vault", "what git diff compares"},
    {NULL, NULL},
};

const struct command cmd_git_textconv = {
    .name = "git textconv",
    .summary = "print what was done in a vault, for git diff",
    .description =
        "Prints a line for each line of FILE: what was done to which name, the version, by whom "
        "and when, the reason, and the beginning of the record's id. Nothing is verified, so that "
        "damaged and forged files can be compared too; no value is shown, sealed or not.",
    .group = GROUP_PEOPLE,
    .operands = {{.name = "FILE",
                  .min = 1,
                  .max = 1,
                  .help = "a vault, as it is somewhere in git",
                  .complete = COMPLETE_FILE}},
    .examples = textconv_examples,
    .see_also = "git install, log, diff",
    .without = GLOBAL_SECRETS,
    .run = run_textconv,
};
