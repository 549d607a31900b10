#include "private_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "bulla/file.h"
#include "bulla/mem.h"

#define PREFIX "bulla-edit-"
#define MAX_DEPTH 8
#define MAX_TRIES 8

bool private_folder_in_memory(const char *path)
{
    struct statfs fs;
    return statfs(path, &fs) == 0 && (fs.f_type == TMPFS_MAGIC || fs.f_type == RAMFS_MAGIC);
}

/* The pages that hold the text are overwritten where they are. */
static void overwrite(int fd)
{
    static const uint8_t zeros[4096];
    struct stat st;
    if (fstat(fd, &st) != 0) {
        return;
    }
    for (off_t at = 0; at < st.st_size;) {
        off_t left = st.st_size - at;
        size_t len = left < (off_t)sizeof zeros ? (size_t)left : sizeof zeros;
        ssize_t put = pwrite(fd, zeros, len, at);
        if (put <= 0) {
            return;
        }
        at += put;
    }
    (void)fsync(fd);
}

static bool wipe_folder(int folder, unsigned depth);

/* Whatever NAME is: the loop around goes on, so that one that stays keeps no other. */
static bool wipe_entry(int folder, const char *name, unsigned depth)
{
    struct stat st;
    if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) != 0) {
        return errno == ENOENT;
    }
    if (S_ISDIR(st.st_mode)) {
        int fd = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        bool ok = fd >= 0 && depth < MAX_DEPTH && wipe_folder(fd, depth + 1);
        if (fd >= 0) {
            (void)close(fd);
        }
        return unlinkat(folder, name, AT_REMOVEDIR) == 0 && ok;
    }
    if (S_ISREG(st.st_mode)) {
        (void)!fchmodat(folder, name, 0600, 0);
        int fd = openat(folder, name, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
        if (fd >= 0) {
            overwrite(fd);
            (void)close(fd);
        }
    }
    return unlinkat(folder, name, 0) == 0 || errno == ENOENT;
}

static bool wipe_folder(int folder, unsigned depth)
{
    int copy = fcntl(folder, F_DUPFD_CLOEXEC, 0);
    DIR *entries = copy >= 0 ? fdopendir(copy) : NULL;
    if (entries == NULL) {
        if (copy >= 0) {
            (void)close(copy);
        }
        return false;
    }
    bool ok = true;
    rewinddir(entries);
    for (struct dirent *entry = readdir(entries); entry != NULL; entry = readdir(entries)) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            ok = wipe_entry(folder, entry->d_name, depth) && ok;
        }
    }
    (void)closedir(entries);
    return ok;
}

/* A process that was killed could not remove its folder; its lock is gone with it. */
static void wipe_left_behind(const char *base)
{
    DIR *entries = opendir(base);
    if (entries == NULL) {
        return;
    }
    for (struct dirent *entry = readdir(entries); entry != NULL; entry = readdir(entries)) {
        struct stat st;
        if (strncmp(entry->d_name, PREFIX, strlen(PREFIX)) != 0) {
            continue;
        }
        int fd =
            openat(dirfd(entries), entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (fd < 0) {
            continue;
        }
        if (fstat(fd, &st) == 0 && st.st_uid == geteuid() && flock(fd, LOCK_EX | LOCK_NB) == 0 &&
            wipe_folder(fd, 0)) {
            (void)unlinkat(dirfd(entries), entry->d_name, AT_REMOVEDIR);
        }
        (void)close(fd);
    }
    (void)closedir(entries);
}

static bool make_folder(const char *base, struct private_folder *folder, struct bulla_error *err)
{
    folder->path = bulla_asprintf(err, "%s/" PREFIX "XXXXXX", base);
    if (folder->path == NULL) {
        return false;
    }
    if (mkdtemp(folder->path) == NULL) {
        (void)bulla_error_sys(err, base, "cannot make a folder for the text");
        bulla_free(BULLA_STEAL(folder->path));
        return false;
    }
    return true;
}

/* Locks the folder; RET_TAKEN where another process took it for one that was left behind. */
static bool hold(struct private_folder *folder, bool *ret_taken, struct bulla_error *err)
{
    struct stat st;
    *ret_taken = false;
    folder->fd = open(folder->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder->fd < 0) {
        *ret_taken = errno == ENOENT;
    } else if (flock(folder->fd, LOCK_EX | LOCK_NB) != 0) {
        *ret_taken = errno == EWOULDBLOCK || errno == EINTR;
    } else if (fstat(folder->fd, &st) == 0) {
        *ret_taken = st.st_nlink == 0;
        return !*ret_taken;
    }
    return bulla_error_sys(err, folder->path, "cannot lock the folder for the text");
}

bool private_folder_make(const char *base, struct private_folder *ret, struct bulla_error *err)
{
    wipe_left_behind(base);
    for (unsigned try = 1;; try++) {
        bool is_taken = false;
        *ret = (struct private_folder){.fd = -1};
        if (!make_folder(base, ret, err)) {
            return false;
        }
        if (hold(ret, &is_taken, err)) {
            return true;
        }
        if (!is_taken || try == MAX_TRIES) {
            return false;
        }
        bulla_error_clear(err);
        if (!private_folder_remove(ret, err)) {
            return false;
        }
    }
}

bool private_folder_remove(struct private_folder *folder, struct bulla_error *err)
{
    if (folder->path == NULL) {
        return true;
    }
    bool ok = folder->fd < 0 || wipe_folder(folder->fd, 0);
    ok = (rmdir(folder->path) == 0 || errno == ENOENT) && ok;
    if (!ok) {
        (void)bulla_error_sys(err, folder->path, "cannot be removed, and may hold secrets");
    }
    if (folder->fd >= 0) {
        (void)close(folder->fd);
    }
    bulla_free(folder->path);
    *folder = (struct private_folder){.fd = -1};
    return ok;
}

bool private_folder_write(const struct private_folder *folder, const char *name,
                          struct bulla_bytes bytes, struct bulla_error *err)
{
    int fd = openat(folder->fd, name, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) {
        return bulla_error_sys(err, folder->path, "cannot write the text");
    }
    overwrite(fd);
    bool ok = ftruncate(fd, 0) == 0 ? bulla_fd_write(fd, name, bytes, err)
                                    : bulla_error_sys(err, folder->path, "cannot write the text");
    (void)close(fd);
    return ok;
}

bool private_folder_read(const struct private_folder *folder, const char *name, size_t max,
                         struct bulla_buf *text, struct bulla_error *err)
{
    struct stat st;
    int fd = openat(folder->fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0 && errno != ENOENT && errno != ELOOP) {
        return bulla_error_sys(err, folder->path, "cannot read the text");
    }
    if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        if (fd >= 0) {
            (void)close(fd);
        }
        return bulla_error(err, BULLA_E_MISSING, "the editor has left no text '%s'", name);
    }
    bool ok = bulla_fd_read(fd, name, max, text, err);
    (void)close(fd);
    return ok;
}
