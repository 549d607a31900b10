#include "rows.h"

#include "secrets.h"
#include "when.h"

static void take_version(struct row *row, const struct bulla_version_info *version)
{
    row->has_version = true;
    row->version = *version;
    row->exposed = version->exposed;
}

struct row row_of(const struct bulla_value *value, const struct bulla_vault *vault, int64_t now)
{
    struct row row = {
        .name = value->variable.name,
        .kind = secrets_kind(&value->variable),
        .value = value,
        .missing = value->state == BULLA_VALUE_MISSING,
        .contested = value->state == BULLA_VALUE_CONTESTED,
    };
    struct bulla_secret_info secret;
    if (value->variable.role == BULLA_ROLE_DERIVED ||
        !bulla_vault_find(vault, value->variable.name, &secret)) {
        return row;
    }
    if (secret.current == NULL) {
        row.pending = secret.version_count > 0 && !secret.deleted && !secret.contested;
        return row;
    }
    take_version(&row, secret.current);
    /* A setting is no secret: there is nothing to turn. */
    row.exposed = row.exposed && value->variable.role != BULLA_ROLE_SETTING;
    row.due = bulla_rotation_due(&value->variable, &row.version);
    row.overdue = row.due > 0 && row.due <= now;
    row.by_name = bulla_rotation_is_by_name(&value->variable);
    return row;
}

struct row row_of_stray(const char *name, const struct bulla_vault *vault)
{
    struct row row = {.name = name};
    struct bulla_secret_info secret;
    if (!bulla_vault_find(vault, name, &secret)) {
        return row;
    }
    row.contested = secret.contested;
    if (secret.current != NULL) {
        take_version(&row, secret.current);
        row.kind = secret.current->kind;
    }
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
    if (row->contested) {
        return "contested";
    }
    if (row->value == NULL) {
        return "current";
    }
    if (row->value->state == BULLA_VALUE_SET || row->value->state == BULLA_VALUE_SEALED) {
        return row->value->source == BULLA_FROM_CONTRACT ? "default" : "current";
    }
    if (row->pending) {
        return "pending";
    }
    return row->missing ? "missing" : "unset";
}

void row_begin_json(struct json *json, const struct row *row)
{
    char text[WHEN_BYTES];
    json_begin_object(json);
    json_member(json, "name", row->name);
    json_member(json, "kind", row->kind);
    if (row->has_version) {
        json_member_number(json, "version", row->version.number);
    }
    json_member(json, "state", row_stored_state(row));
    if (row->has_version) {
        json_member(json, "at", when_iso(row->version.at, text));
        json_member(json, "by", row->version.by);
    }
    if (row->due > 0) {
        json_member(json, "due", when_iso(row->due, text));
    }
}
