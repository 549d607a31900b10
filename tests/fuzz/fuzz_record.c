/* A line of a vault that parses is canonical: its parts give the same bytes again. */
#include "fuzz.h"

#include "bulla/buf.h"
#include "bulla/limits.h"
#include "vault/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct bulla_bytes line = bulla_bytes(data, size);
    struct record_text record;
    if (!record_parse(line, "fuzz", 1, &record, &err)) {
        fuzz_check_error_at(&err);
        return 0;
    }
    bulla_auto_buf again;
    bulla_buf_init(&again, BULLA_MAX_VAULT_LINE_BYTES);
    record_format(&record, &again);
    FUZZ_ASSERT(bulla_bytes_equal(bulla_buf_view(&again), line));
    for (enum meta_key key = META_COMMIT; key < META_KEYS; key++) {
        char plain[BULLA_MAX_META_BYTES];
        size_t len = record_meta_decode(record_value(&record, key), plain);
        fuzz_touch(bulla_bytes(plain, len));
        /* What was decoded encodes to the same again. */
        bulla_auto_buf pair;
        bulla_buf_init(&pair, BULLA_MAX_VAULT_LINE_BYTES);
        record_meta_put(&pair, 0, key, bulla_bytes(plain, len));
        struct bulla_bytes value =
            bulla_bytes_slice(bulla_buf_view(&pair), strlen(record_meta_name(key)) + 1, SIZE_MAX);
        FUZZ_ASSERT(bulla_bytes_equal(value, record_value(&record, key)));
    }
    for (uint32_t i = 0; i < record.parent_count; i++) {
        fuzz_touch(record_parent(&record, i));
    }
    return 0;
}
