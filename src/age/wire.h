/* ssh's binary form: numbers of four bytes, strings behind their length (RFC 4251, 5); layer 2. */
#ifndef BULLA_AGE_WIRE_H
#define BULLA_AGE_WIRE_H

#include "bulla/bytes.h"

/* Takes the next of REST; false where it is not there whole. The string borrows. */
__attribute__((warn_unused_result)) bool wire_take_u32(struct bulla_bytes *rest, uint32_t *ret);
__attribute__((warn_unused_result)) bool wire_take(struct bulla_bytes *rest,
                                                   struct bulla_bytes *ret);

/* The next, a positive number, without leading zeros. */
__attribute__((warn_unused_result)) bool wire_take_number(struct bulla_bytes *rest,
                                                          struct bulla_bytes *ret);

#endif
