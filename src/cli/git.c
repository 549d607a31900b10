#include "git.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bulla/file.h"
#include "bulla/mem.h"
#include "git_run.h"

#define ANSWER_MAX ((size_t)64 * 1024)
#define STATES_MAX ((size_t)16 * 1024 * 1024)
#define ASKED_TOGETHER 1000
#define ASKED_BYTES ((size_t)64 * 1024) /* of their names: far from what exec takes */

char *git_path_word(const char *path, struct bulla_error *err)
{
    bool is_plain = path[0] != '-' && path[0] != ':' && strpbrk(path, "*?[\\") == NULL;
    bulla_auto_str name = bulla_asprintf(err, "%s%s", is_plain ? "" : ":(literal)", path);
    return name != NULL ? bulla_word(name, err) : NULL;
}

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

/*
 * A file that is not there is ignored or not, unless git tracks it still: BULLA_GIT_SEEN is open.
 * git-check-ignore takes no pathspecs, and ends where they are to be literal; behind "./" a name
 * has no magic of theirs.
 */
static bool ask_for_missing(const char *tree, const char *name, enum bulla_git_state *ret_state,
                            struct bulla_error *err)
{
    bulla_auto_str path = bulla_asprintf(err, "./%s", name);
    if (path == NULL) {
        return false;
    }
    const char *const args[GIT_ARGS] = {
        GIT_GUARDED, tree, "--no-literal-pathspecs", "check-ignore", "-q", "--", path, NULL};
    bulla_auto_buf answer;
    int status = -1;
    bulla_buf_init(&answer, ANSWER_MAX);
    if (!git_run(args, -1, ANSWER_MAX, &answer, &status, err)) {
        return false;
    }
    switch (status) {
    case -1:
        break;
    case 0:
        *ret_state = BULLA_GIT_IGNORED;
        break;
    case 1:
        *ret_state = BULLA_GIT_SEEN;
        break;
    default:
        *ret_state = BULLA_GIT_REFUSED;
    }
    return true;
}

/* A file that is asked about. */
struct asked {
    char *tree; /* NULL: no work tree, or it is known */
    char *name; /* from there */
};

struct asking {
    struct asked *rows;
    size_t count;
};

static void release_asking(struct asking *asking)
{
    for (size_t i = 0; i < asking->count; i++) {
        bulla_free(asking->rows[i].name);
        bulla_free(asking->rows[i].tree);
    }
    bulla_free(asking->rows);
}

/* "H path": tracked; "? path": neither tracked nor ignored; no line: ignored, or not there. */
static void read_states(const struct asked *rows, const size_t *chosen, size_t count,
                        struct bulla_bytes said, enum bulla_git_state *ret_states)
{
    for (size_t i = 0; i < count; i++) {
        bool is_missing = ret_states[chosen[i]] == BULLA_GIT_SEEN;
        ret_states[chosen[i]] = is_missing ? BULLA_GIT_SEEN : BULLA_GIT_IGNORED;
    }
    while (said.len > 2) {
        const uint8_t *nul = memchr(said.data, '\0', said.len);
        size_t len = nul != NULL ? (size_t)(nul - said.data) : said.len;
        struct bulla_bytes name = bulla_bytes_slice(said, 2, len - 2);
        for (size_t i = 0; i < count; i++) {
            if (bulla_bytes_are(name, rows[chosen[i]].name)) {
                ret_states[chosen[i]] = said.data[0] == '?' ? BULLA_GIT_SEEN : BULLA_GIT_TRACKED;
            }
        }
        said = bulla_bytes_slice(said, len + 1, said.len);
    }
}

/* One child's answer about COUNT files of one work tree; *RET_ANSWERED where it gave one. */
static bool ask_together(const struct asked *rows, const size_t *chosen, size_t count,
                         enum bulla_git_state *ret_states, bool *ret_answered,
                         struct bulla_error *err)
{
    const char *const fixed[] = {GIT_GUARDED, rows[chosen[0]].tree, "ls-files", "-z",
                                 "-tco",      "--exclude-standard", "--"};
    const size_t fixed_count = sizeof fixed / sizeof *fixed;
    const char *args[sizeof fixed / sizeof *fixed + ASKED_TOGETHER + 1];
    memcpy(args, fixed, sizeof fixed);
    for (size_t i = 0; i < count; i++) {
        args[fixed_count + i] = rows[chosen[i]].name;
    }
    args[fixed_count + count] = NULL;
    bulla_auto_buf answer;
    int status = -1;
    bulla_buf_init(&answer, STATES_MAX);
    if (!git_run(args, -1, STATES_MAX, &answer, &status, err)) {
        return false;
    }
    *ret_answered = status == 0;
    if (status == 0) {
        read_states(rows, chosen, count, bulla_buf_view(&answer), ret_states);
    }
    for (size_t i = 0; i < count && status > 0; i++) {
        ret_states[chosen[i]] = BULLA_GIT_REFUSED;
    }
    return true;
}

/*
 * Asks about COUNT files of one work tree. One name that git refuses must not hide the others:
 * where it gives no answer, about each, but not where it has none for the first one either.
 */
static bool ask(const struct asked *rows, const size_t *chosen, size_t count,
                enum bulla_git_state *ret_states, struct bulla_error *err)
{
    bool is_answered = false;
    if (!ask_together(rows, chosen, count, ret_states, &is_answered, err)) {
        return false;
    }
    for (size_t i = 0; i < count && count > 1 && !is_answered; i++) {
        bool is_known = false;
        if (!ask_together(rows, chosen + i, 1, ret_states, &is_known, err)) {
            return false;
        }
        if (i == 0 && !is_known) {
            break;
        }
    }
    return true;
}

/* Finds out where PATH lies; what is not there is asked about at once, unless git may track it. */
static bool place_asked(const char *path, struct asked *row, enum bulla_git_state *ret_state,
                        struct bulla_error *err)
{
    if (!locate(path, &row->tree, &row->name, err)) {
        return false;
    }
    if (row->tree != NULL && access(path, F_OK) != 0) {
        if (!ask_for_missing(row->tree, row->name, ret_state, err)) {
            return false;
        }
        if (*ret_state != BULLA_GIT_SEEN) {
            bulla_free(row->tree);
            row->tree = NULL;
        }
    }
    return true;
}

/* Asks about the file FIRST and those behind it that can be asked about with it. */
static bool ask_from(struct asked *rows, size_t first, size_t count,
                     enum bulla_git_state *ret_states, struct bulla_error *err)
{
    size_t chosen[ASKED_TOGETHER] = {first};
    size_t many = 1;
    size_t bytes = strlen(rows[first].name);
    for (size_t i = first + 1; i < count && many < ASKED_TOGETHER; i++) {
        if (rows[i].tree == NULL || strcmp(rows[i].tree, rows[first].tree) != 0) {
            continue;
        }
        bytes += strlen(rows[i].name) + 1;
        if (bytes > ASKED_BYTES) {
            break;
        }
        chosen[many++] = i;
    }
    if (!ask(rows, chosen, many, ret_states, err)) {
        return false;
    }
    for (size_t i = many; i > 0; i--) {
        bulla_free(rows[chosen[i - 1]].tree);
        rows[chosen[i - 1]].tree = NULL;
    }
    return true;
}

bool git_file_states(const char *const *paths, size_t count, enum bulla_git_state *ret_states,
                     struct bulla_error *err)
{
    BULLA_AUTO(release_asking)
    struct asking asking = {.rows = bulla_alloc(count + 1, sizeof *asking.rows, err)};
    if (asking.rows == NULL) {
        return false;
    }
    asking.count = count;
    struct asked *rows = asking.rows;
    for (size_t i = 0; i < count; i++) {
        ret_states[i] = BULLA_GIT_UNKNOWN;
    }
    for (size_t i = 0; i < count; i++) {
        if (!place_asked(paths[i], &rows[i], &ret_states[i], err)) {
            return false;
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (rows[i].tree != NULL && !ask_from(rows, i, count, ret_states, err)) {
            return false;
        }
    }
    return true;
}

bool git_file_state(const char *path, enum bulla_git_state *ret_state, struct bulla_error *err)
{
    return git_file_states(&path, 1, ret_state, err);
}

/* *RET_LISTED where git lists NAME below FOLDER, in the index or in REVISION where that is not
 * NULL. */
static bool lists(const char *folder, const char *name, const char *revision, bool *ret_listed,
                  struct bulla_error *err)
{
    *ret_listed = false;
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
    const char *const index_args[GIT_ARGS] = {GIT_GUARDED, tree, "ls-files", "--", path, NULL};
    const char *const tree_args[GIT_ARGS] = {GIT_GUARDED, tree, "ls-tree", revision,
                                             "--",        path, NULL};
    const char *const *args = revision == NULL ? index_args : tree_args;
    if (path == NULL || !git_run(args, -1, ANSWER_MAX, &answer, &status, err)) {
        return false;
    }
    *ret_listed = status == 0 && bulla_buf_view(&answer).len > 0;
    return true;
}

bool git_tracks(const char *folder, const char *name, bool *ret_tracked, struct bulla_error *err)
{
    return lists(folder, name, NULL, ret_tracked, err);
}

bool git_has(const char *folder, const char *name, bool *ret_has, struct bulla_error *err)
{
    return lists(folder, name, NULL, ret_has, err) &&
           (*ret_has || lists(folder, name, "HEAD", ret_has, err));
}
