/*
 * Findings for people. Piped, each is a line of its own, "FILE:LINE:COL: severity RULE message", so
 * that grep and editors find them; a terminal gets them grouped (report_terminal.c).
 */
#include <string.h>

#include "findings.h"

#define PLACE_BYTES 4096

static bool is_same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static void write_finding(struct output *out, const struct findings *findings,
                          const struct bulla_finding *finding)
{
    char place[PLACE_BYTES];
    findings_format_place(findings, finding, place, sizeof place);
    output_styled(out, STYLE_STRONG, place);
    output_text(out, place[0] != '\0' ? ": " : "");
    output_styled(out, findings_style(finding->severity), bulla_severity_name(finding->severity));
    output_printf(out, " %s %s\n", finding->rule, finding->message);
}

/* A remedy that several findings in a row share stands once, behind the last of them. */
static void write_lines(struct output *out, const struct findings *findings)
{
    const struct bulla_report *report = findings->report;
    for (size_t i = 0; i < bulla_report_count(report); i++) {
        const struct bulla_finding *finding = bulla_report_get(report, i);
        const struct bulla_finding *next = bulla_report_get(report, i + 1);
        write_finding(out, findings, finding);
        bool shares_file = next != NULL && is_same_text(next->file, finding->file);
        if (finding->help != NULL && !(shares_file && is_same_text(next->help, finding->help))) {
            output_styled(out, STYLE_FAINT, "  help: ");
            output_printf(out, "%s\n", finding->help);
        }
        output_text(out, next != NULL && !shares_file ? "\n" : "");
    }
}

static void write_ok(struct output *out, const struct findings *findings)
{
    size_t references = findings->reference_count;
    size_t files = findings->file_count;
    output_text(out, "check: ");
    output_styled(out, STYLE_GOOD, "ok");
    output_printf(out, ", %zu reference%s in %zu file%s", references, references == 1 ? "" : "s",
                  files, files == 1 ? "" : "s");
    if (findings->environment != NULL) {
        output_printf(out, ", environment %s", findings->environment);
    }
    if (findings->since != NULL) {
        output_text(out, ", changes since ");
        output_untrusted(out, findings->since);
    }
    output_text(out, "\n");
}

static void write_summary(struct output *out, const struct findings *findings)
{
    output_text(out, "\n");
    findings_write_counts(out, findings);
    if (out->is_terminal) {
        output_styled(out, STYLE_FAINT, "  (bulla explain RULE says more)");
    }
    output_text(out, "\n");
}

bool report_write_text(const struct invocation *in, const struct findings *findings,
                       struct bulla_error *err)
{
    struct output *out = in->out;
    bool has_findings = bulla_report_count(findings->report) > 0;
    (void)err;
    if (out->is_terminal) {
        report_write_terminal(out, findings);
    } else {
        write_lines(out, findings);
    }
    if (in->global.quiet) {
        return true;
    }
    if (has_findings) {
        write_summary(out, findings);
    } else {
        write_ok(out, findings);
    }
    return true;
}
