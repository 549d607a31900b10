/* `# bulla: ignore RULE reason` comments; private to check/. */
#ifndef BULLA_CHECK_IGNORE_H
#define BULLA_CHECK_IGNORE_H

#include "bulla/bytes.h"
#include "bulla/check.h"

struct check;

struct ignores {
    struct ignored_file *files;
    size_t file_count;
    size_t file_cap;
};

/*
 * Reads the comments of TEXT, a file that findings call NAME. One behind something else on its line
 * is about that line; one that stands alone is about the next line that is no comment.
 */
BULLA_MUST_CHECK bool ignores_read_text(struct check *check, const char *name,
                                        struct bulla_bytes text, struct bulla_error *err);
/* Those of the project's own files. */
BULLA_MUST_CHECK bool ignores_read_project(struct check *check, struct bulla_error *err);

/* True where a comment ignores the rule ID at LINE of FILE (may be NULL). */
bool ignores_cover(struct check *check, const char *id, const char *file, uint32_t line);

/* Says which comments ignore nothing, and which say too little: B509, B510. */
BULLA_MUST_CHECK bool ignores_check(struct check *check, struct bulla_error *err);

void ignores_release(struct ignores *ignores);

#endif
