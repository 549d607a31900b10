/* A vault that a commit takes away from one place and has in another: a folder that was moved. */
#ifndef BULLA_CLI_STAGED_MOVES_H
#define BULLA_CLI_STAGED_MOVES_H

#include "git_objects.h"

/*
 * *RET_MOVED tells whether the index INDEX_FILE (NULL: the work tree's own) of TREE has a vault of
 * the name of GONE, which COMMIT (an id; NULL: HEAD) has, at another path, with every record of it.
 * BULLA_E_IO where git fails, BULLA_E_NOMEM.
 */
BULLA_MUST_CHECK bool staged_moves_find(struct git_objects *objects, const char *tree,
                                        const char *index_file, const char *commit,
                                        const char *gone, bool *ret_moved, struct bulla_error *err);

#endif
