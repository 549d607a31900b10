/* `bulla rollback`: an older value, as a new version. */
#include <stdio.h>
#include <string.h>

#include "bulla/rotate.h"
#include "message.h"
#include "secrets.h"
#include "value_input.h"
#include "when.h"

struct rollback_opts {
    const char *to, *why;
    bool yes;
};

static const struct opt options[] = {
    STRING(struct rollback_opts, to, '\0', "to", "VERSION",
           "go back to this number or id (default: the one before the current)"),
    STRING(struct rollback_opts, why, '\0', "why", "TEXT", "the reason, for the history (public)"),
    FLAG(struct rollback_opts, yes, 'y', "yes", "write to a protected environment without asking"),
    OPTIONS_END,
};

/* True where VERSION has the current value: going back to it would change nothing. */
static bool is_current_value(const struct workspace *ws, const struct bulla_secret_info *stored,
                             const struct bulla_version_info *version)
{
    struct bulla_error ignored = BULLA_ERROR_INIT;
    struct bulla_bytes now;
    struct bulla_bytes then;
    /* What cannot be opened here is told of when it is taken. */
    return stored->current != NULL &&
           bulla_vault_get_by_id(ws->vault, stored->current->id, &now, &ignored) &&
           bulla_vault_get_by_id(ws->vault, version->id, &then, &ignored) &&
           bulla_secret_bytes_equal(now, then);
}

/*
 * The version that was current before: the newest of another value below the current one, or the
 * newest of all. `resolve` has made the current one from one of those before: not that one.
 */
static bool find_before(const struct workspace *ws, const struct bulla_secret_info *stored,
                        struct bulla_version_info *ret_version)
{
    for (size_t i = 0; bulla_vault_version(ws->vault, stored->name, i, ret_version); i++) {
        bool is_older = stored->current == NULL || ret_version->number < stored->current->number;
        if (is_older && ret_version->counts && ret_version->state != BULLA_VERSION_PENDING &&
            !is_current_value(ws, stored, ret_version)) {
            return true;
        }
    }
    return false;
}

/* "2", or "2, 1a2b3c4d" where branches have given the number several times. */
static void format_version(const struct workspace *ws, const char *name,
                           const struct bulla_version_info *version, char *out, size_t cap)
{
    struct bulla_version_info other;
    size_t count = 0;
    for (size_t i = 0; bulla_vault_version(ws->vault, name, i, &other); i++) {
        count += other.number == version->number;
    }
    (void)snprintf(out, cap, "%u%s%.8s", version->number, count > 1 ? ", " : "",
                   count > 1 ? version->id : "");
}

static bool choose_version(const struct workspace *ws, const struct bulla_secret_info *stored,
                           const char *to, struct bulla_version_info *ret_version,
                           struct bulla_error *err)
{
    if (to != NULL) {
        return secrets_choose_version(ws->vault, stored->name, to, ret_version, err);
    }
    if (stored->contested) {
        (void)bulla_error(err, BULLA_E_REFUSED, "'%s' is contested: none is the one before",
                          stored->name);
        return bulla_error_hint(err, "name the version: --to VERSION");
    }
    if (!find_before(ws, stored, ret_version)) {
        (void)bulla_error(err, BULLA_E_REFUSED, "'%s' has no version to go back to", stored->name);
        return bulla_error_hint(err, "'bulla history %s' shows the versions", stored->name);
    }
    return true;
}

/*
 * What was current until now is what clients have: it stays valid as after `rotate`, or, where the
 * contract keeps none any more, as long as the one that it would have stood beside.
 */
static void keep_current(const struct workspace *ws, const struct bulla_secret_info *stored,
                         struct bulla_set_options *set)
{
    struct bulla_variable variable;
    if (secrets_find_variable(ws, stored->name, &variable)) {
        bulla_rotation_keep(&variable, stored->current, ws->now, &set->keep_id, &set->until);
    }
    struct bulla_version_info info;
    for (size_t i = 0; stored->current != NULL && set->keep_id == NULL &&
                       bulla_vault_version(ws->vault, stored->name, i, &info);
         i++) {
        if (info.state == BULLA_VERSION_PREVIOUS && info.until > ws->now) {
            set->keep_id = stored->current->id;
            set->until = info.until;
        }
    }
}

static bool repeat_version(struct workspace *ws, const struct bulla_secret_info *stored,
                           const struct bulla_version_info *version, const char *why,
                           struct bulla_error *err)
{
    const char *name = stored->name;
    char reason[64];
    struct bulla_bytes value;
    struct bulla_version_info made = {.number = 0};
    (void)snprintf(reason, sizeof reason, "rolled back to version %u", version->number);
    struct bulla_set_options set = {
        .kind = version->kind, .why = why != NULL ? why : reason, .from_id = version->id};
    keep_current(ws, stored, &set);
    if (!bulla_vault_get_by_id(ws->vault, version->id, &value, err) ||
        !value_input_check_fault(name, value, err) ||
        !bulla_vault_set(ws->vault, name, value, &set, ws->now, NULL, err) ||
        !bulla_vault_commit(ws->vault, err)) {
        return false;
    }
    char at[WHEN_BYTES];
    char number[32];
    format_version(ws, name, version, number, sizeof number);
    (void)!secrets_find_version(ws->vault, name, 0, &made);
    message_note(ws->in, "'%s' in '%s' has the value of version %s (%s) again, as version %u", name,
                 ws->environment->name, number, when_minute(version->at, at), made.number);
    if (set.until > 0) {
        message_note(ws->in, "the value until now stays valid until %s",
                     when_minute(set.until, at));
    }
    if (!version->counts) {
        message_warn(ws->in, "that version does not count: '%s' had no right to write it",
                     version->by);
    }
    if (version->exposed) {
        message_warn(ws->in, "that value is exposed: somebody outside may have it");
    }
    return secrets_tell_services(ws, &name, 1, err);
}

static bool run(const struct invocation *in, struct bulla_error *err)
{
    const struct rollback_opts *opts = in->opts;
    const char *name = in->operands[0];
    struct bulla_secret_info stored;
    struct bulla_version_info version;
    auto_workspace ws = {.in = in};
    if (opts->to != NULL && !secrets_check_version(name, opts->to, err)) {
        return false;
    }
    if (!workspace_open(&ws, in, err) || !workspace_confirm_write(&ws, opts->yes, err) ||
        !workspace_open_vault(&ws, BULLA_VAULT_WRITE, WORKSPACE_KEY_REQUIRED, err) ||
        !secrets_find_stored(&ws, name, &stored, err) ||
        !choose_version(&ws, &stored, opts->to, &version, err)) {
        return false;
    }
    if (stored.current != NULL && strcmp(stored.current->id, version.id) == 0) {
        message_note(in, "version %u of '%s' is the current one: nothing was written",
                     version.number, name);
        return true;
    }
    return repeat_version(&ws, &stored, &version, opts->why, err);
}

static const struct example examples[] = {
    {"bulla rollback POSTGRES_PASSWORD -e prod --yes", "the value before the last change"},
    {"bulla rollback POSTGRES_PASSWORD --to 3", "an older one"},
    {NULL, NULL},
};

const struct command cmd_rollback = {
    .name = "rollback",
    .summary = "go back to an older value of a secret",
    .description =
        "Sets NAME to the value of an older version, as a new version: nothing of the history is "
        "lost, and a rollback can be rolled back. Says which services use the value and have to "
        "be recreated. With 'keep-previous' in the contract the value that was current until now "
        "stays valid beside it, as after 'rotate'.\n\n"
        "The live service is not told. Where it has to learn the value (a database's password), "
        "change it there too.",
    .group = GROUP_VALUES,
    .opts_size = sizeof(struct rollback_opts),
    .options = options,
    .operands = {{.name = "NAME",
                  .min = 1,
                  .max = 1,
                  .help = "a name in the vault",
                  .complete = COMPLETE_QUERY,
                  .query = "secrets"}},
    .examples = examples,
    .see_also = "history, set",
    .run = run,
};
