/* `bulla check --fix`: shows what would be mended, asks, and mends it. */
#ifndef BULLA_CLI_FIXING_H
#define BULLA_CLI_FIXING_H

#include "bulla/fix.h"
#include "stack.h"

/* What was checked, and how to go about it. */
struct fixing {
    const struct stack *stack;
    const struct bulla_check_input *checked;
    const struct bulla_report *report;
    const char *output_path; /* opens the rendered file; NULL: there is none */
    bool yes;                /* mend without asking */
    bool dry_run;            /* show it only */
};

/*
 * Mends what can be mended; *RET_MENDED says whether anything was, so that it has to be checked
 * again. With a dry run the diff is printed, and BULLA_E_REFUSED without a message means that there
 * is something to mend. BULLA_E_REFUSED where there is no terminal to ask on, and where a file has
 * changed meanwhile; BULLA_E_* as writing and the vault give it.
 */
BULLA_MUST_CHECK bool fixing_run(const struct fixing *fixing, bool *ret_mended,
                                 struct bulla_error *err);

#endif
