/* What rendering would change of the file that is there, name by name: `render --diff`. */
#ifndef BULLA_CLI_RENDERED_DIFF_H
#define BULLA_CLI_RENDERED_DIFF_H

#include "kept.h"
#include "output.h"

struct rendered_diff {
    struct output *out; /* names are printed as they come; NULL: only counted */
    const struct bulla_values *values;
    struct kept *kept; /* the names that are removed go there; or NULL */
    size_t added, changed, removed;
};

/*
 * A bulla_difference_fn over a struct rendered_diff. "+ NAME=" is added, "~" changed, "-" removed;
 * behind it "****", or the new value where bulla.ini has it in the clear (the default of a
 * setting). What is in the file already is not shown: a contract that calls a secret a setting
 * must not print it. A name that has no value is passed over.
 */
bool rendered_diff_note(void *ctx, const char *name, enum bulla_difference kind,
                        struct bulla_error *err);

size_t rendered_diff_count(const struct rendered_diff *diff);

/* "! NAME …" for each that needs a value and has none; how many those are is returned. */
size_t rendered_diff_write_missing(const struct rendered_diff *diff);

#endif
