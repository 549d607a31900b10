#include "base/temporary.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "bulla/mem.h"

#include "base/banned.h"

#define TEMPORARY_TRIES 100
#define DIGITS "0123456789"
#define DESCRIPTOR_PATH_BYTES 64

void temporary_release(struct temporary *file)
{
    if (file->name != NULL) {
        (void)unlink(file->name);
    }
    file_close(&file->fd);
    bulla_free(file->name);
}

/* True when FD is locked by us (or cannot be) and still has its name. */
static bool is_held(int fd)
{
    struct stat st;
    return (flock(fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) && fstat(fd, &st) == 0 &&
           st.st_nlink > 0;
}

static bool refuse_name(const char *path, int number, struct bulla_error *err)
{
    if (number != EEXIST) {
        errno = number;
        return bulla_error_sys(err, path, "cannot write");
    }
    (void)bulla_error_at(err, BULLA_E_IO, path, (struct bulla_pos){0, 0},
                         "cannot write: temporary files are in the way");
    return bulla_error_hint(err, "remove %s.tmp-*", path);
}

static char *temporary_name(const char *path, unsigned try, struct bulla_error *err)
{
    return bulla_asprintf(err, "%s.tmp-%ld-%u", path, (long)getpid(), try);
}

bool temporary_create_named(const char *path, struct temporary *file, struct bulla_error *err)
{
    int number = EEXIST;
    for (unsigned try = 0; try < TEMPORARY_TRIES && number == EEXIST; try++) {
        bulla_auto_str name = temporary_name(path, try, err);
        if (name == NULL) {
            return false;
        }
        file->fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        number = errno;
        if (file->fd >= 0 && is_held(file->fd)) {
            file->name = BULLA_STEAL(name);
            return true;
        }
        if (file->fd >= 0) {
            /* Somebody took it for one that was left, before it was locked. */
            (void)close(file->fd);
            file->fd = -1;
            number = EEXIST;
        }
    }
    return refuse_name(path, number, err);
}

/* The path by which the open file FD is linked. */
static void descriptor_path(int fd, char out[static DESCRIPTOR_PATH_BYTES])
{
    (void)snprintf(out, DESCRIPTOR_PATH_BYTES, "/proc/self/fd/%d", fd);
}

void temporary_create_unnamed(const char *folder, struct temporary *file)
{
    char self[DESCRIPTOR_PATH_BYTES];
    file->fd = open(folder, O_WRONLY | O_TMPFILE | O_CLOEXEC, 0600);
    if (file->fd < 0) {
        return;
    }
    descriptor_path(file->fd, self);
    if (access(self, F_OK) != 0) {
        (void)close(file->fd);
        file->fd = -1;
        return;
    }
    (void)flock(file->fd, LOCK_EX | LOCK_NB);
}

bool temporary_link(const struct temporary *file, const char *path, int *ret_errno)
{
    char self[DESCRIPTOR_PATH_BYTES];
    descriptor_path(file->fd, self);
    int done = file->name != NULL ? linkat(AT_FDCWD, file->name, AT_FDCWD, path, 0)
                                  : linkat(AT_FDCWD, self, AT_FDCWD, path, AT_SYMLINK_FOLLOW);
    *ret_errno = done == 0 ? 0 : errno;
    return done == 0;
}

bool temporary_give_name(const char *path, struct temporary *file, struct bulla_error *err)
{
    int number = EEXIST;
    for (unsigned try = 0; try < TEMPORARY_TRIES && number == EEXIST; try++) {
        bulla_auto_str name = temporary_name(path, try, err);
        if (name == NULL) {
            return false;
        }
        if (temporary_link(file, name, &number)) {
            file->name = BULLA_STEAL(name);
            return true;
        }
    }
    return refuse_name(path, number, err);
}

/* True for "BASE.tmp-NUMBER-NUMBER". */
static bool is_temporary_of(const char *name, const char *base)
{
    size_t len = strlen(base);
    if (strncmp(name, base, len) != 0 || strncmp(name + len, ".tmp-", 5) != 0) {
        return false;
    }
    const char *at = name + len + 5;
    size_t first = strspn(at, DIGITS);
    if (first == 0 || at[first] != '-') {
        return false;
    }
    size_t second = strspn(at + first + 1, DIGITS);
    return second > 0 && at[first + 1 + second] == '\0';
}

/* Removes NAME where it is a file of ours that no process has locked. */
static void remove_left(int folder, const char *name)
{
    struct stat named;
    struct stat opened;
    int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        return;
    }
    /* Between two looks the name may have come to another file. */
    if (flock(fd, LOCK_EX | LOCK_NB) == 0 && fstat(fd, &opened) == 0 && S_ISREG(opened.st_mode) &&
        opened.st_uid == geteuid() && fstatat(folder, name, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
        named.st_dev == opened.st_dev && named.st_ino == opened.st_ino) {
        (void)unlinkat(folder, name, 0);
    }
    (void)close(fd);
}

void temporary_remove_left(const char *folder, const char *path)
{
    DIR *dir = opendir(folder);
    if (dir == NULL) {
        return;
    }
    const char *base = bulla_path_base(path);
    for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        if (is_temporary_of(entry->d_name, base)) {
            remove_left(dirfd(dir), entry->d_name);
        }
    }
    (void)closedir(dir);
}
