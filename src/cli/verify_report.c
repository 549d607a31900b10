/* What `bulla verify` says of what it has verified. */
#include <stdio.h>

#include "message.h"
#include "verifying.h"

/* New records that do not count: written by somebody who had no right to any more. */
static bool write_void(const struct checked *checked, struct output *out, struct bulla_error *err)
{
    static const char *const headings[] = {"DOES NOT COUNT", "NAME", "V", "BY", "LINE"};
    struct bulla_record_info record;
    auto_table table;
    table_init(&table, out, headings, 5);
    for (size_t i = 0; bulla_vault_record(checked->vault, i, &record); i++) {
        char number[16];
        char line[16];
        if (!checked->fresh[i] || record.counts) {
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

static bool write_table(const struct verifying *verifying, const struct checked *checked,
                        struct bulla_error *err)
{
    struct bulla_vault_figures figures = bulla_vault_figures(checked->vault);
    const char *const headings[] = {"VAULT", checked->path};
    char text[128];
    auto_table table;
    table_init(&table, verifying->workspace.in->out, headings, 2);
    (void)snprintf(text, sizeof text, "%zu in %zu bytes, %zu head%s: every rule holds",
                   figures.records, figures.bytes, figures.heads, figures.heads == 1 ? "" : "s");
    add_row(&table, "records", text);
    (void)snprintf(
        text, sizeof text, "%zu checked now%s", figures.signatures_checked,
        figures.signatures_checked < figures.records ? "; the rest on this machine before" : "");
    add_row(&table, "signatures", text);
    if (verifying->revision != NULL) {
        (void)snprintf(text, sizeof text, "nothing is gone that %zu other state%s had; %zu new",
                       checked->states, checked->states == 1 ? "" : "s", checked->fresh_count);
        add_row(&table, "against", text);
    }
    add_row(&table, "root", bulla_vault_root(checked->vault));
    add_row(&table, "id", bulla_vault_id(checked->vault));
    return table_write(&table, err);
}

static void write_json_against(struct json *json, const struct checked *checked,
                               const struct git_revision *revision)
{
    struct bulla_record_info record;
    json_member_object(json, "against");
    json_member(json, "revision", revision->name);
    json_member_number(json, "states", (long long)checked->states);
    json_member_number(json, "new", (long long)checked->fresh_count);
    json_member_array(json, "void");
    for (size_t i = 0; bulla_vault_record(checked->vault, i, &record); i++) {
        if (!checked->fresh[i] || record.counts) {
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

static void write_json_vault(struct json *json, const struct checked *checked,
                             const struct git_revision *revision)
{
    struct bulla_vault_figures figures = bulla_vault_figures(checked->vault);
    const char *note = bulla_vault_note(checked->vault);
    json_begin_object(json);
    json_member(json, "environment", checked->environment->name);
    json_member(json, "vault", checked->path);
    json_member(json, "id", bulla_vault_id(checked->vault));
    json_member(json, "root", bulla_vault_root(checked->vault));
    json_member_bool(json, "rootIsKnown", !bulla_vault_root_is_new(checked->vault));
    json_member_number(json, "records", (long long)figures.records);
    json_member_number(json, "bytes", (long long)figures.bytes);
    json_member_number(json, "heads", (long long)figures.heads);
    json_member_number(json, "signatures", (long long)figures.signatures_checked);
    json_member(json, "note", note[0] != '\0' ? note : NULL);
    if (revision != NULL) {
        write_json_against(json, checked, revision);
    }
    json_end_object(json);
}

void verifying_write_json(const struct verifying *verifying)
{
    struct json json;
    json_begin_document(&json, verifying->workspace.in->out);
    json_member_array(&json, "vaults");
    for (size_t i = 0; i < verifying->count; i++) {
        write_json_vault(&json, &verifying->items[i], verifying->revision);
    }
    json_end_array(&json);
    if (verifying->revision != NULL) {
        json_key(&json, "mergesByUnion");
        json_bool(&json, verifying->has_union);
    }
    json_end_object(&json);
}

bool verifying_write_human(const struct verifying *verifying, const struct checked *checked,
                           struct bulla_error *err)
{
    const struct invocation *in = verifying->workspace.in;
    if (!write_table(verifying, checked, err)) {
        return false;
    }
    if (bulla_vault_note(checked->vault)[0] != '\0') {
        message_warn(in, "%s", bulla_vault_note(checked->vault));
    }
    if (bulla_vault_root_is_new(checked->vault)) {
        message_hint(
            in, "compare the root with what 'bulla verify' shows a member, then pin it: --root "
                "or BULLA_ROOT");
    }
    if (checked->void_count == 0) {
        return true;
    }
    output_text(in->out, "\n");
    return write_void(checked, in->out, err);
}
