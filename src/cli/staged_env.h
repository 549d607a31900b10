/* What an env file of an index gives away, also one that Compose would not read. */
#ifndef BULLA_CLI_STAGED_ENV_H
#define BULLA_CLI_STAGED_ENV_H

#include "bulla/bytes.h"
#include "staged_outputs.h"

/* What of a file is to be refused. */
enum staged_secret_kind {
    STAGED_SECRET_NONE,
    STAGED_SECRET_SET,      /* an env file that sets secrets */
    STAGED_SECRET_RESOURCE, /* the whole file is a Compose secret */
    STAGED_SECRET_TOO_LARGE /* called as an env file, and larger than what is looked at */
};
struct staged_secret {
    enum staged_secret_kind kind;
    struct bulla_pos pos; /* of the first of NAMES */
    char names[200];      /* "'A', 'B' and 3 more"; empty where it is too large */
};

/* What the file NAME (without folder) is called as. Copies (".env~", "prod.env.bak") count too. */
enum staged_name { STAGED_NAME_OTHER, STAGED_NAME_SAMPLE, STAGED_NAME_ENV };
enum staged_name staged_env_name(const char *name);

/*
 * Fills *RET with what TEXT, the env file PATH (from the work tree's root), sets of the secrets of
 * each bulla.ini above it. An empty value, a placeholder, what other programs have sealed, what is
 * made of other variables or by a command, with no secret beside them, are none. Lines that look
 * like settings count where they stand in quotes that span them, and in a text that Compose would
 * not read. BULLA_E_NOMEM, BULLA_E_IO, and what parsing a bulla.ini gives.
 */
BULLA_MUST_CHECK bool staged_env_look(struct staged_outputs *outputs, const char *path,
                                      struct bulla_bytes text, struct staged_secret *ret,
                                      struct bulla_error *err);

/* *RET_HAS: whether a bulla.ini above PATH knows a secret at all. Fails as staged_env_look does. */
BULLA_MUST_CHECK bool staged_env_has_secrets(struct staged_outputs *outputs, const char *path,
                                             bool *ret_has, struct bulla_error *err);

#endif
