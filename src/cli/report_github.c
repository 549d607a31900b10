/*
 * Findings as commands of a GitHub workflow, which become annotations of the lines they name, and
 * a summary of the job where the workflow says where to. The escapes are those of the runner's
 * ActionCommand: "%", CR and LF everywhere, ":" and "," in properties too.
 */
#include <string.h>

#include "bulla/text.h"
#include "env.h"
#include "findings.h"
#include "message.h"

/* Logs are read on terminals too: only what one may be sent, and what is escaped for the runner. */
static void write_code_point(struct output *out, struct bulla_bytes bytes)
{
    char shown[8] = "";
    memcpy(shown, bytes.data, bytes.len);
    bulla_text_sanitize(shown);
    bool is_same = bulla_bytes_are(bytes, shown);
    output_text(out, is_same ? shown : "\xEF\xBF\xBD");
}

static void write_escaped(struct output *out, const char *text, const char *special)
{
    struct bulla_bytes left = bulla_bytes_of(text);
    while (left.len > 0) {
        uint32_t c = 0;
        size_t len = bulla_text_decode(left, &c);
        if (len == 0) {
            output_text(out, "\xEF\xBF\xBD");
            len = 1;
        } else if (c < 0x80 && strchr(special, (int)c) != NULL) {
            output_printf(out, "%%%02X", (unsigned)c);
        } else {
            write_code_point(out, bulla_bytes_slice(left, 0, len));
        }
        left = bulla_bytes_slice(left, len, left.len - len);
    }
}

static void write_property(struct output *out, const char *name, const char *value)
{
    output_printf(out, "%s=", name);
    write_escaped(out, value, "%\r\n:,");
}

static const char *command_of(enum bulla_severity severity)
{
    static const char *const names[] = {
        [BULLA_NOTE] = "notice", [BULLA_WARNING] = "warning", [BULLA_ERROR] = "error"};
    return names[severity];
}

static void write_place(struct output *out, const struct findings_row *row)
{
    const struct bulla_finding *finding = row->finding;
    if (row->path == NULL) {
        return;
    }
    write_property(out, "file", row->path);
    output_text(out, ",");
    if (finding->pos.line == 0) {
        return;
    }
    output_printf(out, "line=%u,col=%u,", finding->pos.line, finding->pos.col);
    if (finding->end.line == finding->pos.line) {
        output_printf(out, "endLine=%u,endColumn=%u,", finding->end.line, finding->end.col);
    }
}

static bool write_finding(void *ctx, const struct findings_row *row, struct bulla_error *err)
{
    struct output *out = ctx;
    const struct bulla_finding *finding = row->finding;
    (void)err;
    output_printf(out, "::%s ", command_of(finding->severity));
    write_place(out, row);
    output_text(out, "title=");
    write_escaped(out, finding->rule, "%\r\n:,");
    output_printf(out, " %s::", row->rule->name);
    write_escaped(out, finding->message, "%\r\n");
    if (finding->help != NULL) {
        output_text(out, "%0AHelp: ");
        write_escaped(out, finding->help, "%\r\n");
    }
    output_text(out, "\n");
    return true;
}

bool report_write_github(const struct invocation *in, const struct findings *findings,
                         struct bulla_error *err)
{
    struct bulla_error failure = BULLA_ERROR_INIT;
    if (!findings_each(findings, write_finding, in->out, err)) {
        return false;
    }
    if (in->env->step_summary != NULL &&
        !report_write_summary(in->env->step_summary, findings, &failure)) {
        /* The findings are out: a summary that cannot be written is no reason to fail. */
        message_warn(in, "no job summary: %s", failure.message);
    }
    return true;
}
