/* What decode.c and decode_scalar.c share. */
#ifndef BULLA_MODEL_DECODE_H
#define BULLA_MODEL_DECODE_H

#include "model/internal.h"

#define YAML_TAG "tag:yaml.org,2002:"

struct decoder {
    struct model *m;
    const char *file;
    struct resets *resets;
    bool overriding;             /* below !override, where !reset is not heeded */
    bool again;                  /* below an anchor that was gone into before */
    struct bulla_value *entered; /* a mapping of the anchors' nodes that were, by address */
};

/* NODE, a scalar, by its style and tag; a tag that it does not fit is a failure of the model. */
struct bulla_value *decode_scalar(struct decoder *d, const struct yaml_node *node);

#endif
