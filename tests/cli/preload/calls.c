/* The functions that ask the system for something: see calls.h. */
#undef _FILE_OFFSET_BITS
#undef _FORTIFY_SOURCE
#include "calls.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* The C library's own function of that name, in *REAL. */
static void find_real(void *real, const char *name)
{
    void *found = dlsym(RTLD_NEXT, name);
    if (found == NULL) {
        _exit(99);
    }
    memcpy(real, &found, sizeof found);
}

/* A function that fails with FAILURE: its type, name, parameters, and their names again. */
#define CALL_NAMED(type, failure, function, shown, parameters, arguments)                          \
    type function parameters;                                                                      \
    type function parameters                                                                       \
    {                                                                                              \
        static type(*real) parameters;                                                             \
        if (real == NULL) {                                                                        \
            find_real(&real, #function);                                                           \
        }                                                                                          \
        const struct call call = {shown, NULL};                                                    \
        if (!call_begins(&call)) {                                                                 \
            return failure;                                                                        \
        }                                                                                          \
        type result = real arguments;                                                              \
        int number = errno;                                                                        \
        call_ended(&call);                                                                         \
        errno = number;                                                                            \
        return result;                                                                             \
    }
#define CALL(type, failure, function, parameters, arguments)                                       \
    CALL_NAMED(type, failure, function, #function, parameters, arguments)

CALL(int, -1, fsync, (int fd), (fd))
CALL(int, -1, rename, (const char *from, const char *to), (from, to))
CALL(int, -1, linkat, (int from, const char *a, int to, const char *b, int flags),
     (from, a, to, b, flags))
CALL(int, -1, renameat2, (int from, const char *a, int to, const char *b, unsigned flags),
     (from, a, to, b, flags))
CALL(int, -1, unlink, (const char *path), (path))
CALL(int, -1, unlinkat, (int folder, const char *path, int flags), (folder, path, flags))
CALL(int, -1, rmdir, (const char *path), (path))
CALL(int, -1, mkdir, (const char *path, mode_t mode), (path, mode))
CALL(char *, NULL, mkdtemp, (char *path), (path))
CALL(int, -1, fchmod, (int fd, mode_t mode), (fd, mode))
CALL(int, -1, fchown, (int fd, uid_t user, gid_t group), (fd, user, group))
CALL(int, -1, flock, (int fd, int how), (fd, how))
CALL_NAMED(int, -1, fstat, "stat", (int fd, struct stat *to), (fd, to))
CALL_NAMED(int, -1, fstat64, "stat", (int fd, struct stat64 *to), (fd, to))
CALL_NAMED(int, -1, stat, "stat", (const char *path, struct stat *to), (path, to))
CALL_NAMED(int, -1, stat64, "stat", (const char *path, struct stat64 *to), (path, to))
CALL_NAMED(int, -1, lstat, "stat", (const char *path, struct stat *to), (path, to))
CALL_NAMED(int, -1, lstat64, "stat", (const char *path, struct stat64 *to), (path, to))
CALL_NAMED(int, -1, fstatat64, "stat", (int folder, const char *path, struct stat64 *to, int flags),
           (folder, path, to, flags))
CALL_NAMED(off64_t, -1, lseek64, "lseek", (int fd, off64_t to, int from), (fd, to, from))
CALL(char *, NULL, realpath, (const char *path, char *to), (path, to))
CALL(char *, NULL, getcwd, (char *to, size_t size), (to, size))
CALL(DIR *, NULL, opendir, (const char *path), (path))
CALL_NAMED(struct dirent64 *, NULL, readdir64, "readdir", (DIR * folder), (folder))
CALL(int, -1, access, (const char *path, int how), (path, how))
CALL(int, -1, mlock, (const void *start, size_t len), (start, len))
CALL(int, -1, pipe2, (int ends[2], int flags), (ends, flags))
CALL(int, -1, memfd_create, (const char *name, unsigned flags), (name, flags))
CALL(int, -1, poll, (struct pollfd * fds, nfds_t count, int timeout), (fds, count, timeout))
/* Without WNOHANG: how often one looks at a child that has not ended yet is different in each run.
 */
CALL(pid_t, -1, waitpid, (pid_t pid, int *status, int options), (pid, status, options & ~WNOHANG))

/* A close that fails has closed all the same: close(2). */
int close(int fd)
{
    static int (*real)(int);
    if (real == NULL) {
        find_real(&real, "close");
    }
    const struct call call = {"close", NULL};
    bool goes = call_begins(&call);
    int number = errno;
    int result = real(fd);
    number = goes ? errno : number;
    call_ended(&call);
    errno = number;
    return goes ? result : -1;
}

/* What is opened to be read, to be written, or made: they fail in different ways. */
static const char *name_open(int flags)
{
    if ((flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE) {
        return (flags & O_TMPFILE) == O_TMPFILE ? "open-unnamed" : "open-new";
    }
    return (flags & O_ACCMODE) == O_RDONLY ? "open" : "open-write";
}

static int open_any(int folder, const char *path, int flags, mode_t mode)
{
    static int (*real)(int, const char *, int, ...);
    if (real == NULL) {
        find_real(&real, "openat64");
    }
    const struct call call = {name_open(flags), NULL};
    if (!call_begins(&call)) {
        return -1;
    }
    int fd = real(folder, path, flags, mode);
    int number = errno;
    call_ended(&call);
    errno = number;
    return fd;
}

static mode_t take_mode(va_list args, int flags)
{
    return (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(args, mode_t) : 0;
}

/* The variadic ones. */
#define OPEN(function, parameters, folder)                                                         \
    int function parameters                                                                        \
    {                                                                                              \
        va_list args;                                                                              \
        va_start(args, flags);                                                                     \
        mode_t mode = take_mode(args, flags);                                                      \
        va_end(args);                                                                              \
        return open_any(folder, path, flags, mode);                                                \
    }

OPEN(open, (const char *path, int flags, ...), AT_FDCWD)
OPEN(open64, (const char *path, int flags, ...), AT_FDCWD)
OPEN(openat, (int folder, const char *path, int flags, ...), folder)
OPEN(openat64, (int folder, const char *path, int flags, ...), folder)

/* What a fortified program calls where no file is made. */
int __open64_2(const char *path, int flags);
int __open64_2(const char *path, int flags)
{
    return open_any(AT_FDCWD, path, flags, 0);
}

static const char *name_write(int fd)
{
    return fd == STDERR_FILENO ? "write-error" : fd == STDOUT_FILENO ? "write-output" : "write";
}

#define TRANSFER(function, shown, parameters, arguments)                                           \
    ssize_t function parameters;                                                                   \
    ssize_t function parameters                                                                    \
    {                                                                                              \
        static ssize_t(*real) parameters;                                                          \
        if (real == NULL) {                                                                        \
            find_real(&real, #function);                                                           \
        }                                                                                          \
        const struct call call = {shown, &len};                                                    \
        if (!call_begins(&call)) {                                                                 \
            return -1;                                                                             \
        }                                                                                          \
        ssize_t result = real arguments;                                                           \
        int number = errno;                                                                        \
        call_ended(&call);                                                                         \
        errno = number;                                                                            \
        return result;                                                                             \
    }

TRANSFER(read, "read", (int fd, void *to, size_t len), (fd, to, len))
TRANSFER(pread64, "read", (int fd, void *to, size_t len, off64_t at), (fd, to, len, at))
TRANSFER(write, name_write(fd), (int fd, const void *from, size_t len), (fd, from, len))

time_t time(time_t *to)
{
    const struct call call = {"clock", NULL};
    if (!call_begins(&call)) {
        return (time_t)-1;
    }
    struct timespec now = {0, 0};
    (void)clock_gettime(CLOCK_REALTIME, &now);
    call_ended(&call);
    if (to != NULL) {
        *to = now.tv_sec;
    }
    return now.tv_sec;
}

int clock_gettime(clockid_t clock, struct timespec *to)
{
    static int (*real)(clockid_t, struct timespec *);
    if (real == NULL) {
        find_real(&real, "clock_gettime");
    }
    int result = real(clock, to);
    if (result == 0 && clock == CLOCK_REALTIME) {
        to->tv_sec += call_clock_offset();
    }
    return result;
}

/* Who waits for a lock that a test holds has waited enough at once. */
int nanosleep(const struct timespec *wanted, struct timespec *left)
{
    (void)wanted;
    (void)left;
    return 0;
}

/* These return the number of the error. */
#define SPAWN(function)                                                                            \
    int function(pid_t *pid, const char *path, const posix_spawn_file_actions_t *actions,          \
                 const posix_spawnattr_t *attributes, char *const argv[], char *const envp[])      \
    {                                                                                              \
        static int (*real)(pid_t *, const char *, const posix_spawn_file_actions_t *,              \
                           const posix_spawnattr_t *, char *const[], char *const[]);               \
        if (real == NULL) {                                                                        \
            find_real(&real, #function);                                                           \
        }                                                                                          \
        const struct call call = {"spawn", NULL};                                                  \
        if (!call_begins(&call)) {                                                                 \
            return errno;                                                                          \
        }                                                                                          \
        call_starts_program(path, argv, envp);                                                     \
        int result = real(pid, path, actions, attributes, argv, envp);                             \
        call_ended(&call);                                                                         \
        return result;                                                                             \
    }

SPAWN(posix_spawn)
SPAWN(posix_spawnp)

int execvpe(const char *path, char *const argv[], char *const envp[])
{
    static int (*real)(const char *, char *const[], char *const[]);
    if (real == NULL) {
        find_real(&real, "execvpe");
    }
    const struct call call = {"exec", NULL};
    if (!call_begins(&call)) {
        return -1;
    }
    call_starts_program(path, argv, envp);
    return real(path, argv, envp);
}
