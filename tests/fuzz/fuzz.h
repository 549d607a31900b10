/* What every fuzz target shares: traps for what must hold, and a way to read every byte. */
#ifndef BULLA_TESTS_FUZZ_H
#define BULLA_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "bulla/bytes.h"
#include "bulla/error.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Traps where CONDITION does not hold. */
#define FUZZ_ASSERT(condition)                                                                     \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            __builtin_trap();                                                                      \
        }                                                                                          \
    } while (0)

/* Reads every byte of VIEW, so that a sanitizer sees a view that is too long or already freed. */
static inline void fuzz_touch(struct bulla_bytes view)
{
    volatile uint8_t sink = 0;
    for (size_t i = 0; i < view.len; i++) {
        sink = (uint8_t)(sink ^ view.data[i]);
    }
    (void)sink;
}

/* A failure has a code, a message, and ends its strings. */
static inline void fuzz_check_error(const struct bulla_error *err)
{
    FUZZ_ASSERT(err->code != BULLA_OK && err->code != BULLA_E_BUG);
    FUZZ_ASSERT(err->message[0] != '\0');
    FUZZ_ASSERT(memchr(err->message, '\0', sizeof err->message) != NULL);
    FUZZ_ASSERT(memchr(err->hint, '\0', sizeof err->hint) != NULL);
}

/* The same, and it says where in the text: for parsers. */
static inline void fuzz_check_error_at(const struct bulla_error *err)
{
    fuzz_check_error(err);
    FUZZ_ASSERT(err->code == BULLA_E_NOMEM || err->code == BULLA_E_LIMIT ||
                (err->pos.line > 0 && err->pos.col > 0));
}

#endif
