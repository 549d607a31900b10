/*
 * Version numbers (docs/vault.5.md 5, rule 5) and assignments (docs/vault.5.md 7.1). Records of
 * different segments are never concurrent, so only names with several records in one segment need a
 * look at who descends from whom: 64 of them a pass.
 */
#include <stdlib.h>
#include <string.h>

#include "bulla/mem.h"
#include "vault/judge.h"
#include "vault/lines.h"

#include "base/banned.h"

#define NAMES_A_PASS 64
/*
 * What a record costs in a pass, in steps of the judgement (vault_spend): 23,000 names that two
 * branches have both set are within the limit, and some seconds.
 */
#define STEPS_A_RECORD 8

/* The records from position START to END (not included) of the order. */
struct stretch {
    size_t start;
    size_t end;
};

static bool gather_values(struct bulla_vault *vault, struct bulla_error *err)
{
    size_t names = vault->names.count;
    vault->secrets = pool_alloc(vault->judged, (names + 1) * sizeof *vault->secrets, err);
    vault->values = pool_alloc(vault->judged, (vault->count + 1) * sizeof(uint32_t), err);
    if (vault->secrets == NULL || vault->values == NULL) {
        return false;
    }
    for (size_t i = 0; i < vault->count; i++) {
        if (record_is_value(&vault->records[i])) {
            vault->secrets[vault->records[i].subject].count++;
        }
    }
    uint32_t used = 0;
    for (size_t i = 0; i < names; i++) {
        struct name *name = &vault->secrets[i];
        name->text = vault->names.entries[i].text;
        name->first = used;
        name->last_segment = NONE;
        name->current = NONE;
        name->usurper = NONE;
        used += name->count;
        name->count = 0;
    }
    for (size_t i = 0; i < vault->count; i++) {
        struct record *record = record_down(vault, i);
        record->descended = record->target = false;
        record->retired = record->exposed = false;
        record->kept_by = NONE;
        record->exposed_at = INT64_MAX;
        if (record_is_value(record)) {
            struct name *name = &vault->secrets[record->subject];
            vault->values[name->first + name->count++] = vault->graph.order[i];
        }
    }
    return true;
}

static bool check_number(const struct bulla_vault *vault, const struct record *record,
                         uint32_t greatest, struct bulla_error *err)
{
    if (record->t.version == 0 || record->t.version == greatest + 1) {
        return true;
    }
    return vault_refuse(vault, record, err, "should have the version number %u", greatest + 1);
}

/* What a pass knows of each record of a stretch. */
struct pass {
    uint32_t (*greatest)[NAMES_A_PASS]; /* version number of each name among the ancestors */
    uint64_t *assigned;                 /* names that a descendant assigns */
    const uint8_t *slot;                /* per name of the vault: its place, or NAMES_A_PASS */
};

static bool pass_down(struct bulla_vault *vault, struct stretch stretch, const struct pass *pass,
                      struct bulla_error *err)
{
    for (size_t i = stretch.start; i < stretch.end; i++) {
        const struct record *record = record_down(vault, i);
        uint32_t *greatest = pass->greatest[i - stretch.start];
        memset(greatest, 0, sizeof pass->greatest[0]);
        struct links parents = graph_parents(vault, vault->graph.order[i]);
        for (uint32_t j = 0; j < parents.count; j++) {
            uint32_t position = vault->graph.position[parents.at[j]];
            if (position < stretch.start) {
                continue;
            }
            const uint32_t *theirs = pass->greatest[position - stretch.start];
            for (size_t k = 0; k < NAMES_A_PASS; k++) {
                greatest[k] = theirs[k] > greatest[k] ? theirs[k] : greatest[k];
            }
        }
        if (!record_is_value(record) || pass->slot[record->subject] == NAMES_A_PASS) {
            continue;
        }
        /* A record's own number counts for its children, so it is put in its own row. */
        uint32_t *mine = &greatest[pass->slot[record->subject]];
        uint32_t before = vault->secrets[record->subject].last_number;
        if (!check_number(vault, record, *mine > before ? *mine : before, err)) {
            return false;
        }
        *mine = record->t.version > *mine ? record->t.version : *mine;
    }
    return true;
}

static void pass_up(struct bulla_vault *vault, struct stretch stretch, const struct pass *pass)
{
    for (size_t i = stretch.end; i > stretch.start; i--) {
        struct record *record = &vault->records[vault->graph.order[i - 1]];
        struct links children = graph_children(vault, vault->graph.order[i - 1]);
        uint64_t assigned = 0;
        for (uint32_t j = 0; j < children.count; j++) {
            uint32_t position = vault->graph.position[children.at[j]];
            if (position < stretch.end) {
                assigned |= pass->assigned[position - stretch.start];
            }
        }
        if (record_is_value(record) && pass->slot[record->subject] < NAMES_A_PASS) {
            uint64_t bit = UINT64_C(1) << pass->slot[record->subject];
            record->descended = (assigned & bit) != 0;
            assigned |= record_is_assignment(record) ? bit : 0;
        }
        pass->assigned[i - 1 - stretch.start] = assigned;
    }
}

/* All names that have several records in STRETCH, NAMES_A_PASS at a time. */
static bool run_passes(struct bulla_vault *vault, struct stretch stretch, uint32_t *in_stretch,
                       uint8_t *slot, const struct pass *pass, struct bulla_error *err)
{
    for (size_t next = stretch.start; next < stretch.end;) {
        uint8_t used = 0;
        size_t first = next;
        for (; next < stretch.end && used < NAMES_A_PASS; next++) {
            const struct record *record = record_down(vault, next);
            if (record_is_value(record) && in_stretch[record->subject] > 1) {
                in_stretch[record->subject] = 0; /* taken */
                slot[record->subject] = used++;
            }
        }
        if (used == 0) {
            break;
        }
        if (!vault_spend(vault, (stretch.end - stretch.start) * STEPS_A_RECORD, err) ||
            !pass_down(vault, stretch, pass, err)) {
            return false;
        }
        pass_up(vault, stretch, pass);
        for (size_t i = first; i < stretch.end; i++) {
            const struct record *record = record_down(vault, i);
            if (record_is_value(record)) {
                slot[record->subject] = NAMES_A_PASS;
            }
        }
    }
    return true;
}

static bool judge_branches(struct bulla_vault *vault, struct stretch stretch, uint32_t *in_stretch,
                           uint8_t *slot, struct bulla_error *err)
{
    size_t count = stretch.end - stretch.start;
    bool several = false;
    for (size_t i = stretch.start; i < stretch.end; i++) {
        const struct record *record = record_down(vault, i);
        if (record_is_value(record)) {
            in_stretch[record->subject] = 0;
        }
    }
    for (size_t i = stretch.start; i < stretch.end; i++) {
        const struct record *record = record_down(vault, i);
        if (record_is_value(record)) {
            several = ++in_stretch[record->subject] > 1 || several;
        }
    }
    for (size_t i = stretch.start; i < stretch.end; i++) {
        const struct record *record = record_down(vault, i);
        if (record_is_value(record) && in_stretch[record->subject] == 1 &&
            !check_number(vault, record, vault->secrets[record->subject].last_number, err)) {
            return false;
        }
    }
    if (!several) {
        return true;
    }
    struct pass pass = {bulla_alloc(count, sizeof *pass.greatest, err), NULL, slot};
    pass.assigned = pass.greatest == NULL ? NULL : bulla_alloc(count, sizeof *pass.assigned, err);
    bool ok = pass.assigned != NULL && run_passes(vault, stretch, in_stretch, slot, &pass, err);
    bulla_free(pass.greatest);
    bulla_free(pass.assigned);
    return ok;
}

static bool judge_stretch(struct bulla_vault *vault, struct stretch stretch, uint32_t *in_stretch,
                          uint8_t *slot, struct bulla_error *err)
{
    const struct record *first = record_down(vault, stretch.start);
    if (stretch.end - stretch.start > 1) {
        if (!judge_branches(vault, stretch, in_stretch, slot, err)) {
            return false;
        }
    } else if (record_is_value(first) &&
               !check_number(vault, first, vault->secrets[first->subject].last_number, err)) {
        return false;
    }
    for (size_t i = stretch.start; i < stretch.end; i++) {
        const struct record *record = record_down(vault, i);
        if (!record_is_value(record)) {
            continue;
        }
        struct name *name = &vault->secrets[record->subject];
        if (record->t.version > name->last_number) {
            name->last_number = record->t.version;
        }
        if (record_is_assignment(record)) {
            name->last_segment = vault->graph.segment[vault->graph.order[i]];
            name->assigned = true;
        }
    }
    return true;
}

static bool judge_order(struct bulla_vault *vault, struct bulla_error *err)
{
    uint32_t *in_stretch =
        pool_alloc(vault->judged, (vault->names.count + 1) * sizeof *in_stretch, err);
    uint8_t *slot = pool_alloc(vault->judged, vault->names.count + 1, err);
    if (in_stretch == NULL || slot == NULL) {
        return false;
    }
    memset(slot, NAMES_A_PASS, vault->names.count);
    struct stretch stretch = {0, 0};
    while (stretch.start < vault->count) {
        uint32_t segment = vault->graph.segment[vault->graph.order[stretch.start]];
        stretch.end = stretch.start + 1;
        while (stretch.end < vault->count &&
               vault->graph.segment[vault->graph.order[stretch.end]] == segment) {
            stretch.end++;
        }
        if (!judge_stretch(vault, stretch, in_stretch, slot, err)) {
            return false;
        }
        stretch.start = stretch.end;
    }
    return true;
}

/* The set that assignment RECORD makes the value, or NONE for a `del`. */
static uint32_t target_of(const struct bulla_vault *vault, const struct record *record)
{
    if (record->t.kind == RECORD_DEL) {
        return NONE;
    }
    return record->t.kind == RECORD_SET ? (uint32_t)(record - vault->records) : record->of;
}

/* The last assignments of NAME: they count and agree, or the name is contested. */
static void settle(struct bulla_vault *vault, struct name *name)
{
    uint32_t found = NONE;
    bool any = false;
    for (uint32_t i = 0; i < name->count; i++) {
        uint32_t number = vault->values[name->first + i];
        struct record *record = &vault->records[number];
        if (name->last_segment != NONE && vault->graph.segment[number] < name->last_segment) {
            record->descended = true;
        }
        if (!record_is_assignment(record) || record->descended) {
            continue;
        }
        uint32_t target = target_of(vault, record);
        name->contested = name->contested || record->counts != 1 || (any && target != found);
        name->usurper = record->counts != 1 ? record->author : name->usurper;
        found = target;
        any = true;
        name->unset_on_a_branch = name->unset_on_a_branch || target == NONE;
        if (target != NONE) {
            vault->records[target].target = true;
        }
    }
    name->current = name->contested ? NONE : found;
}

bool values_build(struct bulla_vault *vault, struct bulla_error *err)
{
    if (!gather_values(vault, err) || !judge_order(vault, err)) {
        return false;
    }
    for (size_t i = 0; i < vault->names.count; i++) {
        settle(vault, &vault->secrets[i]);
    }
    return true;
}
