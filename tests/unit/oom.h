/* Failing each allocation of a call in turn: for the tests of what happens without memory. */
#ifndef BULLA_TESTS_OOM_H
#define BULLA_TESTS_OOM_H

#include "bulla/mem.h"

#include "unit.h"

enum oom {
    OOM_OVER,   /* the call no longer reaches the allocation that was to fail, and succeeded */
    OOM_FAILED, /* BULLA_E_NOMEM */
    OOM_WENT_ON /* succeeded without what it asked for */
};

/*
 * To be asked after a call that was made with allocation NTH failing; OK is what it gave. Any other
 * end of it fails the test.
 */
static inline enum oom oom_outcome(const char *what, unsigned long nth, bool ok,
                                   struct bulla_error *err)
{
    bool fired = true;
    for (unsigned long i = 0; i < nth && fired; i++) {
        fired = bulla_mem_may_allocate();
    }
    bulla_mem_fail_at(0);
    ck_assert_msg(ok || err->code == BULLA_E_NOMEM, "%s: allocation %lu: %s", what, nth,
                  err->message);
    ck_assert_msg(ok || err->message[0] != '\0', "%s: allocation %lu: no message", what, nth);
    ck_assert_msg(fired || nth > 1, "%s allocates nothing", what);
    bulla_error_clear(err);
    return !ok ? OOM_FAILED : fired ? OOM_WENT_ON : OOM_OVER;
}

/* The same for a call that never goes on; true once it is over. */
static inline bool oom_is_over(const char *what, unsigned long nth, bool ok,
                               struct bulla_error *err)
{
    enum oom outcome = oom_outcome(what, nth, ok, err);
    ck_assert_msg(outcome != OOM_WENT_ON, "%s: allocation %lu failed and nobody noticed", what,
                  nth);
    return outcome == OOM_OVER;
}

/* Runs CALL (an expression that gives true for success) until no allocation of it is left to fail,
 * and CLEANUP after each time. */
#define each_failure(what, call, cleanup)                                                          \
    do {                                                                                           \
        bool over_ = false;                                                                        \
        for (unsigned long nth_ = 1; !over_; nth_++) {                                             \
            bulla_mem_fail_at(nth_);                                                               \
            bool ok_ = (call);                                                                     \
            over_ = oom_is_over(what, nth_, ok_, &err);                                            \
            cleanup;                                                                               \
        }                                                                                          \
    } while (0)

#endif
