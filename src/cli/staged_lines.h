/* Settings in a text that is no env file, or more than one: line by line, whatever else is there.
 */
#ifndef BULLA_CLI_STAGED_LINES_H
#define BULLA_CLI_STAGED_LINES_H

#include "bulla/bytes.h"
#include "bulla/error.h"

/* What a line sets. Borrowed for the call. */
struct staged_line {
    const char *name;
    struct bulla_bytes value;
    bool is_template; /* `$` forms in it are references */
    struct bulla_pos pos;
};
typedef void (*staged_line_fn)(void *ctx, const struct staged_line *line);

/*
 * Calls FN for each line "NAME=value" or "NAME: value" of TEXT, whose first line is NUMBER; words
 * as "export" and "declare -x" before the name, and quotes around it, count for nothing. Of names
 * in quotes, as JSON has them, a line may set several.
 */
void staged_lines_each(struct bulla_bytes text, uint32_t number, staged_line_fn fn, void *ctx);

/*
 * The same for what a line of a shell's file sets behind its first setting: "A=1 B=2", "A=1; B=2".
 * What its line does not close, a quote or a command, is left out.
 */
void staged_lines_each_more(struct bulla_bytes text, uint32_t number, staged_line_fn fn, void *ctx);

#endif
