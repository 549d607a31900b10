/* Points in time and spans, as people and as JSON want them. All times are UTC. */
#ifndef BULLA_CLI_WHEN_H
#define BULLA_CLI_WHEN_H

#include <stdint.h>

#define WHEN_BYTES 32

/* "2026-03-01T10:22:31Z". Returns OUT. */
const char *when_iso(int64_t at, char out[static WHEN_BYTES]);

/* "2026-03-01 10:22 UTC". Returns OUT. */
const char *when_minute(int64_t at, char out[static WHEN_BYTES]);

/* "40 seconds", "3 hours", "95 days": the largest unit that gives 2 or more. Returns OUT. */
const char *when_span(int64_t seconds, char out[static WHEN_BYTES]);

#endif
