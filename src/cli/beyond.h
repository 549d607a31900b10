/* What a new value does not reach by itself: a server's own copy, what an old key has sealed. */
#ifndef BULLA_CLI_BEYOND_H
#define BULLA_CLI_BEYOND_H

#include "bulla/compose.h"
#include "bulla/shape.h"
#include "workspace.h"

/* One server that keeps the old value of a variable until it is told; borrowed. */
struct beyond_server {
    const char *variable;
    const char *service; /* of the stack, with its SERVER; NULL: it is elsewhere */
    const struct bulla_server *server;
    const char *apply; /* its section [apply NAME], or NULL */
    bool is_admin;     /* it is told of others with this password: of this one last */
};

struct beyond {
    struct beyond_server *servers;
    size_t count;
    size_t cap;
};

/*
 * Adds the servers that have to be told of a new value of VARIABLE: the one of its `apply`, else
 * those whose image says so, else, for a password that is made here, one that is not known.
 * PROJECT may be NULL: then the contract alone tells. BULLA_E_NOMEM.
 */
BULLA_MUST_CHECK bool beyond_add(struct beyond *beyond, const struct bulla_project *project,
                                 const struct bulla_variable *variable, struct bulla_error *err);

/* Warns of them, with what to do where WITH_HINTS: no list of steps follows that says it. */
void beyond_warn(const struct beyond *beyond, const struct invocation *in, bool with_hints);

/* Warns where VARIABLE, which was made anew, is a key that data may be sealed with. */
void beyond_warn_sealed(const struct workspace *workspace, const struct bulla_variable *variable);

void beyond_release(struct beyond *beyond);

#endif
