/* Questions, asked of a pseudo-terminal: what is shown, what is read, how the terminal is left. */
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "bulla/mem.h"
#include "prompt.h"
#include "unit.h"

#define MAX_BYTES 16

/* What the child does on its terminal; its exit status is the answer. */
typedef int (*question_fn)(void);

struct dialogue {
    int terminal;
    pid_t child;
    char shown[2048];
    size_t len;
};

static void begin(struct dialogue *d, question_fn question)
{
    *d = (struct dialogue){0};
    d->child = forkpty(&d->terminal, NULL, NULL, NULL);
    ck_assert_int_ge(d->child, 0);
    if (d->child == 0) {
        /* Check has handlers of its own, which a child inherits. */
        static const int signals[] = {SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGTSTP};
        for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
            (void)signal(signals[i], SIG_DFL);
        }
        _exit(question());
    }
}

/* Reads what the child shows until TEXT has come, at most ten seconds. */
static void wait_for(struct dialogue *d, const char *text)
{
    while (strstr(d->shown, text) == NULL) {
        struct pollfd ready = {.fd = d->terminal, .events = POLLIN};
        ck_assert_msg(poll(&ready, 1, 10000) == 1, "no '%s' in '%s'", text, d->shown);
        ssize_t got = read(d->terminal, d->shown + d->len, sizeof d->shown - 1 - d->len);
        ck_assert_msg(got > 0, "the child ended before '%s': '%s'", text, d->shown);
        d->len += (size_t)got;
    }
    /* The next wait is for what comes later. */
    d->len = 0;
    memset(d->shown, 0, sizeof d->shown);
}

static void type(struct dialogue *d, const char *text)
{
    ck_assert_int_eq(write(d->terminal, text, strlen(text)), (ssize_t)strlen(text));
}

/* Reads the rest, and returns the child's status as wait gives it. */
static int end(struct dialogue *d)
{
    for (;;) {
        ssize_t got = read(d->terminal, d->shown + d->len, sizeof d->shown - 1 - d->len);
        if (got <= 0) {
            break;
        }
        d->len += (size_t)got;
    }
    int status = 0;
    ck_assert_int_eq(waitpid(d->child, &status, 0), d->child);
    (void)close(d->terminal);
    return status;
}

static bool echoes(const struct dialogue *d)
{
    struct termios now;
    ck_assert_int_eq(tcgetattr(d->terminal, &now), 0);
    return (now.c_lflag & ECHO) != 0;
}

/* 0 where the answer is WANTED, else the error's exit status (or 99 for a wrong answer). */
static int ask_secret(enum prompt_repeat repeat, const char *wanted)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_secret secret = prompt_secret("value of KEY", MAX_BYTES, repeat, &err);
    if (secret == NULL) {
        return bulla_code_exit(err.code);
    }
    return bulla_bytes_are(bulla_secret_view(secret), wanted) ? 0 : 99;
}

static int ask_once(void)
{
    return ask_secret(PROMPT_ONCE, "p\xc3\xa4ss word");
}

static int ask_twice(void)
{
    return ask_secret(PROMPT_TWICE, "secret");
}

START_TEST(prompt_secret_shows_nothing_of_the_answer)
{
    struct dialogue d;
    begin(&d, ask_once);
    wait_for(&d, "value of KEY: ");
    ck_assert(!echoes(&d));
    type(&d, "p\xc3\xa4ss word\n");
    ck_assert_int_eq(end(&d), 0);
    ck_assert_ptr_null(strstr(d.shown, "word"));
}
END_TEST

START_TEST(prompt_secret_asks_twice_and_compares)
{
    struct dialogue d;
    begin(&d, ask_twice);
    wait_for(&d, "value of KEY: ");
    type(&d, "secret\n");
    wait_for(&d, "once more: ");
    type(&d, "secret\n");
    ck_assert_int_eq(end(&d), 0);

    begin(&d, ask_twice);
    wait_for(&d, "value of KEY: ");
    type(&d, "secret\n");
    wait_for(&d, "once more: ");
    type(&d, "sekret\n");
    ck_assert_int_eq(WEXITSTATUS(end(&d)), 1);
}
END_TEST

START_TEST(prompt_secret_refuses_a_long_answer_whole)
{
    struct dialogue d;
    begin(&d, ask_once);
    wait_for(&d, "value of KEY: ");
    type(&d, "12345678901234567\n");
    ck_assert_int_eq(WEXITSTATUS(end(&d)), 3);
}
END_TEST

START_TEST(prompt_secret_refuses_the_end_of_input)
{
    struct dialogue d;
    begin(&d, ask_once);
    wait_for(&d, "value of KEY: ");
    type(&d, "\x04");
    ck_assert_int_eq(WEXITSTATUS(end(&d)), 1);
}
END_TEST

/* Survives its own interruption to show how the terminal was left. */
static int ask_and_look(void)
{
    struct termios now;
    (void)signal(SIGINT, SIG_IGN);
    int status = ask_secret(PROMPT_ONCE, "");
    return tcgetattr(STDIN_FILENO, &now) == 0 && (now.c_lflag & ECHO) != 0 ? status : 98;
}

START_TEST(prompt_secret_leaves_an_ignored_signal_ignored)
{
    struct dialogue d;
    begin(&d, ask_and_look);
    wait_for(&d, "value of KEY: ");
    type(&d, "\x03");
    type(&d, "\n");
    ck_assert_int_eq(end(&d), 0);
}
END_TEST

START_TEST(prompt_secret_puts_the_echo_back_before_a_signal_ends_it)
{
    static const int signals[] = {SIGTERM, SIGHUP, SIGINT, SIGQUIT};
    struct dialogue d;
    int another = -1;
    begin(&d, ask_once);
    wait_for(&d, "value of KEY: ");
    /* Hold the terminal open: its settings are looked at when the child is gone. */
    another = dup(d.terminal);
    ck_assert_int_eq(kill(d.child, signals[_i]), 0);
    int status = end(&d);
    ck_assert(WIFSIGNALED(status));
    ck_assert_int_eq(WTERMSIG(status), signals[_i]);
    d.terminal = another;
    ck_assert(echoes(&d));
    (void)close(another);
}
END_TEST

START_TEST(prompt_secret_asks_again_after_a_stop)
{
    struct dialogue d;
    begin(&d, ask_once);
    wait_for(&d, "value of KEY: ");
    ck_assert_int_eq(kill(d.child, SIGTSTP), 0);
    /* A process group that is a whole session is an orphan: the kernel does not stop it. */
    wait_for(&d, "value of KEY: ");
    type(&d, "p\xc3\xa4ss word\n");
    ck_assert_int_eq(end(&d), 0);
}
END_TEST

static int ask_yes_no(void)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bool yes = false;
    if (!prompt_yes_no("go on", &yes, &err)) {
        return 97;
    }
    return yes ? 10 : 20;
}

static const struct {
    const char *typed;
    int status;
} answers[] = {{"y\n", 10}, {"YES\n", 10}, {"\n", 20}, {"n\n", 20}, {"yesterday\n", 20}};

START_TEST(prompt_yes_no_takes_only_yes)
{
    struct dialogue d;
    begin(&d, ask_yes_no);
    wait_for(&d, "go on [y/N]: ");
    type(&d, answers[_i].typed);
    ck_assert_int_eq(WEXITSTATUS(end(&d)), answers[_i].status);
}
END_TEST

static int ask_name(void)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    return prompt_typed_name("this drops the vault", "prod", &err) ? 0 : bulla_code_exit(err.code);
}

START_TEST(prompt_typed_name_takes_only_the_name)
{
    struct dialogue d;
    begin(&d, ask_name);
    wait_for(&d, "type 'prod' to go on: ");
    type(&d, "prod\n");
    ck_assert_int_eq(end(&d), 0);
    begin(&d, ask_name);
    wait_for(&d, "type 'prod' to go on: ");
    type(&d, "y\n");
    ck_assert_int_eq(WEXITSTATUS(end(&d)), 1);
}
END_TEST

START_TEST(prompt_refuses_without_a_terminal)
{
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        (void)setsid();
        _exit(prompt_is_possible() ? 96 : ask_once());
    }
    int status = 0;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(WEXITSTATUS(status), 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("prompt");
    TCase *tc = tcase_create("prompt");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, prompt_secret_shows_nothing_of_the_answer);
    tcase_add_test(tc, prompt_secret_asks_twice_and_compares);
    tcase_add_test(tc, prompt_secret_refuses_a_long_answer_whole);
    tcase_add_test(tc, prompt_secret_refuses_the_end_of_input);
    tcase_add_test(tc, prompt_secret_leaves_an_ignored_signal_ignored);
    tcase_add_loop_test(tc, prompt_secret_puts_the_echo_back_before_a_signal_ends_it, 0, 4);
    tcase_add_test(tc, prompt_secret_asks_again_after_a_stop);
    tcase_add_loop_test(tc, prompt_yes_no_takes_only_yes, 0, 5);
    tcase_add_test(tc, prompt_typed_name_takes_only_the_name);
    tcase_add_test(tc, prompt_refuses_without_a_terminal);
    suite_add_tcase(suite, tc);
    return unit_run(suite);
}
