/* What the vaults that are there have for the secrets of a contract, asked for only where needed.
 */
#include <string.h>

#include "init.h"

/* Opens the vault of KNOWN's environment, once; without VALUES it tells nothing. */
static void open_known(const struct init *init, struct init_known_environment *known,
                       const char *environment)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    known->is_open = true;
    known->in = *init->in;
    known->in.global.environment = environment;
    /* What is wrong with a vault is said where it is opened to be written to. */
    if (workspace_open_planned(&known->ws, &known->in, init->root,
                               bulla_buf_view(&init->before_text), &err) &&
        workspace_has_vault(&known->ws) &&
        workspace_open_vault(&known->ws, BULLA_VAULT_READ, WORKSPACE_KEY_OPTIONAL, &err) &&
        bulla_vault_closed(known->ws.vault) == NULL) {
        known->values = workspace_resolve(&known->ws, &err);
    }
}

bool init_known_find(void *ctx, const char *environment, const char *name,
                     struct bulla_bytes *ret_value)
{
    struct init_known *known = ctx;
    const struct bulla_contract *contract = known->init->before.contract;
    for (size_t i = 0; i < bulla_contract_environment_count(contract) && i < INIT_MAX_ENVIRONMENTS;
         i++) {
        struct init_known_environment *at = &known->environments[i];
        const char *here = bulla_contract_environment(contract, i)->name;
        if (strcmp(here, environment) != 0) {
            continue;
        }
        if (!at->is_open) {
            open_known(known->init, at, here);
        }
        const struct bulla_value *value =
            at->values != NULL ? bulla_values_find(at->values, name) : NULL;
        bool is_secret = value != NULL && value->state == BULLA_VALUE_SET &&
                         value->source == BULLA_FROM_VAULT &&
                         value->variable.role != BULLA_ROLE_SETTING;
        *ret_value = is_secret ? value->bytes : bulla_bytes(NULL, 0);
        return is_secret;
    }
    return false;
}

void init_known_release(struct init_known *known)
{
    for (size_t i = 0; i < INIT_MAX_ENVIRONMENTS; i++) {
        if (known->environments[i].is_open) {
            bulla_values_free(known->environments[i].values);
            workspace_release(&known->environments[i].ws);
        }
    }
}
