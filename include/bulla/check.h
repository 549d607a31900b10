/*
 * What is wrong with a project before it is deployed: every finding in one run, each with its
 * place and remedy. Needs no key; with one it looks at the values too.
 */
#ifndef BULLA_CHECK_H
#define BULLA_CHECK_H

#include "bulla/compose.h"
#include "bulla/contract.h"
#include "bulla/render.h"
#include "bulla/report.h"
#include "bulla/values.h"
#include "bulla/vault.h"

/*
 * A project in which a rule finds something, and one in which it does not. Both are texts of files
 * and commands: a line "-- NAME --" begins a file, the lines behind it are its text; a line that
 * begins with "$ " is a command that is run in the folder; a last one that runs `bulla check` may
 * have options. The tests make each of them into a folder and check it.
 */
struct bulla_rule_example {
    const char *about; /* what is special about it, or NULL */
    const char *bad;   /* NULL ends a list of examples */
    const char *good;
};

/* One rule; all members are static text. */
struct bulla_rule {
    const char *id;   /* "B101" */
    const char *name; /* "required-unset" */
    enum bulla_severity severity;
    const char *summary;
    const char *text; /* the long text; paragraphs are separated by an empty line */
    const char *help; /* the remedy, where a finding knows no better one */
    const struct bulla_rule_example *examples;
};

/* The rules, in the order of their ids; NULL past the last one. */
BULLA_API size_t bulla_rule_count(void);
BULLA_API const struct bulla_rule *bulla_rule(size_t index);

/* The rule with this id or name, or NULL. */
BULLA_API const struct bulla_rule *bulla_rule_find(const char *id);

/* What git says of a file. */
enum bulla_git_state {
    BULLA_GIT_UNKNOWN, /* nobody was asked: no work tree, or no git */
    BULLA_GIT_TRACKED,
    BULLA_GIT_IGNORED,
    BULLA_GIT_SEEN,   /* neither */
    BULLA_GIT_REFUSED /* git gives no answer: a work tree of another user's, or a damaged one */
};

/* The rendered file as the caller found it. */
struct bulla_check_output {
    const char *path; /* as findings name it; NULL: there is none to look at */
    bool exists;
    unsigned mode; /* permission bits */
    enum bulla_git_state git;
    const char *opens; /* the path that opens it; NULL: what is in it is not looked at */
};

/* Another env file of the project as the caller found it. */
struct bulla_check_file {
    const struct bulla_project_file *file;
    unsigned mode; /* permission bits */
    enum bulla_git_state git;
};

/* A file beside the project's own that holds a private key, as the caller found it. */
struct bulla_check_key_file {
    char *path;           /* that opens it */
    struct bulla_pos pos; /* of the key */
    const char *member;   /* of the vault, whose key it is; NULL: of nobody that is known */
    bool is_plugin;       /* it says where a plugin finds the key */
    enum bulla_git_state git;
};

/* The vault of another environment: a secret that is the same there is a finding. */
struct bulla_check_other {
    const char *environment;
    struct bulla_vault *vault;
};

/* What to check; NULL members are left out. Borrowed for the call. */
struct bulla_check_input {
    const struct bulla_project *project;
    /*
     * What it was loaded with; NULL: what Compose makes of the whole, and where its two lines
     * disagree, is not looked at.
     */
    const struct bulla_project_options *options;
    const struct bulla_contract *contract;
    const char *environment;
    struct bulla_vault *vault;
    const struct bulla_values *values;
    const struct bulla_check_other *others;
    size_t other_count;
    const char *root; /* findings name files relative to this folder; NULL: as they were named */
    struct bulla_check_output output;
    const struct bulla_check_file *files; /* env files besides that, of which these facts count */
    size_t file_count;
    const struct bulla_check_key_file *keys;
    size_t key_count;
    bulla_lookup_fn process; /* the environment in which Compose would be started; NULL: unknown */
    void *process_ctx;
    int64_t now; /* seconds since the epoch */
};

/*
 * Adds what is wrong to REPORT and sorts it. Findings that the contract's [check] section ignores
 * are left out, severities are as it says. False only with BULLA_E_NOMEM, BULLA_E_LIMIT (a pattern
 * of the contract) or what reading a value gives.
 */
BULLA_API BULLA_MUST_CHECK bool bulla_check(const struct bulla_check_input *input,
                                            struct bulla_report *report, struct bulla_error *err);

/*
 * Takes out of LOST what PROJECT publishes itself: a line of a sample beside it, or of the env file
 * TEMPLATE_PATH, the default of a reference. Such a secret counts as not set. Either may be NULL.
 * What cannot be read publishes nothing. BULLA_E_NOMEM.
 */
BULLA_API BULLA_MUST_CHECK bool bulla_lost_leave_published(struct bulla_lost *lost,
                                                           const struct bulla_project *project,
                                                           const char *template_path,
                                                           struct bulla_error *err);

#endif
