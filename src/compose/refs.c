/* A walk over a file that meets every reference, and every service that it reaches. */
#include "compose/internal.h"

#include <string.h>

#include "base/banned.h"

enum role { ROLE_ROOT, ROLE_SERVICES, ROLE_OTHER };

static const char *copy_path(struct loader *loader, struct bulla_error *err)
{
    struct bulla_bytes path = bulla_buf_view(&loader->path);
    if (!bulla_buf_ok(&loader->path, err)) {
        return NULL;
    }
    return pool_strndup(loader->pool, path.data, path.len, err);
}

static bool visit_scalar(struct walk *w, struct yaml_node *node, bool in_key,
                         struct bulla_error *err)
{
    if (node->len == 0 || memchr(node->text, '$', node->len) == NULL) {
        return true;
    }
    struct place *place = place_find(w, node);
    if (place == NULL) {
        const char *path = copy_path(w->loader, err);
        if (path == NULL || (node->style == YAML_PLAIN && !note_spans(w, node, path, err))) {
            return false;
        }
        place = place_read(w, node, yaml_text(node), 0, path, in_key, err);
        if (place == NULL) {
            return false;
        }
        node->mark = (uint32_t)w->loader->places.count;
    }
    return place->ref_count == 0 || place_add_service(w->loader, place, w->service, err);
}

static bool visit(struct walk *w, struct yaml_node *node, enum role role, struct bulla_error *err);

static bool has_tag(const struct yaml_node *node, const char *tag)
{
    return node->tag != NULL && strcmp(node->tag, tag) == 0;
}

/* What a mapping's merge keys bring in, with the path of the mapping itself. */
static bool visit_merged(struct walk *w, struct yaml_node *value, enum role role,
                         struct bulla_error *err)
{
    if (value->kind != YAML_SEQUENCE) {
        return visit(w, value, role, err);
    }
    for (struct yaml_node *item = value->first; item != NULL; item = item->next) {
        struct yaml_node *source = yaml_follow(item);
        if (!visit(w, source, role, err)) {
            return false;
        }
    }
    return true;
}

static bool visit_pair(struct walk *w, struct yaml_node *key, enum role role,
                       struct bulla_error *err)
{
    struct yaml_node *value = yaml_follow(key->value);
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

static bool visit_children(struct walk *w, struct yaml_node *node, enum role role,
                           struct bulla_error *err)
{
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
        struct yaml_node *item = yaml_follow(child);
        bool ok = visit(w, item, ROLE_OTHER, err);
        bulla_buf_truncate(path, before);
        if (!ok) {
            return false;
        }
    }
    return true;
}

/* Recursion ends: yaml_parse bounds depth and repetition with aliases followed. */
static bool visit(struct walk *w, struct yaml_node *node, enum role role, struct bulla_error *err)
{
    if (has_tag(node, "!reset") && !w->overriding) {
        return true;
    }
    if (node->kind == YAML_SCALAR) {
        return visit_scalar(w, node, false, err);
    }
    bool before = w->overriding;
    w->overriding = before || has_tag(node, "!override");
    bool ok = visit_children(w, node, role, err);
    w->overriding = before;
    return ok;
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
