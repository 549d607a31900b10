/* `bulla unset`: a name without a current value; its history stays. */
#include "message.h"
#include "secrets.h"

struct unset_opts {
    const char *why;
    bool yes;
};

static const struct opt options[] = {
    STRING(struct unset_opts, why, '\0', "why", "TEXT", "the reason, for the history (public)"),
    FLAG(struct unset_opts, yes, 'y', "yes", "write to a protected environment without asking"),
    OPTIONS_END,
};

/* What remains of it, and what is to be done. */
static bool say_rest(const struct workspace *ws, const char *name, struct bulla_error *err)
{
    struct bulla_variable variable;
    char flag[48];
    (void)workspace_env_flag(ws, flag);
    message_note(ws->in, "its versions stay: 'bulla rollback%s %s' brings the last one back", flag,
                 name);
    if (!secrets_find_variable(ws, name, &variable)) {
        return true;
    }
    if (variable.preset.text != NULL) {
        message_note(ws->in, "the contract's default is in force now");
    } else if (!variable.optional) {
        message_warn(ws->in, "the contract needs '%s': 'bulla check%s' fails until it is set", name,
                     flag);
        message_note(ws->in, "next:");
        if (variable.role == BULLA_ROLE_GENERATED) {
            message_note(ws->in, "  bulla fill%s", flag);
        } else {
            message_note(ws->in, "  bulla set%s %s", flag, name);
        }
        return true;
    }
    return secrets_tell_services(ws, &name, 1, err);
}

static bool run(const struct invocation *in, struct bulla_error *err)
{
    const struct unset_opts *opts = in->opts;
    const char *name = in->operands[0];
    struct bulla_secret_info stored;
    auto_workspace ws = {.in = in};
    if (!workspace_open(&ws, in, err) || !workspace_confirm_write(&ws, opts->yes, err) ||
        !workspace_open_vault(&ws, BULLA_VAULT_WRITE, WORKSPACE_KEY_REQUIRED, err) ||
        !secrets_check_known(&ws, name, err)) {
        return false;
    }
    if (!bulla_vault_find(ws.vault, name, &stored) || stored.deleted) {
        message_note(in, "'%s' is not set in '%s': nothing was written", name,
                     ws.environment->name);
        return true;
    }
    if (!bulla_vault_unset(ws.vault, name, opts->why, ws.now, err) ||
        !bulla_vault_commit(ws.vault, err)) {
        return false;
    }
    message_note(in, "'%s' is unset in '%s'", name, ws.environment->name);
    return say_rest(&ws, name, err);
}

static const struct example examples[] = {
    {"bulla unset OLD_TOKEN -e staging --why 'service is gone'", "with the reason"},
    {NULL, NULL},
};

const struct command cmd_unset = {
    .name = "unset",
    .summary = "take a secret's value away",
    .description = "Writes that NAME has no value any more. Its versions stay in the vault, so "
                   "'rollback' brings it back, and whoever can open the vault can still read "
                   "them: a value that has leaked has to be changed where it is used.",
    .group = GROUP_VALUES,
    .opts_size = sizeof(struct unset_opts),
    .options = options,
    .operands = {{.name = "NAME",
                  .min = 1,
                  .max = 1,
                  .help = "a name in the vault",
                  .complete = COMPLETE_QUERY,
                  .query = "secrets"}},
    .examples = examples,
    .see_also = "set, rollback",
    .run = run,
};
