/* Signals that are held back, and those that still end the program. */
#include "interrupts.h"

#include <stdbool.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit.h"

static int number; /* what a step sends */

static void send_from_outside(void)
{
    (void)kill(getpid(), number);
}

/* To ourselves we may say that it is the system's. */
static void send_as_a_fault(void)
{
    siginfo_t info = {.si_signo = number, .si_code = 1};
    (void)syscall(SYS_rt_sigqueueinfo, getpid(), number, &info);
}

/* How a child ends that holds signals and does STEP; 0 where it noted NUMBER and went on. */
static int hold_and(void (*step)(void))
{
    pid_t pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        struct interrupts interrupts;
        interrupts_hold(&interrupts, INTERRUPTS_END);
        step();
        _exit(interrupts_noted() == number ? 0 : 1);
    }
    int status = 0;
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    return status;
}

static const int doubtful[] = {SIGABRT, SIGTRAP, SIGSYS};

START_TEST(interrupts_hold_what_somebody_sends)
{
    number = doubtful[_i];
    ck_assert_int_eq(hold_and(send_from_outside), 0);
}
END_TEST

START_TEST(interrupts_let_a_fault_end_the_program)
{
    number = doubtful[_i];
    int status = hold_and(number == SIGABRT ? abort : send_as_a_fault);
    ck_assert(WIFSIGNALED(status));
    ck_assert_int_eq(WTERMSIG(status), number);
}
END_TEST

int main(void)
{
    const int count = sizeof doubtful / sizeof *doubtful;
    Suite *suite = suite_create("interrupts");
    TCase *tc = tcase_create("interrupts");
    tcase_add_loop_test(tc, interrupts_hold_what_somebody_sends, 0, count);
    tcase_add_loop_test(tc, interrupts_let_a_fault_end_the_program, 0, count);
    suite_add_tcase(suite, tc);
    return unit_run(suite);
}
