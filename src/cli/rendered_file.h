/* The rendered file that is there: up to date, old, or another environment's. */
#ifndef BULLA_CLI_RENDERED_FILE_H
#define BULLA_CLI_RENDERED_FILE_H

#include "run_compose.h"
#include "workspace.h"

/* What is known of it; all names are borrowed. */
struct rendered_file {
    size_t old_count;             /* how many values differ from the environment's */
    const char *old;              /* the first name of those */
    const char *gone;             /* the first of them that is unset now, or NULL */
    const char *rival;            /* another environment that is rendered to this file, or NULL */
    const char *owner;            /* the one whose values it has instead, or NULL */
    enum bulla_env_format format; /* that the file is in: the owner's, or the environment's */
    bool is_unsure;               /* no owner is known, and a rival's vault did not open */
};

/*
 * Compares TEXT, an env file of FORMAT called NAME, with VALUES, WS's own, and where they differ
 * with those of the environments that share the output, whose vaults are opened only then, or
 * where the text has something under a name that has no value here, or cannot be read. In such a
 * text nothing differs. BULLA_E_NOMEM.
 */
BULLA_MUST_CHECK bool rendered_file_look(struct rendered_file *ret, struct workspace *ws,
                                         const struct bulla_values *values,
                                         enum bulla_env_format format, struct bulla_bytes text,
                                         const char *name, struct bulla_error *err);

/* After PATH was replaced, which was as WAS says: whose it was, where it was, or may be, another's.
 */
void rendered_file_say_replaced(const struct rendered_file *was, const struct workspace *ws,
                                const char *path);

/*
 * For the command of RUN, which gets its values in its environment: a service may read the
 * environment's output by itself, and would get what stands there. BULLA_E_REFUSED, unless
 * ANY_FILE, where that is, or may be, another environment's; a warning where it is out of date, or
 * has what is unset now and Compose reads by itself. The compose files are read only where the file
 * differs; what cannot be read is left to Compose. BULLA_E_NOMEM.
 */
BULLA_MUST_CHECK bool rendered_file_check_readers(struct workspace *ws, struct run_compose *run,
                                                  bool any_file, struct bulla_error *err);

#endif
