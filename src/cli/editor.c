#include "editor.h"

#include <errno.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bulla/file.h"
#include "bulla/mem.h"
#include "env.h"
#include "interrupts.h"
#include "process.h"
#include "prompt.h"

#define STATUS_NOT_FOUND 127
#define PATIENCE_SECONDS 3

/*
 * The shell gives way to the editor, which then is our child; `env` lets the name be preceded by
 * assignments. */
#define NAMED "exec env %s \"$@\""

/* What Debian's alternatives point at, then what POSIX has. */
#define USUAL                                                                                      \
    "if command -v editor >/dev/null 2>&1; then exec editor \"$@\"; else exec vi \"$@\"; fi"

bool editor_check(const struct invocation *in, struct bulla_error *err)
{
    if (in->env->editor != NULL || prompt_is_possible()) {
        return true;
    }
    (void)bulla_error(err, BULLA_E_REFUSED, "there is no terminal for an editor");
    return bulla_error_hint(err, "'bulla set' takes a value from a file or standard input");
}

/* Our environment with TMPDIR as ENTRY; the array is owned, the strings are not. */
static char **own_environment(char *entry, struct bulla_error *err)
{
    size_t count = 0;
    while (env_all()[count] != NULL) {
        count++;
    }
    char **entries = bulla_alloc(count + 2, sizeof *entries, err);
    if (entries == NULL) {
        return NULL;
    }
    size_t kept = 0;
    entries[kept++] = entry;
    for (size_t i = 0; i < count; i++) {
        if (strncmp(env_all()[i], "TMPDIR=", 7) != 0) {
            entries[kept++] = env_all()[i];
        }
    }
    return entries;
}

/* Core dumps stay off and new files private: what the editor holds is secret. */
static int spawn(const struct invocation *in, char *const *argv, char *const *environment,
                 pid_t *ret_pid)
{
    posix_spawnattr_t attributes;
    sigset_t pipe_signal;
    (void)sigemptyset(&pipe_signal);
    (void)sigaddset(&pipe_signal, SIGPIPE);
    int failed = posix_spawnattr_init(&attributes);
    if (failed != 0) {
        return failed;
    }
    int steps[] = {
        posix_spawnattr_setsigmask(&attributes, &in->process->mask),
        posix_spawnattr_setsigdefault(&attributes, &pipe_signal),
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF),
    };
    for (size_t i = 0; i < sizeof steps / sizeof *steps && failed == 0; i++) {
        failed = steps[i];
    }
    if (failed == 0) {
        failed = posix_spawn(ret_pid, "/bin/sh", NULL, &attributes, argv, environment);
    }
    (void)posix_spawnattr_destroy(&attributes);
    return failed;
}

static bool is_running(pid_t pid, int *ret_status)
{
    pid_t ended = 0;
    do {
        ended = waitpid(pid, ret_status, WNOHANG);
    } while (ended < 0 && errno == EINTR);
    return ended == 0;
}

/* Sent by the terminal to all that run in it. */
static bool is_key(int number)
{
    return number == SIGINT || number == SIGQUIT;
}

/*
 * The editor gets the signal, or one that editors end at, and a moment to put the terminal and its
 * files right.
 */
static void end_editor(pid_t pid, int number, const sigset_t *awaited, int *ret_status)
{
    const struct timespec patience = {.tv_sec = PATIENCE_SECONDS};
    (void)kill(pid, is_key(number) || number == SIGHUP ? number : SIGTERM);
    while (is_running(pid, ret_status)) {
        int got = sigtimedwait(awaited, NULL, &patience);
        if (got < 0 && errno == EAGAIN) {
            (void)kill(pid, SIGKILL);
            while (waitpid(pid, ret_status, 0) < 0 && errno == EINTR) {
            }
            return;
        }
    }
}

/*
 * Waits with the signals blocked, so that none comes between a look and the wait. From the keyboard
 * the editor has them too and decides what they mean; what is sent to us alone ends the editor.
 */
static int wait_for(pid_t pid, const sigset_t *awaited)
{
    int status = 0;
    int from_keyboard = 0;
    while (is_running(pid, &status)) {
        siginfo_t info;
        int number = sigwaitinfo(awaited, &info);
        if (number <= 0 || number == SIGCHLD) {
            continue;
        }
        if (is_key(number) && info.si_code == SI_KERNEL) {
            from_keyboard = number;
            continue;
        }
        end_editor(pid, number, awaited, &status);
        interrupts_note(number);
        return status;
    }
    bool failed = !WIFEXITED(status) || WEXITSTATUS(status) != 0;
    if (failed && from_keyboard != 0) {
        interrupts_note(from_keyboard);
    }
    return status;
}

static bool judge(const struct invocation *in, int status, struct bulla_error *err)
{
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
        return true;
    }
    if (WIFSIGNALED(status)) {
        return bulla_error(err, BULLA_E_REFUSED,
                           "the editor was ended by signal %d: nothing was written",
                           WTERMSIG(status));
    }
    if (WEXITSTATUS(status) == STATUS_NOT_FOUND) {
        (void)bulla_error(err, BULLA_E_REFUSED, "there is no editor '%s'",
                          in->env->editor != NULL ? in->env->editor : "vi");
        return bulla_error_hint(err, "name one in VISUAL or EDITOR");
    }
    return bulla_error(err, BULLA_E_REFUSED, "the editor ended with status %d: nothing was written",
                       WEXITSTATUS(status));
}

bool editor_run(const struct invocation *in, const char *folder, const char *name,
                struct bulla_error *err)
{
    bulla_auto_str path = bulla_path_join(folder, name, err);
    bulla_auto_str temporary = bulla_asprintf(err, "TMPDIR=%s", folder);
    bulla_auto_str script = in->env->editor != NULL ? bulla_asprintf(err, NAMED, in->env->editor)
                                                    : bulla_strdup(USUAL, err);
    if (path == NULL || temporary == NULL || script == NULL) {
        return false;
    }
    char **environment = own_environment(temporary, err);
    if (environment == NULL) {
        return false;
    }
    static char shell[] = "sh";
    static char option[] = "-c";
    char *argv[] = {shell, option, script, shell, path, NULL};
    sigset_t awaited;
    sigset_t before;
    interrupts_set(&awaited);
    (void)sigaddset(&awaited, SIGCHLD);
    (void)sigprocmask(SIG_BLOCK, &awaited, &before);
    /* Where it is ignored the system takes the child's status away. */
    const struct sigaction heed = {.sa_handler = SIG_DFL};
    struct sigaction child;
    (void)sigaction(SIGCHLD, &heed, &child);
    pid_t pid = -1;
    int status = 0;
    int failed = interrupts_noted() != 0 ? EINTR : spawn(in, argv, environment, &pid);
    if (failed == 0) {
        status = wait_for(pid, &awaited);
    }
    (void)sigaction(SIGCHLD, &child, NULL);
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
    bulla_free(environment);
    if (interrupts_noted() != 0) {
        return bulla_error(err, BULLA_E_REFUSED, "interrupted: nothing was written");
    }
    if (failed != 0) {
        errno = failed;
        return bulla_error_sys(err, "/bin/sh", "cannot start the editor");
    }
    return judge(in, status, err);
}
