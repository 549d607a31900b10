/* Texts to small numbers, in the order in which they come: ids, names, members, keys. */
#ifndef BULLA_VAULT_INTERN_H
#define BULLA_VAULT_INTERN_H

#include "base/pool.h"
#include "bulla/bytes.h"
#include "bulla/error.h"
#include "bulla/limits.h"

#define INTERN_NONE UINT32_MAX
#define INTERN_HASHED_BYTES                                                                        \
    BULLA_MAX_NAME_BYTES /* of a text; the longest that is kept is a name                          \
                          */

struct intern_entry {
    const char *text;
    uint32_t len;
    uint32_t hash;
};

/* The hash stands here too, so that most texts that differ are never looked at. */
struct intern_slot {
    uint32_t number; /* + 1, 0: free */
    uint32_t hash;
};

/* Zero it, then intern_init. Open addressing; the key, random, keeps chosen texts from one slot. */
struct intern {
    struct intern_slot *slots;
    size_t slot_count;
    struct intern_entry *entries;
    size_t count;
    size_t cap;
    uint64_t key[INTERN_HASHED_BYTES / 4 + 2];
};

/* For some COUNT texts to begin with. */
bool intern_init(struct intern *table, size_t count, struct bulla_error *err);
void intern_release(struct intern *table);

/* The hash of TEXT for intern_add_hashed, which comes a little later: what it begins with is
 * fetched. */
uint32_t intern_expect(const struct intern *table, struct bulla_bytes text);

/* The number of TEXT, or INTERN_NONE. */
uint32_t intern_find(const struct intern *table, struct bulla_bytes text);

/* The same for COUNT texts, INTERN_MANY at most: a look mostly waits for memory, these together. */
#define INTERN_MANY 32
void intern_find_many(const struct intern *table, const struct bulla_bytes *texts, size_t count,
                      uint32_t *ret_numbers);

/*
 * The number of TEXT, given now where it is new. A new text is copied into POOL with a NUL behind,
 * or borrowed where POOL is NULL.
 */
bool intern_add(struct intern *table, struct pool *pool, struct bulla_bytes text,
                uint32_t *ret_number, struct bulla_error *err);

/* The same with the hash that intern_expect gave. */
bool intern_add_hashed(struct intern *table, struct pool *pool, struct bulla_bytes text,
                       uint32_t hash, uint32_t *ret_number, struct bulla_error *err);

#endif
