/* One row per name: what `list` and `status` show and count. */
#ifndef BULLA_CLI_ROWS_H
#define BULLA_CLI_ROWS_H

#include "output.h"
#include "workspace.h"

struct row {
    const char *name;
    const char *kind;                /* "hex:32", "provided", …; NULL where nobody knows it */
    const struct bulla_value *value; /* borrowed from the values; NULL: in the vault only */
    bool has_version;
    struct bulla_version_info version; /* the current one; borrowed from the vault */
    int64_t due;                       /* 0: never */
    bool missing, overdue, exposed, contested;
    bool by_name; /* it turns by name, whatever the project's period is */
    bool pending; /* its only versions are not current yet */
};

/* What VALUE and its environment's vault tell at NOW. */
struct row row_of(const struct bulla_value *value, const struct bulla_vault *vault, int64_t now);

/* The same of NAME, which the vault has and the contract lacks. */
struct row row_of_stray(const char *name, const struct bulla_vault *vault);

/* One word, the most urgent first: "contested", "missing", "exposed", "overdue", "set", "unset". */
const char *row_state(const struct row *row);

/* What `list` says: "current", "default", "pending", "missing", "unset" or "contested". */
const char *row_stored_state(const struct row *row);

/* Begins the row's object, which goes on: name, kind, version, state, since when, by whom, due. */
void row_begin_json(struct json *json, const struct row *row);

#endif
