#include <string.h>

#include "bulla/mem.h"
#include "pattern/pattern.h"

#include "unit.h"

/* A view of a literal that may stand in a static initialiser. */
#define TEXT(text)                                                                                 \
    {                                                                                              \
        (const uint8_t *)(text), sizeof(text) - 1                                                  \
    }

static const struct {
    const char *what;
    const char *pattern;
    struct bulla_bytes subject;
    bool matches;
} matches[] = {
    {"an alternative has to cover the whole value", "a|ab", TEXT("ab"), true},
    {"a value longer than the pattern does not match", "a|ab", TEXT("abc"), false},
    {"a value with something before does not match", "b", TEXT("ab"), false},
    {"a final newline is part of the value", "ab$", TEXT("ab\n"), false},
    {"a class with a count", "[A-Za-z0-9]{8}", TEXT("abCD1234"), true},
    {"one character too few", "[A-Za-z0-9]{8}", TEXT("abCD123"), false},
    {"the empty value matches an optional pattern", "(x)?", TEXT(""), true},
    {"the empty pattern matches the empty value", "", TEXT(""), true},
    {"the empty pattern matches nothing else", "", TEXT("x"), false},
    {"a dot is one code point", "..", TEXT("äö"), true},
    {"bytes that are no UTF-8 match nothing", ".*", TEXT("a\xff"), false},
    {"a NUL is a character like any other", "a.b", TEXT("a\0b"), true},
    {"look-ahead works", "(?=.*[0-9])[a-z0-9]+", TEXT("abc1"), true},
};

START_TEST(pattern_covers_the_whole_value)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    size_t offset = 0;
    auto_pattern pattern = pattern_compile(bulla_bytes_of(matches[_i].pattern), &offset, &err);
    assert_ok(pattern != NULL, err);
    bool found = !matches[_i].matches;
    assert_ok(pattern_match(pattern, matches[_i].subject, &found, &err), err);
    ck_assert_msg(found == matches[_i].matches, "%s", matches[_i].what);
}
END_TEST

static const struct {
    const char *what;
    const char *pattern;
    enum bulla_code code;
    size_t offset;
} broken[] = {
    {"an open group", "a(b", BULLA_E_INVALID, 3},
    {"an open class", "ab[c", BULLA_E_INVALID, 4},
    {"a repetition of nothing", "a|*", BULLA_E_INVALID, 2},
    {"\\C, which would split code points", "\\C", BULLA_E_INVALID, 2},
    {"not UTF-8", "a\xff", BULLA_E_INVALID, 1},
};

START_TEST(pattern_names_where_it_is_broken)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    size_t offset = 0;
    ck_assert_ptr_null(pattern_compile(bulla_bytes_of(broken[_i].pattern), &offset, &err));
    ck_assert_msg(err.code == broken[_i].code, "%s: %s", broken[_i].what, err.message);
    ck_assert_msg(offset == broken[_i].offset, "%s: %zu", broken[_i].what, offset);
    ck_assert_str_ne(err.message, "");
}
END_TEST

START_TEST(pattern_refuses_a_long_one)
{
    static char text[PATTERN_MAX_BYTES + 1];
    memset(text, 'a', sizeof text);
    struct bulla_error err = BULLA_ERROR_INIT;
    size_t offset = 0;
    ck_assert_ptr_null(pattern_compile(bulla_bytes(text, sizeof text), &offset, &err));
    ck_assert_int_eq(err.code, BULLA_E_LIMIT);
}
END_TEST

START_TEST(pattern_refuses_deep_groups)
{
    char text[200];
    memset(text, '(', 100);
    memset(text + 100, ')', 100);
    struct bulla_error err = BULLA_ERROR_INIT;
    size_t offset = 0;
    ck_assert_ptr_null(pattern_compile(bulla_bytes(text, sizeof text), &offset, &err));
    ck_assert_int_eq(err.code, BULLA_E_INVALID);
}
END_TEST

/* The pattern itself cannot lift the limits: its own verb may only lower them. */
static const char *const endless[] = {"(a+)+b", "(a|a?)+b", "(*LIMIT_MATCH=4000000000)(a+)+b"};

START_TEST(pattern_gives_up_at_its_limits)
{
    char subject[4000];
    memset(subject, 'a', sizeof subject);
    struct bulla_error err = BULLA_ERROR_INIT;
    size_t offset = 0;
    auto_pattern pattern = pattern_compile(bulla_bytes_of(endless[_i]), &offset, &err);
    assert_ok(pattern != NULL, err);
    bool found = true;
    /* A final 'b', or PCRE2 would see at once that the pattern needs one that is not there. */
    subject[sizeof subject - 2] = 'c';
    subject[sizeof subject - 1] = 'b';
    bool ok = pattern_match(pattern, bulla_bytes(subject, sizeof subject), &found, &err);
    ck_assert(!ok);
    ck_assert_int_eq(err.code, BULLA_E_LIMIT);
    ck_assert_str_ne(err.hint, "");
    ck_assert(found);
}
END_TEST

START_TEST(pattern_that_calls_itself_without_end_is_refused)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    size_t offset = 0;
    auto_pattern pattern = pattern_compile(LIT("(?R)"), &offset, &err);
    assert_ok(pattern != NULL, err);
    bool found = false;
    ck_assert(!pattern_match(pattern, LIT("x"), &found, &err));
    ck_assert_int_eq(err.code, BULLA_E_LIMIT);
    ck_assert_str_eq(err.message, "the pattern calls itself without end");
}
END_TEST

START_TEST(pattern_survives_every_failed_allocation)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    for (unsigned long nth = 1;; nth++) {
        bulla_mem_fail_at(nth);
        size_t offset = 0;
        auto_pattern pattern = pattern_compile(LIT("(a|b)+c"), &offset, &err);
        bool found = false;
        bool ok = pattern != NULL && pattern_match(pattern, LIT("abc"), &found, &err);
        bulla_mem_fail_at(0);
        if (ok) {
            ck_assert(found);
            ck_assert_uint_gt(nth, 3);
            break;
        }
        ck_assert_int_eq(err.code, BULLA_E_NOMEM);
        ck_assert_uint_lt(nth, 100);
    }
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof(array)[0]))

int main(void)
{
    Suite *suite = suite_create("pattern");
    TCase *tcase = tcase_create("pattern");
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, pattern_covers_the_whole_value, 0, COUNT(matches));
    tcase_add_loop_test(tcase, pattern_names_where_it_is_broken, 0, COUNT(broken));
    tcase_add_test(tcase, pattern_refuses_a_long_one);
    tcase_add_test(tcase, pattern_refuses_deep_groups);
    tcase_add_loop_test(tcase, pattern_gives_up_at_its_limits, 0, COUNT(endless));
    tcase_add_test(tcase, pattern_that_calls_itself_without_end_is_refused);
    tcase_add_test(tcase, pattern_survives_every_failed_allocation);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
