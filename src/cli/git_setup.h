/* What `git install` puts into a clone: how git shows vaults, and hooks that look at commits. */
#ifndef BULLA_CLI_GIT_SETUP_H
#define BULLA_CLI_GIT_SETUP_H

#include "command.h"

#define GIT_VAULT_PATTERN "*.vault text eol=lf merge=union diff=bulla\n"
#define GIT_VAULT_ATTRIBUTES                                                                       \
    "# Vaults are sets of lines: both sides of a merge are kept.\n" GIT_VAULT_PATTERN

/* A merge without conflicts asks a hook of its own, and not the one of git commit. */
enum git_hook { GIT_HOOK_COMMIT, GIT_HOOK_MERGE, GIT_HOOKS };

/* A clone, as far as it is set up. */
struct git_setup {
    const struct invocation *in;
    char *root; /* the folder of bulla.ini */
    char *tree; /* the work tree it lies in */
    char *below;
    char *program;          /* how git is to call this program: quoted for a shell */
    char *hooks[GIT_HOOKS]; /* where git looks for them */
    bool is_shared; /* … in a folder that is not this clone's: core.hooksPath of the user */
};

/*
 * Finds out all of that. BULLA_E_MISSING without a contract or outside of a git work tree,
 * BULLA_E_IO where git fails. Release it in every case.
 */
BULLA_MUST_CHECK bool git_setup_open(struct git_setup *ret, const struct invocation *in,
                                     struct bulla_error *err);
void git_setup_release(struct git_setup *setup);

/*
 * Makes sure that git merges vaults by union and shows them by our text: *RET_CHANGED where
 * .bulla/.gitattributes was written. Attributes of the clone that stand against it are warned of.
 */
BULLA_MUST_CHECK bool git_setup_attributes(const struct git_setup *setup, bool *ret_changed,
                                           struct bulla_error *err);

/* What somebody else has there is left: *RET_FOREIGN. */
BULLA_MUST_CHECK bool git_setup_add_textconv(const struct git_setup *setup, bool *ret_changed,
                                             bool *ret_foreign, struct bulla_error *err);
BULLA_MUST_CHECK bool git_setup_add_hook(const struct git_setup *setup, enum git_hook which,
                                         bool *ret_changed, bool *ret_foreign,
                                         struct bulla_error *err);

/* *RET_INSTALLED: git commit runs our hook, or install would not write one: hooks are shared. */
BULLA_MUST_CHECK bool git_setup_is_installed(const struct git_setup *setup, bool *ret_installed,
                                             struct bulla_error *err);

/* The way back; what is not ours stays. */
BULLA_MUST_CHECK bool git_setup_remove_textconv(const struct git_setup *setup, bool *ret_changed,
                                                struct bulla_error *err);
BULLA_MUST_CHECK bool git_setup_remove_hook(const struct git_setup *setup, enum git_hook which,
                                            bool *ret_changed, struct bulla_error *err);

#define auto_git_setup BULLA_AUTO(git_setup_release) struct git_setup

#endif
