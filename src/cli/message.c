#include "message.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "bulla/text.h"
#include "output.h"

#define INDENT 4 /* of what goes on in a further line */
#define HINT "  hint: "

/* Results come first where both streams are one terminal. */
static void write_text(const struct invocation *in, enum style style, const char *prefix,
                       const char *text)
{
    struct bulla_error ignored = BULLA_ERROR_INIT;
    size_t column = output_columns(prefix);
    bool is_hint = strcmp(prefix, HINT) == 0;
    /* A failure to write results sticks, and main reports it. */
    (void)!output_flush(in->out, &ignored);
    output_styled(in->messages, style, prefix);
    output_hanging(in->messages, text, column, is_hint ? column : INDENT);
    output_text(in->messages, "\n");
    (void)!output_flush(in->messages, &ignored);
}

static void write_line(const struct invocation *in, enum style style, const char *prefix,
                       const char *fmt, va_list args) BULLA_PRINTF(4, 0);

static void write_line(const struct invocation *in, enum style style, const char *prefix,
                       const char *fmt, va_list args)
{
    char text[4096]; /* a post-quantum recipient alone is 2 KiB */
    if (vsnprintf(text, sizeof text, fmt, args) < 0) {
        return;
    }
    bulla_text_sanitize(text);
    write_text(in, style, prefix, text);
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
    if (!in->global.quiet) {
        write_text(in, STYLE_PLAIN, "", text);
    }
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
    write_line(in, STYLE_FAINT, HINT, fmt, args);
    va_end(args);
}

/* One line of an error as bulla_error_format has it, its end left out. */
static void write_error_line(struct output *out, const char *line)
{
    size_t prefix = strncmp(line, HINT, strlen(HINT)) == 0 ? strlen(HINT) : 0;
    output_text(out, prefix > 0 ? HINT : "");
    output_hanging(out, line + prefix, prefix, prefix > 0 ? prefix : INDENT);
    output_text(out, "\n");
}

void message_error(const struct invocation *in, const struct bulla_error *err)
{
    struct bulla_error ignored = BULLA_ERROR_INIT;
    char text[sizeof *err + 64];
    bulla_error_format(err, text, sizeof text);
    (void)!output_flush(in->out, &ignored);
    if (!in->messages->is_terminal || err->code == BULLA_E_NOMEM) {
        output_at_once(in->messages, text);
        return;
    }
    for (char *line = text; *line != '\0';) {
        char *end = line + strcspn(line, "\n");
        char *next = *end == '\n' ? end + 1 : end;
        *end = '\0';
        write_error_line(in->messages, line);
        line = next;
    }
    (void)!output_flush(in->messages, &ignored);
}
