/* `bulla recipient remove`: the end of somebody's rights, and what has to be turned then. */
#include <stdio.h>
#include <string.h>

#include "environments.h"
#include "member_admins.h"
#include "message.h"
#include "output.h"
#include "secrets.h"

#define LINE_COLUMNS 79

struct remove_opts {
    const char *why;
    bool all, yes;
};

static const struct opt options[] = {
    STRING(struct remove_opts, why, '\0', "why", "TEXT", "the reason, for the history (public)"),
    FLAG(struct remove_opts, all, '\0', "all-environments",
         "from every vault in .bulla/ that he is in"),
    FLAG(struct remove_opts, yes, 'y', "yes", "write to a protected environment without asking"),
    OPTIONS_END,
};

struct removing {
    const struct invocation *in;
    const struct remove_opts *opts;
    const char *name;
    bool for_good; /* false: a rehearsal, nothing is written */
    size_t found;  /* vaults that he is in */
    size_t closed; /* … and that are others' to take him out of */
    size_t passed; /* that bulla.ini does not name and that do not open */
};

/* How a value that he could read is turned; a setting is no secret. */
enum remedy { REMEDY_ROTATE, REMEDY_SET, REMEDY_UNSET, REMEDY_COUNT, REMEDY_NONE };

/* True where NAME could read a version of SECRET that is still in use. */
static bool could_read(const struct workspace *ws, const char *name,
                       const struct bulla_secret_info *secret)
{
    struct bulla_version_info version;
    int64_t since = 0;
    for (size_t i = 0; bulla_vault_version(ws->vault, secret->name, i, &version); i++) {
        bool in_use = version.state != BULLA_VERSION_RETIRED;
        if (in_use && bulla_vault_was_readable(ws->vault, name, version.id, &since)) {
            return true;
        }
    }
    return false;
}

static enum remedy remedy_of(const struct workspace *ws, const char *secret)
{
    struct bulla_variable variable;
    if (!secrets_find_variable(ws, secret, &variable)) {
        return REMEDY_UNSET;
    }
    if (variable.role == BULLA_ROLE_SETTING) {
        return REMEDY_NONE;
    }
    return variable.role == BULLA_ROLE_GENERATED ? REMEDY_ROTATE : REMEDY_SET;
}

/* One command with all the names of a remedy, broken where the line is full. */
static void write_remedy(const struct workspace *ws, const char *name, enum remedy remedy)
{
    static const char *const verbs[] = {"  bulla rotate", "  bulla set", "  bulla unset"};
    struct output *out = ws->in->out;
    char flag[48];
    size_t column = 0;
    for (size_t i = 0; i < bulla_vault_count(ws->vault); i++) {
        struct bulla_secret_info secret;
        bulla_vault_secret(ws->vault, i, &secret);
        if (remedy_of(ws, secret.name) != remedy || !could_read(ws, name, &secret)) {
            continue;
        }
        size_t len = strlen(secret.name);
        bool begins = column == 0 || remedy != REMEDY_ROTATE;
        if (!begins && column + len + 3 > LINE_COLUMNS) {
            output_text(out, " \\\n   ");
            column = 4;
        } else if (begins) {
            output_text(out, column > 0 ? "\n" : "");
            output_printf(out, "%s%s", verbs[remedy], workspace_env_flag(ws, flag));
            column = strlen(verbs[remedy]) + strlen(workspace_env_flag(ws, flag));
        }
        output_printf(out, " %s", secret.name);
        column += len + 1;
    }
    output_text(out, column > 0 ? "\n" : "");
}

static void say_readable(const struct removing *removing, const struct workspace *ws)
{
    struct output *out = removing->in->out;
    size_t count = 0;
    size_t total = 0;
    for (size_t i = 0; i < bulla_vault_count(ws->vault); i++) {
        struct bulla_secret_info secret;
        bulla_vault_secret(ws->vault, i, &secret);
        if (remedy_of(ws, secret.name) == REMEDY_NONE) {
            continue;
        }
        total += !secret.deleted;
        count += could_read(ws, removing->name, &secret);
    }
    message_note(removing->in,
                 "'%s' is no member of '%s' any more: what is set from now on he "
                 "cannot read",
                 removing->name, ws->environment->name);
    if (count == 0) {
        return;
    }
    output_printf(
        out,
        "%s could read %zu of %zu secret%s in '%s'; each is exposed until it is turned at "
        "its source:\n",
        removing->name, count, total, total == 1 ? "" : "s", ws->environment->name);
    if (environments_is_left(ws)) {
        output_printf(out,
                      "  bulla.ini does not name '%s': turn there what is still used elsewhere\n",
                      ws->environment->name);
        return;
    }
    for (int remedy = 0; remedy < REMEDY_COUNT; remedy++) {
        write_remedy(ws, removing->name, (enum remedy)remedy);
    }
}

static bool refuse_stranger(const struct removing *removing, const struct workspace *ws,
                            struct bulla_error *err)
{
    const char *nearest = NULL;
    for (size_t i = 0; i < bulla_vault_member_count(ws->vault); i++) {
        struct bulla_member_info member;
        bulla_vault_member(ws->vault, i, &member);
        nearest = bulla_suggest_next(removing->name, nearest, member.name);
    }
    (void)bulla_error_at(err, BULLA_E_REFUSED, ws->vault_path, (struct bulla_pos){0, 0},
                         "no member '%s'", removing->name);
    return bulla_suggest_hint(err, nearest, "'bulla recipient list' shows the members");
}

static bool say_closed(const struct removing *removing, const struct workspace *ws,
                       enum member_right right, struct bulla_error *err)
{
    const char *environment = ws->environment->name;
    if (right == MEMBER_RIGHT_NOBODYS) {
        message_warn(removing->in, "'%s' stays the owner of '%s'", removing->name, environment);
    } else {
        message_warn(removing->in, "'%s' stays a member of '%s', where you are %s", removing->name,
                     environment, right == MEMBER_RIGHT_OWNERS ? "not the owner" : "no admin");
    }
    return member_admins_hint(ws, right, "remove him", err);
}

/*
 * Of all vaults those are passed over that he is not in, for which no key is needed; where he is
 * and it is not ours to remove him it is said whose it is. *RET_HIS: there is something to be done,
 * and the vault is open for writing.
 */
static bool open_vault(struct removing *removing, struct workspace *ws, bool *ret_his,
                       struct bulla_error *err)
{
    struct bulla_member_info member;
    if (!removing->opts->all) {
        *ret_his = true;
        return workspace_open_vault(ws, BULLA_VAULT_WRITE, WORKSPACE_KEY_REQUIRED, err);
    }
    if (!workspace_open_vault(ws, BULLA_VAULT_READ, WORKSPACE_KEY_OPTIONAL, err)) {
        return false;
    }
    enum member_right right = member_admins_right(ws, removing->name, 0);
    if (right == MEMBER_RIGHT_MINE && bulla_vault_find_member(ws->vault, removing->name, &member)) {
        if (!workspace_reopen(ws, err)) {
            return false;
        }
        right = member_admins_right(ws, removing->name, 0);
    }
    bool is_member = bulla_vault_find_member(ws->vault, removing->name, &member);
    *ret_his = is_member && right == MEMBER_RIGHT_MINE;
    if (!is_member || *ret_his) {
        return true;
    }
    if (bulla_vault_closed(ws->vault) != NULL) {
        *err = *bulla_vault_closed(ws->vault);
        return false;
    }
    removing->closed++;
    return !removing->for_good || say_closed(removing, ws, right, err);
}

static bool pass_over(struct removing *removing, const struct workspace *ws,
                      struct bulla_error *err)
{
    removing->passed++;
    return environments_pass_over(ws, removing->for_good, err);
}

static bool confirm(const struct removing *removing, const struct workspace *ws,
                    struct bulla_error *err)
{
    if (environments_is_left(ws) && !removing->opts->yes) {
        message_note(ws->in,
                     "bulla.ini does not name '%s', and so cannot tell whether it is protected: "
                     "it is taken as if it were",
                     ws->environment->name);
    }
    return workspace_confirm_write(ws, removing->opts->yes, err);
}

static bool step(void *ctx, struct workspace *ws, struct bulla_error *err)
{
    struct removing *removing = ctx;
    struct bulla_member_info member;
    bool is_his = false;
    if (!open_vault(removing, ws, &is_his, err)) {
        return pass_over(removing, ws, err);
    }
    if (!is_his) {
        return true;
    }
    if (!bulla_vault_find_member(ws->vault, removing->name, &member)) {
        return removing->opts->all || refuse_stranger(removing, ws, err);
    }
    removing->found++;
    if (!removing->for_good && !confirm(removing, ws, err)) {
        return false;
    }
    if (!bulla_vault_member_remove(ws->vault, removing->name, removing->opts->why, ws->now, err)) {
        return pass_over(removing, ws, err);
    }
    if (!removing->for_good) {
        return true;
    }
    if (!bulla_vault_commit(ws->vault, err)) {
        return pass_over(removing, ws, err);
    }
    say_readable(removing, ws);
    return true;
}

static bool run(const struct invocation *in, struct bulla_error *err)
{
    struct removing removing = {.in = in, .opts = in->opts, .name = in->operands[0]};
    enum environments_which which = removing.opts->all ? ENVIRONMENTS_ALL_VAULTS : ENVIRONMENTS_ONE;
    if (!environments_each(in, which, step, &removing, err)) {
        return false;
    }
    /* Also where he was found nowhere: then it is said which vaults may have him. */
    removing.for_good = true;
    removing.closed = 0;
    removing.passed = 0;
    if (!environments_each(in, which, step, &removing, err)) {
        return false;
    }
    if (removing.found == 0 && removing.closed == 0) {
        (void)bulla_error(err, BULLA_E_REFUSED, "'%s' is a member of no vault", removing.name);
        return bulla_error_hint(err, "'bulla recipient list' shows the members");
    }
    return removing.closed + removing.passed == 0 || command_refuse(err);
}

static const struct example examples[] = {
    {"bulla recipient remove bob --all-environments --yes --why left", "somebody has left"},
    {"bulla recipient remove ci -e prod --yes", "a machine that is gone"},
    {NULL, NULL},
};

const struct command cmd_recipient_remove = {
    .name = "recipient remove",
    .summary = "end somebody's rights, and say what to turn then",
    .description =
        "Removes a member and starts a new key at once: what is set from now on he cannot read. "
        "What he could read he may have kept, and no tool takes that back: those values are "
        "listed with the commands that turn them, and each stays a finding of 'bulla check' "
        "(B404) and 'bulla status' until it was turned where it is used. At first it is a "
        "warning, after `exposed-grace` of the contract (14 days) an error.\n\n"
        "An admin removes readers and writers, the owner admins too; the owner himself can only "
        "hand over first (recipient add NAME --role owner). With --all-environments he is removed "
        "where that is yours to do; where it is not, who may is named, and the status is 1. A "
        "vault in .bulla/ that bulla.ini does not name is asked about as a protected one; where it "
        "does "
        "not open it is passed over with a warning, and the status is 1 too.",
    .group = GROUP_PEOPLE,
    .opts_size = sizeof(struct remove_opts),
    .options = options,
    .operands = {{.name = "NAME",
                  .min = 1,
                  .max = 1,
                  .help = "the member's name",
                  .complete = COMPLETE_QUERY,
                  .query = "members"}},
    .examples = examples,
    .see_also = "access, rotate, recipient add",
    .without = GLOBAL_FILES,
    .run = run,
};
