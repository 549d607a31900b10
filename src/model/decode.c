/* From YAML's nodes to values: anchors, merge keys; what !reset marks is left out. */
#include "model/decode.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

static struct bulla_value *decode(struct decoder *d, const struct yaml_node *node,
                                  const struct path *at);

static bool has_tag(const struct yaml_node *node, const char *tag)
{
    return node->tag != NULL && strcmp(node->tag, tag) == 0;
}

/* A copy of AT in the pool, merge keys left out. */
static struct path *keep_path(struct decoder *d, const struct path *at)
{
    struct store *store = &d->m->store;
    while (at != NULL && bulla_bytes_are(at->key, "<<")) {
        at = at->up;
    }
    struct path *copy = at != NULL ? store_alloc(store, sizeof *copy) : NULL;
    if (copy != NULL) {
        *copy = (struct path){.up = keep_path(d, at->up), .key = at->key};
    }
    return copy;
}

static void note_reset(struct decoder *d, const struct path *at)
{
    struct resets *resets = d->resets;
    struct store *store = &d->m->store;
    struct path *path = keep_path(d, at);
    if (path == NULL) {
        return;
    }
    if (resets->count == resets->cap) {
        size_t cap = resets->cap == 0 ? 8 : resets->cap * 2;
        struct path **paths = store_alloc(store, cap * sizeof(struct path *));
        if (paths == NULL) {
            return;
        }
        for (size_t i = 0; i < resets->count; i++) {
            paths[i] = resets->paths[i];
        }
        resets->paths = paths;
        resets->cap = cap;
    }
    resets->paths[resets->count++] = path;
}

/*
 * Goes into NODE; true where it was gone into before. 2.40 takes the !reset out of an anchor where
 * that stands, so that an alias has none.
 */
static bool enter_again(struct decoder *d, const struct yaml_node *node)
{
    if (!d->m->compose_2 || node->anchor == NULL || d->overriding) {
        return false;
    }
    struct store *store = &d->m->store;
    struct bulla_bytes key = store_copy(store, bulla_bytes(&node, sizeof node));
    bool again = value_find(d->entered, key) != NULL;
    value_set(store, d->entered, key, value_bool(store, true));
    return again;
}

/* Whether NODE, or what it stands for, is left out; notes what its tag marks. */
static bool is_reset(struct decoder *d, const struct yaml_node *node, const struct path *at)
{
    bool reset = has_tag(yaml_resolve(node), "!reset") || has_tag(node, "!reset");
    bool override = has_tag(yaml_resolve(node), "!override") || has_tag(node, "!override");
    if (d->overriding || (!reset && !override)) {
        return false;
    }
    if (!reset || !d->again) {
        note_reset(d, at);
    }
    return reset;
}

static bool is_merge(const struct yaml_node *key)
{
    return key->kind == YAML_SCALAR && key->style == YAML_PLAIN &&
           (key->tag == NULL || has_tag(key, YAML_TAG "merge")) &&
           bulla_bytes_are(yaml_text(key), "<<");
}

static bool refuse_key(struct decoder *d, const struct yaml_node *key, const struct path *at)
{
    struct bulla_value *value = key->kind == YAML_SCALAR ? decode_scalar(d, key) : NULL;
    struct bulla_value origin = {.file = d->file, .pos = key->pos};
    struct bulla_bytes shown =
        value != NULL ? value_show(&d->m->store, value) : bulla_bytes_of("a collection");
    struct bulla_bytes path = path_show(&d->m->store, at);
    /* Items are counted here, unlike in every other path of Compose. */
    return at == NULL ? refuse(d->m, &origin, "non-string key at top level: %b", shown)
                      : refuse(d->m, &origin, "non-string key in %b: %b", path, shown);
}

static void merge_missing(struct decoder *d, struct bulla_value *map,
                          const struct bulla_value *more)
{
    for (size_t i = 0; i < more->count; i++) {
        if (value_find(map, more->entries[i].key) == NULL) {
            value_set(&d->m->store, map, more->entries[i].key, more->entries[i].value);
        }
    }
}

/* Its items are marked by number: no place of a model is called so. */
static bool merge_list(struct decoder *d, const struct yaml_node *list, struct bulla_value *map,
                       const struct path *at)
{
    size_t index = 0;
    for (const struct yaml_node *item = list->first; item != NULL; item = item->next, index++) {
        struct path here = {.up = at, .key = store_printf(&d->m->store, "%zu", index)};
        if (is_reset(d, item, &here)) {
            continue;
        }
        if (yaml_resolve(item)->kind != YAML_MAPPING) {
            return false;
        }
        merge_missing(d, map, decode(d, item, &here));
    }
    return true;
}

static void decode_merge(struct decoder *d, const struct yaml_node *written,
                         struct bulla_value *map, const struct path *at)
{
    const struct yaml_node *node = yaml_resolve(written);
    if (node->kind == YAML_MAPPING) {
        merge_missing(d, map, decode(d, written, at));
        return;
    }
    /* The top is also read for its `name`, by YAML's own rule. */
    bool may_be_list = at != NULL || written->kind != YAML_ALIAS;
    if (node->kind != YAML_SEQUENCE || !may_be_list || !merge_list(d, node, map, at)) {
        struct bulla_error cause = BULLA_ERROR_INIT;
        (void)bulla_error_at(&cause, BULLA_E_INVALID, d->file, node->pos,
                             "map merge requires map or sequence of maps as the value");
        (void)refuse_yaml(d->m, d->file, &cause);
    }
}

static struct bulla_value *decode_mapping(struct decoder *d, const struct yaml_node *node,
                                          const struct path *at)
{
    struct store *store = &d->m->store;
    struct bulla_value *map = value_new(store, BULLA_VALUE_MAP);
    for (const struct yaml_node *key = node->first; key != NULL && !store->stopped;
         key = key->next) {
        const struct yaml_node *name = yaml_resolve(key);
        if (is_merge(key)) {
            continue;
        }
        bool text = name->kind == YAML_SCALAR && decode_scalar(d, name)->kind == BULLA_VALUE_TEXT;
        if (!text) {
            (void)refuse_key(d, name, at);
            continue;
        }
        struct path here = {.up = at, .key = store_copy(store, yaml_text(name))};
        if (!is_reset(d, key->value, &here)) {
            struct bulla_value *value = decode(d, key->value, &here);
            value->key = key->pos;
            value_set(store, map, here.key, value);
        }
    }
    for (const struct yaml_node *key = node->first; key != NULL && !store->stopped;
         key = key->next) {
        struct path here = {.up = at, .key = bulla_bytes_of("<<")};
        if (is_merge(key) && !is_reset(d, key->value, &here)) {
            decode_merge(d, key->value, map, at);
        }
    }
    return map;
}

static struct bulla_value *decode_sequence(struct decoder *d, const struct yaml_node *node,
                                           const struct path *at)
{
    struct store *store = &d->m->store;
    struct bulla_value *list = value_new(store, BULLA_VALUE_LIST);
    size_t index = 0;
    for (const struct yaml_node *item = node->first; item != NULL && !store->stopped;
         item = item->next, index++) {
        struct path here = {.up = at, .key = store_printf(store, "%zu", index)};
        if (!is_reset(d, item, &here)) {
            value_push(store, list, decode(d, item, &here));
        }
    }
    return list;
}

/* As deep as yaml_parse lets it be, aliases followed. */
static struct bulla_value *decode(struct decoder *d, const struct yaml_node *written,
                                  const struct path *at)
{
    const struct yaml_node *node = yaml_resolve(written);
    bool outer = d->overriding;
    bool outer_again = d->again;
    d->overriding = outer || has_tag(node, "!override");
    d->again = outer_again || enter_again(d, node);
    struct bulla_value *value = node->kind == YAML_MAPPING    ? decode_mapping(d, node, at)
                                : node->kind == YAML_SEQUENCE ? decode_sequence(d, node, at)
                                                              : decode_scalar(d, node);
    d->overriding = outer;
    d->again = outer_again;
    value->file = d->file;
    value->pos = node->pos;
    return value;
}

/* --- what was marked -------------------------------------------------------------------------- */

static bool same_path(const struct path *p, const struct path *marked)
{
    for (; p != NULL && marked != NULL; p = p->up, marked = marked->up) {
        if (!bulla_bytes_equal(p->key, marked->key) && !bulla_bytes_are(marked->key, "*")) {
            return false;
        }
    }
    return p == NULL && marked == NULL;
}

static int compare_marked(const void *a, const void *b)
{
    return compare_bytes((*(struct path *const *)a)->key, (*(struct path *const *)b)->key);
}

/* Whether P is one of the paths that end in KEY; they are sorted by that. */
static bool is_among(const struct resets *resets, struct bulla_bytes key, const struct path *p)
{
    size_t low = 0;
    size_t high = resets->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_bytes(resets->paths[middle]->key, key) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (; low < resets->count && bulla_bytes_equal(resets->paths[low]->key, key); low++) {
        if (same_path(p, resets->paths[low])) {
            return true;
        }
    }
    return false;
}

/* What is marked in one mapping. */
struct resetting {
    const struct resets *resets;
    const struct path *at;
};

static bool reset_value(void *ctx, struct bulla_bytes key, struct bulla_value *value)
{
    const struct resetting *r = ctx;
    const struct path here = {.up = r->at, .key = key};
    if (is_among(r->resets, key, &here) || is_among(r->resets, bulla_bytes_of("*"), &here)) {
        return true;
    }
    apply_resets(r->resets, value, &here);
    return false;
}

void apply_resets(const struct resets *resets, struct bulla_value *value, const struct path *at)
{
    if (resets->count > 0 && value->kind == BULLA_VALUE_MAP) {
        struct resetting r = {resets, at};
        value_remove_all(value, reset_value, &r);
    }
}

/* --- all of it ----------------------------------------------------------------------------------
 */

struct bulla_value *decode_document(struct model *m, const struct yaml_node *root, const char *file,
                                    struct resets *resets)
{
    struct decoder d = {
        .m = m, .file = file, .resets = resets, .entered = value_new(&m->store, BULLA_VALUE_MAP)};
    struct bulla_value *value = decode(&d, root, NULL);
    if (resets->count > 1) {
        qsort(resets->paths, resets->count, sizeof(struct path *), compare_marked);
    }
    return value;
}
