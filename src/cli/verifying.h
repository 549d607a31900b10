/* What `bulla verify` has looked at, and how it says it. */
#ifndef BULLA_CLI_VERIFYING_H
#define BULLA_CLI_VERIFYING_H

#include "git_revision.h"
#include "output.h"
#include "workspace.h"

/* The vault of one environment, and its comparison with other states of the file. */
struct checked {
    const struct bulla_environment *environment;
    char *path;
    struct bulla_vault *vault;
    size_t states, bases;
    bool *fresh; /* per record: in none of the bases */
    size_t fresh_count, void_count;
};

/* A vault that only the revision tells of: of its environment nothing is known but the name. */
struct unnamed {
    struct bulla_environment environment;
    char name[BULLA_MAX_MEMBER_BYTES + 1];
};

struct verifying {
    struct workspace workspace; /* its own vault stays closed */
    struct git_revision found;
    const struct git_revision *revision; /* FOUND; NULL: no comparison is asked for */
    bool has_union, had_union;           /* git merges vaults by union now; in a common commit */
    const char *odd; /* the environment whose vault alone is not merged so; NULL: none, or all */
    struct checked *items;
    size_t count;
    struct unnamed *unnamed;
    size_t unnamed_count, unnamed_cap;
};

/* Finds out how vaults are merged, where a comparison is asked for. BULLA_E_IO, BULLA_E_NOMEM. */
BULLA_MUST_CHECK bool verifying_look_at_union(struct verifying *verifying, struct bulla_error *err);

/*
 * After the vaults, where a comparison is asked for: BULLA_E_VERIFY where a common commit has, for
 * the working directory, a project at another place than ours whose vault is none of those that
 * were verified; and, unless IS_ONE, where it has a vault anywhere in the work tree that is gone
 * and that the index has, whole, at no other path. BULLA_E_IO, BULLA_E_NOMEM.
 */
BULLA_MUST_CHECK bool verifying_look_for_moved(const struct verifying *verifying, bool is_one,
                                               struct bulla_error *err);

/* Warns where it is not by union; BULLA_E_REFUSED where it was. */
BULLA_MUST_CHECK bool verifying_say_union(const struct verifying *verifying,
                                          struct bulla_error *err);

/* All of it, as docs/json.md says. */
void verifying_write_json(const struct verifying *verifying);

/* One vault for people; what does not count of it is listed. BULLA_E_NOMEM, BULLA_E_IO. */
BULLA_MUST_CHECK bool verifying_write_human(const struct verifying *verifying,
                                            const struct checked *checked, struct bulla_error *err);

#endif
