/*
 * Trees of values, as Compose's loader passes them from step to step; layer 3. They live in the
 * model's pool and are changed in place.
 *
 * Nothing that makes a value returns NULL for lack of memory: the owner's `stopped` is set, a spare
 * value is returned and writes to it are lost; whoever drives the steps looks at `stopped` between
 * them.
 */
#ifndef BULLA_MODEL_VALUE_H
#define BULLA_MODEL_VALUE_H

#include <stdarg.h>

#include "base/pool.h"
#include "bulla/model.h"

struct entry {
    struct bulla_bytes key; /* of a mapping */
    struct bulla_value *value;
};

struct bulla_value {
    enum bulla_value_kind kind;
    bool single;    /* a float of single precision */
    bool large;     /* a float that is a whole number, with its digits as text */
    bool timestamp; /* a text that YAML made of a date */
    bool unknown;   /* a stand-in: what is here depends on a value that is not known */
    bool literal;   /* a text of the file, or a part of one: no variable is in it */
    bool veiled;    /* of a part of a mapping: its key was a text with a variable in it */
    int64_t number; /* bools (0, 1) and integers */
    double real;
    struct bulla_bytes text;
    struct entry *entries; /* of lists and mappings */
    size_t count;
    size_t cap;
    uint32_t *index; /* of a large mapping: slots with a position + 1 */
    size_t index_cap;
    const char *file; /* where it was written */
    struct bulla_pos pos;
    struct bulla_pos key; /* where its key is, of what a mapping of the file holds; else 0:0 */
};

/* Memory for values and the way out of a step when there is none. */
struct store {
    struct pool *pool;
    struct bulla_error *err;
    bool stopped; /* *err is filled */
    struct bulla_value spare;
    char nothing[1]; /* "", where memory is gone */
    size_t values;
};

struct bulla_value *value_new(struct store *store, enum bulla_value_kind kind);
struct bulla_value *value_text(struct store *store, struct bulla_bytes text); /* copies */
struct bulla_value *value_string(struct store *store, const char *text);      /* borrows */
struct bulla_value *value_bool(struct store *store, bool truth);
struct bulla_value *value_int(struct store *store, int64_t number);
struct bulla_value *value_float(struct store *store, double real, bool single);
struct bulla_value *value_printf(struct store *store, const char *fmt, ...) BULLA_PRINTF(2, 3);
struct bulla_value *value_clone(struct store *store, const struct bulla_value *value);
/* Takes over where FROM was written, and whether it is known. */
struct bulla_value *value_placed(struct bulla_value *value, const struct bulla_value *from);
/* The same for what stands in a mapping under the text that NAME is. */
struct bulla_value *value_named(struct bulla_value *value, const struct bulla_value *name);

void value_push(struct store *store, struct bulla_value *list, struct bulla_value *item);
/* Sets KEY (borrowed), in its old place where it was there. */
void value_set(struct store *store, struct bulla_value *map, struct bulla_bytes key,
               struct bulla_value *value);
void value_put(struct store *store, struct bulla_value *map, const char *key,
               struct bulla_value *value);
struct bulla_value *value_find(const struct bulla_value *map, struct bulla_bytes key);
struct bulla_value *value_at(const struct bulla_value *map, const char *key);
void value_remove(struct bulla_value *map, struct bulla_bytes key);
/* Removes every pair of MAP for which IS says so; it is asked in their order. */
typedef bool (*value_is_fn)(void *ctx, struct bulla_bytes key, struct bulla_value *value);
void value_remove_all(struct bulla_value *map, value_is_fn is, void *ctx);
/* The order of bytes. */
int compare_bytes(struct bulla_bytes a, struct bulla_bytes b);
/* Keys in the order of their bytes. */
void value_sort(struct bulla_value *map);

bool value_is(const struct bulla_value *value, enum bulla_value_kind kind); /* NULL is nothing */
bool value_is_text(const struct bulla_value *value, const char *text);
bool value_equal(const struct bulla_value *a, const struct bulla_value *b);
/* True where VALUE, or anything in it, is a stand-in. */
bool value_is_unknown(const struct bulla_value *value);
/* As Go prints it with %v; not for lists and mappings. */
struct bulla_bytes value_show(struct store *store, const struct bulla_value *value);

/* store.c: zeroed memory of the pool; NULL, and the owner is stopped, where there is none. */
void *store_alloc(struct store *store, size_t size);
/* Copies; "" where the owner is stopped. */
struct bulla_bytes store_copy(struct store *store, struct bulla_bytes text);
char *store_string(struct store *store, struct bulla_bytes text);
struct bulla_bytes store_printf(struct store *store, const char *fmt, ...) BULLA_PRINTF(2, 3);
struct bulla_bytes store_vprintf(struct store *store, const char *fmt, va_list args)
    BULLA_PRINTF(2, 0);
/* What store_copy or store_printf made, as a string: it has a NUL behind. */
const char *stored(struct bulla_bytes text);

/* Where a value stands: keys from the top, "[]" for an item. */
struct path {
    const struct path *up;
    struct bulla_bytes key;
};

/* Keys with "." between, "*" for any. */
struct key_pattern {
    const char *text;
    size_t len;
};
#define KEYS(text)                                                                                 \
    {                                                                                              \
        (text), sizeof(text) - 1                                                                   \
    }

bool path_matches(const struct path *p, struct key_pattern pattern);

/* Whether P is PATTERN. Every value is held against hundreds: mostly the last byte tells already.
 */
static inline bool path_is(const struct path *p, struct key_pattern pattern)
{
    char last = pattern.text[pattern.len - 1];
    bool may_be = p != NULL &&
                  (last == '*' || (p->key.len > 0 && p->key.data[p->key.len - 1] == (uint8_t)last));
    return may_be && path_matches(p, pattern);
}
struct bulla_bytes path_show(struct store *store, const struct path *p);

#endif
