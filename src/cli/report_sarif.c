/*
 * Findings as SARIF 2.1.0 (OASIS Standard, 27 March 2020), for code scanning. Sections in comments
 * are the standard's.
 */
#include <stdio.h>
#include <string.h>

#include "bulla/limits.h"
#include "bulla/mem.h"
#include "bulla/version.h"
#include "documents.h"
#include "findings.h"

#define DESCRIPTION_BYTES 1000 /* consumers cut longer ones, or refuse them */

static void member_text(struct json *json, const char *key, const char *text)
{
    json_member_object(json, key);
    json_member(json, "text", text);
    json_end_object(json);
}

/* The first paragraph, cut at a blank where it is longer than the description may be. */
static void write_description(struct json *json, const char *text)
{
    char cut[DESCRIPTION_BYTES + 1];
    size_t len = strcspn(text, "\n");
    bool is_short = len < sizeof cut;
    len = is_short ? len : sizeof cut - 1;
    memcpy(cut, text, len);
    cut[len] = '\0';
    if (!is_short) {
        char *blank = strrchr(cut, ' ');
        *(blank != NULL ? blank : cut + len) = '\0';
    }
    member_text(json, "fullDescription", cut);
}

static bool write_help(struct json *json, const struct bulla_rule *rule, struct bulla_error *err)
{
    struct output plain, markdown;
    output_init(&plain, -1, rule->id);
    output_init(&markdown, -1, rule->id);
    output_printf(&plain, "%s\n\nHelp: %s.", rule->text, rule->help);
    rule_write(&markdown, rule);
    const char *text = bulla_buf_text(&plain.buf, err);
    const char *marked = text != NULL ? bulla_buf_text(&markdown.buf, err) : NULL;
    bool ok = marked != NULL;
    if (ok) {
        json_member_object(json, "help");
        json_member(json, "text", text);
        json_member(json, "markdown", marked);
        json_end_object(json);
    }
    output_release(&plain);
    output_release(&markdown);
    return ok;
}

/*
 * Families 3 to 5, weak, exposed and stale, are about the secrets themselves; the number is how
 * grave consumers that know security-severity take them, 0 to 10 as in CVSS.
 */
static void write_properties(struct json *json, const struct bulla_rule *rule)
{
    static const char *const families[] = {"missing", "broken", "weak", "exposed", "stale"};
    static const char *const grades[] = {
        [BULLA_NOTE] = "2.0", [BULLA_WARNING] = "5.5", [BULLA_ERROR] = "8.0"};
    size_t family = (size_t)(rule->id[1] - '1');
    bool is_secret = family >= 2;
    json_member_object(json, "properties");
    json_member_array(json, "tags");
    if (is_secret) {
        json_string(json, "security");
    }
    json_string(json, families[family]);
    json_end_array(json);
    json_member(json, "security-severity", is_secret ? grades[rule->severity] : NULL);
    json_end_object(json);
}

/* The rules that have a result, in the order of their ids; which one is written where. */
struct used_rules {
    bool *is_used;
    size_t *number; /* in the list, by the number of the rule */
};

static void release_used(struct used_rules *used)
{
    bulla_free(used->is_used);
    bulla_free(used->number);
}

static bool mark_used(void *ctx, const struct findings_row *row, struct bulla_error *err)
{
    (void)err;
    struct used_rules *used = ctx;
    used->is_used[row->rule_index] = true;
    return true;
}

static bool find_used(struct used_rules *ret, const struct findings *findings,
                      struct bulla_error *err)
{
    size_t count = bulla_rule_count();
    *ret = (struct used_rules){.is_used = bulla_alloc(count, sizeof *ret->is_used, err),
                               .number = bulla_alloc(count, sizeof *ret->number, err)};
    if (ret->is_used == NULL || ret->number == NULL ||
        !findings_each(findings, mark_used, ret, err)) {
        return false;
    }
    for (size_t i = 1; i < count; i++) {
        ret->number[i] = ret->number[i - 1] + ret->is_used[i - 1];
    }
    return true;
}

static bool write_rules(struct json *json, const struct used_rules *used, struct bulla_error *err)
{
    json_member_array(json, "rules");
    for (size_t i = 0; i < bulla_rule_count(); i++) {
        const struct bulla_rule *rule = bulla_rule(i);
        if (!used->is_used[i]) {
            continue;
        }
        json_begin_object(json);
        json_member(json, "id", rule->id);
        json_member(json, "name", rule->name);
        member_text(json, "shortDescription", rule->summary);
        write_description(json, rule->text);
        if (!write_help(json, rule, err)) {
            return false;
        }
        json_member_object(json, "defaultConfiguration");
        json_member(json, "level", bulla_severity_name(rule->severity));
        json_end_object(json);
        write_properties(json, rule);
        json_end_object(json);
    }
    json_end_array(json);
    return true;
}

/* 3.4.4 and RFC 3986: everything but what needs no escape, byte by byte. */
static void append_uri(struct bulla_buf *uri, const char *path)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/";
    for (; *path != '\0'; path++) {
        if (strchr(plain, *path) != NULL) {
            bulla_buf_putc(uri, *path);
        } else {
            bulla_buf_printf(uri, "%%%02X", (unsigned)(uint8_t)*path);
        }
    }
}

static bool write_artifact(struct json *json, const char *path, struct bulla_error *err)
{
    bulla_auto_buf uri;
    bulla_buf_init(&uri, BULLA_MAX_OUTPUT_BYTES);
    bulla_buf_puts(&uri, path[0] == '/' ? "file://" : "");
    append_uri(&uri, path);
    const char *text = bulla_buf_text(&uri, err);
    if (text == NULL) {
        return false;
    }
    json_member_object(json, "artifactLocation");
    json_member(json, "uri", text);
    json_member(json, "uriBaseId", path[0] == '/' ? NULL : "SRCROOT");
    json_end_object(json);
    return true;
}

/* Without a line it is the first one: consumers want a place for everything. */
static void write_region(struct json *json, const struct bulla_finding *finding)
{
    json_member_object(json, "region");
    json_member_number(json, "startLine", finding->pos.line > 0 ? finding->pos.line : 1);
    if (finding->pos.line > 0 && finding->pos.col > 0) {
        json_member_number(json, "startColumn", finding->pos.col);
    }
    if (finding->pos.line > 0 && finding->end.line > 0 && finding->end.col > 0) {
        json_member_number(json, "endLine", finding->end.line);
        json_member_number(json, "endColumn", finding->end.col);
    }
    json_end_object(json);
}

struct writing {
    struct json *json;
    const struct findings *findings;
    struct used_rules used;
};

static bool write_location(const struct writing *writing, const struct findings_row *row,
                           struct bulla_error *err)
{
    struct json *json = writing->json;
    bulla_auto_str main_file =
        row->path == NULL ? findings_path(writing->findings, writing->findings->main_file, err)
                          : NULL;
    const char *path = row->path != NULL ? row->path : main_file;
    if (path == NULL) {
        return false;
    }
    json_member_array(json, "locations");
    json_begin_object(json);
    json_member_object(json, "physicalLocation");
    if (!write_artifact(json, path, err)) {
        return false;
    }
    write_region(json, row->finding);
    json_end_object(json);
    json_end_object(json);
    json_end_array(json);
    return true;
}

static bool write_result(void *ctx, const struct findings_row *row, struct bulla_error *err)
{
    const struct writing *writing = ctx;
    struct json *json = writing->json;
    const struct bulla_finding *finding = row->finding;
    char fingerprint[FINDINGS_FINGERPRINT_BYTES];
    findings_fingerprint(writing->findings, row, fingerprint);
    bulla_auto_str message = finding->help != NULL ? bulla_asprintf(err, "%s. Help: %s.",
                                                                    finding->message, finding->help)
                                                   : bulla_strdup(finding->message, err);
    if (message == NULL) {
        return false;
    }
    json_begin_object(json);
    json_member(json, "ruleId", finding->rule);
    json_member_number(json, "ruleIndex", (long long)writing->used.number[row->rule_index]);
    json_member(json, "level", bulla_severity_name(finding->severity));
    member_text(json, "message", message);
    if (!write_location(writing, row, err)) {
        return false;
    }
    json_member_object(json, "partialFingerprints");
    json_member(json, "bullaFinding/v1", fingerprint);
    json_end_object(json);
    if (finding->variable != NULL || finding->service != NULL) {
        json_member_object(json, "properties");
        json_member(json, "variable", finding->variable);
        json_member(json, "service", finding->service);
        json_end_object(json);
    }
    json_end_object(json);
    return true;
}

/* 3.20.21: what kept the run from being whole. */
static void write_invocation(struct json *json, const struct findings *findings)
{
    size_t dropped = bulla_report_dropped(findings->report);
    json_member_array(json, "invocations");
    json_begin_object(json);
    json_member_bool(json, "executionSuccessful", true);
    if (dropped > 0) {
        char text[64];
        (void)snprintf(text, sizeof text, "%zu more findings are not shown", dropped);
        json_member_array(json, "toolExecutionNotifications");
        json_begin_object(json);
        json_member(json, "level", "warning");
        member_text(json, "message", text);
        json_end_object(json);
        json_end_array(json);
    }
    json_end_object(json);
    json_end_array(json);
}

static bool write_tool(struct json *json, const struct used_rules *used, struct bulla_error *err)
{
    json_member_object(json, "tool");
    json_member_object(json, "driver");
    json_member(json, "name", "bulla");
    json_member(json, "semanticVersion", bulla_version());
    if (!write_rules(json, used, err)) {
        return false;
    }
    json_end_object(json);
    json_end_object(json);
    return true;
}

/* 3.17.3: one category for each project and environment, so that runs of several do not mix. */
static bool write_category(struct json *json, const struct findings *findings,
                           struct bulla_error *err)
{
    bool has_name = findings->environment != NULL;
    bulla_auto_str id = bulla_asprintf(err, "bulla/%s%s%s", findings->folder,
                                       has_name ? findings->environment : "", has_name ? "/" : "");
    if (id == NULL) {
        return false;
    }
    json_member_object(json, "automationDetails");
    json_member(json, "id", id);
    json_end_object(json);
    return true;
}

static void write_base(struct json *json)
{
    json_member_object(json, "originalUriBaseIds");
    json_member_object(json, "SRCROOT");
    member_text(json, "description", "the root of the repository, or else the project's folder");
    json_end_object(json);
    json_end_object(json);
    json_member(json, "columnKind", "unicodeCodePoints");
}

static bool write_run(struct writing *writing, struct bulla_error *err)
{
    struct json *json = writing->json;
    const struct findings *findings = writing->findings;
    json_begin_object(json);
    if (!write_tool(json, &writing->used, err) || !write_category(json, findings, err)) {
        return false;
    }
    write_invocation(json, findings);
    write_base(json);
    json_member_array(json, "results");
    if (!findings_each(findings, write_result, writing, err)) {
        return false;
    }
    json_end_array(json);
    json_end_object(json);
    return true;
}

bool report_write_sarif(const struct invocation *in, const struct findings *findings,
                        struct bulla_error *err)
{
    struct json json;
    struct writing writing = {.json = &json, .findings = findings};
    json_init(&json, in->out);
    json_begin_object(&json);
    json_member(&json, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    json_member(&json, "version", "2.1.0");
    json_member_array(&json, "runs");
    bool ok = find_used(&writing.used, findings, err) && write_run(&writing, err);
    release_used(&writing.used);
    json_end_array(&json);
    json_end_object(&json);
    return ok;
}
