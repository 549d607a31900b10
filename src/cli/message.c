#include "message.h"

#include <stdarg.h>
#include <stdio.h>

#include "bulla/text.h"
#include "output.h"

/* Results come first where both streams are one terminal. */
static void write_line(const struct invocation *in, enum style style, const char *prefix,
                       const char *fmt, va_list args) BULLA_PRINTF(4, 0);

static void write_line(const struct invocation *in, enum style style, const char *prefix,
                       const char *fmt, va_list args)
{
    struct bulla_error ignored = BULLA_ERROR_INIT;
    char text[4096]; /* a post-quantum recipient alone is 2 KiB */
    if (vsnprintf(text, sizeof text, fmt, args) < 0) {
        return;
    }
    bulla_text_sanitize(text);
    /* A failure to write results sticks, and main reports it. */
    (void)!output_flush(in->out, &ignored);
    output_styled(in->messages, style, prefix);
    output_text(in->messages, text);
    output_text(in->messages, "\n");
    (void)!output_flush(in->messages, &ignored);
}

void message_note(const struct invocation *in, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    if (!in->global.quiet) {
        write_line(in, STYLE_PLAIN, "", fmt, args);
    }
    va_end(args);
}

void message_words(const struct invocation *in, const char *text)
{
    struct bulla_error ignored = BULLA_ERROR_INIT;
    struct output *out = in->messages;
    if (in->global.quiet) {
        return;
    }
    (void)!output_flush(in->out, &ignored);
    if (out->is_terminal) {
        output_wrapped(out, text, 0, out->width);
    } else {
        output_printf(out, "%s\n", text);
    }
    (void)!output_flush(out, &ignored);
}

void message_command(const struct invocation *in, const char *text)
{
    struct bulla_error ignored = BULLA_ERROR_INIT;
    if (in->global.quiet) {
        return;
    }
    (void)!output_flush(in->out, &ignored);
    output_command(in->messages, text, 0);
    (void)!output_flush(in->messages, &ignored);
}

void message_detail(const struct invocation *in, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    if (in->global.verbose > 0) {
        write_line(in, STYLE_PLAIN, "", fmt, args);
    }
    va_end(args);
}

void message_warn(const struct invocation *in, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    write_line(in, STYLE_WARNING, "warning: ", fmt, args);
    va_end(args);
}

void message_hint(const struct invocation *in, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    write_line(in, STYLE_FAINT, "  hint: ", fmt, args);
    va_end(args);
}

void message_error(const struct invocation *in, const struct bulla_error *err)
{
    struct bulla_error ignored = BULLA_ERROR_INIT;
    char text[sizeof *err + 64];
    bulla_error_format(err, text, sizeof text);
    (void)!output_flush(in->out, &ignored);
    output_at_once(in->messages, text);
}
