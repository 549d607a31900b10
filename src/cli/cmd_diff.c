/* `bulla diff`: where two environments or two commits differ, without a value. */
#include <stdio.h>
#include <string.h>

#include "diff_revisions.h"
#include "message.h"
#include "output.h"
#include "secrets.h"

#define MAX_NAMES_TEXT 600

struct diff_opts {
    const char *format;
};

static const char *const formats[] = {"human", "json", NULL};

static const struct opt options[] = {
    CHOICE(struct diff_opts, format, '\0', "format", "FORMAT", formats, "how to print it"),
    OPTIONS_END,
};

/* One side: an environment and its values. */
struct side {
    struct invocation in;
    struct workspace workspace;
    struct bulla_values *values;
};

static void release_side(struct side *side)
{
    bulla_values_free(side->values);
    workspace_release(&side->workspace);
}

#define auto_side BULLA_AUTO(release_side) struct side

/* ENVIRONMENT NULL: the one that -e, BULLA_ENV or the contract names. */
static bool open_side(struct side *side, const struct invocation *in, const char *environment,
                      struct bulla_error *err)
{
    struct workspace *ws = &side->workspace;
    side->in = *in;
    if (environment != NULL) {
        side->in.global.environment = environment;
    }
    if (!workspace_open(ws, &side->in, err) ||
        !workspace_open_vault(ws, BULLA_VAULT_READ, WORKSPACE_KEY_OPTIONAL, err)) {
        return false;
    }
    side->values = workspace_resolve(ws, err);
    return side->values != NULL;
}

enum difference { DIFFERENCE_NONE, DIFFERENCE_PRESENCE, DIFFERENCE_KIND, DIFFERENCE_VALUE };

static const char *difference_name(enum difference difference)
{
    static const char *const names[] = {"none", "presence", "kind", "value"};
    return names[difference];
}

static bool has_value(const struct bulla_value *value)
{
    return value->state == BULLA_VALUE_SET || value->state == BULLA_VALUE_SEALED;
}

/* How one side has a name: "set", "default", "derived", "missing", "unset", "contested". */
static const char *state_of(const struct bulla_value *value)
{
    if (has_value(value) && value->source == BULLA_FROM_CONTRACT) {
        return "default";
    }
    if (has_value(value)) {
        return value->source == BULLA_FROM_DERIVED ? "derived" : "set";
    }
    return bulla_value_state_name(value->state);
}

static enum difference compare(const struct bulla_value *a, const struct bulla_value *b)
{
    if (has_value(a) != has_value(b) || (!has_value(a) && a->state != b->state)) {
        return DIFFERENCE_PRESENCE;
    }
    if (strcmp(secrets_kind(&a->variable), secrets_kind(&b->variable)) != 0) {
        return DIFFERENCE_KIND;
    }
    bool is_open = a->state == BULLA_VALUE_SET && b->state == BULLA_VALUE_SET;
    return is_open && !bulla_secret_bytes_equal(a->bytes, b->bytes) ? DIFFERENCE_VALUE
                                                                    : DIFFERENCE_NONE;
}

/* True where the two sides are one secret: whoever has one environment's has the other's. */
static bool is_shared_secret(const struct bulla_value *a, const struct bulla_value *b)
{
    return a->state == BULLA_VALUE_SET && b->state == BULLA_VALUE_SET && a->bytes.len > 0 &&
           a->source == BULLA_FROM_VAULT && b->source == BULLA_FROM_VAULT &&
           a->variable.role != BULLA_ROLE_SETTING && bulla_secret_bytes_equal(a->bytes, b->bytes);
}

/* True where every value that both have is here to be compared. */
static bool compares_values(const struct side *a, const struct side *b)
{
    return bulla_values_state_count(a->values, BULLA_VALUE_SEALED) == 0 &&
           bulla_values_state_count(b->values, BULLA_VALUE_SEALED) == 0;
}

static const char *kind_of(const struct bulla_value *value)
{
    return secrets_kind(&value->variable);
}

static bool write_table(const struct side *a, const struct side *b, size_t *ret_count,
                        struct bulla_error *err)
{
    const char *const headings[] = {"NAME", a->workspace.environment->name,
                                    b->workspace.environment->name, "DIFFERENCE"};
    auto_table table;
    table_init(&table, a->in.out, headings, 4);
    for (size_t i = 0; i < bulla_values_count(a->values); i++) {
        const struct bulla_value *left = bulla_values_get(a->values, i);
        const struct bulla_value *right = bulla_values_find(b->values, left->variable.name);
        enum difference difference = right != NULL ? compare(left, right) : DIFFERENCE_NONE;
        if (difference == DIFFERENCE_NONE) {
            continue;
        }
        bool shows_kinds = difference == DIFFERENCE_KIND;
        (*ret_count)++;
        table_styled(&table, STYLE_STRONG, left->variable.name);
        table_cell(&table, shows_kinds ? kind_of(left) : state_of(left));
        table_cell(&table, shows_kinds ? kind_of(right) : state_of(right));
        table_cell(&table, difference_name(difference));
    }
    return *ret_count == 0 || table_write(&table, err);
}

static void say_shared(const struct side *a, const struct side *b)
{
    char text[MAX_NAMES_TEXT] = "";
    size_t used = 0;
    size_t count = 0;
    for (size_t i = 0; i < bulla_values_count(a->values); i++) {
        const struct bulla_value *left = bulla_values_get(a->values, i);
        const struct bulla_value *right = bulla_values_find(b->values, left->variable.name);
        if (right == NULL || !is_shared_secret(left, right)) {
            continue;
        }
        int len = snprintf(text + used, sizeof text - used, " %s", left->variable.name);
        used += len > 0 && (size_t)len < sizeof text - used ? (size_t)len : 0;
        text[used] = '\0';
        count++;
    }
    if (count > 0) {
        message_warn(&a->in, "%zu secret%s the same in both:%s", count,
                     count == 1 ? " is" : "s are", text);
    }
}

static void write_json_rows(struct json *json, const struct side *a, const struct side *b)
{
    json_member_array(json, "differences");
    for (size_t i = 0; i < bulla_values_count(a->values); i++) {
        const struct bulla_value *left = bulla_values_get(a->values, i);
        const struct bulla_value *right = bulla_values_find(b->values, left->variable.name);
        enum difference difference = right != NULL ? compare(left, right) : DIFFERENCE_NONE;
        if (difference == DIFFERENCE_NONE) {
            continue;
        }
        json_begin_object(json);
        json_member(json, "name", left->variable.name);
        json_member(json, "difference", difference_name(difference));
        json_member(json, "from", state_of(left));
        json_member(json, "to", state_of(right));
        if (difference == DIFFERENCE_KIND) {
            json_member(json, "fromKind", kind_of(left));
            json_member(json, "toKind", kind_of(right));
        }
        json_end_object(json);
    }
    json_end_array(json);
}

static void write_json(const struct side *a, const struct side *b)
{
    struct json json;
    json_begin_document(&json, a->in.out);
    json_member(&json, "from", a->workspace.environment->name);
    json_member(&json, "to", b->workspace.environment->name);
    json_member(&json, "compared", compares_values(a, b) ? "values" : "presence");
    write_json_rows(&json, a, b);
    json_member_array(&json, "same");
    for (size_t i = 0; i < bulla_values_count(a->values); i++) {
        const struct bulla_value *left = bulla_values_get(a->values, i);
        const struct bulla_value *right = bulla_values_find(b->values, left->variable.name);
        if (right != NULL && is_shared_secret(left, right)) {
            json_string(&json, left->variable.name);
        }
    }
    json_end_array(&json);
    json_end_object(&json);
}

static bool diff_environments(const struct invocation *in, bool as_json, struct bulla_error *err)
{
    const char *first = in->operand_count > 1 ? in->operands[0] : NULL;
    auto_side a = {.workspace = {.in = in}};
    auto_side b = {.workspace = {.in = in}};
    if (!open_side(&a, in, first, err) ||
        !open_side(&b, in, in->operands[in->operand_count - 1], err)) {
        return false;
    }
    if (strcmp(a.workspace.environment->name, b.workspace.environment->name) == 0) {
        (void)bulla_error(err, BULLA_E_USAGE, "'%s' would be compared with itself",
                          a.workspace.environment->name);
        return bulla_error_hint(err, "name another environment: bulla diff ENV ENV");
    }
    if (as_json) {
        write_json(&a, &b);
        return true;
    }
    size_t count = 0;
    if (!write_table(&a, &b, &count, err)) {
        return false;
    }
    if (!compares_values(&a, &b)) {
        message_note(in, "without a key for both environments values are not compared");
    }
    if (count == 0) {
        message_note(in, "no difference between '%s' and '%s'", a.workspace.environment->name,
                     b.workspace.environment->name);
    }
    say_shared(&a, &b);
    return true;
}

static bool is_environment(const struct invocation *in, const char *name, bool *ret_is,
                           struct bulla_error *err)
{
    auto_workspace ws = {.in = in};
    if (!workspace_open(&ws, in, err)) {
        return false;
    }
    *ret_is = bulla_contract_find_environment(ws.contract, name) != NULL;
    return true;
}

static bool run(const struct invocation *in, struct bulla_error *err)
{
    const struct diff_opts *opts = in->opts;
    bool as_json = opts->format == formats[1];
    const char *operand = in->operands[0];
    bool is_one = in->operand_count > 1;
    if (!is_one && !is_environment(in, operand, &is_one, err)) {
        return false;
    }
    if (is_one) {
        return diff_environments(in, as_json, err);
    }
    bulla_auto_str from = NULL;
    bulla_auto_str to = NULL;
    if (strstr(operand, "..") != NULL) {
        return diff_revisions_split(operand, &from, &to, err) &&
               diff_revisions(in, from, to, as_json, err);
    }
    if (diff_revisions(in, operand, NULL, as_json, err)) {
        return true;
    }
    if (err->code != BULLA_E_USAGE && err->code != BULLA_E_MISSING) {
        return false;
    }
    /* Neither a commit nor an environment: what was meant is more likely the latter. */
    bulla_error_clear(err);
    return diff_environments(in, as_json, err);
}

static const struct example examples[] = {
    {"bulla diff staging prod", "before a release: what does prod lack?"},
    {"bulla diff prod", "the same from the default environment"},
    {"bulla diff HEAD~1..HEAD -e prod", "what the last commit changed: names, versions, who"},
    {"bulla diff origin/main", "what is here and not there"},
    {NULL, NULL},
};

const struct command cmd_diff = {
    .name = "diff",
    .summary = "show where two environments or commits differ",
    .description =
        "Lists the names that one of two environments has and the other lacks, whose kinds differ "
        "or whose values differ. With one ENV it is compared with the environment that -e, "
        "BULLA_ENV or the contract names. Values are compared where a key opens both, and never "
        "shown.\n\n"
        "Secrets that are the same in both environments are warned of: each should have its "
        "own.\n\n"
        "With REV..REV, two revisions of git, or one REV that is no environment, which is compared "
        "with the work tree: the names whose version in use is another one, with who set it when "
        "and why; the members whose rights or keys changed; the variables of bulla.ini that came, "
        "went or are of another kind. It is of one environment (-e), and takes no key. Records "
        "that the second state lacks are warned of: a vault only grows.",
    .group = GROUP_VALUES,
    .opts_size = sizeof(struct diff_opts),
    .options = options,
    .operands = {{.name = "ENV",
                  .min = 1,
                  .max = 2,
                  .help = "one or two environments, or REV..REV, or REV",
                  .complete = COMPLETE_QUERY,
                  .query = "environments"}},
    .examples = examples,
    .see_also = "list, history, log",
    .run = run,
};
