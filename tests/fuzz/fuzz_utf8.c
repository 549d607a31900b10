/* Any bytes as UTF-8: whole where each code point is, each of them written as it was read. */
#include "fuzz.h"

#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bulla_bytes text = bulla_bytes(data, size);
    struct utf8_cursor cursor = {.pos = {1, 1}};
    size_t count = 0;
    size_t bad = size;
    for (size_t at = 0; at < size; count++) {
        uint32_t code_point = 0;
        uint8_t again[4];
        size_t len = utf8_decode(bulla_bytes_slice(text, at, size - at), &code_point);
        if (len == 0) {
            bad = bad < at ? bad : at;
            len = 1;
        } else {
            FUZZ_ASSERT(len <= size - at && utf8_encode(code_point, again) == len);
            FUZZ_ASSERT(memcmp(again, data + at, len) == 0);
            (void)utf8_is_printable(code_point);
        }
        at += len;
        struct bulla_pos pos = utf8_cursor_move(&cursor, text, at);
        if (size <= 512) { /* from the start each time: quadratic */
            struct bulla_pos slow = utf8_pos(text, at);
            FUZZ_ASSERT(pos.line == slow.line && pos.col == slow.col);
        }
    }
    size_t offset = size;
    FUZZ_ASSERT(utf8_is_valid(text, &offset) == (bad == size));
    FUZZ_ASSERT(offset == bad);
    FUZZ_ASSERT(utf8_count(text) == count);
    return 0;
}
