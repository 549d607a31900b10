/* What file.c and replace.c share, and the ways of writing that tests choose. */
#ifndef BULLA_BASE_FILE_INTERNAL_H
#define BULLA_BASE_FILE_INTERNAL_H

#include <unistd.h>

#include "bulla/file.h"

static inline void file_close(int *fd)
{
    if (*fd >= 0) {
        (void)close(*fd);
    }
}

/* A descriptor that is closed where its scope ends; -1 for none. */
#define auto_close BULLA_AUTO(file_close) int

/*
 * Opens the folder of PATH, to sync it later: done before anything is written, so that a folder
 * that cannot be opened changes nothing. -1 on failure.
 */
int file_open_folder_of(const char *path, struct bulla_error *err);

bool file_sync_folder(int fd, const char *path, struct bulla_error *err);

/* Gives the open file FD its MODE and BYTES, on disk when this returns. */
bool file_write_and_sync(int fd, const char *path, mode_t mode, struct bulla_bytes bytes,
                         struct bulla_error *err);

/*
 * bulla_file_replace. UNNAMED: a file without a name is written where the file system has such, and
 * gets one only for the moment before it takes the place of PATH.
 */
bool file_replace(const char *path, mode_t mode, struct bulla_bytes bytes, bool unnamed,
                  struct bulla_error *err);

/* What the file system has: files without a name, and hard links. */
struct file_create_ways {
    bool unnamed;
    bool links;
};

/* bulla_file_create, as if the file system had no more than WAYS. */
bool file_create(const char *path, const struct file_create_ways *ways, mode_t mode,
                 struct bulla_bytes bytes, struct bulla_error *err);

#endif
