#include "git.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bulla/file.h"
#include "bulla/mem.h"
#include "git_run.h"

#define ANSWER_MAX ((size_t)64 * 1024)
#define STATES_MAX ((size_t)16 * 1024 * 1024)

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

/* PATH from the work tree that it lies in; both owned, NULL outside of one. */
static bool locate(const char *path, char **ret_tree, char **ret_name, struct bulla_error *err)
{
    bulla_auto_str below = NULL;
    bulla_auto_str folder = bulla_path_dir(path, err);
    *ret_tree = NULL;
    *ret_name = NULL;
    if (folder == NULL || !git_find_work_tree(folder, ret_tree, &below, err)) {
        return false;
    }
    if (*ret_tree != NULL) {
        *ret_name = bulla_asprintf(err, "%s%s", below, bulla_path_base(path));
    }
    return *ret_tree == NULL || *ret_name != NULL;
}

/* A file that is not there can only be ignored or not. */
static bool ask_for_missing(const char *tree, const char *name, enum bulla_git_state *ret_state,
                            struct bulla_error *err)
{
    const char *const args[GIT_ARGS] = {GIT_GUARDED, tree, "check-ignore", "-q", "--", name, NULL};
    bulla_auto_buf answer;
    int status = -1;
    bulla_buf_init(&answer, ANSWER_MAX);
    if (!git_run(args, -1, ANSWER_MAX, &answer, &status, err)) {
        return false;
    }
    if (status == 0 || status == 1) {
        *ret_state = status == 0 ? BULLA_GIT_IGNORED : BULLA_GIT_SEEN;
    }
    return true;
}

/* Files of one work tree that are there. */
struct asking {
    char *tree;
    char **names; /* from there, of each file; NULL: not asked about */
    size_t count;
    const char **args;
};

static void release_asking(struct asking *asking)
{
    for (size_t i = 0; asking->names != NULL && i < asking->count; i++) {
        bulla_free(asking->names[i]);
    }
    bulla_free(asking->names);
    bulla_free(asking->args);
    bulla_free(asking->tree);
}

/* "H path": tracked; "? path": neither tracked nor ignored; no line: ignored. */
static void read_states(const struct asking *asking, struct bulla_bytes said,
                        enum bulla_git_state *ret_states)
{
    for (size_t i = 0; i < asking->count; i++) {
        ret_states[i] = asking->names[i] != NULL ? BULLA_GIT_IGNORED : ret_states[i];
    }
    while (said.len > 2) {
        const uint8_t *nul = memchr(said.data, '\0', said.len);
        size_t len = nul != NULL ? (size_t)(nul - said.data) : said.len;
        struct bulla_bytes name = bulla_bytes_slice(said, 2, len - 2);
        for (size_t i = 0; i < asking->count; i++) {
            if (asking->names[i] != NULL && bulla_bytes_are(name, asking->names[i])) {
                ret_states[i] = said.data[0] == '?' ? BULLA_GIT_SEEN : BULLA_GIT_TRACKED;
            }
        }
        said = bulla_bytes_slice(said, len + 1, said.len);
    }
}

static bool ask(struct asking *asking, enum bulla_git_state *ret_states, struct bulla_error *err)
{
    const char *const fixed[] = {GIT_GUARDED, asking->tree,         "ls-files", "-z",
                                 "-tco",      "--exclude-standard", "--"};
    size_t count = sizeof fixed / sizeof *fixed;
    asking->args = bulla_alloc(count + asking->count + 1, sizeof *asking->args, err);
    if (asking->args == NULL) {
        return false;
    }
    memcpy(asking->args, fixed, sizeof fixed);
    for (size_t i = 0; i < asking->count; i++) {
        if (asking->names[i] != NULL) {
            asking->args[count++] = asking->names[i];
        }
    }
    bulla_auto_buf answer;
    int status = -1;
    bulla_buf_init(&answer, STATES_MAX);
    if (!git_run(asking->args, -1, STATES_MAX, &answer, &status, err)) {
        return false;
    }
    if (status == 0) {
        read_states(asking, bulla_buf_view(&answer), ret_states);
    }
    return true;
}

/* Takes PATH among what is asked, or asks about it by itself. */
static bool take_path(struct asking *asking, size_t index, const char *path,
                      enum bulla_git_state *ret_state, bool *ret_any, struct bulla_error *err)
{
    bulla_auto_str tree = NULL;
    bulla_auto_str name = NULL;
    if (!locate(path, &tree, &name, err)) {
        return false;
    }
    if (tree == NULL || (asking->tree != NULL && strcmp(asking->tree, tree) != 0)) {
        return true;
    }
    if (asking->tree == NULL) {
        asking->tree = BULLA_STEAL(tree);
    }
    if (access(path, F_OK) != 0) {
        return ask_for_missing(asking->tree, name, ret_state, err);
    }
    asking->names[index] = BULLA_STEAL(name);
    *ret_any = true;
    return true;
}

bool git_file_states(const char *const *paths, size_t count, enum bulla_git_state *ret_states,
                     struct bulla_error *err)
{
    BULLA_AUTO(release_asking) struct asking asking = {.count = count};
    bool is_any = false;
    for (size_t i = 0; i < count; i++) {
        ret_states[i] = BULLA_GIT_UNKNOWN;
    }
    if (count == 0) {
        return true;
    }
    asking.names = bulla_alloc(count, sizeof *asking.names, err);
    if (asking.names == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (!take_path(&asking, i, paths[i], &ret_states[i], &is_any, err)) {
            return false;
        }
    }
    return !is_any || ask(&asking, ret_states, err);
}

bool git_file_state(const char *path, enum bulla_git_state *ret_state, struct bulla_error *err)
{
    return git_file_states(&path, 1, ret_state, err);
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
