/* The other environments that a file may be of, whose vaults are opened where they are asked for.
 */
#ifndef BULLA_CLI_RIVALS_H
#define BULLA_CLI_RIVALS_H

#include "workspace.h"

struct rivals {
    struct bulla_rivals all; /* for the library */
    struct workspace *ws;
    struct bulla_vault *vault; /* the last that was asked for, or NULL */
};

/*
 * Those of WS's environment: with IS_OUTPUT the ones that are rendered to the same file, else all.
 * RET must stay where it is. Release it in every case.
 */
void rivals_init(struct rivals *ret, struct workspace *ws, bool is_output);
void rivals_release(struct rivals *rivals);

#endif
