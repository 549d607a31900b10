/* The summary of a workflow's job, in GitHub's Markdown, appended to the file that it names. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bulla/file.h"
#include "bulla/text.h"
#include "findings.h"

#define SUMMARY_BYTES ((size_t)1024 * 1024) /* what GitHub takes of a step */
#define CLOSING_BYTES 128                   /* kept free for the line that says what is left out */

/* A summary in the making: rows are added as long as they fit. */
struct summary {
    struct output text;
    size_t room;
    size_t left_out;
};

/* Everything that Markdown or HTML reads as its own becomes an entity; a cell has one line. */
static void write_cell(struct output *out, const char *text)
{
    struct bulla_bytes left = bulla_bytes_of(text);
    while (left.len > 0) {
        uint32_t c = 0;
        size_t len = bulla_text_decode(left, &c);
        if (len == 0 || c < 0x20 || (c >= 0x7F && c < 0xA0)) {
            output_text(out, "?");
            len = len == 0 ? 1 : len;
        } else if (c < 0x80 && strchr("&<>\\`*_[]|~$#@!:", (int)c) != NULL) {
            output_printf(out, "&#%u;", (unsigned)c);
        } else {
            output_bytes(out, bulla_bytes_slice(left, 0, len));
        }
        left = bulla_bytes_slice(left, len, left.len - len);
    }
}

static void write_row(struct output *out, const struct findings_row *row)
{
    const struct bulla_finding *finding = row->finding;
    output_printf(out, "| %s | <code>", bulla_severity_name(finding->severity));
    write_cell(out, row->path != NULL ? row->path : "");
    if (row->path != NULL && finding->pos.line > 0) {
        output_printf(out, "&#58;%u&#58;%u", finding->pos.line, finding->pos.col);
    }
    output_printf(out, "</code> | %s %s | ", finding->rule, row->rule->name);
    write_cell(out, finding->message);
    output_text(out, " | ");
    write_cell(out, finding->help != NULL ? finding->help : "");
    output_text(out, " |\n");
}

static bool add_row(void *ctx, const struct findings_row *row, struct bulla_error *err)
{
    struct summary *summary = ctx;
    size_t before = summary->text.buf.len;
    (void)err;
    if (summary->left_out == 0) {
        write_row(&summary->text, row);
    }
    if (summary->left_out > 0 || summary->text.buf.len > summary->room) {
        bulla_buf_truncate(&summary->text.buf, before);
        summary->left_out++;
    }
    return true;
}

static void write_heading(struct output *out, const struct findings *findings)
{
    output_text(out, "### bulla check: ");
    findings_write_counts(out, findings);
    if (findings->environment != NULL) {
        output_text(out, ", environment ");
        write_cell(out, findings->environment);
    }
    output_text(out, "\n\n");
}

static bool compose(struct summary *summary, const struct findings *findings,
                    struct bulla_error *err)
{
    struct output *out = &summary->text;
    write_heading(out, findings);
    if (bulla_report_count(findings->report) > 0) {
        output_text(out, "| severity | place | rule | finding | help |\n|---|---|---|---|---|\n");
    }
    if (!findings_each(findings, add_row, summary, err)) {
        return false;
    }
    if (summary->left_out > 0) {
        output_printf(out, "\n%zu more findings did not fit here; the log has them.\n",
                      summary->left_out);
    }
    output_text(out, "\n");
    return bulla_buf_ok(&out->buf, err);
}

bool report_write_summary(const char *path, const struct findings *findings,
                          struct bulla_error *err)
{
    struct stat st;
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0644);
    if (fd < 0 || fstat(fd, &st) != 0) {
        bool ok = bulla_error_sys(err, path, "cannot open it");
        (void)(fd >= 0 && close(fd));
        return ok;
    }
    size_t used = (size_t)(st.st_size > 0 ? st.st_size : 0);
    size_t least = CLOSING_BYTES + 1024;
    bool ok = true;
    if (used + least < SUMMARY_BYTES) {
        struct summary summary = {.room = SUMMARY_BYTES - used - CLOSING_BYTES};
        output_init(&summary.text, -1, path);
        ok = compose(&summary, findings, err) &&
             bulla_fd_write(fd, path, bulla_buf_view(&summary.text.buf), err);
        output_release(&summary.text);
    }
    (void)close(fd);
    return ok;
}
