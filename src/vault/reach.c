/*
 * Which membership and key records are ancestors of a record, and which descend from it: a bit for
 * each, in rows that records share. Along a line of values all have one row, so there are about as
 * many rows as membership records and merges.
 */
#include <string.h>

#include "bulla/mem.h"
#include "vault/vault_internal.h"

#include "base/banned.h"

#define MAX_ROW_BYTES ((size_t)256 * 1024 * 1024)

static bool add_row(struct bulla_vault *vault, uint32_t *ret_row, struct bulla_error *err)
{
    struct reach *reach = &vault->reach;
    if ((reach->rows + 1) * reach->words * sizeof(uint64_t) > MAX_ROW_BYTES) {
        return bulla_error_at(err, BULLA_E_LIMIT, vault->path, (struct bulla_pos){0, 0},
                              "more membership records and merges than we follow");
    }
    if (!bulla_grow(&reach->bits, &reach->cap, (reach->rows + 1) * reach->words,
                    sizeof *reach->bits, err)) {
        return false;
    }
    *ret_row = (uint32_t)reach->rows++;
    memset(reach->bits + (size_t)*ret_row * reach->words, 0, reach->words * sizeof(uint64_t));
    return true;
}

static uint64_t *row_bits(const struct reach *reach, uint32_t row)
{
    return reach->bits + (size_t)row * reach->words;
}

/* The row of RECORD with its own bit: made once, kept in WITH_SELF. */
static bool row_with_self(struct bulla_vault *vault, const struct record *record, uint32_t row,
                          uint32_t *with_self, uint32_t *ret_row, struct bulla_error *err)
{
    if (record->tracked == NONE) {
        *ret_row = row;
        return true;
    }
    uint32_t *kept = &with_self[record->tracked];
    if (*kept == NONE) {
        if (!add_row(vault, kept, err)) {
            return false;
        }
        uint64_t *bits = row_bits(&vault->reach, *kept);
        memcpy(bits, row_bits(&vault->reach, row), vault->reach.words * sizeof *bits);
        bits[record->tracked / 64] |= UINT64_C(1) << record->tracked % 64;
    }
    *ret_row = *kept;
    return true;
}

/* Makes *ROW (NONE: nothing yet) hold OTHER too; a row that is shared is never written to. */
static bool unite(struct bulla_vault *vault, uint32_t *row, bool *own, uint32_t other,
                  struct bulla_error *err)
{
    struct reach *reach = &vault->reach;
    if (*row == NONE || *row == other) {
        *row = other;
        return true;
    }
    bool more = false;
    bool less = false;
    for (size_t i = 0; i < reach->words; i++) {
        uint64_t mine = row_bits(reach, *row)[i];
        uint64_t theirs = row_bits(reach, other)[i];
        more = more || (mine & ~theirs) != 0;
        less = less || (theirs & ~mine) != 0;
    }
    if (!less) {
        return true;
    }
    if (!more) {
        *row = other;
        *own = false;
        return true;
    }
    if (!*own) {
        uint32_t fresh = 0;
        if (!add_row(vault, &fresh, err)) {
            return false;
        }
        memcpy(row_bits(reach, fresh), row_bits(reach, *row), reach->words * sizeof(uint64_t));
        *row = fresh;
        *own = true;
    }
    for (size_t i = 0; i < reach->words; i++) {
        row_bits(reach, *row)[i] |= row_bits(reach, other)[i];
    }
    return true;
}

/* Fills `above` going down the order, or `below` going up. */
static bool fill_rows(struct bulla_vault *vault, bool down, uint32_t *with_self, uint32_t empty,
                      struct bulla_error *err)
{
    for (size_t i = 0; i < vault->count; i++) {
        struct record *record =
            down ? record_down(vault, i) : record_up(vault, vault->count - 1 - i);
        const uint32_t *near =
            down ? record_parents(vault, record) : record_children(vault, record);
        uint32_t count = down ? record->t.parent_count : record->child_count;
        uint32_t row = NONE;
        bool own = false;
        for (uint32_t j = 0; j < count; j++) {
            const struct record *other = &vault->records[near[j]];
            uint32_t theirs = 0;
            if (!row_with_self(vault, other, down ? other->above : other->below, with_self, &theirs,
                               err) ||
                !unite(vault, &row, &own, theirs, err)) {
                return false;
            }
        }
        *(down ? &record->above : &record->below) = row == NONE ? empty : row;
    }
    return true;
}

bool reach_build(struct bulla_vault *vault, struct bulla_error *err)
{
    struct reach *reach = &vault->reach;
    reach->count = 0;
    reach->rows = 0;
    for (size_t i = 0; i < vault->count; i++) {
        struct record *record = record_down(vault, i);
        bool tracked = record_is_status(record) || record->t.kind == RECORD_KEY;
        record->tracked = tracked ? reach->count++ : NONE;
    }
    reach->words = ((size_t)reach->count + 63) / 64;
    reach->tracked = pool_alloc(vault->judged, (reach->count + 1) * sizeof(uint32_t), err);
    uint32_t *with_self = pool_alloc(vault->judged, (reach->count + 1) * sizeof(uint32_t), err);
    if (reach->tracked == NULL || with_self == NULL) {
        return false;
    }
    for (size_t i = 0; i < vault->count; i++) {
        if (vault->records[i].tracked != NONE) {
            reach->tracked[vault->records[i].tracked] = (uint32_t)i;
        }
    }
    uint32_t empty = 0;
    if (!add_row(vault, &empty, err)) {
        return false;
    }
    memset(with_self, 0xFF, reach->count * sizeof *with_self);
    if (!fill_rows(vault, true, with_self, empty, err)) {
        return false;
    }
    memset(with_self, 0xFF, reach->count * sizeof *with_self);
    return fill_rows(vault, false, with_self, empty, err);
}

static bool has_bit(const struct reach *reach, uint32_t row, uint32_t bit)
{
    return (row_bits(reach, row)[bit / 64] >> bit % 64 & 1) != 0;
}

bool reach_is_above(const struct bulla_vault *vault, uint32_t bit, const struct record *record)
{
    return has_bit(&vault->reach, record->above, bit);
}

bool reach_is_below(const struct bulla_vault *vault, uint32_t bit, const struct record *record)
{
    return has_bit(&vault->reach, record->below, bit);
}
