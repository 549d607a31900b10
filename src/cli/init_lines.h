/* The lines of init's summary: a label, and names behind it; private to the command. */
#ifndef BULLA_CLI_INIT_LINES_H
#define BULLA_CLI_INIT_LINES_H

#include "init.h"
#include "output.h"

#define INIT_MAX_LISTED 12

/* Begins a line with LABEL, "" for one that goes on below. */
void init_say_label(struct output *out, const char *label);

/* Names between commas, in lines that a terminal has room for, behind labels. */
struct init_names {
    struct output *out;
    size_t count;
    size_t column;
};

/* Of more than INIT_MAX_LISTED names the rest is counted only, and said by init_end_names. */
void init_say_name(struct init_names *names, const char *label, const char *name);

/* Ends their line; nothing where there was no name. */
void init_end_names(const struct init_names *names);

/* Says what is missing, what was left optional, and with that what comes next. */
BULLA_MUST_CHECK bool init_say_lacking(const struct init *init, struct bulla_error *err);

#endif
