/*
 * Memory for secret values: guard pages around it, locked into RAM where the system's limit
 * allows, left out of core dumps, wiped when freed (libsodium's sodium_malloc). Values go in
 * and come out through the functions here, never through stdio.
 */
#ifndef BULLA_SECRET_H
#define BULLA_SECRET_H

#include "bulla/bytes.h"
#include "bulla/error.h"

/* One secret of a maximum size fixed at birth. */
struct bulla_secret;

/* An empty secret for at most MAX bytes; the caller owns it. NULL with BULLA_E_NOMEM. */
BULLA_API struct bulla_secret *bulla_secret_new(size_t max, struct bulla_error *err);

/* A secret that holds a copy of BYTES. NULL with BULLA_E_NOMEM. */
BULLA_API struct bulla_secret *bulla_secret_copy(struct bulla_bytes bytes, struct bulla_error *err);

/* Its bytes; borrowed, valid until the secret changes or is freed. */
BULLA_API struct bulla_bytes bulla_secret_view(const struct bulla_secret *secret);

/* The room for writing directly: MAX bytes. Follow with bulla_secret_set_len. */
BULLA_API uint8_t *bulla_secret_room(struct bulla_secret *secret);
BULLA_API void bulla_secret_set_len(struct bulla_secret *secret, size_t len);

/* Comparison in constant time for equal lengths. */
BULLA_API bool bulla_secret_bytes_equal(struct bulla_bytes a, struct bulla_bytes b);

/* Wipes and frees; NULL is fine. */
BULLA_API void bulla_secret_free(struct bulla_secret *secret);

/* Overwrites LEN bytes in a way that no compiler removes. */
BULLA_API void bulla_wipe(void *data, size_t len);

BULLA_DEFINE_AUTO(bulla_auto_secret_p, struct bulla_secret *, bulla_secret_free)
#define bulla_auto_secret BULLA_AUTO(bulla_auto_secret_p) struct bulla_secret *

/* Many small secrets in few locked regions: one arena per file of secrets. */
struct bulla_arena;

/* An empty arena; SIZE is a guess of how many bytes it will hold. NULL with BULLA_E_NOMEM. */
BULLA_API struct bulla_arena *bulla_arena_new(size_t size, struct bulla_error *err);

/* LEN bytes of locked memory (not zeroed), valid as long as the arena. NULL with BULLA_E_NOMEM. */
BULLA_API uint8_t *bulla_arena_alloc(struct bulla_arena *arena, size_t len,
                                     struct bulla_error *err);

/* A copy of BYTES inside, with a NUL behind; *ret_copy is valid as long as the arena. */
BULLA_API BULLA_MUST_CHECK bool bulla_arena_add(struct bulla_arena *arena, struct bulla_bytes bytes,
                                                struct bulla_bytes *ret_copy,
                                                struct bulla_error *err);

/* False when the system's limit left a region unlocked (see `ulimit -l`). */
BULLA_API bool bulla_arena_locked(const struct bulla_arena *arena);

/* Wipes and frees everything in it; NULL is fine. */
BULLA_API void bulla_arena_free(struct bulla_arena *arena);

BULLA_DEFINE_AUTO(bulla_auto_arena_p, struct bulla_arena *, bulla_arena_free)
#define bulla_auto_arena BULLA_AUTO(bulla_auto_arena_p) struct bulla_arena *

/*
 * Prepares the cryptographic library; call it once before anything else. BULLA_E_IO when the
 * system has no random source. (Functions here call it themselves where libsodium would abort.)
 */
BULLA_API BULLA_MUST_CHECK bool bulla_init(struct bulla_error *err);

#endif
