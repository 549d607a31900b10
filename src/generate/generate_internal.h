/* What the families of kinds share; layer 3. */
#ifndef BULLA_GENERATE_INTERNAL_H
#define BULLA_GENERATE_INTERNAL_H

#include "bulla/codec.h"
#include "bulla/generate.h"

enum kind_option {
    KIND_PREFIX = 1,
    KIND_CLASSES = 2,
    KIND_SYMBOLS = 4,
    KIND_EXCLUDE = 8,
    KIND_SEPARATOR = 16
};

/* How bytes are written. */
enum kind_encoding { KIND_HEX, KIND_BASE64, KIND_BASE64URL, KIND_BASE64URL_PADDED };

/* One row: what people read, the family's functions, and what they need to know. */
struct kind_row {
    struct bulla_kind_info info;
    bool (*generate)(const struct bulla_kind *kind, struct bulla_buf *out, struct bulla_error *err);
    bool (*check)(const struct bulla_kind *kind, struct bulla_bytes value,
                  struct bulla_buf *reason);
    double (*entropy)(const struct bulla_kind *kind);
    size_t (*length)(const struct bulla_kind *kind); /* without the prefix */
    unsigned options;                                /* of enum kind_option */
    enum kind_encoding encoding;
    const char *prefix;   /* fixed, or NULL */
    const char *alphabet; /* of the family of texts */
    bool starts_alnum;    /* its first character is a letter or digit */
    uint32_t least_text;  /* bytes that a key taken as text has to have */
    bool may_be_longer;
};

size_t kind_row_count(void);
const struct kind_row *kind_row(size_t index);
const struct kind_row *kind_row_of(const struct bulla_kind *kind);

/* bytes.c: random bytes in an encoding */
bool bytes_generate(const struct bulla_kind *kind, struct bulla_buf *out, struct bulla_error *err);
bool wireguard_generate(const struct bulla_kind *kind, struct bulla_buf *out,
                        struct bulla_error *err);
bool bytes_check(const struct bulla_kind *kind, struct bulla_bytes value, struct bulla_buf *reason);
bool webhook_check(const struct bulla_kind *kind, struct bulla_bytes value,
                   struct bulla_buf *reason);
/* A key that the application takes as text: long enough and visible ASCII. */
bool key_check(const struct bulla_kind *kind, struct bulla_bytes value, struct bulla_buf *reason);
double bytes_entropy(const struct bulla_kind *kind);
double wireguard_entropy(const struct bulla_kind *kind);
size_t bytes_length(const struct bulla_kind *kind);

/* special.c: values with a form of their own */
bool uuid_generate(const struct bulla_kind *kind, struct bulla_buf *out, struct bulla_error *err);
bool uuid_check(const struct bulla_kind *kind, struct bulla_bytes value, struct bulla_buf *reason);
double uuid_entropy(const struct bulla_kind *kind);
size_t uuid_length(const struct bulla_kind *kind);
bool age_generate(const struct bulla_kind *kind, struct bulla_buf *out, struct bulla_error *err);
bool age_check(const struct bulla_kind *kind, struct bulla_bytes value, struct bulla_buf *reason);
size_t age_length(const struct bulla_kind *kind);

/* text.c: characters of an alphabet */
bool text_generate(const struct bulla_kind *kind, struct bulla_buf *out, struct bulla_error *err);
bool text_check(const struct bulla_kind *kind, struct bulla_bytes value, struct bulla_buf *reason);
bool django_check(const struct bulla_kind *kind, struct bulla_bytes value,
                  struct bulla_buf *reason);
double text_entropy(const struct bulla_kind *kind);
size_t text_length(const struct bulla_kind *kind);

/* The share of strings over KIND's alphabet that have every class in them: 1 without classes. */
double text_acceptance(const struct bulla_kind *kind);

/* words.c: words of the EFF list */
bool words_generate(const struct bulla_kind *kind, struct bulla_buf *out, struct bulla_error *err);
bool words_check(const struct bulla_kind *kind, struct bulla_bytes value, struct bulla_buf *reason);
double words_entropy(const struct bulla_kind *kind);
size_t words_length(const struct bulla_kind *kind);

#endif
