#include "filling.h"

#include <string.h>

static bool is_asked_for(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(names[i], name) == 0) {
            return true;
        }
    }
    return count == 0;
}

static bool make_one(struct workspace *ws, const struct bulla_value *value, const char *why,
                     struct bulla_error *err)
{
    bulla_auto_buf made;
    bulla_buf_init_secret(&made, BULLA_MAX_VALUE_BYTES);
    struct bulla_set_options options = {.kind = value->variable.kind.text, .why = why};
    return bulla_kind_generate(&value->kind, &made, err) &&
           bulla_vault_set(ws->vault, value->variable.name, bulla_buf_view(&made), &options,
                           ws->now, NULL, err);
}

bool filling_make(struct workspace *ws, const char *const *names, size_t name_count,
                  const char *why, size_t *ret_count, struct bulla_error *err)
{
    bulla_auto_values values = workspace_resolve(ws, err);
    if (values == NULL) {
        return false;
    }
    size_t count = 0;
    bulla_vault_batch_begin(ws->vault);
    for (size_t i = 0; i < bulla_values_count(values); i++) {
        const struct bulla_value *value = bulla_values_get(values, i);
        bool is_missing = value->state == BULLA_VALUE_MISSING || value->state == BULLA_VALUE_UNSET;
        if (value->variable.role != BULLA_ROLE_GENERATED || !is_missing ||
            !is_asked_for(value->variable.name, names, name_count)) {
            continue;
        }
        if (!make_one(ws, value, why, err)) {
            return bulla_error_while(err, "making '%s'", value->variable.name);
        }
        count++;
    }
    *ret_count = count;
    return bulla_vault_batch_end(ws->vault, err);
}
