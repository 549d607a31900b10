/* `bulla status`: one screen of what is set, missing, overdue and next due. */
#include <stdio.h>
#include <string.h>

#include "message.h"
#include "output.h"
#include "rows.h"
#include "when.h"

struct status_opts {
    const char *format;
};

static const char *const formats[] = {"human", "json", NULL};

static const struct opt options[] = {
    CHOICE(struct status_opts, format, '\0', "format", "FORMAT", formats, "how to print it"),
    OPTIONS_END,
};

/* How many rows are in which state. */
struct counts {
    size_t set, missing, contested, overdue, exposed;
    size_t secrets, derived, settings; /* what of those that are set is what */
    const struct row *next;            /* the one that turns next, or NULL */
};

static enum style state_style(const struct row *row)
{
    if (row->missing || row->contested) {
        return STYLE_ERROR;
    }
    if (row->exposed || row->overdue) {
        return STYLE_WARNING;
    }
    return row->value->state == BULLA_VALUE_UNSET ? STYLE_FAINT : STYLE_GOOD;
}

static void write_row(struct table *table, const struct row *row, int64_t now)
{
    char number[16] = "";
    char age[WHEN_BYTES] = "";
    char due[WHEN_BYTES + 16] = "";
    char span[WHEN_BYTES];
    if (row->has_version) {
        (void)snprintf(number, sizeof number, "%u", row->version.number);
        (void)when_span(now > row->version.at ? now - row->version.at : 0, age);
    }
    if (row->due > 0) {
        (void)snprintf(due, sizeof due, row->overdue ? "%s ago" : "in %s",
                       when_span(row->overdue ? now - row->due : row->due - now, span));
    } else if (row->by_name && row->value->variable.rotate_seconds > 0) {
        (void)snprintf(due, sizeof due, "by name");
    }
    table_styled(table, STYLE_STRONG, row->name);
    table_cell(table, row->kind);
    table_styled(table, state_style(row), row_state(row));
    table_cell(table, number[0] != '\0' ? number : NULL);
    table_cell(table, age[0] != '\0' ? age : NULL);
    table_styled(table, row->overdue ? STYLE_WARNING : STYLE_PLAIN, due[0] != '\0' ? due : NULL);
}

static void count_set(struct counts *counts, enum bulla_role role)
{
    counts->set++;
    counts->derived += role == BULLA_ROLE_DERIVED;
    counts->settings += role == BULLA_ROLE_SETTING;
    counts->secrets += role != BULLA_ROLE_DERIVED && role != BULLA_ROLE_SETTING;
}

static struct counts count_rows(const struct row *rows, size_t count)
{
    struct counts counts = {0};
    for (size_t i = 0; i < count; i++) {
        const struct row *row = &rows[i];
        counts.missing += row->missing;
        counts.contested += row->contested;
        counts.overdue += row->overdue;
        counts.exposed += row->exposed;
        if (!row->missing && !row->contested && row->value->state != BULLA_VALUE_UNSET) {
            count_set(&counts, row->value->variable.role);
        }
        if (row->due > 0 && !row->overdue && (counts.next == NULL || row->due < counts.next->due)) {
            counts.next = row;
        }
    }
    return counts;
}

static void write_count(struct output *out, enum style style, size_t count, const char *what)
{
    if (count > 0) {
        char text[64];
        (void)snprintf(text, sizeof text, "%zu %s", count, what);
        output_text(out, ", ");
        output_styled(out, style, text);
    }
}

static void write_summary(const struct workspace *ws, const struct counts *counts)
{
    struct output *out = ws->in->out;
    char span[WHEN_BYTES];
    output_styled(out, STYLE_STRONG, ws->environment->name);
    output_printf(out, ": %zu secret%s", counts->secrets, counts->secrets == 1 ? "" : "s");
    write_count(out, STYLE_PLAIN, counts->derived, "derived");
    write_count(out, STYLE_PLAIN, counts->settings, counts->settings == 1 ? "setting" : "settings");
    output_text(out, " set");
    write_count(out, STYLE_ERROR, counts->missing, "missing");
    write_count(out, STYLE_ERROR, counts->contested, "contested");
    write_count(out, STYLE_WARNING, counts->exposed, "exposed");
    write_count(out, STYLE_WARNING, counts->overdue, "overdue");
    if (counts->next != NULL) {
        output_text(out, "\nnext is ");
        output_untrusted(out, counts->next->name);
        output_printf(out, " in %s", when_span(counts->next->due - ws->now, span));
    }
    output_text(out, "\n");
}

/* The commands that do it for several at once. */
struct sweeps {
    bool fill, exposed, due;
};

/* What to do about ROW: a line of its own, or one of SWEEPS. */
static void write_remedy(struct output *out, const char *env_flag, const struct row *row,
                         struct sweeps *sweeps)
{
    const struct bulla_variable *variable = &row->value->variable;
    bool is_generated = variable->role == BULLA_ROLE_GENERATED;
    bool is_stale = row->exposed || row->overdue;
    if (row->missing && is_generated) {
        sweeps->fill = true;
    } else if (row->contested) {
        output_printf(out, "  bulla resolve%s %s\n", env_flag, row->name);
    } else if (is_stale && is_generated && row->by_name) {
        output_printf(out, "  bulla rotate%s %s\n", env_flag, row->name);
    } else if (row->exposed && is_generated && variable->rotates) {
        sweeps->exposed = true;
    } else if (row->overdue && is_generated) {
        sweeps->due = true;
    } else if (is_stale || (row->missing && variable->role != BULLA_ROLE_DERIVED)) {
        output_printf(out, "  bulla set%s %s\n", env_flag, row->name);
    }
}

static void write_remedies(const struct workspace *ws, const struct row *rows, size_t count)
{
    struct output *out = ws->in->out;
    char flag[48];
    const char *env_flag = workspace_env_flag(ws, flag);
    struct sweeps sweeps = {0};
    for (size_t i = 0; i < count; i++) {
        write_remedy(out, env_flag, &rows[i], &sweeps);
    }
    if (sweeps.fill) {
        output_printf(out, "  bulla fill%s\n", env_flag);
    }
    if (sweeps.exposed) {
        output_printf(out, "  bulla rotate%s --exposed\n", env_flag);
    }
    if (sweeps.due) {
        output_printf(out, "  bulla rotate%s --due\n", env_flag);
    }
}

static bool write_human(const struct workspace *ws, const struct row *rows, size_t count,
                        struct bulla_error *err)
{
    static const char *const headings[] = {"NAME", "KIND", "STATE", "VERSION", "AGE", "TURNS"};
    struct counts counts = count_rows(rows, count);
    if (count > 0) {
        auto_table table;
        table_init(&table, ws->in->out, headings, 6);
        for (size_t i = 0; i < count; i++) {
            write_row(&table, &rows[i], ws->now);
        }
        if (!table_write(&table, err)) {
            return false;
        }
        output_text(ws->in->out, "\n");
    }
    write_summary(ws, &counts);
    if (!ws->in->global.quiet) {
        write_remedies(ws, rows, count);
    }
    return true;
}

static void write_json_row(struct json *json, const struct row *row)
{
    row_begin_json(json, row);
    json_member_bool(json, "missing", row->missing);
    json_member_bool(json, "overdue", row->overdue);
    json_member_bool(json, "exposed", row->exposed);
    json_end_object(json);
}

static void write_json(const struct workspace *ws, const struct row *rows, size_t count)
{
    struct json json;
    struct counts counts = count_rows(rows, count);
    json_begin_document(&json, ws->in->out);
    json_member(&json, "environment", ws->environment->name);
    json_member_array(&json, "secrets");
    for (size_t i = 0; i < count; i++) {
        write_json_row(&json, &rows[i]);
    }
    json_end_array(&json);
    json_member_object(&json, "counts");
    json_member_number(&json, "set", (long long)counts.set);
    json_member_number(&json, "missing", (long long)counts.missing);
    json_member_number(&json, "contested", (long long)counts.contested);
    json_member_number(&json, "overdue", (long long)counts.overdue);
    json_member_number(&json, "exposed", (long long)counts.exposed);
    json_end_object(&json);
    json_end_object(&json);
}

static bool show(const struct workspace *ws, const struct bulla_values *values,
                 struct bulla_error *err)
{
    const struct status_opts *opts = ws->in->opts;
    size_t count = bulla_values_count(values);
    struct row *rows = bulla_alloc(count + 1, sizeof *rows, err);
    if (rows == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        rows[i] = row_of(bulla_values_get(values, i), ws->vault, ws->now);
    }
    bool ok = true;
    if (strcmp(opts->format, "json") == 0) {
        write_json(ws, rows, count);
    } else {
        ok = write_human(ws, rows, count, err);
    }
    bulla_free(rows);
    return ok;
}

static bool run(const struct invocation *in, struct bulla_error *err)
{
    auto_workspace ws = {.in = in};
    if (!workspace_open(&ws, in, err) ||
        !workspace_open_vault(&ws, BULLA_VAULT_READ, WORKSPACE_KEY_OPTIONAL, err)) {
        return false;
    }
    bulla_auto_values values = workspace_resolve(&ws, err);
    return values != NULL && show(&ws, values, err);
}

static const struct example examples[] = {
    {"bulla status", "what is set, missing, overdue, and when it turns"},
    {"bulla status -e prod --format json", "for programs"},
    {NULL, NULL},
};

const struct command cmd_status = {
    .name = "status",
    .summary = "show what is set, missing, overdue, exposed",
    .description =
        "One screen: every variable of the contract with its kind, state, version, age and when "
        "it turns next, and what to do about what is wrong. A key that data is likely to be sealed "
        "with turns 'by name' where only the project has a period: 'bulla rotate NAME'.\n\n"
        "It needs no key: names and dates are readable without one.",
    .group = GROUP_TURN,
    .opts_size = sizeof(struct status_opts),
    .options = options,
    .examples = examples,
    .see_also = "check, rotate",
    .without = GLOBAL_FILES,
    .run = run,
};
