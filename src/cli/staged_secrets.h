/* Files of an index that hold secrets of a bulla.ini in clear: env files, and those of Compose. */
#ifndef BULLA_CLI_STAGED_SECRETS_H
#define BULLA_CLI_STAGED_SECRETS_H

#include "git_staged.h"
#include "staged_env.h"

struct staged_secrets {
    struct staged_outputs *outputs; /* the contracts */
    struct staged_resources *folders;
    size_t count, cap;
    struct bulla_buf text; /* of one file after the other */
};

/* OUTPUTS outlive it. Release it in every case. */
void staged_secrets_init(struct staged_secrets *secrets, struct staged_outputs *outputs);
void staged_secrets_release(struct staged_secrets *secrets);

/*
 * Looks at FILE, which is no link and not gone: what it sets of the secrets of each bulla.ini above
 * it (as staged_outputs_find takes them), where by its name it is an env file and no sample; or the
 * secret of the compose files of such a bulla.ini that is taken from it, by its path or as the same
 * file, as these compose files are in the work tree: where they cannot be read a warning says so.
 * An empty text, a placeholder and a certificate are no such secret. BULLA_E_NOMEM, BULLA_E_IO, and
 * what parsing a bulla.ini gives.
 */
BULLA_MUST_CHECK bool staged_secrets_find(struct staged_secrets *secrets,
                                          const struct git_staged *file, struct staged_secret *ret,
                                          struct bulla_error *err);

#endif
