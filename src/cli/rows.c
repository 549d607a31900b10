#include "rows.h"

struct row row_of(const struct bulla_value *value, const struct bulla_vault *vault, int64_t now)
{
    struct row row = {
        .value = value,
        .missing = value->state == BULLA_VALUE_MISSING,
        .contested = value->state == BULLA_VALUE_CONTESTED,
    };
    struct bulla_secret_info secret;
    if (vault == NULL || value->variable.role == BULLA_ROLE_DERIVED ||
        !bulla_vault_find(vault, value->variable.name, &secret)) {
        return row;
    }
    if (secret.current == NULL) {
        row.pending = secret.version_count > 0 && !secret.deleted && !secret.contested;
        return row;
    }
    row.has_version = true;
    row.version = *secret.current;
    row.due = bulla_rotation_due(&value->variable, &row.version);
    row.overdue = row.due > 0 && row.due <= now;
    row.exposed = row.version.exposed;
    return row;
}

const char *row_state(const struct row *row)
{
    if (row->contested) {
        return "contested";
    }
    if (row->missing) {
        return "missing";
    }
    if (row->exposed) {
        return "exposed";
    }
    if (row->overdue) {
        return "overdue";
    }
    return row->value->state == BULLA_VALUE_UNSET ? "unset" : "set";
}

const char *row_stored_state(const struct row *row)
{
    switch (row->value->state) {
    case BULLA_VALUE_CONTESTED:
        return "contested";
    case BULLA_VALUE_SET:
    case BULLA_VALUE_SEALED:
        return row->value->source == BULLA_FROM_CONTRACT ? "default" : "current";
    case BULLA_VALUE_MISSING:
    case BULLA_VALUE_UNSET:
        break;
    }
    if (row->pending) {
        return "pending";
    }
    return row->missing ? "missing" : "unset";
}

const char *row_kind(const struct row *row)
{
    const char *kind = row->value->variable.kind.text;
    return kind != NULL ? kind : bulla_role_name(row->value->variable.role);
}
