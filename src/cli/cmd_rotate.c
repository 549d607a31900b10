/* `bulla rotate`: new versions of secrets, and who has to be told. */
#include <string.h>

#include "message.h"
#include "next.h"
#include "output.h"
#include "turns.h"
#include "workspace.h"

#define STATUS_TURNED 10 /* --due, --exposed: something turned, services must be recreated */

struct rotate_opts {
    const char *format;
    const char *why;
    bool due;
    bool exposed;
    bool all;
    bool dry_run;
    bool yes;
};

static const char *const formats[] = {"human", "json", NULL};

static const struct opt options[] = {
    FLAG(struct rotate_opts, due, '\0', "due", "turn what is past its period"),
    FLAG(struct rotate_opts, exposed, '\0', "exposed", "turn what somebody outside may have"),
    FLAG(struct rotate_opts, all, '\0', "all", "turn every secret that can be made"),
    FLAG(struct rotate_opts, dry_run, 'n', "dry-run", "say what would be done"),
    STRING(struct rotate_opts, why, '\0', "why", "TEXT", "kept with each new version"),
    FLAG(struct rotate_opts, yes, 'y', "yes", "write to a protected environment unasked"),
    CHOICE(struct rotate_opts, format, '\0', "format", "FORMAT", formats, "how to print it"),
    OPTIONS_END,
};

/* One run of the command. */
struct rotating {
    const struct invocation *in;
    const struct rotate_opts *opts;
    struct workspace workspace;
    struct bulla_values *values;
    struct bulla_rotation *plan;
    const struct bulla_project *project; /* NULL: none could be loaded, which was said */
    struct recreate recreate;
    struct beyond beyond;
};

static bool check_request(const struct invocation *in, struct bulla_error *err)
{
    const struct rotate_opts *opts = in->opts;
    unsigned ways = (in->operand_count > 0 ? 1U : 0U) + opts->due + opts->exposed + opts->all;
    if (ways == 1) {
        return true;
    }
    (void)bulla_error(err, BULLA_E_USAGE,
                      ways == 0 ? "what is to be turned?"
                                : "names, --due, --exposed and --all exclude each other");
    return bulla_error_hint(err, "give names, or --due, or --exposed, or --all");
}

/* A stack whose compose files cannot be found still turns its keys. */
static bool load_project(struct rotating *rotating, struct bulla_error *err)
{
    rotating->project =
        workspace_load_project(&rotating->workspace, bulla_values_lookup, rotating->values, err);
    if (rotating->project == NULL && err->code != BULLA_E_NOMEM) {
        message_warn(rotating->in, "cannot tell which services use them: %s", err->message);
        bulla_error_clear(err);
        return true;
    }
    return rotating->project != NULL;
}

static bool collect_services(struct rotating *rotating, struct bulla_error *err)
{
    for (size_t i = 0; i < bulla_rotation_count(rotating->plan); i++) {
        const struct bulla_turn *turn = bulla_rotation_get(rotating->plan, i);
        const struct bulla_variable *variable = &turn->value->variable;
        bool changes = turn->step == BULLA_TURN_MAKE || turn->step == BULLA_TURN_FOLLOW;
        if (rotating->project != NULL && changes &&
            !recreate_add(&rotating->recreate, rotating->project, variable, err)) {
            return false;
        }
        if (turn->step == BULLA_TURN_MAKE &&
            !beyond_add(&rotating->beyond, rotating->project, variable, err)) {
            return false;
        }
    }
    return true;
}

static bool make_plan(struct rotating *rotating, struct bulla_error *err)
{
    struct workspace *ws = &rotating->workspace;
    struct bulla_rotation_request request = {
        .names = rotating->in->operands,
        .name_count = rotating->in->operand_count,
        .due = rotating->opts->due,
        .exposed = rotating->opts->exposed,
        .all = rotating->opts->all,
        .now = ws->now,
    };
    rotating->values = workspace_resolve(ws, err);
    rotating->plan = rotating->values != NULL
                         ? bulla_rotation_plan(rotating->values, ws->vault, &request, err)
                         : NULL;
    if (rotating->plan == NULL) {
        return false;
    }
    if (bulla_rotation_step_count(rotating->plan, BULLA_TURN_MAKE) == 0) {
        return true;
    }
    return load_project(rotating, err) && collect_services(rotating, err);
}

/* What keeps TURN from being made here, and what to do. */
static void say_provide(const struct rotating *rotating, const struct bulla_turn *turn,
                        const char *env_flag)
{
    const char *name = turn->value->variable.name;
    bool is_exposed = turn->cause == BULLA_TURN_EXPOSED;
    if (turn->value->has_kind) {
        message_warn(rotating->in, "'%s' is exposed, and the contract says that it never turns",
                     name);
        message_hint(rotating->in, "what it protects may be lost; else take 'rotate = never' out");
    } else if (is_exposed) {
        message_note(rotating->in, "'%s' must be replaced at its provider, then: bulla set%s %s",
                     name, env_flag, name);
    } else {
        message_note(rotating->in, "'%s' is never invented: bulla set%s %s", name, env_flag, name);
    }
}

/* What somebody has to do by hand; with how where no steps follow. */
static void write_by_hand(const struct rotating *rotating, bool with_hints)
{
    char flag[48];
    const char *env_flag = workspace_env_flag(&rotating->workspace, flag);
    for (size_t i = 0; i < bulla_rotation_count(rotating->plan); i++) {
        const struct bulla_turn *turn = bulla_rotation_get(rotating->plan, i);
        if (turn->step == BULLA_TURN_MAKE) {
            beyond_warn_sealed(&rotating->workspace, &turn->value->variable);
        } else if (turn->step == BULLA_TURN_PROVIDE) {
            say_provide(rotating, turn, env_flag);
        } else if (turn->step == BULLA_TURN_KEEP) {
            const char *name = turn->value->variable.name;
            message_note(rotating->in, "'%s' turns by name: what it has sealed needs it", name);
            message_hint(rotating->in,
                         "bulla rotate%s %s; or 'rotate' in its section lets it turn by itself",
                         env_flag, name);
        }
    }
    beyond_warn(&rotating->beyond, rotating->in, with_hints);
}

static bool write_human(const struct rotating *rotating, struct bulla_error *err)
{
    if (!turns_write(rotating->plan, rotating->workspace.now, rotating->opts->dry_run,
                     rotating->in->out, err)) {
        return false;
    }
    write_by_hand(rotating, rotating->opts->dry_run);
    if (rotating->recreate.count > 0) {
        output_text(rotating->in->out, "\n");
        if (!recreate_write(&rotating->recreate, rotating->in->out, err)) {
            return false;
        }
    }
    bool has_steps = rotating->beyond.count > 0 || recreate_has_active(&rotating->recreate);
    if (rotating->opts->dry_run || !has_steps) {
        return true;
    }
    output_text(rotating->in->out, "\n");
    return next_write(&rotating->recreate, &rotating->beyond, &rotating->workspace,
                      rotating->in->out, err);
}

static void write_json(const struct rotating *rotating)
{
    struct json json;
    json_begin_document(&json, rotating->in->out);
    json_member(&json, "environment", rotating->workspace.environment->name);
    json_member_bool(&json, "dryRun", rotating->opts->dry_run);
    json_member_array(&json, "turns");
    for (size_t i = 0; i < bulla_rotation_count(rotating->plan); i++) {
        turns_write_json(bulla_rotation_get(rotating->plan, i), &json);
    }
    json_end_array(&json);
    json_member_array(&json, "recreate");
    for (size_t i = 0; i < rotating->recreate.count; i++) {
        const struct recreate_service *service = &rotating->recreate.services[i];
        json_begin_object(&json);
        json_member(&json, "service", service->name);
        json_member_bool(&json, "active", service->active);
        json_member_array(&json, "variables");
        for (size_t k = 0; k < service->count; k++) {
            json_string(&json, service->variables[k]);
        }
        json_end_array(&json);
        json_end_object(&json);
    }
    json_end_array(&json);
    json_end_object(&json);
}

static bool apply_plan(struct rotating *rotating, struct bulla_error *err)
{
    struct workspace *ws = &rotating->workspace;
    if (bulla_rotation_step_count(rotating->plan, BULLA_TURN_MAKE) == 0 ||
        rotating->opts->dry_run) {
        return true;
    }
    return workspace_confirm_write(ws, rotating->opts->yes, err) &&
           bulla_rotation_make(rotating->plan, ws->vault, rotating->opts->why, ws->now, err) &&
           bulla_vault_commit(ws->vault, err);
}

static bool report(const struct rotating *rotating, struct bulla_error *err)
{
    bool is_json = strcmp(rotating->opts->format, "json") == 0;
    if (is_json) {
        write_json(rotating);
        write_by_hand(rotating, true);
    } else if (bulla_rotation_count(rotating->plan) == 0) {
        message_note(rotating->in, rotating->opts->due       ? "nothing is due"
                                   : rotating->opts->exposed ? "nothing is exposed"
                                                             : "nothing can turn");
    } else if (!write_human(rotating, err)) {
        return false;
    }
    size_t turned = bulla_rotation_step_count(rotating->plan, BULLA_TURN_MAKE);
    if (rotating->in->operand_count > 0 &&
        bulla_rotation_step_count(rotating->plan, BULLA_TURN_PROVIDE) > 0) {
        return command_refuse(err);
    }
    if ((rotating->opts->due || rotating->opts->exposed) && turned > 0 &&
        !rotating->opts->dry_run) {
        *rotating->in->status = STATUS_TURNED;
    }
    return true;
}

static bool run(const struct invocation *in, struct bulla_error *err)
{
    struct rotating rotating = {.in = in, .opts = in->opts};
    enum bulla_vault_access access = rotating.opts->dry_run ? BULLA_VAULT_READ : BULLA_VAULT_WRITE;
    enum workspace_need need =
        rotating.opts->dry_run ? WORKSPACE_KEY_OPTIONAL : WORKSPACE_KEY_REQUIRED;
    bool ok = check_request(in, err) && workspace_open(&rotating.workspace, in, err) &&
              workspace_open_vault(&rotating.workspace, access, need, err) &&
              make_plan(&rotating, err) && apply_plan(&rotating, err) && report(&rotating, err);
    beyond_release(&rotating.beyond);
    recreate_release(&rotating.recreate);
    bulla_rotation_free(rotating.plan);
    bulla_project_free(rotating.project);
    bulla_values_free(rotating.values);
    workspace_release(&rotating.workspace);
    return ok;
}

static const struct example examples[] = {
    {"bulla rotate SESSION_SECRET", "a new value for one secret"},
    {"bulla rotate -e prod --due --yes", "from a timer: what is past its period"},
    {"bulla rotate --exposed", "after 'recipient remove': what he could read"},
    {"bulla rotate --all --dry-run", "what a full turn would touch"},
    {NULL, NULL},
};

const struct command cmd_rotate = {
    .name = "rotate",
    .summary = "turn secrets: new versions, and whom to tell",
    .description =
        "Makes a new version of each secret that is named, that is past its rotation period "
        "(--due), that somebody who has left could read or that was marked so (--exposed), or of "
        "all (--all), in one write to the vault; the old versions stay in its "
        "history. Secrets of one group turn together, derived variables follow by themselves, and "
        "what somebody has to provide is never invented, only said. A key that data is likely to "
        "be sealed with (fernet, an encryption key) turns by name: it is never due by the "
        "project's period, and turns with others only where its own section says 'rotate' or "
        "'group'. With 'keep-previous' in the "
        "contract the old version stays valid beside the new one.\n\n"
        "It ends by naming the services that use what changed and have to be recreated, with the "
        "commands for it.\n\n"
        "A name that somebody has to provide ends with status 1. --due and --exposed end with 10 "
        "where something turned, else with 0, also where something is left to provide.",
    .group = GROUP_TURN,
    .opts_size = sizeof(struct rotate_opts),
    .options = options,
    .operands = {{.name = "NAME",
                  .min = 0,
                  .max = OPERANDS_ANY,
                  .help = "a secret to turn",
                  .complete = COMPLETE_QUERY,
                  .query = "variables"}},
    .examples = examples,
    .see_also = "status, render, uses",
    .run = run,
};
