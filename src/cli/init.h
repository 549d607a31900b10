/*
 * The steps of `bulla init`, in the order in which they are taken; private to the command. Nothing
 * of the project is written before the last one, and that leaves all of it or nothing.
 */
#ifndef BULLA_CLI_INIT_H
#define BULLA_CLI_INIT_H

#include "bulla/infer.h"
#include "workspace.h"

#define INIT_MAX_ENVIRONMENTS 16

/* One environment: its vault, open for writing, and what was put into it. */
struct init_environment {
    struct invocation in; /* ours, with this environment chosen */
    struct workspace ws;
    bool created;
    bool is_closed; /* there before, and only others write to it: left as it is */
    size_t generated;
    size_t imported;
    size_t imported_secrets; /* of these, what is no setting */
    size_t exposed;          /* … and that of them which git has in the clear */
    size_t asked;
    size_t missing;
};

struct init {
    const struct invocation *in;
    int64_t now;
    bool no_import;
    const char *name;               /* --name, or NULL */
    char *here;                     /* the working directory */
    char *root;                     /* of the project */
    bool has_contract;              /* there is one already: */
    struct workspace before;        /* it, without a vault */
    struct bulla_buf before_text;   /* what it says */
    struct bulla_buf contract;      /* the text of bulla.ini as it is to be */
    struct bulla_contract *planned; /* that text, parsed */
    size_t added;                   /* sections that it gets, where it has_contract */
    struct bulla_survey *survey;
    char *member;
    char *identity_path;
    bool made_identity;
    struct bulla_buf identity; /* its text, until it is written: secret */
    bool makes_folder;         /* there was none for the vaults */
    struct init_environment environments[INIT_MAX_ENVIRONMENTS];
    size_t environment_count;
    struct bulla_buf ignores; /* the text of .gitignore as it is to be */
    size_t ignored;           /* lines that it gets */
    bool wrote_attributes;
    char *exposed_file;   /* the first that git has of those with imported secrets; or NULL */
    bool exposed_in_past; /* it is in older commits only */
    char *unknown_file;   /* the first of which git does not tell whether older commits have it */
    const char *unknown_why; /* static: why, up to the file's name */
};

/* MODE less the umask that bulla was started with: for files that are no secret. */
mode_t init_public_mode(const struct init *init, mode_t mode);

/*
 * Finds the project: that of the bulla.ini that is found, which is read, or, where that lies above
 * and has nothing to do with the compose file here, a new one of the working directory, which is
 * said. BULLA_E_REFUSED where -f names a file that is not that project's; what finding and reading
 * give.
 */
BULLA_MUST_CHECK bool init_find(struct init *init, struct bulla_error *err);

/*
 * For a bulla.ini that is to be written, behind the survey: BULLA_E_REFUSED where the folder below
 * in which the compose files lie has one already.
 */
BULLA_MUST_CHECK bool init_check_folder(const struct init *init, struct bulla_error *err);

/* The vaults of a contract that is there, each opened for reading when it is first asked. */
struct init_known {
    const struct init *init;
    struct init_known_environment {
        bool is_open;
        struct invocation in;
        struct workspace ws;
        struct bulla_values *values; /* NULL: it cannot be read */
    } environments[INIT_MAX_ENVIRONMENTS];
};

/* A bulla_known_secret_fn; CTX is a struct init_known. */
bool init_known_find(void *ctx, const char *environment, const char *name,
                     struct bulla_bytes *ret_value);
void init_known_release(struct init_known *known);

/* Finds the project and reads what the folder says, and plans the text of bulla.ini. */
BULLA_MUST_CHECK bool init_contract(struct init *init, struct bulla_error *err);

/*
 * Makes an identity if none is at hand, for init_write to write. Once written it stays: other
 * projects may be sealed to it already. BULLA_E_IDENTITY where vaults are there: a new one opens
 * none of them, and nothing is made.
 */
BULLA_MUST_CHECK bool init_identity(struct init *init, struct bulla_error *err);
BULLA_MUST_CHECK bool init_write_identity(struct init *init, struct bulla_error *err);

/* Says how who opens no vault is let in. */
bool init_hint_request(const struct init *init, const char *before, struct bulla_error *err);

/* Gives WS the identity that is not written yet, where there is one. */
BULLA_MUST_CHECK bool init_lend_identity(const struct init *init, struct workspace *ws,
                                         struct bulla_error *err);

/* Makes or opens each environment's vault, imports, generates, asks; nothing is committed. */
BULLA_MUST_CHECK bool init_vaults(struct init *init, struct bulla_error *err);

/* Asks before something new goes into an environment that bulla.ini calls protected. */
BULLA_MUST_CHECK bool init_confirm(const struct init *init, bool yes, struct bulla_error *err);

/* True with a warning for a value that nothing could be started with: it is left out. */
bool init_is_unusable(const struct invocation *in, const char *name, struct bulla_bytes value);

/*
 * Seals what the env file at PATH really sets and the vault of DONE lacks, with a warning where
 * Compose reads less than stands there. Secrets that git knows are marked as exposed.
 */
BULLA_MUST_CHECK bool init_import_file(struct init *init, struct init_environment *done,
                                       const char *path, struct bulla_error *err);

/*
 * Before values are made: warns of those that the env file at PATH, the environment's, leaves empty
 * or to the compose file's default. A stack that runs has them so.
 */
BULLA_MUST_CHECK bool init_say_left_unset(const struct init *init, struct init_environment *done,
                                          const char *path, struct bulla_error *err);

/*
 * Before values are imported: warns of names that included stacks have two values of, and which one
 * the environment of DONE gets, if any.
 */
BULLA_MUST_CHECK bool init_say_conflicts(const struct init *init,
                                         const struct init_environment *done,
                                         struct bulla_error *err);

/* What was imported from one env file. */
struct init_import {
    const char *path;
    const struct bulla_dotenv *entries;
    const char *const *names; /* of the secrets among it */
    size_t count;
};

/*
 * Marks as exposed what git knows of IMPORT's secrets: all of them where the index or HEAD has the
 * file (that to which a link leads), else those whose value an older version of it holds. What
 * cannot be known is kept for the summary.
 */
BULLA_MUST_CHECK bool init_mark_exposed(struct init *init, struct init_environment *done,
                                        const struct init_import *import, struct bulla_error *err);

/* What a sample sets and bulla.ini cannot hold; an env file that is there had its say before. */
BULLA_MUST_CHECK bool init_seal_presets(const struct init *init, struct init_environment *done,
                                        struct bulla_error *err);

/* Warns of a derived value that is not what the file had: its template may need a look. */
BULLA_MUST_CHECK bool init_compare_derived(const struct init *init,
                                           const struct bulla_values *values, const char *path,
                                           struct bulla_error *err);

/* Plans the text of .gitignore. */
BULLA_MUST_CHECK bool init_ignores(struct init *init, struct bulla_error *err);

/* Writes that, .bulla/.gitignore and .bulla/.gitattributes, where they are missing. */
BULLA_MUST_CHECK bool init_git_files(struct init *init, struct bulla_error *err);

/*
 * Writes bulla.ini, what git has to know, and the vaults. After a failure these are as they were.
 */
BULLA_MUST_CHECK bool init_write(struct init *init, struct bulla_error *err);

/* After a failure: takes away what an earlier step had to leave for the others. */
void init_undo(const struct init *init);

/* Says what was done, what is missing and what to do next. */
BULLA_MUST_CHECK bool init_summary(struct init *init, struct bulla_error *err);

#endif
