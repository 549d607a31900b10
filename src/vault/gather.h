/* Lines of a vault from elsewhere (a journal, other commits), and those of them that are missed. */
#ifndef BULLA_VAULT_GATHER_H
#define BULLA_VAULT_GATHER_H

#include "vault/vault_internal.h"

struct known_line {
    struct record_text text;
    uint32_t origin;
    bool is_wanted; /* mending: has to be in the file */
};

/* Lines by their records' ids. */
struct line_index {
    struct pool *pool;
    struct intern ids;
    struct known_line *lines; /* as ids */
    size_t cap;
};

bool index_init(struct line_index *index, struct pool *pool, struct bulla_error *err);
void index_release(struct line_index *index);

/*
 * The number of LINE in INDEX, given now where it is new (then INDEX borrows from LINE); NONE
 * for what is no record of VAULT's: texts are read for what they have.
 */
bool index_add(const struct bulla_vault *vault, struct line_index *index, struct bulla_bytes line,
               uint32_t origin, uint32_t *ret_number, struct bulla_error *err);

/* Adds every line of TEXT, which has to outlive INDEX. */
bool index_add_text(const struct bulla_vault *vault, struct line_index *index,
                    struct bulla_bytes text, uint32_t origin, struct bulla_error *err);

/* recover.c: adds the lines of the journal, which then live in the pool of INDEX. */
bool recover_index_journal(const struct bulla_vault *vault, struct line_index *index,
                           uint32_t origin, struct bulla_error *err);

/* A search for what VAULT lacks; all of it in the pool of INDEX. */
struct gathering {
    const struct bulla_vault *vault;
    const struct line_index *index;
    uint32_t *queue; /* of INDEX: what was found, in the order in which it was asked for */
    size_t count;
    uint8_t *taken;
    size_t missing; /* how often something was asked for that is nowhere */
};

bool gather_begin(struct gathering *ret, const struct bulla_vault *vault,
                  const struct line_index *index, struct bulla_error *err);

/* Asks for record ID, where the vault lacks it; for what RECORD names. */
void gather_want(struct gathering *gathering, struct bulla_bytes id);
void gather_want_links(struct gathering *gathering, const struct record_text *record);

/* Asks for what is named by what was found, and so on. */
void gather_follow(struct gathering *gathering);

#endif
