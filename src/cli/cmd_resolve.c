/* `bulla resolve`: settles a name to which two branches gave different values. */
#include <stdio.h>
#include <string.h>

#include "candidates.h"
#include "message.h"
#include "output.h"
#include "prompt.h"
#include "secrets.h"
#include "settling.h"
#include "value_input.h"

#define MAX_FD 65535

struct resolve_opts {
    const char *take, *file, *why;
    long fd;
    bool make, unset, exact, force, yes;
};

static const struct opt options[] = {
    STRING(struct resolve_opts, take, '\0', "take", "VERSION",
           "take this one of them: its number, or the beginning of its id"),
    FLAG(struct resolve_opts, make, '\0', "new", "ask for a new value, or read standard input"),
    STRING(struct resolve_opts, file, '\0', "file", "FILE", "read a new value from FILE",
           .complete = COMPLETE_FILE),
    NUMBER(struct resolve_opts, fd, '\0', "fd", "N", -1, 0, MAX_FD,
           "read a new value from descriptor N"),
    FLAG(struct resolve_opts, exact, '\0', "exact", "keep a line end at the new value's end"),
    FLAG(struct resolve_opts, force, '\0', "force", "take a new value whatever its form"),
    FLAG(struct resolve_opts, unset, '\0', "unset", "leave the name without a value"),
    STRING(struct resolve_opts, why, '\0', "why", "TEXT", "the reason, for the history (public)"),
    FLAG(struct resolve_opts, yes, 'y', "yes", "write to a protected environment without asking"),
    OPTIONS_END,
};

/* One name, and what is to be done with it. */
struct resolving {
    const struct invocation *in;
    const struct resolve_opts *opts;
    const char *name;
    char take[BULLA_VAULT_ID_CHARS + 1]; /* the id of what was chosen, or "" */
    bool unset, has_value;
    struct bulla_buf value;
};

static bool is_new_value(const struct resolve_opts *opts)
{
    return opts->make || opts->file != NULL || opts->fd >= 0;
}

static bool check_request(const struct invocation *in, struct bulla_error *err)
{
    const struct resolve_opts *opts = in->opts;
    unsigned ways = (opts->take != NULL ? 1U : 0U) + opts->unset + is_new_value(opts);
    if (ways > 1) {
        return bulla_error(err, BULLA_E_USAGE,
                           "--take, --unset and a new value exclude each other");
    }
    if (in->operand_count == 0 && ways > 0) {
        (void)bulla_error(err, BULLA_E_USAGE, "of which name?");
        return bulla_error_hint(err, "name it first; 'bulla resolve' lists what is contested");
    }
    return true;
}

static bool settle_with(struct workspace *ws, const char *name,
                        const struct bulla_version_info *version, struct bulla_error *err)
{
    const struct resolve_opts *opts = ws->in->opts;
    char reason[64];
    struct bulla_bytes value;
    (void)snprintf(reason, sizeof reason, "resolved: version %u by %s", version->number,
                   version->by);
    const struct bulla_set_options set = {.kind = version->kind,
                                          .why = opts->why != NULL ? opts->why : reason,
                                          .from_id = version->id,
                                          .expires = version->expires};
    return bulla_vault_get_by_id(ws->vault, version->id, &value, err) &&
           settling_write(ws, name, value, &set, err);
}

static bool settle_unset(struct workspace *ws, const char *name, struct bulla_error *err)
{
    const struct resolve_opts *opts = ws->in->opts;
    if (!bulla_vault_unset(ws->vault, name, opts->why != NULL ? opts->why : "resolved", ws->now,
                           err)) {
        return false;
    }
    message_note(ws->in, "'%s' in '%s' has no value any more", name, ws->environment->name);
    return true;
}

static bool refuse_open(const struct resolving *resolving, const struct workspace *ws,
                        const struct candidates *candidates, struct bulla_error *err)
{
    char flag[48];
    const char *name = resolving->name;
    size_t offered = 0;
    while (offered + 1 < candidates->count && !candidates->items[offered].version.counts) {
        offered++;
    }
    (void)bulla_error(err, BULLA_E_REFUSED, "'%s' is contested in '%s': nothing was taken", name,
                      ws->environment->name);
    return bulla_error_hint(
        err, "bulla resolve%s %s --take %.8s, or --new%s", workspace_env_flag(ws, flag), name,
        candidates->items[offered].version.id, candidates->unset ? ", or --unset" : "");
}

/* Reads and judges a new value before the vault is locked. */
static bool read_value(struct resolving *resolving, const struct workspace *ws,
                       struct bulla_error *err)
{
    const struct resolve_opts *opts = resolving->opts;
    const struct value_input input = {.file = opts->file, .fd = opts->fd, .exact = opts->exact};
    struct bulla_variable variable;
    if (!value_input_check(&input, err) ||
        !value_input_read(ws->in, &input, resolving->name, &resolving->value, err)) {
        return false;
    }
    resolving->has_value = true;
    return opts->force || !secrets_find_variable(ws, resolving->name, &variable) ||
           value_input_judge(&variable, bulla_buf_view(&resolving->value), err);
}

/* The number that somebody typed, 0 for anything else. */
static size_t read_number(const char *text)
{
    size_t number = 0;
    if (strlen(text) > 3 || text[strspn(text, "0123456789")] != '\0') {
        return 0;
    }
    for (; *text != '\0'; text++) {
        number = 10 * number + (size_t)(*text - '0');
    }
    return number;
}

/* Shows what there is and asks, where somebody can answer. */
static bool ask(struct resolving *resolving, struct workspace *ws,
                const struct candidates *candidates, struct bulla_error *err)
{
    char label[128];
    if (!candidates_write(candidates, resolving->name, ws->in->out, err) ||
        !output_flush(ws->in->out, err)) {
        return false;
    }
    if (!prompt_is_possible()) {
        return refuse_open(resolving, ws, candidates, err);
    }
    (void)snprintf(label, sizeof label, "Take which one (1-%zu, new%s)", candidates->count,
                   candidates->unset ? ", unset" : "");
    bulla_auto_str answer = prompt_line(label, err);
    if (answer == NULL) {
        return false;
    }
    if (strcmp(answer, "new") == 0) {
        return read_value(resolving, ws, err);
    }
    if (candidates->unset && strcmp(answer, "unset") == 0) {
        resolving->unset = true;
        return true;
    }
    size_t number = read_number(answer);
    if (number == 0 || number > candidates->count) {
        return refuse_open(resolving, ws, candidates, err);
    }
    (void)snprintf(resolving->take, sizeof resolving->take, "%s",
                   candidates->items[number - 1].version.id);
    return true;
}

static bool refuse_settled(const struct resolving *resolving, const struct workspace *ws,
                           struct bulla_error *err)
{
    const struct resolve_opts *opts = resolving->opts;
    if (opts->take != NULL || opts->unset || is_new_value(opts)) {
        (void)bulla_error(err, BULLA_E_REFUSED, "'%s' is not contested in '%s'", resolving->name,
                          ws->environment->name);
        return bulla_error_hint(err, "'bulla set' and 'bulla rollback' change it");
    }
    message_note(ws->in, "'%s' is not contested in '%s': nothing was written", resolving->name,
                 ws->environment->name);
    return true;
}

/* What is to be done is found out, and asked, before the vault is locked. */
static bool prepare(struct resolving *resolving, bool *ret_settled, struct bulla_error *err)
{
    const struct resolve_opts *opts = resolving->opts;
    struct bulla_secret_info stored;
    auto_candidates candidates = {0};
    auto_workspace ws = {.in = resolving->in};
    if (!workspace_open(&ws, resolving->in, err) || !workspace_confirm_write(&ws, opts->yes, err) ||
        !workspace_open_vault(&ws, BULLA_VAULT_READ, WORKSPACE_KEY_REQUIRED, err) ||
        !secrets_find_stored(&ws, resolving->name, &stored, err)) {
        return false;
    }
    *ret_settled = !stored.contested;
    if (!stored.contested) {
        return refuse_settled(resolving, &ws, err);
    }
    if (is_new_value(opts)) {
        return read_value(resolving, &ws, err);
    }
    if (opts->unset || opts->take != NULL) {
        return true;
    }
    if (!candidates_collect(&candidates, ws.vault, resolving->name, err)) {
        return false;
    }
    return candidates.equal || ask(resolving, &ws, &candidates, err);
}

static bool settle_new(const struct resolving *resolving, struct workspace *ws,
                       struct bulla_error *err)
{
    const struct resolve_opts *opts = resolving->opts;
    struct bulla_variable variable;
    bool is_known = secrets_find_variable(ws, resolving->name, &variable);
    const struct bulla_set_options set = {
        .kind = is_known && !opts->force ? secrets_kind(&variable) : BULLA_KIND_IMPORTED,
        .why = opts->why != NULL ? opts->why : "resolved: a new value"};
    return settling_write(ws, resolving->name, bulla_buf_view(&resolving->value), &set, err);
}

/* The version TAKE, which has to be one of those that are contested. */
static bool settle_taken(const struct resolving *resolving, struct workspace *ws, const char *take,
                         const struct candidates *candidates, struct bulla_error *err)
{
    struct bulla_version_info version;
    if (!secrets_choose_version(ws->vault, resolving->name, take, &version, err)) {
        return false;
    }
    for (size_t i = 0; i < candidates->count; i++) {
        if (strcmp(candidates->items[i].version.id, version.id) == 0) {
            return settle_with(ws, resolving->name, &version, err);
        }
    }
    char flag[48];
    (void)bulla_error(err, BULLA_E_REFUSED,
                      "version %u of '%s' is none of those that are contested", version.number,
                      resolving->name);
    return bulla_error_hint(err, "bulla rollback%s %s --to %u takes one of before",
                            workspace_env_flag(ws, flag), resolving->name, version.number);
}

static bool settle_one(const struct resolving *resolving, struct workspace *ws,
                       struct bulla_error *err)
{
    const char *take = resolving->take[0] != '\0' ? resolving->take : resolving->opts->take;
    auto_candidates candidates = {0};
    if (resolving->unset || resolving->opts->unset) {
        return settle_unset(ws, resolving->name, err);
    }
    if (resolving->has_value) {
        return settle_new(resolving, ws, err);
    }
    if (!candidates_collect(&candidates, ws->vault, resolving->name, err)) {
        return false;
    }
    if (take != NULL) {
        return settle_taken(resolving, ws, take, &candidates, err);
    }
    return candidates.equal ? settling_write_equal(ws, resolving->name, &candidates.items[0],
                                                   resolving->opts->why, err)
                            : refuse_open(resolving, ws, &candidates, err);
}

static bool resolve_one(struct resolving *resolving, struct bulla_error *err)
{
    bool is_settled = false;
    struct bulla_secret_info stored;
    auto_workspace ws = {.in = resolving->in};
    if (!prepare(resolving, &is_settled, err) || is_settled) {
        return is_settled && err->code == BULLA_OK;
    }
    if (!workspace_open(&ws, resolving->in, err) ||
        !workspace_open_vault(&ws, BULLA_VAULT_WRITE, WORKSPACE_KEY_REQUIRED, err) ||
        !secrets_find_stored(&ws, resolving->name, &stored, err)) {
        return false;
    }
    if (!stored.contested) {
        return refuse_settled(resolving, &ws, err);
    }
    return settle_one(resolving, &ws, err) && bulla_vault_commit(ws.vault, err) &&
           secrets_tell_services(&ws, &resolving->name, 1, err);
}

static bool resolve_every(const struct invocation *in, struct bulla_error *err)
{
    const struct resolve_opts *opts = in->opts;
    auto_workspace ws = {.in = in};
    return workspace_open(&ws, in, err) && workspace_confirm_write(&ws, opts->yes, err) &&
           workspace_open_vault(&ws, BULLA_VAULT_WRITE, WORKSPACE_KEY_REQUIRED, err) &&
           settling_write_all(&ws, opts->why, err);
}

static bool run(const struct invocation *in, struct bulla_error *err)
{
    struct resolving resolving = {.in = in, .opts = in->opts, .name = invocation_operand(in, 0)};
    if (!check_request(in, err)) {
        return false;
    }
    if (resolving.name == NULL) {
        return resolve_every(in, err);
    }
    bulla_buf_init_secret(&resolving.value, BULLA_MAX_VALUE_BYTES + 2);
    bool ok = resolve_one(&resolving, err);
    bulla_buf_release(&resolving.value);
    return ok;
}

static const struct example examples[] = {
    {"bulla resolve", "after a merge: settle what is equal, show the rest"},
    {"bulla resolve POSTGRES_PASSWORD", "compare the versions and take one"},
    {"bulla generate alnum:32 | bulla resolve POSTGRES_PASSWORD --new",
     "a new value, without a question"},
    {NULL, NULL},
};

const struct command cmd_resolve = {
    .name = "resolve",
    .summary = "settle a name that two branches changed",
    .description =
        "Where two branches set one name and were merged, neither value is given out until "
        "somebody says which one it is. This shows the versions, with equal values under one "
        "letter and no value in clear, and writes the one that is taken as a new version: --take, "
        "a new value (--new, --file, --fd), or none (--unset). Versions that hold the same value "
        "are settled unasked.\n\n"
        "A name is contested too when its newest version was written by somebody who had no right "
        "to by then.\n\n"
        "Without NAME every contested name is looked at. The live service is not told: where it "
        "has the other value, change it there.",
    .group = GROUP_PEOPLE,
    .opts_size = sizeof(struct resolve_opts),
    .options = options,
    .operands = {{.name = "NAME",
                  .min = 0,
                  .max = 1,
                  .help = "a contested name (all of them)",
                  .complete = COMPLETE_QUERY,
                  .query = "secrets"}},
    .examples = examples,
    .see_also = "history, rollback, set",
    .without = GLOBAL_FILES,
    .run = run,
};
