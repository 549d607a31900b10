/* Raw locked pages, for base/buf.c and base/secret.c only. */
#ifndef BULLA_BASE_SECRET_INTERNAL_H
#define BULLA_BASE_SECRET_INTERNAL_H

#include "bulla/error.h"

/* LEN bytes between guard pages, locked where the limit allows; NULL with BULLA_E_NOMEM. */
uint8_t *secret_pages_alloc(size_t len, struct bulla_error *err);

/* Wipes and frees; NULL is fine. */
void secret_pages_free(uint8_t *pages);

#endif
