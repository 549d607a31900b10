/* `bulla uses`: which services and lines use a variable. */
#include <stdio.h>
#include <string.h>

#include "output.h"
#include "stack.h"
#include "usage.h"
#include "usage_map.h"
#include "uses_graph.h"

struct uses_opts {
    const char *format;
};

static const char *const formats[] = {"human", "json", "dot", "mermaid", NULL};

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

/*
 * "services.api.environment.DATABASE_URL"; or the file that is read, named as places are: from the
 * root, or as Compose's files are where there is none.
 */
static const char *use_detail(const struct bulla_project_use *use, const struct stack *stack)
{
    if (use->ref != NULL) {
        return use->ref->path;
    }
    const char *path = use->read->path;
    size_t len = stack->root != NULL ? strlen(stack->root) : 0;
    if (strcmp(path, use->file->path) == 0) {
        return bulla_project_file_name(use->file, stack->root);
    }
    return len > 0 && strncmp(path, stack->root, len) == 0 && path[len] == '/' ? path + len + 1
                                                                               : path;
}

/* The same as one would name it from here. */
static void format_detail(const struct bulla_project_use *use, const struct stack *stack, char *out,
                          size_t cap)
{
    const char *detail = use_detail(use, stack);
    if (use->ref != NULL) {
        (void)snprintf(out, cap, "%s", detail);
    } else {
        stack_format_path(stack->up, detail, out, cap);
    }
}

static void format_place(const struct bulla_project_use *use, const struct stack *stack, char *out,
                         size_t cap)
{
    stack_format_path(stack->up, bulla_project_file_name(use->file, stack->root), out, cap);
    size_t len = strlen(out);
    if (use->pos.line > 0) {
        (void)snprintf(out + len, cap - len, ":%u:%u", use->pos.line, use->pos.col);
    }
}

/* One run: what is shown, and of what. */
struct showing {
    const struct invocation *in;
    const struct stack *stack;
    struct usage_map map;
    struct table *table; /* of the whole map */
    struct json *json;
};

static void write_service(struct table *table, const struct bulla_project_use *use)
{
    table_styled(table, use->service != NULL ? STYLE_STRONG : STYLE_FAINT,
                 use->service != NULL ? use->service->name : NULL);
}

static void write_how(struct table *table, const struct showing *showing,
                      const struct usage_row *row)
{
    bool is_only_received = row->is_unreferenced && usage_is_secret(&showing->map, row->name);
    table_styled(table, is_only_received ? STYLE_WARNING : STYLE_PLAIN,
                 usage_row_kind(&showing->map, row));
}

static bool write_table(const struct showing *showing, const struct usage_slice *slice,
                        struct bulla_error *err)
{
    static const char *const headings[] = {"PLACE", "SERVICE", "HOW", "WHERE"};
    auto_table table;
    table_init(&table, showing->in->out, headings, 4);
    for (size_t i = 0; i < slice->count; i++) {
        const struct usage_row *row = &slice->rows[i];
        char place[512];
        format_place(&row->use, showing->stack, place, sizeof place);
        table_cell(&table, place);
        write_service(&table, &row->use);
        write_how(&table, showing, row);
        char detail[512];
        format_detail(&row->use, showing->stack, detail, sizeof detail);
        table_cell(&table, detail);
    }
    return table_write(&table, err);
}

/* The variables that are derived from NAME. */
static bool find_derived(const struct showing *showing, const char *name, struct names *derived,
                         struct bulla_error *err)
{
    const struct bulla_values *values = showing->map.values;
    return values == NULL || bulla_values_find(values, name) == NULL ||
           bulla_values_dependents(values, name, add_name, derived, err);
}

static bool write_human(const struct showing *showing, const char *name,
                        const struct names *derived, struct bulla_error *err)
{
    struct output *out = showing->in->out;
    const struct usage_slice slice = usage_map_find(&showing->map, name);
    if (slice.count == 0) {
        output_text(out, "no compose file uses ");
        output_untrusted(out, name);
        output_text(out, "\n");
    } else if (!write_table(showing, &slice, err)) {
        return false;
    }
    for (size_t i = 0; i < derived->count; i++) {
        const struct usage_slice further = usage_map_find(&showing->map, derived->items[i]);
        output_printf(out, "\n%s is made from it:\n", derived->items[i]);
        if (further.count == 0) {
            output_text(out, "no compose file uses it\n");
        } else if (!write_table(showing, &further, err)) {
            return false;
        }
    }
    return true;
}

static void write_json_uses(const struct showing *showing, const struct usage_slice *slice)
{
    struct json *json = showing->json;
    json_member_array(json, "uses");
    for (size_t i = 0; i < slice->count; i++) {
        const struct bulla_project_use *use = &slice->rows[i].use;
        json_begin_object(json);
        json_member(json, "file", bulla_project_file_name(use->file, showing->stack->root));
        if (use->pos.line > 0) {
            json_member_number(json, "line", use->pos.line);
            json_member_number(json, "column", use->pos.col);
        }
        json_member(json, "service", use->service != NULL ? use->service->name : NULL);
        json_member(json, "how", usage_kind_name(use->kind));
        if (use->kind == BULLA_USE_ENV_FILE) {
            json_member_bool(json, "referenced", !slice->rows[i].is_unreferenced);
        }
        json_member(json, "where", use_detail(use, showing->stack));
        json_end_object(json);
    }
    json_end_array(json);
}

static void write_json_secret(const struct showing *showing, const char *name)
{
    json_member_bool(showing->json, "secret", usage_is_secret(&showing->map, name));
}

static void write_json(const struct showing *showing, const char *name, const struct names *derived)
{
    struct json *json = showing->json;
    const struct usage_slice slice = usage_map_find(&showing->map, name);
    json_begin_document(json, showing->in->out);
    json_member(json, "name", name);
    write_json_secret(showing, name);
    write_json_uses(showing, &slice);
    json_member_array(json, "derived");
    for (size_t i = 0; i < derived->count; i++) {
        const struct usage_slice further = usage_map_find(&showing->map, derived->items[i]);
        json_begin_object(json);
        json_member(json, "name", derived->items[i]);
        write_json_uses(showing, &further);
        json_end_object(json);
    }
    json_end_array(json);
    json_end_object(json);
}

/* The rows of one variable in the table of the whole map. */
static bool add_rows(void *ctx, const struct usage_slice *slice, struct bulla_error *err)
{
    const struct showing *showing = ctx;
    struct table *table = showing->table;
    (void)err;
    for (size_t i = 0; i < slice->count; i++) {
        const struct usage_row *row = &slice->rows[i];
        char place[512];
        format_place(&row->use, showing->stack, place, sizeof place);
        table_cell(table, slice->name);
        write_service(table, &row->use);
        write_how(table, showing, row);
        table_cell(table, place);
    }
    if (slice->count == 0) {
        table_cell(table, slice->name);
        table_styled(table, STYLE_FAINT, NULL);
        table_styled(table, STYLE_FAINT, "not used");
        table_cell(table, NULL);
    }
    return true;
}

static bool add_json(void *ctx, const struct usage_slice *slice, struct bulla_error *err)
{
    const struct showing *showing = ctx;
    struct names derived = {0};
    bool ok = find_derived(showing, slice->name, &derived, err);
    json_begin_object(showing->json);
    json_member(showing->json, "name", slice->name);
    write_json_secret(showing, slice->name);
    write_json_uses(showing, slice);
    json_member_array(showing->json, "derived");
    for (size_t i = 0; i < derived.count; i++) {
        json_string(showing->json, derived.items[i]);
    }
    json_end_array(showing->json);
    json_end_object(showing->json);
    bulla_free(derived.items);
    return ok;
}

static bool show_all(struct showing *showing, bool is_json, struct bulla_error *err)
{
    static const char *const headings[] = {"NAME", "SERVICE", "HOW", "PLACE"};
    if (is_json) {
        json_begin_document(showing->json, showing->in->out);
        json_member_array(showing->json, "variables");
        bool ok = usage_map_each(&showing->map, add_json, showing, err);
        json_end_array(showing->json);
        json_end_object(showing->json);
        return ok;
    }
    if (showing->map.count == 0 && showing->map.values == NULL) {
        output_text(showing->in->out, "no compose file uses a variable\n");
        return true;
    }
    auto_table table;
    table_init(&table, showing->in->out, headings, 4);
    showing->table = &table;
    return usage_map_each(&showing->map, add_rows, showing, err) && table_write(&table, err);
}

static bool show_one(struct showing *showing, const char *name, bool is_json,
                     struct bulla_error *err)
{
    struct names derived = {0};
    bool ok = find_derived(showing, name, &derived, err);
    if (ok && is_json) {
        write_json(showing, name, &derived);
    } else if (ok) {
        ok = write_human(showing, name, &derived, err);
    }
    bulla_free(derived.items);
    return ok;
}

static bool show(struct showing *showing, const char *name, struct bulla_error *err)
{
    const struct uses_opts *opts = showing->in->opts;
    const struct stack *stack = showing->stack;
    bool is_json = strcmp(opts->format, "json") == 0;
    struct json json;
    showing->json = &json;
    if (!usage_map_collect(&showing->map, stack->project, stack->values, err)) {
        return false;
    }
    bool is_known = name == NULL || usage_map_find(&showing->map, name).count > 0 ||
                    (stack->values != NULL && bulla_values_find(stack->values, name) != NULL);
    if (!is_known) {
        return usage_refuse_unknown(stack->project, stack->values, name, err);
    }
    if (strcmp(opts->format, "dot") == 0 || strcmp(opts->format, "mermaid") == 0) {
        return uses_graph_write(showing->in->out,
                                opts->format[0] == 'd' ? USES_GRAPH_DOT : USES_GRAPH_MERMAID,
                                &showing->map, name, err);
    }
    return name != NULL ? show_one(showing, name, is_json, err) : show_all(showing, is_json, err);
}

static bool run(const struct invocation *in, struct bulla_error *err)
{
    auto_stack stack = {0};
    const struct stack_options names = {.depth = STACK_NAMES};
    struct showing showing = {.in = in, .stack = &stack};
    bool ok = stack_open(&stack, in, &names, err) && show(&showing, invocation_operand(in, 0), err);
    usage_map_release(&showing.map);
    return ok;
}

static const struct example examples[] = {
    {"bulla uses POSTGRES_PASSWORD", "what a new value touches"},
    {"bulla uses", "the whole map: every variable and who has it"},
    {"bulla uses JWT_SECRET --format json", "for programs"},
    {"bulla uses --format dot > map.dot", "a drawing, for Graphviz"},
    {NULL, NULL},
};

const struct command cmd_uses = {
    .name = "uses",
    .summary = "list the services and lines that use variables",
    .description =
        "Lists every place of the compose files and env files that uses the variable, with the "
        "service it reaches: what a new value touches and what has to be recreated. Variables "
        "that are derived from it follow with their own places. Without a name it lists all "
        "variables.\n\n"
        "'env-file only' is a secret that a service has from its env_file and that nothing in the "
        "service names: it is in the container's environment, needed or not. 'file' is a service "
        "that is given the rendered file itself, as a bind mount, secret or config.\n\n"
        "dot draws the map in Graphviz's language, mermaid in Mermaid's; a dashed line is such a "
        "secret.\n\n"
        "The vault is not opened.",
    .group = GROUP_PROVE,
    .opts_size = sizeof(struct uses_opts),
    .options = options,
    .operands = {{.name = "NAME",
                  .min = 0,
                  .max = 1,
                  .help = "a variable; all of them where it is left out",
                  .complete = COMPLETE_QUERY,
                  .query = "variables"}},
    .examples = examples,
    .see_also = "explain, check",
    .without = GLOBAL_IDENTITY | GLOBAL_ROOT | GLOBAL_LOCKED,
    .run = run,
};
