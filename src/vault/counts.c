/*
 * Which records count: docs/vault.5.md 6. First the owner's (against hand-overs), then admins'
 * membership records (against the owner's), then the rest.
 */
#include "vault/judge.h"

#include "base/banned.h"

static bool word_allows(const struct bulla_vault *vault, const struct record *record,
                        struct word word)
{
    return word.role != ROLE_NONE && word.role >= trust_role_needed(record) &&
           trust_is_signed_by(vault, record, word.key);
}

static bool concurrent(const struct bulla_vault *vault, const struct record *status,
                       const struct record *record)
{
    return status != record && !reach_is_above(vault, status->tracked, record) &&
           !reach_is_below(vault, status->tracked, record);
}

static bool is_owner_record(const struct record *record)
{
    return record->t.kind == RECORD_ROOT || record->gave != NONE;
}

/* An admin's record about somebody needs him to be no admin or owner. */
static bool word_is_under_admin(struct word word)
{
    return word.role < ROLE_ADMIN;
}

static bool count_owners(struct bulla_vault *vault, struct bulla_error *err)
{
    for (size_t i = 0; i < vault->count; i++) {
        struct record *record = record_down(vault, i);
        const struct person *author = &vault->people[record->author];
        if (!vault_spend(vault, author->about_count + vault->owner_count, err)) {
            return false;
        }
        record->by_owner = false;
        record->counts = -1;
        if (is_owner_record(record)) {
            record->counts = 1;
            continue;
        }
        const struct record *owner = people_owner_at(vault, record);
        if (owner == NULL || owner->subject != record->author ||
            !trust_is_signed_by(vault, record, owner->sign)) {
            continue;
        }
        record->by_owner = true;
        /* The owner cannot be removed, nor given another role but by a hand-over. */
        bool counts = !(record_is_status(record) && record->subject == owner->subject);
        for (uint32_t j = 0; j < author->about_count && counts; j++) {
            const struct record *status = &vault->records[author->about[j].record];
            if (is_owner_record(status) && concurrent(vault, status, record)) {
                counts = word_allows(vault, record, author->about[j].word);
            }
        }
        record->counts = counts ? 1 : 0;
    }
    return true;
}

static bool admin_record_counts(struct bulla_vault *vault, const struct record *record)
{
    if (!word_allows(vault, record, people_last_word(vault, record->author, record)) ||
        !word_is_under_admin(people_last_word(vault, record->subject, record))) {
        return false;
    }
    const struct person *author = &vault->people[record->author];
    for (uint32_t i = 0; i < author->about_count; i++) {
        const struct record *status = &vault->records[author->about[i].record];
        if (status->counts == 1 && (is_owner_record(status) || status->by_owner) &&
            concurrent(vault, status, record) &&
            !word_allows(vault, record, author->about[i].word)) {
            return false;
        }
    }
    const struct person *subject = &vault->people[record->subject];
    for (uint32_t i = 0; i < subject->about_count; i++) {
        const struct record *status = &vault->records[subject->about[i].record];
        if (status->counts == 1 && (is_owner_record(status) || status->by_owner) &&
            concurrent(vault, status, record) && !word_is_under_admin(subject->about[i].word)) {
            return false;
        }
    }
    return true;
}

static bool other_record_counts(struct bulla_vault *vault, const struct record *record)
{
    if (!word_allows(vault, record, people_last_word(vault, record->author, record))) {
        return false;
    }
    const struct person *author = &vault->people[record->author];
    for (uint32_t i = 0; i < author->about_count; i++) {
        const struct record *status = &vault->records[author->about[i].record];
        if (status->counts == 1 && concurrent(vault, status, record) &&
            !word_allows(vault, record, author->about[i].word)) {
            return false;
        }
    }
    return true;
}

bool counts_build(struct bulla_vault *vault, struct bulla_error *err)
{
    if (!count_owners(vault, err)) {
        return false;
    }
    for (uint32_t bit = 0; bit < vault->reach.count; bit++) {
        struct record *record = &vault->records[vault->reach.tracked[bit]];
        if (record->counts < 0 && record_is_status(record)) {
            record->counts = admin_record_counts(vault, record) ? 1 : 0;
            if (!vault_spend(vault, vault->people[record->subject].about_count, err)) {
                return false;
            }
        }
    }
    for (size_t i = 0; i < vault->count; i++) {
        struct record *record = record_down(vault, i);
        if (record->counts < 0) {
            record->counts = other_record_counts(vault, record) ? 1 : 0;
            if (!vault_spend(vault, vault->people[record->author].about_count, err)) {
                return false;
            }
        }
    }
    for (size_t i = 0; i < vault->members.count; i++) {
        vault->people[i].last = people_last_word(vault, (uint32_t)i, NULL);
    }
    return vault_spend(vault, 0, err);
}
