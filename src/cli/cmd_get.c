/* `bulla get`: one value, its bytes alone. */
#include "message.h"
#include "output.h"
#include "reveal.h"
#include "secrets.h"

struct get_opts {
    bool reveal;
};

static const struct opt options[] = {
    FLAG(struct get_opts, reveal, '\0', "reveal", "print it to a terminal too"),
    OPTIONS_END,
};

static bool print_value(const struct invocation *in, struct bulla_bytes value, bool is_public,
                        struct bulla_error *err)
{
    if (!(is_public ? output_secret(in->out, value, err) : reveal_write(in, value, err))) {
        return false;
    }
    if (in->out->is_terminal) {
        output_text(in->out, "\n");
    }
    return true;
}

/* A name that has nothing to print: exit 1, as for a name that does not exist. */
static bool refuse_missing(const struct workspace *ws, const struct bulla_value *value,
                           struct bulla_error *err)
{
    const char *name = value->variable.name;
    char flag[48];
    (void)workspace_env_flag(ws, flag);
    if (value->because != NULL) {
        (void)bulla_error(err, BULLA_E_REFUSED, "'%s' has no value in '%s': '%s' has none", name,
                          ws->environment->name, value->because);
        return bulla_error_hint(err, "bulla set%s %s", flag, value->because);
    }
    (void)bulla_error(err, BULLA_E_REFUSED, "'%s' has no value in '%s'", name,
                      ws->environment->name);
    return value->variable.role == BULLA_ROLE_GENERATED
               ? bulla_error_hint(err, "bulla fill%s %s", flag, name)
               : bulla_error_hint(err, "bulla set%s %s", flag, name);
}

static bool refuse_contested(const struct workspace *ws, const char *name, struct bulla_error *err)
{
    const char *usurper = secrets_usurper(ws, name);
    char flag[48];
    (void)(usurper != NULL
               ? bulla_error(err, BULLA_E_REFUSED,
                             "'%s' is contested: '%s', who wrote it last, had no right to", name,
                             usurper)
               : bulla_error(err, BULLA_E_REFUSED, "'%s' is contested: branches disagree about it",
                             name));
    return bulla_error_hint(err, "'bulla resolve%s %s' compares the versions and settles it",
                            workspace_env_flag(ws, flag), name);
}

/* Derived values, defaults, and what is missing. */
static bool get_resolved(struct workspace *ws, const char *name, struct bulla_error *err)
{
    bulla_auto_values values = workspace_resolve(ws, err);
    const struct bulla_value *value = values != NULL ? bulla_values_find(values, name) : NULL;
    if (values == NULL || value == NULL) {
        return values != NULL && secrets_refuse_unknown(ws, name, err);
    }
    switch (value->state) {
    case BULLA_VALUE_SET:
        return print_value(ws->in, value->bytes,
                           value->variable.role == BULLA_ROLE_SETTING &&
                               value->source == BULLA_FROM_CONTRACT,
                           err);
    case BULLA_VALUE_SEALED:
        (void)bulla_error(err, BULLA_E_IDENTITY, "no identity at hand opens '%s' in '%s'",
                          value->because != NULL ? value->because : name, ws->environment->name);
        return bulla_error_hint(err, "name one with --identity FILE or BULLA_IDENTITY_FILE");
    case BULLA_VALUE_CONTESTED:
        return refuse_contested(ws, value->because != NULL ? value->because : name, err);
    case BULLA_VALUE_MISSING:
    case BULLA_VALUE_UNSET:
        break;
    }
    return refuse_missing(ws, value, err);
}

static bool get_stored(struct workspace *ws, const struct secret_operand *operand,
                       struct bulla_error *err)
{
    struct bulla_bytes value;
    struct bulla_version_info version;
    if (operand->version != NULL) {
        if (!secrets_choose_version(ws->vault, operand->name, operand->version, &version, err) ||
            !bulla_vault_get_by_id(ws->vault, version.id, &value, err)) {
            return false;
        }
        if (!version.counts) {
            message_warn(ws->in, "that version does not count: '%s' had no right to write it",
                         version.by);
        }
        return print_value(ws->in, value, false, err);
    }
    if (bulla_vault_get(ws->vault, operand->name, 0, &value, err)) {
        return print_value(ws->in, value, false, err);
    }
    if (err->code == BULLA_E_MISSING) {
        err->code = BULLA_E_REFUSED;
        (void)bulla_error_hint(err, "'bulla history %s' shows the versions", operand->name);
    }
    return false;
}

static bool run(const struct invocation *in, struct bulla_error *err)
{
    const struct get_opts *opts = in->opts;
    struct secret_operand operand;
    struct bulla_variable variable;
    struct bulla_secret_info stored;
    auto_workspace ws = {.in = in};
    if (!secrets_parse_operand(in->operands[0], &operand, err) || !workspace_open(&ws, in, err)) {
        return false;
    }
    bool is_known = secrets_find_variable(&ws, operand.name, &variable);
    bool is_setting = is_known && variable.role == BULLA_ROLE_SETTING;
    bool is_plain = is_setting && operand.version == NULL;
    if (!is_setting && !reveal_allow(in, opts->reveal, err)) {
        return false;
    }
    if ((!is_plain || workspace_has_vault(&ws)) &&
        !workspace_open_vault(&ws, BULLA_VAULT_READ,
                              is_plain ? WORKSPACE_KEY_OPTIONAL : WORKSPACE_KEY_REQUIRED, err)) {
        return false;
    }
    bool is_stored = ws.vault != NULL && bulla_vault_find(ws.vault, operand.name, &stored);
    /* A contract that calls it a setting must not show what somebody has sealed. */
    if (is_stored && is_setting && !reveal_allow(in, opts->reveal, err)) {
        return false;
    }
    if (!is_known && !is_stored) {
        return secrets_refuse_unknown(&ws, operand.name, err);
    }
    if (operand.version != NULL && !is_stored) {
        return bulla_error(err, BULLA_E_REFUSED, "'%s' has no versions in '%s'", operand.name,
                           ws.environment->name);
    }
    bool is_direct = operand.version != NULL || !is_known ||
                     (is_stored && stored.current != NULL && bulla_vault_has_key(ws.vault) &&
                      variable.role != BULLA_ROLE_DERIVED);
    return is_direct ? get_stored(&ws, &operand, err) : get_resolved(&ws, operand.name, err);
}

static const struct example examples[] = {
    {"bulla get POSTGRES_PASSWORD | psql-with-password", "to a program"},
    {"bulla get --reveal POSTGRES_PASSWORD", "to look at it"},
    {"bulla get POSTGRES_PASSWORD@3 >old.txt", "an older version"},
    {NULL, NULL},
};

const struct command cmd_get = {
    .name = "get",
    .summary = "print one value",
    .description =
        "Writes the bytes of the value and nothing else; a line end follows only on a terminal, "
        "which is refused without --reveal. Settings and derived values are printed as the "
        "environment has them.",
    .group = GROUP_VALUES,
    .opts_size = sizeof(struct get_opts),
    .options = options,
    .operands = {{.name = "NAME[@VERSION]",
                  .min = 1,
                  .max = 1,
                  .help = "a name, and the number or id of an older version",
                  .complete = COMPLETE_QUERY,
                  .query = "secrets"}},
    .examples = examples,
    .see_also = "set, history",
    .flags = COMMAND_PRINTS_SECRETS,
    .run = run,
};
