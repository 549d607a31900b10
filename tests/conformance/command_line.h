/* Compose's own arguments, those before its command. */
#ifndef BULLA_TESTS_CONFORMANCE_COMMAND_LINE_H
#define BULLA_TESTS_CONFORMANCE_COMMAND_LINE_H

#include <jansson.h>

#include "bulla/compose.h"

#define MAX_ARGS 64

struct command_line {
    struct bulla_project_options options;
    const char *files[MAX_ARGS];
    const char *env_files[MAX_ARGS];
    const char *profiles[MAX_ARGS];
};

/* Reads ARGS, a list of texts that LINE borrows; false for one that is not known. */
bool command_line_read(struct command_line *line, const json_t *args);

#endif
