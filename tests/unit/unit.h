/* What every unit test program shares: running one Check suite and reporting as TAP. */
#ifndef BULLA_TESTS_UNIT_H
#define BULLA_TESTS_UNIT_H

#include <check.h>
#include <stdlib.h>

#include "bulla/secret.h"

/* Runs SUITE and returns the exit status for main. Set CK_FORK=no for a debugger or valgrind. */
static inline int unit_run(Suite *suite)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    if (!bulla_init(&err)) {
        return EXIT_FAILURE;
    }
    SRunner *runner = srunner_create(suite);
    srunner_set_tap(runner, "-");
    srunner_run_all(runner, CK_SILENT);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* A view of a string literal, NULs inside included. */
#define LIT(text) bulla_bytes((text), sizeof(text) - 1)

/* Asserts that VIEW is exactly the string literal TEXT. */
#define assert_bytes(view, text)                                                                   \
    do {                                                                                           \
        struct bulla_bytes got_ = (view);                                                          \
        ck_assert_msg(bulla_bytes_equal(got_, LIT(text)), "got '%.*s', want '%s'", (int)got_.len,  \
                      got_.len > 0 ? (const char *)got_.data : "", text);                          \
    } while (0)

/* Asserts that OK holds and shows the error where it does not. */
#define assert_ok(ok, err)                                                                         \
    ck_assert_msg(ok, "%s:%u:%u: %s", (err).file, (err).pos.line, (err).pos.col, (err).message)

#endif
