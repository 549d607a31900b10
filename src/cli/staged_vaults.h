/* The vaults of an index. */
#ifndef BULLA_CLI_STAGED_VAULTS_H
#define BULLA_CLI_STAGED_VAULTS_H

#include "bulla/vault.h"
#include "git_objects.h"
#include "key_members.h"

/* The environment that the vault at PATH is of, in NAME; false for other files. */
bool staged_vault_is(const char *path, char name[static BULLA_MAX_MEMBER_BYTES + 1]);

/*
 * The vault of ENVIRONMENT at PATH, from the work tree's root, as the index of OBJECTS has it;
 * owned. NULL where it is none: BULLA_E_SYNTAX, BULLA_E_IO, and what opening gives.
 */
struct bulla_vault *staged_vault_open(struct git_objects *objects, const char *path,
                                      const char *environment, struct bulla_error *err);

/*
 * Adds the members of all vaults of the index INDEX_FILE (NULL: the work tree's own) of TREE; one
 * that does not verify has none. BULLA_E_NOMEM, BULLA_E_IO.
 */
BULLA_MUST_CHECK bool staged_vaults_members(const char *tree, const char *index_file,
                                            struct git_objects *objects,
                                            struct key_members *members, struct bulla_error *err);

#endif
