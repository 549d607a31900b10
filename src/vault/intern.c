#include "vault/intern.h"

#include <string.h>

#include "bulla/mem.h"
#include "crypto/prim.h"

#include "base/banned.h"

/*
 * Multilinear hashing, strongly universal for texts chosen without the key (Lemire and Kaser,
 * "Strongly universal string hashing is fast", 2014): a product for four bytes. The key is of this
 * table and of this process, and nobody sees what it gives.
 */
static uint32_t hash_of(const struct intern *table, struct bulla_bytes text)
{
    const uint64_t *key = table->key;
    size_t left = text.len < INTERN_HASHED_BYTES ? text.len : INTERN_HASHED_BYTES;
    const uint8_t *at = text.data;
    uint32_t word = 0;
    uint64_t sum = key[0] + key[1] * (uint32_t)text.len;
    for (key += 2; left >= sizeof word; left -= sizeof word, at += sizeof word) {
        memcpy(&word, at, sizeof word);
        sum += *key++ * word;
    }
    if (left > 0) {
        word = 0;
        memcpy(&word, at, left);
        sum += *key * word;
    }
    return (uint32_t)(sum >> 32);
}

/* The slot of TEXT, or the free one where it would go. */
static size_t slot_of(const struct intern *table, struct bulla_bytes text, uint32_t hash)
{
    size_t slot = hash & (table->slot_count - 1);
    while (table->slots[slot].number != 0) {
        if (table->slots[slot].hash == hash) {
            const struct intern_entry *entry = &table->entries[table->slots[slot].number - 1];
            if (entry->len == text.len && memcmp(entry->text, text.data, text.len) == 0) {
                break;
            }
        }
        slot = (slot + 1) & (table->slot_count - 1);
    }
    return slot;
}

static bool resize(struct intern *table, size_t slot_count, struct bulla_error *err)
{
    struct intern_slot *slots = bulla_alloc(slot_count, sizeof *slots, err);
    if (slots == NULL) {
        return false;
    }
    bulla_free(table->slots);
    table->slots = slots;
    table->slot_count = slot_count;
    for (size_t i = 0; i < table->count; i++) {
        size_t slot = table->entries[i].hash & (slot_count - 1);
        while (slots[slot].number != 0) {
            slot = (slot + 1) & (slot_count - 1);
        }
        slots[slot] = (struct intern_slot){(uint32_t)i + 1, table->entries[i].hash};
    }
    return true;
}

bool intern_init(struct intern *table, size_t count, struct bulla_error *err)
{
    size_t slot_count = 16;
    while (slot_count < 2 * count) {
        slot_count *= 2;
    }
    prim_random(table->key, sizeof table->key);
    return resize(table, slot_count, err) &&
           bulla_grow(&table->entries, &table->cap, count > 0 ? count : 1, sizeof *table->entries,
                      err);
}

void intern_release(struct intern *table)
{
    bulla_free(table->slots);
    bulla_free(table->entries);
    *table = (struct intern){0};
}

uint32_t intern_expect(const struct intern *table, struct bulla_bytes text)
{
    uint32_t hash = hash_of(table, text);
    __builtin_prefetch(&table->slots[hash & (table->slot_count - 1)]);
    return hash;
}

uint32_t intern_find(const struct intern *table, struct bulla_bytes text)
{
    uint32_t number = table->slots[slot_of(table, text, hash_of(table, text))].number;
    return number == 0 ? INTERN_NONE : number - 1;
}

/* The first entry with HASH, very likely what is looked for; NULL. */
static const struct intern_entry *likely_entry(const struct intern *table, uint32_t hash)
{
    size_t slot = hash & (table->slot_count - 1);
    while (table->slots[slot].number != 0 && table->slots[slot].hash != hash) {
        slot = (slot + 1) & (table->slot_count - 1);
    }
    uint32_t number = table->slots[slot].number;
    return number == 0 ? NULL : &table->entries[number - 1];
}

void intern_find_many(const struct intern *table, const struct bulla_bytes *texts, size_t count,
                      uint32_t *ret_numbers)
{
    uint32_t hashes[INTERN_MANY];
    const struct intern_entry *likely[INTERN_MANY];
    for (size_t i = 0; i < count; i++) {
        hashes[i] = intern_expect(table, texts[i]);
    }
    for (size_t i = 0; i < count; i++) {
        likely[i] = likely_entry(table, hashes[i]);
        __builtin_prefetch(likely[i]);
    }
    for (size_t i = 0; i < count; i++) {
        if (likely[i] != NULL) {
            __builtin_prefetch(likely[i]->text);
        }
    }
    for (size_t i = 0; i < count; i++) {
        uint32_t number = table->slots[slot_of(table, texts[i], hashes[i])].number;
        ret_numbers[i] = number == 0 ? INTERN_NONE : number - 1;
    }
}

bool intern_add(struct intern *table, struct pool *pool, struct bulla_bytes text,
                uint32_t *ret_number, struct bulla_error *err)
{
    return intern_add_hashed(table, pool, text, hash_of(table, text), ret_number, err);
}

bool intern_add_hashed(struct intern *table, struct pool *pool, struct bulla_bytes text,
                       uint32_t hash, uint32_t *ret_number, struct bulla_error *err)
{
    size_t slot = slot_of(table, text, hash);
    if (table->slots[slot].number != 0) {
        *ret_number = table->slots[slot].number - 1;
        return true;
    }
    if (table->count >= UINT32_MAX / 4) {
        return bulla_error(err, BULLA_E_LIMIT, "more names than we count");
    }
    if (2 * (table->count + 1) > table->slot_count) {
        if (!resize(table, table->slot_count * 2, err)) {
            return false;
        }
        slot = slot_of(table, text, hash);
    }
    const char *kept = (const char *)text.data;
    if (pool != NULL) {
        kept = pool_strndup(pool, text.data, text.len, err);
        if (kept == NULL) {
            return false;
        }
    }
    if (!bulla_grow(&table->entries, &table->cap, table->count + 1, sizeof *table->entries, err)) {
        return false;
    }
    table->entries[table->count] = (struct intern_entry){kept, (uint32_t)text.len, hash};
    table->slots[slot] = (struct intern_slot){(uint32_t)++table->count, hash};
    *ret_number = (uint32_t)table->count - 1;
    return true;
}
