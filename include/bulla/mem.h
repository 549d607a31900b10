/*
 * Overflow-checked allocation of ordinary memory. Never for secrets: those live in
 * bulla/secret.h's memory. Free with bulla_free (plain free).
 */
#ifndef BULLA_MEM_H
#define BULLA_MEM_H

#include <stddef.h>

#include "bulla/error.h"

/* COUNT objects of SIZE bytes, zeroed. The caller owns it. NULL with BULLA_E_NOMEM. */
BULLA_API void *bulla_alloc(size_t count, size_t size, struct bulla_error *err);

/*
 * Resizes *ARRAY (NULL to begin with) so that at least NEED objects of SIZE bytes fit; *CAP is what
 * fits now. Grows by half at least; new memory is zeroed. On failure both stay as they were.
 */
BULLA_API BULLA_MUST_CHECK bool bulla_grow(void *array, size_t *cap, size_t need, size_t size,
                                           struct bulla_error *err);

/* A copy of LEN bytes with a NUL behind. The caller owns it. NULL with BULLA_E_NOMEM. */
BULLA_API char *bulla_strndup(const void *text, size_t len, struct bulla_error *err);
BULLA_API char *bulla_strdup(const char *text, struct bulla_error *err);

/* A formatted copy. The caller owns it. NULL with BULLA_E_NOMEM. */
BULLA_API char *bulla_asprintf(struct bulla_error *err, const char *fmt, ...) BULLA_PRINTF(2, 3);

BULLA_API void bulla_free(void *memory);

BULLA_DEFINE_AUTO(bulla_auto_free_p, void *, bulla_free)
__attribute__((unused)) static inline void bulla_auto_free_str(char **text)
{
    bulla_free(*text);
}

/* A char * that is freed when it goes out of scope. */
#define bulla_auto_str BULLA_AUTO(bulla_auto_free_str) char *

/*
 * Test builds (-Dtests=true) only: the Nth allocation from now on fails, once (1: the next); 0
 * turns it off. Does nothing in a release build. Not for threads.
 */
BULLA_API void bulla_mem_fail_at(unsigned long nth);

/* Used by every allocator of ours (buffers, pools, secrets) to ask the hook. */
BULLA_API bool bulla_mem_may_allocate(void);

#endif
