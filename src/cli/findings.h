/*
 * The findings of a report in every form that `check` prints. All forms see them through one walk,
 * which knows what each needs beside the finding itself: its rule, where its file is in the
 * repository, and a fingerprint that stays when lines move.
 */
#ifndef BULLA_CLI_FINDINGS_H
#define BULLA_CLI_FINDINGS_H

#include "bulla/check.h"
#include "command.h"
#include "output.h"

/* One run of check, as its findings are shown. */
struct findings {
    const struct bulla_report *report;
    const char *environment; /* NULL without a contract */
    size_t reference_count;
    size_t file_count;
    /* The project's folder below the root of its repository: "", or ending in "/". */
    const char *folder;
    const char *up; /* from here to the project's folder, for people: "../"; NULL: this is it */
    const char *main_file; /* the contract, else the first compose file; relative to the project */
    const char *since;     /* the commit that --since names, or NULL */
    bool is_strict;        /* warnings fail too */
};

/* The forms, for the table of options; NULL at the end. The first is for people. */
extern const char *const findings_formats[];

/* Writes FINDINGS to IN's output in FORMAT, one of those. BULLA_E_NOMEM. */
BULLA_MUST_CHECK bool findings_write(const struct invocation *in, const struct findings *findings,
                                     const char *format, struct bulla_error *err);

/* True when one of them ends the command with status 1. */
bool findings_fail(const struct findings *findings);

/* "2 errors, 1 warning", coloured where OUT is; without its line end. */
void findings_write_counts(struct output *out, const struct findings *findings);

/* True where SEVERITY alone ends the command with status 1. */
bool findings_severity_fails(const struct findings *findings, enum bulla_severity severity);

/* One finding as a form for programs needs it. */
struct findings_row {
    const struct bulla_finding *finding;
    const struct bulla_rule *rule;
    size_t rule_index;
    const char *path; /* of its file from the root of the repository; NULL: it has none */
    size_t index;     /* in the report */
};
typedef bool (*findings_row_fn)(void *ctx, const struct findings_row *row, struct bulla_error *err);

/* Calls FN for each finding in order; the row is borrowed for the call. BULLA_E_NOMEM, or as FN. */
BULLA_MUST_CHECK bool findings_each(const struct findings *findings, findings_row_fn fn, void *ctx,
                                    struct bulla_error *err);

#define FINDINGS_FINGERPRINT_BYTES 17

/*
 * 16 hexadecimal digits from the rule, the path, the variable, the service and how many findings
 * with the same of all of these came before: nothing that is a value or moves with the lines.
 */
void findings_fingerprint(const struct findings *findings, const struct findings_row *row,
                          char out[static FINDINGS_FINGERPRINT_BYTES]);

/* FILE of the project as a path from the root of its repository, without "." and ".."; owned. */
char *findings_path(const struct findings *findings, const char *file, struct bulla_error *err);

/* How a severity is coloured. */
enum style findings_style(enum bulla_severity severity);

/* Severities from the gravest, and how many there are. */
#define FINDINGS_SEVERITIES 3
extern const enum bulla_severity findings_severities[FINDINGS_SEVERITIES];

/* The file as it is to be opened from here, sanitized; "" without one. */
void findings_format_file(const struct findings *findings, const struct bulla_finding *finding,
                          char *out, size_t cap);

/* "FILE:LINE:COL" as editors and terminals make it clickable; sanitized; "" without a file. */
void findings_format_place(const struct findings *findings, const struct bulla_finding *finding,
                           char *out, size_t cap);

/* The forms. BULLA_E_NOMEM. */
BULLA_MUST_CHECK bool report_write_text(const struct invocation *in,
                                        const struct findings *findings, struct bulla_error *err);
BULLA_MUST_CHECK bool report_write_json(const struct invocation *in,
                                        const struct findings *findings, struct bulla_error *err);
BULLA_MUST_CHECK bool report_write_sarif(const struct invocation *in,
                                         const struct findings *findings, struct bulla_error *err);
BULLA_MUST_CHECK bool report_write_github(const struct invocation *in,
                                          const struct findings *findings, struct bulla_error *err);
BULLA_MUST_CHECK bool report_write_junit(const struct invocation *in,
                                         const struct findings *findings, struct bulla_error *err);
BULLA_MUST_CHECK bool report_write_gitlab(const struct invocation *in,
                                          const struct findings *findings, struct bulla_error *err);

/* Grouped by file, for a terminal of OUT's width. */
void report_write_terminal(struct output *out, const struct findings *findings);

/* Appends to the job summary PATH, as far as its limit lets. BULLA_E_IO, BULLA_E_NOMEM. */
BULLA_MUST_CHECK bool report_write_summary(const char *path, const struct findings *findings,
                                           struct bulla_error *err);

#endif
