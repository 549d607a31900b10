/* The process of a plugin: how it is found, started, talked to and ended. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "age/plugin.h"
#include "bulla/file.h"
#include "bulla/mem.h"

#include "base/banned.h"

#define READ_BYTES 4096
#define BODY_COLUMNS 64
#define END_STEP_MS 10
#define END_STEPS 200

static int64_t now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Owned; NULL where there is none. */
static char *find_plugin(const struct bulla_age_host *host, const char *name,
                         struct bulla_error *err)
{
    const char *path = host == NULL || host->plugin_path == NULL ? "" : host->plugin_path;
    bulla_auto_str program_name = bulla_asprintf(err, "age-plugin-%s", name);
    char *program = NULL;
    if (program_name == NULL || !bulla_program_find(path, program_name, &program, err)) {
        return NULL;
    }
    if (program == NULL) {
        (void)bulla_error(err, BULLA_E_MISSING,
                          "the key needs the program '%s', which is not in PATH", program_name);
        (void)bulla_error_hint(err, "install that plugin of age");
    }
    return program;
}

/*
 * What the program gets: two pipes, our standard error, a working directory where nothing of ours
 * lies, no other descriptor, and signals as a program expects them.
 */
static int spawn(const char *program, char *const *argv, char *const *environment, int in, int out,
                 pid_t *ret_pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    sigset_t pipe_signal;
    (void)sigemptyset(&none);
    (void)sigemptyset(&pipe_signal);
    (void)sigaddset(&pipe_signal, SIGPIPE);
    int failed = posix_spawn_file_actions_init(&actions);
    if (failed != 0) {
        return failed;
    }
    failed = posix_spawnattr_init(&attributes);
    if (failed != 0) {
        (void)posix_spawn_file_actions_destroy(&actions);
        return failed;
    }
    int steps[] = {
        posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO),
        posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO),
        posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1),
        posix_spawn_file_actions_addchdir_np(&actions, "/"),
        posix_spawnattr_setsigmask(&attributes, &none),
        posix_spawnattr_setsigdefault(&attributes, &pipe_signal),
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF),
    };
    for (size_t i = 0; i < sizeof steps / sizeof *steps && failed == 0; i++) {
        failed = steps[i];
    }
    if (failed == 0) {
        failed = posix_spawn(ret_pid, program, &actions, &attributes, argv, environment);
    }
    (void)posix_spawnattr_destroy(&attributes);
    (void)posix_spawn_file_actions_destroy(&actions);
    return failed;
}

static void close_end(int *fd)
{
    if (*fd >= 0) {
        (void)close(*fd);
        *fd = -1;
    }
}

bool plugin_start(struct plugin_peer *peer, const struct bulla_age_host *host, const char *name,
                  const char *state, struct bulla_error *err)
{
    static char *const nothing[] = {NULL};
    *peer = (struct plugin_peer){.host = host, .name = name, .pid = -1, .to = -1, .from = -1};
    bulla_buf_init_secret(&peer->in, PLUGIN_MAX_MESSAGE_BYTES + READ_BYTES);
    bulla_auto_str program = find_plugin(host, name, err);
    bulla_auto_str option = program == NULL ? NULL : bulla_asprintf(err, "--age-plugin=%s", state);
    if (option == NULL) {
        return false;
    }
    int to[2] = {-1, -1};
    int from[2] = {-1, -1};
    char *const argv[] = {program, option, NULL};
    int failed = pipe2(to, O_CLOEXEC) != 0 || pipe2(from, O_CLOEXEC) != 0 ? errno : 0;
    if (failed == 0) {
        char *const *environment =
            host->plugin_environment != NULL ? host->plugin_environment : nothing;
        failed = spawn(program, argv, environment, to[0], from[1], &peer->pid);
    }
    peer->to = to[1];
    peer->from = from[0];
    close_end(&to[0]);
    close_end(&from[1]);
    if (failed != 0) {
        peer->pid = -1;
        errno = failed;
        return bulla_error_sys(err, program, "cannot start");
    }
    return fcntl(peer->to, F_SETFL, O_NONBLOCK) == 0 ||
           bulla_error_sys(err, program, "cannot start");
}

void plugin_end(struct plugin_peer *peer, bool is_done)
{
    const struct timespec step = {.tv_nsec = END_STEP_MS * 1000000L};
    close_end(&peer->to);
    close_end(&peer->from);
    bulla_buf_release(&peer->in);
    if (peer->pid <= 0) {
        return;
    }
    int status = 0;
    pid_t ended = 0;
    for (int i = 0; i < (is_done ? END_STEPS : 0) && ended == 0; i++) {
        ended = waitpid(peer->pid, &status, WNOHANG);
        if (ended == 0) {
            (void)nanosleep(&step, NULL);
        }
    }
    if (ended == 0) {
        (void)kill(peer->pid, SIGKILL);
        while (waitpid(peer->pid, &status, 0) < 0 && errno == EINTR) {
        }
    }
    peer->pid = -1;
}

static bool fail(const struct plugin_peer *peer, struct bulla_error *err, const char *what)
{
    return bulla_error(err, BULLA_E_IO, "the plugin 'age-plugin-%s' %s", peer->name, what);
}

/* Waits for EVENTS on FD until DEADLINE; after a while the person is told what is waited for. */
static bool wait_for(const struct plugin_peer *peer, int fd, short events, int64_t deadline,
                     bool *told, struct bulla_error *err)
{
    for (;;) {
        int64_t left = deadline - now_ms();
        struct pollfd watched = {.fd = fd, .events = events};
        if (left <= 0) {
            return fail(peer, err, "did not answer in time");
        }
        bool may_tell = !*told && peer->host->waiting != NULL && left > PLUGIN_NOTICE_MS;
        int ready = poll(&watched, 1, (int)(may_tell ? PLUGIN_NOTICE_MS : left));
        if (ready > 0) {
            return true;
        }
        if (ready < 0 && errno != EINTR) {
            return bulla_error_sys(err, peer->name, "cannot wait for the plugin");
        }
        if (ready == 0 && may_tell) {
            peer->host->waiting(peer->host->ctx, peer->name);
            *told = true;
        }
    }
}

static int64_t deadline_of(const struct plugin_peer *peer)
{
    unsigned wait = peer->host->plugin_wait_ms;
    return now_ms() + (wait != 0 ? wait : PLUGIN_WAIT_MS);
}

bool plugin_send(struct plugin_peer *peer, struct bulla_bytes text, struct bulla_error *err)
{
    int64_t deadline = deadline_of(peer);
    bool told = false;
    size_t done = 0;
    while (done < text.len) {
        ssize_t put = write(peer->to, text.data + done, text.len - done);
        if (put > 0) {
            done += (size_t)put;
        } else if (put < 0 && errno == EPIPE) {
            return fail(peer, err, "ended before it was done");
        } else if (put < 0 && errno != EINTR && errno != EAGAIN) {
            return bulla_error_sys(err, peer->name, "cannot talk to the plugin");
        } else if (!wait_for(peer, peer->to, POLLOUT, deadline, &told, err)) {
            return false;
        }
    }
    return true;
}

size_t plugin_message_len(struct bulla_bytes text)
{
    size_t at = 0;
    size_t line = 0;
    bool is_first = true;
    for (; at < text.len; at++) {
        if (text.data[at] != '\n') {
            continue;
        }
        /* A body ends with its first line of less than 64 columns. */
        if (!is_first && at - line < BODY_COLUMNS) {
            return at + 1;
        }
        is_first = false;
        line = at + 1;
    }
    return 0;
}

/* Takes the message read last from the front. */
static void drop_used(struct plugin_peer *peer)
{
    struct bulla_bytes rest =
        bulla_bytes_slice(bulla_buf_view(&peer->in), peer->used, peer->in.len);
    if (rest.len > 0) {
        memmove(peer->in.data, rest.data, rest.len);
    }
    bulla_buf_truncate(&peer->in, rest.len);
    peer->used = 0;
}

static bool read_more(struct plugin_peer *peer, int64_t deadline, bool *told,
                      struct bulla_error *err)
{
    if (peer->in.len >= PLUGIN_MAX_MESSAGE_BYTES) {
        return fail(peer, err, "sent a message that is too long");
    }
    uint8_t *to = bulla_buf_reserve(&peer->in, READ_BYTES);
    if (to == NULL) {
        return bulla_buf_ok(&peer->in, err);
    }
    ssize_t got = -1;
    do {
        if (!wait_for(peer, peer->from, POLLIN, deadline, told, err)) {
            return false;
        }
        got = read(peer->from, to, READ_BYTES);
    } while (got < 0 && errno == EINTR);
    if (got < 0) {
        return bulla_error_sys(err, peer->name, "cannot hear the plugin");
    }
    bulla_buf_commit(&peer->in, (size_t)got);
    return got > 0 || fail(peer, err, "ended before it was done");
}

bool plugin_receive(struct plugin_peer *peer, struct age_stanza *ret_message,
                    struct bulla_error *err)
{
    int64_t deadline = deadline_of(peer);
    bool told = false;
    drop_used(peer);
    if (++peer->messages > PLUGIN_MAX_MESSAGES) {
        return fail(peer, err, "sent too many messages");
    }
    while (peer->used == 0) {
        peer->used = plugin_message_len(bulla_buf_view(&peer->in));
        if (peer->used == 0 && !read_more(peer, deadline, &told, err)) {
            return false;
        }
    }
    struct bulla_bytes text = bulla_bytes_slice(bulla_buf_view(&peer->in), 0, peer->used);
    return age_stanza_parse(text, ret_message, err) || fail(peer, err, "sent what is no message");
}
