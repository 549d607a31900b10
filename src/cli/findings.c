#include "findings.h"

#include <stdio.h>
#include <string.h>

#include "bulla/limits.h"

#define PLACE_BYTES 512
#define CONTINUED 4  /* blanks before the further lines of a finding */
#define NARROWEST 40 /* columns of text below which wrapping does more harm than good */

static enum style severity_style(enum bulla_severity severity)
{
    switch (severity) {
    case BULLA_ERROR:
        return STYLE_ERROR;
    case BULLA_WARNING:
        return STYLE_WARNING;
    case BULLA_NOTE:
        break;
    }
    return STYLE_NOTE;
}

/* "FILE:LINE:COL" as editors and terminals make it clickable. */
static void format_place(const struct bulla_finding *finding, char *out, size_t cap)
{
    if (finding->pos.line == 0) {
        (void)snprintf(out, cap, "%s", finding->file);
    } else {
        (void)snprintf(out, cap, "%s:%u:%u", finding->file, finding->pos.line, finding->pos.col);
    }
}

static bool is_same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* True where only the place differs. */
static bool is_same_finding(const struct bulla_finding *a, const struct bulla_finding *b)
{
    return is_same_text(a->rule, b->rule) && is_same_text(a->message, b->message) &&
           is_same_text(a->help, b->help);
}

/*
 * TEXT from column AT on: on a terminal it goes on behind INDENT blanks where a line is full, and
 * piped it stays one line.
 */
static void write_hanging(struct output *out, const char *text, size_t at, unsigned indent)
{
    if (!out->is_terminal || out->width < indent + NARROWEST) {
        output_text(out, text);
        return;
    }
    bool is_first = true;
    while (*text != '\0') {
        size_t len = strcspn(text, " ");
        char word[PLACE_BYTES];
        (void)snprintf(word, sizeof word, "%.*s", (int)(len < sizeof word ? len : sizeof word - 1),
                       text);
        size_t columns = output_columns(word);
        if (at > indent && at + (is_first ? 0 : 1) + columns > out->width) {
            output_printf(out, "\n%*s", (int)indent, "");
            at = indent;
        } else if (!is_first) {
            output_text(out, " ");
            at++;
        }
        output_bytes(out, bulla_bytes(text, len));
        at += columns;
        is_first = false;
        text += len + strspn(text + len, " ");
    }
}

static void write_finding(struct output *out, const struct bulla_finding *finding)
{
    size_t at = 0;
    if (finding->file != NULL) {
        char place[PLACE_BYTES];
        format_place(finding, place, sizeof place);
        output_styled(out, STYLE_STRONG, place);
        output_text(out, ": ");
        at = output_columns(place) + 2;
    }
    const char *severity = bulla_severity_name(finding->severity);
    size_t head = strlen(severity) + strlen(finding->rule) + 2;
    if (out->is_terminal && at + head > out->width && at > CONTINUED) {
        output_printf(out, "\n%*s", CONTINUED, "");
        at = CONTINUED;
    }
    output_styled(out, severity_style(finding->severity), severity);
    output_printf(out, " %s ", finding->rule);
    write_hanging(out, finding->message, at + head, CONTINUED);
    output_text(out, "\n");
}

/* Writes the places of the findings that repeat number INDEX; returns how many there are. */
static size_t write_repeats(struct output *out, const struct bulla_report *report, size_t index,
                            bool *is_written)
{
    const struct bulla_finding *first = bulla_report_get(report, index);
    size_t count = 0;
    size_t at = 0;
    for (size_t i = index + 1; i < bulla_report_count(report); i++) {
        const struct bulla_finding *other = bulla_report_get(report, i);
        if (is_written[i] || other->file == NULL || !is_same_finding(first, other)) {
            continue;
        }
        char place[PLACE_BYTES];
        format_place(other, place, sizeof place);
        size_t columns = output_columns(place);
        if (count == 0) {
            output_styled(out, STYLE_FAINT, "  also:");
            at = strlen("  also:");
        } else {
            output_text(out, ",");
            at++;
            if (out->is_terminal && at + 1 + columns > out->width) {
                output_text(out, "\n       ");
                at = strlen("  also:");
            }
        }
        output_printf(out, " %s", place);
        at += columns + 1;
        is_written[i] = true;
        count++;
    }
    output_text(out, count > 0 ? "\n" : "");
    return count;
}

/* The next finding behind INDEX that still stands alone, or NULL. */
static const struct bulla_finding *next_unwritten(const struct bulla_report *report, size_t index,
                                                  const bool *is_written)
{
    for (size_t i = index + 1; i < bulla_report_count(report); i++) {
        if (!is_written[i]) {
            return bulla_report_get(report, i);
        }
    }
    return NULL;
}

void findings_write_text(struct output *out, const struct bulla_report *report)
{
    bool is_written[BULLA_MAX_FINDINGS] = {false};
    const struct bulla_finding *before = NULL;
    for (size_t i = 0; i < bulla_report_count(report); i++) {
        const struct bulla_finding *finding = bulla_report_get(report, i);
        if (is_written[i]) {
            continue;
        }
        if (before != NULL && !is_same_text(before->file, finding->file)) {
            output_text(out, "\n");
        }
        before = finding;
        is_written[i] = true;
        write_finding(out, finding);
        (void)write_repeats(out, report, i, is_written);
        const struct bulla_finding *next = next_unwritten(report, i, is_written);
        bool is_last = next == NULL || !is_same_text(next->help, finding->help) ||
                       !is_same_text(next->file, finding->file);
        if (finding->help != NULL && is_last) {
            output_styled(out, STYLE_FAINT, "  help: ");
            write_hanging(out, finding->help, strlen("  help: "), 8);
            output_text(out, "\n");
        }
    }
}

void findings_write_summary(struct output *out, const struct bulla_report *report)
{
    static const enum bulla_severity order[] = {BULLA_ERROR, BULLA_WARNING, BULLA_NOTE};
    bool is_first = true;
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        size_t count = bulla_report_severity_count(report, order[i]);
        if (count == 0) {
            continue;
        }
        char text[64];
        (void)snprintf(text, sizeof text, "%zu %s%s", count, bulla_severity_name(order[i]),
                       count == 1 ? "" : "s");
        output_text(out, is_first ? "" : ", ");
        output_styled(out, severity_style(order[i]), text);
        is_first = false;
    }
    if (bulla_report_dropped(report) > 0) {
        output_printf(out, " (%zu of them not shown)", bulla_report_dropped(report));
    }
}

static void write_json_finding(struct json *json, const struct bulla_finding *finding)
{
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
}

void findings_write_json(struct output *out, const struct bulla_report *report)
{
    struct json json;
    json_init(&json, out);
    json_begin_object(&json);
    json_member_number(&json, "version", 1);
    json_key(&json, "findings");
    json_begin_array(&json);
    for (size_t i = 0; i < bulla_report_count(report); i++) {
        write_json_finding(&json, bulla_report_get(report, i));
    }
    json_end_array(&json);
    json_key(&json, "counts");
    json_begin_object(&json);
    static const enum bulla_severity order[] = {BULLA_ERROR, BULLA_WARNING, BULLA_NOTE};
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        json_member_number(&json, bulla_severity_name(order[i]),
                           (long long)bulla_report_severity_count(report, order[i]));
    }
    json_end_object(&json);
    json_end_object(&json);
}
