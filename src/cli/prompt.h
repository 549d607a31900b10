/* Questions on the terminal (/dev/tty), so that they work while standard input is a pipe. */
#ifndef BULLA_CLI_PROMPT_H
#define BULLA_CLI_PROMPT_H

#include "bulla/secret.h"

/* True when there is a terminal to ask on. */
bool prompt_is_possible(void);

enum prompt_repeat { PROMPT_ONCE, PROMPT_TWICE };

/*
 * Shows "LABEL: " and reads one line of at most MAX bytes without echo, into locked memory, without
 * its line end. With PROMPT_TWICE it is asked for again and compared (BULLA_E_REFUSED where they
 * differ). The caller owns the secret. The terminal is put back on every way out, also when a
 * signal ends the process. NULL with BULLA_E_REFUSED where there is no terminal or the answer ends
 * (^D), BULLA_E_LIMIT, BULLA_E_IO, BULLA_E_NOMEM.
 */
struct bulla_secret *prompt_secret(const char *label, size_t max, enum prompt_repeat repeat,
                                   struct bulla_error *err);

/* "QUESTION [y/N] ": *RET_YES only for y or yes. BULLA_E_REFUSED where there is no terminal. */
BULLA_MUST_CHECK bool prompt_yes_no(const char *question, bool *ret_yes, struct bulla_error *err);

/*
 * "QUESTION; type NAME to go on: ", for what cannot be undone. BULLA_E_REFUSED for any other
 * answer and where there is no terminal.
 */
BULLA_MUST_CHECK bool prompt_typed_name(const char *question, const char *name,
                                        struct bulla_error *err);

/* Shows "LABEL: " and reads one visible line; owned. NULL with BULLA_E_REFUSED, … as above. */
char *prompt_line(const char *label, struct bulla_error *err);

#endif
