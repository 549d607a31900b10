#include "diff_revisions.h"

#include <stdio.h>
#include <string.h>

#include "compare_revisions.h"
#include "message.h"
#include "output.h"
#include "when.h"

#define HEADING_BYTES 24

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

static void format_heading(const struct revision *side, char out[HEADING_BYTES])
{
    (void)snprintf(out, HEADING_BYTES, strlen(side->name) < HEADING_BYTES ? "%s" : "%.12s",
                   side->name);
}

static bool write_aspect(struct output *out, const struct comparison *comparison,
                         const struct aspect *aspect, size_t *ret_count, struct bulla_error *err)
{
    char sides[SIDES][HEADING_BYTES];
    struct comparison_walk walk = {.comparison = comparison, .aspect = aspect};
    struct difference row;
    size_t count = 0;
    format_heading(&comparison->sides[FROM], sides[FROM]);
    format_heading(&comparison->sides[TO], sides[TO]);
    const char *const headings[] = {aspect->heading, sides[FROM], sides[TO], "WHEN", "BY", "WHY"};
    auto_table table;
    table_init(&table, out, headings, aspect->is_signed ? 6 : 3);
    while (comparison_next(&walk, &row)) {
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
        output_text(out, "\n");
    }
    *ret_count += count;
    return count == 0 || table_write(&table, err);
}

static bool write_tables(const struct invocation *in, const struct comparison *comparison,
                         struct bulla_error *err)
{
    size_t count = 0;
    for (size_t i = 0; i < ASPECT_COUNT; i++) {
        if (!write_aspect(in->out, comparison, &comparison_aspects[i], &count, err)) {
            return false;
        }
    }
    if (count == 0) {
        message_note(in, "no difference in '%s' between '%s' and '%s'", comparison->environment,
                     comparison->sides[FROM].name, comparison->sides[TO].name);
    }
    if (comparison->missing > 0) {
        message_warn(in, "'%s' lacks %zu record%s that '%s' has", comparison->sides[TO].name,
                     comparison->missing, comparison->missing == 1 ? "" : "s",
                     comparison->sides[FROM].name);
        message_hint(in, "if they are on no other branch, 'bulla git fix' brings them back");
    }
    return true;
}

static void write_json_row(struct json *json, const struct difference *row)
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

static void write_json(const struct invocation *in, const struct comparison *comparison)
{
    struct json json;
    json_begin_document(&json, in->out);
    json_member(&json, "environment", comparison->environment);
    json_member(&json, "from", comparison->sides[FROM].commit);
    json_member(&json, "to",
                comparison->sides[TO].commit[0] != '\0' ? comparison->sides[TO].commit : NULL);
    json_member_number(&json, "missing", (long long)comparison->missing);
    for (size_t i = 0; i < ASPECT_COUNT; i++) {
        struct comparison_walk walk = {.comparison = comparison, .aspect = &comparison_aspects[i]};
        struct difference row;
        json_member_array(&json, comparison_aspects[i].key);
        while (comparison_next(&walk, &row)) {
            write_json_row(&json, &row);
        }
        json_end_array(&json);
    }
    json_end_object(&json);
}

bool diff_revisions(const struct invocation *in, const char *from, const char *to, bool as_json,
                    struct bulla_error *err)
{
    auto_workspace ws = {.in = in};
    auto_comparison comparison = {0};
    if (!workspace_open(&ws, in, err) || !comparison_open(&comparison, &ws, from, to, err)) {
        return false;
    }
    if (as_json) {
        write_json(in, &comparison);
        return true;
    }
    return write_tables(in, &comparison, err);
}
