/* What a plan would change in a file, as a unified diff. */
#ifndef BULLA_CLI_PATCH_H
#define BULLA_CLI_PATCH_H

#include "bulla/fix.h"
#include "output.h"

/*
 * Writes FILE's changes with three lines around them, coloured where OUT is. Lines are as hide.h
 * shows them; of an env file only added lines are there. BULLA_E_NOMEM.
 */
BULLA_MUST_CHECK bool patch_write(struct output *out, const struct bulla_fix_file *file,
                                  struct bulla_error *err);

#endif
