/* `bulla git fix`: what revert, rebase, reset, cherry-pick and conflicts did to a vault, undone. */
#include <stdio.h>
#include <string.h>

#include "git.h"
#include "git_past.h"
#include "mending.h"
#include "message.h"
#include "output.h"
#include "prompt.h"
#include "record_words.h"
#include "when.h"

struct fix_opts {
    bool dry_run, yes;
};

static const struct opt options[] = {
    FLAG(struct fix_opts, dry_run, 'n', "dry-run", "show what would be done, and do nothing"),
    FLAG(struct fix_opts, yes, 'y', "yes", "do it without asking, in a protected environment too"),
    OPTIONS_END,
};

static bool write_back(const struct mending *mending, struct bulla_error *err)
{
    static const char *const headings[] = {"BACK", "NAME", "V", "BY", "WHEN", "FROM"};
    struct bulla_record_info record;
    auto_table table;
    table_init(&table, mending->ws.in->out, headings, 6);
    for (size_t i = 0; bulla_vault_record(mending->ws.vault, i, &record); i++) {
        char number[16];
        char at[WHEN_BYTES];
        if (record.line > 0) {
            continue;
        }
        (void)snprintf(number, sizeof number, "%u", record.number);
        table_styled(&table, record_style(&record), record_verb(&record));
        table_styled(&table, STYLE_STRONG, record.subject);
        table_cell(&table, record.number > 0 ? number : NULL);
        table_cell(&table, record.by);
        table_cell(&table, when_minute(record.at, at));
        table_cell(&table, mending_origin(mending, record.origin));
    }
    return table_write(&table, err);
}

static size_t count_from(const struct mending *mending, uint32_t origin)
{
    struct bulla_record_info record;
    size_t count = 0;
    for (size_t i = 0; bulla_vault_record(mending->ws.vault, i, &record); i++) {
        count += record.line == 0 && record.origin == origin;
    }
    return count;
}

/* "3 records went with 'reset: moving to HEAD~1'", for each of the events once. */
static void say_events(const struct mending *mending)
{
    const struct invocation *in = mending->ws.in;
    for (size_t i = 0; i < mending->past.count; i++) {
        const struct git_past_state *state = &mending->past.states[i];
        size_t count = count_from(mending, (uint32_t)i + 1);
        if (count == 0) {
            continue;
        }
        if (state->event != NULL && state->event[0] != '\0') {
            message_note(in, "%zu record%s went with '%s'", count, count == 1 ? "" : "s",
                         state->event);
        } else {
            message_note(in, "%zu record%s %s in '%s' and not in the file", count,
                         count == 1 ? "" : "s", count == 1 ? "is" : "are", state->label);
        }
        if (state->event != NULL && strncmp(state->event, "revert", strlen("revert")) == 0) {
            message_hint(in, "to go back to a value: 'bulla rollback NAME'; to take one away: "
                             "'bulla unset NAME'");
        }
    }
}

static void say_what_happened(const struct mending *mending)
{
    const struct invocation *in = mending->ws.in;
    const struct bulla_mend_report *report = &mending->report;
    const char *path = mending->ws.vault_path;
    if (report->markers > 0) {
        message_note(in, "%s has %zu line%s of a conflict that git left: both sides are kept", path,
                     report->markers, report->markers == 1 ? "" : "s");
    }
    if (report->headers > 0) {
        message_note(in, "%s has its first line more than once", path);
    }
    if (report->added > 0) {
        message_note(in, "%s lacks %zu record%s that it had or that others name", path,
                     report->added, report->added == 1 ? "" : "s");
    }
    say_events(mending);
    size_t journal = count_from(mending, BULLA_MEND_JOURNAL);
    if (journal > 0) {
        message_note(in, "%zu record%s in this machine's journal", journal,
                     journal == 1 ? " is" : "s are");
    }
}

/* Values that two branches set stay open questions. */
static void say_contested(const struct mending *mending)
{
    char flag[48];
    for (size_t i = 0; i < bulla_vault_count(mending->ws.vault); i++) {
        struct bulla_secret_info info;
        bulla_vault_secret(mending->ws.vault, i, &info);
        if (info.contested) {
            message_note(mending->ws.in, "'%s' is contested then: 'bulla resolve%s %s' settles it",
                         info.name, workspace_env_flag(&mending->ws, flag), info.name);
        }
    }
}

static void say_forgotten(const struct mending *mending)
{
    size_t count = mending->report.forgotten;
    if (count > 0) {
        message_warn(mending->ws.in,
                     "%zu record%s that this machine remembers %s nowhere to be found", count,
                     count == 1 ? "" : "s", count == 1 ? "is" : "are");
        message_hint(mending->ws.in, "fetch the branch that has %s, or 'bulla verify --accept'",
                     count == 1 ? "it" : "them");
    }
}

static bool has_work(const struct mending *mending)
{
    const struct bulla_mend_report *report = &mending->report;
    return report->markers + report->headers + report->added > 0;
}

/* Nothing is locked while somebody thinks. */
static bool confirm(const struct mending *mending, bool *ret_yes, struct bulla_error *err)
{
    const struct fix_opts *opts = mending->in.opts;
    char question[96];
    *ret_yes = true;
    if (opts->yes) {
        return true;
    }
    if (!prompt_is_possible()) {
        (void)bulla_error(err, BULLA_E_REFUSED, "there is no terminal to ask on");
        return bulla_error_hint(err, "--yes mends without asking, --dry-run only shows it");
    }
    if (mending->ws.environment->is_protected) {
        return workspace_confirm_write(&mending->ws, false, err);
    }
    (void)snprintf(question, sizeof question, "Mend the vault of '%s' so?",
                   mending->ws.environment->name);
    return prompt_yes_no(question, ret_yes, err);
}

enum answer { ANSWER_NOTHING_TO_DO, ANSWER_YES, ANSWER_NO };

/* Shows what is to be done to the environment, and asks. */
static bool look(const struct invocation *in, const char *environment, enum answer *ret_answer,
                 struct bulla_error *err)
{
    const struct fix_opts *opts = in->opts;
    bool yes = false;
    auto_mending mending;
    if (!mending_open(&mending, in, environment, BULLA_VAULT_VERIFY, err)) {
        return false;
    }
    *ret_answer = ANSWER_NOTHING_TO_DO;
    if (!has_work(&mending)) {
        message_note(in, "nothing is to be mended in %s", mending.ws.vault_path);
        say_forgotten(&mending);
        return true;
    }
    if (!in->global.quiet) {
        say_what_happened(&mending);
        if (mending.report.added > 0 && !write_back(&mending, err)) {
            return false;
        }
        say_contested(&mending);
    }
    say_forgotten(&mending);
    if (!output_flush(in->out, err) || (!opts->dry_run && !confirm(&mending, &yes, err))) {
        return false;
    }
    *ret_answer = yes ? ANSWER_YES : ANSWER_NO;
    return true;
}

static bool mend(const struct invocation *in, const char *environment, struct bulla_error *err)
{
    auto_mending mending;
    if (!mending_open(&mending, in, environment, BULLA_VAULT_WRITE, err) ||
        !bulla_vault_commit(mending.ws.vault, err)) {
        return false;
    }
    message_note(in, "%s is whole: git add it, and go on or commit", mending.ws.vault_path);
    return true;
}

/* One environment; *RET_LEFT where something was left undone. */
static bool fix(const struct invocation *in, const char *environment, bool *ret_left,
                struct bulla_error *err)
{
    const struct fix_opts *opts = in->opts;
    enum answer answer = ANSWER_NOTHING_TO_DO;
    if (!look(in, environment, &answer, err)) {
        return false;
    }
    if (answer == ANSWER_NO) {
        *ret_left = true;
        if (!opts->dry_run) {
            message_note(in, "nothing was changed");
        }
    }
    return answer != ANSWER_YES || mend(in, environment, err);
}

/*
 * All environments that have a vault; what one is refused for does not keep the others. Where none
 * has, that of WS is missed.
 */
static bool fix_all(const struct invocation *in, const struct workspace *ws, bool *ret_left,
                    struct bulla_error *err)
{
    struct bulla_error held = BULLA_ERROR_INIT;
    bool has_vault = false;
    for (size_t i = 0; i < bulla_contract_environment_count(ws->contract); i++) {
        const struct bulla_environment *environment = bulla_contract_environment(ws->contract, i);
        bulla_auto_str path = workspace_vault_path(ws, environment, err);
        if (path == NULL) {
            return false;
        }
        if (!bulla_file_is_regular(path)) {
            continue;
        }
        has_vault = true;
        if (fix(in, environment->name, ret_left, err)) {
            continue;
        }
        if (err->code == BULLA_E_NOMEM) {
            return false;
        }
        if (held.code != BULLA_OK) {
            message_error(in, &held);
        }
        held = *err;
        bulla_error_clear(err);
    }
    *err = held;
    return has_vault ? held.code == BULLA_OK : fix(in, ws->environment->name, ret_left, err);
}

static bool run(const struct invocation *in, struct bulla_error *err)
{
    bool is_left = false;
    auto_workspace ws = {.in = in};
    if (!workspace_open(&ws, in, err)) {
        return false;
    }
    bool ok = in->global.environment != NULL ? fix(in, ws.environment->name, &is_left, err)
                                             : fix_all(in, &ws, &is_left, err);
    return ok && (!is_left || command_refuse(err));
}

static const struct example examples[] = {
    {"bulla git fix", "after a conflict, a revert, a reset, a rebase or a cherry-pick"},
    {"bulla git fix -e prod --yes", "without a question"},
    {NULL, NULL},
};

const struct command cmd_git_fix = {
    .name = "git fix",
    .summary = "bring back what git took from a vault",
    .description =
        "A vault only grows, and git can take lines away all the same: a revert or reset takes the "
        "newest ones, a rebase or an amended commit can leave some behind, a cherry-pick takes a "
        "line without those it names, a server that does not know the union merge leaves conflict "
        "markers. This says what happened and puts it right: conflict markers go and the records "
        "of both sides stay, and records come back that HEAD has, that the checked out branch had "
        "on this machine (git's reflog), that this machine remembers (its journal), or that others "
        "name, wherever git has them.\n\n"
        "It shows what would come back and from where, then asks. No record is ever dropped, and "
        "the result is written only if all of it verifies. No key is needed. Names that two "
        "branches set are contested then: 'bulla resolve'. With --dry-run, or where the answer is "
        "no, something that is left to do ends with status 1.\n\n"
        "Without -e every vault of the contract is looked at. Where lines are meant to be gone, "
        "'bulla verify --accept' takes the vault as it is.",
    .group = GROUP_PEOPLE,
    .opts_size = sizeof(struct fix_opts),
    .options = options,
    .examples = examples,
    .see_also = "restore, rollback, resolve, verify",
    .without = GLOBAL_FILES | GLOBAL_LOCKED,
    .run = run,
};
