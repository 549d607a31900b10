/* `bulla history`: the versions of one secret. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"
#include "output.h"
#include "secrets.h"
#include "when.h"

struct history_opts {
    bool all;
    const char *format;
};

static const char *const formats[] = {"human", "json", NULL};

static const struct opt options[] = {
    FLAG(struct history_opts, all, 'a', "all", "also versions beyond the contract's 'keep'"),
    CHOICE(struct history_opts, format, '\0', "format", "FORMAT", formats, "how to print it"),
    OPTIONS_END,
};

/* How many versions of NAME are shown; *RET_LEFT_OUT is how many more there are. */
static size_t count_shown(const struct workspace *ws, const char *name, bool all,
                          size_t *ret_left_out)
{
    struct bulla_version_info info;
    size_t count = 0;
    while (bulla_vault_version(ws->vault, name, count, &info)) {
        count++;
    }
    size_t keep = bulla_contract_keep(ws->contract);
    size_t shown = all || keep == 0 || count < keep ? count : keep;
    *ret_left_out = count - shown;
    return shown;
}

/* The number of the version of NAME with ID, 0 where it is another name's. */
static uint32_t number_of(const struct bulla_vault *vault, const char *name, const char *id)
{
    struct bulla_version_info info;
    for (size_t i = 0; id != NULL && bulla_vault_version(vault, name, i, &info); i++) {
        if (strcmp(info.id, id) == 0) {
            return info.number;
        }
    }
    return 0;
}

static void format_state(const struct bulla_version_info *version, char *out, size_t cap)
{
    char until[WHEN_BYTES] = "";
    if (version->until > 0) {
        (void)when_minute(version->until, until);
    }
    (void)snprintf(out, cap, "%s%s%s%s%s%s", bulla_version_state_name(version->state),
                   until[0] != '\0' ? " until " : "", until,
                   version->contested ? ", contested" : "", version->exposed ? ", exposed" : "",
                   version->counts ? "" : ", does not count");
}

static enum style style_of(const struct bulla_version_info *version)
{
    if (version->contested || version->exposed || !version->counts) {
        return STYLE_WARNING;
    }
    return version->state == BULLA_VERSION_CURRENT ? STYLE_GOOD : STYLE_PLAIN;
}

/* What unset the name, the highest number first; private. */
struct unsets {
    struct bulla_record_info *records;
    size_t count, cap;
};

static void unsets_release(struct unsets *unsets)
{
    bulla_free(unsets->records);
}

static int compare_unsets(const void *left, const void *right)
{
    const struct bulla_record_info *a = left;
    const struct bulla_record_info *b = right;
    if (a->number != b->number) {
        return a->number > b->number ? -1 : 1;
    }
    return a->at != b->at ? (a->at > b->at ? -1 : 1) : strcmp(a->id, b->id);
}

static bool find_unsets(const struct workspace *ws, const char *name, struct unsets *unsets,
                        struct bulla_error *err)
{
    struct bulla_record_info record;
    for (size_t i = 0; bulla_vault_record(ws->vault, i, &record); i++) {
        if (strcmp(record.kind, "del") != 0 || strcmp(record.subject, name) != 0) {
            continue;
        }
        if (!bulla_grow(&unsets->records, &unsets->cap, unsets->count + 1, sizeof record, err)) {
            return false;
        }
        unsets->records[unsets->count++] = record;
    }
    if (unsets->count > 1) {
        qsort(unsets->records, unsets->count, sizeof *unsets->records, compare_unsets);
    }
    return true;
}

/* The newest VERSIONS versions of NAME, and what unset it between, beside and since them. */
struct rows {
    const struct bulla_vault *vault;
    const char *name;
    size_t versions;
    const struct unsets *unsets;
    size_t next_version, next_unset; /* the walk; 0 begins it */
};

struct row {
    uint32_t number;
    const struct bulla_record_info *unset; /* NULL: the version */
    struct bulla_version_info version;
};

/* False behind the oldest version. */
static bool next_row(struct rows *rows, struct row *ret)
{
    if (rows->next_version >= rows->versions ||
        !bulla_vault_version(rows->vault, rows->name, rows->next_version, &ret->version)) {
        return false;
    }
    const struct unsets *unsets = rows->unsets;
    bool is_unset = rows->next_unset < unsets->count &&
                    unsets->records[rows->next_unset].number >= ret->version.number;
    ret->unset = is_unset ? &unsets->records[rows->next_unset] : NULL;
    ret->number = is_unset ? ret->unset->number : ret->version.number;
    rows->next_unset += is_unset;
    rows->next_version += !is_unset;
    return true;
}

/* Two branches gave one number: only their ids tell the records apart. */
static bool has_doubled_number(struct rows rows)
{
    struct row row;
    uint32_t before = 0;
    while (next_row(&rows, &row)) {
        if (row.number == before) {
            return true;
        }
        before = row.number;
    }
    return false;
}

static void write_json_version(struct json *json, const struct workspace *ws, const char *name,
                               const struct bulla_version_info *version)
{
    char at[WHEN_BYTES];
    uint32_t from = number_of(ws->vault, name, version->from_id);
    json_begin_object(json);
    json_member_number(json, "version", version->number);
    json_member(json, "state", bulla_version_state_name(version->state));
    json_member(json, "at", when_iso(version->at, at));
    json_member(json, "by", version->by);
    json_member(json, "kind", version->kind);
    json_member(json, "why", version->why);
    if (from > 0) {
        json_member_number(json, "from", from);
    }
    if (version->until > 0) {
        json_member(json, "until", when_iso(version->until, at));
    }
    if (version->expires > 0) {
        json_member(json, "expires", when_iso(version->expires, at));
    }
    json_member_bool(json, "exposed", version->exposed);
    json_member_bool(json, "contested", version->contested);
    json_member(json, "id", version->id);
    json_end_object(json);
}

static void write_json_unset(struct json *json, const struct bulla_record_info *record)
{
    char at[WHEN_BYTES];
    json_begin_object(json);
    json_member_number(json, "version", record->number);
    json_member(json, "state", "unset");
    json_member(json, "at", when_iso(record->at, at));
    json_member(json, "by", record->by);
    json_member(json, "why", record->why);
    json_member(json, "id", record->id);
    json_end_object(json);
}

static void write_row(struct table *table, const struct bulla_version_info *version,
                      const char *state, enum style style, bool with_id)
{
    char number[16];
    char at[WHEN_BYTES];
    char id[16];
    (void)snprintf(number, sizeof number, "%u", version->number);
    table_styled(table, STYLE_STRONG, number);
    table_styled(table, style, state);
    table_cell(table, when_minute(version->at, at));
    table_cell(table, version->by);
    table_cell(table, version->why);
    if (with_id) {
        (void)snprintf(id, sizeof id, "%.8s", version->id);
        table_cell(table, id);
    }
}

static void write_version(struct table *table, const struct bulla_version_info *version,
                          bool with_id)
{
    char state[128];
    format_state(version, state, sizeof state);
    write_row(table, version, state, style_of(version), with_id);
}

static void write_unset(struct table *table, const struct bulla_record_info *record, bool with_id)
{
    struct bulla_version_info version = {.id = record->id,
                                         .number = record->number,
                                         .at = record->at,
                                         .by = record->by,
                                         .why = record->why};
    write_row(table, &version, record->counts ? "unset" : "unset, does not count",
              record->counts ? STYLE_FAINT : STYLE_WARNING, with_id);
}

static bool write_table(const struct workspace *ws, struct rows rows, struct bulla_error *err)
{
    static const char *const headings[] = {"V", "STATE", "SET", "BY", "WHY", "ID"};
    bool with_ids = ws->in->global.verbose > 0 || has_doubled_number(rows);
    struct row row;
    auto_table table;
    table_init(&table, ws->in->out, headings, with_ids ? 6 : 5);
    table_keep_whole(&table, 2);
    while (next_row(&rows, &row)) {
        if (row.unset != NULL) {
            write_unset(&table, row.unset, with_ids);
        } else {
            write_version(&table, &row.version, with_ids);
        }
    }
    return table_write(&table, err);
}

static void write_json(const struct workspace *ws, struct rows rows)
{
    struct json json;
    struct row row;
    json_begin_document(&json, ws->in->out);
    json_member(&json, "environment", ws->environment->name);
    json_member(&json, "name", rows.name);
    json_member_array(&json, "versions");
    while (next_row(&rows, &row)) {
        if (row.unset != NULL) {
            write_json_unset(&json, row.unset);
        } else {
            write_json_version(&json, ws, rows.name, &row.version);
        }
    }
    json_end_array(&json);
    json_end_object(&json);
}

/* What the rows do not say. */
static void say_rest(const struct workspace *ws, const char *name, size_t count, size_t left_out)
{
    struct bulla_variable variable;
    struct bulla_secret_info stored;
    bool is_derived =
        secrets_find_variable(ws, name, &variable) && variable.role == BULLA_ROLE_DERIVED;
    if (count == 0) {
        message_note(ws->in,
                     is_derived ? "'%s' is derived: it is made anew each time"
                                : "'%s' has no versions yet",
                     name);
        return;
    }
    if (bulla_vault_find(ws->vault, name, &stored) && stored.deleted) {
        message_note(ws->in, "'%s' is unset now; 'bulla rollback %s' brings a version back", name,
                     name);
    }
    if (left_out > 0) {
        message_note(ws->in, "%zu older left out ('keep' in %s); --all shows them", left_out,
                     ws->contract_path);
    }
}

static bool run(const struct invocation *in, struct bulla_error *err)
{
    const struct history_opts *opts = in->opts;
    const char *name = in->operands[0];
    auto_workspace ws = {.in = in};
    if (!workspace_open(&ws, in, err) ||
        !workspace_open_vault(&ws, BULLA_VAULT_READ, WORKSPACE_KEY_OPTIONAL, err) ||
        !secrets_check_known(&ws, name, err)) {
        return false;
    }
    size_t left_out = 0;
    size_t count = count_shown(&ws, name, opts->all, &left_out);
    BULLA_AUTO(unsets_release) struct unsets unsets = {.records = NULL};
    if (!find_unsets(&ws, name, &unsets, err)) {
        return false;
    }
    struct rows rows = {.vault = ws.vault, .name = name, .versions = count, .unsets = &unsets};
    if (opts->format == formats[1]) {
        write_json(&ws, rows);
        return true;
    }
    if (count > 0 && !write_table(&ws, rows, err)) {
        return false;
    }
    say_rest(&ws, name, count, left_out);
    return true;
}

static const struct example examples[] = {
    {"bulla history POSTGRES_PASSWORD -e prod", "who set it when, and why"},
    {NULL, NULL},
};

const struct command cmd_history = {
    .name = "history",
    .summary = "list the versions of a secret",
    .description = "Lists the versions of NAME, the newest first: number, state, when it was set, "
                   "by whom and why. No key is needed and no value is shown.\n\n"
                   "A version is current, pending (a rotation has not finished), previous (still "
                   "valid beside the current one) or retired; unset is where the value was taken "
                   "away. An exposed one was readable by somebody who has left, or stood in a file "
                   "that git has.",
    .group = GROUP_VALUES,
    .opts_size = sizeof(struct history_opts),
    .options = options,
    .operands = {{.name = "NAME",
                  .min = 1,
                  .max = 1,
                  .help = "a name in the contract or the vault",
                  .complete = COMPLETE_QUERY,
                  .query = "secrets"}},
    .examples = examples,
    .see_also = "rollback, get, list",
    .run = run,
};
