/* Reading values as the types that `type` names. No text is copied: values may be secret. */
#ifndef BULLA_CONTRACT_TYPES_H
#define BULLA_CONTRACT_TYPES_H

#include "bulla/contract.h"

/* "-12.5e3" as a number; not "0x1", "nan", ".5" or "1.". */
bool type_number(struct bulla_bytes text, double *ret_number);

/*
 * VALUE as a number of TYPE, for `range`: integers and ports as such, a duration in seconds, a size
 * in bytes. False where it is not of that type, or the type has no order.
 */
bool type_measure(enum bulla_value_type type, struct bulla_bytes value, double *ret_number);

/* True where values of TYPE can be compared with a range. */
bool type_has_order(enum bulla_value_type type);

/* NULL where VALUE is of TYPE, else what it is not: "is not a number". Static. */
const char *type_refuse(enum bulla_value_type type, struct bulla_bytes value);

/* Shannon's entropy of the bytes, times their count: bits, at most 8 a byte. */
double type_entropy(struct bulla_bytes value);

#endif
