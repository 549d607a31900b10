/* Where one environment differs between two revisions: a walk over the names, for `diff`. */
#ifndef BULLA_CLI_COMPARE_REVISIONS_H
#define BULLA_CLI_COMPARE_REVISIONS_H

#include "revision.h"

#define STATE_BYTES 96

enum { FROM, TO, SIDES };

struct comparison {
    const char *environment; /* borrowed from the workspace */
    struct revision sides[SIDES];
    bool has_base;  /* both have the vault: records of TO know whether they are fresh */
    size_t missing; /* records of FROM that TO lacks */
};

/*
 * Opens both sides; TO NULL is the work tree. BULLA_E_MISSING where neither has the vault, and what
 * opening a revision gives. Release it in every case.
 */
BULLA_MUST_CHECK bool comparison_open(struct comparison *comparison, const struct workspace *ws,
                                      const char *from, const char *to, struct bulla_error *err);
void comparison_release(struct comparison *comparison);

#define auto_comparison BULLA_AUTO(comparison_release) struct comparison

/* One name that differs. */
struct difference {
    const char *name;
    char states[SIDES][STATE_BYTES]; /* "-": not there */
    bool has_record;
    struct bulla_record_info record; /* who and when */
};

/* One of the things that are compared. */
struct aspect {
    const char *heading, *key;
    /* The name INDEX of SIDE, or NULL behind the last. */
    const char *(*name)(const struct revision *side, size_t index);
    bool (*differs)(const struct comparison *comparison, const char *name,
                    char states[SIDES][STATE_BYTES]);
    bool is_signed, is_person; /* a record says who and when */
};

enum { ASPECT_COUNT = 3 };
extern const struct aspect comparison_aspects[ASPECT_COUNT];

/* A walk over what differs: the names of FROM, then those that only TO has. Starts as zeros. */
struct comparison_walk {
    const struct comparison *comparison;
    const struct aspect *aspect;
    size_t side, index;
};

/* False at the end. */
bool comparison_next(struct comparison_walk *walk, struct difference *ret);

#endif
