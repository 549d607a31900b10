#include "git_bases.h"

#include <string.h>

#include "bulla/mem.h"
#include "git_run.h"

struct bulla_bytes git_take_line(struct bulla_bytes *rest)
{
    const uint8_t *end = rest->len == 0 ? NULL : memchr(rest->data, '\n', rest->len);
    size_t len = end == NULL ? rest->len : (size_t)(end - rest->data);
    struct bulla_bytes line = bulla_bytes_slice(*rest, 0, len);
    *rest = bulla_bytes_slice(*rest, end == NULL ? len : len + 1, rest->len);
    return line;
}

struct bulla_bytes git_take_word(struct bulla_bytes *line)
{
    const uint8_t *end = line->len == 0 ? NULL : memchr(line->data, ' ', line->len);
    size_t len = end == NULL ? line->len : (size_t)(end - line->data);
    struct bulla_bytes word = bulla_bytes_slice(*line, 0, len);
    *line = bulla_bytes_slice(*line, end == NULL ? len : len + 1, line->len);
    return word;
}

static bool add_state(struct git_search *search, struct bulla_bytes commit, bool is_base,
                      struct bulla_error *err)
{
    if (commit.len == 0 || commit.len > GIT_ID_CHARS) {
        return git_refuse_states(err);
    }
    if (!bulla_grow(&search->states, &search->cap, search->count + 1, sizeof *search->states,
                    err)) {
        return false;
    }
    struct git_found *state = &search->states[search->count++];
    *state = (struct git_found){.is_base = is_base};
    memcpy(state->commit, commit.data, commit.len);
    return true;
}

bool git_find_bases(struct git_search *search, struct bulla_error *err)
{
    const char *const args[GIT_ARGS] = {
        GIT_GUARDED, search->tree, "merge-base", "--all", search->revision->commit, "HEAD", NULL};
    bulla_auto_buf answer;
    int status = -1;
    bulla_buf_init(&answer, GIT_ANSWER_BYTES);
    if (!git_run(args, -1, GIT_ANSWER_BYTES, &answer, &status, err)) {
        return false;
    }
    if (status == 1) {
        (void)bulla_error(err, BULLA_E_MISSING, "'%s' and HEAD have no commit in common here",
                          search->revision->name);
        return bulla_error_hint(err, "in a shallow clone: git fetch --unshallow, or fetch-depth: 0 "
                                     "of the checkout");
    }
    if (status != 0) {
        return git_refuse_states(err);
    }
    for (struct bulla_bytes rest = bulla_buf_view(&answer); rest.len > 0;) {
        if (!add_state(search, git_take_line(&rest), true, err)) {
            return false;
        }
    }
    return true;
}

static char *commit_of(struct git_found *state)
{
    return state->commit;
}

/* Most merges are parents of the next one. */
static bool drop_repeated(struct git_search *search, struct bulla_error *err)
{
    size_t kept = 0;
    if (!git_blank_repeated(search, commit_of, err)) {
        return false;
    }
    for (size_t i = 0; i < search->count; i++) {
        if (search->states[i].commit[0] != '\0') {
            search->states[kept++] = search->states[i];
        }
    }
    search->count = kept;
    return true;
}

/* What a merge was made of must be in it: union merges can be configured away. */
bool git_find_parents(struct git_search *search, struct bulla_error *err)
{
    const char *const args[GIT_ARGS] = {
        GIT_GUARDED, search->tree, "rev-list", "--min-parents=2",
        "--parents", "HEAD",       "--not",    search->revision->commit,
        "--",        NULL};
    bulla_auto_buf answer;
    int status = -1;
    bulla_buf_init(&answer, GIT_ANSWER_BYTES);
    if (!git_run(args, -1, GIT_ANSWER_BYTES, &answer, &status, err)) {
        return false;
    }
    if (status != 0) {
        return git_refuse_states(err);
    }
    for (struct bulla_bytes rest = bulla_buf_view(&answer); rest.len > 0;) {
        struct bulla_bytes line = git_take_line(&rest);
        (void)git_take_word(&line); /* the merge itself */
        while (line.len > 0) {
            if (!add_state(search, git_take_word(&line), false, err)) {
                return false;
            }
        }
    }
    return drop_repeated(search, err);
}
