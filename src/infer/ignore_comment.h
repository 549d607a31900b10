/* `# bulla: ignore RULE reason` comments of a text; private to the library. */
#ifndef BULLA_INFER_IGNORE_COMMENT_H
#define BULLA_INFER_IGNORE_COMMENT_H

#include "bulla/bytes.h"
#include "bulla/error.h"

/* One rule of one comment. */
struct ignore_comment {
    struct bulla_bytes rule; /* as written; borrowed from the text */
    uint32_t line;           /* that it is about */
    struct bulla_pos pos;    /* of the comment */
    bool has_reason;
};

struct ignore_comments {
    struct ignore_comment *items; /* by line */
    size_t count;
    size_t cap;
};

/*
 * Reads the comments of TEXT into the zeroed COMMENTS, at most BULLA_MAX_IGNORES. One behind
 * something else on its line is about that line; one that stands alone is about the next line that
 * is no comment. The caller releases them, after a failure too (BULLA_E_NOMEM).
 */
BULLA_MUST_CHECK bool ignore_comments_read(struct ignore_comments *comments,
                                           struct bulla_bytes text, struct bulla_error *err);
void ignore_comments_release(struct ignore_comments *comments);

#endif
