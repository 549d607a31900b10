/* The filters of the template language; layer 1. */
#ifndef BULLA_TEMPLATE_FILTER_H
#define BULLA_TEMPLATE_FILTER_H

#include "bulla/buf.h"

struct filter {
    const char *name;
    /* Appends VALUE filtered to OUT. NULL, or why it cannot. */
    const char *(*apply)(struct bulla_bytes value, struct bulla_buf *out);
};

/* The filter called NAME, or NULL; static. */
const struct filter *filter_find(struct bulla_bytes name);

/* The filter whose name is nearest to NAME, or NULL. */
const char *filter_suggest(struct bulla_bytes name);

/* All names, with commas. Returns OUT. */
#define FILTER_LIST_BYTES 96
const char *filter_list(char out[static FILTER_LIST_BYTES]);

#endif
