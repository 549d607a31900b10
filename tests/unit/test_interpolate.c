#include <string.h>

#include "bulla/interpolate.h"
#include "bulla/limits.h"

#include "cases.h"

static bool note_blank(void *ctx, const struct bulla_ref *ref, enum bulla_lookup_state state,
                       enum bulla_ref_outcome outcome, struct bulla_error *err)
{
    (void)state;
    (void)err;
    if (outcome == BULLA_REF_BLANK) {
        case_add_warning(ctx, ref->name);
    }
    return true;
}

static void run_case(const struct unit_case *item)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct bulla_bytes text = item->lines[0];
    struct bulla_bytes env = item->lines[1];
    struct bulla_bytes want = item->lines[2];
    bulla_auto_buf out;
    bulla_auto_buf message;
    bulla_auto_buf warnings;
    bulla_buf_init_secret(&out, 4096);
    bulla_buf_init_secret(&message, 4096);
    bulla_buf_init(&warnings, 4096);
    struct bulla_interpolation with = {.lookup = case_look_up,
                                       .lookup_ctx = &env,
                                       .each = note_blank,
                                       .each_ctx = &warnings,
                                       .eager = case_take(&text, "{eager}")};
    struct bulla_interpolate_failure failure;
    assert_ok(bulla_interpolate(text, &with, &out, &message, &failure, &err), err);
    case_assert_equal(item, "the list of warnings", bulla_buf_view(&warnings),
                      case_take_warnings(&want));
    if (case_take(&want, "! ")) {
        ck_assert_msg(failure.problem == BULLA_INTERPOLATE_MISSING, "line %u", item->line);
        case_assert_equal(item, "the name", failure.name, case_cut(&want, ": "));
        case_assert_equal(item, "the message", bulla_buf_view(&message), want);
    } else if (case_take(&want, "? ")) {
        ck_assert_msg(failure.problem == BULLA_INTERPOLATE_INVALID, "line %u", item->line);
        case_assert_equal(item, "the fragment", failure.fragment, want);
    } else {
        ck_assert(case_take(&want, "= "));
        ck_assert_msg(failure.problem == BULLA_INTERPOLATE_OK, "line %u", item->line);
        case_assert_equal(item, "the text", bulla_buf_view(&out), want);
    }
}

START_TEST(interpolate_follows_the_data)
{
    case_each("interpolate.test", run_case);
}
END_TEST

static bool describe_ref(void *ctx, const struct bulla_ref *ref, struct bulla_error *err)
{
    (void)err;
    bulla_buf_printf(ctx, "%.*s%s%.*s@%zu-%zu/%u ", (int)ref->name.len,
                     (const char *)ref->name.data, bulla_ref_op_text(ref->op),
                     (int)ref->operand.len, (const char *)ref->operand.data, ref->start, ref->end,
                     ref->depth);
    return true;
}

START_TEST(interpolate_scan_sees_operands_and_tails)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf seen;
    bulla_buf_init(&seen, 4096);
    size_t escapes = 0;
    assert_ok(bulla_interpolate_scan(LIT("$A $$ ${B:-${C?$$m}} ${D+} ${"), describe_ref, &seen,
                                     &escapes, &err),
              err);
    assert_bytes(bulla_buf_view(&seen),
                 "A@0-2/0 B:-${C?$$m}@6-20/0 C?$$m@11-19/1 D+@21-26/0 @27-29/0 ");
    ck_assert_uint_eq(escapes, 2);
}
END_TEST

static bool describe_outcome(void *ctx, const struct bulla_ref *ref, enum bulla_lookup_state state,
                             enum bulla_ref_outcome outcome, struct bulla_error *err)
{
    (void)err;
    bulla_buf_printf(ctx, "%.*s:%d%d ", (int)ref->name.len, (const char *)ref->name.data,
                     (int)state, (int)outcome);
    return true;
}

START_TEST(interpolate_keeps_going_for_every_problem)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf seen;
    bulla_buf_init(&seen, 4096);
    struct bulla_bytes env = LIT("S=1");
    struct bulla_interpolation with = {.lookup = case_look_up,
                                       .lookup_ctx = &env,
                                       .each = describe_outcome,
                                       .each_ctx = &seen,
                                       .keep_going = true};
    struct bulla_interpolate_failure failure;
    assert_ok(bulla_interpolate(LIT("${A:?m ${B:?n}} ${C?o} ${S:+$S} ${"), &with, NULL, NULL,
                                &failure, &err),
              err);
    ck_assert_int_eq(failure.problem, BULLA_INTERPOLATE_MISSING);
    assert_bytes(failure.name, "B");
    ck_assert_uint_eq(failure.at, 7);
    char want[64];
    (void)snprintf(want, sizeof want, "A:0%d B:0%d C:0%d S:2%d S:2%d :0%d ", BULLA_REF_MISSING,
                   BULLA_REF_MISSING, BULLA_REF_MISSING, BULLA_REF_OPERAND, BULLA_REF_VALUE,
                   BULLA_REF_INVALID);
    ck_assert(bulla_bytes_are(bulla_buf_view(&seen), want));
}
END_TEST

static bool stop(void *ctx, const struct bulla_ref *ref, struct bulla_error *err)
{
    (void)ctx;
    (void)ref;
    return bulla_error(err, BULLA_E_REFUSED, "stop");
}

START_TEST(interpolate_stops_where_the_callback_says)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    ck_assert(!bulla_interpolate_scan(LIT("$A"), stop, NULL, NULL, &err));
    ck_assert_int_eq(err.code, BULLA_E_REFUSED);
}
END_TEST

/* "${V:-" COUNT times, INNER, and as many "}". */
static void nest(struct bulla_buf *text, size_t count, const char *inner)
{
    for (size_t i = 0; i < count; i++) {
        bulla_buf_puts(text, "${V:-");
    }
    bulla_buf_puts(text, inner);
    for (size_t i = 0; i < count; i++) {
        bulla_buf_putc(text, '}');
    }
}

START_TEST(interpolate_limits_the_depth)
{
    static const struct bulla_interpolation nothing = {.lookup = NULL};
    for (size_t count = BULLA_MAX_REF_DEPTH; count <= BULLA_MAX_REF_DEPTH + 1; count++) {
        struct bulla_error err = BULLA_ERROR_INIT;
        bulla_auto_buf text;
        bulla_buf_init(&text, 4096);
        nest(&text, count, "");
        bool ok = bulla_interpolate(bulla_buf_view(&text), &nothing, NULL, NULL, NULL, &err);
        ck_assert(ok == (count == BULLA_MAX_REF_DEPTH));
        ck_assert_int_eq(err.code, ok ? BULLA_OK : BULLA_E_LIMIT);
    }
}
END_TEST

START_TEST(interpolate_limits_the_depth_of_what_is_no_reference_too)
{
    static const struct bulla_interpolation nothing = {.lookup = NULL};
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf text;
    bulla_buf_init(&text, 4096);
    nest(&text, BULLA_MAX_REF_DEPTH, "${1}");
    ck_assert(!bulla_interpolate(bulla_buf_view(&text), &nothing, NULL, NULL, NULL, &err));
    ck_assert_int_eq(err.code, BULLA_E_LIMIT);
}
END_TEST

START_TEST(interpolate_reports_a_full_output)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    static const struct bulla_interpolation nothing = {.lookup = NULL};
    bulla_auto_buf out;
    bulla_buf_init_secret(&out, 3);
    ck_assert(!bulla_interpolate(LIT("${V:-four}"), &nothing, &out, NULL, NULL, &err));
    ck_assert_int_eq(err.code, BULLA_E_LIMIT);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("interpolate");
    TCase *tcase = tcase_create("interpolate");
    tcase_add_test(tcase, interpolate_follows_the_data);
    tcase_add_test(tcase, interpolate_scan_sees_operands_and_tails);
    tcase_add_test(tcase, interpolate_keeps_going_for_every_problem);
    tcase_add_test(tcase, interpolate_stops_where_the_callback_says);
    tcase_add_test(tcase, interpolate_limits_the_depth);
    tcase_add_test(tcase, interpolate_limits_the_depth_of_what_is_no_reference_too);
    tcase_add_test(tcase, interpolate_reports_a_full_output);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
