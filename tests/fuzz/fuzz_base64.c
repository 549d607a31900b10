/* Whatever decodes encodes to the same text again: the readers take canonical forms only. */
#include "fuzz.h"

#include "bulla/codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t bytes[4096];
    struct bulla_bytes text = bulla_bytes(data, size);
    for (enum bulla_base64 form = BULLA_BASE64; form <= BULLA_BASE64URL_PADDED; form++) {
        size_t len = 0;
        if (!bulla_base64_decode(form, text, bytes, sizeof bytes, &len)) {
            continue;
        }
        FUZZ_ASSERT(len <= sizeof bytes);
        bulla_auto_buf again;
        bulla_buf_init(&again, 2 * sizeof bytes);
        bulla_base64_encode(form, bulla_bytes(bytes, len), &again);
        FUZZ_ASSERT(bulla_bytes_equal(bulla_buf_view(&again), text));
    }
    return 0;
}
