/* The references of one text: found, evaluated, placed and kept. */
#include "compose/internal.h"

#include <string.h>
#include <strings.h>

#include "bulla/limits.h"
#include "bulla/mem.h"

#include "base/banned.h"

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

static bool note_template(struct walk *w, const struct bulla_project_ref *ref,
                          struct bulla_error *err)
{
    const char *hint = template_hint(w->loader, ref, err);
    const struct problem problem = {.kind = BULLA_PROBLEM_TEMPLATE,
                                    .fatal = ref->evaluated,
                                    .file = &w->file->info,
                                    .pos = ref->pos,
                                    .end = ref->end,
                                    .service = w->service != NULL ? w->service->info.name : NULL,
                                    .path = ref->path,
                                    .text = bulla_bytes(ref->text, ref->text_len),
                                    .hint = hint};
    return hint != NULL &&
           add_problem(w->loader, &problem, err, "'${' begins no reference that Compose knows");
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

struct place *place_read(struct walk *w, const struct yaml_node *node, struct bulla_bytes text,
                         size_t base, const char *path, bool in_key, struct bulla_error *err)
{
    struct collector c = {.loader = w->loader, .text = text};
    size_t escapes = 0;
    struct place *place = NULL;
    if (!bulla_interpolate_scan(c.text, collect, &c, &escapes, err) ||
        (!in_key && !evaluate(&c, w->file->scope, err))) {
        (void)bulla_error_place(err, w->file->info.name, node->pos);
    } else if (place_refs(w, &c, node, base, err)) {
        w->file->info.escapes += in_key ? 0 : escapes;
        place = keep_place(w, &c, path, in_key, err);
    }
    bulla_free(c.refs);
    return place;
}

/* The place of NODE: its `mark` is the place's number. */
struct place *place_find(struct walk *w, const struct yaml_node *node)
{
    return node->mark != 0 ? w->loader->places.items[node->mark - 1] : NULL;
}

bool add_named_use(struct loader *loader, struct compose_file *file, struct service *service,
                   enum bulla_use_kind kind, struct yaml_node *node, const char *path,
                   struct bulla_error *err)
{
    struct walk w = {.loader = loader, .file = file, .service = service};
    struct place *place = place_find(&w, node);
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

const char *shown_text(const struct yaml_node *node, const char *resolved)
{
    return memchr(node->text, '$', node->len) != NULL ? node->text : resolved;
}

bool read_flag(struct loader *loader, const struct compose_file *file, const struct yaml_node *node,
               bool *flag, struct bulla_error *err)
{
    static const char *const words[] = {"true", "yes", "y", "on", "false", "no", "n", "off"};
    const char *text = NULL;
    bool hidden = false;
    if (!resolve_text(loader, file->scope, node, &text, &hidden, err)) {
        return false;
    }
    for (size_t i = 0; text != NULL && i < sizeof words / sizeof words[0]; i++) {
        if (strcasecmp(text, words[i]) == 0) {
            *flag = i < 4;
        }
    }
    return true;
}
