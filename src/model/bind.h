/* What the parts of the last step share: a model in its final form; private to model/. */
#ifndef BULLA_MODEL_BIND_H
#define BULLA_MODEL_BIND_H

#include "model/shape.h"

struct binder {
    struct model *m;
    struct store *store;
    struct bulla_buf at; /* what is bound now */
    struct bulla_buf full;
    struct bulla_buf masked;
    const struct bulla_value *first; /* that was rejected */
    size_t count;
};

/* bind.c */
/*
 * Notes why what is bound now cannot be what it has to be; all such reasons make one failure, for a
 * checker one each. What is unknown stays and is returned, for others NULL is.
 */
struct bulla_value *reject(struct binder *b, const struct bulla_value *value, const char *before,
                           struct bulla_bytes quoted, const char *after);
struct bulla_value *reject_number(struct binder *b, const struct bulla_value *value,
                                  const char *before, const char *why);
struct bulla_value *reject_kind(struct binder *b, const struct bulla_value *value,
                                const char *wanted);
struct bulla_value *fresh(struct binder *b, enum bulla_value_kind kind,
                          const struct bulla_value *from);

/* bind_scalar.c: NULL where a value is left out, or rejected */
struct bulla_value *bind_text(struct binder *b, const struct member *member,
                              struct bulla_value *value);
struct bulla_value *bind_bool(struct binder *b, const struct member *member,
                              struct bulla_value *value);
struct bulla_value *bind_int(struct binder *b, const struct member *member,
                             struct bulla_value *value);
struct bulla_value *bind_float(struct binder *b, const struct member *member,
                               struct bulla_value *value);
struct bulla_value *bind_bytes(struct binder *b, const struct member *member,
                               struct bulla_value *value);
struct bulla_value *bind_duration(struct binder *b, const struct member *member,
                                  struct bulla_value *value);
struct bulla_value *bind_mode(struct binder *b, const struct member *member,
                              struct bulla_value *value);
struct bulla_value *bind_count(struct binder *b, const struct member *member,
                               struct bulla_value *value);

/* bind_collection.c */
struct bulla_value *bind_table(struct binder *b, const struct member *member,
                               struct bulla_value *value);
struct bulla_value *bind_texts(struct binder *b, const struct member *member,
                               struct bulla_value *value);
struct bulla_value *bind_multi(struct binder *b, const struct member *member,
                               struct bulla_value *value);
struct bulla_value *bind_command(struct binder *b, struct bulla_value *value);
struct bulla_value *bind_test(struct binder *b, struct bulla_value *value);
struct bulla_value *bind_hosts(struct binder *b, struct bulla_value *value);
struct bulla_value *bind_ulimits(struct binder *b, struct bulla_value *value);
struct bulla_value *bind_ssh(struct binder *b, struct bulla_value *value);

#endif
