/* What the files of src/values/ share. */
#ifndef BULLA_VALUES_INTERNAL_H
#define BULLA_VALUES_INTERNAL_H

#include "base/pool.h"
#include "bulla/values.h"

#define VALUES_MAX_DERIVED_BYTES ((size_t)16 * 1024 * 1024) /* all derived values together */

/* Which variables a derived one needs, and which ones need a variable. */
struct values_links {
    size_t count;
    size_t *others;
};

struct bulla_values {
    struct pool *pool;
    struct bulla_arena *arena; /* derived values; NULL where there are none */
    const struct bulla_contract *contract;
    const char *file;
    struct bulla_vault *vault; /* or NULL */
    int64_t now;               /* 0: any */
    struct bulla_value *rows;
    size_t count;
    size_t section_count; /* of these, the first ones have a section */
    struct values_links *needs;
    struct values_links *needed_by;
    const char **strays;
    size_t stray_count;
};

/* The place in the contract of (1, COL) in SETTING's text, as other modules count. */
struct bulla_pos values_place(const struct bulla_setting *setting, struct bulla_pos in_text);

/* The row of NAME, or false. */
bool values_find(const struct bulla_values *values, struct bulla_bytes name, size_t *ret_index);

/*
 * graph.c: reads every template and sets needs and needed_by. BULLA_E_SYNTAX, BULLA_E_INVALID (a
 * name that is no variable) at the word.
 */
BULLA_MUST_CHECK bool values_link(struct bulla_values *values, struct bulla_error *err);

/*
 * Writes the derived rows to ORDER (room for all rows), each behind those that it needs.
 * BULLA_E_INVALID, naming them, where some need each other in a circle.
 */
BULLA_MUST_CHECK bool values_order(const struct bulla_values *values, size_t *order,
                                   size_t *ret_count, struct bulla_error *err);

/* derive.c: computes the derived rows. */
BULLA_MUST_CHECK bool values_derive(struct bulla_values *values, struct bulla_error *err);

#endif
