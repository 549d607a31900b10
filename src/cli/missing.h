/* Values that are not there, said one by one before something is refused. */
#ifndef BULLA_CLI_MISSING_H
#define BULLA_CLI_MISSING_H

#include "workspace.h"

/*
 * True where every required value of VALUES can be read. Else prints an error with its place and
 * remedy for each one that cannot, and fails with BULLA_E_MISSING, BULLA_E_REFUSED where one is
 * contested, or BULLA_E_IDENTITY where one is only sealed.
 */
BULLA_MUST_CHECK bool missing_refuse(const struct workspace *workspace,
                                     const struct bulla_values *values, struct bulla_error *err);

#endif
