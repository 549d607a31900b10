#include "others.h"

#include "bulla/check.h"

struct other {
    struct bulla_vault *vault;
    struct bulla_values *values;
};

void others_release(struct others *others)
{
    for (size_t i = 0; i < others->count; i++) {
        bulla_values_free(others->items[i].values);
        bulla_vault_close(others->items[i].vault);
    }
    bulla_free(others->rows);
    bulla_free(others->items);
    *others = (struct others){0};
}

/* Whatever stands in the way is no matter of this environment; only memory is. */
static bool is_fatal(struct bulla_error *err)
{
    if (err->code == BULLA_E_NOMEM || err->code == BULLA_E_BUG) {
        return true;
    }
    bulla_error_clear(err);
    return false;
}

static bool add(struct others *others, const struct workspace *ws,
                const struct bulla_environment *environment, struct bulla_error *err)
{
    bulla_auto_str path = workspace_vault_path(ws, environment, err);
    if (path == NULL) {
        return false;
    }
    struct bulla_vault_place place = workspace_place(ws);
    place.path = path;
    place.environment = environment->name;
    place.pinned_root = NULL;
    struct other other = {.vault = bulla_vault_open(&place, BULLA_VAULT_READ, err)};
    if (other.vault == NULL) {
        return !is_fatal(err);
    }
    if (bulla_vault_has_key(other.vault)) {
        other.values = bulla_values_resolve(ws->contract, environment->name, other.vault, err);
    }
    if (other.values == NULL) {
        bulla_vault_close(other.vault);
        return !is_fatal(err);
    }
    others->items[others->count] = other;
    others->rows[others->count] = (struct bulla_check_other){environment->name, other.values};
    others->count++;
    return true;
}

bool others_open(struct others *ret, const struct workspace *ws, struct bulla_error *err)
{
    *ret = (struct others){0};
    size_t count = ws->contract != NULL ? bulla_contract_environment_count(ws->contract) : 0;
    if (count < 2 || ws->vault == NULL || !bulla_vault_has_key(ws->vault)) {
        return true;
    }
    ret->items = bulla_alloc(count, sizeof *ret->items, err);
    ret->rows = bulla_alloc(count, sizeof *ret->rows, err);
    if (ret->items == NULL || ret->rows == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const struct bulla_environment *environment = bulla_contract_environment(ws->contract, i);
        if (environment != ws->environment && !add(ret, ws, environment, err)) {
            return false;
        }
    }
    return true;
}
