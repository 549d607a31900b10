/* `bulla set`: a value that somebody gives. */
#include <string.h>

#include "bulla/generate.h"
#include "bulla/shape.h"
#include "message.h"
#include "secrets.h"
#include "value_input.h"

#define MAX_FD 65535

struct set_opts {
    const char *file, *why;
    long fd;
    bool exact, force, yes;
};

static const struct opt options[] = {
    STRING(struct set_opts, file, '\0', "file", "FILE", "read the value from FILE",
           .complete = COMPLETE_FILE),
    NUMBER(struct set_opts, fd, '\0', "fd", "N", -1, 0, MAX_FD, "read the value from descriptor N"),
    FLAG(struct set_opts, exact, '\0', "exact", "keep a line end at the value's end"),
    STRING(struct set_opts, why, '\0', "why", "TEXT", "the reason, for the history (public)"),
    FLAG(struct set_opts, force, '\0', "force",
         "set it whatever its form: an existing value that works"),
    FLAG(struct set_opts, yes, 'y', "yes", "write to a protected environment without asking"),
    OPTIONS_END,
};

/* Names that a derived value is made from, ", " between. */
static bool add_name(void *ctx, const char *name, struct bulla_error *err)
{
    (void)err;
    struct bulla_buf *names = ctx;
    bulla_buf_printf(names, "%s%s", names->len > 0 ? ", " : "", name);
    return true;
}

static bool find_row(const struct bulla_values *values, const char *name, size_t *ret_index)
{
    for (size_t i = 0; i < bulla_values_count(values); i++) {
        if (strcmp(bulla_values_get(values, i)->variable.name, name) == 0) {
            *ret_index = i;
            return true;
        }
    }
    return false;
}

static bool refuse_derived(const struct workspace *ws, const char *name, struct bulla_error *err)
{
    bulla_auto_values values = bulla_values_resolve(ws->contract, ws->environment->name, NULL, err);
    bulla_auto_buf names;
    bulla_buf_init(&names, 512);
    size_t index = 0;
    if (values == NULL || (find_row(values, name, &index) &&
                           !bulla_values_needs(values, index, add_name, &names, err))) {
        return false;
    }
    const char *text = bulla_buf_text(&names, err);
    if (text == NULL) {
        return false;
    }
    if (text[0] == '\0') {
        (void)bulla_error(err, BULLA_E_REFUSED, "'%s' is derived and never stored", name);
        return bulla_error_hint(err, "change its 'value' in %s", ws->contract_path);
    }
    (void)bulla_error(err, BULLA_E_REFUSED, "'%s' is derived: it is made from %s", name, text);
    return bulla_error_hint(err, "set that, or change the template in %s", ws->contract_path);
}

static bool find_settable(const struct workspace *ws, const char *name,
                          struct bulla_variable *ret_variable, struct bulla_error *err)
{
    if (!secrets_find_variable(ws, name, ret_variable)) {
        (void)secrets_refuse_unknown(ws, name, err);
        if (!secrets_is_name(name)) {
            return false;
        }
        bool has_nearest = strncmp(err->hint, "did you mean", 12) == 0;
        bulla_auto_str nearest = bulla_strdup(has_nearest ? err->hint : "", err);
        return nearest != NULL &&
               bulla_error_hint(err, "%s%sadd [%s] to %s", nearest, has_nearest ? " Or " : "", name,
                                ws->contract_path);
    }
    return ret_variable->role != BULLA_ROLE_DERIVED || refuse_derived(ws, name, err);
}

/* A vault that cannot be opened is better said before somebody has typed a value twice. */
static bool try_vault(const struct invocation *in, struct bulla_error *err)
{
    auto_workspace ws = {.in = in};
    return workspace_open(&ws, in, err) &&
           workspace_open_vault(&ws, BULLA_VAULT_READ, WORKSPACE_KEY_REQUIRED, err);
}

static bool write_value(struct workspace *ws, const struct bulla_variable *variable,
                        struct bulla_bytes value, const struct set_opts *opts,
                        struct bulla_error *err)
{
    /* What is forced works as it is: check does not hold it to the form of the next one. */
    struct bulla_set_options set = {
        .kind = opts->force ? BULLA_KIND_IMPORTED : secrets_kind(variable), .why = opts->why};
    bool changed = false;
    if (!workspace_open_vault(ws, BULLA_VAULT_WRITE, WORKSPACE_KEY_REQUIRED, err) ||
        !bulla_vault_set(ws->vault, variable->name, value, &set, ws->now, &changed, err)) {
        return false;
    }
    if (!changed) {
        message_note(ws->in, "'%s' has this value in '%s' already: nothing was written",
                     variable->name, ws->environment->name);
        return true;
    }
    struct bulla_version_info version = {.number = 0};
    if (!bulla_vault_commit(ws->vault, err)) {
        return false;
    }
    (void)!secrets_find_version(ws->vault, variable->name, 0, &version);
    message_note(ws->in, "'%s' is set in '%s', version %u", variable->name, ws->environment->name,
                 version.number);
    return secrets_tell_services(ws, &variable->name, 1, err);
}

static bool run(const struct invocation *in, struct bulla_error *err)
{
    const struct set_opts *opts = in->opts;
    struct value_input input = {.file = opts->file, .fd = opts->fd, .exact = opts->exact};
    struct bulla_variable variable;
    auto_workspace ws = {.in = in};
    if (!value_input_check(&input, err) || !workspace_open(&ws, in, err) ||
        !find_settable(&ws, in->operands[0], &variable, err) ||
        !workspace_confirm_write(&ws, opts->yes, err)) {
        return false;
    }
    if (value_input_asks(&input) && !try_vault(in, err)) {
        return false;
    }
    bulla_auto_buf value;
    bulla_buf_init_secret(&value, BULLA_MAX_VALUE_BYTES + 2);
    if (!value_input_read(in, &input, variable.name, &value, err)) {
        return false;
    }
    struct bulla_bytes bytes = bulla_buf_view(&value);
    if (!opts->force && !value_input_judge(&variable, bytes, err)) {
        return false;
    }
    const char *placeholder = bulla_placeholder(bytes);
    if (placeholder != NULL) {
        message_warn(in, "the value looks like a placeholder: %s", placeholder);
    }
    bool is_free = variable.role != BULLA_ROLE_SETTING && variable.match.text == NULL;
    const char *cut = is_free && placeholder == NULL ? bulla_token_cut_short(bytes) : NULL;
    if (cut != NULL) {
        message_warn(in, "the value begins as %s does, and is too short to be one", cut);
    }
    return write_value(&ws, &variable, bytes, opts, err);
}

static const struct example examples[] = {
    {"bulla set OPENAI_API_KEY", "typed twice, not shown"},
    {"pass show binance | bulla set BINANCE_API_KEY -e prod --yes", "from another program"},
    {"bulla set TLS_KEY --file server.key --exact", "a file, byte by byte"},
    {NULL, NULL},
};

const struct command cmd_set = {
    .name = "set",
    .summary = "give a secret a value",
    .description =
        "Seals a new version of NAME. The value is asked for twice on a terminal, else read from "
        "standard input; --file and --fd name other places. It is never an argument, which other "
        "users could read. One line end at its end is dropped unless --exact is given.\n\n"
        "A value that does not have the shape that the contract asks for is refused, as are "
        "derived names and names that the contract lacks. Setting the present value writes "
        "nothing. A setting is set in this environment only, above the contract's default.",
    .group = GROUP_VALUES,
    .opts_size = sizeof(struct set_opts),
    .options = options,
    .operands = {{.name = "NAME",
                  .min = 1,
                  .max = 1,
                  .help = "a variable of the contract",
                  .complete = COMPLETE_QUERY,
                  .query = "secrets"}},
    .surplus_hint = "values come from a prompt, standard input, --file or --fd",
    .examples = examples,
    .see_also = "get, unset, rollback",
    .run = run,
};
