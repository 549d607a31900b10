/*
 * A folder of mode 0700 for a text in the clear that another program has to work on: made in
 * memory where possible, overwritten and removed with everything that was put into it.
 */
#ifndef BULLA_CLI_PRIVATE_FOLDER_H
#define BULLA_CLI_PRIVATE_FOLDER_H

#include "bulla/buf.h"

struct private_folder {
    char *path;
    int fd; /* locked: a folder that nobody holds has been left behind */
};

/* True where PATH is a folder on a file system that lives in memory (tmpfs, ramfs). */
bool private_folder_in_memory(const char *path);

/*
 * Makes a new folder in BASE; folders of ours there whose process is gone are wiped first.
 * BULLA_E_IO. Remove it in every case.
 */
BULLA_MUST_CHECK bool private_folder_make(const char *base, struct private_folder *ret,
                                          struct bulla_error *err);

/*
 * Overwrites and removes all files in it, up to eight folders deep, and the folder. BULLA_E_IO
 * where something stays.
 */
BULLA_MUST_CHECK bool private_folder_remove(struct private_folder *folder, struct bulla_error *err);

/* Puts BYTES into the file NAME; what it had before is overwritten first. BULLA_E_IO. */
BULLA_MUST_CHECK bool private_folder_write(const struct private_folder *folder, const char *name,
                                           struct bulla_bytes bytes, struct bulla_error *err);

/*
 * Appends the file NAME to the secret buffer TEXT. BULLA_E_MISSING where it is gone or no regular
 * file, BULLA_E_LIMIT over MAX bytes, BULLA_E_IO.
 */
BULLA_MUST_CHECK bool private_folder_read(const struct private_folder *folder, const char *name,
                                          size_t max, struct bulla_buf *text,
                                          struct bulla_error *err);

#endif
