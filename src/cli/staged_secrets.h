/* Files of an index that hold secrets of a bulla.ini in clear: env files, and those of Compose. */
#ifndef BULLA_CLI_STAGED_SECRETS_H
#define BULLA_CLI_STAGED_SECRETS_H

#include "git_staged.h"
#include "staged_outputs.h"

struct staged_secrets {
    struct staged_outputs *outputs; /* the contracts */
    struct staged_resources *folders;
    size_t count, cap;
    struct bulla_buf text; /* of one file after the other */
};

/* OUTPUTS outlive it. Release it in every case. */
void staged_secrets_init(struct staged_secrets *secrets, struct staged_outputs *outputs);
void staged_secrets_release(struct staged_secrets *secrets);

/* What of a file is to be refused. */
struct staged_secret {
    struct bulla_pos pos; /* of the first of NAMES */
    char names[200];      /* "'A', 'B' and 3 more"; empty: none, and nothing to refuse */
    bool is_resource;     /* the whole file is the Compose secret of that name */
};

/*
 * Looks at FILE, which is no link and not gone: what it sets of the secrets of each bulla.ini above
 * it (as staged_outputs_find takes them), where by its name it is an env file and no sample; or the
 * secret of the compose files of such a bulla.ini that is taken from it, as these files are in the
 * work tree. An empty value, a placeholder, what is made of other variables, and a certificate are
 * none. What cannot be read as an env file has nothing. BULLA_E_NOMEM, BULLA_E_IO, and what parsing
 * a bulla.ini gives.
 */
BULLA_MUST_CHECK bool staged_secrets_find(struct staged_secrets *secrets,
                                          const struct git_staged *file, struct staged_secret *ret,
                                          struct bulla_error *err);

#endif
