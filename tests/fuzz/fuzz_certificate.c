/* A text with certificates: refused, or taken with two times that a date can have. */
#include "fuzz.h"

#include "bulla/codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int64_t begins = 0;
    int64_t ends = 0;
    if (bulla_certificate_validity(bulla_bytes(data, size), &begins, &ends)) {
        FUZZ_ASSERT(begins > -INT64_C(62200000000) && begins < INT64_C(253500000000));
        FUZZ_ASSERT(ends > -INT64_C(62200000000) && ends < INT64_C(253500000000));
    }
    return 0;
}
