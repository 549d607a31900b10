/* One row per variable: what `status` shows and counts. */
#ifndef BULLA_CLI_ROWS_H
#define BULLA_CLI_ROWS_H

#include "workspace.h"

struct row {
    const struct bulla_value *value; /* borrowed from the values */
    bool has_version;
    struct bulla_version_info version; /* the current one; borrowed from the vault */
    int64_t due;                       /* 0: never */
    bool missing, overdue, exposed, contested;
    bool pending; /* its only versions are not current yet */
};

/* What VAULT (may be NULL) and VALUE tell at NOW. */
struct row row_of(const struct bulla_value *value, const struct bulla_vault *vault, int64_t now);

/* One word, the most urgent first: "contested", "missing", "exposed", "overdue", "set", "unset". */
const char *row_state(const struct row *row);

/* What `list` says too: "current", "default", "pending", "missing", "unset" or "contested". */
const char *row_stored_state(const struct row *row);

/* "hex:32", "provided", …: the kind as the contract writes it. Borrowed. */
const char *row_kind(const struct row *row);

#endif
