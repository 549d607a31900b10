/* Which files of an index are rendered ones, by the contracts that lie in it. */
#ifndef BULLA_CLI_STAGED_OUTPUTS_H
#define BULLA_CLI_STAGED_OUTPUTS_H

#include "bulla/contract.h"
#include "command.h"
#include "git_objects.h"

struct staged_outputs {
    const struct invocation *in;
    const char *tree;
    struct git_objects *objects;     /* on that index */
    struct staged_contract *folders; /* those that were looked at */
    size_t count, cap;
};

void staged_outputs_release(struct staged_outputs *outputs);

/*
 * *RET_ENVIRONMENT is the environment whose rendered file PATH (from the work tree's root) is, by a
 * bulla.ini of the index in a folder above it (or of the work tree, where it was never added); NULL
 * for other files. Borrowed. BULLA_E_NOMEM, BULLA_E_IO, and what parsing such a contract gives.
 */
BULLA_MUST_CHECK bool staged_outputs_find(struct staged_outputs *outputs, const char *path,
                                          const char **ret_environment, struct bulla_error *err);

typedef bool staged_contract_step(void *ctx, const struct bulla_contract *contract,
                                  const char *folder, struct bulla_error *err);

/*
 * Calls STEP with each such bulla.ini, and its folder from the tree's root ("": that). Both are
 * borrowed, and there as long as OUTPUTS. BULLA_E_NOMEM, BULLA_E_IO, what parsing one gives, and
 * what STEP does.
 */
BULLA_MUST_CHECK bool staged_outputs_each_contract(struct staged_outputs *outputs, const char *path,
                                                   staged_contract_step *step, void *ctx,
                                                   struct bulla_error *err);

/*
 * Whether such a bulla.ini leaves RULE out, for every file or for PATH. BULLA_E_NOMEM, BULLA_E_IO,
 * and what parsing one gives.
 */
BULLA_MUST_CHECK bool staged_outputs_ignore(struct staged_outputs *outputs, const char *path,
                                            const char *rule, bool *ret_ignored,
                                            struct bulla_error *err);

#endif
