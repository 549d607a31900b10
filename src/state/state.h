/*
 * What a user's machine remembers of vaults (docs/vault.5.md 9), under one folder:
 *
 *   paths/HASH           of a vault's absolute path: its vault-id and root
 *   VAULT-ID/root        its root
 *   VAULT-ID/heads/HASH  of path and git branch: the heads that a full check saw
 *   VAULT-ID/journal     every line written, in order
 *
 * Files are 0600, folders 0700, all of it text.
 */
#ifndef BULLA_STATE_STATE_H
#define BULLA_STATE_STATE_H

#include "base/pool.h"
#include "bulla/buf.h"

#define STATE_ID_CHARS 43

/* Whose memory it is; borrowed for the call. */
struct state_place {
    const char *folder;
    const char *vault_id;
    const char *path;   /* absolute: see state_absolute */
    const char *branch; /* "" for none */
    const char *tree;   /* the work tree's root, absolute; "" for none */
};

/* What is remembered of a root; "" for nothing. */
struct state_root {
    char by_path[STATE_ID_CHARS + 1];
    char by_vault[STATE_ID_CHARS + 1];
};

/* PATH made absolute, links in its folder resolved; owned. NULL with BULLA_E_IO, BULLA_E_NOMEM. */
char *state_absolute(const char *path, struct bulla_error *err);

/*
 * The git branch that is checked out where the file PATH is, from .git/HEAD; owned. "" for a
 * detached HEAD or outside a working tree. Where a submodule has no branch, that of the working
 * tree around it. *RET_TREE is the root of the working tree whose branch it is, owned, "" outside
 * one. Starts no program. NULL with BULLA_E_NOMEM.
 */
char *state_branch(const char *path, char **ret_tree, struct bulla_error *err);

/* Nothing remembered is no failure. BULLA_E_IO, BULLA_E_SYNTAX for a file that is not ours. */
BULLA_MUST_CHECK bool state_read_root(const struct state_place *place, struct state_root *ret_root,
                                      struct bulla_error *err);
BULLA_MUST_CHECK bool state_write_root(const struct state_place *place, const char *root,
                                       struct bulla_error *err);

/*
 * The remembered heads, strings in POOL; *ret_count 0 for none. Where nothing is remembered of the
 * path on its branch, those that the vault had on that branch elsewhere in the working tree: it was
 * moved. Another clone's or worktree's are none: one may be older than the other. In a working tree
 * without a branch (a detached HEAD) nothing is remembered, and reading finds nothing.
 */
BULLA_MUST_CHECK bool state_read_heads(const struct state_place *place, struct pool *pool,
                                       const char *const **ret_heads, size_t *ret_count,
                                       struct bulla_error *err);
BULLA_MUST_CHECK bool state_write_heads(const struct state_place *place, const char *const *heads,
                                        size_t count, struct bulla_error *err);

/* Appends LINES (each ends in LF) durably. */
BULLA_MUST_CHECK bool state_append_journal(const struct state_place *place,
                                           struct bulla_bytes lines, struct bulla_error *err);
/* Appends the journal to TEXT; nothing where there is none. */
BULLA_MUST_CHECK bool state_read_journal(const struct state_place *place, struct bulla_buf *text,
                                         struct bulla_error *err);

#endif
