#include "yaml/parse_parts.h"

#include <string.h>
#include <yaml.h>

#include "base/text.h"
#include "bulla/limits.h"

#include "base/banned.h"

/* One collection that is still open. */
struct level {
    struct yaml_node *node;
    struct yaml_node *last; /* the latest item, or key */
    bool wants_value;       /* the latest key has none yet */
    uint32_t weight;        /* the node gets them when it ends */
    uint8_t height;
};

struct builder {
    struct yaml_source *source;
    struct pool *pool;
    yaml_parser_t parser;
    struct yaml_document **documents_end;
    struct anchors anchors;
    struct level levels[BULLA_MAX_YAML_DEPTH + 1];
    unsigned depth;
    struct yaml_node *root; /* of the document that is open */
    uint32_t total;         /* nodes so far, aliases followed */
    struct marks marks;
};

static void release_event(yaml_event_t *event)
{
    yaml_event_delete(event);
}

/* The first line that git put around the sides of a conflict; the text's length: there is none. */
static size_t find_conflict_marker(struct bulla_bytes text)
{
    for (size_t at = 0; at < text.len;) {
        struct bulla_bytes rest = bulla_bytes_slice(text, at, text.len);
        if (text_is_conflict_marker(rest)) {
            return at;
        }
        const uint8_t *lf = memchr(rest.data, '\n', rest.len);
        at = lf != NULL ? (size_t)(lf - text.data) + 1 : text.len;
    }
    return text.len;
}

static bool fail_parser(struct builder *b, struct bulla_error *err)
{
    const yaml_parser_t *parser = &b->parser;
    if (parser->error == YAML_MEMORY_ERROR) {
        return bulla_error_nomem(err);
    }
    size_t offset = parser->error == YAML_READER_ERROR
                        ? parser->problem_offset
                        : marks_offset(&b->marks, parser->problem_mark.index);
    const char *problem = parser->problem != NULL ? parser->problem : "not YAML";
    size_t marker = find_conflict_marker(b->source->text);
    if (marker < b->source->text.len && marker <= offset) {
        (void)bulla_error_at(err, BULLA_E_SYNTAX, b->source->file,
                             yaml_source_pos(b->source, marker),
                             "not YAML: a conflict marker of git");
        return bulla_error_hint(err, "%s", TEXT_CONFLICT_HINT);
    }
    struct bulla_pos pos = yaml_source_pos(b->source, offset);
    if (parser->context != NULL) {
        return bulla_error_at(err, BULLA_E_SYNTAX, b->source->file, pos, "not YAML: %s, %s",
                              parser->context, problem);
    }
    return bulla_error_at(err, BULLA_E_SYNTAX, b->source->file, pos, "not YAML: %s", problem);
}

static bool fail_at(struct builder *b, const struct yaml_node *node, enum bulla_code code,
                    const char *message, const char *name, struct bulla_error *err)
{
    if (name != NULL) {
        return bulla_error_at(err, code, b->source->file, node->pos, "%s '%s'", message, name);
    }
    return bulla_error_at(err, code, b->source->file, node->pos, "%s", message);
}

static bool count_nodes(struct builder *b, const struct yaml_node *node, struct bulla_error *err)
{
    uint32_t weight = node->kind == YAML_ALIAS ? node->target->weight : 1;
    if (weight > BULLA_MAX_YAML_NODES - b->total) {
        return bulla_error_at(err, BULLA_E_LIMIT, b->source->file, node->pos,
                              "more than %d YAML nodes, aliases included", BULLA_MAX_YAML_NODES);
    }
    b->total += weight;
    return true;
}

/* What a finished child adds to the collection around it. */
static void add_size(struct builder *b, const struct yaml_node *child)
{
    const struct yaml_node *node = yaml_resolve(child);
    if (b->depth == 0) {
        return;
    }
    struct level *level = &b->levels[b->depth - 1];
    level->weight += node->weight;
    if (node->height + 1 > level->height) {
        level->height = (uint8_t)(node->height + 1);
    }
}

static void attach(struct builder *b, struct yaml_node *node)
{
    if (b->depth == 0) {
        b->root = node;
        return;
    }
    struct level *level = &b->levels[b->depth - 1];
    struct yaml_node *parent = level->node;
    if (level->wants_value) {
        level->last->value = node;
        level->wants_value = false;
        return;
    }
    if (level->last == NULL) {
        parent->first = node;
    } else {
        level->last->next = node;
    }
    level->last = node;
    level->wants_value = parent->kind == YAML_MAPPING;
    parent->count++;
}

/* A node for EVENT with its places and properties, attached to where it belongs. */
static struct yaml_node *add_node(struct builder *b, const yaml_event_t *event, enum yaml_kind kind,
                                  const yaml_char_t *tag, const yaml_char_t *anchor,
                                  struct bulla_error *err)
{
    struct yaml_node *node = pool_alloc(b->pool, sizeof *node, err);
    if (node == NULL) {
        return NULL;
    }
    size_t start = marks_offset(&b->marks, event->start_mark.index);
    node->kind = kind;
    node->end = marks_offset(&b->marks, event->end_mark.index);
    node->start = skip_properties(b->source->text, start, node->end);
    node->pos = yaml_source_pos(b->source, node->start);
    node->flow = b->depth > 0 && b->levels[b->depth - 1].node->flow;
    if (tag != NULL) {
        node->tag = pool_strdup(b->pool, (const char *)tag, err);
        if (node->tag == NULL) {
            return NULL;
        }
    }
    if (anchor != NULL) {
        node->anchor = pool_strdup(b->pool, (const char *)anchor, err);
        if (node->anchor == NULL ||
            (kind != YAML_ALIAS && !anchors_set(&b->anchors, b->pool, node, err))) {
            return NULL;
        }
    }
    return node;
}

static bool add_scalar(struct builder *b, const yaml_event_t *event, struct bulla_error *err)
{
    struct yaml_node *node =
        add_node(b, event, YAML_SCALAR, event->data.scalar.tag, event->data.scalar.anchor, err);
    if (node == NULL) {
        return false;
    }
    switch (event->data.scalar.style) {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE:
        node->style = YAML_SINGLE;
        break;
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE:
        node->style = YAML_DOUBLE;
        break;
    case YAML_LITERAL_SCALAR_STYLE:
        node->style = YAML_LITERAL;
        break;
    case YAML_FOLDED_SCALAR_STYLE:
        node->style = YAML_FOLDED;
        break;
    case YAML_PLAIN_SCALAR_STYLE:
    case YAML_ANY_SCALAR_STYLE:
    default:
        node->style = YAML_PLAIN;
        break;
    }
    node->weight = 1;
    node->len = event->data.scalar.length;
    node->text = pool_strndup(b->pool, event->data.scalar.value, node->len, err);
    if (node->text == NULL || !count_nodes(b, node, err)) {
        return false;
    }
    attach(b, node);
    add_size(b, node);
    return true;
}

static bool add_alias(struct builder *b, const yaml_event_t *event, struct bulla_error *err)
{
    struct yaml_node *node = add_node(b, event, YAML_ALIAS, NULL, event->data.alias.anchor, err);
    if (node == NULL) {
        return false;
    }
    struct yaml_node *target = anchors_find(&b->anchors, node->anchor);
    if (target == NULL) {
        return fail_at(b, node, BULLA_E_SYNTAX, "no anchor has the name", node->anchor, err);
    }
    /* A collection gets its weight when it ends. */
    if (target->weight == 0) {
        return fail_at(b, node, BULLA_E_SYNTAX, "an alias inside its own anchor", node->anchor,
                       err);
    }
    node->target = target;
    if (b->depth + node->target->height > BULLA_MAX_YAML_DEPTH) {
        return bulla_error_at(err, BULLA_E_LIMIT, b->source->file, node->pos,
                              "nested deeper than %d levels", BULLA_MAX_YAML_DEPTH);
    }
    if (!count_nodes(b, node, err)) {
        return false;
    }
    attach(b, node);
    add_size(b, node);
    return true;
}

static bool open_level(struct builder *b, const yaml_event_t *event, struct bulla_error *err)
{
    bool mapping = event->type == YAML_MAPPING_START_EVENT;
    struct yaml_node *node = mapping
                                 ? add_node(b, event, YAML_MAPPING, event->data.mapping_start.tag,
                                            event->data.mapping_start.anchor, err)
                                 : add_node(b, event, YAML_SEQUENCE, event->data.sequence_start.tag,
                                            event->data.sequence_start.anchor, err);
    if (node == NULL || !count_nodes(b, node, err)) {
        return false;
    }
    if (b->depth == BULLA_MAX_YAML_DEPTH) {
        return bulla_error_at(err, BULLA_E_LIMIT, b->source->file, node->pos,
                              "nested deeper than %d levels", BULLA_MAX_YAML_DEPTH);
    }
    node->flow =
        node->flow || (mapping ? event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE
                               : event->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE);
    attach(b, node);
    b->levels[b->depth++] = (struct level){.node = node};
    return true;
}

static bool close_level(struct builder *b, const yaml_event_t *event, struct bulla_error *err)
{
    const struct level *level = &b->levels[--b->depth];
    struct yaml_node *node = level->node;
    node->end = marks_offset(&b->marks, event->end_mark.index);
    if (node->kind == YAML_MAPPING && !yaml_check_keys(b->source, node, err)) {
        return false;
    }
    node->weight = level->weight + 1;
    node->height = level->height;
    add_size(b, node);
    return true;
}

static bool end_document(struct builder *b, struct bulla_error *err)
{
    struct yaml_document *document = pool_alloc(b->pool, sizeof *document, err);
    if (document == NULL) {
        return false;
    }
    document->root = b->root;
    b->root = NULL;
    *b->documents_end = document;
    b->documents_end = &document->next;
    return true;
}

static bool take_event(struct builder *b, const yaml_event_t *event, struct bulla_error *err)
{
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return add_scalar(b, event, err);
    case YAML_ALIAS_EVENT:
        return add_alias(b, event, err);
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT:
        return open_level(b, event, err);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        return close_level(b, event, err);
    case YAML_DOCUMENT_END_EVENT:
        return end_document(b, err);
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_STREAM_END_EVENT:
    case YAML_DOCUMENT_START_EVENT:
    default:
        return true;
    }
}

static bool read_events(struct builder *b, struct bulla_error *err)
{
    for (;;) {
        BULLA_AUTO(release_event) yaml_event_t event = {0};
        if (!yaml_parser_parse(&b->parser, &event)) {
            return fail_parser(b, err);
        }
        if (event.type == YAML_STREAM_END_EVENT) {
            return true;
        }
        if (!take_event(b, &event, err)) {
            return false;
        }
    }
}

bool yaml_parse(struct yaml_source *source, struct pool *pool, struct yaml_document **ret_first,
                struct bulla_error *err)
{
    struct builder *b = pool_alloc(pool, sizeof *b, err);
    if (b == NULL) {
        return false;
    }
    struct yaml_document *first = NULL;
    *b = (struct builder){
        .source = source, .pool = pool, .documents_end = &first, .marks = {.source = source}};
    if (!yaml_parser_initialize(&b->parser)) {
        return bulla_error_nomem(err);
    }
    static const uint8_t nothing[1] = {0};
    const uint8_t *data = source->text.len > 0 ? source->text.data : nothing;
    yaml_parser_set_encoding(&b->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&b->parser, data, source->text.len);
    bool ok = read_events(b, err);
    yaml_parser_delete(&b->parser);
    if (ok) {
        *ret_first = first;
    }
    return ok;
}
