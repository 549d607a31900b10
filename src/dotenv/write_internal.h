/* Writers of one value in one notation; what each cannot hold is in docs/compose.md 7. */
#ifndef BULLA_DOTENV_WRITE_INTERNAL_H
#define BULLA_DOTENV_WRITE_INTERNAL_H

#include "bulla/buf.h"

/*
 * Appends VALUE as it stands behind "NAME=". Returns NULL, or why the notation cannot hold it
 * (nothing has been appended then).
 */
typedef const char *(*write_value_fn)(struct bulla_bytes value, struct bulla_buf *out);

const char *write_compose(struct bulla_bytes value, struct bulla_buf *out);
const char *write_compose_double(struct bulla_bytes value, struct bulla_buf *out);
const char *write_compose_single(struct bulla_bytes value, struct bulla_buf *out);
const char *write_compose_unquoted(struct bulla_bytes value, struct bulla_buf *out);
const char *write_docker(struct bulla_bytes value, struct bulla_buf *out);
const char *write_systemd(struct bulla_bytes value, struct bulla_buf *out);
const char *write_sh(struct bulla_bytes value, struct bulla_buf *out);
const char *write_node(struct bulla_bytes value, struct bulla_buf *out);
const char *write_python(struct bulla_bytes value, struct bulla_buf *out);
const char *write_ruby(struct bulla_bytes value, struct bulla_buf *out);

/* True where VALUE has C. */
bool write_has(struct bulla_bytes value, char c);

/* True where VALUE ends in C. */
bool write_ends(struct bulla_bytes value, char c);

#endif
