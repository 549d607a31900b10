/* A bounded list of findings: what `check` and `scan` collect, so that one run shows everything. */
#ifndef BULLA_REPORT_H
#define BULLA_REPORT_H

#include "bulla/error.h"

enum bulla_severity { BULLA_NOTE, BULLA_WARNING, BULLA_ERROR };

/* One finding. Strings are owned by the report; a member without a value is NULL or 0. */
struct bulla_finding {
    const char *rule; /* "B101"; static text of the rule table */
    enum bulla_severity severity;
    const char *message; /* one line; names variables, never values */
    const char *help;    /* the remedy */
    const char *file;    /* relative to the project; a path's own bytes, to be escaped when shown */
    struct bulla_pos pos;
    struct bulla_pos end; /* behind the last character */
    const char *variable;
    const char *service;
    const char *environment;
    /* Where the remedy is one more line in a file: the line, and a path that opens the file. */
    const char *line;
    const char *line_file;
};

struct bulla_report;

BULLA_API struct bulla_report *bulla_report_new(struct bulla_error *err);
BULLA_API void bulla_report_free(struct bulla_report *report);

/*
 * Decides whether FINDING belongs into the report: *RET_KEEP. False with ERR filled ends what adds
 * it.
 */
typedef bool (*bulla_report_filter_fn)(void *ctx, const struct bulla_finding *finding,
                                       bool *ret_keep, struct bulla_error *err);

/* From here on only what FILTER keeps is added and counted; borrowed with CTX. */
BULLA_API void bulla_report_set_filter(struct bulla_report *report, bulla_report_filter_fn filter,
                                       void *ctx);

/*
 * Copies FINDING into REPORT. Over BULLA_MAX_FINDINGS it is only counted. Control characters in its
 * texts are replaced, but for the file's name. BULLA_E_NOMEM, and what a filter gives.
 */
BULLA_API BULLA_MUST_CHECK bool bulla_report_add(struct bulla_report *report,
                                                 const struct bulla_finding *finding,
                                                 struct bulla_error *err);

/*
 * Takes out every finding that KEEP says no to. It is asked once for each, with its number as
 * bulla_report_get took it before the first question. What was only counted stays counted.
 */
typedef bool (*bulla_report_keep_fn)(void *ctx, size_t index, const struct bulla_finding *finding);
BULLA_API void bulla_report_keep(struct bulla_report *report, bulla_report_keep_fn keep, void *ctx);

/* Sorts by file, line, column, rule and variable and drops exact repeats. */
BULLA_API void bulla_report_sort(struct bulla_report *report);

BULLA_API size_t bulla_report_count(const struct bulla_report *report);
BULLA_API const struct bulla_finding *bulla_report_get(const struct bulla_report *report,
                                                       size_t index);

/* How many of SEVERITY were added, the ones over the limit included. */
BULLA_API size_t bulla_report_severity_count(const struct bulla_report *report,
                                             enum bulla_severity severity);

/* How many findings were only counted. */
BULLA_API size_t bulla_report_dropped(const struct bulla_report *report);

/* "note", "warning" or "error". */
BULLA_API const char *bulla_severity_name(enum bulla_severity severity);

BULLA_DEFINE_AUTO(bulla_auto_report_p, struct bulla_report *, bulla_report_free)
#define bulla_auto_report BULLA_AUTO(bulla_auto_report_p) struct bulla_report *

#endif
