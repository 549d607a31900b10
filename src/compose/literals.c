/* Texts that their author wrote, with the place of each byte. */
#include "compose/internal.h"

#include <string.h>

#include "base/banned.h"

#define MARK_EVERY                                                                                 \
    1024 /* bytes of a long run: bulla_project_text_pos counts from the last mark                  \
          */

/* Where the next mark of SEGMENT stands behind that at AT: at a character's first byte. */
static size_t mark_behind(struct bulla_bytes source, const struct yaml_segment *segment, size_t at)
{
    at += MARK_EVERY;
    while (at < segment->len && (source.data[segment->source + at] & 0xC0) == 0x80) {
        at++;
    }
    return at;
}

bool read_text(struct loader *loader, struct compose_file *file, const struct yaml_node *node,
               struct bulla_project_text *ret_text, struct bulla_error *err)
{
    struct yaml_map *map = &loader->map;
    if (!yaml_map_build(map, &file->source, node, err)) {
        return false;
    }
    size_t count = map->exact ? map->count + node->len / MARK_EVERY : 0;
    struct bulla_project_mark *marks = pool_alloc(loader->pool, (count + 1) * sizeof *marks, err);
    if (marks == NULL) {
        return false;
    }
    marks[0] = (struct bulla_project_mark){.at = 0, .pos = node->pos};
    count = 0;
    for (size_t i = 0; map->exact && i < map->count; i++) {
        const struct yaml_segment *segment = &map->segments[i];
        size_t len = segment->copied ? segment->len : 1;
        for (size_t at = 0; at < len; at = mark_behind(file->source.text, segment, at)) {
            marks[count].at = segment->decoded + at;
            marks[count++].pos = yaml_source_pos(&file->source, segment->source + at);
        }
    }
    count = count > 0 ? count : 1;
    *ret_text = (struct bulla_project_text){.text = node->text,
                                            .len = node->len,
                                            .file = &file->info,
                                            .marks = marks,
                                            .mark_count = count};
    return true;
}

struct bulla_pos bulla_project_text_pos(const struct bulla_project_text *text, size_t at)
{
    size_t low = 0;
    size_t high = text->mark_count;
    while (low + 1 < high) {
        size_t middle = low + (high - low) / 2;
        if (text->marks[middle].at <= at) {
            low = middle;
        } else {
            high = middle;
        }
    }
    struct bulla_pos pos = text->marks[low].pos;
    for (size_t i = text->marks[low].at; i < at && i < text->len; i++) {
        uint8_t c = (uint8_t)text->text[i];
        pos.col += (c & 0xC0) != 0x80;
    }
    return pos;
}

/* Adds NODE with the value at offset VALUE, unless it was met before (an anchor). */
static bool add(struct loader *loader, struct compose_file *file, const struct service *service,
                enum bulla_literal_kind kind, const char *key, struct yaml_node *node, size_t value,
                struct bulla_error *err)
{
    struct bulla_bytes mark = bulla_bytes_of("literal");
    if (names_find(&loader->names, node, mark) != NULL) {
        return true;
    }
    struct bulla_project_literal *literal = pool_alloc(loader->pool, sizeof *literal, err);
    if (literal == NULL || !read_text(loader, file, node, &literal->text, err) ||
        !list_add(&loader->literals, literal, err)) {
        return false;
    }
    literal->kind = kind;
    literal->service = service != NULL ? service->info.name : NULL;
    literal->key = key;
    literal->value = value;
    return names_put(&loader->names, node, mark, literal, err);
}

bool note_literal(struct loader *loader, struct compose_file *file, const struct service *service,
                  enum bulla_literal_kind kind, const char *key, struct yaml_node *node,
                  struct bulla_error *err)
{
    bool counts_empty = kind == BULLA_LITERAL_ENVIRONMENT;
    if (node->kind != YAML_SCALAR || (node->len == 0 && !counts_empty) || is_null(node)) {
        return true;
    }
    return add(loader, file, service, kind, key, node, 0, err);
}

struct noting {
    struct loader *loader;
    struct compose_file *file;
    const struct service *service;
    enum bulla_literal_kind kind;
};

static bool note_pair(void *ctx, struct yaml_node *key, struct yaml_node *value,
                      struct bulla_error *err)
{
    const struct noting *n = ctx;
    return note_literal(n->loader, n->file, n->service, n->kind, key->text, value, err);
}

static bool has_keys(enum bulla_literal_kind kind)
{
    return kind == BULLA_LITERAL_ENVIRONMENT || kind == BULLA_LITERAL_LABEL ||
           kind == BULLA_LITERAL_BUILD_ARG;
}

/* "KEY=VALUE", or for a kind without keys the text itself. */
static bool note_item(const struct noting *n, struct yaml_node *item, struct bulla_error *err)
{
    if (item->kind != YAML_SCALAR || item->len == 0) {
        return true;
    }
    if (!has_keys(n->kind)) {
        return add(n->loader, n->file, n->service, n->kind, "", item, 0, err);
    }
    const char *equals = memchr(item->text, '=', item->len);
    if (equals == NULL) {
        return true;
    }
    size_t len = (size_t)(equals - item->text);
    const char *key = pool_strndup(n->loader->pool, item->text, len, err);
    return key != NULL && add(n->loader, n->file, n->service, n->kind, key, item, len + 1, err);
}

bool note_literals(struct loader *loader, struct compose_file *file, const struct service *service,
                   enum bulla_literal_kind kind, struct yaml_node *node, struct bulla_error *err)
{
    struct noting n = {.loader = loader, .file = file, .service = service, .kind = kind};
    if (node->kind == YAML_MAPPING) {
        return !has_keys(kind) || each_pair(node, note_pair, &n, err);
    }
    if (node->kind != YAML_SEQUENCE) {
        return has_keys(kind) || note_item(&n, node, err);
    }
    for (struct yaml_node *item = node->first; item != NULL; item = item->next) {
        if (!note_item(&n, yaml_follow(item), err)) {
            return false;
        }
    }
    return true;
}
