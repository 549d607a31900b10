/* A vault with what git and this machine still have of it: `git fix`. */
#ifndef BULLA_CLI_MENDING_H
#define BULLA_CLI_MENDING_H

#include "git_past.h"
#include "workspace.h"

struct mending {
    struct invocation in; /* of one environment */
    struct workspace ws;  /* its vault is open and mended, and not written yet */
    struct git_past past;
    struct bulla_mend_report report;
};

/*
 * Mends the vault of ENVIRONMENT: ACCESS is BULLA_VAULT_WRITE, or BULLA_VAULT_VERIFY only to look.
 * Outside of a git work tree there is the journal alone. BULLA_E_MISSING without a vault, and what
 * bulla_vault_mend_… and git give. Release it in every case.
 */
BULLA_MUST_CHECK bool mending_open(struct mending *ret, const struct invocation *in,
                                   const char *environment, enum bulla_vault_access access,
                                   struct bulla_error *err);
void mending_release(struct mending *mending);

/* What people call the place that bulla_record_info names: "main@{1}". Borrowed. */
const char *mending_origin(const struct mending *mending, uint32_t origin);

#define auto_mending BULLA_AUTO(mending_release) struct mending

#endif
