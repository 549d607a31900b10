#include "diff_revisions.h"

#include <stdio.h>
#include <string.h>

#include "git.h"
#include "message.h"
#include "output.h"
#include "revision.h"
#include "when.h"

#define HEADING_BYTES 24
#define STATE_BYTES 96

enum { FROM, TO, SIDES };

struct comparison {
    struct workspace ws;
    struct revision sides[SIDES];
    bool has_base;  /* both have the vault: records of TO know whether they are fresh */
    size_t missing; /* records of FROM that TO lacks */
};

static void release_comparison(struct comparison *comparison)
{
    revision_release(&comparison->sides[FROM]);
    revision_release(&comparison->sides[TO]);
    workspace_release(&comparison->ws);
}

#define auto_comparison BULLA_AUTO(release_comparison) struct comparison

bool diff_revisions_split(const char *text, char **ret_from, char **ret_to, struct bulla_error *err)
{
    const char *dots = strstr(text, "..");
    /* "A...B" is git's way to ask for the common commit, which is not what is shown here. */
    if (dots[2] == '.') {
        (void)bulla_error(err, BULLA_E_USAGE, "'%s' has one dot too many", text);
        return bulla_error_hint(err, "two revisions are written REV..REV");
    }
    *ret_from =
        dots == text ? bulla_strdup("HEAD", err) : bulla_strndup(text, (size_t)(dots - text), err);
    *ret_to = bulla_strdup(dots[2] == '\0' ? "HEAD" : dots + 2, err);
    return *ret_from != NULL && *ret_to != NULL;
}

/* The last record of TO that FROM lacks and that is about SUBJECT; false without one. */
static bool find_change(const struct comparison *comparison, const char *subject, bool is_person,
                        struct bulla_record_info *ret_record)
{
    const struct bulla_vault *vault = comparison->sides[TO].vault;
    size_t count = vault == NULL ? 0 : bulla_vault_figures(vault).records;
    for (size_t i = count; i > 0; i--) {
        if (bulla_vault_record(vault, i - 1, ret_record) &&
            (ret_record->fresh || !comparison->has_base) &&
            strcmp(ret_record->subject, subject) == 0 &&
            (is_person ? record_is_membership(ret_record) : record_is_about_secret(ret_record))) {
            return true;
        }
    }
    return false;
}

/* How one side has a secret: "-", "unset", "v2", "v2, exposed, v3 pending", "contested". */
static void describe_secret(const struct revision *side, const char *name, char out[STATE_BYTES])
{
    struct bulla_secret_info info;
    struct bulla_version_info newest;
    char current[48] = "unset";
    char pending[32] = "";
    if (side->vault == NULL || !bulla_vault_find(side->vault, name, &info)) {
        (void)snprintf(out, STATE_BYTES, "-");
        return;
    }
    if (info.contested) {
        (void)snprintf(current, sizeof current, "contested");
    } else if (info.current != NULL) {
        (void)snprintf(current, sizeof current, "v%u%s", info.current->number,
                       info.current->exposed ? ", exposed" : "");
    }
    if (bulla_vault_version(side->vault, name, 0, &newest) &&
        newest.state == BULLA_VERSION_PENDING) {
        (void)snprintf(pending, sizeof pending, ", v%u pending", newest.number);
    }
    (void)snprintf(out, STATE_BYTES, "%s%s", current, pending);
}

static const char *current_id(const struct revision *side, const char *name)
{
    struct bulla_secret_info info;
    bool has = side->vault != NULL && bulla_vault_find(side->vault, name, &info) &&
               !info.contested && info.current != NULL;
    return has ? info.current->id : "";
}

/* The states of NAME on both sides; false where they are one. */
static bool secret_differs(const struct comparison *comparison, const char *name,
                           char states[SIDES][STATE_BYTES])
{
    const struct revision *sides = comparison->sides;
    describe_secret(&sides[FROM], name, states[FROM]);
    describe_secret(&sides[TO], name, states[TO]);
    if (strcmp(states[FROM], states[TO]) != 0) {
        return true;
    }
    if (strcmp(current_id(&sides[FROM], name), current_id(&sides[TO], name)) == 0) {
        return false;
    }
    /* Two branches, each with a version of that number. */
    size_t used = strlen(states[TO]);
    (void)snprintf(states[TO] + used, STATE_BYTES - used, ", another");
    return true;
}

static bool find_person(const struct revision *side, const char *name,
                        struct bulla_member_info *ret_person)
{
    for (size_t i = 0; side->vault != NULL && i < bulla_vault_people_count(side->vault); i++) {
        bulla_vault_member(side->vault, i, ret_person);
        if (strcmp(ret_person->name, name) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_same_key(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool person_differs(const struct comparison *comparison, const char *name,
                           char states[SIDES][STATE_BYTES])
{
    struct bulla_member_info people[SIDES];
    bool has[SIDES];
    for (size_t i = 0; i < SIDES; i++) {
        has[i] = find_person(&comparison->sides[i], name, &people[i]);
        const char *role = !has[i]               ? "-"
                           : people[i].role == 0 ? "removed"
                                                 : bulla_member_role_name(people[i].role);
        (void)snprintf(states[i], STATE_BYTES, "%s", role);
    }
    if (strcmp(states[FROM], states[TO]) != 0) {
        return true;
    }
    if (has[FROM] && (!is_same_key(people[FROM].sign, people[TO].sign) ||
                      strcmp(people[FROM].recipient, people[TO].recipient) != 0)) {
        (void)snprintf(states[TO], STATE_BYTES, "%.32s, other keys", states[FROM]);
        return true;
    }
    return false;
}

static bool kind_differs(const struct comparison *comparison, const char *name,
                         char states[SIDES][STATE_BYTES])
{
    for (size_t i = 0; i < SIDES; i++) {
        const struct revision *side = &comparison->sides[i];
        struct bulla_variable variable;
        size_t index = 0;
        bool has =
            side->contract != NULL && bulla_contract_find_variable(side->contract, name, &index);
        if (has) {
            bulla_contract_variable(side->contract, index, comparison->ws.environment->name,
                                    &variable);
        }
        (void)snprintf(states[i], STATE_BYTES, "%s", has ? secrets_kind(&variable) : "-");
    }
    return strcmp(states[FROM], states[TO]) != 0;
}

/* One of the three things that are compared. */
struct aspect {
    const char *heading, *key;
    size_t (*count)(const struct revision *side);
    const char *(*name)(const struct revision *side, size_t index);
    bool (*differs)(const struct comparison *comparison, const char *name,
                    char states[SIDES][STATE_BYTES]);
    bool is_signed, is_person; /* a record says who and when */
};

static size_t count_secrets(const struct revision *side)
{
    return side->vault != NULL ? bulla_vault_count(side->vault) : 0;
}

static const char *name_secret(const struct revision *side, size_t index)
{
    struct bulla_secret_info info;
    bulla_vault_secret(side->vault, index, &info);
    return info.name;
}

static size_t count_people(const struct revision *side)
{
    return side->vault != NULL ? bulla_vault_people_count(side->vault) : 0;
}

static const char *name_person(const struct revision *side, size_t index)
{
    struct bulla_member_info person;
    bulla_vault_member(side->vault, index, &person);
    return person.name;
}

static size_t count_variables(const struct revision *side)
{
    return side->contract != NULL ? bulla_contract_variable_count(side->contract) : 0;
}

static const char *name_variable(const struct revision *side, size_t index)
{
    struct bulla_variable variable;
    bulla_contract_variable(side->contract, index, NULL, &variable);
    return variable.name;
}

static const struct aspect aspects[] = {
    {"NAME", "secrets", count_secrets, name_secret, secret_differs, true, false},
    {"MEMBER", "people", count_people, name_person, person_differs, true, true},
    {"BULLA.INI", "contract", count_variables, name_variable, kind_differs, false, false},
};
#define ASPECTS (sizeof aspects / sizeof *aspects)

/* A name that FROM has too was met there. */
static bool is_met(const struct comparison *comparison, const struct aspect *aspect,
                   const char *name)
{
    const struct revision *from = &comparison->sides[FROM];
    for (size_t i = 0; i < aspect->count(from); i++) {
        if (strcmp(aspect->name(from, i), name) == 0) {
            return true;
        }
    }
    return false;
}

struct row {
    const char *name;
    char states[SIDES][STATE_BYTES];
    bool has_record;
    struct bulla_record_info record;
};

/* A walk over what differs: the names of FROM, then those that only TO has. */
struct walk {
    const struct comparison *comparison;
    const struct aspect *aspect;
    size_t side, index;
};

static bool next_row(struct walk *walk, struct row *row)
{
    const struct aspect *aspect = walk->aspect;
    for (; walk->side < SIDES; walk->side++, walk->index = 0) {
        const struct revision *side = &walk->comparison->sides[walk->side];
        while (walk->index < aspect->count(side)) {
            row->name = aspect->name(side, walk->index++);
            if ((walk->side == TO && is_met(walk->comparison, aspect, row->name)) ||
                !aspect->differs(walk->comparison, row->name, row->states)) {
                continue;
            }
            row->has_record = aspect->is_signed && find_change(walk->comparison, row->name,
                                                               aspect->is_person, &row->record);
            return true;
        }
    }
    return false;
}

static void format_heading(const struct revision *side, char out[HEADING_BYTES])
{
    (void)snprintf(out, HEADING_BYTES, strlen(side->name) < HEADING_BYTES ? "%s" : "%.12s",
                   side->name);
}

static bool write_aspect(const struct comparison *comparison, const struct aspect *aspect,
                         size_t *ret_count, struct bulla_error *err)
{
    char sides[SIDES][HEADING_BYTES];
    struct walk walk = {.comparison = comparison, .aspect = aspect};
    struct row row;
    size_t count = 0;
    format_heading(&comparison->sides[FROM], sides[FROM]);
    format_heading(&comparison->sides[TO], sides[TO]);
    const char *const headings[] = {aspect->heading, sides[FROM], sides[TO], "WHEN", "BY", "WHY"};
    auto_table table;
    table_init(&table, comparison->ws.in->out, headings, aspect->is_signed ? 6 : 3);
    while (next_row(&walk, &row)) {
        char at[WHEN_BYTES];
        count++;
        table_styled(&table, STYLE_STRONG, row.name);
        table_cell(&table, row.states[FROM]);
        table_cell(&table, row.states[TO]);
        if (aspect->is_signed) {
            table_cell(&table, row.has_record ? when_minute(row.record.at, at) : NULL);
            table_cell(&table, row.has_record ? row.record.by : NULL);
            table_cell(&table, row.has_record ? row.record.why : NULL);
        }
    }
    if (count > 0 && *ret_count > 0) {
        output_text(comparison->ws.in->out, "\n");
    }
    *ret_count += count;
    return count == 0 || table_write(&table, err);
}

static bool write_tables(const struct comparison *comparison, struct bulla_error *err)
{
    const struct invocation *in = comparison->ws.in;
    size_t count = 0;
    for (size_t i = 0; i < ASPECTS; i++) {
        if (!write_aspect(comparison, &aspects[i], &count, err)) {
            return false;
        }
    }
    if (count == 0) {
        message_note(in, "no difference in '%s' between '%s' and '%s'",
                     comparison->ws.environment->name, comparison->sides[FROM].name,
                     comparison->sides[TO].name);
    }
    if (comparison->missing > 0) {
        message_warn(in, "'%s' lacks %zu record%s that '%s' has", comparison->sides[TO].name,
                     comparison->missing, comparison->missing == 1 ? "" : "s",
                     comparison->sides[FROM].name);
        message_hint(in, "if they are on no other branch, 'bulla git fix' brings them back");
    }
    return true;
}

static void write_json_row(struct json *json, const struct row *row)
{
    char at[WHEN_BYTES];
    json_begin_object(json);
    json_member(json, "name", row->name);
    for (size_t i = 0; i < SIDES; i++) {
        json_member(json, i == FROM ? "from" : "to",
                    strcmp(row->states[i], "-") == 0 ? NULL : row->states[i]);
    }
    if (row->has_record) {
        json_member(json, "at", when_iso(row->record.at, at));
        json_member(json, "by", row->record.by);
        json_member(json, "why", row->record.why);
    }
    json_end_object(json);
}

static void write_json(const struct comparison *comparison)
{
    struct json json;
    json_init(&json, comparison->ws.in->out);
    json_begin_object(&json);
    json_member_number(&json, "version", 1);
    json_member(&json, "environment", comparison->ws.environment->name);
    json_member(&json, "from", comparison->sides[FROM].commit);
    json_member(&json, "to",
                comparison->sides[TO].commit[0] != '\0' ? comparison->sides[TO].commit : NULL);
    json_member_number(&json, "missing", (long long)comparison->missing);
    for (size_t i = 0; i < ASPECTS; i++) {
        struct walk walk = {.comparison = comparison, .aspect = &aspects[i]};
        struct row row;
        json_key(&json, aspects[i].key);
        json_begin_array(&json);
        while (next_row(&walk, &row)) {
            write_json_row(&json, &row);
        }
        json_end_array(&json);
    }
    json_end_object(&json);
}

static bool open_sides(struct comparison *comparison, const char *from, const char *to,
                       struct bulla_error *err)
{
    struct revision *sides = comparison->sides;
    if (!revision_open(&sides[FROM], &comparison->ws, from, NULL, err)) {
        return false;
    }
    const char *root = sides[FROM].vault != NULL ? bulla_vault_root(sides[FROM].vault) : NULL;
    if (!(to != NULL ? revision_open(&sides[TO], &comparison->ws, to, root, err)
                     : revision_open_here(&sides[TO], &comparison->ws, root, err))) {
        return false;
    }
    if (sides[FROM].vault == NULL && sides[TO].vault == NULL) {
        return bulla_error(err, BULLA_E_MISSING, "environment '%s' has no vault in '%s' and '%s'",
                           comparison->ws.environment->name, sides[FROM].name, sides[TO].name);
    }
    if (sides[FROM].vault == NULL || sides[TO].vault == NULL) {
        comparison->missing =
            sides[TO].vault == NULL ? bulla_vault_figures(sides[FROM].vault).records : 0;
        return true;
    }
    struct bulla_vault_against against;
    comparison->has_base = true;
    if (!bulla_vault_against(sides[TO].vault, bulla_buf_view(&sides[FROM].text), &against, err)) {
        return false;
    }
    comparison->missing = against.missing;
    return true;
}

bool diff_revisions(const struct invocation *in, const char *from, const char *to, bool as_json,
                    struct bulla_error *err)
{
    auto_comparison comparison = {.ws = {.in = in}};
    if (!workspace_open(&comparison.ws, in, err) || !open_sides(&comparison, from, to, err)) {
        return false;
    }
    if (as_json) {
        write_json(&comparison);
        return true;
    }
    return write_tables(&comparison, err);
}
