/*
 * What a compose file may hold and what becomes of it: one table for the check of a merged model
 * (Compose's schema) and for its final form (Compose's types).
 */
#ifndef BULLA_MODEL_SHAPE_H
#define BULLA_MODEL_SHAPE_H

#include "model/internal.h"

enum {
    T = 1,  /* text */
    N = 2,  /* number */
    I = 4,  /* integer */
    B = 8,  /* boolean */
    Z = 16, /* null */
    L = 32, /* list */
    M = 64  /* mapping */
};

/* What a value becomes in the end, and where it is left out. */
enum bind {
    BIND_TEXT, /* left out where empty, as the others without "kept" */
    BIND_BOOL,
    BIND_BOOL_KEPT,
    BIND_INT,
    BIND_INT_KEPT,
    BIND_UINT,
    BIND_UINT_KEPT,
    BIND_FLOAT,
    BIND_BYTES,
    BIND_CPUS,
    BIND_DURATION, /* left out where zero */
    BIND_DURATION_KEPT,
    BIND_MAPPING,
    BIND_LABELS,
    BIND_ENVIRONMENT,
    BIND_OPTIONS,
    BIND_MULTI_OPTIONS,
    BIND_TEXTS,
    BIND_NUMBERS,
    BIND_COMMAND, /* null where there is none */
    BIND_TEST,
    BIND_HOSTS,
    BIND_ULIMITS,
    BIND_MODE,
    BIND_COUNT,
    BIND_SSH,
    BIND_HOST_PATH, /* shown where it is true by 2.40, where it is false since */
    BIND_OPT_OUT,   /* a boolean that is shown where it is false */
    BIND_OBJECT,    /* kept where it is set */
    BIND_STRUCT,    /* always there */
    BIND_OBJECTS,
    BIND_TABLE,      /* of objects by name; null stays */
    BIND_TABLE_FULL, /* null becomes an empty object */
    BIND_DROP
};

enum keys {
    KEYS_ANY,
    KEYS_NAME,  /* letters, digits, ".", "_", "-" */
    KEYS_LOWER, /* small letters */
    KEYS_SOME   /* not empty */
};

enum pattern { PATTERN_NONE, PATTERN_CONTAINER, PATTERN_PULL };

struct member;

struct shape {
    unsigned kinds;
    unsigned first; /* of alternatives, those of the first: what a message names */
    bool closed;    /* keys beyond the members and EACH's are refused */
    bool plain;     /* and even those that begin with x- */
    bool unique;
    enum pattern pattern;
    bool has_range;
    int64_t least;
    int64_t most;
    const struct member *members;
    const char *required[3];
    const char *const *choices;
    const struct shape *each;  /* values of other keys; items too, where there is no other shape */
    const struct shape *items; /* of a list */
    enum keys keys;            /* of these */
};

struct member {
    const char *name; /* NULL ends the table */
    const struct shape *shape;
    enum bind bind;
    bool only_5; /* not yet in 2.40 */
};

extern const struct shape shape_project;
const struct member *shape_member(const struct shape *shape, struct bulla_bytes name);

/* Whether KEY is one of Compose's extension fields. */
bool is_extension(struct bulla_bytes key);

#endif
