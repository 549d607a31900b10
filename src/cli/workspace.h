/*
 * What most commands begin with: the contract found from where we are upward, the environment that
 * is meant, its vault, and the identity that opens it.
 */
#ifndef BULLA_CLI_WORKSPACE_H
#define BULLA_CLI_WORKSPACE_H

#include "bulla/bulla.h"
#include "command.h"

/* In the folder of a project. */
#define WORKSPACE_CONTRACT "bulla.ini"
#define WORKSPACE_VAULT_FOLDER ".bulla"

struct workspace {
    const struct invocation *in;
    char *root;          /* the folder of bulla.ini, absolute */
    char *contract_path; /* as messages name it: relative to where we are */
    struct bulla_contract *contract;
    const struct bulla_environment *environment; /* borrowed from the contract */
    char *vault_path;
    char *state_folder;             /* "…/bulla", or NULL without a home: nothing is remembered */
    struct bulla_age_host age_host; /* whom the identities ask */
    struct bulla_identities *identities; /* NULL: none at hand */
    char *identity_name;                 /* where they came from, for messages */
    struct bulla_vault *vault;
    const struct bulla_vault *beside; /* NULL, or one that is open for WRITE: bulla/vault.h */
    int64_t now;
};

/*
 * Finds and reads bulla.ini and chooses the environment (-e, BULLA_ENV, the contract's default).
 * BULLA_E_MISSING without a contract (hint: bulla init), BULLA_E_INVALID where .bulla is a symbolic
 * link or a git work tree of its own, BULLA_E_USAGE for an environment that it does not have, and
 * what finding and parsing give. Release it in every case.
 */
BULLA_MUST_CHECK bool workspace_open(struct workspace *ret, const struct invocation *in,
                                     struct bulla_error *err);

/*
 * The same for a contract that is not written yet: CONTRACT is what bulla.ini in ROOT (absolute)
 * will have. Release it in every case.
 */
BULLA_MUST_CHECK bool workspace_open_planned(struct workspace *ret, const struct invocation *in,
                                             const char *root, struct bulla_bytes contract,
                                             struct bulla_error *err);

/*
 * The folder of the contract, absolute and owned: the working directory or the nearest one above
 * that has it, not beyond the root of a git work tree. BULLA_E_MISSING without one,
 * BULLA_E_REFUSED where one above, or its .bulla, is neither the user's, root's nor, for root, that
 * of who called sudo (git's rule after CVE-2022-24765; in the working directory any owner is fine,
 * as in a container's checkout).
 */
BULLA_MUST_CHECK bool workspace_find(const struct invocation *in, char **ret_root,
                                     struct bulla_error *err);

void workspace_release(struct workspace *workspace);

/* Whether a command can do without. */
enum workspace_need {
    WORKSPACE_KEY_REQUIRED, /* BULLA_E_IDENTITY where no identity is at hand or none fits */
    WORKSPACE_KEY_OPTIONAL
};

/*
 * Reads the identity (docs/commands.md, Environment) and opens the vault for ACCESS. An unknown
 * root is asked about on a terminal and refused without one; where no key is at hand nor needed,
 * names are read all the same and nothing is remembered. BULLA_E_MISSING where the environment has
 * no vault, and what opening gives.
 */
BULLA_MUST_CHECK bool workspace_open_vault(struct workspace *workspace,
                                           enum bulla_vault_access access, enum workspace_need need,
                                           struct bulla_error *err);

/*
 * Opens for WRITE the vault that is open for READ. Others may have written meanwhile: a note that
 * is new is told, and what was read, as somebody's role, is to be read again. What opening gives,
 * and what bulla_vault_closed has.
 */
BULLA_MUST_CHECK bool workspace_reopen(struct workspace *workspace, struct bulla_error *err);

/* The values that the environment has now, as its vault, where that is open, holds them; owned. */
struct bulla_values *workspace_resolve(const struct workspace *workspace, struct bulla_error *err);

/*
 * BULLA_E_IDENTITY where the environment has a variable for an identity that is empty, and no other
 * names one: there is none then, and none is made.
 */
BULLA_MUST_CHECK bool workspace_check_blank(const struct invocation *in, struct bulla_error *err);

/*
 * NAME in the folder of bulla.ini, as it is opened and named from here: with steps up where the
 * working directory lies below it; owned.
 */
char *workspace_path_in_root(const struct workspace *workspace, const char *name,
                             struct bulla_error *err);

/* Where ENVIRONMENT's vault is, as it is opened from here; owned. */
char *workspace_vault_path(const struct workspace *workspace,
                           const struct bulla_environment *environment, struct bulla_error *err);

/* True when the environment has a vault file. */
bool workspace_has_vault(const struct workspace *workspace);

/* Whether this machine remembers a vault at PATH: it was made, then. Asks no git. BULLA_E_NOMEM. */
BULLA_MUST_CHECK bool workspace_knew_vault(const struct workspace *workspace, const char *path,
                                           bool *ret_knew, struct bulla_error *err);

/*
 * BULLA_E_MISSING for the vault of ENVIRONMENT at PATH; the hint is bulla init, or where this
 * machine knows that it was made, git restore. Returns false.
 */
bool workspace_refuse_no_vault(const struct workspace *workspace, const char *environment,
                               const char *path, struct bulla_error *err);

/* The identity only; NULL identities where there is none and NEED allows it. */
BULLA_MUST_CHECK bool workspace_read_identity(struct workspace *workspace, enum workspace_need need,
                                              struct bulla_error *err);

/* The default identity file's path, or NULL without a home; owned. */
char *workspace_identity_path(const struct env *env, struct bulla_error *err);

/*
 * To a failure of the system at the default identity file: that this is what it is, and how another
 * one is named. Returns false.
 */
bool workspace_hint_identity(struct bulla_error *err);

/* BULLA_E_IDENTITY: the identity is no member's of the vault that is open. Returns false. */
bool workspace_refuse_identity(const struct workspace *workspace, struct bulla_error *err);

/*
 * The vault of ROOT, which is not known here, where it may be opened: looked at without a key, or
 * taken by who is asked. NULL with ERR, which says that it is unknown, as it was; BULLA_E_IDENTITY
 * where the identity is no member's, or is for another environment.
 */
struct bulla_vault *workspace_open_unknown(struct workspace *workspace,
                                           enum bulla_vault_access access, enum workspace_need need,
                                           const char *root, struct bulla_error *err);

/*
 * VAULT is ENVIRONMENT's, opened with BULLA_VAULT_VERIFY, which takes a root that is new here:
 * BULLA_E_VERIFY where the identity names its roots and not all are those of the other
 * environments, as then it is in the place of a vault that was replaced. BULLA_E_NOMEM.
 */
BULLA_MUST_CHECK bool workspace_check_new_root(struct workspace *workspace,
                                               const struct bulla_environment *environment,
                                               const struct bulla_vault *vault,
                                               struct bulla_error *err);

/* The folder for what is remembered, or NULL without a home; owned. */
BULLA_MUST_CHECK bool workspace_state_folder(const struct env *env, char **ret_folder,
                                             struct bulla_error *err);

/* The place of the environment's vault for bulla_vault_open and _create. */
struct bulla_vault_place workspace_place(const struct workspace *workspace);

/*
 * Loads the compose project of the environment; VALUES (may be NULL) stands in for its env files.
 * The caller owns the result.
 */
const struct bulla_project *workspace_load_project(const struct workspace *workspace,
                                                   bulla_lookup_fn values, void *values_ctx,
                                                   struct bulla_error *err);

/*
 * After loading a project has failed: where a file is not there that the contract's `compose` names
 * the hint says so. False, as ERR is a failure.
 */
bool workspace_blame_compose(const struct workspace *workspace, struct bulla_error *err);

/* What it is loaded with, for whoever needs that too; it borrows from the workspace. */
struct workspace_loading {
    struct bulla_project_options options;
    const char **files; /* private, as the next */
    const char **env_files;
};

/*
 * Fills RET, with ENV_FILES (NULL or empty: none), which are named from where we are, in place of
 * the project's own. BULLA_E_NOMEM, BULLA_E_IO. Release it in every case.
 */
BULLA_MUST_CHECK bool workspace_loading_init(struct workspace_loading *ret,
                                             const struct workspace *workspace,
                                             const struct string_list *env_files,
                                             struct bulla_error *err);
void workspace_loading_release(struct workspace_loading *loading);

/* The process environment as a lookup. */
enum bulla_lookup_state workspace_env_lookup(void *ctx, struct bulla_bytes name,
                                             struct bulla_bytes *ret_value);

/*
 * The path of NAME in the project directory (the template, the rendered file), as it is opened
 * from here; owned.
 */
char *workspace_project_path(const struct workspace *workspace, const char *name,
                             struct bulla_error *err);

/* That path relative to the folder of bulla.ini where it is below it; owned. */
char *workspace_project_path_in_root(const struct workspace *workspace, const char *name,
                                     struct bulla_error *err);

/*
 * Before a write: a protected environment asks for its name on a terminal and wants YES without
 * one (BULLA_E_REFUSED).
 */
BULLA_MUST_CHECK bool workspace_confirm_write(const struct workspace *workspace, bool yes,
                                              struct bulla_error *err);

/*
 * The compose file that a command line is about, absolute and owned, where the contract has nothing
 * to do with its folder: the first -f, else (unless COMPOSE_FILE is set) the one that Compose finds
 * in the working directory or above, below the folder of bulla.ini in both cases. NULL where there
 * is none, and where an environment has a compose file or the project directory in that folder,
 * also by `include` and `extends`. What loading the projects of the environments gives.
 */
BULLA_MUST_CHECK bool workspace_find_apart(const struct workspace *workspace, char **ret_file,
                                           struct bulla_error *err);

/* Whether the file at PATH is one of an environment's compose files, included ones among them. */
BULLA_MUST_CHECK bool workspace_has_compose_file(const struct workspace *workspace,
                                                 const char *path, bool *ret_has,
                                                 struct bulla_error *err);

/*
 * Before a command: a warning where workspace_find_apart has something, as its values would be
 * another stack's. Everything else is the command's to say.
 */
void workspace_warn_apart(const struct invocation *in);

/* What of PATH is below FOLDER, both absolute; NULL where nothing is. Borrowed from PATH. */
const char *workspace_below(const char *path, const char *folder);

/* " -e ENV" where the environment is not the contract's default, else ""; for hints. */
const char *workspace_env_flag(const struct workspace *workspace, char out[static 48]);

#define auto_workspace BULLA_AUTO(workspace_release) struct workspace

#endif
