/*
 * Any text can be interpolated: lazily, eagerly and to the end. Every view lies inside the text,
 * and what the walk sees in place is what a scan sees.
 */
#include "fuzz.h"

#include "bulla/interpolate.h"
#include "bulla/limits.h"
#include "bulla/secret.h"

/* The first byte of a name decides what is known of it, so that all outcomes are reached. */
static enum bulla_lookup_state look_up(void *ctx, struct bulla_bytes name,
                                       struct bulla_bytes *ret_value)
{
    (void)ctx;
    fuzz_touch(name);
    *ret_value = name.data[0] % 3 == 2 ? bulla_bytes_of("a$V}") : bulla_bytes_of("");
    return (enum bulla_lookup_state)(name.data[0] % 3);
}

static void check_ref(struct bulla_bytes text, const struct bulla_ref *ref)
{
    FUZZ_ASSERT(ref->start < ref->end && ref->end <= text.len);
    FUZZ_ASSERT(text.data[ref->start] == '$' && ref->depth < BULLA_MAX_REF_DEPTH);
    fuzz_touch(ref->name);
    fuzz_touch(ref->operand);
    fuzz_touch(bulla_bytes_of(bulla_ref_op_text(ref->op)));
}

static bool check_scanned(void *ctx, const struct bulla_ref *ref, struct bulla_error *err)
{
    (void)err;
    check_ref(*(struct bulla_bytes *)ctx, ref);
    return true;
}

static bool check_evaluated(void *ctx, const struct bulla_ref *ref, enum bulla_lookup_state state,
                            enum bulla_ref_outcome outcome, struct bulla_error *err)
{
    (void)err;
    check_ref(*(struct bulla_bytes *)ctx, ref);
    FUZZ_ASSERT(outcome != BULLA_REF_BLANK || state == BULLA_LOOKUP_UNSET);
    FUZZ_ASSERT((outcome == BULLA_REF_INVALID) == (ref->name.len == 0));
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bulla_bytes text = bulla_bytes(data, size);
    for (int mode = 0; mode < 4; mode++) {
        struct bulla_error err = BULLA_ERROR_INIT;
        bulla_auto_buf out;
        bulla_auto_buf message;
        bulla_buf_init(&out, 1 << 20);
        bulla_buf_init(&message, 1 << 20);
        struct bulla_interpolation with = {.lookup = look_up,
                                           .each = check_evaluated,
                                           .each_ctx = &text,
                                           .eager = (mode & 1) != 0,
                                           .keep_going = (mode & 2) != 0};
        struct bulla_interpolate_failure failure;
        if (!bulla_interpolate(text, &with, &out, &message, &failure, &err)) {
            fuzz_check_error(&err);
            continue;
        }
        fuzz_touch(bulla_buf_view(&out));
        fuzz_touch(bulla_buf_view(&message));
        fuzz_touch(failure.name);
        fuzz_touch(failure.fragment);
        FUZZ_ASSERT(failure.problem == BULLA_INTERPOLATE_OK || data[failure.at] == '$');
    }
    struct bulla_error err = BULLA_ERROR_INIT;
    size_t escapes = 0;
    if (!bulla_interpolate_scan(text, check_scanned, &text, &escapes, &err)) {
        fuzz_check_error(&err);
    }
    FUZZ_ASSERT(escapes <= size / 2);
    return 0;
}
