/* A model as its callers see it. */
#include "model/value.h"

#include "base/banned.h"

enum bulla_value_kind bulla_value_kind(const struct bulla_value *value)
{
    return value->kind;
}

bool bulla_value_bool(const struct bulla_value *value)
{
    return value->kind == BULLA_VALUE_BOOL && value->number != 0;
}

int64_t bulla_value_int(const struct bulla_value *value)
{
    return value->kind == BULLA_VALUE_INT ? value->number : 0;
}

double bulla_value_float(const struct bulla_value *value, bool *ret_single)
{
    if (ret_single != NULL) {
        *ret_single = value->single;
    }
    return value->kind == BULLA_VALUE_FLOAT ? value->real : 0;
}

struct bulla_bytes bulla_value_text(const struct bulla_value *value)
{
    return value->kind == BULLA_VALUE_TEXT ? value->text : bulla_bytes(NULL, 0);
}

size_t bulla_value_count(const struct bulla_value *value)
{
    return value->kind == BULLA_VALUE_LIST || value->kind == BULLA_VALUE_MAP ? value->count : 0;
}

const struct bulla_value *bulla_value_item(const struct bulla_value *value, size_t index,
                                           struct bulla_bytes *ret_key)
{
    if (index >= bulla_value_count(value)) {
        return NULL;
    }
    if (ret_key != NULL) {
        *ret_key = value->entries[index].key;
    }
    return value->entries[index].value;
}

const struct bulla_value *bulla_value_get(const struct bulla_value *value, struct bulla_bytes key)
{
    return value_find(value, key);
}
