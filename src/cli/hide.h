/* Lines of compose files for the eye: what looks like a secret in them is not shown. */
#ifndef BULLA_CLI_HIDE_H
#define BULLA_CLI_HIDE_H

#include "bulla/bytes.h"
#include "bulla/error.h"

/* Where we are in a file: lines are given in order. Zeroed at its start. */
struct hider {
    bool is_inside; /* of the value of a key that looks secret, */
    size_t indent;  /* which stands behind so many blanks */
};

/*
 * LINE without its end, owned: values of secret-like names, passwords in URLs and words that look
 * like keys are "****", the default of a secret-like variable is "…", control characters but tabs
 * are '?'. References and the punctuation that joins two of them stay, and so does
 * everything else. BULLA_E_NOMEM.
 */
char *hide_line(struct hider *hider, struct bulla_bytes line, struct bulla_error *err);

#endif
