/* The identities as authors: the signing key of an age secret (docs/vault.5.md 4.2). */
#include <string.h>

#include "crypto/prim.h"
#include "vault/seal.h"

#include "base/banned.h"

#define AUTHOR_CONTEXT "bulla1/author"
#define SIGN_CONTEXT "bulla1/sig\n"

/* RET_SECRET is on the caller's stack, who wipes it. False for an identity that signs nothing. */
static bool derive(const struct bulla_identities *identities, size_t index,
                   uint8_t ret_public[static 32], uint8_t ret_secret[static PRIM_SIGN_SECRET_BYTES])
{
    struct bulla_bytes secret = bulla_identities_secret(identities, index);
    uint8_t seed[32];
    if (secret.len == 0) {
        return false;
    }
    prim_expand(seed, secret.data, bulla_bytes_of(AUTHOR_CONTEXT));
    prim_sign_keys(ret_public, ret_secret, seed);
    bulla_wipe(seed, sizeof seed);
    return true;
}

void bulla_vault_sign_key(const struct bulla_identities *identities, size_t index,
                          char ret_sign[BULLA_SIGN_KEY_CHARS + 1])
{
    uint8_t public_key[32];
    uint8_t secret[PRIM_SIGN_SECRET_BYTES];
    ret_sign[0] = '\0';
    if (derive(identities, index, public_key, secret)) {
        bulla_wipe(secret, sizeof secret);
        text_format_id(public_key, ret_sign);
    }
}

size_t bulla_vault_signer(const struct bulla_identities *identities, size_t index)
{
    size_t count = bulla_identities_count(identities);
    if (index < count && bulla_identities_secret(identities, index).len > 0) {
        return index;
    }
    size_t signer = 0;
    while (signer < count && bulla_identities_secret(identities, signer).len == 0) {
        signer++;
    }
    return signer;
}

const char *author_sign(const struct bulla_vault *vault, size_t index)
{
    struct author_key *author = &vault->authors[index];
    if (author->sign[0] == '\0') {
        bulla_vault_sign_key(vault->identities, index, author->sign);
    }
    return author->sign;
}

uint32_t author_me(const struct bulla_vault *vault, size_t *ret_identity)
{
    size_t count = vault->identities == NULL ? 0 : bulla_identities_count(vault->identities);
    for (size_t i = 0; i < count; i++) {
        uint32_t key = intern_find(&vault->signs, bulla_bytes_of(author_sign(vault, i)));
        for (uint32_t bit = 0; key != NONE && bit < vault->reach.count; bit++) {
            const struct record *record = &vault->records[vault->reach.tracked[bit]];
            if (!record_is_status(record)) {
                continue;
            }
            struct word last = vault->people[record->subject].last;
            if (last.role != ROLE_NONE && last.key == key) {
                *ret_identity = i;
                return record->subject;
            }
        }
    }
    return NONE;
}

void author_sign_message(const struct bulla_identities *identities, size_t index,
                         struct bulla_bytes message, uint8_t ret_signature[static 64])
{
    uint8_t public_key[32];
    uint8_t secret[PRIM_SIGN_SECRET_BYTES];
    /* Whoever signs has asked for the signing key before, so there is one. */
    (void)derive(identities, index, public_key, secret);
    prim_sign(ret_signature, message, secret);
    bulla_wipe(secret, sizeof secret);
}

void author_make_signature(const struct bulla_vault *vault, size_t identity, const char *id,
                           uint8_t ret_signature[static 64])
{
    char message[sizeof SIGN_CONTEXT - 1 + TEXT_ID_CHARS];
    memcpy(message, SIGN_CONTEXT, sizeof SIGN_CONTEXT - 1);
    memcpy(message + sizeof SIGN_CONTEXT - 1, id, TEXT_ID_CHARS);
    author_sign_message(vault->identities, identity, bulla_bytes(message, sizeof message),
                        ret_signature);
}

const char *bulla_vault_me(const struct bulla_vault *vault)
{
    size_t identity = 0;
    uint32_t me = author_me(vault, &identity);
    return me == NONE ? NULL : vault->members.entries[me].text;
}
