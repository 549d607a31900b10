/* `bulla verify`: every rule and signature of a vault, without a key. */
#include <stdio.h>

#include "git_states.h"
#include "message.h"
#include "output.h"
#include "workspace.h"

struct verify_opts {
    bool accept;
    const char *against, *format;
};

static const char *const formats[] = {"human", "json", NULL};

static const struct opt options[] = {
    FLAG(struct verify_opts, accept, '\0', "accept",
         "take the vault as it is: forget records that were here and are gone"),
    STRING(struct verify_opts, against, '\0', "against", "REV",
           "also look for records that this revision has and we lost"),
    CHOICE(struct verify_opts, format, '\0', "format", "FORMAT", formats, "how to print it"),
    OPTIONS_END,
};

/* The comparison with other states of the file. */
struct comparison {
    struct workspace *ws;
    const char *revision; /* NULL: none is asked for */
    size_t states, bases;
    bool *fresh; /* per record: in none of the bases */
    size_t fresh_count, void_count;
};

static bool refuse_lost(const struct comparison *comparison, const char *commit,
                        const struct bulla_vault_against *against, bool is_base,
                        struct bulla_error *err)
{
    (void)bulla_error_at(err, BULLA_E_VERIFY, comparison->ws->vault_path, (struct bulla_pos){0, 0},
                         "%zu record%s that %s %.12s has %s gone, %.8s first", against->missing,
                         against->missing == 1 ? "" : "s",
                         is_base ? "the common commit" : "the merged commit", commit,
                         against->missing == 1 ? "is" : "are", against->first_missing);
    return bulla_error_hint(err, "take the lines of both sides: .bulla/.gitattributes has to say "
                                 "merge=union");
}

static bool compare_state(void *ctx, const char *commit, bool is_base, struct bulla_bytes text,
                          struct bulla_error *err)
{
    struct comparison *comparison = ctx;
    struct bulla_vault_against against;
    struct bulla_record_info record;
    comparison->states++;
    if (!bulla_vault_against(comparison->ws->vault, text, &against, err)) {
        return bulla_error_while(err, "commit %.12s", commit);
    }
    if (against.missing > 0) {
        return refuse_lost(comparison, commit, &against, is_base, err);
    }
    for (size_t i = 0; is_base && bulla_vault_record(comparison->ws->vault, i, &record); i++) {
        comparison->fresh[i] = (comparison->bases == 0 || comparison->fresh[i]) && record.fresh;
    }
    comparison->bases += is_base;
    return true;
}

static bool compare(struct comparison *comparison, struct bulla_error *err)
{
    struct bulla_vault *vault = comparison->ws->vault;
    struct bulla_record_info record;
    size_t count = bulla_vault_figures(vault).records;
    comparison->fresh = bulla_alloc(count + 1, sizeof *comparison->fresh, err);
    if (comparison->fresh == NULL ||
        !git_each_state(comparison->ws->vault_path, bulla_vault_id(vault), comparison->revision,
                        compare_state, comparison, err)) {
        return false;
    }
    for (size_t i = 0; i < count && bulla_vault_record(vault, i, &record); i++) {
        /* Where no common commit has the vault, all of it is new. */
        comparison->fresh[i] = comparison->fresh[i] || comparison->bases == 0;
        comparison->fresh_count += comparison->fresh[i];
        comparison->void_count += comparison->fresh[i] && !record.counts;
    }
    return true;
}

/* New records that do not count: written by somebody who had no right to any more. */
static bool write_void(const struct comparison *comparison, struct bulla_error *err)
{
    static const char *const headings[] = {"DOES NOT COUNT", "NAME", "V", "BY", "LINE"};
    struct bulla_record_info record;
    auto_table table;
    table_init(&table, comparison->ws->in->out, headings, 5);
    for (size_t i = 0; bulla_vault_record(comparison->ws->vault, i, &record); i++) {
        char number[16];
        char line[16];
        if (!comparison->fresh[i] || record.counts) {
            continue;
        }
        (void)snprintf(number, sizeof number, "%u", record.number);
        (void)snprintf(line, sizeof line, "%u", record.line);
        table_styled(&table, STYLE_ERROR, record.kind);
        table_styled(&table, STYLE_STRONG, record.subject);
        table_cell(&table, record.number > 0 ? number : NULL);
        table_cell(&table, record.by);
        table_cell(&table, line);
    }
    return table_write(&table, err);
}

static void add_row(struct table *table, const char *label, const char *text)
{
    table_styled(table, STYLE_STRONG, label);
    table_cell(table, text);
}

static bool write_table(const struct workspace *ws, const struct comparison *comparison,
                        struct bulla_error *err)
{
    struct bulla_vault_figures figures = bulla_vault_figures(ws->vault);
    const char *const headings[] = {"VAULT", ws->vault_path};
    char text[128];
    auto_table table;
    table_init(&table, ws->in->out, headings, 2);
    (void)snprintf(text, sizeof text, "%zu in %zu bytes, %zu head%s: every rule holds",
                   figures.records, figures.bytes, figures.heads, figures.heads == 1 ? "" : "s");
    add_row(&table, "records", text);
    (void)snprintf(
        text, sizeof text, "%zu checked now%s", figures.signatures_checked,
        figures.signatures_checked < figures.records ? "; the rest on this machine before" : "");
    add_row(&table, "signatures", text);
    if (comparison->revision != NULL) {
        (void)snprintf(text, sizeof text, "nothing is gone that %zu other state%s had; %zu new",
                       comparison->states, comparison->states == 1 ? "" : "s",
                       comparison->fresh_count);
        add_row(&table, "against", text);
    }
    add_row(&table, "root", bulla_vault_root(ws->vault));
    add_row(&table, "id", bulla_vault_id(ws->vault));
    return table_write(&table, err);
}

static void write_json_against(struct json *json, const struct comparison *comparison)
{
    struct bulla_record_info record;
    json_key(json, "against");
    json_begin_object(json);
    json_member(json, "revision", comparison->revision);
    json_member_number(json, "states", (long long)comparison->states);
    json_member_number(json, "new", (long long)comparison->fresh_count);
    json_key(json, "void");
    json_begin_array(json);
    for (size_t i = 0; bulla_vault_record(comparison->ws->vault, i, &record); i++) {
        if (!comparison->fresh[i] || record.counts) {
            continue;
        }
        json_begin_object(json);
        json_member(json, "id", record.id);
        json_member(json, "kind", record.kind);
        json_member(json, "subject", record.subject);
        json_member(json, "by", record.by);
        json_member_number(json, "line", record.line);
        json_end_object(json);
    }
    json_end_array(json);
    json_end_object(json);
}

static void write_json(const struct workspace *ws, const struct comparison *comparison)
{
    struct bulla_vault_figures figures = bulla_vault_figures(ws->vault);
    const char *note = bulla_vault_note(ws->vault);
    struct json json;
    json_init(&json, ws->in->out);
    json_begin_object(&json);
    json_member_number(&json, "version", 1);
    json_member(&json, "environment", ws->environment->name);
    json_member(&json, "vault", ws->vault_path);
    json_member(&json, "id", bulla_vault_id(ws->vault));
    json_member(&json, "root", bulla_vault_root(ws->vault));
    json_key(&json, "rootIsKnown");
    json_bool(&json, !bulla_vault_root_is_new(ws->vault));
    json_member_number(&json, "records", (long long)figures.records);
    json_member_number(&json, "bytes", (long long)figures.bytes);
    json_member_number(&json, "heads", (long long)figures.heads);
    json_member_number(&json, "signatures", (long long)figures.signatures_checked);
    json_member(&json, "note", note[0] != '\0' ? note : NULL);
    if (comparison->revision != NULL) {
        write_json_against(&json, comparison);
    }
    json_end_object(&json);
}

static bool open_to_verify(struct workspace *ws, bool accept, struct bulla_error *err)
{
    if (!workspace_has_vault(ws)) {
        (void)bulla_error(err, BULLA_E_MISSING, "environment '%s' has no vault: %s is not there",
                          ws->environment->name, ws->vault_path);
        return bulla_error_hint(err, "bulla init makes it");
    }
    if (!workspace_read_identity(ws, WORKSPACE_KEY_OPTIONAL, err)) {
        return false;
    }
    struct bulla_vault_place place = workspace_place(ws);
    place.accept_missing = accept;
    ws->vault = bulla_vault_open(&place, BULLA_VAULT_VERIFY, err);
    return ws->vault != NULL;
}

static bool show(const struct workspace *ws, const struct comparison *comparison,
                 struct bulla_error *err)
{
    const struct verify_opts *opts = ws->in->opts;
    if (opts->format == formats[1]) {
        write_json(ws, comparison);
        return comparison->void_count == 0 || command_refuse(err);
    }
    if (!write_table(ws, comparison, err)) {
        return false;
    }
    if (bulla_vault_note(ws->vault)[0] != '\0') {
        message_warn(ws->in, "%s", bulla_vault_note(ws->vault));
    }
    if (bulla_vault_root_is_new(ws->vault)) {
        message_hint(ws->in, "compare the root with a member's, then pin it: --root or BULLA_ROOT");
    }
    if (comparison->void_count == 0) {
        return true;
    }
    output_text(ws->in->out, "\n");
    return write_void(comparison, err) && command_refuse(err);
}

static bool run(const struct invocation *in, struct bulla_error *err)
{
    const struct verify_opts *opts = in->opts;
    auto_workspace ws = {.in = in};
    struct comparison comparison = {.ws = &ws, .revision = opts->against};
    bool ok = workspace_open(&ws, in, err) && open_to_verify(&ws, opts->accept, err) &&
              (opts->against == NULL || compare(&comparison, err)) && show(&ws, &comparison, err);
    bulla_free(comparison.fresh);
    return ok;
}

static const struct example examples[] = {
    {"bulla verify -e prod", "after a pull, or in CI: no key is needed"},
    {"bulla verify -e prod --against origin/main", "on a pull request, also from a fork"},
    {"bulla verify --accept", "after a branch was reset on purpose"},
    {NULL, NULL},
};

const struct command cmd_verify = {
    .name = "verify",
    .summary = "check every signature and rule of a vault",
    .description =
        "Reads the whole vault and checks the form of each line, each signature, that no record "
        "that others name is missing, that every author had the right to write what he wrote, and "
        "that what this machine saw of the vault before is still there. It needs no key and "
        "changes nothing of the vault.\n\n"
        "A vault that does not verify is exit status 5, with the line and the rule. Where records "
        "are gone because a branch was reset on purpose, --accept takes the vault as it is.\n\n"
        "--against REV asks git how the vault was where REV and HEAD part, and in the parents of "
        "the merges since: a vault only grows, so a record of those that is gone is exit status 5. "
        "New records that do not count, because their author had no right to write them, are "
        "listed and end with status 1. A REV that is not there, as in a shallow clone, is an "
        "error.",
    .group = GROUP_PROVE,
    .opts_size = sizeof(struct verify_opts),
    .options = options,
    .examples = examples,
    .see_also = "history, restore, access",
    .run = run,
};
