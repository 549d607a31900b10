#include "uses_graph.h"

#include <string.h>

#include "bulla/mem.h"
#include "bulla/text.h"

/* What the languages differ in. %s and %zu are filled by the writers below. */
struct language {
    const char *begin, *end;
    void (*write_node)(struct output *out, const char *id, size_t number, const char *label,
                       bool is_service, bool is_strong);
    void (*write_edge)(struct output *out, const char *from, size_t from_number, const char *to,
                       size_t to_number, const char *label, bool is_dashed);
};

/* A string in double quotes: those and backslashes are escaped, all else is text. */
static void write_dot_string(struct output *out, const char *text)
{
    output_text(out, "\"");
    for (; *text != '\0'; text++) {
        output_text(out, *text == '"' || *text == '\\' ? "\\" : "");
        output_bytes(out, bulla_bytes(text, 1));
    }
    output_text(out, "\"");
}

static void write_dot_node(struct output *out, const char *id, size_t number, const char *label,
                           bool is_service, bool is_strong)
{
    output_printf(out, "  %s%zu [label=", id, number);
    write_dot_string(out, label);
    output_printf(out, ", shape=%s%s];\n", is_service ? "box" : "ellipse",
                  is_strong ? ", penwidth=2" : "");
}

static void write_dot_edge(struct output *out, const char *from, size_t from_number, const char *to,
                           size_t to_number, const char *label, bool is_dashed)
{
    output_printf(out, "  %s%zu -> %s%zu [label=", from, from_number, to, to_number);
    write_dot_string(out, label);
    output_printf(out, "%s];\n", is_dashed ? ", style=dashed" : "");
}

/* Mermaid reads Markdown and entities in a label: what is no letter or digit becomes an entity. */
static void write_mermaid_string(struct output *out, const char *text)
{
    output_text(out, "\"");
    for (; *text != '\0'; text++) {
        unsigned c = (uint8_t)*text;
        bool is_plain = c >= 0x80 || strchr(" _-./", *text) != NULL || (c >= '0' && c <= '9') ||
                        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (is_plain) {
            output_bytes(out, bulla_bytes(text, 1));
        } else {
            output_printf(out, "#%u;", c);
        }
    }
    output_text(out, "\"");
}

static void write_mermaid_node(struct output *out, const char *id, size_t number, const char *label,
                               bool is_service, bool is_strong)
{
    output_printf(out, "  %s%zu%s", id, number, is_service ? "[" : "([");
    write_mermaid_string(out, label);
    output_text(out, is_service ? "]\n" : "])\n");
    if (is_strong) {
        output_printf(out, "  style %s%zu stroke-width:3px\n", id, number);
    }
}

static void write_mermaid_edge(struct output *out, const char *from, size_t from_number,
                               const char *to, size_t to_number, const char *label, bool is_dashed)
{
    output_printf(out, "  %s%zu %s|", from, from_number, is_dashed ? "-.->" : "-->");
    write_mermaid_string(out, label);
    output_printf(out, "| %s%zu\n", to, to_number);
}

static const struct language languages[] = {
    [USES_GRAPH_DOT] = {"digraph bulla {\n  rankdir=LR;\n", "}\n", write_dot_node, write_dot_edge},
    [USES_GRAPH_MERMAID] = {"flowchart LR\n", "", write_mermaid_node, write_mermaid_edge},
};

/* The nodes that are written already; a node's number is its place here. */
struct nodes {
    const void **items; /* a name, or a service */
    size_t count;
    size_t cap;
};

struct graph {
    struct output *out;
    const struct language *language;
    const struct usage_map *map;
    struct nodes variables;
    struct nodes services; /* NULL among them: a use that reaches none */
    const char *from;      /* the variable whose dependents are told */
};

static bool find(const struct nodes *nodes, const void *item, size_t *ret_number)
{
    for (size_t i = 0; i < nodes->count; i++) {
        if (nodes->items[i] == item) {
            *ret_number = i;
            return true;
        }
    }
    return false;
}

static bool add(struct nodes *nodes, const void *item, size_t *ret_number, struct bulla_error *err)
{
    if (!bulla_grow(&nodes->items, &nodes->cap, nodes->count + 1, sizeof *nodes->items, err)) {
        return false;
    }
    *ret_number = nodes->count;
    nodes->items[nodes->count++] = item;
    return true;
}

static bool write_node(struct graph *graph, const char *id, size_t number, const char *label,
                       bool is_service, bool is_strong, struct bulla_error *err)
{
    bulla_auto_str text = bulla_strdup(label, err);
    if (text == NULL) {
        return false;
    }
    bulla_text_sanitize(text);
    graph->language->write_node(graph->out, id, number, text, is_service, is_strong);
    return true;
}

/* The number of the variable NAME, whose node is written when it is first met. */
static bool variable_node(struct graph *graph, const char *name, size_t *ret_number,
                          struct bulla_error *err)
{
    for (size_t i = 0; i < graph->variables.count; i++) {
        if (strcmp(graph->variables.items[i], name) == 0) {
            *ret_number = i;
            return true;
        }
    }
    return add(&graph->variables, name, ret_number, err) &&
           write_node(graph, "v", *ret_number, name, false, usage_is_secret(graph->map, name), err);
}

static bool service_node(struct graph *graph, const struct bulla_project_service *service,
                         size_t *ret_number, struct bulla_error *err)
{
    if (find(&graph->services, service, ret_number)) {
        return true;
    }
    return add(&graph->services, service, ret_number, err) &&
           write_node(graph, "s", *ret_number, service != NULL ? service->name : "(no service)",
                      true, false, err);
}

/* True where an earlier use of the slice makes the same edge. */
static bool is_drawn(const struct graph *graph, const struct usage_slice *slice, size_t index)
{
    const struct usage_row *row = &slice->rows[index];
    for (size_t i = 0; i < index; i++) {
        if (slice->rows[i].use.service == row->use.service &&
            strcmp(usage_row_kind(graph->map, &slice->rows[i]), usage_row_kind(graph->map, row)) ==
                0) {
            return true;
        }
    }
    return false;
}

static bool draw_uses(struct graph *graph, const struct usage_slice *slice, struct bulla_error *err)
{
    size_t from = 0;
    if (!variable_node(graph, slice->name, &from, err)) {
        return false;
    }
    for (size_t i = 0; i < slice->count; i++) {
        const struct usage_row *row = &slice->rows[i];
        size_t to = 0;
        if (is_drawn(graph, slice, i)) {
            continue;
        }
        if (!service_node(graph, row->use.service, &to, err)) {
            return false;
        }
        bool is_dashed = row->is_unreferenced && usage_is_secret(graph->map, slice->name);
        graph->language->write_edge(graph->out, "v", from, "s", to, usage_row_kind(graph->map, row),
                                    is_dashed);
    }
    return true;
}

static bool draw_dependent(void *ctx, const char *name, struct bulla_error *err)
{
    struct graph *graph = ctx;
    size_t from = 0;
    size_t to = 0;
    if (!variable_node(graph, graph->from, &from, err) || !variable_node(graph, name, &to, err)) {
        return false;
    }
    graph->language->write_edge(graph->out, "v", from, "v", to, "makes", false);
    return true;
}

static bool draw_dependents(struct graph *graph, const char *name, struct bulla_error *err)
{
    const struct bulla_values *values = graph->map->values;
    graph->from = name;
    return values == NULL || bulla_values_find(values, name) == NULL ||
           bulla_values_dependents(values, name, draw_dependent, graph, err);
}

static bool draw_variable(void *ctx, const struct usage_slice *slice, struct bulla_error *err)
{
    struct graph *graph = ctx;
    return draw_uses(graph, slice, err) && draw_dependents(graph, slice->name, err);
}

/* NAME, and the uses of what is made from it. */
static bool draw_part(struct graph *graph, const char *name, struct bulla_error *err)
{
    const struct usage_slice slice = usage_map_find(graph->map, name);
    if (!draw_variable(graph, &slice, err)) {
        return false;
    }
    for (size_t i = 1; i < graph->variables.count; i++) {
        const struct usage_slice further = usage_map_find(graph->map, graph->variables.items[i]);
        if (!draw_uses(graph, &further, err)) {
            return false;
        }
    }
    return true;
}

bool uses_graph_write(struct output *out, enum uses_graph_language language,
                      const struct usage_map *map, const char *name, struct bulla_error *err)
{
    struct graph graph = {.out = out, .language = &languages[language], .map = map};
    output_text(out, graph.language->begin);
    bool ok = name != NULL ? draw_part(&graph, name, err)
                           : usage_map_each(map, draw_variable, &graph, err);
    output_text(out, graph.language->end);
    bulla_free(graph.variables.items);
    bulla_free(graph.services.items);
    return ok;
}
