#include "findings.h"

#include <stdio.h>
#include <string.h>

#include "bulla/file.h"
#include "bulla/mem.h"
#include "bulla/text.h"
#include "stack.h"

#define FNV_BASIS 0xcbf29ce484222325U
#define FNV_PRIME 0x100000001b3U

const enum bulla_severity findings_severities[FINDINGS_SEVERITIES] = {BULLA_ERROR, BULLA_WARNING,
                                                                      BULLA_NOTE};

static const struct {
    const char *name;
    bool (*write)(const struct invocation *in, const struct findings *findings,
                  struct bulla_error *err);
} writers[] = {
    {"human", report_write_text},    {"json", report_write_json},   {"sarif", report_write_sarif},
    {"github", report_write_github}, {"junit", report_write_junit}, {"gitlab", report_write_gitlab},
};

const char *const findings_formats[] = {"human", "json",   "sarif", "github",
                                        "junit", "gitlab", NULL};

bool findings_write(const struct invocation *in, const struct findings *findings,
                    const char *format, struct bulla_error *err)
{
    for (size_t i = 0; i < sizeof writers / sizeof writers[0]; i++) {
        if (strcmp(writers[i].name, format) == 0) {
            return writers[i].write(in, findings, err);
        }
    }
    return bulla_error(err, BULLA_E_BUG, "no writer of '%s'", format);
}

bool findings_severity_fails(const struct findings *findings, enum bulla_severity severity)
{
    return severity == BULLA_ERROR || (findings->is_strict && severity == BULLA_WARNING);
}

bool findings_fail(const struct findings *findings)
{
    for (size_t i = 0; i < FINDINGS_SEVERITIES; i++) {
        if (findings_severity_fails(findings, findings_severities[i]) &&
            bulla_report_severity_count(findings->report, findings_severities[i]) > 0) {
            return true;
        }
    }
    return false;
}

enum style findings_style(enum bulla_severity severity)
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

void findings_write_counts(struct output *out, const struct findings *findings)
{
    bool is_first = true;
    for (size_t i = 0; i < FINDINGS_SEVERITIES; i++) {
        enum bulla_severity severity = findings_severities[i];
        size_t count = bulla_report_severity_count(findings->report, severity);
        if (count == 0) {
            continue;
        }
        char text[64];
        (void)snprintf(text, sizeof text, "%zu %s%s", count, bulla_severity_name(severity),
                       count == 1 ? "" : "s");
        output_text(out, is_first ? "" : ", ");
        output_styled(out, findings_style(severity), text);
        is_first = false;
    }
    output_text(out, is_first ? "no findings" : "");
    if (bulla_report_dropped(findings->report) > 0) {
        output_printf(out, " (%zu of them not shown)", bulla_report_dropped(findings->report));
    }
}

void findings_format_file(const struct findings *findings, const struct bulla_finding *finding,
                          char *out, size_t cap)
{
    out[0] = '\0';
    if (finding->file != NULL) {
        stack_format_path(findings->up, finding->file, out, cap);
        bulla_text_sanitize(out);
    }
}

void findings_format_place(const struct findings *findings, const struct bulla_finding *finding,
                           char *out, size_t cap)
{
    findings_format_file(findings, finding, out, cap);
    if (out[0] != '\0' && finding->pos.line != 0) {
        size_t len = strlen(out);
        (void)snprintf(out + len, cap - len, ":%u:%u", finding->pos.line, finding->pos.col);
    }
}

/* Takes the last component off PATH[0 … LEN) and returns what is left; ".." stays where it is. */
static size_t drop_component(const char *path, size_t len, size_t root)
{
    size_t at = len;
    while (at > root && path[at - 1] != '/') {
        at--;
    }
    return at > root ? at - 1 : root;
}

/* Removes "." and ".." from PATH, in place, by its text alone: links are not looked at. */
static void simplify(char *path)
{
    size_t root = path[0] == '/' ? 1 : 0;
    size_t len = root;
    size_t fixed = root; /* what is before it goes above where we began */
    for (const char *at = path + root; *at != '\0';) {
        size_t part = strcspn(at, "/");
        const char *next = at + part + (at[part] == '/' ? 1 : 0);
        bool is_up = part == 2 && at[0] == '.' && at[1] == '.';
        if (is_up && len > fixed) {
            len = drop_component(path, len, fixed);
        } else if (part > 0 && !(part == 1 && at[0] == '.') && !(is_up && root == 1)) {
            if (len > root) {
                path[len++] = '/';
            }
            memmove(path + len, at, part);
            len += part;
            fixed = is_up ? len : fixed;
        }
        at = next;
    }
    path[len] = '\0';
}

char *findings_path(const struct findings *findings, const char *file, struct bulla_error *err)
{
    char *path = bulla_path_join(findings->folder, file, err);
    if (path != NULL) {
        simplify(path);
    }
    return path;
}

static uint64_t hash_text(uint64_t hash, const char *text)
{
    /* The NUL goes in too, so that parts cannot run into each other. */
    for (size_t i = 0; text != NULL && (i == 0 || text[i - 1] != '\0'); i++) {
        hash = (hash ^ (uint8_t)text[i]) * FNV_PRIME;
    }
    return (hash ^ 0xFF) * FNV_PRIME;
}

static bool is_same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* How many findings before number INDEX only differ from it in place or message. */
static size_t count_alike(const struct bulla_report *report, size_t index)
{
    const struct bulla_finding *self = bulla_report_get(report, index);
    size_t count = 0;
    for (size_t i = 0; i < index; i++) {
        const struct bulla_finding *other = bulla_report_get(report, i);
        count += is_same_text(self->rule, other->rule) && is_same_text(self->file, other->file) &&
                 is_same_text(self->variable, other->variable) &&
                 is_same_text(self->service, other->service);
    }
    return count;
}

void findings_fingerprint(const struct findings *findings, const struct findings_row *row,
                          char out[static FINDINGS_FINGERPRINT_BYTES])
{
    char count[24];
    (void)snprintf(count, sizeof count, "%zu", count_alike(findings->report, row->index));
    uint64_t hash = FNV_BASIS;
    hash = hash_text(hash, row->finding->rule);
    hash = hash_text(hash, row->path);
    hash = hash_text(hash, row->finding->variable);
    hash = hash_text(hash, row->finding->service);
    hash = hash_text(hash, count);
    (void)snprintf(out, FINDINGS_FINGERPRINT_BYTES, "%016llx", (unsigned long long)hash);
}

static size_t find_rule(const char *id)
{
    size_t index = 0;
    while (index < bulla_rule_count() && strcmp(bulla_rule(index)->id, id) != 0) {
        index++;
    }
    return index;
}

bool findings_each(const struct findings *findings, findings_row_fn fn, void *ctx,
                   struct bulla_error *err)
{
    for (size_t i = 0; i < bulla_report_count(findings->report); i++) {
        const struct bulla_finding *finding = bulla_report_get(findings->report, i);
        size_t rule = find_rule(finding->rule);
        bulla_auto_str path = NULL;
        if (finding->file != NULL) {
            path = findings_path(findings, finding->file, err);
            if (path == NULL) {
                return false;
            }
        }
        const struct findings_row row = {.finding = finding,
                                         .rule = bulla_rule(rule),
                                         .rule_index = rule,
                                         .path = path,
                                         .index = i};
        if (!fn(ctx, &row, err)) {
            return false;
        }
    }
    return true;
}
