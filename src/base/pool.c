#include "base/pool.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "bulla/mem.h"

#include "base/banned.h"

/* Blocks, with their heads, double from the least on: what has much in it is made of few. */
#define LEAST_BLOCK_BYTES ((size_t)16 * 1024)
#define MOST_BLOCK_BYTES ((size_t)2 * 1024 * 1024)

struct block {
    struct block *next;
    size_t used;
    size_t cap;
    max_align_t data[];
};

struct pool {
    struct block *blocks; /* the one in use first */
    size_t block_bytes;   /* of the next one */
};

struct pool *pool_new(struct bulla_error *err)
{
    struct pool *pool = bulla_alloc(1, sizeof *pool, err);
    if (pool != NULL) {
        pool->block_bytes = LEAST_BLOCK_BYTES;
    }
    return pool;
}

static struct block *add_block(struct pool *pool, size_t size, struct bulla_error *err)
{
    struct block *before = pool->blocks;
    size_t usual = pool->block_bytes - sizeof(struct block);
    size_t cap = size > usual ? size : usual;
    struct block *fresh = bulla_alloc(1, sizeof *fresh + cap, err);
    if (fresh == NULL) {
        return NULL;
    }
    fresh->cap = cap;
    bool is_large = size > pool->block_bytes / 2;
    if (pool->block_bytes < MOST_BLOCK_BYTES) {
        pool->block_bytes *= 2;
    }
    /* An object larger than a block gets its own, behind the one that still has room. */
    if (before != NULL && is_large) {
        fresh->next = before->next;
        before->next = fresh;
        return fresh;
    }
    fresh->next = before;
    pool->blocks = fresh;
    return fresh;
}

static void *take(struct pool *pool, size_t size, size_t alignment, struct bulla_error *err)
{
    if (size > SIZE_MAX / 2) {
        (void)bulla_error_nomem(err);
        return NULL;
    }
    struct block *block = pool->blocks;
    size_t start = block == NULL ? 0 : (block->used + alignment - 1) / alignment * alignment;
    if (block == NULL || start > block->cap || size > block->cap - start) {
        block = add_block(pool, size, err);
        if (block == NULL) {
            return NULL;
        }
        start = 0;
    }
    block->used = start + size;
    return (uint8_t *)block->data + start;
}

bool pool_reserve(struct pool *pool, size_t size, struct bulla_error *err)
{
    size_t before = pool->block_bytes;
    pool->block_bytes = size > before ? size : before;
    bool ok = add_block(pool, 0, err) != NULL;
    pool->block_bytes = before;
    return ok;
}

void *pool_alloc(struct pool *pool, size_t size, struct bulla_error *err)
{
    return take(pool, size, _Alignof(max_align_t), err);
}

char *pool_strndup(struct pool *pool, const void *text, size_t len, struct bulla_error *err)
{
    char *copy = take(pool, len + 1, 1, err);
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
    char *text = take(pool, (size_t)len + 1, 1, err);
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
