/*
 * Memory for many small objects that live and die together: a parsed file's nodes and strings.
 * Ordinary memory, never for secrets; layer 0.
 */
#ifndef BULLA_BASE_POOL_H
#define BULLA_BASE_POOL_H

#include "bulla/bytes.h"
#include "bulla/error.h"

struct pool;

/* An empty pool; NULL with BULLA_E_NOMEM. */
struct pool *pool_new(struct bulla_error *err);

/* Makes room for some SIZE bytes in one piece, where it is known that there will be much. */
BULLA_MUST_CHECK bool pool_reserve(struct pool *pool, size_t size, struct bulla_error *err);

/* SIZE zeroed bytes, aligned for any object, valid as long as the pool; NULL with BULLA_E_NOMEM. */
void *pool_alloc(struct pool *pool, size_t size, struct bulla_error *err);

/* A copy of TEXT with a NUL behind. */
char *pool_strdup(struct pool *pool, const char *text, struct bulla_error *err);
char *pool_strndup(struct pool *pool, const void *text, size_t len, struct bulla_error *err);
char *pool_printf(struct pool *pool, struct bulla_error *err, const char *fmt, ...)
    BULLA_PRINTF(3, 4);

/* Frees everything in it; NULL is fine. */
void pool_free(struct pool *pool);

BULLA_DEFINE_AUTO(auto_pool_p, struct pool *, pool_free)
#define auto_pool BULLA_AUTO(auto_pool_p) struct pool *

#endif
