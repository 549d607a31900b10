/*
 * Findings on a terminal: grouped by file, long texts hanging under their first line. A place is
 * always written whole, FILE:LINE:COL, because that is what terminals and editors make clickable.
 * It stands before its finding where that leaves room for the text, else below.
 */
#include <stdio.h>
#include <string.h>

#include "bulla/limits.h"
#include "bulla/text.h"
#include "findings.h"

#define PLACE_BYTES 4096
#define INDENT 2
#define GAP 2
#define SEVERITY_COLUMNS 7
#define RULE_COLUMNS 4
#define NARROWEST 44 /* columns of text below which a place gets a line of its own */

/* Where things stand, the same for all findings of a run. */
struct layout {
    struct output *out;
    const struct findings *findings;
    size_t place;  /* columns of the column of places; 0: they stand below */
    unsigned text; /* the column where messages begin */
    bool is_written[BULLA_MAX_FINDINGS];
};

static bool is_same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* True where only the place differs. */
static bool is_same_finding(const struct bulla_finding *a, const struct bulla_finding *b)
{
    return is_same_text(a->rule, b->rule) && is_same_text(a->file, b->file) &&
           is_same_text(a->message, b->message) && is_same_text(a->help, b->help);
}

static size_t place_columns(const struct layout *layout, const struct bulla_finding *finding)
{
    char place[PLACE_BYTES];
    findings_format_place(layout->findings, finding, place, sizeof place);
    return output_columns(place);
}

static void lay_out(struct layout *layout)
{
    const struct bulla_report *report = layout->findings->report;
    const unsigned behind_place = INDENT + SEVERITY_COLUMNS + GAP + RULE_COLUMNS + GAP;
    size_t widest = 0;
    for (size_t i = 0; i < bulla_report_count(report); i++) {
        size_t columns = place_columns(layout, bulla_report_get(report, i));
        widest = columns > widest ? columns : widest;
    }
    bool fits = behind_place + widest + GAP + NARROWEST <= layout->out->width;
    layout->place = fits ? widest : 0;
    layout->text = behind_place + (layout->place > 0 ? (unsigned)widest + GAP : 0);
}

static void write_labelled(const struct layout *layout, const char *label, const char *text)
{
    unsigned indent = layout->text + (unsigned)strlen(label);
    output_printf(layout->out, "%*s", (int)layout->text, "");
    output_styled(layout->out, STYLE_FAINT, label);
    output_hanging(layout->out, text, indent, indent);
    output_text(layout->out, "\n");
}

/* The place with what all of its group share set back. */
static void write_place(const struct layout *layout, const struct bulla_finding *finding)
{
    char place[PLACE_BYTES];
    char file[PLACE_BYTES];
    findings_format_place(layout->findings, finding, place, sizeof place);
    findings_format_file(layout->findings, finding, file, sizeof file);
    output_styled(layout->out, STYLE_FAINT, finding->pos.line > 0 ? file : "");
    output_text(layout->out, finding->pos.line > 0 ? place + strlen(file) : place);
}

/*
 * The places below the finding: its own where there is no column of them, and those of its
 * repetitions behind number INDEX.
 */
static void write_places(struct layout *layout, const struct bulla_report *report, size_t index)
{
    struct output *out = layout->out;
    const struct bulla_finding *first = bulla_report_get(report, index);
    const char *label = layout->place > 0 ? "also: " : "at: ";
    unsigned indent = layout->text + (unsigned)strlen(label);
    size_t at = 0;
    for (size_t i = layout->place > 0 ? index + 1 : index; i < bulla_report_count(report); i++) {
        const struct bulla_finding *other = bulla_report_get(report, i);
        /* The heading says where a finding without a line is. */
        if (other->file == NULL || other->pos.line == 0 || (i > index && layout->is_written[i]) ||
            !is_same_finding(first, other)) {
            continue;
        }
        layout->is_written[i] = true;
        size_t columns = place_columns(layout, other);
        if (at == 0) {
            output_printf(out, "%*s", (int)layout->text, "");
            output_styled(out, STYLE_FAINT, label);
            at = indent;
        } else if (at + 2 + columns > out->width) {
            output_printf(out, ",\n%*s", (int)indent, "");
            at = indent;
        } else {
            output_text(out, ", ");
            at += 2;
        }
        write_place(layout, other);
        at += columns;
    }
    output_text(out, at > 0 ? "\n" : "");
}

static void write_head(const struct layout *layout, const struct bulla_finding *finding)
{
    struct output *out = layout->out;
    output_printf(out, "%*s", INDENT, "");
    if (layout->place > 0) {
        size_t columns = place_columns(layout, finding);
        if (finding->file != NULL) {
            write_place(layout, finding);
        }
        output_printf(out, "%*s", (int)(layout->place - columns + GAP), "");
    }
    const char *severity = bulla_severity_name(finding->severity);
    output_styled(out, findings_style(finding->severity), severity);
    output_printf(out, "%*s%-*s%*s", (int)(SEVERITY_COLUMNS - strlen(severity) + GAP), "",
                  RULE_COLUMNS, finding->rule, GAP, "");
    output_hanging(out, finding->message, layout->text, layout->text);
    output_text(out, "\n");
}

/* The next finding behind INDEX that is still to be written, or NULL. */
static const struct bulla_finding *next_unwritten(const struct layout *layout,
                                                  const struct bulla_report *report, size_t index)
{
    for (size_t i = index + 1; i < bulla_report_count(report); i++) {
        if (!layout->is_written[i]) {
            return bulla_report_get(report, i);
        }
    }
    return NULL;
}

static void write_heading(const struct layout *layout, const struct bulla_finding *finding)
{
    char name[PLACE_BYTES];
    findings_format_file(layout->findings, finding, name, sizeof name);
    output_styled(layout->out, STYLE_HEADING, name[0] != '\0' ? name : "the project as a whole");
    output_text(layout->out, "\n");
}

void report_write_terminal(struct output *out, const struct findings *findings)
{
    const struct bulla_report *report = findings->report;
    const struct bulla_finding *before = NULL;
    struct layout layout = {.out = out, .findings = findings};
    lay_out(&layout);
    for (size_t i = 0; i < bulla_report_count(report); i++) {
        const struct bulla_finding *finding = bulla_report_get(report, i);
        if (layout.is_written[i]) {
            continue;
        }
        layout.is_written[i] = true;
        if (before == NULL || !is_same_text(before->file, finding->file)) {
            output_text(out, before != NULL ? "\n" : "");
            write_heading(&layout, finding);
        }
        before = finding;
        write_head(&layout, finding);
        write_places(&layout, report, i);
        const struct bulla_finding *next = next_unwritten(&layout, report, i);
        bool is_last = next == NULL || !is_same_text(next->help, finding->help) ||
                       !is_same_text(next->file, finding->file);
        if (finding->help != NULL && is_last) {
            write_labelled(&layout, "help: ", finding->help);
        }
    }
}
