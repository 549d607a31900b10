/* Every scalar of a text that parses can be followed byte for byte, and lies where it says. */
#include "fuzz.h"

#include <string.h>

#include "yaml/yaml.h"

static void check_scalar(struct yaml_source *source, struct yaml_map *map,
                         const struct yaml_node *node)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    FUZZ_ASSERT(yaml_map_build(map, source, node, &err));
    /* A block of empty lines only may be left unfollowed: nothing in it is ever asked for. */
    FUZZ_ASSERT(map->exact || node->len == 0 ||
                (node->style >= YAML_LITERAL && memchr(node->text, '$', node->len) == NULL));
    size_t last = node->start;
    for (size_t i = 0; i < node->len && map->exact; i++) {
        size_t start = yaml_map_start(map, i);
        FUZZ_ASSERT(start >= last && start < yaml_map_end(map, i + 1));
        FUZZ_ASSERT(yaml_map_end(map, i + 1) <= source->text.len);
        last = start;
    }
}

static void check_node(struct yaml_source *source, struct yaml_map *map,
                       const struct yaml_node *node, unsigned depth)
{
    FUZZ_ASSERT(depth <= 66 && node->start <= source->text.len);
    switch (node->kind) {
    case YAML_SCALAR:
        (void)yaml_scalar_type(node);
        check_scalar(source, map, node);
        break;
    case YAML_ALIAS:
        FUZZ_ASSERT(node->target != NULL && node->target->kind != YAML_ALIAS);
        break;
    case YAML_SEQUENCE:
        for (const struct yaml_node *item = node->first; item != NULL; item = item->next) {
            check_node(source, map, item, depth + 1);
        }
        break;
    case YAML_MAPPING:
        for (const struct yaml_node *key = node->first; key != NULL; key = key->next) {
            check_node(source, map, key, depth + 1);
            check_node(source, map, key->value, depth + 1);
        }
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    auto_pool pool = pool_new(&err);
    FUZZ_ASSERT(pool != NULL);
    struct yaml_source source;
    struct yaml_document *first = NULL;
    if (!yaml_source_init(&source, pool, bulla_bytes(data, size), "f", &err) ||
        !yaml_parse(&source, pool, &first, &err)) {
        FUZZ_ASSERT(err.code != BULLA_E_SYNTAX || (err.pos.line > 0 && err.pos.col > 0));
        return 0;
    }
    struct yaml_map map = {0};
    for (const struct yaml_document *document = first; document != NULL;
         document = document->next) {
        check_node(&source, &map, document->root, 0);
    }
    yaml_map_release(&map);
    return 0;
}
