/* Which services have to be recreated when values change. */
#ifndef BULLA_CLI_RECREATE_H
#define BULLA_CLI_RECREATE_H

#include "workspace.h"

/* One service and the changed variables that it uses; borrowed from the project and the values. */
struct recreate_service {
    const char *name;
    bool active; /* not left out by its profiles */
    const char **variables;
    size_t count;
    size_t cap;
    uintptr_t sum; /* over the variables: where it differs, they do */
};

struct recreate {
    struct recreate_service *services;
    size_t count;
    size_t cap;
    size_t *row_numbers; /* of each service of the project: its row and 1; 0: it has none */
    bool reads_file;     /* one of them gets such a value from a file, which has to be written */
};

/*
 * Adds VARIABLE, which has changed and was not added before: to the services of its `restart`, else
 * to those that PROJECT, the same in every call, shows to use it. BULLA_E_NOMEM.
 */
BULLA_MUST_CHECK bool recreate_add(struct recreate *recreate, const struct bulla_project *project,
                                   const struct bulla_variable *variable, struct bulla_error *err);

/* Prints the services with their variables; those of the same ones share a line. */
BULLA_MUST_CHECK bool recreate_write(const struct recreate *recreate, struct output *out,
                                     struct bulla_error *err);

/* True where one of them is not left out by its profiles. */
bool recreate_has_active(const struct recreate *recreate);

/* "used by …" as a remark, for a command that has set single values. BULLA_E_NOMEM. */
BULLA_MUST_CHECK bool recreate_say(const struct recreate *recreate,
                                   const struct workspace *workspace, struct bulla_error *err);
void recreate_release(struct recreate *recreate);

#define auto_recreate BULLA_AUTO(recreate_release) struct recreate

#endif
