/* Files as they were in a revision: one `git cat-file --batch` that is asked for each. */
#ifndef BULLA_CLI_GIT_OBJECTS_H
#define BULLA_CLI_GIT_OBJECTS_H

#include "git_run.h"

struct git_objects {
    struct git_child child;
    int to;        /* its standard input; -1: it is not running */
    bool is_check; /* it tells of objects, and does not print them */
    char commit[65];
    size_t size; /* of the object that was answered last */
};

/*
 * Starts git in the work tree TREE and finds the commit that REVISION names. BULLA_E_USAGE where
 * there is none, or the name could be several (git_revision_check), BULLA_E_IO where git cannot be
 * started or fails, BULLA_E_NOMEM. Close it in every case.
 */
BULLA_MUST_CHECK bool git_objects_open(struct git_objects *ret, const char *tree,
                                       const char *revision, struct bulla_error *err);

/*
 * The same without a commit, for git_objects_get alone, on the index INDEX_FILE (NULL: the work
 * tree's own).
 */
BULLA_MUST_CHECK bool git_objects_start(struct git_objects *ret, const char *tree,
                                        const char *index_file, struct bulla_error *err);
void git_objects_close(struct git_objects *objects);

/* Sets ERR to what it means that git has no commit REVISION: BULLA_E_USAGE. False. */
bool git_objects_refuse_revision(const char *revision, struct bulla_error *err);

/* Sets ERR to what it means that git does not answer: BULLA_E_IO. False. */
bool git_objects_refuse(struct bulla_error *err);

/*
 * Appends the file that NAME means to git ("HEAD:path", ":path" in the index, ":2:path" of one side
 * of a conflict) to CONTENT; nothing where it is larger than that takes. *RET_FOUND is false where
 * there is none, and where git lacks the object: git_read_file tells these apart. BULLA_E_IO,
 * BULLA_E_NOMEM.
 */
BULLA_MUST_CHECK bool git_objects_get(struct git_objects *objects, const char *name,
                                      struct bulla_buf *content, bool *ret_found,
                                      struct bulla_error *err);

/*
 * Appends the tree that NAME means, as git keeps it, to CONTENT. *RET_ID_LEN is how many bytes its
 * ids have; 0 where git has no such tree, or one larger than CONTENT takes. BULLA_E_IO,
 * BULLA_E_NOMEM.
 */
BULLA_MUST_CHECK bool git_objects_get_tree(struct git_objects *objects, const char *name,
                                           struct bulla_buf *content, size_t *ret_id_len,
                                           struct bulla_error *err);

/* The same as git_objects_start, to be asked by git_objects_find alone. */
BULLA_MUST_CHECK bool git_objects_start_check(struct git_objects *ret, const char *tree,
                                              struct bulla_error *err);

/* The id of the file that NAME means, in OBJECT; "" where there is none. BULLA_E_IO. */
BULLA_MUST_CHECK bool git_objects_find(struct git_objects *objects, const char *name,
                                       char ret_object[static 65], struct bulla_error *err);

#endif
