/* The findings of a report, for people and as JSON. */
#ifndef BULLA_CLI_FINDINGS_H
#define BULLA_CLI_FINDINGS_H

#include "bulla/report.h"
#include "output.h"

/*
 * One line per finding, "FILE:LINE:COL: severity RULE message", a blank line between files. Further
 * places of the same finding follow under "also:", and a remedy that several share stands once,
 * behind the last of them.
 */
void findings_write_text(struct output *out, const struct bulla_report *report);

/* "2 errors, 1 warning"; without its line end. */
void findings_write_summary(struct output *out, const struct bulla_report *report);

/* The document {"version": 1, "findings": […], "counts": {…}}. */
void findings_write_json(struct output *out, const struct bulla_report *report);

#endif
