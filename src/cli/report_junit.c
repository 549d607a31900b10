/*
 * Findings as JUnit's XML, which has no standard: what Jenkins, GitLab and others read. One test
 * case for each rule, so that what passed is seen too. A rule fails where its findings end the
 * command with status 1; others are told as its output.
 */
#include <stdio.h>
#include <string.h>

#include "bulla/text.h"
#include "findings.h"

/* XML 1.0, section 2.2: a character that a document may not have, not even as a reference. */
static bool is_forbidden(uint32_t c)
{
    return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0xFFFE || c == 0xFFFF;
}

static void write_character(struct output *out, uint32_t c, struct bulla_bytes bytes)
{
    if (is_forbidden(c)) {
        output_text(out, "\xEF\xBF\xBD");
    } else if (c == '&' || c == '<' || c == '>' || c == '"' || c < 0x20 ||
               (c >= 0x7F && c < 0xA0)) {
        output_printf(out, "&#%u;", (unsigned)c);
    } else {
        output_bytes(out, bytes);
    }
}

static void write_xml(struct output *out, const char *text)
{
    struct bulla_bytes left = bulla_bytes_of(text);
    while (left.len > 0) {
        uint32_t c = 0;
        size_t len = bulla_text_decode(left, &c);
        if (len == 0) {
            output_text(out, "\xEF\xBF\xBD");
            len = 1;
        } else {
            write_character(out, c, bulla_bytes_slice(left, 0, len));
        }
        left = bulla_bytes_slice(left, len, left.len - len);
    }
}

static void write_attribute(struct output *out, const char *name, const char *value)
{
    output_printf(out, " %s=\"", name);
    write_xml(out, value);
    output_text(out, "\"");
}

/* One rule's test case: its findings are walked three times, for its place, outcome and text. */
struct test_case {
    struct output *out;
    const struct findings *findings;
    const char *rule;
    size_t count;
    bool fails;
    bool has_place;
};

static bool count_finding(void *ctx, const struct findings_row *row, struct bulla_error *err)
{
    struct test_case *test = ctx;
    const struct bulla_finding *finding = row->finding;
    (void)err;
    if (strcmp(finding->rule, test->rule) != 0) {
        return true;
    }
    test->count++;
    test->fails = test->fails || findings_severity_fails(test->findings, finding->severity);
    if (row->path != NULL && !test->has_place) {
        test->has_place = true;
        write_attribute(test->out, "file", row->path);
        if (finding->pos.line > 0) {
            output_printf(test->out, " line=\"%u\"", finding->pos.line);
        }
    }
    return true;
}

static bool write_line(void *ctx, const struct findings_row *row, struct bulla_error *err)
{
    const struct test_case *test = ctx;
    const struct bulla_finding *finding = row->finding;
    (void)err;
    if (strcmp(finding->rule, test->rule) != 0) {
        return true;
    }
    if (row->path != NULL) {
        write_xml(test->out, row->path);
        if (finding->pos.line > 0) {
            output_printf(test->out, ":%u:%u", finding->pos.line, finding->pos.col);
        }
        output_text(test->out, ": ");
    }
    output_printf(test->out, "%s: ", bulla_severity_name(finding->severity));
    write_xml(test->out, finding->message);
    if (finding->help != NULL) {
        output_text(test->out, "\n  help: ");
        write_xml(test->out, finding->help);
    }
    output_text(test->out, "\n");
    return true;
}

static bool write_case(struct output *out, const struct findings *findings,
                       const struct bulla_rule *rule, struct bulla_error *err)
{
    struct test_case test = {.out = out, .findings = findings, .rule = rule->id};
    output_text(out, "    <testcase classname=\"bulla.check\"");
    output_printf(out, " name=\"%s %s\"", rule->id, rule->name);
    if (!findings_each(findings, count_finding, &test, err)) {
        return false;
    }
    if (test.count == 0) {
        output_text(out, "/>\n");
        return true;
    }
    output_text(out, ">\n");
    if (test.fails) {
        output_printf(out, "      <failure message=\"%zu finding%s: ", test.count,
                      test.count == 1 ? "" : "s");
        write_xml(out, rule->summary);
        output_printf(out, "\" type=\"%s\">", rule->id);
    } else {
        output_text(out, "      <system-out>");
    }
    if (!findings_each(findings, write_line, &test, err)) {
        return false;
    }
    output_text(out, test.fails ? "</failure>\n" : "</system-out>\n");
    output_text(out, "    </testcase>\n");
    return true;
}

static size_t count_failures(const struct findings *findings)
{
    size_t count = 0;
    for (size_t i = 0; i < bulla_rule_count(); i++) {
        bool fails = false;
        for (size_t k = 0; k < bulla_report_count(findings->report); k++) {
            const struct bulla_finding *finding = bulla_report_get(findings->report, k);
            fails = fails || (strcmp(finding->rule, bulla_rule(i)->id) == 0 &&
                              findings_severity_fails(findings, finding->severity));
        }
        count += fails;
    }
    return count;
}

bool report_write_junit(const struct invocation *in, const struct findings *findings,
                        struct bulla_error *err)
{
    struct output *out = in->out;
    char counts[128];
    (void)snprintf(counts, sizeof counts,
                   "tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"0\"", bulla_rule_count(),
                   count_failures(findings));
    output_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    output_printf(out, "<testsuites name=\"bulla check\" %s>\n  <testsuite", counts);
    write_attribute(out, "name", findings->environment != NULL ? findings->environment : "check");
    output_printf(out, " %s>\n", counts);
    for (size_t i = 0; i < bulla_rule_count(); i++) {
        if (!write_case(out, findings, bulla_rule(i), err)) {
            return false;
        }
    }
    output_text(out, "  </testsuite>\n</testsuites>\n");
    return true;
}
