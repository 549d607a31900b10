/*
 * Patterns of the contract (`match`): PCRE2, always against the whole value, within limits on
 * time and memory that a hostile pattern cannot raise; layer 1. Subjects may be secret: nothing
 * of them outlives a call.
 */
#ifndef BULLA_PATTERN_PATTERN_H
#define BULLA_PATTERN_PATTERN_H

#include "bulla/bytes.h"
#include "bulla/error.h"

#define PATTERN_MAX_BYTES 4096
#define PATTERN_MAX_MATCHES 1000000 /* calls of PCRE2's internal match(): some 20 ms at worst */
#define PATTERN_MAX_DEPTH 10000     /* of backtracking */
#define PATTERN_MAX_HEAP_KIB 8192   /* for backtracking */

struct pattern;

/*
 * Compiles TEXT (UTF-8, PCRE2 syntax). NULL with BULLA_E_INVALID, a message without place and
 * *ret_offset, the byte of TEXT at which it goes wrong; BULLA_E_LIMIT over PATTERN_MAX_BYTES;
 * BULLA_E_NOMEM. The caller owns the result.
 */
struct pattern *pattern_compile(struct bulla_bytes text, size_t *ret_offset,
                                struct bulla_error *err);

/*
 * Sets *ret_matches where the whole of SUBJECT (any bytes; those that are not UTF-8 match
 * nothing) matches. BULLA_E_LIMIT where that takes more than the limits above.
 */
BULLA_MUST_CHECK bool pattern_match(const struct pattern *pattern, struct bulla_bytes subject,
                                    bool *ret_matches, struct bulla_error *err);

void pattern_free(struct pattern *pattern);

BULLA_DEFINE_AUTO(auto_pattern_p, struct pattern *, pattern_free)
#define auto_pattern BULLA_AUTO(auto_pattern_p) struct pattern *

#endif
