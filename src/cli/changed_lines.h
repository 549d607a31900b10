/* Which lines of a file are not in an older state of it. */
#ifndef BULLA_CLI_CHANGED_LINES_H
#define BULLA_CLI_CHANGED_LINES_H

#include "bulla/bytes.h"
#include "bulla/error.h"

struct changed_lines {
    size_t count; /* of the newer text's lines */
    bool *is_changed;
};

/*
 * Compares the lines of OLDER and NEWER, line ends (LF or CRLF) aside. Where they differ in more
 * than some thousand lines, all between the first and the last difference count as changed. The
 * texts may hold secrets: nothing of them is kept. BULLA_E_NOMEM. Release it.
 */
BULLA_MUST_CHECK bool changed_lines_find(struct bulla_bytes older, struct bulla_bytes newer,
                                         struct changed_lines *ret, struct bulla_error *err);
void changed_lines_release(struct changed_lines *lines);

/* True when one of lines FIRST to LAST (from 1) is changed, or not there. */
bool changed_lines_touch(const struct changed_lines *lines, uint32_t first, uint32_t last);

#endif
