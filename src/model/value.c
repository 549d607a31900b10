#include "model/value.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bulla/limits.h"

#include "base/banned.h"

#define INDEX_FROM 12 /* keys; fewer are compared one by one */
#define MAX_VALUES ((size_t)4000000)

/* --- making ----------------------------------------------------------------------------------- */

struct bulla_value *value_new(struct store *store, enum bulla_value_kind kind)
{
    if (!store->stopped && store->values++ > MAX_VALUES) {
        store->stopped = true;
        (void)bulla_error(store->err, BULLA_E_LIMIT, "the project has more values than we follow");
    }
    struct bulla_value *value = store_alloc(store, sizeof *value);
    if (value == NULL) {
        store->spare = (struct bulla_value){.kind = kind};
        return &store->spare;
    }
    value->kind = kind;
    return value;
}

struct bulla_value *value_text(struct store *store, struct bulla_bytes text)
{
    struct bulla_value *value = value_new(store, BULLA_VALUE_TEXT);
    value->text = store_copy(store, text);
    return value;
}

struct bulla_value *value_string(struct store *store, const char *text)
{
    struct bulla_value *value = value_new(store, BULLA_VALUE_TEXT);
    value->text = bulla_bytes_of(text);
    return value;
}

struct bulla_value *value_bool(struct store *store, bool truth)
{
    struct bulla_value *value = value_new(store, BULLA_VALUE_BOOL);
    value->number = truth ? 1 : 0;
    return value;
}

struct bulla_value *value_int(struct store *store, int64_t number)
{
    struct bulla_value *value = value_new(store, BULLA_VALUE_INT);
    value->number = number;
    return value;
}

struct bulla_value *value_float(struct store *store, double real, bool single)
{
    struct bulla_value *value = value_new(store, BULLA_VALUE_FLOAT);
    value->real = real;
    value->single = single;
    return value;
}

struct bulla_value *value_printf(struct store *store, const char *fmt, ...)
{
    struct bulla_value *value = value_new(store, BULLA_VALUE_TEXT);
    va_list args;
    va_start(args, fmt);
    value->text = store_vprintf(store, fmt, args);
    va_end(args);
    return value;
}

struct bulla_value *value_placed(struct bulla_value *value, const struct bulla_value *from)
{
    value->file = from->file;
    value->pos = from->pos;
    value->key = from->key;
    value->unknown = from->unknown;
    return value;
}

struct bulla_value *value_named(struct bulla_value *value, const struct bulla_value *name)
{
    value->veiled = !name->literal;
    return value_placed(value, name);
}

struct bulla_value *value_clone(struct store *store, const struct bulla_value *value)
{
    struct bulla_value *copy = value_new(store, value->kind);
    *copy = *value;
    if (store->stopped || value->entries == NULL) {
        return copy;
    }
    copy->entries = NULL;
    copy->count = copy->cap = copy->index_cap = 0;
    copy->index = NULL;
    for (size_t i = 0; i < value->count; i++) {
        struct bulla_value *item = value_clone(store, value->entries[i].value);
        if (value->kind == BULLA_VALUE_MAP) {
            value_set(store, copy, value->entries[i].key, item);
        } else {
            value_push(store, copy, item);
        }
    }
    return copy;
}

/* --- lists and mappings ----------------------------------------------------------------------- */

static bool make_room(struct store *store, struct bulla_value *value)
{
    if (value->count < value->cap) {
        return true;
    }
    size_t cap = value->cap == 0 ? 4 : value->cap * 2;
    struct entry *entries =
        value == &store->spare ? NULL : store_alloc(store, cap * sizeof *entries);
    if (entries == NULL) {
        return false;
    }
    if (value->count > 0) {
        memcpy(entries, value->entries, value->count * sizeof *entries);
    }
    value->entries = entries;
    value->cap = cap;
    return true;
}

void value_push(struct store *store, struct bulla_value *list, struct bulla_value *item)
{
    if (make_room(store, list)) {
        list->entries[list->count++] = (struct entry){.value = item};
    }
}

static size_t hash(struct bulla_bytes key)
{
    uint64_t sum = 14695981039346656037ULL;
    for (size_t i = 0; i < key.len; i++) {
        sum = (sum ^ key.data[i]) * 1099511628211ULL;
    }
    return (size_t)(sum ^ sum >> 29);
}

static void add_to_index(struct bulla_value *map, size_t position)
{
    size_t mask = map->index_cap - 1;
    size_t at = hash(map->entries[position].key) & mask;
    while (map->index[at] != 0) {
        at = (at + 1) & mask;
    }
    map->index[at] = (uint32_t)position + 1;
}

/* Keeps the index at most half full; without memory the mapping goes without. */
static void update_index(struct store *store, struct bulla_value *map)
{
    if (map->index == NULL && map->count < INDEX_FROM) {
        return;
    }
    if (map->index != NULL && map->count * 2 <= map->index_cap) {
        add_to_index(map, map->count - 1);
        return;
    }
    size_t cap = map->index_cap == 0 ? (size_t)64 : map->index_cap * 2;
    while (cap < map->count * 2) {
        cap *= 2;
    }
    map->index = store_alloc(store, cap * sizeof *map->index);
    map->index_cap = map->index != NULL ? cap : 0;
    for (size_t i = 0; map->index != NULL && i < map->count; i++) {
        add_to_index(map, i);
    }
}

static struct entry *find_entry(const struct bulla_value *map, struct bulla_bytes key)
{
    if (map->index != NULL) {
        size_t mask = map->index_cap - 1;
        for (size_t at = hash(key) & mask; map->index[at] != 0; at = (at + 1) & mask) {
            struct entry *entry = &map->entries[map->index[at] - 1];
            if (bulla_bytes_equal(entry->key, key)) {
                return entry;
            }
        }
        return NULL;
    }
    for (size_t i = 0; i < map->count; i++) {
        if (bulla_bytes_equal(map->entries[i].key, key)) {
            return &map->entries[i];
        }
    }
    return NULL;
}

void value_set(struct store *store, struct bulla_value *map, struct bulla_bytes key,
               struct bulla_value *value)
{
    struct entry *entry = find_entry(map, key);
    if (entry != NULL) {
        entry->value = value;
    } else if (make_room(store, map)) {
        map->entries[map->count++] = (struct entry){.key = key, .value = value};
        update_index(store, map);
    }
}

void value_put(struct store *store, struct bulla_value *map, const char *key,
               struct bulla_value *value)
{
    value_set(store, map, bulla_bytes_of(key), value);
}

struct bulla_value *value_find(const struct bulla_value *map, struct bulla_bytes key)
{
    const struct entry *entry =
        map != NULL && map->kind == BULLA_VALUE_MAP ? find_entry(map, key) : NULL;
    return entry != NULL ? entry->value : NULL;
}

struct bulla_value *value_at(const struct bulla_value *map, const char *key)
{
    return value_find(map, bulla_bytes_of(key));
}

static void rebuild_index(struct bulla_value *map)
{
    if (map->index == NULL) {
        return;
    }
    memset(map->index, 0, map->index_cap * sizeof *map->index);
    for (size_t i = 0; i < map->count; i++) {
        add_to_index(map, i);
    }
}

void value_remove(struct bulla_value *map, struct bulla_bytes key)
{
    struct entry *entry = find_entry(map, key);
    if (entry == NULL) {
        return;
    }
    size_t position = (size_t)(entry - map->entries);
    memmove(entry, entry + 1, (map->count - position - 1) * sizeof *entry);
    map->count--;
    rebuild_index(map);
}

void value_remove_all(struct bulla_value *map, value_is_fn is, void *ctx)
{
    size_t kept = 0;
    for (size_t i = 0; i < map->count; i++) {
        if (!is(ctx, map->entries[i].key, map->entries[i].value)) {
            map->entries[kept++] = map->entries[i];
        }
    }
    if (kept < map->count) {
        map->count = kept;
        rebuild_index(map);
    }
}

int compare_bytes(struct bulla_bytes a, struct bulla_bytes b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    int order = len > 0 ? memcmp(a.data, b.data, len) : 0;
    return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

static int compare_keys(const void *a, const void *b)
{
    return compare_bytes(((const struct entry *)a)->key, ((const struct entry *)b)->key);
}

void value_sort(struct bulla_value *map)
{
    if (map->count > 1) {
        qsort(map->entries, map->count, sizeof *map->entries, compare_keys);
        rebuild_index(map);
    }
}

/* --- looking ---------------------------------------------------------------------------------- */

bool value_is(const struct bulla_value *value, enum bulla_value_kind kind)
{
    return value != NULL && value->kind == kind;
}

bool value_is_text(const struct bulla_value *value, const char *text)
{
    return value_is(value, BULLA_VALUE_TEXT) && bulla_bytes_are(value->text, text);
}

bool value_equal(const struct bulla_value *a, const struct bulla_value *b)
{
    if (a->kind != b->kind) {
        return false;
    }
    switch (a->kind) {
    case BULLA_VALUE_NULL:
        return true;
    case BULLA_VALUE_BOOL:
    case BULLA_VALUE_INT:
        return a->number == b->number;
    case BULLA_VALUE_FLOAT:
        return a->real == b->real;
    case BULLA_VALUE_TEXT:
        return bulla_bytes_equal(a->text, b->text);
    case BULLA_VALUE_LIST:
    case BULLA_VALUE_MAP:
        break;
    }
    bool same = a->count == b->count;
    for (size_t i = 0; same && i < a->count; i++) {
        const struct bulla_value *other =
            a->kind == BULLA_VALUE_MAP ? value_find(b, a->entries[i].key) : b->entries[i].value;
        same = other != NULL && value_equal(a->entries[i].value, other);
    }
    return same;
}

bool value_is_unknown(const struct bulla_value *value)
{
    bool unknown = value->unknown;
    for (size_t i = 0; !unknown && i < value->count; i++) {
        unknown = value->entries[i].value != NULL && value_is_unknown(value->entries[i].value);
    }
    return unknown;
}

/* Go's shortest form of REAL: digits that read back, an exponent from 1e6 on and below 1e-4. */
static struct bulla_bytes show_float(struct store *store, double real, bool single)
{
    char text[64];
    if (isnan(real) || isinf(real)) {
        return bulla_bytes_of(isnan(real) ? "NaN" : real > 0 ? "+Inf" : "-Inf");
    }
    int most = single ? 9 : 17;
    int digits = 1;
    for (; digits <= most; digits++) {
        (void)snprintf(text, sizeof text, "%.*e", digits - 1, real);
        if (single ? strtof(text, NULL) == (float)real : strtod(text, NULL) == real) {
            break;
        }
    }
    long exponent = strtol(strchr(text, 'e') + 1, NULL, 10);
    if (exponent < -4 || exponent >= 6) {
        return store_copy(store, bulla_bytes_of(text));
    }
    long decimals = digits - 1 - exponent;
    return store_printf(store, "%.*f", decimals > 0 ? (int)decimals : 0, real);
}

struct bulla_bytes value_show(struct store *store, const struct bulla_value *value)
{
    switch (value->kind) {
    case BULLA_VALUE_NULL:
        return bulla_bytes_of("<nil>");
    case BULLA_VALUE_BOOL:
        return bulla_bytes_of(value->number != 0 ? "true" : "false");
    case BULLA_VALUE_INT:
        return store_printf(store, "%" PRId64, value->number);
    case BULLA_VALUE_FLOAT:
        return value->large ? value->text : show_float(store, value->real, value->single);
    case BULLA_VALUE_TEXT:
        return value->text;
    case BULLA_VALUE_LIST:
    case BULLA_VALUE_MAP:
        break;
    }
    return bulla_bytes("", 0);
}
