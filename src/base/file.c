#include "bulla/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file_internal.h"
#include "bulla/mem.h"

#include "base/banned.h"

#define READ_BYTES ((size_t)64 * 1024)
#define SECRET_READ_BYTES ((size_t)4 * 1024)

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static bool refuse_large(const char *name, size_t max, struct bulla_error *err)
{
    (void)bulla_error_at(err, BULLA_E_LIMIT, name, (struct bulla_pos){0, 0},
                         "larger than the %zu bytes that we read", max);
    return bulla_error_hint(err, "see whether this is the file that you mean");
}

bool bulla_file_refuse(const char *path, mode_t mode, struct bulla_error *err)
{
    if (S_ISDIR(mode)) {
        (void)bulla_error_at(err, BULLA_E_IO, path, (struct bulla_pos){0, 0},
                             "is a folder, not a file");
        return bulla_error_hint(err, "move the folder away, or name a file");
    }
    (void)bulla_error_at(err, BULLA_E_REFUSED, path, (struct bulla_pos){0, 0},
                         "is not a regular file");
    return bulla_error_hint(err, "move it away, or name a regular file");
}

bool bulla_dir_refuse(const char *path, struct bulla_error *err)
{
    (void)bulla_error_at(err, BULLA_E_IO, path, (struct bulla_pos){0, 0},
                         "is a file, not a folder");
    return bulla_error_hint(err, "move the file away, or name a folder");
}

bool bulla_file_check_no_link(const char *path, struct bulla_error *err)
{
    struct stat st;
    if (lstat(path, &st) != 0 || !S_ISLNK(st.st_mode)) {
        return true;
    }
    (void)bulla_error_at(err, BULLA_E_REFUSED, path, (struct bulla_pos){0, 0},
                         "is a symbolic link: nothing is added to it");
    return bulla_error_hint(err, "make it a file");
}

bool bulla_fd_read(int fd, const char *name, size_t max, struct bulla_buf *buf,
                   struct bulla_error *err)
{
    size_t left = smaller(max, buf->max - buf->len);
    for (;;) {
        /* With no room left, one byte more shows whether there is more. */
        uint8_t probe = 0;
        size_t spare = buf->cap > buf->len + 1 ? buf->cap - buf->len - 1 : 0;
        size_t room = smaller(left, spare > 0     ? spare
                                    : buf->secret ? SECRET_READ_BYTES
                                                  : READ_BYTES);
        uint8_t *to = left == 0 ? &probe : bulla_buf_reserve(buf, room);
        if (to == NULL) {
            return bulla_buf_ok(buf, err);
        }
        ssize_t got = read(fd, to, left == 0 ? 1 : room);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return bulla_error_sys(err, name, "cannot read");
        }
        if (got == 0) {
            return true;
        }
        if (left == 0) {
            bulla_wipe(&probe, sizeof probe);
            return refuse_large(name, max, err);
        }
        bulla_buf_commit(buf, (size_t)got);
        left -= (size_t)got;
    }
}

/*
 * Reserves for the whole of a regular file at once, so that a secret is not moved about, and for
 * one byte more, to meet its end with.
 */
static bool read_opened(int fd, const char *path, const struct stat *st, size_t max,
                        struct bulla_buf *buf, struct bulla_error *err)
{
    if (S_ISREG(st->st_mode)) {
        if (st->st_size > 0 && (uintmax_t)st->st_size > max) {
            return refuse_large(path, max, err);
        }
        size_t room = smaller((size_t)st->st_size + 1, buf->max - buf->len);
        if (st->st_size > 0 && (size_t)st->st_size <= room &&
            bulla_buf_reserve(buf, room) == NULL) {
            return bulla_buf_ok(buf, err);
        }
    }
    size_t before = buf->len;
    if (!bulla_fd_read(fd, path, max, buf, err)) {
        return false;
    }
    /* A pipe without a writer would pass for an empty file; one of a shell's "<(…)" is a link. */
    struct stat named;
    if (S_ISFIFO(st->st_mode) && buf->len == before && lstat(path, &named) == 0 &&
        S_ISFIFO(named.st_mode)) {
        (void)bulla_error_at(err, BULLA_E_IO, path, (struct bulla_pos){0, 0},
                             "is a pipe that nothing came out of");
        return bulla_error_hint(err, "start what writes to it first, or name a file");
    }
    return true;
}

static bool open_for_reading(const char *path, int *ret_fd, struct stat *ret_st,
                             struct bulla_error *err)
{
    /* O_NONBLOCK: opening a named pipe that nobody writes must not hang. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0) {
        return bulla_error_sys(err, path, "cannot open");
    }
    if (fstat(fd, ret_st) != 0) {
        (void)bulla_error_sys(err, path, "cannot look at");
        (void)close(fd);
        return false;
    }
    if (S_ISDIR(ret_st->st_mode)) {
        (void)close(fd);
        return bulla_file_refuse(path, ret_st->st_mode, err);
    }
    int flags = fcntl(fd, F_GETFL);
    if (flags >= 0) {
        (void)fcntl(fd, F_SETFL, flags & ~O_NONBLOCK);
    }
    *ret_fd = fd;
    return true;
}

bool bulla_file_read(const char *path, size_t max, struct bulla_buf *buf, struct bulla_error *err)
{
    auto_close fd = -1;
    struct stat st;
    if (!open_for_reading(path, &fd, &st, err)) {
        return false;
    }
    return read_opened(fd, path, &st, max, buf, err);
}

bool bulla_file_read_private(const char *path, size_t max, enum bulla_privacy privacy,
                             struct bulla_buf *buf, bool *ret_open_to_others,
                             struct bulla_error *err)
{
    auto_close fd = -1;
    struct stat st;
    if (!open_for_reading(path, &fd, &st, err)) {
        return false;
    }
    bool open_to_others = S_ISREG(st.st_mode) && (st.st_mode & (S_IRWXG | S_IRWXO)) != 0;
    if (privacy == BULLA_PRIVATE_REQUIRED) {
        if (!S_ISREG(st.st_mode)) {
            return bulla_file_refuse(path, st.st_mode, err);
        }
        if (st.st_uid != geteuid() && st.st_uid != 0) {
            return bulla_error_at(err, BULLA_E_REFUSED, path, (struct bulla_pos){0, 0},
                                  "belongs to another user");
        }
        if (open_to_others) {
            (void)bulla_error_at(err, BULLA_E_REFUSED, path, (struct bulla_pos){0, 0},
                                 "others may read this key file (mode %04o)",
                                 (unsigned)(st.st_mode & 07777));
            bulla_auto_str word = bulla_word(path, err);
            return word != NULL && bulla_error_hint(err, "chmod 600 %s", word);
        }
    }
    if (!read_opened(fd, path, &st, max, buf, err)) {
        return false;
    }
    if (ret_open_to_others != NULL) {
        *ret_open_to_others = open_to_others;
    }
    return true;
}

bool bulla_fd_write(int fd, const char *name, struct bulla_bytes bytes, struct bulla_error *err)
{
    size_t done = 0;
    while (done < bytes.len) {
        ssize_t put = write(fd, bytes.data + done, bytes.len - done);
        if (put < 0 && errno == EINTR) {
            continue;
        }
        if (put < 0) {
            return bulla_error_sys(err, name, "cannot write");
        }
        done += (size_t)put;
    }
    return true;
}

int file_open_folder_of(const char *path, struct bulla_error *err)
{
    bulla_auto_str folder = bulla_path_dir(path, err);
    if (folder == NULL) {
        return -1;
    }
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        (void)bulla_error_sys(err, path, "cannot open its folder");
    }
    return fd;
}

bool file_sync_folder(int fd, const char *path, struct bulla_error *err)
{
    /* Some file systems cannot sync a folder and say EINVAL: there is nothing more to do there. */
    if (fsync(fd) != 0 && errno != EINVAL) {
        return bulla_error_sys(err, path, "cannot sync its folder");
    }
    return true;
}

bool file_write_and_sync(int fd, const char *path, mode_t mode, struct bulla_bytes bytes,
                         struct bulla_error *err)
{
    /* The umask may have taken bits of the mode away. */
    if (fchmod(fd, mode) != 0) {
        return bulla_error_sys(err, path, "cannot set the mode");
    }
    if (!bulla_fd_write(fd, path, bytes, err)) {
        return false;
    }
    if (fsync(fd) != 0) {
        return bulla_error_sys(err, path, "cannot sync");
    }
    return true;
}

bool bulla_file_make_private(const char *path, struct bulla_error *err)
{
    struct stat st;
    /* A cloned link must not choose whose mode changes. */
    auto_close fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0 && errno != ELOOP) {
        return bulla_error_sys(err, path, "cannot set the mode");
    }
    if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        return bulla_error_at(err, BULLA_E_REFUSED, path, (struct bulla_pos){0, 0},
                              "is not a regular file: its mode stays");
    }
    return fchmod(fd, 0600) == 0 || bulla_error_sys(err, path, "cannot set the mode");
}

bool bulla_dir_make(const char *path, mode_t mode, struct bulla_error *err)
{
    bulla_auto_str copy = bulla_strdup(path, err);
    if (copy == NULL) {
        return false;
    }
    for (char *at = copy + 1;; at++) {
        if (*at != '/' && *at != '\0') {
            continue;
        }
        char kept = *at;
        *at = '\0';
        if (mkdir(copy, mode) != 0 && errno != EEXIST) {
            return bulla_error_sys(err, copy, "cannot make the folder");
        }
        *at = kept;
        if (kept == '\0') {
            break;
        }
    }
    return bulla_dir_exists(path) || bulla_dir_refuse(path, err);
}

bool bulla_file_is_same(const char *one, const char *other)
{
    struct stat a;
    struct stat b;
    return stat(one, &a) == 0 && stat(other, &b) == 0 && a.st_dev == b.st_dev &&
           a.st_ino == b.st_ino;
}

bool bulla_file_is_regular(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 ? S_ISREG(st.st_mode) : errno == EIO;
}

bool bulla_dir_exists(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

char *bulla_path_join(const char *base, const char *name, struct bulla_error *err)
{
    if (name[0] == '/' || base[0] == '\0' || strcmp(base, ".") == 0) {
        return bulla_strdup(name, err);
    }
    size_t len = strlen(base);
    return bulla_asprintf(err, "%s%s%s", base, base[len - 1] == '/' ? "" : "/", name);
}

char *bulla_path_dir(const char *path, struct bulla_error *err)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL) {
        return bulla_strdup(".", err);
    }
    return slash == path ? bulla_strdup("/", err)
                         : bulla_strndup(path, (size_t)(slash - path), err);
}

const char *bulla_path_base(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}
