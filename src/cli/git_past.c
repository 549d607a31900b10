#include "git_past.h"

#include <stdio.h>
#include <string.h>

#include "bulla/mem.h"

#define MAX_ANSWER_BYTES ((size_t)4 * 1024 * 1024)
#define LOG_ENTRIES "200"
#define MAX_REFS "--count=1000"

/* What the states are found with. */
struct search {
    struct git_past *past;
    const char *tree, *path;
    struct git_objects objects;
};

void git_past_release(struct git_past *past)
{
    for (size_t i = 0; i < past->count; i++) {
        bulla_free(past->states[i].name);
        bulla_free(past->states[i].label);
        bulla_free(past->states[i].event);
    }
    bulla_free(past->states);
}

static bool is_known(const struct git_past *past, const char *object)
{
    for (size_t i = 0; i < past->count; i++) {
        if (strcmp(past->states[i].object, object) == 0) {
            return true;
        }
    }
    return false;
}

/*
 * Adds the file as REVISION ("HEAD", "" for the index) has it, where it has one. LABEL is taken
 * over.
 */
static bool add_state(struct search *search, const char *revision, char *label, const char *event,
                      bool is_wanted, struct bulla_error *err)
{
    struct git_past *past = search->past;
    struct git_past_state state = {.label = label, .is_wanted = is_wanted};
    state.name = label == NULL ? NULL : bulla_asprintf(err, "%s:%s", revision, search->path);
    bool ok =
        state.name != NULL && git_objects_find(&search->objects, state.name, state.object, err);
    if (ok && state.object[0] != '\0') {
        state.is_repeated = is_known(past, state.object);
        state.event = event != NULL ? bulla_strdup(event, err) : NULL;
        ok = (event == NULL || state.event != NULL) &&
             bulla_grow(&past->states, &past->cap, past->count + 1, sizeof *past->states, err);
        if (ok) {
            past->states[past->count++] = state;
            return true;
        }
    }
    bulla_free(state.name);
    bulla_free(state.label);
    bulla_free(state.event);
    return ok;
}

static bool add_named(struct search *search, const char *revision, const char *label,
                      bool is_wanted, struct bulla_error *err)
{
    return add_state(search, revision, bulla_strdup(label, err), NULL, is_wanted, err);
}

static bool ask(const char *const args[GIT_ARGS], struct bulla_buf *answer, int *ret_status,
                struct bulla_error *err)
{
    if (!git_run(args, -1, MAX_ANSWER_BYTES, answer, ret_status, err)) {
        return false;
    }
    return *ret_status >= 0 || bulla_error(err, BULLA_E_IO, "git cannot be started");
}

/* What REF pointed to, the newest first; *RET_COUNT is how many entries its log has. */
static bool add_log(struct search *search, const char *ref, const char *label, bool is_wanted,
                    size_t *ret_count, struct bulla_error *err)
{
    const char *const args[GIT_ARGS] = {GIT_GUARDED,
                                        search->tree,
                                        "log",
                                        "--walk-reflogs",
                                        "-z",
                                        "--no-show-signature",
                                        "--format=%H %gs",
                                        "-n",
                                        LOG_ENTRIES,
                                        ref,
                                        "--",
                                        NULL};
    bulla_auto_buf answer;
    int status = -1;
    bulla_buf_init(&answer, MAX_ANSWER_BYTES);
    *ret_count = 0;
    if (!ask(args, &answer, &status, err)) {
        return false;
    }
    const char *at = status == 0 ? bulla_buf_text(&answer, err) : "";
    const char *end = at + (status == 0 ? answer.len : 0);
    const char *event = NULL; /* of the entry before: it led away from this one */
    while (at != NULL && at < end) {
        char commit[65];
        size_t len = strcspn(at, " ");
        if (len < sizeof commit) {
            memcpy(commit, at, len);
            commit[len] = '\0';
            char *name = bulla_asprintf(err, "%s@{%zu}", label, *ret_count);
            if (!add_state(search, commit, name, event, is_wanted, err)) {
                return false;
            }
            ++*ret_count;
        }
        event = at + len + (at[len] == ' ');
        at += strlen(at) + 1;
    }
    return at != NULL;
}

/* The branch that is checked out as "refs/heads/main", owned; NULL for none. */
static bool find_branch(const struct search *search, char **ret_branch, struct bulla_error *err)
{
    const char *const args[GIT_ARGS] = {GIT_GUARDED, search->tree, "symbolic-ref",
                                        "-q",        "HEAD",       NULL};
    bulla_auto_buf answer;
    int status = -1;
    bulla_buf_init(&answer, MAX_ANSWER_BYTES);
    *ret_branch = NULL;
    if (!ask(args, &answer, &status, err)) {
        return false;
    }
    const char *text = status == 0 ? bulla_buf_text(&answer, err) : NULL;
    if (text == NULL) {
        return err->code == BULLA_OK;
    }
    *ret_branch = bulla_strndup(text, strcspn(text, "\n"), err);
    return *ret_branch != NULL;
}

static bool add_wanted(struct search *search, struct bulla_error *err)
{
    static const char heads[] = "refs/heads/";
    bulla_auto_str branch = NULL;
    size_t entries = 0;
    if (!add_named(search, ":2", "ours", true, err) ||
        !add_named(search, ":3", "theirs", true, err) ||
        !add_named(search, "HEAD", "HEAD", true, err) ||
        !add_named(search, "MERGE_HEAD", "MERGE_HEAD", true, err) ||
        !find_branch(search, &branch, err)) {
        return false;
    }
    if (branch == NULL) {
        return true;
    }
    const char *label =
        strncmp(branch, heads, strlen(heads)) == 0 ? branch + strlen(heads) : branch;
    return add_log(search, branch, label, true, &entries, err) &&
           (entries > 0 || add_named(search, "ORIG_HEAD", "ORIG_HEAD", true, err));
}

static bool add_refs(struct search *search, struct bulla_error *err)
{
    const char *const args[GIT_ARGS] = {GIT_GUARDED,
                                        search->tree,
                                        "for-each-ref",
                                        "--sort=-committerdate",
                                        MAX_REFS,
                                        "--format=%(objectname) %(refname:short)",
                                        NULL};
    bulla_auto_buf answer;
    int status = -1;
    bulla_buf_init(&answer, MAX_ANSWER_BYTES);
    if (!ask(args, &answer, &status, err)) {
        return false;
    }
    const char *at = status == 0 ? bulla_buf_text(&answer, err) : NULL;
    while (at != NULL && *at != '\0') {
        size_t id = strcspn(at, " \n");
        size_t len = strcspn(at, "\n");
        if (id < len) {
            bulla_auto_str object = bulla_strndup(at, id, err);
            bulla_auto_str label = bulla_strndup(at + id + 1, len - id - 1, err);
            if (object == NULL || label == NULL || !add_named(search, object, label, false, err)) {
                return false;
            }
        }
        at += len + (at[len] == '\n');
    }
    return err->code == BULLA_OK;
}

static bool add_helpers(struct search *search, struct bulla_error *err)
{
    static const char *const heads[] = {"CHERRY_PICK_HEAD", "REBASE_HEAD", "ORIG_HEAD", NULL};
    size_t entries = 0;
    for (size_t i = 0; heads[i] != NULL; i++) {
        if (!add_named(search, heads[i], heads[i], false, err)) {
            return false;
        }
    }
    return add_refs(search, err) && add_log(search, "HEAD", "HEAD", false, &entries, err);
}

bool git_past_find(struct git_past *ret, const char *tree, const char *path,
                   struct bulla_error *err)
{
    struct search search = {.past = ret, .tree = tree, .path = path};
    *ret = (struct git_past){0};
    bool ok = git_objects_start_check(&search.objects, tree, err) && add_wanted(&search, err);
    ret->wanted_count = ret->count;
    ok = ok && add_helpers(&search, err);
    git_objects_close(&search.objects);
    return ok;
}
