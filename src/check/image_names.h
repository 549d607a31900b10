/* What a Dockerfile does with each name of an ARG or ENV, gathered once; private to check/. */
#ifndef BULLA_CHECK_IMAGE_NAMES_H
#define BULLA_CHECK_IMAGE_NAMES_H

#include "bulla/dockerfile.h"

struct image_name {
    const char *name;  /* borrowed */
    bool is_argument;  /* an ARG declares it */
    bool has_value;    /* a default before the first FROM, or a value that ENV gives it */
    bool has_fallback; /* somewhere its absence is dealt with */
    bool is_in_from;
    size_t last_stage; /* the last one that uses it, labels aside; 0: none does */
};

/* Sorted by name. */
struct image_names {
    struct image_name *items;
    size_t count;
};

/* Gathers those of FILE, which is borrowed. BULLA_E_NOMEM. Release it in every case. */
BULLA_MUST_CHECK bool image_names_gather(struct image_names *ret,
                                         const struct bulla_dockerfile *file,
                                         struct bulla_error *err);
void image_names_release(struct image_names *names);

/* The one called NAME, or NULL. */
const struct image_name *image_names_find(const struct image_names *names, struct bulla_bytes name);

#endif
