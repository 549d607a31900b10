/* An attribute of git. */
#ifndef BULLA_CLI_GIT_ATTRIBUTE_H
#define BULLA_CLI_GIT_ATTRIBUTE_H

#include "bulla/error.h"

/*
 * Whether the attribute NAME of PATH, from the work tree TREE and not necessarily there, is VALUE,
 * by the files of the work tree and the settings of the clone. BULLA_E_IO where git cannot be
 * started, BULLA_E_NOMEM.
 */
BULLA_MUST_CHECK bool git_attribute_is(const char *tree, const char *path, const char *name,
                                       const char *value, bool *ret_is, struct bulla_error *err);

#endif
