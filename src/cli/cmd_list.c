/* `bulla list`: the names of an environment, without a value. */
#include <stdio.h>
#include <string.h>

#include "message.h"
#include "output.h"
#include "rows.h"
#include "when.h"

#define DAY_CHARS 10 /* of "2026-03-01" */

struct list_opts {
    bool all;
    const char *format;
};

static const char *const formats[] = {"human", "json", NULL};

static const struct opt options[] = {
    FLAG(struct list_opts, all, 'a', "all", "settings too"),
    CHOICE(struct list_opts, format, '\0', "format", "FORMAT", formats, "how to print it"),
    OPTIONS_END,
};

static void write_row(struct table *table, const struct row *row)
{
    char number[16] = "";
    char at[WHEN_BYTES] = "";
    char due[2 * WHEN_BYTES] = "";
    if (row->has_version) {
        (void)snprintf(number, sizeof number, "%u", row->version.number);
        (void)when_iso(row->version.at, at);
        at[DAY_CHARS] = '\0';
    }
    if (row->due > 0) {
        char day[WHEN_BYTES];
        (void)when_iso(row->due, day);
        (void)snprintf(due, sizeof due, "%.*s%s", DAY_CHARS, day, row->overdue ? " overdue" : "");
    }
    table_styled(table, STYLE_STRONG, row->name);
    table_cell(table, row->kind);
    table_cell(table, number);
    bool is_wanting = row->missing || row->contested || row->exposed;
    table_styled(table, is_wanting ? STYLE_WARNING : STYLE_PLAIN,
                 row->exposed ? "exposed" : row_stored_state(row));
    table_cell(table, at);
    table_styled(table, row->overdue ? STYLE_WARNING : STYLE_PLAIN, due);
}

static void write_json_row(struct json *json, const struct row *row)
{
    row_begin_json(json, row);
    if (row->exposed) {
        json_member_bool(json, "exposed", true);
    }
    if (row->value == NULL) {
        json_member_bool(json, "stray", true);
    }
    json_end_object(json);
}

/* Row INDEX: the contract's variables, then what only the vault has. False for one left out. */
static bool describe(const struct workspace *ws, const struct bulla_values *values, size_t index,
                     bool all, struct row *ret_row)
{
    size_t count = bulla_values_count(values);
    if (index >= count) {
        *ret_row = row_of_stray(bulla_values_stray(values, index - count), ws->vault);
        return true;
    }
    const struct bulla_value *value = bulla_values_get(values, index);
    bool is_setting = value->variable.role == BULLA_ROLE_SETTING;
    *ret_row = row_of(value, ws->vault, ws->now);
    return all || !is_setting || value->source == BULLA_FROM_VAULT;
}

static bool write_table(const struct workspace *ws, const struct bulla_values *values, bool all,
                        struct bulla_error *err)
{
    static const char *const headings[] = {"NAME", "KIND", "V", "STATE", "SET", "DUE"};
    const struct invocation *in = ws->in;
    size_t strays = bulla_values_stray_count(values);
    const char *missing = NULL;
    bool can_fill = false;
    auto_table table;
    table_init(&table, in->out, headings, 6);
    for (size_t i = 0; i < bulla_values_count(values) + strays; i++) {
        struct row row;
        if (describe(ws, values, i, all, &row)) {
            write_row(&table, &row);
            bool is_missing =
                row.missing && !row.pending && row.value->variable.role != BULLA_ROLE_DERIVED;
            missing = missing == NULL && is_missing ? row.name : missing;
            can_fill = can_fill || (is_missing && row.value->variable.role == BULLA_ROLE_GENERATED);
        }
    }
    if (!table_write(&table, err)) {
        return false;
    }
    char flag[48];
    if (can_fill) {
        message_note(in, "next: bulla fill%s", workspace_env_flag(ws, flag));
    } else if (missing != NULL) {
        message_note(in, "next: bulla set%s %s", workspace_env_flag(ws, flag), missing);
    }
    if (strays > 0) {
        message_note(in, "%zu not in %s: %s%s", strays, ws->contract_path,
                     bulla_values_stray(values, 0), strays > 1 ? ", …" : "");
    }
    return true;
}

static void write_json(const struct workspace *ws, const struct bulla_values *values, bool all)
{
    struct json json;
    json_begin_document(&json, ws->in->out);
    json_member(&json, "environment", ws->environment->name);
    json_member_array(&json, "secrets");
    for (size_t i = 0; i < bulla_values_count(values) + bulla_values_stray_count(values); i++) {
        struct row row;
        if (describe(ws, values, i, all, &row)) {
            write_json_row(&json, &row);
        }
    }
    json_end_array(&json);
    json_end_object(&json);
}

static bool run(const struct invocation *in, struct bulla_error *err)
{
    const struct list_opts *opts = in->opts;
    auto_workspace ws = {.in = in};
    if (!workspace_open(&ws, in, err) ||
        !workspace_open_vault(&ws, BULLA_VAULT_READ, WORKSPACE_KEY_OPTIONAL, err)) {
        return false;
    }
    bulla_auto_values values = workspace_resolve(&ws, err);
    if (values == NULL) {
        return false;
    }
    if (opts->format == formats[1]) {
        write_json(&ws, values, opts->all);
        return true;
    }
    return write_table(&ws, values, opts->all, err);
}

static const struct example examples[] = {
    {"bulla list -e prod", "what prod has, what is missing, what turns when"},
    {"bulla list --format json | jq -r '.secrets[].name'", "for programs"},
    {NULL, NULL},
};

const struct command cmd_list = {
    .name = "list",
    .summary = "list the secrets of an environment",
    .description =
        "Lists every secret of the contract with its kind, the number and state of its version, "
        "when that was set and when it is due to turn, and what the vault holds beside the "
        "contract. Values are neither read nor shown, and no key is needed.\n\n"
        "A setting is listed where the environment overrides it, and with --all.",
    .group = GROUP_VALUES,
    .opts_size = sizeof(struct list_opts),
    .options = options,
    .examples = examples,
    .see_also = "history, diff",
    .run = run,
};
