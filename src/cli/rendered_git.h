/* What git would make of a file that values were written to: `render`. */
#ifndef BULLA_CLI_RENDERED_GIT_H
#define BULLA_CLI_RENDERED_GIT_H

#include "bulla/values.h"
#include "command.h"

/* True where a file of VALUES holds secrets. */
bool rendered_git_has_secrets(const struct bulla_values *values);

/*
 * Warns where the file PATH, which VALUES were written to, has secrets and git tracks it or does
 * not ignore it, and where there is a work tree and git gives no answer, or is not there. What
 * `check` asks of the contract's output holds for any such file. BULLA_E_NOMEM.
 */
BULLA_MUST_CHECK bool rendered_git_warn(const struct invocation *in,
                                        const struct bulla_values *values, const char *path,
                                        struct bulla_error *err);

#endif
