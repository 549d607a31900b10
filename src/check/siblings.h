/* Compose files beside those that are loaded: what other stacks of the same folder read. */
#ifndef BULLA_CHECK_SIBLINGS_H
#define BULLA_CHECK_SIBLINGS_H

#include "check/check_internal.h"

/* Zeroed to begin with; read when the first name is looked for. */
struct siblings {
    bool is_read;
    size_t asked;          /* names so far */
    struct bulla_buf text; /* of all of them, a NUL between */
};

/*
 * Whether the text of one of them, in the project's folder, has NAME as a word. *RET_HAS is false
 * where they cannot be read. BULLA_E_NOMEM.
 */
BULLA_MUST_CHECK bool siblings_have(struct siblings *siblings, const struct bulla_project *project,
                                    const char *name, bool *ret_has, struct bulla_error *err);
void siblings_release(struct siblings *siblings);

#endif
