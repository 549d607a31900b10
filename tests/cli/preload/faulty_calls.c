/*
 * Preloaded into the program, makes its system call number FAULT_AT go wrong, counted among those
 * whose names FAULT_CALLS lists (separated by commas; all of them where it is not set); with
 * FAULT_FROM it and every one behind. FAULT_HOW says what happens:
 *
 *     fail         it fails with the error number FAULT_ERRNO
 *     short        it moves one byte only
 *     kill-before  the process is killed in its place
 *     kill-after   the process is killed behind it
 *     kill-half    the process is killed behind half of it (read and write)
 *     stop-before  the process stops before it, until it is continued or killed
 *     jump         the clock jumps by FAULT_JUMP seconds
 *
 * FAULT_LOG names a file that gets the name of each call, FAULT_MARK one that is made when the
 * fault happens. Programs with another name than FAULT_PROGRAM, and children, are left alone.
 */
#undef _FILE_OFFSET_BITS
#undef _FORTIFY_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "calls.h"

enum fault {
    FAULT_NONE,
    FAULT_FAIL,
    FAULT_SHORT,
    FAULT_KILL_BEFORE,
    FAULT_KILL_AFTER,
    FAULT_KILL_HALF,
    FAULT_STOP_BEFORE,
    FAULT_JUMP,
};

static const char *const fault_names[] = {"none",       "fail",      "short",       "kill-before",
                                          "kill-after", "kill-half", "stop-before", "jump"};

static struct {
    pid_t process; /* 0: nothing to do here */
    enum fault how;
    int error;
    long jump;
    unsigned long at;
    bool from;
    char calls[1024];
    char mark[4096];
    int log;
} orders = {.log = -1};

static unsigned long seen;
static bool is_marked;
static bool is_due; /* this call is the one */

static long number_of(const char *name)
{
    const char *text = getenv(name);
    return text == NULL ? 0 : strtol(text, NULL, 10);
}

static void take_text(const char *name, char *to, size_t room)
{
    const char *text = getenv(name);
    if (text != NULL && strlen(text) < room) {
        memcpy(to, text, strlen(text) + 1);
    }
}

static enum fault find_fault(const char *name)
{
    for (size_t i = 0; name != NULL && i < sizeof fault_names / sizeof *fault_names; i++) {
        if (strcmp(fault_names[i], name) == 0) {
            return (enum fault)i;
        }
    }
    return FAULT_NONE;
}

/* Our own calls go to the kernel directly, past calls.c. */
static int make_file(const char *path)
{
    return (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC,
                        0600);
}

__attribute__((constructor)) static void read_orders(void)
{
    const char *program = getenv("FAULT_PROGRAM");
    const char *log = getenv("FAULT_LOG");
    if (program == NULL || strcmp(program, program_invocation_short_name) != 0) {
        return;
    }
    orders.how = find_fault(getenv("FAULT_HOW"));
    orders.error = (int)number_of("FAULT_ERRNO");
    orders.jump = number_of("FAULT_JUMP");
    long from = number_of("FAULT_FROM");
    orders.from = from > 0;
    orders.at = (unsigned long)(from > 0 ? from : number_of("FAULT_AT"));
    take_text("FAULT_CALLS", orders.calls, sizeof orders.calls);
    take_text("FAULT_MARK", orders.mark, sizeof orders.mark);
    if (log != NULL) {
        orders.log = make_file(log);
    }
    orders.process = getpid();
}

static bool is_counted(const char *name)
{
    size_t len = strlen(name);
    if (orders.calls[0] == '\0') {
        return true;
    }
    for (const char *at = orders.calls; at != NULL; at = strchr(at, ',')) {
        at += *at == ',' ? 1 : 0;
        if (strncmp(at, name, len) == 0 && (at[len] == ',' || at[len] == '\0')) {
            return true;
        }
    }
    return false;
}

static void leave_mark(void)
{
    if (!is_marked && orders.mark[0] != '\0') {
        is_marked = true;
        (void)syscall(SYS_close, make_file(orders.mark));
    }
}

static void write_log(const char *name)
{
    char line[64];
    size_t len = strlen(name);
    if (orders.log >= 0 && len < sizeof line) {
        memcpy(line, name, len);
        line[len] = '\n';
        (void)syscall(SYS_write, orders.log, line, len + 1);
    }
}

static void end_process(int signal_number)
{
    (void)kill(getpid(), signal_number);
}

bool call_begins(const struct call *call)
{
    if (orders.process == 0 || orders.process != getpid() || !is_counted(call->name)) {
        return true;
    }
    write_log(call->name);
    seen++;
    is_due = orders.at != 0 && (seen == orders.at || (orders.from && seen > orders.at));
    if (!is_due || orders.how == FAULT_NONE) {
        return true;
    }
    leave_mark();
    if (orders.how == FAULT_KILL_BEFORE) {
        end_process(SIGKILL);
    } else if (orders.how == FAULT_STOP_BEFORE) {
        end_process(SIGSTOP);
    } else if (orders.how == FAULT_SHORT && call->len != NULL && *call->len > 1) {
        *call->len = 1;
    } else if (orders.how == FAULT_KILL_HALF && call->len != NULL) {
        *call->len /= 2;
    }
    errno = orders.error;
    return orders.how != FAULT_FAIL;
}

void call_ended(const struct call *call)
{
    (void)call;
    if (is_due && orders.process == getpid() &&
        (orders.how == FAULT_KILL_AFTER || orders.how == FAULT_KILL_HALF)) {
        end_process(SIGKILL);
    }
    is_due = false;
}

long call_clock_offset(void)
{
    return orders.process != 0 && orders.how == FAULT_JUMP && orders.at != 0 && seen >= orders.at
               ? orders.jump
               : 0;
}

void call_starts_program(const char *path, char *const argv[], char *const envp[])
{
    (void)path;
    (void)argv;
    (void)envp;
}
