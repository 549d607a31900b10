/* Findings as GitLab's Code Quality report: an array of the members that GitLab reads. */
#include "bulla/mem.h"
#include "findings.h"

struct writing {
    struct json json;
    const struct findings *findings;
};

static const char *severity_name(enum bulla_severity severity)
{
    static const char *const names[] = {
        [BULLA_NOTE] = "info", [BULLA_WARNING] = "major", [BULLA_ERROR] = "critical"};
    return names[severity];
}

static void write_lines(struct json *json, const struct bulla_finding *finding)
{
    bool has_line = finding->pos.line > 0;
    json_member_object(json, "lines");
    json_member_number(json, "begin", has_line ? finding->pos.line : 1);
    if (has_line && finding->end.line > finding->pos.line) {
        json_member_number(json, "end", finding->end.line);
    }
    json_end_object(json);
}

static bool write_finding(void *ctx, const struct findings_row *row, struct bulla_error *err)
{
    struct writing *writing = ctx;
    struct json *json = &writing->json;
    const struct bulla_finding *finding = row->finding;
    const char *help = finding->help;
    bulla_auto_str description = bulla_asprintf(
        err, "%s%s%s", finding->message, help != NULL ? ". Help: " : "", help != NULL ? help : "");
    /* A finding about the project as a whole needs a place too. */
    bulla_auto_str path = row->path != NULL
                              ? bulla_strdup(row->path, err)
                              : findings_path(writing->findings, writing->findings->main_file, err);
    if (description == NULL || path == NULL) {
        return false;
    }
    char fingerprint[FINDINGS_FINGERPRINT_BYTES];
    findings_fingerprint(writing->findings, row, fingerprint);
    json_begin_object(json);
    json_member(json, "description", description);
    json_member(json, "check_name", finding->rule);
    json_member(json, "fingerprint", fingerprint);
    json_member(json, "severity", severity_name(finding->severity));
    json_member_object(json, "location");
    json_member(json, "path", path);
    write_lines(json, finding);
    json_end_object(json);
    json_end_object(json);
    return true;
}

bool report_write_gitlab(const struct invocation *in, const struct findings *findings,
                         struct bulla_error *err)
{
    struct writing writing = {.findings = findings};
    json_init(&writing.json, in->out);
    json_begin_array(&writing.json);
    if (!findings_each(findings, write_finding, &writing, err)) {
        return false;
    }
    json_end_array(&writing.json);
    return true;
}
