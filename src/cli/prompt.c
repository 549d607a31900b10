#include "prompt.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <strings.h>
#include <termios.h>
#include <unistd.h>

#include "bulla/file.h"
#include "bulla/limits.h"
#include "bulla/mem.h"
#include "interrupts.h"

#define TERMINAL "/dev/tty"
#define LINE_MAX_BYTES 1024

static int open_terminal(void)
{
    return open(TERMINAL, O_RDWR | O_NOCTTY | O_CLOEXEC);
}

static void close_terminal(int *fd)
{
    if (*fd >= 0) {
        (void)close(*fd);
    }
}

#define auto_terminal BULLA_AUTO(close_terminal) int

bool prompt_is_possible(void)
{
    auto_terminal fd = open_terminal();
    return fd >= 0;
}

static bool refuse_without_terminal(struct bulla_error *err)
{
    (void)bulla_error(err, BULLA_E_REFUSED, "there is no terminal to ask on");
    return bulla_error_hint(err, "give the answer by an option, a file or standard input");
}

static bool put(int fd, const char *text, struct bulla_error *err)
{
    return bulla_fd_write(fd, TERMINAL, bulla_bytes_of(text), err);
}

/* Waits for FD; false where a signal is noted, also one that came just before the wait. */
static bool await_input(int fd)
{
    struct pollfd input = {.fd = fd, .events = POLLIN};
    sigset_t held;
    sigset_t before;
    interrupts_set(&held);
    (void)sigprocmask(SIG_BLOCK, &held, &before);
    int ready = interrupts_noted() != 0 ? -1 : ppoll(&input, 1, NULL, &before);
    bool is_noted = interrupts_noted() != 0;
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
    return ready > 0 || !is_noted;
}

/*
 * Reads one line into ROOM (MAX bytes), one byte at a time: nothing of a later answer may be taken
 * and no copy stays in a buffer. A longer line is read to its end, so that it is not answered to
 * the next question.
 */
static bool read_line(int fd, uint8_t *room, size_t max, size_t *ret_len, struct bulla_error *err)
{
    size_t len = 0;
    bool is_long = false;
    for (;;) {
        uint8_t byte = 0;
        if (!await_input(fd)) {
            return bulla_error(err, BULLA_E_REFUSED, "interrupted");
        }
        ssize_t got = read(fd, &byte, 1);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return bulla_error_sys(err, TERMINAL, "cannot read the answer");
        }
        if (got == 0 && len == 0) {
            return bulla_error(err, BULLA_E_REFUSED, "no answer was given");
        }
        if (got == 0 || byte == '\n') {
            break;
        }
        if (len == max) {
            is_long = true;
        } else {
            room[len++] = byte;
        }
        bulla_wipe(&byte, 1);
    }
    if (is_long) {
        return bulla_error(err, BULLA_E_LIMIT, "the answer is longer than %zu bytes", max);
    }
    *ret_len = len;
    return true;
}

/*
 * As read_line without echo; the terminal and the signals are put back whatever happens. *RET_NOTED
 * is the signal that came, 0 for none.
 */
static bool read_hidden(int fd, const char *label, uint8_t *room, size_t max, size_t *ret_len,
                        int *ret_noted, struct bulla_error *err)
{
    struct termios before;
    struct interrupts interrupts;
    *ret_noted = 0;
    if (tcgetattr(fd, &before) != 0) {
        return bulla_error_sys(err, TERMINAL, "cannot switch the echo off");
    }
    interrupts_hold(&interrupts, INTERRUPTS_END_AND_STOP);
    struct termios hidden = before;
    hidden.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
    bool ok = tcsetattr(fd, TCSAFLUSH, &hidden) == 0;
    if (!ok) {
        (void)bulla_error_sys(err, TERMINAL, "cannot switch the echo off");
    }
    ok = ok && put(fd, label, err) && put(fd, ": ", err) && read_line(fd, room, max, ret_len, err);
    (void)tcsetattr(fd, TCSAFLUSH, &before);
    struct bulla_error ignored = BULLA_ERROR_INIT;
    (void)!put(fd, "\n", &ignored);
    /* Now with its own effect, and the terminal as it was. */
    *ret_noted = interrupts_release(&interrupts);
    return ok;
}

static bool read_secret_line(int fd, const char *label, struct bulla_secret *secret, size_t max,
                             struct bulla_error *err)
{
    size_t len = 0;
    int noted = 0;
    bool ok = false;
    do {
        ok = read_hidden(fd, label, bulla_secret_room(secret), max, &len, &noted, err);
        /* Stopped by ^Z and continued: ask again. */
    } while (!ok && noted == SIGTSTP);
    if (!ok) {
        return false;
    }
    bulla_secret_set_len(secret, len);
    return true;
}

struct bulla_secret *prompt_secret(const char *label, size_t max, enum prompt_repeat repeat,
                                   struct bulla_error *err)
{
    auto_terminal fd = open_terminal();
    if (fd < 0) {
        (void)refuse_without_terminal(err);
        return NULL;
    }
    bulla_auto_secret secret = bulla_secret_new(max, err);
    if (secret == NULL || !read_secret_line(fd, label, secret, max, err)) {
        return NULL;
    }
    if (repeat == PROMPT_ONCE) {
        return BULLA_STEAL(secret);
    }
    bulla_auto_secret again = bulla_secret_new(max, err);
    if (again == NULL || !read_secret_line(fd, "once more", again, max, err)) {
        return NULL;
    }
    if (!bulla_secret_bytes_equal(bulla_secret_view(secret), bulla_secret_view(again))) {
        (void)bulla_error(err, BULLA_E_REFUSED, "the two answers differ");
        return NULL;
    }
    return BULLA_STEAL(secret);
}

char *prompt_line(const char *label, struct bulla_error *err)
{
    auto_terminal fd = open_terminal();
    if (fd < 0) {
        (void)refuse_without_terminal(err);
        return NULL;
    }
    char line[LINE_MAX_BYTES];
    size_t len = 0;
    struct interrupts interrupts;
    interrupts_hold(&interrupts, INTERRUPTS_END);
    bool ok = put(fd, label, err) && put(fd, ": ", err) &&
              read_line(fd, (uint8_t *)line, sizeof line, &len, err);
    (void)interrupts_release(&interrupts);
    return ok ? bulla_strndup(line, len, err) : NULL;
}

bool prompt_yes_no(const char *question, bool *ret_yes, struct bulla_error *err)
{
    bulla_auto_str label = bulla_asprintf(err, "%s [y/N]", question);
    bulla_auto_str answer = label == NULL ? NULL : prompt_line(label, err);
    if (answer == NULL) {
        return false;
    }
    *ret_yes = strcasecmp(answer, "y") == 0 || strcasecmp(answer, "yes") == 0;
    return true;
}

bool prompt_typed_name(const char *question, const char *name, struct bulla_error *err)
{
    bulla_auto_str label = bulla_asprintf(err, "%s; type '%s' to go on", question, name);
    bulla_auto_str answer = label == NULL ? NULL : prompt_line(label, err);
    if (answer == NULL) {
        return false;
    }
    if (strcmp(answer, name) != 0) {
        return bulla_error(err, BULLA_E_REFUSED, "the answer is not '%s'", name);
    }
    return true;
}
