/* The git branch of a file's working tree, from files alone. */
#include <stdlib.h>
#include <string.h>

#include "bulla/file.h"
#include "bulla/mem.h"
#include "state/state.h"

#include "base/banned.h"

#define MAX_HEAD_BYTES ((size_t)8192)
#define MAX_FOLDERS 256

char *state_absolute(const char *path, struct bulla_error *err)
{
    bulla_auto_str folder = bulla_path_dir(path, err);
    if (folder == NULL) {
        return NULL;
    }
    bulla_auto_str resolved = realpath(folder, NULL);
    if (resolved == NULL) {
        (void)bulla_error_sys(err, folder, "cannot find the folder");
        return NULL;
    }
    return bulla_path_join(resolved, bulla_path_base(path), err);
}

/* The first line of FILE behind PREFIX, owned; NULL where it is not so (ERR says nothing new). */
static char *read_behind(const char *file, const char *prefix)
{
    struct bulla_error ignored = BULLA_ERROR_INIT;
    bulla_auto_buf text;
    bulla_buf_init(&text, MAX_HEAD_BYTES);
    if (!bulla_file_is_regular(file) || !bulla_file_read(file, MAX_HEAD_BYTES, &text, &ignored)) {
        return NULL;
    }
    struct bulla_bytes line = bulla_buf_view(&text);
    const uint8_t *end = line.len > 0 ? memchr(line.data, '\n', line.len) : NULL;
    if (end != NULL) {
        line.len = (size_t)(end - line.data);
    }
    if (!bulla_bytes_start(line, prefix)) {
        return NULL;
    }
    line = bulla_bytes_slice(line, strlen(prefix), SIZE_MAX);
    return bulla_strndup(line.data, line.len, &ignored);
}

/* FOLDER's git directory: .git, or what a worktree's .git file names; owned, NULL for none. */
static char *git_folder(const char *folder)
{
    struct bulla_error ignored = BULLA_ERROR_INIT;
    bulla_auto_str git = bulla_path_join(folder, ".git", &ignored);
    if (git == NULL) {
        return NULL;
    }
    if (bulla_dir_exists(git)) {
        return BULLA_STEAL(git);
    }
    bulla_auto_str named = read_behind(git, "gitdir: ");
    return named == NULL ? NULL : bulla_path_join(folder, named, &ignored);
}

char *state_branch(const char *path, struct bulla_error *err)
{
    struct bulla_error ignored = BULLA_ERROR_INIT;
    bulla_auto_str folder = state_absolute(path, &ignored);
    for (unsigned i = 0; i < MAX_FOLDERS && folder != NULL && strcmp(folder, "/") != 0; i++) {
        char *parent = bulla_path_dir(folder, err);
        if (parent == NULL) {
            return NULL;
        }
        bulla_free(folder);
        folder = parent;
        bulla_auto_str git = git_folder(folder);
        if (git == NULL) {
            continue;
        }
        bulla_auto_str head = bulla_path_join(git, "HEAD", err);
        if (head == NULL) {
            return NULL;
        }
        char *branch = read_behind(head, "ref: refs/heads/");
        return branch != NULL ? branch : bulla_strdup("", err);
    }
    return bulla_strdup("", err);
}
