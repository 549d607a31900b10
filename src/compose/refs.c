/* Every reference of a file, where it stands, what becomes of it and whose it is. */
#include "compose/internal.h"

#include <string.h>

#include "bulla/limits.h"
#include "bulla/mem.h"

#include "base/banned.h"

enum role { ROLE_ROOT, ROLE_SERVICES, ROLE_OTHER };

struct walk {
    struct loader *loader;
    struct compose_file *file;
    struct service *service; /* inside which we are; NULL outside */
};

/* The references of one text while they are collected. */
struct collector {
    struct loader *loader;
    struct bulla_bytes text;
    struct bulla_project_ref *refs;
    size_t count;
    size_t cap;
};

static bool collect(void *ctx, const struct bulla_ref *ref, struct bulla_error *err)
{
    struct collector *c = ctx;
    if (!bulla_grow(&c->refs, &c->cap, c->count + 1, sizeof *c->refs, err)) {
        return false;
    }
    struct pool *pool = c->loader->pool;
    struct bulla_project_ref *kept = &c->refs[c->count];
    *kept = (struct bulla_project_ref){.kind = BULLA_USE_REFERENCE,
                                       .op = ref->op,
                                       .depth = ref->depth,
                                       .braced = ref->braced,
                                       .text_at = ref->start,
                                       .text_end = ref->end};
    kept->name = pool_strndup(pool, ref->name.data, ref->name.len, err);
    kept->operand =
        ref->operand.len > 0 ? pool_strndup(pool, ref->operand.data, ref->operand.len, err) : "";
    kept->operand_len = ref->operand.len;
    if (kept->name == NULL || kept->operand == NULL) {
        return false;
    }
    c->count++;
    return true;
}

/* References are collected by their start, so that an evaluated one is found by halving. */
static bool note_outcome(void *ctx, const struct bulla_ref *ref, enum bulla_lookup_state state,
                         enum bulla_ref_outcome outcome, struct bulla_error *err)
{
    (void)err;
    struct collector *c = ctx;
    size_t low = 0;
    size_t high = c->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (c->refs[middle].text_at < ref->start) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low < c->count && c->refs[low].text_at == ref->start) {
        c->refs[low].evaluated = true;
        c->refs[low].state = state;
        c->refs[low].outcome = outcome;
    }
    return true;
}

static bool evaluate(struct collector *c, struct scope *scope, struct bulla_error *err)
{
    const struct bulla_interpolation with = {.lookup = scope_lookup,
                                             .lookup_ctx = scope,
                                             .each = note_outcome,
                                             .each_ctx = c,
                                             .eager = c->loader->options->eager,
                                             .keep_going = true};
    return bulla_interpolate(c->text, &with, NULL, NULL, NULL, err);
}

bool place_add_service(struct loader *loader, struct place *place, struct service *service,
                       struct bulla_error *err)
{
    struct list *services = &place->services;
    /* A walk goes service by service, so a repeat is the last one. */
    if (service == NULL ||
        (services->count > 0 && services->items[services->count - 1] == service)) {
        return true;
    }
    loader->uses++;
    return check_uses(loader, place->file, err) && list_add(services, service, err);
}

static const char *copy_path(struct loader *loader, struct bulla_error *err)
{
    struct bulla_bytes path = bulla_buf_view(&loader->path);
    if (!bulla_buf_ok(&loader->path, err)) {
        return NULL;
    }
    return pool_strndup(loader->pool, path.data, path.len, err);
}

static bool note_template(struct walk *w, const struct bulla_project_ref *ref,
                          struct bulla_error *err)
{
    const struct problem problem = {
        .kind = BULLA_PROBLEM_TEMPLATE,
        .fatal = ref->evaluated,
        .file = &w->file->info,
        .pos = ref->pos,
        .end = ref->end,
        .service = w->service != NULL ? w->service->info.name : NULL,
        .path = ref->path,
        .hint = "write '$$' for a dollar sign that is meant for the container"};
    return add_problem(w->loader, &problem, err, "'${' begins no reference that Compose knows");
}

/* A reference that YAML ends: which of the text's spans it is in, if any. */
static bool note_span(struct walk *w, const struct yaml_node *node, const struct span *span,
                      const char *path, struct bulla_error *err)
{
    struct compose_file *file = w->file;
    struct problem problem = {
        .kind = BULLA_PROBLEM_COLON,
        .fatal = true,
        .file = &file->info,
        .pos = yaml_source_pos(&file->source, span->start),
        .service = w->service != NULL ? w->service->info.name : NULL,
        .path = path,
        .name = pool_strndup(w->loader->pool, span->name.data, span->name.len, err),
        .hint = "put the whole value in quotes, or take the ': ' out of the message"};
    problem.end = yaml_source_pos(&file->source, span->end);
    if (problem.name == NULL) {
        return false;
    }
    size_t len = strlen(path);
    bool item = len >= 2 && strcmp(path + len - 2, "[]") == 0;
    if (span->colon) {
        return add_problem(w->loader, &problem, err,
                           item
                               ? "the ': ' in the reference to '%s' makes this list item a mapping "
                                 "with half of the reference as its key"
                               : "the ': ' in the reference to '%s' cannot stand in an unquoted "
                                 "value: this is not YAML",
                           problem.name);
    }
    if (span->comment) {
        problem.kind = BULLA_PROBLEM_COMMENT;
        problem.hint = "put the whole value in quotes, or take the ' #' out of the message";
        return add_problem(w->loader, &problem, err,
                           "the ' #' in the reference to '%s' begins a comment in an unquoted "
                           "value",
                           problem.name);
    }
    if (node->flow) {
        problem.kind = BULLA_PROBLEM_FLOW;
        problem.hint = "put the value in quotes";
        return add_problem(w->loader, &problem, err,
                           "the braces of the reference to '%s' have to be quoted between [ ] or "
                           "{ }",
                           problem.name);
    }
    return true;
}

static bool note_spans(struct walk *w, const struct yaml_node *node, const char *path,
                       struct bulla_error *err)
{
    const struct compose_file *file = w->file;
    size_t low = 0;
    size_t high = file->span_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (file->spans[middle].start < node->start) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (; low < file->span_count && file->spans[low].end <= node->end; low++) {
        if (!note_span(w, node, &file->spans[low], path, err)) {
            return false;
        }
    }
    return true;
}

/* Exact places for C's references; NODE's map, or BASE where the text is a part of the source. */
static bool place_refs(struct walk *w, struct collector *c, const struct yaml_node *node,
                       size_t base, struct bulla_error *err)
{
    struct yaml_map *map = &w->loader->map;
    struct yaml_source *source = &w->file->source;
    if (node != NULL && !yaml_map_build(map, source, node, err)) {
        return false;
    }
    for (size_t i = 0; i < c->count; i++) {
        struct bulla_project_ref *ref = &c->refs[i];
        ref->pos = yaml_source_pos(source, node != NULL ? yaml_map_start(map, ref->text_at)
                                                        : base + ref->text_at);
        ref->end = yaml_source_pos(source, node != NULL ? yaml_map_end(map, ref->text_end)
                                                        : base + ref->text_end);
    }
    return true;
}

/* Moves C's references into a place in the pool; what is no reference becomes a problem. */
static struct place *keep_place(struct walk *w, struct collector *c, const char *path, bool in_key,
                                struct bulla_error *err)
{
    struct pool *pool = w->loader->pool;
    struct place *place = pool_alloc(pool, sizeof *place, err);
    struct bulla_project_ref *refs = pool_alloc(pool, (c->count + 1) * sizeof *refs, err);
    if (place == NULL || refs == NULL || !list_add(&w->loader->places, place, err)) {
        return NULL;
    }
    place->file = w->file;
    place->refs = refs;
    for (size_t i = 0; i < c->count; i++) {
        struct bulla_project_ref *ref = &c->refs[i];
        ref->file = &w->file->info;
        ref->path = path;
        ref->in_key = in_key;
        ref->text = (const char *)c->text.data;
        ref->text_len = c->text.len;
        if (ref->name[0] == '\0') {
            if (!in_key && !note_template(w, ref, err)) {
                return NULL;
            }
            continue;
        }
        refs[place->ref_count++] = *ref;
    }
    return place;
}

static struct place *read_scalar(struct walk *w, struct yaml_node *node, bool in_key,
                                 struct bulla_error *err)
{
    struct loader *loader = w->loader;
    struct collector c = {.loader = loader, .text = yaml_text(node)};
    size_t escapes = 0;
    struct place *place = NULL;
    const char *path = copy_path(loader, err);
    if (path != NULL && bulla_interpolate_scan(c.text, collect, &c, &escapes, err) &&
        (in_key || evaluate(&c, w->file->scope, err)) && place_refs(w, &c, node, 0, err) &&
        (node->style != YAML_PLAIN || note_spans(w, node, path, err))) {
        w->file->info.escapes += in_key ? 0 : escapes;
        place = keep_place(w, &c, path, in_key, err);
    }
    bulla_free(c.refs);
    return place;
}

/* The place of NODE: its `mark` is the place's number. */
static struct place *find_place(struct walk *w, const struct yaml_node *node)
{
    return node->mark != 0 ? w->loader->places.items[node->mark - 1] : NULL;
}

static bool visit_scalar(struct walk *w, struct yaml_node *node, bool in_key,
                         struct bulla_error *err)
{
    if (node->len == 0 || memchr(node->text, '$', node->len) == NULL) {
        return true;
    }
    struct place *place = find_place(w, node);
    if (place == NULL) {
        place = read_scalar(w, node, in_key, err);
        if (place == NULL) {
            return false;
        }
        node->mark = (uint32_t)w->loader->places.count;
    }
    return place->ref_count == 0 || place_add_service(w->loader, place, w->service, err);
}

static bool visit(struct walk *w, struct yaml_node *node, enum role role, struct bulla_error *err);

static bool is_reset(const struct yaml_node *node)
{
    return node->tag != NULL && strcmp(node->tag, "!reset") == 0;
}

/* What a mapping's merge keys bring in, with the path of the mapping itself. */
static bool visit_merged(struct walk *w, struct yaml_node *value, enum role role,
                         struct bulla_error *err)
{
    if (value->kind != YAML_SEQUENCE) {
        return visit(w, value, role, err);
    }
    for (struct yaml_node *item = value->first; item != NULL; item = item->next) {
        struct yaml_node *source = item->kind == YAML_ALIAS ? item->target : item;
        if (!visit(w, source, role, err)) {
            return false;
        }
    }
    return true;
}

static bool visit_pair(struct walk *w, struct yaml_node *key, enum role role,
                       struct bulla_error *err)
{
    struct yaml_node *value = key->value->kind == YAML_ALIAS ? key->value->target : key->value;
    if (is_merge_key(key)) {
        return visit_merged(w, value, role, err);
    }
    const struct yaml_node *name = yaml_resolve(key);
    struct bulla_bytes text = yaml_text(name);
    struct bulla_buf *path = &w->loader->path;
    size_t before = path->len;
    if (before > 0) {
        bulla_buf_putc(path, '.');
    }
    bulla_buf_add_bytes(path, text);
    struct service *outer = w->service;
    enum role inner = ROLE_OTHER;
    if (role == ROLE_ROOT && bulla_bytes_are(text, "services")) {
        inner = ROLE_SERVICES;
    }
    if (role == ROLE_SERVICES && name->kind == YAML_SCALAR && value->kind == YAML_MAPPING) {
        w->service = get_service(w->loader, w->file, name, err);
        if (w->service == NULL) {
            return false;
        }
    }
    bool ok = (key->kind != YAML_SCALAR || visit_scalar(w, key, true, err)) &&
              visit(w, value, inner, err);
    w->service = outer;
    bulla_buf_truncate(path, before);
    return ok;
}

/* Recursion ends: yaml_parse bounds depth and repetition with aliases followed. */
static bool visit(struct walk *w, struct yaml_node *node, enum role role, struct bulla_error *err)
{
    if (is_reset(node)) {
        return true;
    }
    if (node->kind == YAML_SCALAR) {
        return visit_scalar(w, node, false, err);
    }
    struct bulla_buf *path = &w->loader->path;
    for (struct yaml_node *child = node->first; child != NULL; child = child->next) {
        if (node->kind == YAML_MAPPING) {
            if (!visit_pair(w, child, role, err)) {
                return false;
            }
            continue;
        }
        size_t before = path->len;
        bulla_buf_puts(path, before > 0 ? ".[]" : "[]");
        struct yaml_node *item = child->kind == YAML_ALIAS ? child->target : child;
        bool ok = visit(w, item, ROLE_OTHER, err);
        bulla_buf_truncate(path, before);
        if (!ok) {
            return false;
        }
    }
    return true;
}

bool walk_file(struct loader *loader, struct compose_file *file, struct bulla_error *err)
{
    for (struct yaml_document *document = file->first; document != NULL;
         document = document->next) {
        struct walk w = {.loader = loader, .file = file};
        bulla_buf_clear(&loader->path);
        if (!visit(&w, document->root, ROLE_ROOT, err)) {
            return false;
        }
    }
    return true;
}

bool add_named_use(struct loader *loader, struct compose_file *file, struct service *service,
                   enum bulla_use_kind kind, struct yaml_node *node, const char *path,
                   struct bulla_error *err)
{
    struct walk w = {.loader = loader, .file = file, .service = service};
    struct place *place = find_place(&w, node);
    if (place != NULL) {
        return place->ref_count == 0 || place_add_service(loader, place, service, err);
    }
    struct collector c = {.loader = loader, .text = yaml_text(node), .count = 1};
    struct bulla_project_ref ref = {
        .kind = kind, .name = node->text, .operand = "", .text_end = node->len};
    struct bulla_bytes value = bulla_bytes(NULL, 0);
    bool resource = kind == BULLA_USE_SECRET_ENVIRONMENT || kind == BULLA_USE_CONFIG_ENVIRONMENT;
    ref.evaluated = true;
    ref.state = scope_lookup(file->scope, c.text, &value);
    ref.outcome = ref.state != BULLA_LOOKUP_UNSET ? BULLA_REF_VALUE
                  : resource                      ? BULLA_REF_MISSING
                                                  : BULLA_REF_NOTHING;
    c.refs = &ref;
    if (!place_refs(&w, &c, node, 0, err)) {
        return false;
    }
    place = keep_place(&w, &c, path, false, err);
    if (place == NULL) {
        return false;
    }
    node->mark = (uint32_t)loader->places.count;
    return place->ref_count == 0 || place_add_service(loader, place, service, err);
}

bool resolve_text(struct loader *loader, const struct scope *scope, const struct yaml_node *node,
                  const char **ret_text, bool *ret_hidden, struct bulla_error *err)
{
    *ret_text = NULL;
    *ret_hidden = false;
    if (node->kind != YAML_SCALAR) {
        return true;
    }
    if (memchr(node->text, '$', node->len) == NULL) {
        *ret_text = node->text;
        return true;
    }
    struct hiding hiding = {.scope = scope};
    const struct bulla_interpolation with = {
        .lookup = hiding_lookup, .lookup_ctx = &hiding, .eager = loader->options->eager};
    struct bulla_interpolate_failure failure = {0};
    /* A name or path that is kept in the clear anyway; still no reason to leave copies behind. */
    bulla_auto_buf out;
    bulla_buf_init_secret(&out, BULLA_MAX_TEXT_BYTES);
    if (!bulla_interpolate(yaml_text(node), &with, &out, NULL, &failure, err)) {
        return false;
    }
    *ret_hidden = hiding.hidden;
    if (failure.problem == BULLA_INTERPOLATE_OK && !hiding.hidden) {
        struct bulla_bytes text = bulla_buf_view(&out);
        *ret_text = pool_strndup(loader->pool, text.data, text.len, err);
        return *ret_text != NULL;
    }
    return true;
}

/* --- text that is not YAML ------------------------------------------------------------------- */

/* What the lines so far say about where we are, by indentation alone. */
struct outline {
    bool in_services;
    size_t service_indent; /* 0: not known yet */
};

/* The end of LINE without a comment; "#" inside of a reference or quotes begins none. */
static size_t find_comment(struct bulla_bytes line)
{
    uint8_t quote = 0;
    unsigned open = 0;
    for (size_t i = 0; i < line.len; i++) {
        uint8_t c = line.data[i];
        uint8_t before = i > 0 ? line.data[i - 1] : ' ';
        if (open > 0) {
            open += c == '{' ? 1U : 0U;
            open -= c == '}' ? 1U : 0U;
        } else if (quote != 0) {
            quote = c == quote ? 0 : quote;
        } else if ((c == '"' || c == '\'') && memchr(" \t[{,", before, 5) != NULL) {
            quote = c;
        } else if (c == '#' && (before == ' ' || before == '\t')) {
            return i;
        }
        if (c == '$' && i + 1 < line.len && line.data[i + 1] == '{' &&
            memchr(line.data + i, '}', line.len - i) != NULL) {
            open++;
            i++;
        }
    }
    return line.len;
}

static bool follow_outline(struct walk *w, struct outline *outline, struct bulla_bytes line,
                           size_t at, struct bulla_error *err)
{
    size_t indent = 0;
    while (indent < line.len && line.data[indent] == ' ') {
        indent++;
    }
    const uint8_t *colon = memchr(line.data + indent, ':', line.len - indent);
    size_t len = colon != NULL ? (size_t)(colon - line.data) - indent : 0;
    struct bulla_bytes key = bulla_bytes_slice(line, indent, len);
    if (indent == line.len || line.data[indent] == '#') {
        return true;
    }
    if (indent == 0) {
        outline->in_services = bulla_bytes_are(key, "services");
        outline->service_indent = 0;
        w->service = NULL;
        return true;
    }
    if (outline->service_indent == 0) {
        outline->service_indent = indent;
    }
    if (!outline->in_services || indent != outline->service_indent || len == 0) {
        return true;
    }
    struct yaml_node node = {.kind = YAML_SCALAR, .len = len};
    node.text = pool_strndup(w->loader->pool, key.data, len, err);
    node.pos = yaml_source_pos(&w->file->source, at + indent);
    w->service = node.text != NULL ? get_service(w->loader, w->file, &node, err) : NULL;
    return w->service != NULL;
}

static bool scan_line(struct walk *w, struct bulla_bytes line, size_t at, struct bulla_error *err)
{
    struct loader *loader = w->loader;
    size_t len = find_comment(line);
    if (len == 0 || memchr(line.data, '$', len) == NULL) {
        return true;
    }
    const char *copy = pool_strndup(loader->pool, line.data, len, err);
    const char *path = w->service != NULL
                           ? pool_printf(loader->pool, err, "services.%s", w->service->info.name)
                           : "";
    struct collector c = {.loader = loader, .text = bulla_bytes(copy, len)};
    size_t escapes = 0;
    bool ok = copy != NULL && path != NULL &&
              bulla_interpolate_scan(c.text, collect, &c, &escapes, err) &&
              evaluate(&c, w->file->scope, err) && place_refs(w, &c, NULL, at, err);
    struct place *place = ok ? keep_place(w, &c, path, false, err) : NULL;
    bulla_free(c.refs);
    w->file->info.escapes += escapes;
    return place != NULL &&
           (place->ref_count == 0 || place_add_service(loader, place, w->service, err));
}

bool scan_raw_file(struct loader *loader, struct compose_file *file, struct bulla_error *err)
{
    struct walk w = {.loader = loader, .file = file};
    struct outline outline = {0};
    struct bulla_bytes text = file->source.text;
    for (size_t at = 0; at < text.len;) {
        const uint8_t *lf = memchr(text.data + at, '\n', text.len - at);
        size_t end = lf != NULL ? (size_t)(lf - text.data) : text.len;
        struct bulla_bytes line = bulla_bytes_slice(text, at, end - at);
        if (line.len > 0 &&
            (!follow_outline(&w, &outline, line, at, err) || !scan_line(&w, line, at, err))) {
            return false;
        }
        at = end + 1;
    }
    return true;
}
