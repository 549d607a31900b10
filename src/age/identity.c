#include "age/identity.h"

#include "bulla/mem.h"

#include "base/banned.h"

#define ARENA_BYTES ((size_t)4 * 1024)

struct bulla_identities *bulla_identities_new(const struct bulla_age_host *host,
                                              struct bulla_error *err)
{
    bulla_auto_identities identities = bulla_alloc(1, sizeof *identities, err);
    if (identities == NULL) {
        return NULL;
    }
    identities->host = host;
    identities->arena = bulla_arena_new(ARENA_BYTES, err);
    return identities->arena == NULL ? NULL : BULLA_STEAL(identities);
}

void bulla_identities_free(struct bulla_identities *identities)
{
    if (identities != NULL) {
        for (size_t i = 0; i < identities->count; i++) {
            bulla_free(identities->items[i].recipient);
        }
        bulla_arena_free(identities->arena);
        bulla_free(identities->items);
        for (size_t i = 0; i < identities->root_count; i++) {
            bulla_free(identities->roots[i]);
        }
        bulla_free(identities->roots);
        bulla_free(identities);
    }
}

bool identities_take(struct bulla_identities *identities, struct identity *identity,
                     struct bulla_error *err)
{
    bool ok = identities->count < AGE_MAX_IDENTITIES ||
              bulla_error(err, BULLA_E_LIMIT, "more than %d identities", AGE_MAX_IDENTITIES);
    ok = ok && bulla_grow(&identities->items, &identities->cap, identities->count + 1,
                          sizeof *identity, err);
    if (!ok) {
        bulla_free(identity->recipient);
        return false;
    }
    identities->items[identities->count++] = *identity;
    return true;
}

bool bulla_identities_add_passphrase(struct bulla_identities *identities,
                                     struct bulla_bytes passphrase, struct bulla_error *err)
{
    struct identity identity = {.kind = IDENTITY_PASSPHRASE};
    if (passphrase.len == 0) {
        return bulla_error(err, BULLA_E_INVALID, "the passphrase is empty");
    }
    return bulla_arena_add(identities->arena, passphrase, &identity.secret, err) &&
           identities_take(identities, &identity, err);
}

static bool unwrap_stanza(const struct identity *identity, const struct age_stanza *stanza,
                          struct age_keys *keys, bool *ret_opened, struct bulla_error *err)
{
    switch (identity->kind) {
    case IDENTITY_X25519:
        return !x25519_is_stanza(stanza) ||
               x25519_unwrap(stanza, identity->secret.data, identity->public_key, keys, ret_opened,
                             err);
    case IDENTITY_PASSPHRASE:
        break;
    }
    return !scrypt_is_stanza(stanza) ||
           scrypt_unwrap(stanza, identity->secret, keys, ret_opened, err);
}

bool identity_unwrap(const struct identity *identity, const struct age_header *header,
                     struct age_keys *keys, bool *ret_opened, struct bulla_error *err)
{
    *ret_opened = false;
    for (size_t i = 0; i < header->count && !*ret_opened; i++) {
        if (!unwrap_stanza(identity, &header->stanzas[i], keys, ret_opened, err)) {
            return false;
        }
    }
    return true;
}

size_t bulla_identities_count(const struct bulla_identities *identities)
{
    return identities->count;
}

const char *bulla_identities_recipient(const struct bulla_identities *identities, size_t index)
{
    const char *recipient = identities->items[index].recipient;
    return recipient != NULL ? recipient : "";
}

struct bulla_bytes bulla_identities_secret(const struct bulla_identities *identities, size_t index)
{
    const struct identity *identity = &identities->items[index];
    return identity->kind == IDENTITY_X25519 ? identity->secret : bulla_bytes(NULL, 0);
}

const char *bulla_identities_root(const struct bulla_identities *identities, size_t index)
{
    return index < identities->root_count ? identities->roots[index] : NULL;
}

const struct bulla_age_host *bulla_identities_host(const struct bulla_identities *identities)
{
    return identities == NULL ? NULL : identities->host;
}
