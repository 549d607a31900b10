/* `bulla access`: who can read and write what, and what somebody could ever read. */
#include <stdio.h>
#include <string.h>

#include "access_json.h"
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

/* Everybody, and how many of the values in use each can read, or could when he left. */
static bool write_people(const struct workspace *ws, struct bulla_error *err)
{
    static const char *const headings[] = {"MEMBER", "ROLE", "READS", "WRITES", "SINCE", "BY"};
    size_t values = access_count_values(ws->vault);
    auto_table table;
    table_init(&table, ws->in->out, headings, 6);
    for (size_t i = 0; i < bulla_vault_people_count(ws->vault); i++) {
        struct bulla_member_info person;
        char at[WHEN_BYTES];
        char reads[64];
        bulla_vault_member(ws->vault, i, &person);
        (void)snprintf(reads, sizeof reads, "%zu of %zu",
                       access_count_readable(ws->vault, person.name), values);
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
    if (secret != NULL && !bulla_vault_find(ws->vault, secret, &info)) {
        struct bulla_variable variable;
        return secrets_find_variable(ws, secret, &variable)
                   ? bulla_error(err, BULLA_E_REFUSED, "'%s' has no versions in '%s'", secret,
                                 ws->environment->name)
                   : secrets_refuse_unknown(ws, secret, err);
    }
    return member == NULL || access_check_member(ws->vault, ws->vault_path, member, err);
}

static bool run(const struct invocation *in, struct bulla_error *err)
{
    const struct access_opts *opts = in->opts;
    const char *secret = invocation_operand(in, 0);
    auto_workspace ws = {.in = in};
    if (!workspace_open(&ws, in, err) ||
        !workspace_open_vault(&ws, BULLA_VAULT_READ, WORKSPACE_KEY_OPTIONAL, err) ||
        !check_names(&ws, secret, opts->member, err)) {
        return false;
    }
    if (opts->format == formats[1]) {
        access_write_json(&ws, secret, opts->member);
        return true;
    }
    if (opts->member != NULL) {
        return write_member(&ws, opts->member, secret, err);
    }
    return secret != NULL ? write_readers(&ws, secret, err) : write_people(&ws, err);
}

static const struct example examples[] = {
    {"bulla access -e prod", "everybody, those who have left too"},
    {"bulla access POSTGRES_PASSWORD", "who can read this one, and who could"},
    {"bulla access --member bob", "all that bob could ever read"},
    {NULL, NULL},
};

const struct command cmd_access = {
    .name = "access",
    .summary = "say who can read and write what, and who could",
    .description =
        "Without NAME: every member with role and since when, and everybody who was one. READS "
        "is how many of the values in use he can open, or could when he was removed and may have "
        "kept. With NAME: who can read that secret, which of its versions, since when, and who "
        "may write it. With --member: what that person was allowed when, and every version that "
        "he could ever read.\n\n"
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
