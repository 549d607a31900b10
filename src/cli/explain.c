#include "explain.h"

#include <stdio.h>
#include <string.h>

#include "bulla/shape.h"
#include "output.h"
#include "stack.h"
#include "usage.h"
#include "when.h"

#define LABEL_COLUMNS 15
#define MAX_PLACES 12

/* "  LABEL          " */
static void write_label(struct output *out, const char *label)
{
    output_text(out, "  ");
    output_styled(out, STYLE_STRONG, label);
    for (size_t len = output_columns(label); len < LABEL_COLUMNS; len++) {
        output_text(out, " ");
    }
}

static bool is_secret_role(enum bulla_role role)
{
    return role == BULLA_ROLE_GENERATED || role == BULLA_ROLE_PROVIDED;
}

static const char *describe_role(enum bulla_role role)
{
    switch (role) {
    case BULLA_ROLE_GENERATED:
        return "a secret that bulla makes";
    case BULLA_ROLE_DERIVED:
        return "computed from other variables, never stored";
    case BULLA_ROLE_PROVIDED:
        return "a secret that somebody has to give";
    case BULLA_ROLE_SETTING:
        break;
    }
    return "a setting, no secret";
}

/* True for what belongs into a vault, and somebody has written into the contract. */
static bool is_secret_saying(const struct bulla_variable *variable,
                             const struct bulla_saying *saying)
{
    bool is_secrets_own = is_secret_role(variable->role) && strcmp(saying->key, "default") == 0 &&
                          saying->value.text[0] != '\0';
    bool is_whole = variable->role == BULLA_ROLE_DERIVED && strcmp(saying->key, "value") == 0 &&
                    strstr(saying->value.text, "{{") == NULL;
    return is_secrets_own || bulla_secret_in_clear(is_whole ? variable->name : NULL,
                                                   bulla_bytes_of(saying->value.text)) != NULL;
}

/* Every line of the contract that counts for it, with its place. */
static void write_sayings(struct output *out, const struct workspace *ws, size_t index,
                          const struct bulla_variable *variable)
{
    struct bulla_saying saying;
    for (size_t i = 0;
         bulla_contract_saying(ws->contract, index, ws->environment->name, i, &saying); i++) {
        char label[64];
        (void)snprintf(label, sizeof label, "%s%s%s", saying.key,
                       saying.environment != NULL ? "@" : "",
                       saying.environment != NULL ? saying.environment : "");
        write_label(out, label);
        if (is_secret_saying(variable, &saying)) {
            output_styled(out, STYLE_WARNING, "a secret, which is not shown");
        } else {
            output_untrusted(out, saying.value.text);
        }
        char place[512];
        (void)snprintf(place, sizeof place, "  %s:%u:%u%s", ws->contract_path,
                       saying.value.pos.line, saying.value.pos.col,
                       saying.project ? ", of [bulla]" : "");
        output_styled(out, STYLE_FAINT, place);
        output_text(out, "\n");
    }
}

/* What holds although nothing says so. */
static void write_defaults(struct output *out, const struct bulla_variable *variable)
{
    bool is_secret = is_secret_role(variable->role);
    if (variable->kind.text == NULL) {
        write_label(out, "kind");
        output_text(out, "provided");
        output_styled(out, STYLE_FAINT, "  by default\n");
    }
    if (is_secret && variable->rotates && variable->rotate_seconds == 0) {
        write_label(out, "rotate");
        output_text(out, "no schedule");
        output_styled(out, STYLE_FAINT, "  by default\n");
    }
    if (is_secret && variable->rotates && variable->keep_previous_seconds == 0) {
        write_label(out, "keep-previous");
        output_text(out, "no: a new value replaces the old one at once");
        output_styled(out, STYLE_FAINT, "  by default\n");
    }
}

static void write_version(struct output *out, const struct bulla_variable *variable,
                          const struct bulla_version_info *current, int64_t now)
{
    char at[WHEN_BYTES];
    char span[WHEN_BYTES];
    int64_t due = bulla_rotation_due(variable, current);
    write_label(out, "version");
    output_printf(out, "%u, of %s, %s old", current->number, when_minute(current->at, at),
                  when_span(now > current->at ? now - current->at : 0, span));
    if (current->by != NULL) {
        output_text(out, ", by ");
        output_untrusted(out, current->by);
    }
    output_text(out, "\n");
    if (current->exposed) {
        write_label(out, "exposed");
        output_styled(out, STYLE_WARNING, "somebody outside may have it");
        output_text(out, "\n");
    }
    if (variable->rotate_seconds > 0 && bulla_rotation_is_by_name(variable)) {
        write_label(out, "turns");
        output_text(out, "by name: what it has sealed needs it\n");
    }
    if (due > 0) {
        write_label(out, due <= now ? "overdue" : "next turn");
        output_styled(out, due <= now ? STYLE_WARNING : STYLE_PLAIN, when_minute(due, at));
        output_printf(out, due <= now ? ", %s ago\n" : ", in %s\n",
                      when_span(due <= now ? now - due : due - now, span));
    }
}

static const char *describe_source(const struct bulla_value *value)
{
    switch (value->source) {
    case BULLA_FROM_VAULT:
        return value->variable.role == BULLA_ROLE_SETTING ? ", the vault overrides the contract"
                                                          : ", in the vault";
    case BULLA_FROM_DERIVED:
        return ", from its template";
    case BULLA_FROM_CONTRACT:
        return ", from the contract's default";
    case BULLA_FROM_PREVIOUS:
        return ", another variable's previous value";
    case BULLA_FROM_NOWHERE:
        break;
    }
    return "";
}

static void write_state(struct output *out, const struct stack *stack,
                        const struct bulla_value *value)
{
    const struct workspace *ws = &stack->workspace;
    struct bulla_secret_info secret;
    bool has_value = value->state == BULLA_VALUE_SET || value->state == BULLA_VALUE_SEALED;
    write_label(out, "state");
    output_styled(out, has_value ? STYLE_GOOD : STYLE_WARNING,
                  has_value ? "set" : bulla_value_state_name(value->state));
    if (has_value) {
        output_text(out, describe_source(value));
    } else if (value->because != NULL) {
        output_printf(out, ", because of %s", value->because);
    }
    output_text(out, "\n");
    if (ws->vault != NULL && value->source == BULLA_FROM_VAULT &&
        bulla_vault_find(ws->vault, value->variable.name, &secret) && secret.current != NULL) {
        write_version(out, &value->variable, secret.current, ws->now);
    }
}

static void write_place(struct output *out, const struct bulla_project_use *use, const char *root)
{
    output_untrusted(out, bulla_project_file_name(use->file, root));
    if (use->pos.line > 0) {
        output_printf(out, ":%u:%u", use->pos.line, use->pos.col);
    }
    if (use->service != NULL) {
        output_text(out, "  ");
        output_untrusted(out, use->service->name);
    }
    output_text(out, "\n");
}

static void write_usage(struct output *out, const struct stack *stack, const struct usage *usage)
{
    if (usage->count == 0) {
        write_label(out, "used");
        output_text(out, "by no compose file\n");
    }
    for (size_t i = 0; i < usage->count && i < MAX_PLACES; i++) {
        write_label(out, i == 0 ? "used" : "");
        write_place(out, &usage->uses[i], stack->root);
    }
    if (usage->count > MAX_PLACES) {
        write_label(out, "");
        output_printf(out, "and in %zu more places: bulla uses\n", usage->count - MAX_PLACES);
    }
}

static bool write_dependent(void *ctx, const char *name, struct bulla_error *err)
{
    (void)err;
    write_label(ctx, "makes");
    output_printf(ctx, "%s\n", name);
    return true;
}

/* A rendered file gives every name of the contract, and so says nothing of one that is not there.
 */
static void leave_rendered(struct usage *usage)
{
    size_t kept = 0;
    for (size_t i = 0; i < usage->count; i++) {
        const struct bulla_project_use *use = &usage->uses[i];
        if (use->read == NULL || !use->read->rendered ||
            (use->read->env_file != NULL && use->pos.line > 0)) {
            usage->uses[kept++] = *use;
        }
    }
    usage->count = kept;
}

static bool explain(const struct invocation *in, const struct stack *stack, const char *name,
                    struct bulla_error *err)
{
    struct output *out = in->out;
    const struct workspace *ws = &stack->workspace;
    const struct bulla_value *value =
        stack->values != NULL ? bulla_values_find(stack->values, name) : NULL;
    auto_usage usage = {0};
    if (!usage_collect(&usage, stack->project, name, err)) {
        return false;
    }
    if (value == NULL) {
        leave_rendered(&usage);
    }
    if (value == NULL && usage.count == 0) {
        return usage_refuse_unknown(stack->project, stack->values, name, err);
    }
    output_styled(out, STYLE_STRONG, name);
    if (value == NULL) {
        output_text(out, stack->values != NULL ? ": not in the contract\n" : "\n");
        write_usage(out, stack, &usage);
        return true;
    }
    size_t index = 0;
    output_printf(out, ": %s; environment %s\n", describe_role(value->variable.role),
                  ws->environment->name);
    if (bulla_contract_find_variable(ws->contract, name, &index)) {
        write_sayings(out, ws, index, &value->variable);
        write_defaults(out, &value->variable);
    }
    write_state(out, stack, value);
    if (!bulla_values_dependents(stack->values, name, write_dependent, out, err)) {
        return false;
    }
    write_usage(out, stack, &usage);
    return true;
}

bool explain_variable(const struct invocation *in, const char *name, struct bulla_error *err)
{
    auto_stack stack = {0};
    const struct stack_options values = {.depth = STACK_VALUES};
    return stack_open(&stack, in, &values, err) && explain(in, &stack, name, err);
}
