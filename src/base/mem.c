#include "base/mem_internal.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/banned.h"

/*
 * Much memory comes in pages as large as the system has: the faults on small ones cost more than
 * what is done with the bytes. Where it has others this is an alignment and no more.
 */
#define LARGE_BYTES ((size_t)1024 * 1024)
#define LARGE_PAGE_BYTES ((size_t)2 * 1024 * 1024)

#ifdef BULLA_TEST_HOOKS
/* The one mutable global: it exists in test builds only. */
static unsigned long fail_at;

void bulla_mem_fail_at(unsigned long nth)
{
    fail_at = nth;
}

bool bulla_mem_may_allocate(void)
{
    return fail_at == 0 || --fail_at != 0;
}
#else
void bulla_mem_fail_at(unsigned long nth)
{
    (void)nth;
}

bool bulla_mem_may_allocate(void)
{
    return true;
}
#endif

/* COUNT objects of SIZE bytes in large pages, not zeroed. */
static void *large_room(size_t count, size_t size)
{
    size_t pages = count > (SIZE_MAX - LARGE_PAGE_BYTES) / size
                       ? 0
                       : (count * size + LARGE_PAGE_BYTES - 1) / LARGE_PAGE_BYTES;
    void *memory = pages == 0 ? NULL : aligned_alloc(LARGE_PAGE_BYTES, pages * LARGE_PAGE_BYTES);
    if (memory != NULL) {
        (void)madvise(memory, pages * LARGE_PAGE_BYTES, MADV_HUGEPAGE);
    }
    return memory;
}

static void *zeroed(size_t count, size_t size)
{
    if (count < LARGE_BYTES / size) {
        return calloc(count, size);
    }
    void *memory = large_room(count, size);
    if (memory != NULL) {
        memset(memory, 0, count * size);
    }
    return memory;
}

void *mem_room(size_t size, struct bulla_error *err)
{
    void *memory = NULL;
    if (bulla_mem_may_allocate()) {
        memory = size < LARGE_BYTES ? malloc(size) : large_room(size, 1);
    }
    if (memory == NULL) {
        (void)bulla_error_nomem(err);
    }
    return memory;
}

void *bulla_alloc(size_t count, size_t size, struct bulla_error *err)
{
    void *memory = NULL;
    if (bulla_mem_may_allocate()) {
        memory = zeroed(count == 0 ? 1 : count, size == 0 ? 1 : size);
    }
    if (memory == NULL) {
        (void)bulla_error_nomem(err);
    }
    return memory;
}

bool bulla_grow(void *array, size_t *cap, size_t need, size_t size, struct bulla_error *err)
{
    if (need <= *cap) {
        return true;
    }
    size_t want = *cap + *cap / 2;
    if (want < need) {
        want = need < 8 ? 8 : need;
    }
    if (want > SIZE_MAX / size) {
        return bulla_error_nomem(err);
    }
    /* ARRAY is the address of a pointer of some type: copied, so as not to break aliasing. */
    void *old = NULL;
    memcpy(&old, array, sizeof old);
    void *grown = NULL;
    if (bulla_mem_may_allocate()) {
        grown = old == NULL ? zeroed(want, size) : realloc(old, want * size);
    }
    if (grown == NULL) {
        return bulla_error_nomem(err);
    }
    if (old != NULL) {
        memset((uint8_t *)grown + *cap * size, 0, (want - *cap) * size);
    }
    memcpy(array, &grown, sizeof grown);
    *cap = want;
    return true;
}

char *bulla_strndup(const void *text, size_t len, struct bulla_error *err)
{
    char *copy = bulla_alloc(len + 1, 1, err);
    if (copy != NULL && len > 0) {
        memcpy(copy, text, len);
    }
    return copy;
}

char *bulla_strdup(const char *text, struct bulla_error *err)
{
    return bulla_strndup(text, strlen(text), err);
}

char *bulla_asprintf(struct bulla_error *err, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    int len = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (len < 0) {
        (void)bulla_error_nomem(err);
        return NULL;
    }
    char *text = bulla_alloc((size_t)len + 1, 1, err);
    if (text == NULL) {
        return NULL;
    }
    va_start(args, fmt);
    (void)vsnprintf(text, (size_t)len + 1, fmt, args);
    va_end(args);
    return text;
}

void bulla_free(void *memory)
{
    free(memory);
}
