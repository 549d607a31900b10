#include "bulla/report.h"

#include <stdlib.h>
#include <string.h>

#include "base/pool.h"
#include "base/text.h"
#include "bulla/limits.h"
#include "bulla/mem.h"

#include "base/banned.h"

struct bulla_report {
    struct pool *pool;
    struct bulla_finding *findings;
    size_t count;
    size_t cap;
    size_t dropped;
    size_t by_severity[BULLA_ERROR + 1];
    bulla_report_filter_fn filter;
    void *filter_ctx;
};

struct bulla_report *bulla_report_new(struct bulla_error *err)
{
    struct bulla_report *report = bulla_alloc(1, sizeof *report, err);
    if (report == NULL) {
        return NULL;
    }
    report->pool = pool_new(err);
    if (report->pool == NULL) {
        bulla_free(report);
        return NULL;
    }
    return report;
}

void bulla_report_free(struct bulla_report *report)
{
    if (report != NULL) {
        pool_free(report->pool);
        bulla_free(report->findings);
        bulla_free(report);
    }
}

void bulla_report_set_filter(struct bulla_report *report, bulla_report_filter_fn filter, void *ctx)
{
    report->filter = filter;
    report->filter_ctx = ctx;
}

static bool copy_bytes(struct bulla_report *report, const char **text, struct bulla_error *err)
{
    if (*text != NULL) {
        *text = pool_strdup(report->pool, *text, err);
        return *text != NULL;
    }
    return true;
}

static bool copy_text(struct bulla_report *report, const char **text, struct bulla_error *err)
{
    if (*text == NULL) {
        return true;
    }
    char *copy = pool_strdup(report->pool, *text, err);
    if (copy == NULL) {
        return false;
    }
    text_sanitize(copy);
    *text = copy;
    return true;
}

bool bulla_report_add(struct bulla_report *report, const struct bulla_finding *finding,
                      struct bulla_error *err)
{
    bool is_kept = true;
    if (report->filter != NULL && !report->filter(report->filter_ctx, finding, &is_kept, err)) {
        return false;
    }
    if (!is_kept) {
        return true;
    }
    if (report->count >= BULLA_MAX_FINDINGS) {
        report->dropped++;
        report->by_severity[finding->severity]++;
        return true;
    }
    if (!bulla_grow(&report->findings, &report->cap, report->count + 1, sizeof *finding, err)) {
        return false;
    }
    struct bulla_finding copy = *finding;
    if (!copy_text(report, &copy.rule, err) || !copy_text(report, &copy.message, err) ||
        !copy_text(report, &copy.help, err) || !copy_bytes(report, &copy.file, err) ||
        !copy_text(report, &copy.variable, err) || !copy_text(report, &copy.service, err) ||
        !copy_text(report, &copy.environment, err) || !copy_bytes(report, &copy.line, err) ||
        !copy_bytes(report, &copy.line_file, err)) {
        return false;
    }
    report->findings[report->count++] = copy;
    report->by_severity[finding->severity]++;
    return true;
}

static int compare_text(const char *a, const char *b)
{
    if (a == NULL || b == NULL) {
        return (a != NULL) - (b != NULL);
    }
    return strcmp(a, b);
}

static int compare_number(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

static int compare(const void *left, const void *right)
{
    const struct bulla_finding *a = left;
    const struct bulla_finding *b = right;
    int order = compare_text(a->file, b->file);
    order = order != 0 ? order : compare_number(a->pos.line, b->pos.line);
    order = order != 0 ? order : compare_number(a->pos.col, b->pos.col);
    order = order != 0 ? order : compare_text(a->rule, b->rule);
    order = order != 0 ? order : compare_text(a->variable, b->variable);
    order = order != 0 ? order : compare_text(a->service, b->service);
    order = order != 0 ? order : compare_text(a->environment, b->environment);
    return order != 0 ? order : compare_text(a->message, b->message);
}

void bulla_report_sort(struct bulla_report *report)
{
    if (report->count == 0) {
        return;
    }
    qsort(report->findings, report->count, sizeof *report->findings, compare);
    size_t kept = 1;
    for (size_t i = 1; i < report->count; i++) {
        if (compare(&report->findings[kept - 1], &report->findings[i]) == 0) {
            report->by_severity[report->findings[i].severity]--;
            continue;
        }
        report->findings[kept++] = report->findings[i];
    }
    report->count = kept;
}

void bulla_report_keep(struct bulla_report *report, bulla_report_keep_fn keep, void *ctx)
{
    size_t kept = 0;
    for (size_t i = 0; i < report->count; i++) {
        if (keep(ctx, i, &report->findings[i])) {
            report->findings[kept++] = report->findings[i];
        } else {
            report->by_severity[report->findings[i].severity]--;
        }
    }
    report->count = kept;
}

size_t bulla_report_count(const struct bulla_report *report)
{
    return report->count;
}

const struct bulla_finding *bulla_report_get(const struct bulla_report *report, size_t index)
{
    return index < report->count ? &report->findings[index] : NULL;
}

size_t bulla_report_severity_count(const struct bulla_report *report, enum bulla_severity severity)
{
    return report->by_severity[severity];
}

size_t bulla_report_dropped(const struct bulla_report *report)
{
    return report->dropped;
}

const char *bulla_severity_name(enum bulla_severity severity)
{
    static const char *const names[] = {"note", "warning", "error"};
    return names[severity];
}
