/* `bulla log`: who did what when, from the vault's signed records. */
#include <stdio.h>
#include <string.h>

#include "access.h"
#include "message.h"
#include "output.h"
#include "record_words.h"
#include "secrets.h"
#include "when.h"

struct log_opts {
    const char *person, *format;
    bool verify;
    long limit;
};

static const char *const formats[] = {"human", "json", NULL};

static const struct opt options[] = {
    STRING(struct log_opts, person, 'p', "person", "MEMBER",
           "what this person did and what was done about him", .complete = COMPLETE_QUERY,
           .query = "members"),
    FLAG(struct log_opts, verify, '\0', "verify", "check every signature and rule first"),
    NUMBER(struct log_opts, limit, 'n', "limit", "N", 0, 1, 1000000000, "only the newest N"),
    CHOICE(struct log_opts, format, '\0', "format", "FORMAT", formats, "how to print it"),
    OPTIONS_END,
};

/* Which records are shown, and of them which is looked at. */
struct walk {
    const struct bulla_vault *vault;
    const char *secret, *person; /* or NULL */
    size_t left;                 /* how many more are shown */
    size_t next;                 /* counts down: the newest come last in the vault */
};

static struct walk begin(const struct workspace *ws)
{
    const struct log_opts *opts = ws->in->opts;
    return (struct walk){.vault = ws->vault,
                         .secret = invocation_operand(ws->in, 0),
                         .person = opts->person,
                         .left = opts->limit > 0 ? (size_t)opts->limit : SIZE_MAX,
                         .next = bulla_vault_figures(ws->vault).records};
}

static bool is_wanted(const struct walk *walk, const struct bulla_record_info *record)
{
    if (walk->secret != NULL &&
        (!record_is_about_secret(record) || strcmp(record->subject, walk->secret) != 0)) {
        return false;
    }
    return walk->person == NULL || strcmp(record->by, walk->person) == 0 ||
           (record_is_about_person(record) && strcmp(record->subject, walk->person) == 0);
}

static bool next_record(struct walk *walk, struct bulla_record_info *ret_record)
{
    while (walk->next > 0 && walk->left > 0) {
        if (bulla_vault_record(walk->vault, --walk->next, ret_record) &&
            is_wanted(walk, ret_record)) {
            walk->left--;
            return true;
        }
    }
    return false;
}

static void write_row(struct table *table, const struct bulla_record_info *record, bool verified)
{
    char at[WHEN_BYTES];
    char number[16];
    char detail[RECORD_DETAIL_BYTES];
    (void)snprintf(number, sizeof number, "%u", record->number);
    table_cell(table, when_minute(record->at, at));
    table_cell(table, record->by);
    table_styled(table, record_style(record), record_verb(record));
    table_styled(table, STYLE_STRONG, record->subject);
    table_cell(table, record->number > 0 ? number : NULL);
    if (verified) {
        table_styled(table, record->counts ? STYLE_GOOD : STYLE_WARNING,
                     !record->checked ? "not checked"
                     : record->counts ? "good"
                                      : "good, void");
    }
    table_cell(table, record_detail(record, detail));
}

static bool write_table(const struct workspace *ws, size_t *ret_count, size_t *ret_void,
                        struct bulla_error *err)
{
    static const char *const plain[] = {"WHEN", "BY", "WHAT", "NAME", "V", "WHY"};
    static const char *const verified[] = {"WHEN", "BY", "WHAT", "NAME", "V", "SIGNED", "WHY"};
    const struct log_opts *opts = ws->in->opts;
    struct walk walk = begin(ws);
    struct bulla_record_info record;
    auto_table table;
    table_init(&table, ws->in->out, opts->verify ? verified : plain, opts->verify ? 7 : 6);
    table_keep_whole(&table, 0);
    while (next_record(&walk, &record)) {
        write_row(&table, &record, opts->verify);
        ++*ret_count;
        *ret_void += !record.counts;
    }
    return *ret_count == 0 || table_write(&table, err);
}

static void write_json_record(struct json *json, const struct bulla_record_info *record)
{
    char at[WHEN_BYTES];
    json_begin_object(json);
    json_member(json, "at", when_iso(record->at, at));
    json_member(json, "by", record->by);
    json_member(json, "kind", record->kind);
    json_member(json, "subject", record->subject);
    if (record->number > 0) {
        json_member_number(json, "version", record->number);
    }
    json_member(json, "state", record->state);
    json_member(json, "role", record->role == 0 ? NULL : bulla_member_role_name(record->role));
    json_member(json, "key", record->key);
    json_member(json, "why", record->why);
    json_member_bool(json, "counts", record->counts);
    json_member_bool(json, "verified", record->checked);
    json_member(json, "id", record->id);
    json_member_number(json, "line", record->line);
    json_end_object(json);
}

static void write_json(const struct workspace *ws)
{
    struct walk walk = begin(ws);
    struct bulla_record_info record;
    struct json json;
    json_begin_document(&json, ws->in->out);
    json_member(&json, "environment", ws->environment->name);
    json_member(&json, "name", walk.secret);
    json_member(&json, "person", walk.person);
    json_member_array(&json, "records");
    while (next_record(&walk, &record)) {
        write_json_record(&json, &record);
    }
    json_end_array(&json);
    json_end_object(&json);
}

/* To ERR, that no secret is called NAME: where somebody is, how his records are asked for. */
static bool hint_person(const struct workspace *ws, const char *name, struct bulla_error *err)
{
    struct bulla_error ignored = BULLA_ERROR_INIT;
    char flag[48];
    return err->code == BULLA_E_REFUSED &&
                   access_check_member(ws->vault, ws->vault_path, name, &ignored)
               ? bulla_error_hint(err, "a member is called so: bulla log%s --person %s",
                                  workspace_env_flag(ws, flag), name)
               : false;
}

static bool check_names(const struct workspace *ws, struct bulla_error *err)
{
    const struct log_opts *opts = ws->in->opts;
    const char *secret = invocation_operand(ws->in, 0);
    if (secret != NULL && !secrets_check_known(ws, secret, err)) {
        return hint_person(ws, secret, err);
    }
    return opts->person == NULL ||
           access_check_member(ws->vault, ws->vault_path, opts->person, err);
}

static bool run(const struct invocation *in, struct bulla_error *err)
{
    const struct log_opts *opts = in->opts;
    auto_workspace ws = {.in = in};
    size_t count = 0;
    size_t void_count = 0;
    if (!workspace_open(&ws, in, err) ||
        !workspace_open_vault(&ws, opts->verify ? BULLA_VAULT_VERIFY : BULLA_VAULT_READ,
                              WORKSPACE_KEY_OPTIONAL, err) ||
        !check_names(&ws, err)) {
        return false;
    }
    if (opts->format == formats[1]) {
        write_json(&ws);
        return true;
    }
    if (!write_table(&ws, &count, &void_count, err)) {
        return false;
    }
    if (count == 0) {
        message_note(in, "nothing was done yet");
    }
    if (void_count > 0) {
        message_warn(in, "%zu record%s not count: %s author had no right to write %s by then",
                     void_count, void_count == 1 ? " does" : "s do",
                     void_count == 1 ? "its" : "their", void_count == 1 ? "it" : "them");
    }
    return true;
}

static const struct example examples[] = {
    {"bulla log -e prod", "all that happened in prod, the newest first"},
    {"bulla log POSTGRES_PASSWORD -e prod --verify",
     "every step of one secret, signatures checked"},
    {"bulla log --person bob -n 20", "what bob did last, and what was done about him"},
    {NULL, NULL},
};

const struct command cmd_log = {
    .name = "log",
    .summary = "show who did what when",
    .description =
        "Lists what the vault's signed records say was done, the newest first: of an environment, "
        "with NAME of one secret, with --person by one person and about him. Values are never "
        "shown, and no key is needed. Times are what the authors said; the order is that of the "
        "records, which name those before them.\n\n"
        "Reading a vault takes some signatures as vouched for by those above them. --verify "
        "checks every one, and every rule, as 'bulla verify' does: a vault that does not verify "
        "ends with status 5 and the record. A record that does not count was written by somebody "
        "who had no right to any more; it changes no value.",
    .group = GROUP_VALUES,
    .opts_size = sizeof(struct log_opts),
    .options = options,
    .operands = {{.name = "NAME",
                  .min = 0,
                  .max = 1,
                  .help = "a name in the contract or the vault",
                  .complete = COMPLETE_QUERY,
                  .query = "secrets"}},
    .examples = examples,
    .see_also = "history, access, verify, diff",
    .without = GLOBAL_FILES,
    .run = run,
};
