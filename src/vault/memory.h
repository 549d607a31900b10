/* What the machine knows of this vault: memory.c, recover.c. */
#ifndef BULLA_VAULT_MEMORY_H
#define BULLA_VAULT_MEMORY_H

#include "vault/vault_internal.h"

bool memory_load(struct bulla_vault *vault, const struct bulla_vault_place *place,
                 struct bulla_error *err);
bool memory_check_root(struct bulla_vault *vault, const struct bulla_vault_place *place,
                       struct bulla_error *err);
bool memory_check_heads(struct bulla_vault *vault, struct bulla_error *err);
/* Remembers the root and the heads; what fails becomes a note. */
void memory_keep_root(struct bulla_vault *vault);
void memory_keep_heads(struct bulla_vault *vault);
bool memory_journal(const struct bulla_vault *vault, struct bulla_bytes lines,
                    struct bulla_error *err);
bool memory_read_journal(const struct bulla_vault *vault, struct bulla_buf *text,
                         struct bulla_error *err);
/* Adds a sentence to what bulla_vault_note says. */
void memory_note(struct bulla_vault *vault, const char *fmt, ...) BULLA_PRINTF(2, 3);

/* recover.c: the lines of the journal that the missing heads need; in POOL. */
bool recover_find(struct bulla_vault *vault, struct pool *pool, struct bulla_bytes **ret_lines,
                  size_t *ret_count, bool *ret_complete, struct bulla_error *err);

#endif
