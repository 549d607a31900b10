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

/* A file that cannot be read names no branch; without memory nobody knows. */
static bool pass_over(struct bulla_error *err)
{
    if (err->code == BULLA_E_NOMEM) {
        return false;
    }
    bulla_error_clear(err);
    return true;
}

/*
 * The first line of FILE behind PREFIX, owned, in *ret_text; NULL where it is not so or cannot be
 * read. BULLA_E_NOMEM.
 */
static bool read_behind(const char *file, const char *prefix, char **ret_text,
                        struct bulla_error *err)
{
    *ret_text = NULL;
    bulla_auto_buf text;
    bulla_buf_init(&text, MAX_HEAD_BYTES);
    if (!bulla_file_is_regular(file)) {
        return true;
    }
    if (!bulla_file_read(file, MAX_HEAD_BYTES, &text, err)) {
        return pass_over(err);
    }
    struct bulla_bytes line = bulla_buf_view(&text);
    const uint8_t *end = line.len > 0 ? memchr(line.data, '\n', line.len) : NULL;
    if (end != NULL) {
        line.len = (size_t)(end - line.data);
    }
    if (!bulla_bytes_start(line, prefix)) {
        return true;
    }
    line = bulla_bytes_slice(line, strlen(prefix), SIZE_MAX);
    *ret_text = bulla_strndup(line.data, line.len, err);
    return *ret_text != NULL;
}

/*
 * FOLDER's git directory in *ret_git: .git, or what a worktree's .git file names; owned, NULL for
 * none. BULLA_E_NOMEM.
 */
static bool find_git_folder(const char *folder, char **ret_git, struct bulla_error *err)
{
    *ret_git = NULL;
    bulla_auto_str git = bulla_path_join(folder, ".git", err);
    if (git == NULL) {
        return false;
    }
    if (bulla_dir_exists(git)) {
        *ret_git = BULLA_STEAL(git);
        return true;
    }
    bulla_auto_str named = NULL;
    if (!read_behind(git, "gitdir: ", &named, err)) {
        return false;
    }
    if (named != NULL) {
        *ret_git = bulla_path_join(folder, named, err);
    }
    return named == NULL || *ret_git != NULL;
}

/* The branch that GIT's HEAD names; "" for a detached one. */
static char *read_branch(const char *git, struct bulla_error *err)
{
    bulla_auto_str head = bulla_path_join(git, "HEAD", err);
    bulla_auto_str branch = NULL;
    if (head == NULL || !read_behind(head, "ref: refs/heads/", &branch, err)) {
        return NULL;
    }
    return branch != NULL ? BULLA_STEAL(branch) : bulla_strdup("", err);
}

/* The nearest folder above PATH that git has its directory in, and that; owned, NULL for none. */
static bool find_tree(const char *path, char **ret_tree, char **ret_git, struct bulla_error *err)
{
    bulla_auto_str folder = state_absolute(path, err);
    if (folder == NULL) {
        return pass_over(err);
    }
    for (unsigned i = 0; i < MAX_FOLDERS && strcmp(folder, "/") != 0; i++) {
        char *parent = bulla_path_dir(folder, err);
        if (parent == NULL) {
            return false;
        }
        bulla_free(folder);
        folder = parent;
        if (!find_git_folder(folder, ret_git, err)) {
            return false;
        }
        if (*ret_git != NULL) {
            *ret_tree = BULLA_STEAL(folder);
            return true;
        }
    }
    return true;
}

/*
 * Whether TREE is a submodule's, or one that is kept as these are: its .git is a file, and what
 * that names, GIT, no linked worktree's (gitrepository-layout(5): commondir). BULLA_E_NOMEM.
 */
static bool is_module(const char *tree, const char *git, bool *ret_is, struct bulla_error *err)
{
    bulla_auto_str file = bulla_path_join(tree, ".git", err);
    bulla_auto_str common = file != NULL ? bulla_path_join(git, "commondir", err) : NULL;
    *ret_is = common != NULL && bulla_file_is_regular(file) && !bulla_file_is_regular(common);
    return common != NULL;
}

/* The work tree around TREE where that is a module of it, which GIT is the directory of; owned. */
static bool find_tree_around(const char *tree, const char *git, char **ret_tree, char **ret_git,
                             struct bulla_error *err)
{
    bool is = false;
    return is_module(tree, git, &is, err) && (!is || find_tree(tree, ret_tree, ret_git, err));
}

char *state_branch(const char *path, char **ret_tree, struct bulla_error *err)
{
    bulla_auto_str tree = NULL;
    bulla_auto_str git = NULL;
    *ret_tree = NULL;
    if (!find_tree(path, &tree, &git, err)) {
        return NULL;
    }
    bulla_auto_str branch = git != NULL ? read_branch(git, err) : bulla_strdup("", err);
    /* git checks a module out without a branch: that of its superproject is what it is of. */
    while (branch != NULL && branch[0] == '\0' && tree != NULL) {
        bulla_auto_str outer = NULL;
        bulla_auto_str outer_git = NULL;
        if (!find_tree_around(tree, git, &outer, &outer_git, err)) {
            return NULL;
        }
        if (outer == NULL) {
            break;
        }
        bulla_free(branch);
        bulla_free(tree);
        bulla_free(git);
        tree = BULLA_STEAL(outer);
        git = BULLA_STEAL(outer_git);
        branch = read_branch(git, err);
    }
    if (branch == NULL) {
        return NULL;
    }
    *ret_tree = tree != NULL ? BULLA_STEAL(tree) : bulla_strdup("", err);
    return *ret_tree != NULL ? BULLA_STEAL(branch) : NULL;
}
