/* Where else git has a file: the sides of a conflict, HEAD, what a branch was before, other refs.
 */
#ifndef BULLA_CLI_GIT_PAST_H
#define BULLA_CLI_GIT_PAST_H

#include "git_objects.h"

/* One of these places. */
struct git_past_state {
    char *name;     /* "HEAD:path", ":2:path": what git is asked for */
    char *label;    /* as people are told: "HEAD", "main@{2}", "ours" */
    char *event;    /* what took the branch away from there ("reset: moving to HEAD~1"), or NULL */
    bool is_wanted; /* all of it should be in the file; else it only helps out */
    bool is_repeated; /* a state before it has the same content */
    char object[65];  /* the content's id */
};

struct git_past {
    struct git_past_state *states; /* the wanted ones first, the newest first */
    size_t count, cap;
    size_t wanted_count;
};

/*
 * Finds them for the file PATH of the work tree TREE, named from its root: both sides where the
 * index has a conflict, HEAD and a merge's other head, and all that the branch that is checked out
 * pointed to here (the newest 200; ORIG_HEAD where git keeps no such log). Then what HEAD pointed
 * to and every other ref. Places without the file are left out. BULLA_E_IO where git fails. Release
 * it in every case.
 */
BULLA_MUST_CHECK bool git_past_find(struct git_past *ret, const char *tree, const char *path,
                                    struct bulla_error *err);
void git_past_release(struct git_past *past);

#endif
