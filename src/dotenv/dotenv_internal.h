/* What the files of this folder share: the file object, and the parser that fills it. */
#ifndef BULLA_DOTENV_INTERNAL_H
#define BULLA_DOTENV_INTERNAL_H

#include "base/pool.h"
#include "base/utf8.h"
#include "bulla/dotenv.h"

struct bulla_dotenv {
    struct pool *pool;         /* names */
    struct bulla_arena *arena; /* values */
    struct bulla_dotenv_entry *entries;
    size_t count;
    size_t cap;
    uint32_t *slots;   /* open addressing by name: 1 + the last entry that is set, 0 where free */
    size_t slot_count; /* a power of two */
    size_t slots_used;
};

struct parser {
    struct bulla_bytes text;
    const char *file;
    const struct bulla_dotenv_options *options;
    struct bulla_dotenv *out;
    struct bulla_buf *words; /* for bulla_dotenv_explain, else NULL */
    struct bulla_dotenv_failure failure;
    size_t at;
    uint32_t line; /* Compose's count */
    struct utf8_cursor cursor;
    size_t value_bytes;
    struct bulla_buf expanded; /* secret; one for the whole file */
    struct bulla_error *err;
};

/* Adds ENTRY (its name copied into the pool; its value is the arena's already). */
bool dotenv_add(struct parser *p, struct bulla_dotenv_entry entry);

/* Where byte OFFSET is; offsets only grow from call to call. */
struct bulla_pos dotenv_pos(struct parser *p, size_t offset);

/*
 * Keeps for bulla_dotenv_explain what Compose says. Returns false; the caller fills p->err with
 * our own words.
 */
bool dotenv_keep_failure(struct parser *p, enum bulla_dotenv_problem problem,
                         struct bulla_bytes name, struct bulla_bytes quoted);

/* What is left of the line at START, without its LF. */
struct bulla_bytes dotenv_first_line(const struct parser *p, size_t start);

/* compose.c, raw.c: the grammars. */
bool dotenv_parse_compose(struct parser *p);
bool dotenv_parse_raw(struct parser *p);

/* value.c: reads the value at p->at into ENTRY and moves behind it. */
bool dotenv_read_value(struct parser *p, struct bulla_dotenv_entry *entry);

/* The value of a bare NAME, from the lookup, into ENTRY. */
bool dotenv_read_bare(struct parser *p, struct bulla_dotenv_entry *entry);

/* Copies VALUE into the arena, within BULLA_MAX_ENV_BYTES in all. */
bool dotenv_keep_value(struct parser *p, struct bulla_bytes value, struct bulla_bytes *ret_copy);

#endif
