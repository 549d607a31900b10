/* What the membership records say of each member, the line of owners, last words. */
#include <string.h>

#include "age/identity.h"
#include "vault/judge.h"
#include "vault/lines.h"
#include "vault/seal.h"

#include "base/banned.h"

static bool makes_owner(const struct record *record)
{
    return record->t.kind == RECORD_ROOT ||
           (record->t.kind == RECORD_MEMBER && record->t.role == ROLE_OWNER);
}

/* The owners form one line, each written by the one before: docs/vault.5.md 5, rule 6. */
static bool find_owners(struct bulla_vault *vault, struct bulla_error *err)
{
    struct reach *reach = &vault->reach;
    vault->owners = pool_alloc(vault->judged, (reach->count + 1) * sizeof(uint32_t), err);
    if (vault->owners == NULL) {
        return false;
    }
    vault->owner_count = 0;
    for (uint32_t bit = 0; bit < reach->count; bit++) {
        struct record *record = &vault->records[reach->tracked[bit]];
        record->gave = NONE;
        if (!makes_owner(record)) {
            continue;
        }
        if (vault->owner_count > 0) {
            record->gave = vault->owners[vault->owner_count - 1];
            const struct record *before = &vault->records[record->gave];
            if (!reach_is_above(vault, before->tracked, record)) {
                return vault_refuse(vault, record, err,
                                    "and '%s' hand the vault over beside each other",
                                    record_label(before).text);
            }
            if (record->author != before->subject) {
                return vault_refuse(vault, record, err, "makes an owner, but '%s' is the owner",
                                    vault->members.entries[before->subject].text);
            }
        }
        vault->owners[vault->owner_count++] = reach->tracked[bit];
    }
    return true;
}

static void add_about(struct person *person, uint32_t record, struct word word)
{
    person->about[person->about_count++] = (struct about){record, word};
}

static struct word word_on_subject(const struct record *record)
{
    return record->t.kind == RECORD_UNMEMBER ? (struct word){ROLE_NONE, NONE}
                                             : (struct word){record->t.role, record->sign};
}

/* True when RECORD also says something of the owner before: that he is an admin now. */
static bool demotes_giver(const struct bulla_vault *vault, const struct record *record)
{
    return record->gave != NONE && vault->records[record->gave].subject != record->subject;
}

static bool fill_about(struct bulla_vault *vault, struct bulla_error *err)
{
    const struct reach *reach = &vault->reach;
    for (int fill = 0; fill < 2; fill++) {
        for (uint32_t bit = 0; bit < reach->count; bit++) {
            const struct record *record = &vault->records[reach->tracked[bit]];
            if (!record_is_status(record)) {
                continue;
            }
            struct person *subject = &vault->people[record->subject];
            if (fill == 0) {
                subject->about_count++;
            } else {
                add_about(subject, reach->tracked[bit], word_on_subject(record));
            }
            if (!demotes_giver(vault, record)) {
                continue;
            }
            const struct record *before = &vault->records[record->gave];
            struct person *giver = &vault->people[before->subject];
            if (fill == 0) {
                giver->about_count++;
            } else {
                add_about(giver, reach->tracked[bit], (struct word){ROLE_ADMIN, before->sign});
            }
        }
        for (size_t i = 0; fill == 0 && i < vault->members.count; i++) {
            struct person *person = &vault->people[i];
            person->about =
                pool_alloc(vault->judged, (person->about_count + 1) * sizeof *person->about, err);
            if (person->about == NULL) {
                return false;
            }
            person->about_count = 0;
        }
    }
    return true;
}

/*
 * Whose grants an identity may open: everyone one of whose recipients or signing keys it has. The
 * second is for a key that signs beside another that opens.
 */
static void find_mine(struct bulla_vault *vault)
{
    char text[BULLA_MAX_META_BYTES];
    size_t count = vault->identities == NULL ? 0 : bulla_identities_count(vault->identities);
    for (uint32_t bit = 0; bit < vault->reach.count && count > 0; bit++) {
        const struct record *record = &vault->records[vault->reach.tracked[bit]];
        struct bulla_bytes coded = record_value(&record->t, META_RECIPIENT);
        struct bulla_bytes recipient = bulla_bytes(text, record_meta_decode(coded, text));
        struct bulla_bytes sign = record_value(&record->t, META_SIGN);
        for (size_t i = 0; i < count && record_is_status(record); i++) {
            if (identity_may_open(vault->identities, i, recipient) ||
                (sign.len > 0 && bulla_bytes_are(sign, author_sign(vault, i)))) {
                vault->people[record->subject].mine = true;
            }
        }
    }
}

bool people_build(struct bulla_vault *vault, struct bulla_error *err)
{
    size_t count = vault->members.count;
    vault->people = pool_alloc(vault->judged, (count + 1) * sizeof *vault->people, err);
    if (vault->people == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        vault->people[i].name = vault->members.entries[i].text;
        vault->people[i].memo_row = NONE;
    }
    if (!find_owners(vault, err) || !fill_about(vault, err)) {
        return false;
    }
    find_mine(vault);
    return true;
}

/* The word of those that count among the ancestors of RECORD (NULL: of all) and are the last. */
static struct word find_last_word(struct bulla_vault *vault, const struct person *person,
                                  const struct record *record)
{
    const struct word nothing = {ROLE_NONE, NONE};
    struct word found = nothing;
    /* From the newest on; whoever has a later one that counts above it says nothing any more. */
    for (uint32_t i = person->about_count; i > 0; i--) {
        const struct about *about = &person->about[i - 1];
        const struct record *says = &vault->records[about->record];
        vault->steps++;
        if (says->counts != 1 ||
            (record != NULL && !reach_is_above(vault, says->tracked, record))) {
            continue;
        }
        bool last = true;
        for (uint32_t j = i; j < person->about_count && last; j++) {
            const struct record *later = &vault->records[person->about[j].record];
            bool taken = later->counts == 1 &&
                         (record == NULL || reach_is_above(vault, later->tracked, record));
            last = !(taken && reach_is_above(vault, says->tracked, later));
            vault->steps++;
        }
        if (!last) {
            continue;
        }
        if (about->word.role == ROLE_NONE) {
            return nothing;
        }
        if (found.role != ROLE_NONE &&
            (found.role != about->word.role || found.key != about->word.key)) {
            return nothing;
        }
        found = about->word;
    }
    return found;
}

struct word people_last_word(struct bulla_vault *vault, uint32_t person,
                             const struct record *record)
{
    struct person *about = &vault->people[person];
    if (record == NULL) {
        return find_last_word(vault, about, NULL);
    }
    /* Records share rows, so one answer serves a whole line of them. */
    uint32_t row = vault->reach.above[record_number(vault, record)];
    if (about->memo_row != row) {
        about->memo_word = find_last_word(vault, about, record);
        about->memo_row = row;
    }
    return about->memo_word;
}

const struct record *people_owner_at(const struct bulla_vault *vault, const struct record *record)
{
    for (uint32_t i = vault->owner_count; i > 0; i--) {
        const struct record *owner = &vault->records[vault->owners[i - 1]];
        if (reach_is_above(vault, owner->tracked, record)) {
            return owner;
        }
    }
    return NULL;
}
