/* `bulla access`: who can read and write what, and what somebody could ever read. */
#include <stdio.h>
#include <string.h>

#include "access_json.h"
#include "environments.h"
#include "message.h"
#include "output.h"
#include "secrets.h"
#include "when.h"

struct access_opts {
    const char *format, *member;
};

static const char *const formats[] = {"human", "json", NULL};

static const struct opt options[] = {
    STRING(struct access_opts, member, 'm', "member", "MEMBER", "of this person, past or present",
           .complete = COMPLETE_QUERY, .query = "members"),
    CHOICE(struct access_opts, format, '\0', "format", "FORMAT", formats, "how to print it"),
    OPTIONS_END,
};

static void style_role(struct table *table, const struct bulla_member_info *person)
{
    table_styled(table, person->role == 0 ? STYLE_WARNING : STYLE_PLAIN,
                 person->role == 0 ? "removed" : bulla_member_role_name(person->role));
}

/* "2 of 3 secrets", and the settings that are sealed, where there are any. */
static void format_reads(struct access_count reads, struct access_count values, char *out,
                         size_t cap)
{
    int len = snprintf(out, cap, "%zu of %zu secret%s", reads.secrets, values.secrets,
                       values.secrets == 1 ? "" : "s");
    if (values.settings > 0 && len > 0 && (size_t)len < cap) {
        (void)snprintf(out + len, cap - (size_t)len, ", %zu of %zu setting%s", reads.settings,
                       values.settings, values.settings == 1 ? "" : "s");
    }
}

/* Everybody, and how many of the values in use each can read, or could when he left. */
static bool write_people(const struct workspace *ws, struct bulla_error *err)
{
    static const char *const headings[] = {"MEMBER", "ROLE", "READS", "WRITES", "SINCE", "BY"};
    struct access_count values = access_count_values(ws);
    auto_table table;
    table_init(&table, ws->in->out, headings, 6);
    for (size_t i = 0; i < bulla_vault_people_count(ws->vault); i++) {
        struct bulla_member_info person;
        char at[WHEN_BYTES];
        char reads[128];
        bulla_vault_member(ws->vault, i, &person);
        format_reads(access_count_readable(ws, person.name), values, reads, sizeof reads);
        table_styled(&table, STYLE_STRONG, person.name);
        style_role(&table, &person);
        table_cell(&table, reads);
        table_cell(&table, access_writes(&person) ? "yes" : "no");
        table_cell(&table, person.since > 0 ? when_minute(person.since, at) : NULL);
        table_cell(&table, person.by[0] != '\0' ? person.by : NULL);
    }
    return table_write(&table, err);
}

/* Everybody who can or could read SECRET, or may write it. */
static bool write_readers(const struct workspace *ws, const char *secret, struct bulla_error *err)
{
    static const char *const headings[] = {"MEMBER", "ROLE",     "READS",
                                           "WRITES", "VERSIONS", "SINCE"};
    auto_table table;
    table_init(&table, ws->in->out, headings, 6);
    for (size_t i = 0; i < bulla_vault_people_count(ws->vault); i++) {
        struct bulla_member_info person;
        char at[WHEN_BYTES];
        bulla_vault_member(ws->vault, i, &person);
        struct reading reading = access_reading(ws->vault, person.name, secret);
        if (person.role == 0 && reading.count == 0) {
            continue;
        }
        table_styled(&table, STYLE_STRONG, person.name);
        style_role(&table, &person);
        table_cell(&table, reading.now ? "yes" : "no");
        table_cell(&table, access_writes(&person) ? "yes" : "no");
        table_cell(&table, reading.count > 0 ? reading.versions : NULL);
        table_cell(&table, reading.count > 0 ? when_minute(reading.since, at) : NULL);
    }
    return table_write(&table, err);
}

static bool write_history(const struct workspace *ws, const char *member, struct bulla_error *err)
{
    static const char *const headings[] = {"SINCE", "ROLE", "BY", "WHY"};
    struct access_word word;
    struct access_history history = {.member = member};
    auto_table table;
    table_init(&table, ws->in->out, headings, 4);
    while (access_next_word(ws->vault, &history, &word)) {
        char at[WHEN_BYTES];
        table_cell(&table, when_minute(word.at, at));
        table_styled(&table, word.role == 0 ? STYLE_WARNING : STYLE_PLAIN,
                     word.role == 0 ? "removed" : bulla_member_role_name(word.role));
        table_cell(&table, word.by);
        table_cell(&table, word.why);
    }
    return table_write(&table, err);
}

/* What MEMBER could ever read: of SECRET, or with NULL of all names. */
static bool write_member(const struct workspace *ws, const char *member, const char *secret,
                         struct bulla_error *err)
{
    static const char *const headings[] = {"NAME", "READS", "VERSIONS", "SINCE"};
    struct output *out = ws->in->out;
    size_t rows = 0;
    if (!write_history(ws, member, err)) {
        return false;
    }
    auto_table table;
    table_init(&table, out, headings, 4);
    for (size_t i = 0; i < bulla_vault_count(ws->vault); i++) {
        struct bulla_secret_info info;
        char at[WHEN_BYTES];
        bulla_vault_secret(ws->vault, i, &info);
        if (secret != NULL && strcmp(info.name, secret) != 0) {
            continue;
        }
        struct reading reading = access_reading(ws->vault, member, info.name);
        if (reading.count == 0) {
            continue;
        }
        rows++;
        table_styled(&table, STYLE_STRONG, info.name);
        table_styled(&table, reading.exposed ? STYLE_WARNING : STYLE_PLAIN,
                     reading.exposed ? "yes, exposed" : (reading.now ? "yes" : "no, turned since"));
        table_cell(&table, reading.versions);
        table_cell(&table, when_minute(reading.since, at));
    }
    if (rows == 0) {
        message_note(ws->in, "'%s' could never read %s", member,
                     secret != NULL ? secret : "a value");
        return true;
    }
    output_text(out, "\n");
    return table_write(&table, err);
}

static bool check_names(const struct workspace *ws, const char *secret, const char *member,
                        struct bulla_error *err)
{
    struct bulla_secret_info info;
    return (secret == NULL || secrets_find_stored(ws, secret, &info, err)) &&
           (member == NULL || access_check_member(ws->vault, ws->vault_path, member, err));
}

/* One run of the command, which goes through the environments twice: nothing is half told. */
struct telling {
    const char *secret, *member;
    struct json *json;          /* NULL: for people */
    size_t found;               /* environments that know the names */
    size_t told;                /* and those that were told of */
    size_t passed;              /* vaults that bulla.ini does not name and that do not open */
    struct bulla_error unknown; /* what the first one said that does not know them */
};

/* Whether the environment knows the names: ret_known. */
static bool open_and_check(const struct telling *telling, struct workspace *ws, bool *ret_known,
                           struct bulla_error *ret_unknown, struct bulla_error *err)
{
    if (!workspace_open_vault(ws, BULLA_VAULT_READ, WORKSPACE_KEY_OPTIONAL, err)) {
        return false;
    }
    *ret_known = check_names(ws, telling->secret, telling->member, ret_unknown);
    if (!*ret_known && ret_unknown->code != BULLA_E_REFUSED) {
        *err = *ret_unknown;
        return false;
    }
    return true;
}

static bool look(void *ctx, struct workspace *ws, struct bulla_error *err)
{
    struct telling *telling = ctx;
    struct bulla_error unknown = BULLA_ERROR_INIT;
    bool is_known = false;
    if (!open_and_check(telling, ws, &is_known, &unknown, err)) {
        telling->passed++;
        return environments_pass_over(ws, true, err);
    }
    telling->found += is_known;
    if (!is_known && telling->unknown.code == BULLA_OK) {
        telling->unknown = unknown;
    }
    return true;
}

static bool write_human(const struct telling *telling, const struct workspace *ws,
                        struct bulla_error *err)
{
    struct output *out = ws->in->out;
    const char *what = telling->member != NULL ? telling->member : telling->secret;
    output_text(out, telling->told > 0 ? "\n" : "");
    if (what != NULL) {
        output_styled(out, STYLE_STRONG, what);
        output_text(out, " in ");
    }
    output_styled(out, STYLE_STRONG, ws->environment->name);
    output_text(out, environments_is_left(ws) ? " (not in bulla.ini, its vault is there)\n" : "\n");
    if (telling->member != NULL) {
        return write_member(ws, telling->member, telling->secret, err);
    }
    return telling->secret != NULL ? write_readers(ws, telling->secret, err)
                                   : write_people(ws, err);
}

static bool tell(void *ctx, struct workspace *ws, struct bulla_error *err)
{
    struct telling *telling = ctx;
    struct bulla_error unknown = BULLA_ERROR_INIT;
    bool is_known = false;
    if (!open_and_check(telling, ws, &is_known, &unknown, err)) {
        return environments_pass_over(ws, false, err); /* it was said in the first round */
    }
    if (!is_known) {
        return true;
    }
    if (telling->json != NULL) {
        access_write_json(telling->json, ws, telling->secret, telling->member);
    } else if (!write_human(telling, ws, err)) {
        return false;
    }
    telling->told++;
    return true;
}

static bool tell_all(struct telling *telling, const struct invocation *in,
                     enum environments_which which, struct bulla_error *err)
{
    if (telling->json == NULL) {
        return environments_each(in, which, tell, telling, err);
    }
    json_begin_document(telling->json, in->out);
    json_member_array(telling->json, "environments");
    bool ok = environments_each(in, which, tell, telling, err);
    json_end_array(telling->json);
    json_end_object(telling->json);
    return ok;
}

static bool run(const struct invocation *in, struct bulla_error *err)
{
    const struct access_opts *opts = in->opts;
    struct telling telling = {.secret = invocation_operand(in, 0), .member = opts->member};
    struct json json;
    /* A pinned root is one vault's. */
    enum environments_which all = in->global.environment == NULL && in->global.root == NULL
                                      ? ENVIRONMENTS_ALL_VAULTS
                                      : ENVIRONMENTS_ONE;
    if (!environments_each(in, all, look, &telling, err)) {
        return false;
    }
    if (telling.found == 0) {
        *err = telling.unknown;
        return telling.unknown.code == BULLA_OK && command_refuse(err);
    }
    telling.json = strcmp(opts->format, "json") == 0 ? &json : NULL;
    return tell_all(&telling, in, all, err) && (telling.passed == 0 || command_refuse(err));
}

static const struct example examples[] = {
    {"bulla access", "everybody in every environment, those who have left too"},
    {"bulla access POSTGRES_PASSWORD -e prod", "who can read this one, and who could"},
    {"bulla access --member bob", "all that bob could ever read"},
    {NULL, NULL},
};

const struct command cmd_access = {
    .name = "access",
    .summary = "say who can read and write what, and who could",
    .description =
        "Without NAME: every member with role and since when, and everybody who was one. READS "
        "is how many of the secrets in use, and of the settings that are sealed, he can open, or "
        "could when he was removed and may have "
        "kept. With NAME: who can read that secret, which of its versions, since when, and who "
        "may write it. With --member: what that person was allowed when, and every version that "
        "he could ever read.\n\n"
        "Without -e it tells of every vault in .bulla/, also of an environment that bulla.ini does "
        "not name any more (with a pinned root, of the default one), or of those that know NAME "
        "and the member. Where such a vault does not open it is passed over with a warning, and "
        "the status is 1.\n\n"
        "It follows from the vault's signed records: who was given which key, and what was "
        "sealed with it. Times are what the authors said. No key is needed.",
    .group = GROUP_PEOPLE,
    .opts_size = sizeof(struct access_opts),
    .options = options,
    .operands = {{.name = "NAME",
                  .min = 0,
                  .max = 1,
                  .help = "a name in the vault",
                  .complete = COMPLETE_QUERY,
                  .query = "secrets"}},
    .examples = examples,
    .see_also = "recipient list, recipient remove, history",
    .without = GLOBAL_FILES,
    .run = run,
};
