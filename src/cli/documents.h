/* Everything a person or a shell reads about commands, written from the tables. */
#ifndef BULLA_CLI_DOCUMENTS_H
#define BULLA_CLI_DOCUMENTS_H

#include "bulla/check.h"
#include "command.h"
#include "output.h"

/* The overview that `bulla help` prints: one screen of 24 lines; and with -v all of it. */
void help_write_overview(struct output *out);
void help_write_commands(struct output *out);

/* The commands that a person begins with, a line each. */
void help_write_start(struct output *out);

/* What `bulla COMMAND --help` prints; at most 80 columns. */
void help_write_command(struct output *out, const struct command *command);

/* The commands of the family ("recipient"). */
void help_write_family(struct output *out, const char *family);

/* "bulla check [OPTION]… [NAME]…" into BUF. */
void help_format_usage(struct bulla_buf *buf, const struct command *command);

/* The rules of `check` in Markdown: docs/rules.md. */
void rules_write(struct output *out);

/* What one of them says behind its heading: text, remedy, examples. */
void rule_write(struct output *out, const struct bulla_rule *rule);

/*
 * Their examples for the tests: each is a line "==== ID NUMBER bad" or "==== ID NUMBER good" and
 * the example behind it.
 */
void examples_write(struct output *out);

/* TEXT with what Markdown reads as its own escaped. */
void markdown_write_text(struct output *out, const char *text);

/* The same for paragraphs ("\n\n" between); one that begins with a blank becomes a code block. */
void markdown_write_paragraphs(struct output *out, const char *text);

/* The manual bulla(1), the reference in Markdown, the completions. */
void man_write(struct output *out);
void markdown_write(struct output *out);
void bash_write(struct output *out);
void zsh_write(struct output *out);
void fish_write(struct output *out);

/* What the program is, and what a command that prints secrets says of itself. */
#define PROGRAM_TEXT                                                                               \
    "bulla gives a Docker Compose stack the whole life of its secrets: it reads the compose "      \
    "files, finds every variable they need, makes the ones that can be made, asks for the ones "   \
    "that cannot, seals them in a vault that is safe to commit, proves before a deploy that "      \
    "nothing is missing or malformed, hands the values to those who use them, and turns them on "  \
    "a schedule with a history that can be rolled back."
#define PRINTS_SECRETS_TEXT                                                                        \
    "Prints secret values: a terminal is refused without --reveal, and a file that others may "    \
    "read gets a warning."

/* A variable of the environment that bulla looks at. */
struct variable {
    const char *name;
    const char *meaning;
};

/* A NULL name ends it. */
extern const struct variable variables[];

/* The heading of a group of commands. */
const char *group_heading(enum command_group group);

/* Writes the document KIND ("man", "bash", …), false where there is none. */
BULLA_MUST_CHECK bool document_write(struct output *out, const char *kind);

#endif
