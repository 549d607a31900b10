/* Names while they are counted, of which a message shows the first ones; private to check/. */
#ifndef BULLA_CHECK_COUNTED_H
#define BULLA_CHECK_COUNTED_H

#include <stddef.h>

#define COUNTED_NAMES 300
#define COUNTED_REST 48

/* Zeroed: none yet. */
struct counted {
    size_t count;
    char names[COUNTED_NAMES]; /* "A, B, C", as far as they fit */
    size_t len;
};

void counted_add(struct counted *counted, const char *name);

/* " and 4 more" than those that are shown, or "", in OUT, which is returned. */
const char *counted_rest(const struct counted *counted, char out[static COUNTED_REST]);

#endif
