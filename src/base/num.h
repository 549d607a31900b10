/* Strict numbers, sizes and durations from text; layer 0. */
#ifndef BULLA_BASE_NUM_H
#define BULLA_BASE_NUM_H

#include "bulla/bytes.h"

/* Decimal digits only, no sign, no blank, no leading zero but "0"; at most MAX. */
bool num_parse_u64(struct bulla_bytes text, uint64_t max, uint64_t *ret_number);

/* "90s", "15m", "24h", "90d", "2w" (a number and one unit): seconds. False for anything else. */
bool num_parse_duration(struct bulla_bytes text, uint64_t *ret_seconds);

#endif
