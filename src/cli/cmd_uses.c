/* `bulla uses`: which services and lines use a variable. */
#include <stdio.h>
#include <string.h>

#include "output.h"
#include "stack.h"
#include "usage.h"

struct uses_opts {
    const char *format;
};

static const char *const formats[] = {"human", "json", NULL};

static const struct opt options[] = {
    CHOICE(struct uses_opts, format, '\0', "format", "FORMAT", formats, "how to print it"),
    OPTIONS_END,
};

/* Names of derived variables; borrowed from the values. */
struct names {
    const char **items;
    size_t count;
    size_t cap;
};

static bool add_name(void *ctx, const char *name, struct bulla_error *err)
{
    struct names *names = ctx;
    if (!bulla_grow(&names->items, &names->cap, names->count + 1, sizeof *names->items, err)) {
        return false;
    }
    names->items[names->count++] = name;
    return true;
}

/* The last word of "services.api.environment.DATABASE_URL": what the value goes to. */
static const char *use_detail(const struct bulla_project_use *use)
{
    return use->ref != NULL ? use->ref->path : use->env_file->path;
}

static void format_place(const struct bulla_project_use *use, const char *root, char *out,
                         size_t cap)
{
    const char *file = usage_file_name(use->file, root);
    if (use->pos.line == 0) {
        (void)snprintf(out, cap, "%s", file);
    } else {
        (void)snprintf(out, cap, "%s:%u:%u", file, use->pos.line, use->pos.col);
    }
}

static bool write_table(const struct invocation *in, const struct stack *stack,
                        const struct usage *usage, struct bulla_error *err)
{
    static const char *const headings[] = {"PLACE", "SERVICE", "HOW", "WHERE"};
    auto_table table;
    table_init(&table, in->out, headings, 4);
    for (size_t i = 0; i < usage->count; i++) {
        const struct bulla_project_use *use = &usage->uses[i];
        char place[512];
        format_place(use, stack->root, place, sizeof place);
        table_cell(&table, place);
        table_styled(&table, use->service != NULL ? STYLE_STRONG : STYLE_FAINT,
                     use->service != NULL ? use->service->name : NULL);
        table_cell(&table, usage_kind_name(use->kind));
        table_cell(&table, use_detail(use));
    }
    return table_write(&table, err);
}

static bool write_human(const struct invocation *in, const struct stack *stack, const char *name,
                        const struct usage *usage, const struct names *derived,
                        struct bulla_error *err)
{
    if (usage->count == 0) {
        output_text(in->out, "no compose file uses ");
        output_untrusted(in->out, name);
        output_text(in->out, "\n");
    } else if (!write_table(in, stack, usage, err)) {
        return false;
    }
    for (size_t i = 0; i < derived->count; i++) {
        auto_usage further = {0};
        if (!usage_collect(&further, stack->project, derived->items[i], err)) {
            return false;
        }
        output_printf(in->out, "\n%s is made from it:\n", derived->items[i]);
        if (further.count == 0) {
            output_text(in->out, "no compose file uses it\n");
        } else if (!write_table(in, stack, &further, err)) {
            return false;
        }
    }
    return true;
}

static void write_json_uses(struct json *json, const struct stack *stack, const struct usage *usage)
{
    json_key(json, "uses");
    json_begin_array(json);
    for (size_t i = 0; i < usage->count; i++) {
        const struct bulla_project_use *use = &usage->uses[i];
        json_begin_object(json);
        json_member(json, "file", usage_file_name(use->file, stack->root));
        if (use->pos.line > 0) {
            json_member_number(json, "line", use->pos.line);
            json_member_number(json, "column", use->pos.col);
        }
        json_member(json, "service", use->service != NULL ? use->service->name : NULL);
        json_member(json, "how", usage_kind_name(use->kind));
        json_member(json, "where", use_detail(use));
        json_end_object(json);
    }
    json_end_array(json);
}

static bool write_json(const struct invocation *in, const struct stack *stack, const char *name,
                       const struct usage *usage, const struct names *derived,
                       struct bulla_error *err)
{
    struct json json;
    json_init(&json, in->out);
    json_begin_object(&json);
    json_member_number(&json, "version", 1);
    json_member(&json, "name", name);
    write_json_uses(&json, stack, usage);
    json_key(&json, "derived");
    json_begin_array(&json);
    for (size_t i = 0; i < derived->count; i++) {
        auto_usage further = {0};
        if (!usage_collect(&further, stack->project, derived->items[i], err)) {
            return false;
        }
        json_begin_object(&json);
        json_member(&json, "name", derived->items[i]);
        write_json_uses(&json, stack, &further);
        json_end_object(&json);
    }
    json_end_array(&json);
    json_end_object(&json);
    return true;
}

static bool is_known(const struct stack *stack, const char *name)
{
    return stack->values != NULL && bulla_values_find(stack->values, name) != NULL;
}

static bool list(const struct invocation *in, const struct stack *stack, const char *name,
                 struct bulla_error *err)
{
    const struct uses_opts *opts = in->opts;
    auto_usage usage = {0};
    struct names derived = {0};
    if (!usage_collect(&usage, stack->project, name, err)) {
        return false;
    }
    if (usage.count == 0 && !is_known(stack, name)) {
        return usage_refuse_unknown(stack->project, stack->values, name, err);
    }
    bool ok = !is_known(stack, name) ||
              bulla_values_dependents(stack->values, name, add_name, &derived, err);
    ok = ok &&
         (strcmp(opts->format, "json") == 0 ? write_json(in, stack, name, &usage, &derived, err)
                                            : write_human(in, stack, name, &usage, &derived, err));
    bulla_free(derived.items);
    return ok;
}

static bool run(const struct invocation *in, struct bulla_error *err)
{
    auto_stack stack = {0};
    const struct stack_options names = {.depth = STACK_NAMES};
    return stack_open(&stack, in, &names, err) && list(in, &stack, in->operands[0], err);
}

static const struct example examples[] = {
    {"bulla uses POSTGRES_PASSWORD", "what a new value touches"},
    {"bulla uses JWT_SECRET --format json", "for programs"},
    {NULL, NULL},
};

const struct command cmd_uses = {
    .name = "uses",
    .summary = "list the services and lines that use a variable",
    .description =
        "Lists every place of the compose files and env files that uses the variable, with the "
        "service it reaches: what a new value touches and what has to be recreated. Variables "
        "that are derived from it follow with their own places.\n\n"
        "The vault is not opened.",
    .group = GROUP_PROVE,
    .opts_size = sizeof(struct uses_opts),
    .options = options,
    .operands = {{.name = "NAME",
                  .min = 1,
                  .max = 1,
                  .help = "a variable",
                  .complete = COMPLETE_QUERY,
                  .query = "variables"}},
    .examples = examples,
    .see_also = "explain, check",
    .without = GLOBAL_IDENTITY | GLOBAL_ROOT | GLOBAL_LOCKED,
    .run = run,
};
