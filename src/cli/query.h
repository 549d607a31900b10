/*
 * Names for shell completion: `bulla --list QUERY` prints one per line. Names only, never a value,
 * and quietly nothing where there is no stack to look at.
 */
#ifndef BULLA_CLI_QUERY_H
#define BULLA_CLI_QUERY_H

#include "command.h"

/* One query: what struct opt and struct operand call `.query`. */
struct query {
    const char *name;
    bool (*run)(const struct invocation *in, struct bulla_error *err);
};

/* Every query, sorted; a NULL name ends it. */
extern const struct query queries[];

const struct query *query_find(const char *name);

#endif
