/* Which epochs are open, which one a new value uses, what is exposed: docs/vault.5.md 8. */
#include <string.h>

#include "vault/judge.h"
#include "vault/lines.h"

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
        const struct record *record = record_down(vault, i);
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
        if (record->t.key_start == 0) {
            continue;
        }
        uint32_t key = intern_find(&vault->keyids, record_key(&record->t));
        const struct record *epoch = key == NONE ? NULL : &vault->records[vault->keys[key].record];
        if (epoch == NULL || !reach_is_above(vault, epoch->tracked, record)) {
            return vault_refuse(vault, record, err, "names in 'k' no key that it could know");
        }
        record->epoch = vault->keys[key].record;
    }
    return list_grants(vault, err);
}

static void close_epoch(struct key *key, int64_t at)
{
    key->open = false;
    key->closed_at = at < key->closed_at ? at : key->closed_at;
}

/* What GRANT does to KEY: nobody who was granted it may have been removed since. */
static void judge_grant(struct bulla_vault *vault, struct key *key, const struct record *grant)
{
    const struct person *person = &vault->people[grant->subject];
    vault->steps += person->about_count;
    bool removed = false;
    for (uint32_t i = 0; i < person->about_count; i++) {
        const struct record *status = &vault->records[person->about[i].record];
        if (status->t.kind == RECORD_UNMEMBER && status->counts == 1 &&
            !reach_is_above(vault, status->tracked, grant)) {
            removed = true;
            close_epoch(key, status->t.at);
        }
    }
    if (person->last.role == ROLE_NONE && !removed) {
        close_epoch(key, grant->t.at);
    }
}

/* A grant that does not count is one too: it hands the key out. */
static void judge_epoch(struct bulla_vault *vault, struct key *key)
{
    const struct record *record = &vault->records[key->record];
    key->open = true;
    key->closed_at = INT64_MAX;
    if (record->counts != 1) {
        close_epoch(key, record->t.at);
    }
    for (uint32_t i = 0; i < key->grant_count; i++) {
        judge_grant(vault, key, &vault->records[vault->grants[key->first_grant + i]]);
    }
}

static void choose_epoch(struct bulla_vault *vault)
{
    vault->epoch = NONE;
    for (size_t i = 0; i < vault->keyids.count; i++) {
        const struct record *record = &vault->records[vault->keys[i].record];
        bool newest = vault->keys[i].open;
        vault->steps += newest ? vault->keyids.count : 0;
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

static void expose(struct record *record, int64_t at)
{
    record->exposed = true;
    record->exposed_at = at < record->exposed_at ? at : record->exposed_at;
}

/* By its epoch and by the version that it repeats, which is decided already. */
static void judge_exposure(const struct bulla_vault *vault, struct record *record)
{
    const struct key *key = &vault->keys[vault->records[record->epoch].subject];
    const struct record *from = record->from == NONE ? NULL : &vault->records[record->from];
    if (!key->open) {
        expose(record, key->closed_at > record->t.at ? key->closed_at : record->t.at);
    }
    if (from != NULL && from->exposed) {
        expose(record, from->exposed_at);
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
            judge_exposure(vault, &vault->records[trail[depth - 1]]);
        }
    }
    return true;
}

bool epochs_build(struct bulla_vault *vault, struct bulla_error *err)
{
    for (size_t i = 0; i < vault->keyids.count; i++) {
        judge_epoch(vault, &vault->keys[i]);
        if (!vault_spend(vault, 0, err)) {
            return false;
        }
    }
    choose_epoch(vault);
    return vault_spend(vault, 0, err) && spread_exposure(vault, err);
}

bool bulla_vault_was_readable(const struct bulla_vault *vault, const char *member, const char *id,
                              int64_t *ret_since)
{
    uint32_t person = intern_find(&vault->members, bulla_bytes_of(member));
    uint32_t number = intern_find(&vault->ids, bulla_bytes_of(id));
    if (person == NONE || number == NONE || number >= vault->judged_count ||
        vault->records[number].t.kind != RECORD_SET) {
        return false;
    }
    const struct record *version = &vault->records[number];
    const struct key *key = &vault->keys[vault->records[version->epoch].subject];
    bool found = false;
    int64_t since = INT64_MAX;
    for (uint32_t i = 0; i < key->grant_count; i++) {
        const struct record *grant = &vault->records[vault->grants[key->first_grant + i]];
        if (grant->subject == person) {
            found = true;
            since = grant->t.at < since ? grant->t.at : since;
        }
    }
    if (found) {
        *ret_since = since > version->t.at ? since : version->t.at;
    }
    return found;
}
