/* How the tables of shape.c and shape_service.c are written, and what is in both. */
#ifndef BULLA_MODEL_SHAPE_TABLE_H
#define BULLA_MODEL_SHAPE_TABLE_H

#include "model/shape.h"

/* A shape NAME is the variable shape_NAME. */
#define SHAPE(name) static const struct shape shape_##name
#define SIMPLE(name, bits) SHAPE(name) = {.kinds = (bits)}
#define LIST_OF(name, what) SHAPE(name) = {.kinds = L, .each = &shape_##what}
#define OBJECT(name, table) SHAPE(name) = {.kinds = M, .closed = true, .members = (table)}

/* A member whose values have the shape SHAPE and become BIND; END behind the last. */
#define ROW(name, shape, bind)                                                                     \
    {                                                                                              \
        name, &shape_##shape, bind, false                                                          \
    }
#define END                                                                                        \
    {                                                                                              \
        NULL, NULL, BIND_DROP, false                                                               \
    }

extern const struct shape shape_text;
extern const struct shape shape_texts;
extern const struct shape shape_text_or_list;
extern const struct shape shape_bool_text;
extern const struct shape shape_dict; /* of texts, or a list of NAME=TEXT */
extern const struct shape shape_options;
extern const struct shape shape_service;

#endif
