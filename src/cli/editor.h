/* The user's editor on one file. */
#ifndef BULLA_CLI_EDITOR_H
#define BULLA_CLI_EDITOR_H

#include "command.h"

/*
 * BULLA_E_REFUSED where nobody can edit: no editor is named (VISUAL, EDITOR) and there is no
 * terminal for the usual one.
 */
BULLA_MUST_CHECK bool editor_check(const struct invocation *in, struct bulla_error *err);

/*
 * Runs the editor (VISUAL, EDITOR, `editor`, `vi`), which a shell starts as git does, on the file
 * NAME in FOLDER, where its temporary files are to go too (TMPDIR), and waits for its end. Signals
 * that are sent to us are passed on to it; one that ends the work is noted (interrupts.h), and the
 * editor has ended by then. BULLA_E_REFUSED where it fails, BULLA_E_IO.
 */
BULLA_MUST_CHECK bool editor_run(const struct invocation *in, const char *folder, const char *name,
                                 struct bulla_error *err);

#endif
