/* Which epochs are open, which one a new value uses, what is exposed: docs/vault.5.md 8. */
#include <string.h>

#include "vault/vault_internal.h"

#include "base/banned.h"

static bool list_keys(struct bulla_vault *vault, struct bulla_error *err)
{
    vault->keys = pool_alloc(vault->judged, (vault->keyids.count + 1) * sizeof *vault->keys, err);
    if (vault->keys == NULL) {
        return false;
    }
    for (size_t i = 0; i < vault->keyids.count; i++) {
        vault->keys[i].record = NONE;
    }
    for (uint32_t bit = 0; bit < vault->reach.count; bit++) {
        const struct record *record = &vault->records[vault->reach.tracked[bit]];
        if (record->t.kind != RECORD_KEY) {
            continue;
        }
        struct key *key = &vault->keys[record->subject];
        if (key->record != NONE) {
            return vault_refuse(vault, record, err, "announces a key id that is taken");
        }
        key->record = vault->reach.tracked[bit];
    }
    return true;
}

static bool list_grants(struct bulla_vault *vault, struct bulla_error *err)
{
    vault->grants = pool_alloc(vault->judged, (vault->count + 1) * sizeof(uint32_t), err);
    if (vault->grants == NULL) {
        return false;
    }
    for (size_t i = 0; i < vault->count; i++) {
        const struct record *record = &vault->records[i];
        if (record->t.kind == RECORD_GRANT) {
            vault->keys[vault->records[record->epoch].subject].grant_count++;
        }
    }
    uint32_t used = 0;
    for (size_t i = 0; i < vault->keyids.count; i++) {
        vault->keys[i].first_grant = used;
        used += vault->keys[i].grant_count;
        vault->keys[i].grant_count = 0;
    }
    for (size_t i = 0; i < vault->count; i++) {
        const struct record *record = &vault->records[vault->graph.order[i]];
        if (record->t.kind == RECORD_GRANT) {
            struct key *key = &vault->keys[vault->records[record->epoch].subject];
            vault->grants[key->first_grant + key->grant_count++] = vault->graph.order[i];
        }
    }
    return true;
}

bool epochs_link(struct bulla_vault *vault, struct bulla_error *err)
{
    if (!list_keys(vault, err)) {
        return false;
    }
    for (size_t i = 0; i < vault->count; i++) {
        struct record *record = &vault->records[i];
        record->epoch = NONE;
        if (record->t.key.len == 0) {
            continue;
        }
        uint32_t key = intern_find(&vault->keyids, record_span(&record->t, record->t.key));
        const struct record *epoch = key == NONE ? NULL : &vault->records[vault->keys[key].record];
        if (epoch == NULL || !reach_is_above(vault, epoch->tracked, record)) {
            return vault_refuse(vault, record, err, "names in 'k' no key that it could know");
        }
        record->epoch = vault->keys[key].record;
    }
    return list_grants(vault, err);
}

/* Nobody who was granted it has been removed since; a grant that does not count is one too. */
static bool is_open(const struct bulla_vault *vault, const struct key *key)
{
    if (vault->records[key->record].counts != 1) {
        return false;
    }
    for (uint32_t i = 0; i < key->grant_count; i++) {
        const struct record *grant = &vault->records[vault->grants[key->first_grant + i]];
        const struct person *person = &vault->people[grant->subject];
        if (person->last.role == ROLE_NONE) {
            return false;
        }
        for (uint32_t j = 0; j < person->about_count; j++) {
            const struct record *status = &vault->records[person->about[j].record];
            if (status->t.kind == RECORD_UNMEMBER && status->counts == 1 &&
                !reach_is_above(vault, status->tracked, grant)) {
                return false;
            }
        }
    }
    return true;
}

static void choose_epoch(struct bulla_vault *vault)
{
    vault->epoch = NONE;
    for (size_t i = 0; i < vault->keyids.count; i++) {
        const struct record *record = &vault->records[vault->keys[i].record];
        bool newest = vault->keys[i].open;
        for (size_t j = 0; j < vault->keyids.count && newest; j++) {
            newest =
                !(vault->keys[j].open &&
                  reach_is_above(vault, record->tracked, &vault->records[vault->keys[j].record]));
        }
        if (newest && (vault->epoch == NONE ||
                       memcmp(record->id, vault->records[vault->epoch].id, TEXT_ID_CHARS) < 0)) {
            vault->epoch = vault->keys[i].record;
        }
    }
}

/* Exposure goes along `from`: followed to what is decided, then written on the way back. */
static bool spread_exposure(struct bulla_vault *vault, struct bulla_error *err)
{
    uint32_t *trail = pool_alloc(vault->judged, (vault->count + 1) * sizeof *trail, err);
    uint8_t *decided = pool_alloc(vault->judged, vault->count + 1, err);
    if (trail == NULL || decided == NULL) {
        return false;
    }
    for (size_t i = 0; i < vault->count; i++) {
        size_t depth = 0;
        uint32_t at = (uint32_t)i;
        while (at != NONE && vault->records[at].t.kind == RECORD_SET && decided[at] == 0) {
            decided[at] = 1;
            trail[depth++] = at;
            at = vault->records[at].from;
        }
        for (; depth > 0; depth--) {
            struct record *record = &vault->records[trail[depth - 1]];
            record->exposed = record->exposed ||
                              !vault->keys[vault->records[record->epoch].subject].open ||
                              (record->from != NONE && vault->records[record->from].exposed);
        }
    }
    return true;
}

bool epochs_build(struct bulla_vault *vault, struct bulla_error *err)
{
    for (size_t i = 0; i < vault->keyids.count; i++) {
        vault->keys[i].open = is_open(vault, &vault->keys[i]);
    }
    choose_epoch(vault);
    return spread_exposure(vault, err);
}
