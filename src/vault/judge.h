/*
 * What follows from the records: the passes in the order of judge.c, and walks along the graph.
 * Numbers are of vault->records unless said otherwise.
 */
#ifndef BULLA_VAULT_JUDGE_H
#define BULLA_VAULT_JUDGE_H

#include "vault/vault_internal.h"

/* judge.c: everything that follows from the records. */
bool vault_judge(struct bulla_vault *vault, struct bulla_error *err);
/* Counts STEPS of work, which members can make more of; BULLA_E_LIMIT beyond what we do. */
bool vault_spend(struct bulla_vault *vault, uint64_t steps, struct bulla_error *err);

bool graph_build(struct bulla_vault *vault, struct bulla_error *err);
/* Spreads `known` to the ancestors; and fills `vouched` from the heads that count. */
void graph_mark_known(struct bulla_vault *vault);
bool graph_mark_vouched(struct bulla_vault *vault, struct bulla_error *err);

bool reach_build(struct bulla_vault *vault, struct bulla_error *err);
/* True when tracked record BIT is an ancestor of RECORD, or a descendant. */
bool reach_is_above(const struct bulla_vault *vault, uint32_t bit, const struct record *record);
bool reach_is_below(const struct bulla_vault *vault, uint32_t bit, const struct record *record);

bool people_build(struct bulla_vault *vault, struct bulla_error *err);
/* The last word on PERSON among the ancestors of RECORD (NULL: among all) that count. */
struct word people_last_word(struct bulla_vault *vault, uint32_t person,
                             const struct record *record);
/* The owner's record as RECORD knew it. */
const struct record *people_owner_at(const struct bulla_vault *vault, const struct record *record);

bool trust_check_authors(struct bulla_vault *vault, struct bulla_error *err);
bool trust_check_uncovered(struct bulla_vault *vault, struct bulla_error *err);
/* True when RECORD was signed (also) with key NUMBER. */
bool trust_is_signed_by(const struct bulla_vault *vault, const struct record *record,
                        uint32_t number);
enum role trust_role_needed(const struct record *record);
bool trust_check_signature(struct bulla_vault *vault, struct record *record, uint32_t key);

bool counts_build(struct bulla_vault *vault, struct bulla_error *err);
bool values_build(struct bulla_vault *vault, struct bulla_error *err);
bool versions_build(struct bulla_vault *vault, struct bulla_error *err);
bool roster_build(struct bulla_vault *vault, struct bulla_error *err);
bool versions_fill_current(struct bulla_vault *vault, struct bulla_error *err);
/* Resolves k of every record; then, when it is known what counts, what is open and exposed. */
bool epochs_link(struct bulla_vault *vault, struct bulla_error *err);
bool epochs_build(struct bulla_vault *vault, struct bulla_error *err);

/* How many places ahead of a pass records are fetched. */
#define RECORDS_AHEAD 12

/*
 * The record at POSITION of the order, for passes down the order. Neighbours there are far apart in
 * memory, and waiting for each is what a pass would mostly do.
 */
static inline struct record *record_down(const struct bulla_vault *vault, size_t position)
{
    if (position + RECORDS_AHEAD < vault->count) {
        __builtin_prefetch(&vault->records[vault->graph.order[position + RECORDS_AHEAD]].t.version);
    }
    return &vault->records[vault->graph.order[position]];
}

/* Parents or children, by their numbers. */
struct links {
    const uint32_t *at;
    uint32_t count;
};

static inline struct links graph_parents(const struct bulla_vault *vault, uint32_t number)
{
    const uint32_t *first = vault->graph.first_parent + number;
    return (struct links){vault->graph.parents + first[0], first[1] - first[0]};
}

static inline struct links graph_children(const struct bulla_vault *vault, uint32_t number)
{
    const uint32_t *first = vault->graph.first_child + number;
    return (struct links){vault->graph.children + first[0], first[1] - first[0]};
}

static inline bool graph_is_head(const struct bulla_vault *vault, uint32_t number)
{
    return graph_children(vault, number).count == 0;
}

#endif
