#include "git.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bulla/file.h"
#include "bulla/mem.h"
#include "git_run.h"

#define ANSWER_MAX ((size_t)64 * 1024)

bool git_user_name(char **ret_name, struct bulla_error *err)
{
    static const char *const args[GIT_ARGS] = {"git", "config", "user.name", NULL};
    bulla_auto_buf answer;
    int status = -1;
    bulla_buf_init(&answer, ANSWER_MAX);
    *ret_name = NULL;
    if (!git_run(args, -1, ANSWER_MAX, &answer, &status, err)) {
        return false;
    }
    const char *text = status == 0 ? bulla_buf_text(&answer, err) : NULL;
    if (text == NULL || text[0] == '\0') {
        return true;
    }
    *ret_name = bulla_strndup(text, strcspn(text, "\n"), err);
    return *ret_name != NULL;
}

bool git_find_work_tree(const char *folder, char **ret_tree, char **ret_below,
                        struct bulla_error *err)
{
    bulla_auto_str tree = realpath(folder, NULL);
    bulla_auto_str whole = tree != NULL ? bulla_strdup(tree, err) : NULL;
    *ret_tree = NULL;
    *ret_below = NULL;
    if (tree == NULL || whole == NULL) {
        /* A folder that is not there lies in no work tree. */
        return tree == NULL;
    }
    for (;;) {
        bulla_auto_str path = bulla_path_join(tree, ".git", err);
        if (path == NULL) {
            return false;
        }
        if (access(path, F_OK) == 0) {
            break;
        }
        char *slash = strrchr(tree, '/');
        if (slash == NULL || (slash == tree && tree[1] == '\0')) {
            return true;
        }
        slash[slash == tree ? 1 : 0] = '\0';
    }
    const char *below = whole + strlen(tree);
    below += *below == '/' ? 1 : 0;
    *ret_below = bulla_asprintf(err, "%s%s", below, *below != '\0' ? "/" : "");
    if (*ret_below == NULL) {
        return false;
    }
    *ret_tree = BULLA_STEAL(tree);
    return true;
}

bool git_file_state(const char *path, enum bulla_git_state *ret_state, struct bulla_error *err)
{
    *ret_state = BULLA_GIT_UNKNOWN;
    bulla_auto_str folder = bulla_path_dir(path, err);
    bulla_auto_str tree = NULL;
    bulla_auto_str below = NULL;
    if (folder == NULL || !git_find_work_tree(folder, &tree, &below, err)) {
        return false;
    }
    if (tree == NULL) {
        return true;
    }
    bulla_auto_str name = bulla_asprintf(err, "%s%s", below, bulla_path_base(path));
    if (name == NULL) {
        return false;
    }
    bulla_auto_buf answer;
    int status = -1;
    bulla_buf_init(&answer, ANSWER_MAX);
    if (access(path, F_OK) == 0) {
        /* "H path": tracked; "? path": neither tracked nor ignored; nothing: ignored. */
        const char *const args[GIT_ARGS] = {GIT_GUARDED,          tree, "ls-files", "-tco",
                                            "--exclude-standard", "--", name,       NULL};
        if (!git_run(args, -1, ANSWER_MAX, &answer, &status, err)) {
            return false;
        }
        struct bulla_bytes said = bulla_buf_view(&answer);
        if (status == 0) {
            *ret_state = said.len == 0                  ? BULLA_GIT_IGNORED
                         : bulla_bytes_start(said, "?") ? BULLA_GIT_SEEN
                                                        : BULLA_GIT_TRACKED;
        }
        return true;
    }
    const char *const args[GIT_ARGS] = {GIT_GUARDED, tree, "check-ignore", "-q", "--", name, NULL};
    if (!git_run(args, -1, ANSWER_MAX, &answer, &status, err)) {
        return false;
    }
    if (status == 0 || status == 1) {
        *ret_state = status == 0 ? BULLA_GIT_IGNORED : BULLA_GIT_SEEN;
    }
    return true;
}

bool git_tracks(const char *folder, const char *name, bool *ret_tracked, struct bulla_error *err)
{
    *ret_tracked = false;
    bulla_auto_str tree = NULL;
    bulla_auto_str below = NULL;
    if (!git_find_work_tree(folder, &tree, &below, err)) {
        return false;
    }
    if (tree == NULL) {
        return true;
    }
    bulla_auto_str path = bulla_asprintf(err, "%s%s", below, name);
    bulla_auto_buf answer;
    int status = -1;
    bulla_buf_init(&answer, ANSWER_MAX);
    const char *const args[GIT_ARGS] = {GIT_GUARDED, tree, "ls-files", "--", path, NULL};
    if (path == NULL || !git_run(args, -1, ANSWER_MAX, &answer, &status, err)) {
        return false;
    }
    *ret_tracked = status == 0 && bulla_buf_view(&answer).len > 0;
    return true;
}
