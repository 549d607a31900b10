/* Rendering and listing names agree on which templates are well formed. */
#include "fuzz.h"

#include "bulla/limits.h"
#include "template/template.h"

static bool look_up(void *ctx, struct bulla_bytes name, struct bulla_bytes *ret_value,
                    struct bulla_error *err)
{
    (void)ctx;
    (void)err;
    fuzz_touch(name);
    *ret_value = bulla_bytes(" va\"l\0ue\n", 9);
    return true;
}

static bool check_name(void *ctx, struct bulla_bytes name, struct bulla_pos pos,
                       struct bulla_error *err)
{
    (void)ctx;
    (void)err;
    FUZZ_ASSERT(name.len > 0 && name.len <= BULLA_MAX_NAME_BYTES);
    FUZZ_ASSERT(pos.line >= 7 && pos.col >= 1);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bulla_bytes text = bulla_bytes(data, size);
    struct bulla_pos pos = {7, 5};
    struct bulla_error names_err = BULLA_ERROR_INIT;
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf out;
    bulla_buf_init_secret(&out, 1 << 20);
    bool named = template_names(text, "fuzz", pos, check_name, NULL, &names_err);
    bool rendered = template_render(text, "fuzz", pos, look_up, NULL, &out, &err);
    if (!named) {
        fuzz_check_error_at(&names_err);
    }
    if (!rendered) {
        fuzz_check_error_at(&err);
        FUZZ_ASSERT(!named || err.code != BULLA_E_SYNTAX);
        return 0;
    }
    FUZZ_ASSERT(named);
    fuzz_touch(bulla_buf_view(&out));
    return 0;
}
