/*
 * Which membership and key records are ancestors of a record, and which descend from it: a bit for
 * each, in rows that records share. Along a line of values all have one row, so there are about as
 * many rows as membership records and merges.
 */
#include <stdlib.h>
#include <string.h>

#include "bulla/mem.h"
#include "vault/judge.h"

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

/* A row of its own for BIT beside what ROW has. */
static bool add_bit(struct bulla_vault *vault, uint32_t bit, uint32_t *row, struct bulla_error *err)
{
    uint32_t fresh = 0;
    if (!add_row(vault, &fresh, err)) {
        return false;
    }
    uint64_t *bits = row_bits(&vault->reach, fresh);
    memcpy(bits, row_bits(&vault->reach, *row), vault->reach.words * sizeof *bits);
    bits[bit / 64] |= UINT64_C(1) << bit % 64;
    *row = fresh;
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

/*
 * Fills ROWS, `above` going down the order or `below` going up. HANDED is what each record hands on
 * to the next: its row, with its own bit where it has one.
 */
static bool fill_rows(struct bulla_vault *vault, bool down, uint32_t *rows, uint32_t *handed,
                      uint32_t empty, struct bulla_error *err)
{
    const struct reach *reach = &vault->reach;
    uint32_t seen = 0; /* of the tracked, which come in this order too */
    for (size_t i = 0; i < vault->count; i++) {
        uint32_t number = vault->graph.order[down ? i : vault->count - 1 - i];
        struct links near = down ? graph_parents(vault, number) : graph_children(vault, number);
        uint32_t row = NONE;
        bool own = false;
        for (uint32_t j = 0; j < near.count; j++) {
            if (!unite(vault, &row, &own, handed[near.at[j]], err)) {
                return false;
            }
        }
        rows[number] = handed[number] = row == NONE ? empty : row;
        uint32_t bit = down ? seen : reach->count - 1 - seen;
        if (seen < reach->count && reach->tracked[bit] == number) {
            seen++;
            if (!add_bit(vault, bit, &handed[number], err)) {
                return false;
            }
        }
    }
    return true;
}

static int compare_positions(const void *a, const void *b, void *vault)
{
    const uint32_t *position = ((const struct bulla_vault *)vault)->graph.position;
    uint32_t left = position[*(const uint32_t *)a];
    uint32_t right = position[*(const uint32_t *)b];
    return (left > right) - (left < right);
}

/* The records of members and keys get their bits, ancestors first. */
static bool track(struct bulla_vault *vault, struct bulla_error *err)
{
    struct reach *reach = &vault->reach;
    reach->count = 0;
    reach->tracked = pool_alloc(vault->judged, (vault->count + 1) * sizeof(uint32_t), err);
    if (reach->tracked == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < vault->count; i++) {
        struct record *record = &vault->records[i];
        record->tracked = record->gave = NONE;
        if (record_is_status(record) || record->t.kind == RECORD_KEY) {
            reach->tracked[reach->count++] = i;
        }
    }
    qsort_r(reach->tracked, reach->count, sizeof *reach->tracked, compare_positions, vault);
    for (uint32_t bit = 0; bit < reach->count; bit++) {
        vault->records[reach->tracked[bit]].tracked = bit;
    }
    return true;
}

bool reach_build(struct bulla_vault *vault, struct bulla_error *err)
{
    struct reach *reach = &vault->reach;
    if (!track(vault, err)) {
        return false;
    }
    reach->rows = 0;
    reach->words = ((size_t)reach->count + 63) / 64;
    size_t size = (vault->count + 1) * sizeof(uint32_t);
    reach->above = pool_alloc(vault->judged, size, err);
    reach->below = reach->above == NULL ? NULL : pool_alloc(vault->judged, size, err);
    uint32_t *handed = reach->below == NULL ? NULL : pool_alloc(vault->judged, size, err);
    uint32_t empty = 0;
    return handed != NULL && add_row(vault, &empty, err) &&
           fill_rows(vault, true, reach->above, handed, empty, err) &&
           fill_rows(vault, false, reach->below, handed, empty, err);
}

static bool has_bit(const struct reach *reach, uint32_t row, uint32_t bit)
{
    return (row_bits(reach, row)[bit / 64] >> bit % 64 & 1) != 0;
}

bool reach_is_above(const struct bulla_vault *vault, uint32_t bit, const struct record *record)
{
    return has_bit(&vault->reach, vault->reach.above[record_number(vault, record)], bit);
}

bool reach_is_below(const struct bulla_vault *vault, uint32_t bit, const struct record *record)
{
    return has_bit(&vault->reach, vault->reach.below[record_number(vault, record)], bit);
}
