/* Which services have to be recreated when values change, and with which command. */
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
};

struct recreate {
    struct recreate_service *services;
    size_t count;
    size_t cap;
};

/*
 * Adds VARIABLE, which has changed: to the services of its `restart`, else to those that PROJECT
 * shows to use it. BULLA_E_NOMEM.
 */
BULLA_MUST_CHECK bool recreate_add(struct recreate *recreate, const struct bulla_project *project,
                                   const struct bulla_variable *variable, struct bulla_error *err);

/* Prints the services, each with its variables. */
BULLA_MUST_CHECK bool recreate_write(const struct recreate *recreate, struct output *out,
                                     struct bulla_error *err);

/*
 * Prints the commands that bring the new values to the services of PROJECT: rendering where the
 * rendered file is in use, then Compose with the files and profiles of the environment.
 */
BULLA_MUST_CHECK bool recreate_write_commands(const struct recreate *recreate,
                                              const struct workspace *workspace,
                                              struct bulla_error *err);

/* The same as remarks for a command that has set single values: "used by …", "next: …". */
BULLA_MUST_CHECK bool recreate_say(const struct recreate *recreate,
                                   const struct workspace *workspace, struct bulla_error *err);
void recreate_release(struct recreate *recreate);

#define auto_recreate BULLA_AUTO(recreate_release) struct recreate

#endif
