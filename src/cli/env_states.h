/* What a project's env files are to others: their modes, and what git has of them. */
#ifndef BULLA_CLI_ENV_STATES_H
#define BULLA_CLI_ENV_STATES_H

#include "key_files.h"

struct env_states {
    struct bulla_check_file
        *files; /* those that Compose or a service reads, but the rendered one */
    size_t count;
};

/*
 * Looks at the env files of PROJECT and at OUTPUT, of which it fills what is not a path; git is
 * asked about all of them and of KEYS together. BULLA_E_NOMEM. Release it in every case.
 */
BULLA_MUST_CHECK bool env_states_look(struct env_states *ret, const struct bulla_project *project,
                                      struct bulla_check_output *output, struct key_files *keys,
                                      struct bulla_error *err);
void env_states_release(struct env_states *states);

#endif
