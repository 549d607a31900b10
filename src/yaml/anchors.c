#include "yaml/parse_parts.h"

#include <string.h>

#include "base/banned.h"

struct anchor {
    const char *name;
    struct yaml_node *node;
    struct anchor *next;
};

static size_t hash_name(const char *name)
{
    size_t hash = 5381;
    for (; *name != '\0'; name++) {
        hash = hash * 33 + (uint8_t)*name;
    }
    return hash % ANCHOR_BUCKETS;
}

static struct anchor *find_anchor(const struct anchors *anchors, const char *name)
{
    struct anchor *anchor = anchors->buckets[hash_name(name)];
    while (anchor != NULL && strcmp(anchor->name, name) != 0) {
        anchor = anchor->next;
    }
    return anchor;
}

struct yaml_node *anchors_find(const struct anchors *anchors, const char *name)
{
    const struct anchor *anchor = find_anchor(anchors, name);
    return anchor != NULL ? anchor->node : NULL;
}

bool anchors_set(struct anchors *anchors, struct pool *pool, struct yaml_node *node,
                 struct bulla_error *err)
{
    struct anchor *anchor = find_anchor(anchors, node->anchor);
    if (anchor == NULL) {
        anchor = pool_alloc(pool, sizeof *anchor, err);
        if (anchor == NULL) {
            return false;
        }
        struct anchor **bucket = &anchors->buckets[hash_name(node->anchor)];
        anchor->name = node->anchor;
        anchor->next = *bucket;
        *bucket = anchor;
    }
    anchor->node = node;
    return true;
}
