/*
 * A new file beside the one whose place it is to take: where possible without a name, so that a
 * process that is killed leaves nothing; what another one has left all the same is removed.
 */
#ifndef BULLA_BASE_TEMPORARY_H
#define BULLA_BASE_TEMPORARY_H

#include "base/file_internal.h"

/* A new file beside PATH. Whoever makes one holds its lock: what nobody has locked was left. */
struct temporary {
    int fd;
    char *name; /* NULL: has none; owned */
};

/* Closes FILE, and removes it where it still has a name. */
void temporary_release(struct temporary *file);

#define auto_temporary BULLA_AUTO(temporary_release) struct temporary

/* Makes FILE as "PATH.tmp-PID-NUMBER", mode 0600. BULLA_E_IO. */
bool temporary_create_named(const char *path, struct temporary *file, struct bulla_error *err);

/*
 * Makes FILE in FOLDER without a name. Its `fd` stays -1 where the file system has no such files,
 * and where one could not be given a name later (no /proc).
 */
void temporary_create_unnamed(const char *folder, struct temporary *file);

/* Gives FILE, which has none, a name beside PATH. BULLA_E_IO. */
bool temporary_give_name(const char *path, struct temporary *file, struct bulla_error *err);

/*
 * Gives FILE the name PATH, which it keeps: false and *ret_errno, EEXIST where that is taken. Where
 * it had another name it has that too.
 */
bool temporary_link(const struct temporary *file, const char *path, int *ret_errno);

/* Removes what processes that were killed have left beside PATH, where FOLDER can be listed. */
void temporary_remove_left(const char *folder, const char *path);

#endif
