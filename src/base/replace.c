/*
 * Replacing a file whole. The new one is written beside it, where possible without a name, so that
 * a process that is killed leaves nothing; what another one has left all the same is removed.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file_internal.h"
#include "bulla/mem.h"

#include "base/banned.h"

#define TEMPORARY_TRIES 100
#define DIGITS "0123456789"

/* A new file beside PATH. Whoever makes one holds its lock: what nobody has locked was left. */
struct temporary {
    int fd;
    char *name; /* NULL: has none */
};

static void temporary_release(struct temporary *file)
{
    if (file->name != NULL) {
        (void)unlink(file->name);
    }
    if (file->fd >= 0) {
        (void)close(file->fd);
    }
    bulla_free(file->name);
}

#define auto_temporary BULLA_AUTO(temporary_release) struct temporary

/* What the new file is to be; OWNER may be NULL. */
struct content {
    mode_t mode;
    const struct stat *owner;
    struct bulla_bytes bytes;
};

/* PATH, or where it is a symbolic link its target in *ret_target, owned. NULL on failure. */
static const char *follow_link(const char *path, char **ret_target, struct bulla_error *err)
{
    struct stat st;
    if (lstat(path, &st) != 0 || !S_ISLNK(st.st_mode)) {
        return path;
    }
    *ret_target = realpath(path, NULL);
    if (*ret_target == NULL) {
        (void)bulla_error_sys(err, path, "cannot follow the link");
    }
    return *ret_target;
}

/* Gives the temporary file FD what OWNER says; the one that made it is mostly right already. */
static bool keep_owner(int fd, const char *path, const struct stat *owner, struct bulla_error *err)
{
    struct stat st;
    if (fstat(fd, &st) != 0) {
        return bulla_error_sys(err, path, "cannot be looked at");
    }
    if ((st.st_uid == owner->st_uid && st.st_gid == owner->st_gid) ||
        fchown(fd, owner->st_uid, owner->st_gid) == 0) {
        return true;
    }
    (void)bulla_error_at(err, BULLA_E_REFUSED, path, (struct bulla_pos){0, 0},
                         "belongs to another user or group, which a rewrite would change");
    return bulla_error_hint(err, "run it as the file's owner");
}

static bool fill(int fd, const char *path, const struct content *content, struct bulla_error *err)
{
    return (content->owner == NULL || keep_owner(fd, path, content->owner, err)) &&
           file_write_and_sync(fd, path, content->mode, content->bytes, err);
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

static bool create_named(const char *path, struct temporary *file, struct bulla_error *err)
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

/* Opens a file without a name; FILE->fd stays -1 where the file system has none. */
static void create_unnamed(const char *folder, struct temporary *file)
{
    file->fd = open(folder, O_WRONLY | O_TMPFILE | O_CLOEXEC, 0600);
    if (file->fd >= 0) {
        (void)flock(file->fd, LOCK_EX | LOCK_NB);
    }
}

/* Gives FILE a name beside PATH; *RET_LINKED is false where that cannot be done (no /proc). */
static bool give_name(const char *path, struct temporary *file, bool *ret_linked,
                      struct bulla_error *err)
{
    char self[64];
    (void)snprintf(self, sizeof self, "/proc/self/fd/%d", file->fd);
    *ret_linked = false;
    for (unsigned try = 0; try < TEMPORARY_TRIES; try++) {
        bulla_auto_str name = temporary_name(path, try, err);
        if (name == NULL) {
            return false;
        }
        if (linkat(AT_FDCWD, self, AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0) {
            file->name = BULLA_STEAL(name);
            *ret_linked = true;
            return true;
        }
        if (errno != EEXIST) {
            return true;
        }
    }
    return refuse_name(path, EEXIST, err);
}

static bool write_unnamed(const char *folder, const char *path, const struct content *content,
                          struct temporary *file, struct bulla_error *err)
{
    bool linked = false;
    create_unnamed(folder, file);
    if (file->fd < 0) {
        return true;
    }
    if (!fill(file->fd, path, content, err) || !give_name(path, file, &linked, err)) {
        return false;
    }
    if (!linked) {
        (void)close(file->fd);
        file->fd = -1;
    }
    return true;
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

/* Removes what processes that were killed have left beside PATH, where FOLDER can be listed. */
static void remove_all_left(const char *folder, const char *path)
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

/* Replaces PATH, which is no link. */
static bool replace(const char *path, const struct content *content, bool unnamed,
                    struct bulla_error *err)
{
    auto_temporary file = {.fd = -1};
    bulla_auto_str name = bulla_path_dir(path, err);
    auto_close folder = name != NULL ? file_open_folder_of(path, err) : -1;
    if (folder < 0) {
        return false;
    }
    remove_all_left(name, path);
    if (unnamed && !write_unnamed(name, path, content, &file, err)) {
        return false;
    }
    if (file.fd < 0 && (!create_named(path, &file, err) || !fill(file.fd, path, content, err))) {
        return false;
    }
    if (rename(file.name, path) != 0) {
        return bulla_error_sys(err, path, "cannot replace");
    }
    bulla_free(file.name);
    file.name = NULL;
    return file_sync_folder(folder, path, err);
}

static bool refuse_folder(const char *path, struct bulla_error *err)
{
    struct stat st;
    if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode)) {
        return true;
    }
    (void)bulla_error_at(err, BULLA_E_IO, path, (struct bulla_pos){0, 0},
                         "is a folder, not a file");
    return bulla_error_hint(err, "move the folder away, or name a file");
}

bool file_replace(const char *path, mode_t mode, struct bulla_bytes bytes, bool unnamed,
                  struct bulla_error *err)
{
    bulla_auto_str target = NULL;
    const struct content content = {.mode = mode, .bytes = bytes};
    path = refuse_folder(path, err) ? follow_link(path, &target, err) : NULL;
    return path != NULL && replace(path, &content, unnamed, err);
}

bool bulla_file_replace(const char *path, mode_t mode, struct bulla_bytes bytes,
                        struct bulla_error *err)
{
    return file_replace(path, mode, bytes, true, err);
}

bool bulla_file_rewrite(const char *path, struct bulla_bytes bytes, struct bulla_error *err)
{
    struct stat st;
    bulla_auto_str target = NULL;
    path = follow_link(path, &target, err);
    if (path == NULL) {
        return false;
    }
    if (lstat(path, &st) != 0) {
        return bulla_error_sys(err, path, "cannot be looked at");
    }
    if (!S_ISREG(st.st_mode) || st.st_nlink > 1) {
        return bulla_error_at(err, BULLA_E_REFUSED, path, (struct bulla_pos){0, 0},
                              S_ISREG(st.st_mode)
                                  ? "has another name (a hard link), which a rewrite would cut off"
                                  : "is not a regular file");
    }
    const struct content content = {st.st_mode & 07777, &st, bytes};
    return replace(path, &content, true, err);
}

bool bulla_replacement_begin(struct bulla_replacement *replacement, const char *path, mode_t mode,
                             struct bulla_error *err)
{
    bulla_auto_str target = NULL;
    auto_temporary file = {.fd = -1};
    *replacement = (struct bulla_replacement){.fd = -1, .folder = -1};
    path = refuse_folder(path, err) ? follow_link(path, &target, err) : NULL;
    bulla_auto_str folder = path != NULL ? bulla_path_dir(path, err) : NULL;
    replacement->path = folder != NULL ? bulla_strdup(path, err) : NULL;
    replacement->folder = replacement->path != NULL ? file_open_folder_of(path, err) : -1;
    if (replacement->folder < 0) {
        return false;
    }
    remove_all_left(folder, path);
    /* With its name from the start: what the caller writes may be too long to be written again. */
    if (!create_named(path, &file, err)) {
        return false;
    }
    /* The umask may have taken bits of the mode away. */
    if (fchmod(file.fd, mode) != 0) {
        return bulla_error_sys(err, path, "cannot set the mode");
    }
    replacement->fd = file.fd;
    replacement->temporary = BULLA_STEAL(file.name);
    file.fd = -1;
    return true;
}

bool bulla_replacement_finish(struct bulla_replacement *replacement, struct bulla_error *err)
{
    const char *path = replacement->path;
    if (fsync(replacement->fd) != 0) {
        return bulla_error_sys(err, path, "cannot sync");
    }
    if (rename(replacement->temporary, path) != 0) {
        return bulla_error_sys(err, path, "cannot replace");
    }
    bulla_free(BULLA_STEAL(replacement->temporary));
    return file_sync_folder(replacement->folder, path, err);
}

void bulla_replacement_release(struct bulla_replacement *replacement)
{
    struct temporary file = {replacement->fd, replacement->temporary};
    temporary_release(&file);
    file_close(&replacement->folder);
    bulla_free(replacement->path);
    *replacement = (struct bulla_replacement){.fd = -1, .folder = -1};
}
