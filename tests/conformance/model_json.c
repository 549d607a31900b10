#include "model_json.h"

#include <stdlib.h>
#include <string.h>

static json_t *text_of(struct bulla_bytes text)
{
    json_t *json = json_stringn(text.len > 0 ? (const char *)text.data : "", text.len);
    /* Bytes that are no UTF-8: never equal to anything that is expected. */
    return json != NULL ? json : json_string_nocheck("\xff");
}

static json_t *collection_of(const struct bulla_value *value)
{
    bool map = bulla_value_kind(value) == BULLA_VALUE_MAP;
    json_t *json = map ? json_object() : json_array();
    for (size_t i = 0; i < bulla_value_count(value); i++) {
        struct bulla_bytes key;
        json_t *item = model_json(bulla_value_item(value, i, &key));
        if (map) {
            (void)json_object_setn_new(json, key.len > 0 ? (const char *)key.data : "", key.len,
                                       item);
        } else {
            (void)json_array_append_new(json, item);
        }
    }
    return json;
}

json_t *model_json(const struct bulla_value *value)
{
    switch (bulla_value_kind(value)) {
    case BULLA_VALUE_NULL:
        return json_null();
    case BULLA_VALUE_BOOL:
        return json_boolean(bulla_value_bool(value));
    case BULLA_VALUE_INT:
        return json_integer(bulla_value_int(value));
    case BULLA_VALUE_FLOAT:
        return json_real(bulla_value_float(value, NULL));
    case BULLA_VALUE_TEXT:
        return text_of(bulla_value_text(value));
    case BULLA_VALUE_LIST:
    case BULLA_VALUE_MAP:
        break;
    }
    return collection_of(value);
}

static const struct bulla_value *find(const struct bulla_value *value, const char *path)
{
    const struct bulla_value *found = NULL;
    for (size_t i = 0; found == NULL && i < bulla_value_count(value); i++) {
        struct bulla_bytes key;
        const struct bulla_value *item = bulla_value_item(value, i, &key);
        if (bulla_value_kind(value) != BULLA_VALUE_MAP ||
            strncmp(path, (const char *)key.data, key.len) != 0) {
            continue;
        }
        char next = path[key.len];
        found = next == '\0' ? item : next == '.' ? find(item, path + key.len + 1) : NULL;
    }
    return found;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static json_t *names_of(const struct bulla_value *map)
{
    size_t count = bulla_value_count(map);
    const char **names = calloc(count + 1, sizeof *names);
    json_t *list = json_array();
    for (size_t i = 0; names != NULL && i < count; i++) {
        struct bulla_bytes key;
        (void)bulla_value_item(map, i, &key);
        /* Names have a NUL behind: they come from the model's pool. */
        names[i] = (const char *)key.data;
    }
    if (names != NULL && count > 1) {
        qsort(names, count, sizeof *names, compare_names);
    }
    for (size_t i = 0; names != NULL && i < count; i++) {
        (void)json_array_append_new(list, json_string(names[i]));
    }
    free(names);
    return list;
}

json_t *model_json_at(const struct bulla_value *root, const char *path)
{
    const struct bulla_value *value = find(root, path);
    if (value == NULL) {
        return json_null();
    }
    return strcmp(path, "services") == 0 ? names_of(value) : model_json(value);
}
