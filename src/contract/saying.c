#include "bulla/contract.h"

#include <string.h>

#include "contract/contract_internal.h"

#include "base/banned.h"

/* True where ENTRY is the one of its key that counts. */
static bool counts(const struct ini_section *section, const struct ini_entry *entry,
                   const char *environment)
{
    if (entry->id == KEY_EXTENSION) {
        return entry->environment == NULL ||
               (environment != NULL && strcmp(entry->environment, environment) == 0);
    }
    return entry_find(section, (enum key)entry->id, environment) == entry;
}

/* The project's `rotate`, where it is what VARIABLE turns by. */
static const struct ini_entry *project_rotation(const struct bulla_contract *contract, size_t index,
                                                const char *environment)
{
    const struct ini_section *section = contract->variables[index];
    struct bulla_variable variable;
    bulla_contract_variable(contract, index, environment, &variable);
    bool is_secret = variable.role == BULLA_ROLE_GENERATED || variable.role == BULLA_ROLE_PROVIDED;
    if (!is_secret || contract->project_section == NULL ||
        entry_find(section, KEY_ROTATE, environment) != NULL) {
        return NULL;
    }
    return entry_find(contract->project_section, KEY_PROJECT_ROTATE, environment);
}

bool bulla_contract_saying(const struct bulla_contract *contract, size_t index,
                           const char *environment, size_t number, struct bulla_saying *ret_saying)
{
    const struct ini_section *section = contract->variables[index];
    const struct ini_entry *entry = section->entries;
    bool project = false;
    for (; entry != NULL; entry = entry->next) {
        if (counts(section, entry, environment) && number-- == 0) {
            break;
        }
    }
    if (entry == NULL && number == 0) {
        entry = project_rotation(contract, index, environment);
        project = true;
    }
    if (entry == NULL) {
        return false;
    }
    *ret_saying = (struct bulla_saying){entry->key, entry->environment, entry->value, project};
    return true;
}
