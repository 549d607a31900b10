/* Inside parse.c: what it needs beside libyaml's events. */
#ifndef BULLA_YAML_PARSE_PARTS_H
#define BULLA_YAML_PARSE_PARTS_H

#include "yaml/yaml.h"

/* marks.c: from libyaml's marks, which count code points, to bytes. */
struct marks {
    const struct yaml_source *source;
    /* The last pair: the next mark is usually close to it. */
    size_t index;
    size_t offset;
};

/* The offset of code point INDEX of the source; its length beyond the end. */
size_t marks_offset(struct marks *marks, size_t index);

/*
 * Steps from START, not beyond END, over an anchor, a tag and what stands between them and the node
 * itself.
 */
size_t skip_properties(struct bulla_bytes text, size_t start, size_t end);

/* anchors.c: nodes by the names of their anchors; zeroed: none yet. */
#define ANCHOR_BUCKETS 1024

struct anchors {
    struct anchor *buckets[ANCHOR_BUCKETS];
};

/* The node that has NAME now, or NULL. */
struct yaml_node *anchors_find(const struct anchors *anchors, const char *name);

/* Gives NODE's anchor to it, whatever had the name before. BULLA_E_NOMEM. */
BULLA_MUST_CHECK bool anchors_set(struct anchors *anchors, struct pool *pool,
                                  struct yaml_node *node, struct bulla_error *err);

#endif
