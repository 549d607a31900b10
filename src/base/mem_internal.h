/* What buffers need beyond bulla/mem.h. */
#ifndef BULLA_BASE_MEM_INTERNAL_H
#define BULLA_BASE_MEM_INTERNAL_H

#include "bulla/mem.h"

/* SIZE bytes, more than 0, that are not zeroed; bulla_free frees them. NULL with BULLA_E_NOMEM. */
void *mem_room(size_t size, struct bulla_error *err);

#endif
