/* Any text as armor: bytes come out, or an error with its place. */
#include "fuzz.h"

#include "codec/armor.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf out;
    bulla_buf_init(&out, size);
    if (armor_decode(bulla_bytes(data, size), &out, &err)) {
        FUZZ_ASSERT(armor_is_text(bulla_bytes(data, size)));
        fuzz_touch(bulla_buf_view(&out));
    } else {
        fuzz_check_error_at(&err);
    }
    return 0;
}
