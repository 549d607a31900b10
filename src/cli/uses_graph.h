/* The map of `uses` as a graph: variables, what is made from them, services. */
#ifndef BULLA_CLI_USES_GRAPH_H
#define BULLA_CLI_USES_GRAPH_H

#include "output.h"
#include "usage_map.h"

/* The languages of graphs. */
enum uses_graph_language { USES_GRAPH_DOT, USES_GRAPH_MERMAID };

/*
 * Writes the part of MAP that NAME leads to (itself, what is made from it, their services), or all
 * of it where NAME is NULL. A dashed edge leads to a service that has a secret from an env file and
 * does not name it. BULLA_E_NOMEM.
 */
BULLA_MUST_CHECK bool uses_graph_write(struct output *out, enum uses_graph_language language,
                                       const struct usage_map *map, const char *name,
                                       struct bulla_error *err);

#endif
