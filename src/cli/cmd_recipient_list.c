/* `bulla recipient list`: the members of a vault. */
#include <stdio.h>
#include <string.h>

#include "output.h"
#include "when.h"
#include "workspace.h"

struct list_opts {
    const char *format;
};

static const char *const formats[] = {"human", "json", NULL};

static const struct opt options[] = {
    CHOICE(struct list_opts, format, '\0', "format", "FORMAT", formats, "how to print it"),
    OPTIONS_END,
};

static bool write_human(const struct workspace *ws, struct bulla_error *err)
{
    static const char *const headings[] = {"MEMBER", "ROLE", "SINCE", "BY", "FINGERPRINT"};
    auto_table table;
    table_init(&table, ws->in->out, headings, 5);
    for (size_t i = 0; i < bulla_vault_member_count(ws->vault); i++) {
        struct bulla_member_info member;
        char at[WHEN_BYTES];
        char fingerprint[BULLA_FINGERPRINT_CHARS + 1];
        bulla_vault_member(ws->vault, i, &member);
        bulla_member_fingerprint(member.recipient, member.sign, fingerprint);
        table_styled(&table, STYLE_STRONG, member.name);
        table_cell(&table, bulla_member_role_name(member.role));
        table_cell(&table, when_minute(member.since, at));
        table_cell(&table, member.by);
        table_cell(&table, fingerprint);
    }
    return table_write(&table, err);
}

static void write_json_member(struct json *json, const struct bulla_member_info *member)
{
    char at[WHEN_BYTES];
    char fingerprint[BULLA_FINGERPRINT_CHARS + 1];
    bulla_member_fingerprint(member->recipient, member->sign, fingerprint);
    json_begin_object(json);
    json_member(json, "name", member->name);
    json_member(json, "role", bulla_member_role_name(member->role));
    json_member(json, "since", when_iso(member->since, at));
    json_member(json, "by", member->by);
    json_member(json, "recipient", member->recipient);
    json_member(json, "sign", member->sign);
    json_member(json, "fingerprint", fingerprint);
    json_end_object(json);
}

static void write_json(const struct workspace *ws)
{
    struct json json;
    json_begin_document(&json, ws->in->out);
    json_member(&json, "environment", ws->environment->name);
    json_member_array(&json, "members");
    for (size_t i = 0; i < bulla_vault_member_count(ws->vault); i++) {
        struct bulla_member_info member;
        bulla_vault_member(ws->vault, i, &member);
        write_json_member(&json, &member);
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
    if (opts->format == formats[1]) {
        write_json(&ws);
        return true;
    }
    return write_human(&ws, err);
}

static const struct example examples[] = {
    {"bulla recipient list -e prod", "who is in"},
    {NULL, NULL},
};

const struct command cmd_recipient_list = {
    .name = "recipient list",
    .summary = "list the members of a vault",
    .description = "Lists the members: role, since when, by whom, and the fingerprint of their "
                   "keys as 'bulla recipient request' told it to them. No key is needed.\n\n"
                   "'bulla access' says what each can read, and what he could once read.",
    .group = GROUP_PEOPLE,
    .opts_size = sizeof(struct list_opts),
    .options = options,
    .examples = examples,
    .see_also = "access, recipient add",
    .without = GLOBAL_FILES,
    .run = run,
};
