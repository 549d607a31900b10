/*
 * The process environment, read in this one place. Commands and the library get what they need
 * from here as arguments.
 */
#ifndef BULLA_CLI_ENV_H
#define BULLA_CLI_ENV_H

#include <stdbool.h>

#include "bulla/secret.h"

/* Strings are borrowed from the environment; NULL when unset or, but for identities, empty. */
struct env {
    const char *environment;           /* BULLA_ENV */
    const char *root;                  /* BULLA_ROOT */
    const char *identity_file;         /* BULLA_IDENTITY_FILE; "" is no default file */
    struct bulla_secret *identity;     /* BULLA_IDENTITY: the text of an identity file */
    const char *credentials_directory; /* CREDENTIALS_DIRECTORY */
    const char *home;                  /* HOME */
    const char *config_home;           /* XDG_CONFIG_HOME, absolute */
    const char *state_home;            /* XDG_STATE_HOME, absolute */
    const char *runtime_dir;           /* XDG_RUNTIME_DIR, absolute */
    const char *editor;                /* VISUAL, else EDITOR */
    const char *step_summary;          /* GITHUB_STEP_SUMMARY */
    const char *git_index;             /* GIT_INDEX_FILE, which git sets for a hook */
    const char *sudo_uid;              /* SUDO_UID: who became root through sudo */
    bool no_color;                     /* NO_COLOR is there and not empty */
    bool is_dumb;                      /* TERM is dumb or unset */
};

/*
 * Fills *RET. BULLA_IDENTITY is moved into locked memory and overwritten where it was, so that
 * neither a child nor /proc shows it; BULLA_IDENTITY_FILE is taken out of the environment too.
 * BULLA_E_NOMEM. Call bulla_init first.
 */
BULLA_MUST_CHECK bool env_read(struct env *ret, struct bulla_error *err);
void env_release(struct env *env);

/*
 * Any variable of the environment, for interpolation (which gives it first place) and for `run`;
 * NULL when unset, "" when empty. Borrowed.
 */
const char *env_lookup(const char *name);

/* All of the environment as NAME=VALUE strings, NULL behind the last. Borrowed. */
char *const *env_all(void);

#endif
