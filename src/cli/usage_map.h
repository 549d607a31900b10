/* Every use of every variable of a project: the map that `uses` shows, whole or in part. */
#ifndef BULLA_CLI_USAGE_MAP_H
#define BULLA_CLI_USAGE_MAP_H

#include "bulla/compose.h"
#include "bulla/values.h"

/* One use; everything it points to is the project's or the values'. */
struct usage_row {
    const char *name;
    struct bulla_project_use use;
    /* The service has it from an env file, and no part of the service names it. */
    bool is_unreferenced;
    size_t order; /* private */
};

/* Sorted by name; the uses of one as bulla_project_uses tells them. */
struct usage_map {
    struct usage_row *rows;
    size_t count;
    size_t cap;
    const struct bulla_values *values; /* of the environment, or NULL; borrowed */
};

/*
 * Fills *RET, a zeroed one. A rendered env file holds every variable of VALUES (NULL: there is no
 * contract). BULLA_E_NOMEM. Release it in every case.
 */
BULLA_MUST_CHECK bool usage_map_collect(struct usage_map *ret, const struct bulla_project *project,
                                        const struct bulla_values *values, struct bulla_error *err);
void usage_map_release(struct usage_map *map);

/* The uses of one variable, some of the rows of a map. */
struct usage_slice {
    const char *name;
    const struct usage_row *rows;
    size_t count;
};

/* Those of NAME, none where nothing uses it. */
struct usage_slice usage_map_find(const struct usage_map *map, const char *name);

/*
 * Calls FN for every variable that is used or that the contract lists, sorted by name.
 * BULLA_E_NOMEM, or as FN.
 */
typedef bool (*usage_slice_fn)(void *ctx, const struct usage_slice *slice, struct bulla_error *err);
BULLA_MUST_CHECK bool usage_map_each(const struct usage_map *map, usage_slice_fn fn, void *ctx,
                                     struct bulla_error *err);

/* True where NAME's value has to be kept secret: by the contract, else by its name. */
bool usage_is_secret(const struct usage_map *map, const char *name);

/* "env-file only" for a secret that its service does not name, else usage_kind_name. */
const char *usage_row_kind(const struct usage_map *map, const struct usage_row *row);

#define auto_usage_map BULLA_AUTO(usage_map_release) struct usage_map

#endif
