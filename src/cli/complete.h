/* What the three writers of completions share. */
#ifndef BULLA_CLI_COMPLETE_H
#define BULLA_CLI_COMPLETE_H

#include "documents.h"

/* True for a command that help and completion show. */
bool complete_shows(const struct command *command);

/*
 * The first word of COMMAND's name where it has two ("recipient"), copied into WORD (64 bytes), and
 * true only for the first command of that family, so that a walk meets each family once.
 */
bool complete_begins_family(size_t index, char word[static 64]);

/* TEXT inside single quotes of a shell where QUOTE is how one is written there. */
void complete_write_quoted(struct output *out, const char *text, const char *quote);

/* True when some command does not take the global OPT. */
bool complete_is_limited(const struct opt *opt);

#endif
