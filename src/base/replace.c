/* Making and replacing a file whole: the new one is written beside it and then takes its name. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/temporary.h"
#include "bulla/mem.h"

#include "base/banned.h"

/* What the new file is to be; OWNER may be NULL. */
struct content {
    mode_t mode;
    const struct stat *owner;
    struct bulla_bytes bytes;
};

/*
 * PATH, or where it is a symbolic link its target in *ret_target, owned. NULL on failure. In a
 * shared folder a link may be anybody's, who would choose what is replaced.
 */
static const char *follow_link(const char *path, char **ret_target, struct bulla_error *err)
{
    struct stat st;
    if (lstat(path, &st) != 0 || !S_ISLNK(st.st_mode)) {
        return path;
    }
    if (st.st_uid != geteuid() && st.st_uid != 0) {
        (void)bulla_error_at(err, BULLA_E_REFUSED, path, (struct bulla_pos){0, 0},
                             "is a symbolic link of another user");
        (void)bulla_error_hint(err, "name the file that is meant");
        return NULL;
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

/* Writes CONTENT to a new FILE beside PATH, without a name where UNNAMED and there are such. */
static bool write_beside(const char *path, const struct content *content, bool unnamed,
                         struct temporary *file, struct bulla_error *err)
{
    bulla_auto_str folder = bulla_path_dir(path, err);
    if (folder == NULL) {
        return false;
    }
    if (unnamed) {
        temporary_create_unnamed(folder, file);
    }
    return (file->fd >= 0 || temporary_create_named(path, file, err)) &&
           fill(file->fd, path, content, err);
}

/* Gives FILE a name beside PATH; where it can get none it is written again, with one. */
static bool make_named(const char *path, const struct content *content, struct temporary *file,
                       struct bulla_error *err)
{
    if (file->name != NULL || temporary_give_name(path, file, err)) {
        return true;
    }
    if (err->code == BULLA_E_NOMEM) {
        return false;
    }
    bulla_error_clear(err);
    file_close(&file->fd);
    file->fd = -1;
    return write_beside(path, content, false, file, err);
}

/* FILE, which has a name, takes the place of PATH. */
static bool take_place(const char *path, struct temporary *file, struct bulla_error *err)
{
    if (rename(file->name, path) != 0) {
        return bulla_error_sys(err, path, "cannot replace");
    }
    bulla_free(file->name);
    file->name = NULL;
    return true;
}

/* Opens the folder of PATH, which is no link, and cleans it of what was left there. */
static int open_folder(const char *path, struct bulla_error *err)
{
    bulla_auto_str name = bulla_path_dir(path, err);
    int folder = name != NULL ? file_open_folder_of(path, err) : -1;
    if (folder >= 0) {
        temporary_remove_left(name, path);
    }
    return folder;
}

/* Replaces PATH, which is no link. */
static bool replace(const char *path, const struct content *content, bool unnamed,
                    struct bulla_error *err)
{
    auto_temporary file = {.fd = -1};
    auto_close folder = open_folder(path, err);
    return folder >= 0 && write_beside(path, content, unnamed, &file, err) &&
           make_named(path, content, &file, err) && take_place(path, &file, err) &&
           file_sync_folder(folder, path, err);
}

static bool refuse_present(const char *path, struct bulla_error *err)
{
    struct stat st;
    if (lstat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
        return bulla_file_refuse(path, st.st_mode, err);
    }
    (void)bulla_error_at(err, BULLA_E_REFUSED, path, (struct bulla_pos){0, 0}, "exists already");
    return bulla_error_hint(err, "name another file, or move this one away first");
}

/* Where there are no hard links: the name is taken with an empty file, which FILE then replaces. */
static bool claim_place(const char *path, struct temporary *file, struct bulla_error *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) {
        return errno == EEXIST ? refuse_present(path, err)
                               : bulla_error_sys(err, path, "cannot create");
    }
    (void)close(fd);
    if (take_place(path, file, err)) {
        return true;
    }
    (void)unlink(path);
    return false;
}

bool file_create(const char *path, const struct file_create_ways *ways, mode_t mode,
                 struct bulla_bytes bytes, struct bulla_error *err)
{
    struct stat st;
    int number = 0;
    const struct content content = {.mode = mode, .bytes = bytes};
    auto_temporary file = {.fd = -1};
    if (lstat(path, &st) == 0) {
        return refuse_present(path, err);
    }
    auto_close folder = open_folder(path, err);
    if (folder < 0 || !write_beside(path, &content, ways->unnamed, &file, err)) {
        return false;
    }
    if (!ways->links || !temporary_link(&file, path, &number)) {
        if (number == EEXIST) {
            return refuse_present(path, err);
        }
        if (!make_named(path, &content, &file, err) || !claim_place(path, &file, err)) {
            return false;
        }
    }
    return file_sync_folder(folder, path, err);
}

bool bulla_file_create(const char *path, mode_t mode, struct bulla_bytes bytes,
                       struct bulla_error *err)
{
    static const struct file_create_ways all = {.unnamed = true, .links = true};
    return file_create(path, &all, mode, bytes, err);
}

static bool refuse_folder(const char *path, struct bulla_error *err)
{
    struct stat st;
    return stat(path, &st) != 0 || !S_ISDIR(st.st_mode) || bulla_file_refuse(path, st.st_mode, err);
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
    if (!S_ISREG(st.st_mode)) {
        return bulla_file_refuse(path, st.st_mode, err);
    }
    if (st.st_nlink > 1) {
        return bulla_error_at(err, BULLA_E_REFUSED, path, (struct bulla_pos){0, 0},
                              "has another name (a hard link), which a rewrite would cut off");
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
    replacement->folder = replacement->path != NULL ? open_folder(path, err) : -1;
    if (replacement->folder < 0) {
        return false;
    }
    temporary_create_unnamed(folder, &file);
    if (file.fd < 0 && !temporary_create_named(path, &file, err)) {
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
    struct temporary file = {replacement->fd, replacement->temporary};
    if (fsync(file.fd) != 0) {
        return bulla_error_sys(err, path, "cannot sync");
    }
    bool done = (file.name != NULL || temporary_give_name(path, &file, err)) &&
                take_place(path, &file, err);
    replacement->temporary = file.name;
    return done && file_sync_folder(replacement->folder, path, err);
}

void bulla_replacement_release(struct bulla_replacement *replacement)
{
    struct temporary file = {replacement->fd, replacement->temporary};
    temporary_release(&file);
    file_close(&replacement->folder);
    bulla_free(replacement->path);
    *replacement = (struct bulla_replacement){.fd = -1, .folder = -1};
}
