#include "base/pool.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "bulla/mem.h"

#include "base/banned.h"

#define BLOCK_BYTES ((size_t)16 * 1024)
#define ALIGNMENT (sizeof(max_align_t))

struct block {
    struct block *next;
    size_t used;
    size_t cap;
    max_align_t data[];
};

struct pool {
    struct block *blocks; /* the one in use first */
};

struct pool *pool_new(struct bulla_error *err)
{
    return bulla_alloc(1, sizeof(struct pool), err);
}

void *pool_alloc(struct pool *pool, size_t size, struct bulla_error *err)
{
    if (size > SIZE_MAX / 2) {
        (void)bulla_error_nomem(err);
        return NULL;
    }
    size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    struct block *block = pool->blocks;
    if (block == NULL || size > block->cap - block->used) {
        size_t cap = size > BLOCK_BYTES ? size : BLOCK_BYTES;
        struct block *fresh = bulla_alloc(1, sizeof *fresh + cap, err);
        if (fresh == NULL) {
            return NULL;
        }
        fresh->cap = cap;
        /* An object larger than a block gets its own, behind the one that still has room. */
        if (block != NULL && size > BLOCK_BYTES / 2) {
            fresh->next = block->next;
            block->next = fresh;
        } else {
            fresh->next = block;
            pool->blocks = fresh;
        }
        block = fresh;
    }
    void *memory = (uint8_t *)block->data + block->used;
    block->used += size;
    return memory;
}

char *pool_strndup(struct pool *pool, const void *text, size_t len, struct bulla_error *err)
{
    char *copy = pool_alloc(pool, len + 1, err);
    if (copy != NULL && len > 0) {
        memcpy(copy, text, len);
    }
    return copy;
}

char *pool_strdup(struct pool *pool, const char *text, struct bulla_error *err)
{
    return pool_strndup(pool, text, strlen(text), err);
}

char *pool_printf(struct pool *pool, struct bulla_error *err, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    int len = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (len < 0) {
        (void)bulla_error_nomem(err);
        return NULL;
    }
    char *text = pool_alloc(pool, (size_t)len + 1, err);
    if (text == NULL) {
        return NULL;
    }
    va_start(args, fmt);
    (void)vsnprintf(text, (size_t)len + 1, fmt, args);
    va_end(args);
    return text;
}

void pool_free(struct pool *pool)
{
    if (pool == NULL) {
        return;
    }
    for (struct block *block = pool->blocks; block != NULL;) {
        struct block *next = block->next;
        bulla_free(block);
        block = next;
    }
    bulla_free(pool);
}
