#include <string.h>

#include "bulla/buf.h"
#include "bulla/codec.h"
#include "bulla/file.h"

#include "unit.h"

#define FOLDER BULLA_TEST_DATA "/certificates/"

#define SHORT_BEGINS INT64_C(1735689600)
#define SHORT_ENDS INT64_C(1743510896)
#define LONG_BEGINS INT64_C(1709168523)
#define LONG_ENDS INT64_C(2713910399)

static void read_into(struct bulla_buf *text, const char *name)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    assert_ok(bulla_file_read(name, 1 << 16, text, &err), err);
}

static void assert_validity(struct bulla_bytes text, int64_t begins, int64_t ends)
{
    int64_t got_begins = 0;
    int64_t got_ends = 0;
    ck_assert(bulla_certificate_validity(text, &got_begins, &got_ends));
    ck_assert_int_eq(got_begins, begins);
    ck_assert_int_eq(got_ends, ends);
}

START_TEST(certificate_tells_both_forms_of_time)
{
    bulla_auto_buf text;
    bulla_buf_init(&text, 1 << 16);
    read_into(&text, FOLDER "short.pem");
    assert_validity(bulla_buf_view(&text), SHORT_BEGINS, SHORT_ENDS);
    bulla_buf_clear(&text);
    read_into(&text, FOLDER "long.pem");
    assert_validity(bulla_buf_view(&text), LONG_BEGINS, LONG_ENDS);
}
END_TEST

START_TEST(certificate_of_a_chain_ends_with_the_first_that_ends)
{
    bulla_auto_buf text;
    bulla_buf_init(&text, 1 << 16);
    bulla_buf_puts(&text, "a chain\n");
    read_into(&text, FOLDER "long.pem");
    bulla_buf_puts(&text, "-----BEGIN EC PRIVATE KEY-----\nx\n-----END EC PRIVATE KEY-----\n");
    read_into(&text, FOLDER "short.pem");
    assert_validity(bulla_buf_view(&text), SHORT_BEGINS, SHORT_ENDS);
}
END_TEST

START_TEST(certificate_may_stand_on_one_line)
{
    bulla_auto_buf text;
    bulla_auto_buf line;
    bulla_buf_init(&text, 1 << 16);
    bulla_buf_init(&line, 1 << 16);
    read_into(&text, FOLDER "short.pem");
    struct bulla_bytes view = bulla_buf_view(&text);
    for (size_t i = 0; i < view.len; i++) {
        if (view.data[i] == '\n') {
            bulla_buf_puts(&line, "\\n");
        } else {
            bulla_buf_putc(&line, (char)view.data[i]);
        }
    }
    assert_validity(bulla_buf_view(&line), SHORT_BEGINS, SHORT_ENDS);
}
END_TEST

START_TEST(certificate_that_is_cut_or_changed_is_none_or_another_time)
{
    bulla_auto_buf text;
    bulla_buf_init(&text, 1 << 16);
    read_into(&text, FOLDER "short.pem");
    struct bulla_bytes view = bulla_buf_view(&text);
    int64_t begins = 0;
    int64_t ends = 0;
    for (size_t len = 0; len + 2 < view.len; len++) {
        ck_assert(!bulla_certificate_validity(bulla_bytes(view.data, len), &begins, &ends));
    }
    for (size_t i = 0; i < view.len; i++) {
        uint8_t before = text.data[i];
        text.data[i] = before == 'A' ? '/' : 'A';
        (void)bulla_certificate_validity(bulla_buf_view(&text), &begins, &ends);
        text.data[i] = before;
    }
    ck_assert(!bulla_certificate_validity(LIT("no certificate"), &begins, &ends));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("certificate");
    TCase *tcase = tcase_create("certificate");
    tcase_add_test(tcase, certificate_tells_both_forms_of_time);
    tcase_add_test(tcase, certificate_of_a_chain_ends_with_the_first_that_ends);
    tcase_add_test(tcase, certificate_may_stand_on_one_line);
    tcase_add_test(tcase, certificate_that_is_cut_or_changed_is_none_or_another_time);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
