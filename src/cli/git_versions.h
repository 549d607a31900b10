/* What the history of a file holds: its content in every commit that some ref leads to. */
#ifndef BULLA_CLI_GIT_VERSIONS_H
#define BULLA_CLI_GIT_VERSIONS_H

#include "bulla/bytes.h"
#include "bulla/error.h"

/* How much of the history could be looked at. */
enum git_history {
    GIT_HISTORY_WHOLE,   /* all of it, or there is no work tree */
    GIT_HISTORY_PARTIAL, /* of what git has some contents were left out */
    GIT_HISTORY_CUT, /* a shallow clone has the newest commits only, and a file is looked at there
                      */
    GIT_HISTORY_UNKNOWN, /* git is missing, or does not answer: nothing is known */
};

/* Takes one content, secret, borrowed for the call; false with ERR filled stops. */
typedef bool git_version_step(void *ctx, struct bulla_bytes text, struct bulla_error *err);

/*
 * Calls STEP with each different content that the file NAME of FOLDER, which need not be there any
 * more, had in the commits that refs lead to: the newest first. Links are left out, and, with
 * GIT_HISTORY_PARTIAL, contents over BULLA_MAX_TEXT_BYTES or that git lacks, the oldest of more
 * than GIT_VERSIONS_MAX and of more than GIT_VERSIONS_CHANGES commits that changed it. What git
 * fails at is GIT_HISTORY_UNKNOWN; fails with what STEP fails with and with BULLA_E_NOMEM.
 */
#define GIT_VERSIONS_MAX 200
#define GIT_VERSIONS_CHANGES 1000
BULLA_MUST_CHECK bool git_versions_each(const char *folder, const char *name,
                                        git_version_step *step, void *ctx,
                                        enum git_history *ret_history, struct bulla_error *err);

#endif
