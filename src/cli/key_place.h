/* Where a private key was put: in a work tree git might take it. */
#ifndef BULLA_CLI_KEY_PLACE_H
#define BULLA_CLI_KEY_PLACE_H

#include "command.h"

/*
 * Warns where git does not ignore PATH, a private key that was written, and says the line that
 * makes it. BULLA_E_NOMEM.
 */
BULLA_MUST_CHECK bool key_place_warn(const struct invocation *in, const char *path,
                                     struct bulla_error *err);

#endif
