/*
 * Values of another environment in an env file whose names have no value in this one: nothing here
 * would write over them, and services would start with them.
 */
#ifndef BULLA_CLI_LEFT_OVER_H
#define BULLA_CLI_LEFT_OVER_H

#include "workspace.h"

struct left_over {
    const char **names;  /* borrowed from the values */
    const char **owners; /* for each the environment whose it is; borrowed from the contract */
    size_t count;
};

/*
 * Collects them from FILE, whose values are WS's own VALUES: the vault of an environment that is
 * rendered to the same file (with IS_OUTPUT false: of any) has or had what stands there. Vaults are
 * opened only where there is such a name. BULLA_E_NOMEM. Release it in every case.
 */
BULLA_MUST_CHECK bool left_over_find(struct left_over *ret, struct workspace *ws,
                                     const struct bulla_values *values,
                                     const struct bulla_dotenv *file, bool is_output,
                                     struct bulla_error *err);
/* The same from an env file that is still a text. One that cannot be read has nothing. */
struct left_over_file {
    enum bulla_env_format format;
    struct bulla_bytes text;
    const char *name; /* for messages */
    bool is_output;
};
BULLA_MUST_CHECK bool left_over_read(struct left_over *ret, struct workspace *ws,
                                     const struct bulla_values *values,
                                     const struct left_over_file *file, struct bulla_error *err);
void left_over_release(struct left_over *left);

/* The owner of NAME, or NULL where it is none of them. */
const char *left_over_owner(const struct left_over *left, const char *name);

#endif
