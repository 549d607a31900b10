/* Any text as a kind; what it means makes values that fit it. The input is also a value. */
#include "fuzz.h"

#include "bulla/generate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct bulla_bytes text = bulla_bytes(data, size);
    struct bulla_kind kind;
    bulla_auto_buf reason;
    bulla_buf_init(&reason, 4096);
    for (size_t i = 0; i < bulla_kind_count(); i++) {
        FUZZ_ASSERT(bulla_kind_parse(bulla_bytes_of(bulla_kind_info(i)->example), &kind, &err));
        bulla_buf_clear(&reason);
        FUZZ_ASSERT(bulla_kind_check(&kind, text, &reason) == (reason.len == 0));
    }
    if (!bulla_kind_parse(text, &kind, &err)) {
        fuzz_check_error_at(&err);
        return 0;
    }
    bulla_auto_buf value;
    bulla_buf_init_secret(&value, 65536);
    FUZZ_ASSERT(bulla_kind_find(text) != NULL);
    FUZZ_ASSERT(bulla_kind_entropy(&kind) > 0);
    FUZZ_ASSERT(bulla_kind_generate(&kind, &value, &err));
    bulla_buf_clear(&reason);
    FUZZ_ASSERT(bulla_kind_check(&kind, bulla_buf_view(&value), &reason));
    FUZZ_ASSERT(bulla_kind_length(&kind) == 0 || bulla_kind_length(&kind) == value.len);
    return 0;
}
