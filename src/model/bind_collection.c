/* Lists and tables of texts in their final form: environments, commands, hosts, limits. */
#include "model/bind.h"

#include <string.h>

#include "base/banned.h"

/* KEY=VALUE of ITEM into MAP; a key alone gets OTHERWISE. */
static void add_pair(struct binder *b, struct bulla_value *map, const struct bulla_value *item,
                     struct bulla_value *otherwise)
{
    struct bulla_bytes text = value_show(b->store, item);
    const uint8_t *mark = text.len > 0 ? memchr(text.data, '=', text.len) : NULL;
    size_t len = mark != NULL ? (size_t)(mark - text.data) : text.len;
    value_set(
        b->store, map, bulla_bytes(text.data, len),
        mark != NULL
            ? value_placed(value_text(b->store, bulla_bytes_slice(text, len + 1, text.len)), item)
            : otherwise);
}

struct bulla_value *bind_table(struct binder *b, const struct member *member,
                               struct bulla_value *value)
{
    bool environment = member->bind == BIND_ENVIRONMENT;
    struct bulla_value *map = fresh(b, BULLA_VALUE_MAP, value);
    for (size_t i = 0; i < value->count; i++) {
        struct bulla_value *item = value->entries[i].value;
        struct bulla_value *nothing = environment ? fresh(b, BULLA_VALUE_NULL, item)
                                                  : value_placed(value_string(b->store, ""), item);
        if (value->kind == BULLA_VALUE_LIST) {
            add_pair(b, map, item, nothing);
        } else if (item->kind == BULLA_VALUE_NULL) {
            value_set(b->store, map, value->entries[i].key, nothing);
        } else {
            value_set(b->store, map, value->entries[i].key,
                      value_placed(value_text(b->store, value_show(b->store, item)), item));
        }
    }
    for (size_t i = 0; environment && value->kind == BULLA_VALUE_LIST && i < map->count; i++) {
        struct bulla_bytes key = map->entries[i].key;
        if (key.len > 0 && memchr(" \t\n\v\f\r\x85\xa0", key.data[key.len - 1], 8) != NULL) {
            return reject(b, value, "environment variable ", key,
                          " is declared with a trailing space");
        }
    }
    return map->count > 0 ? map : NULL;
}

struct bulla_value *bind_texts(struct binder *b, const struct member *member,
                               struct bulla_value *value)
{
    struct bulla_value *list = fresh(b, BULLA_VALUE_LIST, value);
    if (value->kind != BULLA_VALUE_LIST) {
        value_push(b->store, list, value);
        return list;
    }
    for (size_t i = 0; i < value->count; i++) {
        struct bulla_value *item = value->entries[i].value;
        bool text = item->kind == BULLA_VALUE_TEXT;
        if (!text && member->bind == BIND_TEXTS && item->kind != BULLA_VALUE_INT) {
            return reject_kind(b, item, "string");
        }
        value_push(b->store, list,
                   text ? item
                        : value_placed(value_text(b->store, value_show(b->store, item)), item));
    }
    return list->count > 0 ? list : NULL;
}

struct bulla_value *bind_multi(struct binder *b, const struct member *member,
                               struct bulla_value *value)
{
    static const struct member items = {.name = "options", .bind = BIND_NUMBERS};
    struct bulla_value *map = fresh(b, BULLA_VALUE_MAP, value);
    (void)member;
    for (size_t i = 0; i < value->count; i++) {
        struct bulla_value *item = value->entries[i].value;
        if (item->kind != BULLA_VALUE_LIST) {
            item = value_placed(value_text(b->store, value_show(b->store, item)), item);
        }
        value_set(b->store, map, value->entries[i].key, bind_texts(b, &items, item));
    }
    return map->count > 0 ? map : NULL;
}

struct bulla_value *bind_command(struct binder *b, struct bulla_value *value)
{
    if (value->kind != BULLA_VALUE_TEXT) {
        return value;
    }
    struct bulla_value *list = split_command(b->m, value->text);
    if (list == NULL) {
        return reject(b, value, "invalid command line string", bulla_bytes("", 0), "");
    }
    return value_placed(list, value);
}

struct bulla_value *bind_test(struct binder *b, struct bulla_value *value)
{
    if (value->kind != BULLA_VALUE_TEXT) {
        return value->count > 0 ? value : NULL;
    }
    struct bulla_value *list = fresh(b, BULLA_VALUE_LIST, value);
    value_push(b->store, list, value_placed(value_string(b->store, "CMD-SHELL"), value));
    value_push(b->store, list, value);
    return list;
}

/* --- hosts and limits ------------------------------------------------------------------------- */

static void add_host(struct binder *b, struct bulla_value *list, const struct bulla_value *from,
                     struct bulla_bytes host, struct bulla_bytes address)
{
    if (host.len == 0 || memchr(host.data, ':', host.len) != NULL ||
        memchr(host.data, '=', host.len) != NULL) {
        (void)reject(b, from, "bad host name '", host, "'");
        return;
    }
    if (address.len > 2 && address.data[0] == '[' && address.data[address.len - 1] == ']') {
        address = bulla_bytes_slice(address, 1, address.len - 2);
    }
    struct bulla_value name = {.text = host, .file = from->file, .pos = from->pos};
    value_push(b->store, list, pair_of(b->m, &name, address));
}

static void add_host_line(struct binder *b, struct bulla_value *list, struct bulla_value *item)
{
    struct bulla_bytes text = value_show(b->store, item);
    const uint8_t *mark = text.len > 0 ? memchr(text.data, '=', text.len) : NULL;
    mark = mark == NULL && text.len > 0 ? memchr(text.data, ':', text.len) : mark;
    if (mark == NULL) {
        (void)reject(b, item, "invalid additional host, missing IP: ", text, "");
        return;
    }
    size_t len = (size_t)(mark - text.data);
    struct bulla_bytes rest = bulla_bytes_slice(text, len + 1, text.len);
    for (bool more = true; more;) {
        const uint8_t *comma = rest.len > 0 ? memchr(rest.data, ',', rest.len) : NULL;
        size_t part = comma != NULL ? (size_t)(comma - rest.data) : rest.len;
        add_host(b, list, item, bulla_bytes(text.data, len), bulla_bytes(rest.data, part));
        rest = bulla_bytes_slice(rest, part + 1, rest.len);
        more = comma != NULL;
    }
}

struct bulla_value *bind_hosts(struct binder *b, struct bulla_value *value)
{
    struct bulla_value *list = fresh(b, BULLA_VALUE_LIST, value);
    for (size_t i = 0; i < value->count; i++) {
        struct bulla_value *item = value->entries[i].value;
        if (value->kind == BULLA_VALUE_LIST) {
            add_host_line(b, list, item);
        } else if (item->kind == BULLA_VALUE_LIST) {
            for (size_t j = 0; j < item->count; j++) {
                add_host(b, list, item, value->entries[i].key,
                         value_show(b->store, item->entries[j].value));
            }
        } else {
            add_host(b, list, item, value->entries[i].key,
                     item->kind == BULLA_VALUE_NULL ? bulla_bytes("", 0)
                                                    : value_show(b->store, item));
        }
    }
    sort_texts(list);
    return list->count > 0 ? list : NULL;
}

struct bulla_value *bind_ulimits(struct binder *b, struct bulla_value *value)
{
    struct bulla_value *map = fresh(b, BULLA_VALUE_MAP, value);
    for (size_t i = 0; i < value->count; i++) {
        struct bulla_value *item = value->entries[i].value;
        struct bulla_value *limit = item;
        if (item->kind == BULLA_VALUE_MAP || item->number == 0) {
            static const char *const names[] = {"soft", "hard", NULL};
            limit = fresh(b, BULLA_VALUE_MAP, item);
            for (size_t j = 0; names[j] != NULL; j++) {
                struct bulla_value *part = value_at(item, names[j]);
                if (part != NULL && part->kind != BULLA_VALUE_INT) {
                    return reject_kind(b, part, "int");
                }
                if (part != NULL && part->number != 0) {
                    value_put(b->store, limit, names[j], part);
                }
            }
        }
        value_set(b->store, map, value->entries[i].key, limit);
    }
    return map->count > 0 ? map : NULL;
}

struct bulla_value *bind_ssh(struct binder *b, struct bulla_value *value)
{
    struct bulla_value *list = fresh(b, BULLA_VALUE_LIST, value);
    for (size_t i = 0; i < value->count; i++) {
        value_push(b->store, list, value_text(b->store, value->entries[i].key));
    }
    return list->count > 0 ? list : NULL;
}
