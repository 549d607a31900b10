#include "fixing.h"

#include <stdio.h>

#include "filling.h"
#include "message.h"
#include "patch.h"
#include "process.h"
#include "prompt.h"

#define REASON_BYTES 160
#define WHY "bulla check --fix"

static size_t count_kind(const struct bulla_fix_plan *plan, enum bulla_fix_kind kind)
{
    size_t count = 0;
    for (size_t i = 0; i < bulla_fix_count(plan); i++) {
        count += bulla_fix_get(plan, i)->kind == kind;
    }
    return count;
}

/* Why no value can be made, in OUT; NULL where they can be. */
static const char *find_obstacle(const struct fixing *fixing, char out[static REASON_BYTES])
{
    const struct workspace *ws = &fixing->stack->workspace;
    if (ws->environment == NULL) {
        return NULL; /* nor is there a contract that could say how */
    }
    if (ws->vault == NULL) {
        (void)snprintf(out, REASON_BYTES, "'%s' has no vault yet: bulla init makes it",
                       ws->environment->name);
        return out;
    }
    if (!bulla_vault_has_key(ws->vault)) {
        (void)snprintf(out, REASON_BYTES, "no identity here opens the vault of '%s'",
                       ws->environment->name);
        return out;
    }
    if (ws->environment->is_protected && !fixing->yes) {
        (void)snprintf(out, REASON_BYTES, "environment '%s' is protected: --yes makes values too",
                       ws->environment->name);
        return out;
    }
    return NULL;
}

/* What is no text: modes and values, one line each. */
static void write_others(struct output *out, const struct bulla_fix_plan *plan)
{
    for (size_t i = 0; i < bulla_fix_count(plan); i++) {
        const struct bulla_fix *fix = bulla_fix_get(plan, i);
        switch (fix->kind) {
        case BULLA_FIX_TEXT:
            break;
        case BULLA_FIX_MODE:
            output_styled(out, STYLE_GOOD, "mode ");
            output_untrusted(out, fix->file);
            output_text(out, ": 0600\n");
            break;
        case BULLA_FIX_VALUE:
            output_styled(out, STYLE_GOOD, "value ");
            output_untrusted(out, fix->variable);
            output_text(out, ": is made\n");
            break;
        }
    }
}

static bool show(struct output *out, const struct bulla_fix_plan *plan, struct bulla_error *err)
{
    for (size_t i = 0; i < bulla_fix_file_count(plan); i++) {
        if (!patch_write(out, bulla_fix_file(plan, i), err)) {
            return false;
        }
    }
    write_others(out, plan);
    return output_flush(out, err);
}

static void say_unfixed(const struct invocation *in, const struct bulla_fix_plan *plan)
{
    for (size_t i = 0; i < bulla_fix_unfixed_count(plan); i++) {
        const struct bulla_unfixed *unfixed = bulla_fix_unfixed(plan, i);
        const struct bulla_finding *finding = unfixed->finding;
        if (finding->file == NULL) {
            message_note(in, "not mended: %s %s: %s", finding->rule,
                         finding->variable != NULL ? finding->variable : "", unfixed->reason);
        } else if (finding->pos.line == 0) {
            message_note(in, "not mended: %s: %s: %s", finding->file, finding->rule,
                         unfixed->reason);
        } else {
            message_note(in, "not mended: %s:%u:%u: %s: %s", finding->file, finding->pos.line,
                         finding->pos.col, finding->rule, unfixed->reason);
        }
    }
}

static bool ask(const struct bulla_fix_plan *plan, bool *ret_yes, struct bulla_error *err)
{
    char question[64];
    size_t count = bulla_fix_count(plan);
    (void)snprintf(question, sizeof question, "Mend %s?", count == 1 ? "this" : "all of this");
    return prompt_yes_no(question, ret_yes, err);
}

/* Shows the plan where somebody looks, and asks unless told not to. */
static bool confirm(const struct fixing *fixing, const struct bulla_fix_plan *plan, bool *ret_yes,
                    struct bulla_error *err)
{
    const struct invocation *in = fixing->stack->workspace.in;
    *ret_yes = fixing->yes;
    if (fixing->yes) {
        return !in->messages->is_terminal || in->global.quiet || show(in->messages, plan, err);
    }
    if (!prompt_is_possible()) {
        (void)bulla_error(err, BULLA_E_REFUSED, "there is no terminal to ask on");
        return bulla_error_hint(err, "--yes mends without asking, --dry-run shows what it would");
    }
    return show(in->messages, plan, err) && ask(plan, ret_yes, err);
}

static bool make_values(const struct fixing *fixing, const struct bulla_fix_plan *plan,
                        struct bulla_error *err)
{
    const struct invocation *in = fixing->stack->workspace.in;
    size_t count = count_kind(plan, BULLA_FIX_VALUE);
    if (count == 0) {
        return true;
    }
    const char **names = bulla_alloc(count, sizeof *names, err);
    if (names == NULL) {
        return false;
    }
    size_t used = 0;
    for (size_t i = 0; i < bulla_fix_count(plan); i++) {
        const struct bulla_fix *fix = bulla_fix_get(plan, i);
        if (fix->kind == BULLA_FIX_VALUE) {
            names[used++] = fix->variable;
        }
    }
    auto_workspace ws = {.in = in};
    size_t made = 0;
    bool ok = workspace_open(&ws, in, err) &&
              workspace_open_vault(&ws, BULLA_VAULT_WRITE, WORKSPACE_KEY_REQUIRED, err) &&
              filling_make(&ws, names, used, WHY, &made, err) && bulla_vault_commit(ws.vault, err);
    bulla_free(names);
    if (ok) {
        message_note(in, "%zu value%s made in '%s'", made, made == 1 ? "" : "s",
                     ws.environment->name);
    }
    return ok;
}

static void say_mended(const struct invocation *in, const struct bulla_fix_plan *plan)
{
    for (size_t i = 0; i < bulla_fix_count(plan); i++) {
        const struct bulla_fix *fix = bulla_fix_get(plan, i);
        if (fix->kind == BULLA_FIX_VALUE) {
            continue;
        }
        if (fix->pos.line > 0) {
            message_note(in, "%s:%u:%u: %s: %s", fix->file, fix->pos.line, fix->pos.col, fix->rule,
                         fix->message);
        } else {
            message_note(in, "%s: %s: %s", fix->file, fix->rule, fix->message);
        }
    }
}

static bool mend(const struct fixing *fixing, const struct bulla_fix_plan *plan, bool *ret_mended,
                 struct bulla_error *err)
{
    const struct invocation *in = fixing->stack->workspace.in;
    bool yes = false;
    if (!confirm(fixing, plan, &yes, err)) {
        return false;
    }
    if (!yes) {
        message_note(in, "nothing was changed");
        return true;
    }
    if (!bulla_fix_apply(plan, err)) {
        return false;
    }
    say_mended(in, plan);
    *ret_mended = true;
    return make_values(fixing, plan, err);
}

bool fixing_run(const struct fixing *fixing, bool *ret_mended, struct bulla_error *err)
{
    const struct invocation *in = fixing->stack->workspace.in;
    char reason[REASON_BYTES];
    struct bulla_fix_input input = {
        .checked = fixing->checked,
        .report = fixing->report,
        .output_path = fixing->output_path,
        .no_values = find_obstacle(fixing, reason),
        .new_mode = 0666 & ~in->process->umask,
    };
    *ret_mended = false;
    bulla_auto_fix_plan plan = bulla_fix_plan_new(&input, err);
    if (plan == NULL) {
        return false;
    }
    say_unfixed(in, plan);
    if (bulla_fix_count(plan) == 0) {
        message_note(in, "nothing to mend");
        return true;
    }
    if (fixing->dry_run) {
        return show(in->out, plan, err) && command_refuse(err);
    }
    return mend(fixing, plan, ret_mended, err);
}
