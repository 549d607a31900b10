/*
 * A vault of a few rows in the place of the real one, which has tests of its own: contested names
 * and epochs without a key are a word here. Its functions stand before the library's.
 */
#ifndef BULLA_TESTS_FAKE_VAULT_H
#define BULLA_TESTS_FAKE_VAULT_H

#include <string.h>

#include "bulla/vault.h"

struct held {
    const char *name;
    const char *value;    /* NULL: deleted */
    const char *previous; /* NULL: none */
    int64_t until;        /* of the previous one */
    bool contested;
    bool sealed;
    bool broken;
    bool ambiguous; /* two versions have the previous one's number */
};

struct bulla_vault {
    const struct held *held;
    size_t count;
    bool has_key;
};

bool bulla_vault_has_key(const struct bulla_vault *vault)
{
    return vault->has_key;
}

size_t bulla_vault_count(const struct bulla_vault *vault)
{
    return vault->count;
}

void bulla_vault_secret(const struct bulla_vault *vault, size_t index,
                        struct bulla_secret_info *ret_info)
{
    static const struct bulla_version_info current = {.number = 2, .state = BULLA_VERSION_CURRENT};
    const struct held *held = &vault->held[index];
    *ret_info = (struct bulla_secret_info){.name = held->name,
                                           .version_count = 2,
                                           .deleted = held->value == NULL,
                                           .contested = held->contested};
    if (held->value != NULL && !held->contested) {
        ret_info->current = &current;
    }
}

static const struct held *find_held(const struct bulla_vault *vault, const char *name)
{
    for (size_t i = 0; i < vault->count; i++) {
        if (strcmp(vault->held[i].name, name) == 0) {
            return &vault->held[i];
        }
    }
    return NULL;
}

bool bulla_vault_find(const struct bulla_vault *vault, const char *name,
                      struct bulla_secret_info *ret_info)
{
    const struct held *held = find_held(vault, name);
    if (held != NULL) {
        bulla_vault_secret(vault, (size_t)(held - vault->held), ret_info);
    }
    return held != NULL;
}

bool bulla_vault_version(const struct bulla_vault *vault, const char *name, size_t index,
                         struct bulla_version_info *ret_info)
{
    const struct held *held = find_held(vault, name);
    if (held == NULL || index > 1) {
        return false;
    }
    *ret_info =
        (struct bulla_version_info){.id = held->name + (index == 0 ? 0 : strlen(held->name)),
                                    .number = index == 0 ? 2 : 1,
                                    .until = index == 0 ? 0 : held->until,
                                    .state = index == 0               ? BULLA_VERSION_CURRENT
                                             : held->previous != NULL ? BULLA_VERSION_PREVIOUS
                                                                      : BULLA_VERSION_RETIRED};
    return true;
}

bool bulla_vault_get(struct bulla_vault *vault, const char *name, uint32_t number,
                     struct bulla_bytes *ret_value, struct bulla_error *err)
{
    const struct held *held = find_held(vault, name);
    if (held == NULL || held->contested) {
        return bulla_error(err, BULLA_E_BUG, "nothing to get");
    }
    if (held->sealed) {
        return bulla_error(err, BULLA_E_IDENTITY, "no key");
    }
    if (held->ambiguous && number == 1) {
        return bulla_error(err, BULLA_E_REFUSED, "not unique");
    }
    if (held->broken) {
        return bulla_error(err, BULLA_E_VERIFY, "the seal does not open");
    }
    *ret_value = bulla_bytes_of(number == 1 ? held->previous : held->value);
    return true;
}

/* An id is where the name begins, that of the version before where it ends. */
bool bulla_vault_get_by_id(struct bulla_vault *vault, const char *id, struct bulla_bytes *ret_value,
                           struct bulla_error *err)
{
    for (size_t i = 0; i < vault->count; i++) {
        const struct held *held = &vault->held[i];
        const char *value = id == held->name ? held->value : held->previous;
        if (id == held->name || id == held->name + strlen(held->name)) {
            *ret_value = bulla_bytes_of(value != NULL ? value : "");
            return true;
        }
    }
    return bulla_error(err, BULLA_E_BUG, "nothing to get");
}

bool bulla_vault_held(struct bulla_vault *vault, const char *name, struct bulla_bytes value,
                      enum bulla_held *ret_held, struct bulla_error *err)
{
    const struct held *held = find_held(vault, name);
    (void)err;
    bool is_one =
        held != NULL && ((held->value != NULL && bulla_bytes_are(value, held->value)) ||
                         (held->previous != NULL && bulla_bytes_are(value, held->previous)));
    *ret_held = is_one ? BULLA_HELD : BULLA_HELD_NEVER;
    return true;
}

#endif
