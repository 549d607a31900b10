#include "age/identity.h"

#include <string.h>

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

static void release(struct identity *identity)
{
    bulla_free(identity->recipient);
    bulla_free(identity->prompt);
    ssh_free_private(identity->ssh);
}

void bulla_identities_free(struct bulla_identities *identities)
{
    if (identities != NULL) {
        for (size_t i = 0; i < identities->count; i++) {
            release(&identities->items[i]);
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
        release(identity);
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

bool bulla_identities_ask_passphrase(struct bulla_identities *identities, const char *prompt,
                                     struct bulla_error *err)
{
    struct identity identity = {.kind = IDENTITY_PASSPHRASE, .prompt = bulla_strdup(prompt, err)};
    return identity.prompt != NULL && identities_take(identities, &identity, err);
}

bool identities_ask(const struct bulla_identities *identities, const char *prompt,
                    struct bulla_buf *answer, struct bulla_error *err)
{
    const struct bulla_age_host *host = identities->host;
    if (host == NULL || host->ask_secret == NULL) {
        return bulla_error(err, BULLA_E_IDENTITY, "there is nobody to ask for the %s", prompt);
    }
    return host->ask_secret(host->ctx, prompt, answer, err);
}

bool identities_ask_ssh(void *ctx, const char *name, struct bulla_buf *answer,
                        struct bulla_error *err)
{
    bulla_auto_str prompt = bulla_asprintf(err, "passphrase of %.400s", name);
    return prompt != NULL && identities_ask(ctx, prompt, answer, err);
}

/* Asks for a key's passphrase only where a stanza is for that key. */
static bool unwrap_ssh(const struct bulla_identities *identities, const struct identity *identity,
                       const struct age_stanza *stanza, struct age_keys *keys, bool *ret_opened,
                       struct bulla_error *err)
{
    void *ctx = (void *)(uintptr_t)identities;
    if (!ssh_is_for(stanza, &identity->ssh->public_key)) {
        return true;
    }
    *ret_opened =
        ssh_open_private(identity->ssh, identities->arena, identities_ask_ssh, ctx, err) &&
        ssh_unwrap(stanza, identity->ssh, keys, err);
    return *ret_opened;
}

static bool unwrap_passphrase(const struct bulla_identities *identities,
                              const struct identity *identity, const struct age_stanza *stanza,
                              struct age_keys *keys, bool *ret_opened, struct bulla_error *err)
{
    bulla_auto_buf answer;
    bulla_buf_init_secret(&answer, BULLA_AGE_MAX_PASSPHRASE_BYTES);
    if (identity->prompt == NULL) {
        return scrypt_unwrap(stanza, identity->secret, keys, ret_opened, err);
    }
    return identities_ask(identities, identity->prompt, &answer, err) &&
           scrypt_unwrap(stanza, bulla_buf_view(&answer), keys, ret_opened, err);
}

static bool unwrap_stanza(const struct bulla_identities *identities,
                          const struct identity *identity, const struct age_stanza *stanza,
                          struct age_keys *keys, bool *ret_opened, struct bulla_error *err)
{
    switch (identity->kind) {
    case IDENTITY_X25519:
        return !x25519_is_stanza(stanza) ||
               x25519_unwrap(stanza, identity->secret.data, identity->public_key, keys, ret_opened,
                             err);
    case IDENTITY_PQ:
        return !pq_is_stanza(stanza) ||
               pq_unwrap(stanza, identity->secret.data, keys, ret_opened, err);
    case IDENTITY_SSH:
        return unwrap_ssh(identities, identity, stanza, keys, ret_opened, err);
    case IDENTITY_PLUGIN:
        return true; /* it looks at all stanzas at once */
    case IDENTITY_PASSPHRASE:
        break;
    }
    return !scrypt_is_stanza(stanza) ||
           unwrap_passphrase(identities, identity, stanza, keys, ret_opened, err);
}

bool identity_unwrap(const struct bulla_identities *identities, const struct identity *identity,
                     const struct age_header *header, struct age_keys *keys, bool *ret_opened,
                     struct bulla_error *err)
{
    *ret_opened = false;
    if (identity->kind == IDENTITY_PLUGIN) {
        struct plugin_key key = {.is_identity = true, .text = identity->secret};
        memcpy(key.name, identity->plugin, sizeof key.name);
        return plugin_unwrap(identities->host, &key, header, keys, ret_opened, err);
    }
    for (size_t i = 0; i < header->count && !*ret_opened; i++) {
        if (!unwrap_stanza(identities, identity, &header->stanzas[i], keys, ret_opened, err)) {
            return false;
        }
    }
    return true;
}

bool identity_may_open(const struct bulla_identities *identities, size_t index,
                       struct bulla_bytes recipient)
{
    const struct identity *identity = &identities->items[index];
    char name[PLUGIN_MAX_NAME_BYTES + 1];
    if (identity->kind == IDENTITY_PLUGIN) {
        return plugin_recipient_name(recipient, name) && strcmp(name, identity->plugin) == 0;
    }
    return identity->recipient != NULL && bulla_bytes_are(recipient, identity->recipient);
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
