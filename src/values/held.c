#include <string.h>

#include "values/values_internal.h"

#include "base/banned.h"

bool bulla_values_held(const struct bulla_values *values, const char *name,
                       struct bulla_bytes value, enum bulla_held *ret_held, struct bulla_error *err)
{
    const struct bulla_value *row = bulla_values_find(values, name);
    *ret_held = BULLA_HELD_NEVER;
    if (row != NULL && row->state == BULLA_VALUE_SET &&
        bulla_secret_bytes_equal(row->bytes, value)) {
        *ret_held = BULLA_HELD;
        return true;
    }
    if (values->vault == NULL) {
        return true;
    }
    for (size_t i = 0; i < values->section_count && *ret_held != BULLA_HELD; i++) {
        const struct bulla_variable *variable = &values->rows[i].variable;
        const char *shown = variable->previous_as.text;
        enum bulla_held held = BULLA_HELD_NEVER;
        if (strcmp(variable->name, name) != 0 && (shown == NULL || strcmp(shown, name) != 0)) {
            continue;
        }
        if (!bulla_vault_held(values->vault, variable->name, value, &held, err)) {
            return false;
        }
        *ret_held = held != BULLA_HELD_NEVER ? held : *ret_held;
    }
    return true;
}
