#include "bulla/secret.h"

#include <sodium.h>
#include <string.h>
#include <sys/mman.h>

#include "base/secret_internal.h"
#include "bulla/mem.h"

#include "base/banned.h"

#define LEAST_REGION_BYTES ((size_t)16 * 1024)

struct bulla_secret {
    size_t max;
    size_t len;
    uint8_t *data;
};

struct region {
    struct region *next;
    uint8_t *data;
    size_t used;
    size_t cap;
};

struct bulla_arena {
    struct region *regions; /* the newest first */
    bool locked;
};

bool bulla_init(struct bulla_error *err)
{
    if (sodium_init() < 0) {
        return bulla_error(err, BULLA_E_IO, "the system's random source does not answer");
    }
    return true;
}

uint8_t *secret_pages_alloc(size_t len, struct bulla_error *err)
{
    /* sodium_malloc before sodium_init aborts the process. */
    if (!bulla_init(err)) {
        return NULL;
    }
    uint8_t *pages = bulla_mem_may_allocate() ? sodium_malloc(len == 0 ? 1 : len) : NULL;
    if (pages == NULL) {
        (void)bulla_error_nomem(err);
    }
    return pages;
}

void secret_pages_free(uint8_t *pages)
{
    sodium_free(pages);
}

struct bulla_secret *bulla_secret_new(size_t max, struct bulla_error *err)
{
    struct bulla_secret *secret = bulla_alloc(1, sizeof *secret, err);
    if (secret == NULL) {
        return NULL;
    }
    secret->max = max;
    secret->data = secret_pages_alloc(max, err);
    if (secret->data == NULL) {
        bulla_free(secret);
        return NULL;
    }
    return secret;
}

struct bulla_secret *bulla_secret_copy(struct bulla_bytes bytes, struct bulla_error *err)
{
    struct bulla_secret *secret = bulla_secret_new(bytes.len, err);
    if (secret != NULL && bytes.len > 0) {
        memcpy(secret->data, bytes.data, bytes.len);
        secret->len = bytes.len;
    }
    return secret;
}

struct bulla_bytes bulla_secret_view(const struct bulla_secret *secret)
{
    return bulla_bytes(secret->data, secret->len);
}

uint8_t *bulla_secret_room(struct bulla_secret *secret)
{
    return secret->data;
}

void bulla_secret_set_len(struct bulla_secret *secret, size_t len)
{
    secret->len = len <= secret->max ? len : secret->max;
}

bool bulla_secret_bytes_equal(struct bulla_bytes a, struct bulla_bytes b)
{
    return a.len == b.len && (a.len == 0 || sodium_memcmp(a.data, b.data, a.len) == 0);
}

void bulla_secret_free(struct bulla_secret *secret)
{
    if (secret != NULL) {
        secret_pages_free(secret->data);
        bulla_free(secret);
    }
}

void bulla_wipe(void *data, size_t len)
{
    if (len > 0) {
        sodium_memzero(data, len);
    }
}

static bool add_region(struct bulla_arena *arena, size_t size, struct bulla_error *err)
{
    struct region *region = bulla_alloc(1, sizeof *region, err);
    if (region == NULL) {
        return false;
    }
    region->data = secret_pages_alloc(size, err);
    if (region->data == NULL) {
        bulla_free(region);
        return false;
    }
    region->cap = size;
    /* sodium_malloc goes on silently where the lock limit is reached; asking again tells. */
    if (mlock(region->data, size) != 0) {
        arena->locked = false;
    }
    region->next = arena->regions;
    arena->regions = region;
    return true;
}

struct bulla_arena *bulla_arena_new(size_t size, struct bulla_error *err)
{
    struct bulla_arena *arena = bulla_alloc(1, sizeof *arena, err);
    if (arena == NULL) {
        return NULL;
    }
    arena->locked = true;
    if (!add_region(arena, size < LEAST_REGION_BYTES ? LEAST_REGION_BYTES : size, err)) {
        bulla_free(arena);
        return NULL;
    }
    return arena;
}

uint8_t *bulla_arena_alloc(struct bulla_arena *arena, size_t len, struct bulla_error *err)
{
    struct region *region = arena->regions;
    if (len > region->cap - region->used) {
        size_t size = region->cap * 2;
        if (!add_region(arena, size < len ? len : size, err)) {
            return NULL;
        }
        region = arena->regions;
    }
    uint8_t *memory = region->data + region->used;
    region->used += len;
    return memory;
}

bool bulla_arena_add(struct bulla_arena *arena, struct bulla_bytes bytes,
                     struct bulla_bytes *ret_copy, struct bulla_error *err)
{
    uint8_t *copy = bulla_arena_alloc(arena, bytes.len + 1, err);
    if (copy == NULL) {
        return false;
    }
    if (bytes.len > 0) {
        memcpy(copy, bytes.data, bytes.len);
    }
    copy[bytes.len] = '\0';
    *ret_copy = bulla_bytes(copy, bytes.len);
    return true;
}

bool bulla_arena_locked(const struct bulla_arena *arena)
{
    return arena->locked;
}

void bulla_arena_free(struct bulla_arena *arena)
{
    if (arena == NULL) {
        return;
    }
    for (struct region *region = arena->regions; region != NULL;) {
        struct region *next = region->next;
        secret_pages_free(region->data);
        bulla_free(region);
        region = next;
    }
    bulla_free(arena);
}
