/* The steps of `bulla init`, in the order in which they are taken; private to the command. */
#ifndef BULLA_CLI_INIT_H
#define BULLA_CLI_INIT_H

#include "bulla/infer.h"
#include "workspace.h"

#define INIT_MAX_ENVIRONMENTS 16

/* What was done in one environment. */
struct init_environment {
    char name[BULLA_MAX_MEMBER_BYTES + 1];
    bool created;
    size_t generated;
    size_t imported;
    size_t asked;
    size_t missing;
};

struct init {
    const struct invocation *in;
    int64_t now;
    bool no_import;
    char *root;
    bool wrote_contract;
    struct bulla_survey *survey; /* NULL where the contract is older than what lies here */
    char *member;
    char *identity_path;
    bool made_identity;
    struct init_environment environments[INIT_MAX_ENVIRONMENTS];
    size_t environment_count;
    size_t ignored; /* lines added to .gitignore */
    bool wrote_attributes;
};

/* MODE less the umask that bulla was started with: for files that are no secret. */
mode_t init_public_mode(const struct init *init, mode_t mode);

/* Makes the default identity file if no identity is at hand. */
BULLA_MUST_CHECK bool init_identity(struct init *init, struct bulla_error *err);

/* Makes or opens each environment's vault, imports, generates, asks. */
BULLA_MUST_CHECK bool init_vaults(struct init *init, struct bulla_error *err);

/* .gitignore, .bulla/.gitignore, .bulla/.gitattributes. */
BULLA_MUST_CHECK bool init_git_files(struct init *init, struct bulla_error *err);

/* Says what was done, what is missing and what to do next. */
BULLA_MUST_CHECK bool init_summary(struct init *init, struct bulla_error *err);

#endif
