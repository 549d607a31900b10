#include "git_merged.h"

#include <string.h>

#include "bulla/file.h"
#include "bulla/mem.h"
#include "env.h"

#define MERGED_HEAD "GITHEAD_"
#define HEADS_MAX ((size_t)64 * 1024)
#define HEX "0123456789abcdef"

static bool refuse_git(struct bulla_error *err)
{
    (void)bulla_error(err, BULLA_E_IO, "git does not tell what is about to be merged");
    return bulla_error_hint(err, "git status says what keeps it from reading the repository");
}

/* How long the whole id is that TEXT begins with, of a kind of git's that is; 0 for none. */
static size_t id_length(const char *text)
{
    size_t len = strspn(text, HEX);
    return len == 40 || len == 64 ? len : 0;
}

/*
 * A merge without conflicts asks its hook before there is a MERGE_HEAD; what it merges stands in
 * the environment, as GITHEAD_COMMIT=NAME.
 */
static bool each_in_environment(git_merged_step *step, void *ctx, struct bulla_error *err)
{
    for (char *const *entry = env_all(); *entry != NULL; entry++) {
        bool is_head = strncmp(*entry, MERGED_HEAD, strlen(MERGED_HEAD)) == 0;
        const char *commit = is_head ? *entry + strlen(MERGED_HEAD) : "";
        size_t len = id_length(commit);
        if (len == 0 || commit[len] != '=') {
            continue;
        }
        bulla_auto_str id = bulla_strndup(commit, len, err);
        if (id == NULL || !step(ctx, id, err)) {
            return false;
        }
    }
    return true;
}

/* ANSWER gets what git says to ARGS; it ends with status 0, or ALSO_STATUS. */
static bool ask(const char *const args[GIT_ARGS], int also_status, struct bulla_buf *answer,
                struct bulla_error *err)
{
    int status = -1;
    if (!git_run(args, -1, HEADS_MAX, answer, &status, err)) {
        return false;
    }
    return status == 0 || status == also_status || refuse_git(err);
}

/* The text of MERGE_HEAD, a line for each commit; nothing where nothing is merged. */
static bool read_heads(const char *tree, struct bulla_buf *heads, struct bulla_error *err)
{
    const char *const args[GIT_ARGS] = {GIT_GUARDED,  tree,         "rev-parse",
                                        "--git-path", "MERGE_HEAD", NULL};
    bulla_auto_buf answer;
    bulla_buf_init(&answer, HEADS_MAX);
    const char *line = ask(args, 0, &answer, err) ? bulla_buf_text(&answer, err) : NULL;
    bulla_auto_str name = line != NULL ? bulla_strndup(line, strcspn(line, "\n"), err) : NULL;
    bulla_auto_str path = name != NULL ? bulla_path_join(tree, name, err) : NULL;
    if (path == NULL) {
        return false;
    }
    return !bulla_file_is_regular(path) || bulla_file_read(path, HEADS_MAX, heads, err);
}

/*
 * Read from its file: to git the name is that of its first line alone, and, where there is no such
 * file, that of a branch that somebody calls so.
 */
static bool each_in_merge_head(const char *tree, git_merged_step *step, void *ctx,
                               struct bulla_error *err)
{
    bulla_auto_buf heads;
    bulla_buf_init(&heads, HEADS_MAX);
    const char *at = read_heads(tree, &heads, err) ? bulla_buf_text(&heads, err) : NULL;
    while (at != NULL && *at != '\0') {
        size_t len = id_length(at);
        if (len == 0 || at[len] != '\n') {
            return refuse_git(err);
        }
        bulla_auto_str id = bulla_strndup(at, len, err);
        if (id == NULL || !step(ctx, id, err)) {
            return false;
        }
        at += len + 1;
    }
    return at != NULL;
}

bool git_each_merged(const char *tree, git_merged_step *step, void *ctx, struct bulla_error *err)
{
    return each_in_environment(step, ctx, err) && each_in_merge_head(tree, step, ctx, err);
}

bool git_commit_has(struct git_objects *objects, const char *commit, const char *path,
                    bool *ret_has, struct bulla_error *err)
{
    bulla_auto_str name = bulla_asprintf(err, "%s:%s", commit, path);
    bulla_auto_buf content;
    bulla_buf_init(&content, 0);
    return name != NULL && git_objects_get(objects, name, &content, ret_has, err);
}

bool git_base_has(struct git_objects *objects, const char *tree, const char *ours,
                  const char *commit, const char *path, bool *ret_has, struct bulla_error *err)
{
    const char *const args[GIT_ARGS] = {GIT_GUARDED, tree,   "merge-base", "--all",
                                        ours,        commit, NULL};
    bulla_auto_buf answer;
    bulla_buf_init(&answer, HEADS_MAX);
    *ret_has = false;
    /* Status 1: they have none in common. */
    const char *at = ask(args, 1, &answer, err) ? bulla_buf_text(&answer, err) : NULL;
    while (at != NULL && *at != '\0' && !*ret_has) {
        size_t len = strcspn(at, "\n");
        bulla_auto_str base = bulla_strndup(at, len, err);
        if (base == NULL || !git_commit_has(objects, base, path, ret_has, err)) {
            return false;
        }
        at += len + (at[len] == '\n');
    }
    return at != NULL;
}
