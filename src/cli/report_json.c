/* Findings as docs/json.md describes them. */
#include "findings.h"

static bool write_finding(void *ctx, const struct findings_row *row, struct bulla_error *err)
{
    struct json *json = ctx;
    const struct bulla_finding *finding = row->finding;
    (void)err;
    json_begin_object(json);
    json_member(json, "rule", finding->rule);
    json_member(json, "severity", bulla_severity_name(finding->severity));
    json_member(json, "message", finding->message);
    json_member(json, "help", finding->help);
    json_member(json, "file", finding->file);
    if (finding->pos.line > 0) {
        json_member_number(json, "line", finding->pos.line);
        json_member_number(json, "column", finding->pos.col);
    }
    if (finding->end.line > 0) {
        json_member_number(json, "endLine", finding->end.line);
        json_member_number(json, "endColumn", finding->end.col);
    }
    json_member(json, "variable", finding->variable);
    json_member(json, "service", finding->service);
    json_member(json, "environment", finding->environment);
    json_end_object(json);
    return true;
}

bool report_write_json(const struct invocation *in, const struct findings *findings,
                       struct bulla_error *err)
{
    struct json json;
    json_begin_document(&json, in->out);
    json_member_array(&json, "findings");
    if (!findings_each(findings, write_finding, &json, err)) {
        return false;
    }
    json_end_array(&json);
    json_member_object(&json, "counts");
    for (size_t i = 0; i < FINDINGS_SEVERITIES; i++) {
        enum bulla_severity severity = findings_severities[i];
        json_member_number(&json, bulla_severity_name(severity),
                           (long long)bulla_report_severity_count(findings->report, severity));
    }
    json_end_object(&json);
    if (bulla_report_dropped(findings->report) > 0) {
        json_member_number(&json, "notShown", (long long)bulla_report_dropped(findings->report));
    }
    json_end_object(&json);
    return true;
}
