/* Secrets that stand in the file to be written, and nowhere else: `render`. */
#ifndef BULLA_CLI_LOST_VALUES_H
#define BULLA_CLI_LOST_VALUES_H

#include "workspace.h"

/* The env file that is there, and what it is held against. */
struct lost_values {
    struct workspace *ws;
    const struct bulla_values *values; /* the workspace's */
    enum bulla_env_format format;      /* that the text is in */
    enum bulla_env_format wanted;      /* that it is written anew in */
    struct bulla_bytes text;           /* the file's */
    const char *name;                  /* for messages */
    bool is_output;                    /* it is the environment's own, else any file */
};

/*
 * BULLA_E_REFUSED where the file has secrets that would be gone with it: each is named, all but the
 * last on standard error. What the vault has or had under a name is none, nor what the project
 * publishes, nor what another environment has that is rendered to the file (any, where the file is
 * no output). Where the vault of one that is rendered to the file does not open nobody can tell,
 * and nothing is refused. BULLA_E_SYNTAX where the text cannot be read. BULLA_E_NOMEM.
 */
BULLA_MUST_CHECK bool lost_values_refuse(const struct lost_values *file, struct bulla_error *err);

#endif
