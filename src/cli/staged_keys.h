/* Private keys in the files of an index, also in the middle of one. */
#ifndef BULLA_CLI_STAGED_KEYS_H
#define BULLA_CLI_STAGED_KEYS_H

#include "git_staged.h"
#include "key_members.h"

struct staged_keys {
    const char *tree, *index_file;
    struct git_objects *objects;   /* on that index */
    struct staged_key_file *files; /* that are to be looked at */
    size_t count, cap;
    struct key_members members; /* of all vaults of the index, once they are asked for */
    bool has_members;
    struct bulla_buf text;  /* of one file after the other */
    struct bulla_buf block; /* of it, without the blanks before its lines */
};

/* One of them. */
struct staged_key {
    const char *path;
    struct bulla_pos pos;
    const char *member; /* whose it is, in one of the index's vaults; NULL: nobody's. Borrowed. */
};

/* TREE, INDEX_FILE (NULL: the work tree's own) and OBJECTS outlive it. Release it in every case. */
void staged_keys_init(struct staged_keys *keys, const char *tree, const char *index_file,
                      struct git_objects *objects);
void staged_keys_release(struct staged_keys *keys);

/* FILE is to be looked at. BULLA_E_NOMEM. */
BULLA_MUST_CHECK bool staged_keys_add(struct staged_keys *keys, const struct git_staged *file,
                                      struct bulla_error *err);

typedef bool staged_keys_step(void *ctx, const struct staged_key *key, struct bulla_error *err);

/*
 * Calls STEP with the first private key of each of those files: any of age, one of ssh, which
 * begins a line, where it is that of a member of a vault of the index. A file over 256 KiB is
 * passed over. Two children read all of them. BULLA_E_NOMEM, BULLA_E_IO, and what STEP gives.
 */
BULLA_MUST_CHECK bool staged_keys_each(struct staged_keys *keys, staged_keys_step *step, void *ctx,
                                       struct bulla_error *err);

#endif
