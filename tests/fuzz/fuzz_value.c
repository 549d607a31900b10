/*
 * Any bytes as a value of each type of the contract: what is of a type with an order has a measure
 * in it, what is not has a reason, and a number read strictly is the number that is read loosely.
 */
#include "fuzz.h"

#include <math.h>

#include "base/num.h"
#include "contract/types.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bulla_bytes value = bulla_bytes(data, size);
    for (enum bulla_value_type type = BULLA_TYPE_TEXT; type <= BULLA_TYPE_SIZE; type++) {
        double number = 0;
        bool is_of_type = type_refuse(type, value) == NULL;
        bool is_measured = type_measure(type, value, &number);
        FUZZ_ASSERT(!is_measured || type_has_order(type));
        /* With a range a text is a number: the contract makes it one. */
        FUZZ_ASSERT(type == BULLA_TYPE_TEXT || !type_has_order(type) || is_measured == is_of_type);
        FUZZ_ASSERT(!is_measured || isfinite(number));
    }
    double entropy = type_entropy(value);
    FUZZ_ASSERT(entropy >= 0 && entropy <= 8.0 * (double)size + 1e-6);
    uint64_t whole = 0;
    double loose = 0;
    if (num_parse_u64(value, UINT64_MAX, &whole)) {
        FUZZ_ASSERT(type_number(value, &loose) && loose == (double)whole);
        FUZZ_ASSERT(whole == 0 || !num_parse_u64(value, whole - 1, &whole));
    }
    uint64_t seconds = 0;
    double measured = 0;
    if (num_parse_duration(value, &seconds)) {
        FUZZ_ASSERT(type_measure(BULLA_TYPE_DURATION, value, &measured));
        FUZZ_ASSERT(measured == (double)seconds);
    }
    return 0;
}
