/* `bulla verify`: every rule and signature of a vault, without a key. */
#include <stdio.h>

#include "message.h"
#include "output.h"
#include "workspace.h"

struct verify_opts {
    bool accept;
    const char *format;
};

static const char *const formats[] = {"human", "json", NULL};

static const struct opt options[] = {
    FLAG(struct verify_opts, accept, '\0', "accept",
         "take the vault as it is: forget records that were here and are gone"),
    CHOICE(struct verify_opts, format, '\0', "format", "FORMAT", formats, "how to print it"),
    OPTIONS_END,
};

static void add_row(struct table *table, const char *label, const char *text)
{
    table_styled(table, STYLE_STRONG, label);
    table_cell(table, text);
}

static bool write_table(const struct workspace *ws, struct bulla_error *err)
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
    add_row(&table, "root", bulla_vault_root(ws->vault));
    add_row(&table, "id", bulla_vault_id(ws->vault));
    return table_write(&table, err);
}

static void write_json(const struct workspace *ws)
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

static bool run(const struct invocation *in, struct bulla_error *err)
{
    const struct verify_opts *opts = in->opts;
    auto_workspace ws = {.in = in};
    if (!workspace_open(&ws, in, err) || !open_to_verify(&ws, opts->accept, err)) {
        return false;
    }
    if (opts->format == formats[1]) {
        write_json(&ws);
        return true;
    }
    if (!write_table(&ws, err)) {
        return false;
    }
    if (bulla_vault_note(ws.vault)[0] != '\0') {
        message_warn(in, "%s", bulla_vault_note(ws.vault));
    }
    if (bulla_vault_root_is_new(ws.vault)) {
        message_hint(in, "compare the root with a member's, then pin it: --root or BULLA_ROOT");
    }
    return true;
}

static const struct example examples[] = {
    {"bulla verify -e prod", "after a pull, or in CI: no key is needed"},
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
        "are gone because a branch was reset on purpose, --accept takes the vault as it is.",
    .group = GROUP_PROVE,
    .opts_size = sizeof(struct verify_opts),
    .options = options,
    .examples = examples,
    .see_also = "history",
    .run = run,
};
