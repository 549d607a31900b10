/*
 * Files: whole reads with a limit, creation and atomic replacement. Writing is durable: the bytes
 * and the folder entry are on disk when a function returns true.
 */
#ifndef BULLA_FILE_H
#define BULLA_FILE_H

#include <sys/types.h>

#include "bulla/buf.h"
#include "bulla/secret.h"

/*
 * Appends the whole of PATH ("-" is not special) to BUF; a secret buffer receives it by read(2)
 * straight into locked memory. BULLA_E_MISSING where there is none, BULLA_E_IO for a directory, a
 * device or a failed read, BULLA_E_LIMIT over MAX bytes (a pipe is read up to MAX too).
 */
BULLA_API BULLA_MUST_CHECK bool bulla_file_read(const char *path, size_t max, struct bulla_buf *buf,
                                                struct bulla_error *err);

/* The same from an open descriptor, which stays open; NAME is for messages. */
BULLA_API BULLA_MUST_CHECK bool bulla_fd_read(int fd, const char *name, size_t max,
                                              struct bulla_buf *buf, struct bulla_error *err);

/* Writes all of BYTES to FD, going on after short writes and EINTR. BULLA_E_IO. */
BULLA_API BULLA_MUST_CHECK bool bulla_fd_write(int fd, const char *name, struct bulla_bytes bytes,
                                               struct bulla_error *err);

/* Who else may read a file: see bulla_file_read_private. */
enum bulla_privacy {
    BULLA_PRIVATE_REQUIRED, /* refuse a file that group or others may read, or that is not ours */
    BULLA_PRIVATE_REPORTED  /* read it and say so */
};

/*
 * Reads a key file as bulla_file_read does (secret BUF), looking at the open descriptor: with
 * BULLA_PRIVATE_REQUIRED a file that is not regular, not ours (root's is accepted) or open to
 * others is BULLA_E_REFUSED; with _REPORTED *ret_open_to_others says so, and pipes and descriptors
 * (/dev/fd/N) are read too. ret_open_to_others may be NULL.
 */
BULLA_API BULLA_MUST_CHECK bool
bulla_file_read_private(const char *path, size_t max, enum bulla_privacy privacy,
                        struct bulla_buf *buf, bool *ret_open_to_others, struct bulla_error *err);

/*
 * Creates PATH with MODE and BYTES; it must not exist (BULLA_E_REFUSED), a symbolic link is never
 * followed. It is written beside as bulla_file_replace does and gets its name when it is whole, so
 * that nobody sees a part of it. BULLA_E_IO, and there is none then; but for a failed sync of the
 * folder, as there.
 */
BULLA_API BULLA_MUST_CHECK bool
bulla_file_create(const char *path, mode_t mode, struct bulla_bytes bytes, struct bulla_error *err);

/*
 * Replaces PATH (or creates it): a new file of MODE in the same folder, fsync, rename, fsync of the
 * folder. Where the file system has files without a name (O_TMPFILE) it gets one, "PATH.tmp-…",
 * only for the moment before the rename; what processes that were killed have left under such names
 * is removed first, unless one that still runs holds its lock. The old file is untouched after any
 * failure, but for one: where the very last step, the sync of the folder, fails, the new file is
 * there. A PATH that is a symbolic link has its target replaced, the link stays; BULLA_E_REFUSED
 * where the link belongs to another user than us or root, who would choose what is replaced.
 */
BULLA_API BULLA_MUST_CHECK bool bulla_file_replace(const char *path, mode_t mode,
                                                   struct bulla_bytes bytes,
                                                   struct bulla_error *err);

/*
 * Replaces the content of PATH, a file that is there, as bulla_file_replace does, and keeps its
 * mode, owner and group. What bulla_file_refuse gives where it is no regular file; BULLA_E_REFUSED
 * where these cannot be kept,
 * and where it has further names (hard links), which would go on showing the old content.
 */
BULLA_API BULLA_MUST_CHECK bool bulla_file_rewrite(const char *path, struct bulla_bytes bytes,
                                                   struct bulla_error *err);

/*
 * Sets the mode of PATH to 0600. BULLA_E_REFUSED where it is a symbolic link or no regular file,
 * BULLA_E_IO where the system refuses.
 */
BULLA_API BULLA_MUST_CHECK bool bulla_file_make_private(const char *path, struct bulla_error *err);

/*
 * bulla_file_replace for a file that is written piece by piece: begin, write to `fd`, finish, and
 * release in every case, which removes what was not finished. A file without a name it is here too
 * where there are such, until it is whole.
 */
struct bulla_replacement {
    int fd;
    int folder;
    char *path;      /* what is replaced: the target of a link */
    char *temporary; /* NULL where the file at `fd` has no name, or its own by now */
};
BULLA_API BULLA_MUST_CHECK bool bulla_replacement_begin(struct bulla_replacement *replacement,
                                                        const char *path, mode_t mode,
                                                        struct bulla_error *err);
BULLA_API BULLA_MUST_CHECK bool bulla_replacement_finish(struct bulla_replacement *replacement,
                                                         struct bulla_error *err);
BULLA_API void bulla_replacement_release(struct bulla_replacement *replacement);

/* Makes PATH and its missing parents with MODE; one that exists is fine. */
BULLA_API BULLA_MUST_CHECK bool bulla_dir_make(const char *path, mode_t mode,
                                               struct bulla_error *err);

/*
 * What is said wherever a file is needed and PATH, of MODE, is none: BULLA_E_IO for a folder, else
 * BULLA_E_REFUSED, both with what to do. Returns false.
 */
BULLA_API bool bulla_file_refuse(const char *path, mode_t mode, struct bulla_error *err);

/* The same where a folder is needed and PATH is a file: BULLA_E_IO. */
BULLA_API bool bulla_dir_refuse(const char *path, struct bulla_error *err);

/*
 * For a file that comes with a clone and is added to: BULLA_E_REFUSED where PATH is a symbolic
 * link, which would have a file of the cloner's written that somebody else chose.
 */
BULLA_API BULLA_MUST_CHECK bool bulla_file_check_no_link(const char *path, struct bulla_error *err);

/*
 * True when PATH is a regular file (links followed), and where the disk fails to tell (EIO):
 * reading it is what says so.
 */
BULLA_API bool bulla_file_is_regular(const char *path);

/* True where both paths lead to one file, or folder, that is there. */
BULLA_API bool bulla_file_is_same(const char *one, const char *other);

/* True when PATH is a folder (links followed). */
BULLA_API bool bulla_dir_exists(const char *path);

/* BASE/NAME as an owned string, or a copy of NAME where that is absolute or BASE is "" or ".". */
BULLA_API char *bulla_path_join(const char *base, const char *name, struct bulla_error *err);

/* The same with "." and ".." taken out by the text alone, as Compose does it (links stand). */
BULLA_API char *bulla_path_resolve(const char *base, const char *name, struct bulla_error *err);

/* The folder part of PATH, "." where it has none; owned. */
BULLA_API char *bulla_path_dir(const char *path, struct bulla_error *err);

/*
 * The first regular file that may be executed and is called NAME in the folders of PATH (as the
 * variable has them, ':' between), owned, in *ret_program; NULL where there is none. Only absolute
 * folders are looked at: another one, "" too, would have a program of the working directory's
 * started. BULLA_E_NOMEM.
 */
BULLA_API BULLA_MUST_CHECK bool bulla_program_find(const char *path, const char *name,
                                                   char **ret_program, struct bulla_error *err);

/* The last component of PATH; borrowed from it. */
BULLA_API const char *bulla_path_base(const char *path);

#endif
