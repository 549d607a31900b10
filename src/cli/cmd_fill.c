/* `bulla fill`: every value that the contract can make and that is missing. */
#include <string.h>

#include "filling.h"
#include "message.h"
#include "output.h"
#include "secrets.h"

#define MAX_LISTED 20

struct fill_opts {
    const char *why;
    bool yes;
};

static const struct opt options[] = {
    STRING(struct fill_opts, why, '\0', "why", "TEXT", "the reason, for the history (public)"),
    FLAG(struct fill_opts, yes, 'y', "yes", "write to a protected environment without asking"),
    OPTIONS_END,
};

static bool is_asked_for(const struct invocation *in, const char *name)
{
    for (size_t i = 0; i < in->operand_count; i++) {
        if (strcmp(in->operands[i], name) == 0) {
            return true;
        }
    }
    return in->operand_count == 0;
}

static bool can_be_made(const struct invocation *in, const struct bulla_value *value)
{
    bool is_missing = value->state == BULLA_VALUE_MISSING || value->state == BULLA_VALUE_UNSET;
    return value->variable.role == BULLA_ROLE_GENERATED && is_missing &&
           is_asked_for(in, value->variable.name);
}

/* Names on the command line that fill cannot serve end it before anything is written. */
static bool check_names(const struct workspace *ws, struct bulla_error *err)
{
    char flag[48];
    for (size_t i = 0; i < ws->in->operand_count; i++) {
        const char *name = ws->in->operands[i];
        struct bulla_variable variable;
        if (!secrets_find_variable(ws, name, &variable)) {
            return secrets_refuse_unknown(ws, name, err);
        }
        if (variable.role == BULLA_ROLE_GENERATED) {
            continue;
        }
        (void)bulla_error(err, BULLA_E_REFUSED, "'%s' cannot be made: it is %s", name,
                          variable.role == BULLA_ROLE_SETTING ? "a setting"
                                                              : bulla_role_name(variable.role));
        return variable.role == BULLA_ROLE_DERIVED
                   ? bulla_error_hint(err, "it follows from others by itself")
                   : bulla_error_hint(err, "bulla set%s %s", workspace_env_flag(ws, flag), name);
    }
    return true;
}

static size_t count_missing(const struct invocation *in, const struct bulla_values *values)
{
    size_t count = 0;
    for (size_t i = 0; i < bulla_values_count(values); i++) {
        count += can_be_made(in, bulla_values_get(values, i));
    }
    return count;
}

/* Looks without the lock: a run that has nothing to do neither asks nor writes. */
static bool look(const struct invocation *in, bool yes, size_t *ret_count, struct bulla_error *err)
{
    auto_workspace ws = {.in = in};
    if (!workspace_open(&ws, in, err) || !check_names(&ws, err) ||
        !workspace_open_vault(&ws, BULLA_VAULT_READ, WORKSPACE_KEY_REQUIRED, err)) {
        return false;
    }
    bulla_auto_values values = workspace_resolve(&ws, err);
    if (values == NULL) {
        return false;
    }
    *ret_count = count_missing(in, values);
    return *ret_count == 0 || workspace_confirm_write(&ws, yes, err);
}

static void add_made(struct table *table, const struct invocation *in,
                     const struct bulla_value *value)
{
    const char *name = value->variable.name;
    table_styled(table, STYLE_STRONG, name);
    table_cell(table, value->variable.kind.text);
    if (value->has_kind && bulla_kind_is_weak(&value->kind)) {
        message_warn(in, "'%s' has %.0f bits (%s): it can be guessed", name,
                     bulla_kind_entropy(&value->kind), value->variable.kind.text);
    }
}

static bool make(struct workspace *ws, const char *why, struct bulla_error *err)
{
    static const char *const headings[] = {"NAME", "KIND"};
    const struct invocation *in = ws->in;
    bulla_auto_values values = workspace_resolve(ws, err);
    if (values == NULL) {
        return false;
    }
    size_t made = 0;
    if (!filling_make(ws, in->operands, in->operand_count, why, &made, err) ||
        !bulla_vault_commit(ws->vault, err)) {
        return false;
    }
    auto_table table;
    table_init(&table, in->out, headings, 2);
    for (size_t i = 0; i < bulla_values_count(values); i++) {
        if (can_be_made(in, bulla_values_get(values, i))) {
            add_made(&table, in, bulla_values_get(values, i));
        }
    }
    if (!table_write(&table, err)) {
        return false;
    }
    message_note(in, "%zu value%s made in '%s'", made, made == 1 ? "" : "s", ws->environment->name);
    return true;
}

/* What is missing still, and what comes next. */
static bool say_rest(const struct workspace *ws, struct bulla_error *err)
{
    const struct invocation *in = ws->in;
    bulla_auto_values values = workspace_resolve(ws, err);
    if (values == NULL) {
        return false;
    }
    char flag[48];
    const char *first = NULL;
    size_t listed = 0;
    (void)workspace_env_flag(ws, flag);
    for (size_t i = 0; i < bulla_values_count(values); i++) {
        const struct bulla_variable *variable = &bulla_values_get(values, i)->variable;
        if (bulla_values_get(values, i)->state != BULLA_VALUE_MISSING ||
            variable->role == BULLA_ROLE_DERIVED || ++listed > MAX_LISTED) {
            continue;
        }
        first = first != NULL ? first : variable->name;
        message_note(in, "still to provide: %s%s%s", variable->name,
                     variable->obtain.text != NULL ? "  " : "",
                     variable->obtain.text != NULL ? variable->obtain.text : "");
    }
    if (listed > MAX_LISTED) {
        message_note(in, "and %zu more: bulla list%s", listed - MAX_LISTED, flag);
    }
    if (first != NULL) {
        message_note(in, "next: bulla set%s %s", flag, first);
    } else {
        message_note(in, "next: bulla check%s", flag);
    }
    return true;
}

static bool run(const struct invocation *in, struct bulla_error *err)
{
    const struct fill_opts *opts = in->opts;
    size_t count = 0;
    if (!look(in, opts->yes, &count, err)) {
        return false;
    }
    auto_workspace ws = {.in = in};
    enum bulla_vault_access access = count > 0 ? BULLA_VAULT_WRITE : BULLA_VAULT_READ;
    if (!workspace_open(&ws, in, err) ||
        !workspace_open_vault(&ws, access, WORKSPACE_KEY_REQUIRED, err)) {
        return false;
    }
    if (count == 0) {
        message_note(in, "nothing to fill in '%s'", ws.environment->name);
    } else if (!make(&ws, opts->why, err)) {
        return false;
    }
    return say_rest(&ws, err);
}

static const struct example examples[] = {
    {"bulla fill", "make whatever is missing"},
    {"bulla fill SESSION_SECRET -e prod --yes", "one name of a protected environment"},
    {NULL, NULL},
};

const struct command cmd_fill = {
    .name = "fill",
    .summary = "make every missing value that can be made",
    .description =
        "Makes a value for each variable of a generated kind that has none, or for those named, "
        "and seals it. What has a value stays as it is, so it can be run any number of times. "
        "Names what was made, and what somebody still has to provide.",
    .group = GROUP_VALUES,
    .opts_size = sizeof(struct fill_opts),
    .options = options,
    .operands = {{.name = "NAME",
                  .min = 0,
                  .max = OPERANDS_ANY,
                  .help = "only these variables",
                  .complete = COMPLETE_QUERY,
                  .query = "secrets"}},
    .examples = examples,
    .see_also = "generate, set",
    .run = run,
};
