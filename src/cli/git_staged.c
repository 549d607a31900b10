#include "git_staged.h"

#include <stdio.h>
#include <string.h>

#define MAX_ANSWER_BYTES ((size_t)256 * 1024 * 1024)

static bool refuse_git(struct bulla_error *err)
{
    (void)bulla_error(err, BULLA_E_IO, "git does not tell what is about to be committed");
    return bulla_error_hint(err, "git status says what keeps it from reading the repository");
}

/* The text up to the next NUL, which is stepped over; NULL where there is none. */
static const char *take_text(const char **at, const char *end)
{
    const char *text = *at;
    const char *nul = memchr(text, '\0', (size_t)(end - text));
    *at = nul != NULL ? nul + 1 : end;
    return nul != NULL ? text : NULL;
}

/* ":100644 100644 OLD NEW M" NUL "path" NUL, and so on. */
static bool read_entries(struct bulla_bytes answer, git_staged_step *step, void *ctx,
                         struct bulla_error *err)
{
    const char *at = (const char *)answer.data;
    const char *end = at + answer.len;
    while (at < end) {
        const char *head = take_text(&at, end);
        const char *path = head != NULL && at < end ? take_text(&at, end) : NULL;
        if (path == NULL || head[0] != ':' || strlen(head) < strlen(":100644 100644 ")) {
            return refuse_git(err);
        }
        const char *mode = head + strlen(":100644 ");
        struct git_staged file = {
            .path = path,
            .is_gone = strncmp(mode, "000000", 6) == 0,
            .is_link = strncmp(mode, "12", 2) == 0 || strncmp(mode, "16", 2) == 0,
        };
        if (sscanf(mode, "%*s %*s %64[0-9a-f]", file.object) != 1) {
            return refuse_git(err);
        }
        if (!step(ctx, &file, err)) {
            return false;
        }
    }
    return true;
}

bool git_each_staged(const char *tree, const char *index_file, const char *commit,
                     git_staged_step *step, void *ctx, struct bulla_error *err)
{
    const char *const args[GIT_ARGS] = {
        GIT_GUARDED,    tree,          "diff",          "--cached",      "--raw", "-z",
        "--no-renames", "--no-abbrev", "--no-ext-diff", "--no-textconv", commit,  NULL};
    bulla_auto_buf answer;
    int status = -1;
    bulla_buf_init(&answer, MAX_ANSWER_BYTES);
    if (!git_run_on(index_file, args, -1, MAX_ANSWER_BYTES, &answer, &status, err)) {
        return false;
    }
    if (status != 0) {
        return refuse_git(err);
    }
    return answer.len == 0 || read_entries(bulla_buf_view(&answer), step, ctx, err);
}
