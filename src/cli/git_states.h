/* How a file was in the commits that the checked out one has to hold all of. */
#ifndef BULLA_CLI_GIT_STATES_H
#define BULLA_CLI_GIT_STATES_H

#include "bulla/bytes.h"
#include "bulla/error.h"
#include "git_revision.h"

/* One state of the file; COMMIT is where it was found, TEXT is borrowed for the call. */
typedef bool git_state_step(void *ctx, const char *commit, bool is_base, struct bulla_bytes text,
                            struct bulla_error *err);

/*
 * Calls STEP with the file PATH as it is in each merge base of REVISION and HEAD (IS_BASE), and in
 * each parent of each merge that HEAD has and REVISION has not; equal states are given once.
 * Where a merge base has no file there, STEP gets what it has of the vault VAULT_ID under other
 * names that end in ".vault" (nothing for NULL); other commits without the file are passed over.
 * BULLA_E_MISSING outside of a work tree or where REVISION has nothing in common with HEAD (a
 * shallow clone), BULLA_E_IO where git fails, BULLA_E_LIMIT.
 */
BULLA_MUST_CHECK bool git_each_state(const char *path, const char *vault_id,
                                     const struct git_revision *revision, git_state_step *step,
                                     void *ctx, struct bulla_error *err);

/* A vault that a commit has; NAME is its environment. Borrowed for the call. */
typedef bool git_vault_step(void *ctx, const char *commit, bool is_base, const char *name,
                            struct bulla_error *err);

/*
 * Calls STEP with each NAME that the folder .bulla of ROOT has as NAME.vault in the same commits;
 * what several of them have comes several times. Fails as git_each_state does.
 */
BULLA_MUST_CHECK bool git_each_vault(const char *root, const struct git_revision *revision,
                                     git_vault_step *step, void *ctx, struct bulla_error *err);

/*
 * Whether REVISION has taken the file PATH away that COMMIT has: REVISION has none, and a commit
 * that both come from has. BULLA_E_IO, BULLA_E_NOMEM.
 */
BULLA_MUST_CHECK bool git_was_taken_away(const char *path, const struct git_revision *revision,
                                         const char *commit, bool *ret_was,
                                         struct bulla_error *err);

#endif
