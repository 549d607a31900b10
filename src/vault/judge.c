/* Everything that follows from the records, in the order in which one thing needs the other. */
#include "vault/judge.h"

#include "bulla/limits.h"

#include "base/banned.h"

#define USUAL_JUDGED_BYTES ((size_t)96) /* of a record, with its part of its name */

bool vault_spend(struct bulla_vault *vault, uint64_t steps, struct bulla_error *err)
{
    vault->steps += steps;
    return vault->steps <= BULLA_MAX_VAULT_STEPS ||
           bulla_error_at(err, BULLA_E_LIMIT, vault->path, (struct bulla_pos){0, 0},
                          "more members, or more names set on branches, than we follow");
}

bool vault_judge(struct bulla_vault *vault, struct bulla_error *err)
{
    pool_free(vault->judged);
    vault->judged_count = vault->name_count = 0;
    vault->roster_count = vault->people_count = 0;
    vault->steps = 0;
    vault->judged = pool_new(err);
    if (vault->judged == NULL ||
        !pool_reserve(vault->judged, vault->count * USUAL_JUDGED_BYTES, err)) {
        return false;
    }
    if (!graph_build(vault, err)) {
        return false;
    }
    graph_mark_known(vault);
    if (!reach_build(vault, err) || !people_build(vault, err) || !epochs_link(vault, err) ||
        !trust_check_authors(vault, err)) {
        return false;
    }
    if (!counts_build(vault, err) || !graph_mark_vouched(vault, err) ||
        !trust_check_uncovered(vault, err) || !values_build(vault, err) ||
        !versions_build(vault, err) || !epochs_build(vault, err) ||
        !versions_fill_current(vault, err) || !roster_build(vault, err)) {
        return false;
    }
    vault->judged_count = vault->count;
    return true;
}
