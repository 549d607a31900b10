#include <string.h>

#include "values/values_internal.h"

#include "base/banned.h"

/* True where a version of VARIABLE may stand under NAME. */
static bool is_of(const struct bulla_variable *variable, const char *name)
{
    const char *shown = variable->previous_as.text;
    return strcmp(variable->name, name) == 0 || (shown != NULL && strcmp(shown, name) == 0);
}

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
        enum bulla_held held = BULLA_HELD_NEVER;
        if (!is_of(variable, name)) {
            continue;
        }
        if (!bulla_vault_held(values->vault, variable->name, value, &held, err)) {
            return false;
        }
        *ret_held = held != BULLA_HELD_NEVER ? held : *ret_held;
    }
    return true;
}

/* A version that no key opens, or that is not what its record says, may have been any value. */
static bool is_passing(struct bulla_error *err)
{
    if (err->code == BULLA_E_NOMEM || err->code == BULLA_E_BUG) {
        return false;
    }
    bulla_error_clear(err);
    return true;
}

static bool ask_versions(struct bulla_vault *vault, const char *name, bulla_value_is_fn is,
                         void *ctx, enum bulla_held *ret_held, struct bulla_error *err)
{
    struct bulla_version_info version;
    for (size_t i = 0; *ret_held != BULLA_HELD && bulla_vault_version(vault, name, i, &version);
         i++) {
        struct bulla_bytes bytes;
        bool is_it = false;
        if (!bulla_vault_get_by_id(vault, version.id, &bytes, err)) {
            if (!is_passing(err)) {
                return false;
            }
            *ret_held = BULLA_HELD_UNKNOWN;
        } else if (!is(ctx, bytes, &is_it, err)) {
            return false;
        }
        *ret_held = is_it ? BULLA_HELD : *ret_held;
    }
    return true;
}

bool bulla_values_held_by(const struct bulla_values *values, const char *name, bulla_value_is_fn is,
                          void *ctx, enum bulla_held *ret_held, struct bulla_error *err)
{
    const struct bulla_value *row = bulla_values_find(values, name);
    bool is_it = false;
    if (row != NULL && row->state == BULLA_VALUE_SET && !is(ctx, row->bytes, &is_it, err)) {
        return false;
    }
    *ret_held = is_it ? BULLA_HELD : BULLA_HELD_NEVER;
    for (size_t i = 0; values->vault != NULL && i < values->section_count; i++) {
        const struct bulla_variable *variable = &values->rows[i].variable;
        if (is_of(variable, name) &&
            !ask_versions(values->vault, variable->name, is, ctx, ret_held, err)) {
            return false;
        }
    }
    return true;
}
