#include "others.h"

#include <string.h>

#include "bulla/check.h"

#define RULE "B309"

void others_release(struct others *others)
{
    for (size_t i = 0; i < others->count; i++) {
        bulla_vault_close(others->rows[i].vault);
    }
    bulla_free(others->rows);
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

bool others_open_vault(struct workspace *ws, const struct bulla_environment *environment,
                       struct bulla_vault **ret_vault, struct bulla_error *err)
{
    *ret_vault = NULL;
    bulla_auto_str path = workspace_vault_path(ws, environment, err);
    if (path == NULL) {
        return false;
    }
    /* With nobody behind them the keys ask nobody. */
    const struct bulla_age_host host = ws->age_host;
    ws->age_host = (struct bulla_age_host){0};
    struct bulla_vault_place place = workspace_place(ws);
    place.path = path;
    place.environment = environment->name;
    place.pinned_root = NULL;
    struct bulla_vault *vault = bulla_vault_open(&place, BULLA_VAULT_READ, err);
    ws->age_host = host;
    if (vault == NULL) {
        return !is_fatal(err);
    }
    if (!bulla_vault_has_key(vault)) {
        bulla_vault_close(vault);
        return true;
    }
    *ret_vault = vault;
    return true;
}

static bool add(struct others *others, struct workspace *ws,
                const struct bulla_environment *environment, struct bulla_error *err)
{
    struct bulla_vault *vault = NULL;
    if (!others_open_vault(ws, environment, &vault, err)) {
        return false;
    }
    if (vault != NULL) {
        others->rows[others->count++] = (struct bulla_check_other){environment->name, vault};
    }
    return true;
}

/* True where the contract leaves the rule out in this environment. */
static bool is_off(const struct workspace *ws)
{
    for (size_t i = 0; i < bulla_contract_rule_count(ws->contract); i++) {
        const struct bulla_check_rule *rule = bulla_contract_rule(ws->contract, i);
        bool is_here =
            rule->environment == NULL || strcmp(rule->environment, ws->environment->name) == 0;
        if (is_here && rule->off && strcmp(rule->rule, RULE) == 0) {
            return true;
        }
    }
    return false;
}

/* True where a secret of the vault is there that could stand in another one as well. */
static bool has_secret(const struct bulla_values *values)
{
    for (size_t i = 0; values != NULL && i < bulla_values_count(values); i++) {
        const struct bulla_value *value = bulla_values_get(values, i);
        enum bulla_role role = value->variable.role;
        if (value->state == BULLA_VALUE_SET && value->source == BULLA_FROM_VAULT &&
            (role == BULLA_ROLE_GENERATED || role == BULLA_ROLE_PROVIDED)) {
            return true;
        }
    }
    return false;
}

bool others_open(struct others *ret, struct workspace *ws, const struct bulla_values *values,
                 struct bulla_error *err)
{
    *ret = (struct others){0};
    size_t count = ws->contract != NULL ? bulla_contract_environment_count(ws->contract) : 0;
    if (count < 2 || ws->vault == NULL || !bulla_vault_has_key(ws->vault)) {
        return true;
    }
    bool is_compared = !is_off(ws) && has_secret(values);
    ret->rows = bulla_alloc(count, sizeof *ret->rows, err);
    bool ok = ret->rows != NULL;
    for (size_t i = 0; ok && i < count; i++) {
        const struct bulla_environment *environment = bulla_contract_environment(ws->contract, i);
        bool is_wanted =
            is_compared || bulla_environment_shares_output(environment, ws->environment);
        ok = environment == ws->environment || !is_wanted || add(ret, ws, environment, err);
    }
    return ok;
}
