/*
 * Lines for people on standard error. Results go to in->out; what went on goes here. Lower case,
 * no full stop, names in single quotes, never a value; control characters are replaced. On a
 * terminal what is longer than it is wide goes on in further lines, indented; piped it is one line.
 */
#ifndef BULLA_CLI_MESSAGE_H
#define BULLA_CLI_MESSAGE_H

#include "command.h"

/* One fact, unless -q. */
void message_note(const struct invocation *in, const char *fmt, ...) BULLA_PRINTF(2, 3);

/* Unless -q, a line of any length. TEXT has no control characters. */
void message_words(const struct invocation *in, const char *text);

/* One fact that only -v shows. */
void message_detail(const struct invocation *in, const char *fmt, ...) BULLA_PRINTF(2, 3);

/* "warning: …", also with -q. */
void message_warn(const struct invocation *in, const char *fmt, ...) BULLA_PRINTF(2, 3);

/* "  hint: …" under a warning. */
void message_hint(const struct invocation *in, const char *fmt, ...) BULLA_PRINTF(2, 3);

/* An error that does not end the command, in the form that main prints the last one. */
void message_error(const struct invocation *in, const struct bulla_error *err);

#endif
