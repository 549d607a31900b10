/* Signatures on all processors that we may use. */
#ifndef BULLA_VAULT_PARALLEL_H
#define BULLA_VAULT_PARALLEL_H

#include "vault/vault_internal.h"

/* Fewer are verified before a thread has started. */
#define PARALLEL_LEAST ((size_t)512)

struct parallel_item {
    uint32_t record;
    uint32_t key; /* of vault->sign_keys, known to be valid */
    bool is_good; /* what was found */
};

/* How many processors we may use: 1 where that is not known. */
unsigned parallel_width(void);

/*
 * Verifies the signature of each of COUNT items, in this thread and others, which have ended when
 * it returns. The vault is only read. Where no thread can be started this one does all of it.
 */
void parallel_verify(const struct bulla_vault *vault, struct parallel_item *items, size_t count);

/* trust.c: true where TEXT, a signature as a line has it, is KEY's signature of the record with ID.
 */
bool trust_is_signature(const char *id, struct bulla_bytes text, const uint8_t key[static 32]);

#endif
