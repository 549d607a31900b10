/* Keys that stand in a mapping twice. */
#include <stdlib.h>
#include <string.h>

#include "bulla/mem.h"
#include "yaml/yaml.h"

#include "base/banned.h"

static struct bulla_bytes key_text(const struct yaml_node *key)
{
    return key->kind == YAML_ALIAS ? bulla_bytes_of(key->anchor) : yaml_text(key);
}

/* Compose's parser compares kind and text, so a quoted "<<" repeats a plain one. */
static int compare_keys(const void *a, const void *b)
{
    const struct yaml_node *left = *(struct yaml_node *const *)a;
    const struct yaml_node *right = *(struct yaml_node *const *)b;
    if (left->kind != right->kind) {
        return left->kind < right->kind ? -1 : 1;
    }
    struct bulla_bytes x = key_text(left);
    struct bulla_bytes y = key_text(right);
    if (x.len != y.len) {
        return x.len < y.len ? -1 : 1;
    }
    return x.len == 0 ? 0 : memcmp(x.data, y.data, x.len);
}

static int compare_keys_and_places(const void *a, const void *b)
{
    int order = compare_keys(a, b);
    if (order != 0) {
        return order;
    }
    const struct yaml_node *left = *(struct yaml_node *const *)a;
    const struct yaml_node *right = *(struct yaml_node *const *)b;
    return left->start < right->start ? -1 : left->start > right->start;
}

bool yaml_check_keys(const struct yaml_source *source, const struct yaml_node *mapping,
                     struct bulla_error *err)
{
    struct yaml_node *few[16];
    struct yaml_node **keys = few;
    if (mapping->count < 2) {
        return true;
    }
    if (mapping->count > 16) {
        keys = bulla_alloc(mapping->count, sizeof(struct yaml_node *), err);
        if (keys == NULL) {
            return false;
        }
    }
    size_t count = 0;
    for (struct yaml_node *key = mapping->first; key != NULL; key = key->next) {
        keys[count++] = key;
    }
    qsort(keys, count, sizeof(struct yaml_node *), compare_keys_and_places);
    const struct yaml_node *again = NULL;
    const struct yaml_node *before = NULL;
    for (size_t i = 1; i < count; i++) {
        if (compare_keys(&keys[i - 1], &keys[i]) == 0 &&
            (again == NULL || keys[i]->start < again->start)) {
            before = keys[i - 1];
            again = keys[i];
        }
    }
    if (keys != few) {
        bulla_free(keys);
    }
    if (again == NULL) {
        return true;
    }
    return bulla_error_at(err, BULLA_E_INVALID, source->file, again->pos,
                          "key '%s' stands in line %u already",
                          again->kind == YAML_SCALAR ? again->text
                          : again->anchor != NULL    ? again->anchor
                                                     : "",
                          before->pos.line);
}
