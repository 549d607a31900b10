/*
 * "PATTERN\nSUBJECT": a pattern that somebody hostile wrote, against any bytes. It compiles or says
 * where it goes wrong, and matches within its limits or is refused.
 */
#include "fuzz.h"

#include "pattern/pattern.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *end = size == 0 ? NULL : memchr(data, '\n', size);
    size_t len = end == NULL ? size : (size_t)(end - data);
    struct bulla_bytes text = bulla_bytes(data, len);
    struct bulla_bytes subject = end == NULL ? text : bulla_bytes(end + 1, size - len - 1);
    struct bulla_error err = BULLA_ERROR_INIT;
    size_t offset = 0;
    auto_pattern pattern = pattern_compile(text, &offset, &err);
    if (pattern == NULL) {
        fuzz_check_error(&err);
        FUZZ_ASSERT(err.code != BULLA_E_INVALID || offset <= len);
        return 0;
    }
    bool matches = false;
    bool again = false;
    if (!pattern_match(pattern, subject, &matches, &err)) {
        FUZZ_ASSERT(err.code == BULLA_E_LIMIT || err.code == BULLA_E_NOMEM);
        return 0;
    }
    FUZZ_ASSERT(pattern_match(pattern, subject, &again, &err) && again == matches);
    return 0;
}
