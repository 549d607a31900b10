/* Whatever decodes encodes to the same text again, and nothing is written behind the room. */
#include "fuzz.h"

#include "codec/bech32.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t bytes[256];
    char prefix[256];
    struct bulla_bytes text = bulla_bytes(data, size);
    struct bulla_bytes found;
    size_t len = 0;
    enum bech32_status status = bech32_decode(text, &found, bytes, sizeof bytes, &len);
    FUZZ_ASSERT(status <= BECH32_TOO_LONG);
    if (status != BECH32_OK || found.len >= sizeof prefix) {
        return 0;
    }
    FUZZ_ASSERT(len <= sizeof bytes);
    enum bech32_case letters = BECH32_LOWER;
    for (size_t i = 0; i < size; i++) {
        if (data[i] >= 'A' && data[i] <= 'Z') {
            letters = BECH32_UPPER;
        }
    }
    for (size_t i = 0; i < found.len; i++) {
        bool is_upper = found.data[i] >= 'A' && found.data[i] <= 'Z';
        prefix[i] = (char)(is_upper ? found.data[i] + ('a' - 'A') : found.data[i]);
    }
    prefix[found.len] = '\0';
    bulla_auto_buf again;
    bulla_buf_init(&again, 1024);
    bech32_encode(prefix, bulla_bytes(bytes, len), letters, &again);
    FUZZ_ASSERT(bulla_bytes_equal(bulla_buf_view(&again), text));
    return 0;
}
