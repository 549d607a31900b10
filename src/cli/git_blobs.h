/* Files that git is asked for all at once, and what git_states.c finds of them. */
#ifndef BULLA_CLI_GIT_BLOBS_H
#define BULLA_CLI_GIT_BLOBS_H

#include "bulla/buf.h"
#include "git_run.h"
#include "git_states.h"

#define GIT_ANSWER_BYTES ((size_t)16 * 1024 * 1024)
#define GIT_ID_CHARS 64 /* SHA-256 */

/* One place where the file may be. */
struct git_found {
    char commit[GIT_ID_CHARS + 1];
    char blob[GIT_ID_CHARS + 1]; /* "": not there, or as another state */
    size_t size;
    bool is_base;
    bool is_missing;   /* the commit has no file there */
    bool is_elsewhere; /* a vault under another path, that may be ours */
};

struct git_search {
    const struct git_revision *revision;
    const char *vault_id;
    char *tree;
    char *name; /* of the file, from TREE */
    struct git_found *states;
    size_t count;
    size_t cap;
};

/*
 * Makes "" of the text that KEY gives of a state where an earlier state has the same: in as good as
 * linear time, as a pull request may have any number of merges. BULLA_E_NOMEM.
 */
BULLA_MUST_CHECK bool git_blank_repeated(struct git_search *search,
                                         char *(*key)(struct git_found *), struct bulla_error *err);

/* Git did not answer as it should: BULLA_E_IO. Returns false. */
bool git_refuse_states(struct bulla_error *err);

/* TEXT as a file without a name, to be a child's input; -1 with ERR filled. */
int git_input_of(const struct bulla_buf *text, struct bulla_error *err);

/*
 * What `cat-file --batch`, whose output is FD, prints of the object BLOB of SIZE bytes: its bytes,
 * in TEXT. BULLA_E_IO, BULLA_E_NOMEM; BULLA_E_LIMIT where TEXT takes less than those and a line
 * end.
 */
BULLA_MUST_CHECK bool git_read_blob(int fd, const char *blob, size_t size, struct bulla_buf *text,
                                    struct bulla_error *err);

/*
 * Starts git in TREE to print the objects whose ids, a line each, are WANTED, in that order.
 * BULLA_E_IO, BULLA_E_NOMEM.
 */
BULLA_MUST_CHECK bool git_start_batch(const char *tree, const struct bulla_buf *wanted,
                                      struct git_child *ret_child, struct bulla_error *err);

/* Calls STEP with each file that was found, and is of the vault that is compared. */
BULLA_MUST_CHECK bool git_each_blob(const struct git_search *search, git_state_step *step,
                                    void *ctx, struct bulla_error *err);

#endif
