#include "git_revision.h"

#include <string.h>

#include "bulla/mem.h"

#define ANSWER_BYTES ((size_t)16 * 1024 * 1024)
#define HEX "0123456789abcdef"
#define SHORT_ID_CHARS 4 /* git takes no fewer */

/* gitrevisions(7): where git looks for a name, in this order; the first is for whole ones. */
static const char *const places[][2] = {{"", ""},
                                        {"refs/", ""},
                                        {"refs/tags/", ""},
                                        {"refs/heads/", ""},
                                        {"refs/remotes/", ""},
                                        {"refs/remotes/", "/HEAD"}};
#define WHOLE 0
#define PLACES (sizeof places / sizeof *places)

/* The refs that a name may mean, and whether they are there. */
struct candidates {
    char *refs[PLACES];
    bool are_there[PLACES];
    size_t count; /* of those that are */
};

static void release(struct candidates *candidates)
{
    for (size_t i = 0; i < PLACES; i++) {
        bulla_free(candidates->refs[i]);
    }
}

/* How long the name is that REVISION begins with: of "@{-1}" and ":/text" it is none. */
static size_t name_length(const char *revision)
{
    size_t len = strcspn(revision, "^~:");
    const char *at = strstr(revision, "@{");
    return at != NULL && (size_t)(at - revision) < len ? (size_t)(at - revision) : len;
}

/* ANSWER gets what git prints. */
static bool ask(const char *const args[GIT_ARGS], struct bulla_buf *answer, struct bulla_error *err)
{
    int status = -1;
    return git_run(args, -1, ANSWER_BYTES, answer, &status, err) &&
           (status == 0 || git_objects_refuse(err));
}

/* Which of the refs git has. A pattern also matches what lies below it. */
static bool look(struct candidates *candidates, const char *tree, struct bulla_error *err)
{
    const char *const *refs = (const char *const *)candidates->refs;
    const char *const args[GIT_ARGS] = {GIT_GUARDED,
                                        tree,
                                        "for-each-ref",
                                        "--format=%(refname)",
                                        refs[0],
                                        refs[1],
                                        refs[2],
                                        refs[3],
                                        refs[4],
                                        refs[5],
                                        NULL};
    bulla_auto_buf answer;
    bulla_buf_init(&answer, ANSWER_BYTES);
    const char *line = ask(args, &answer, err) ? bulla_buf_text(&answer, err) : NULL;
    while (line != NULL && *line != '\0') {
        struct bulla_bytes ref = bulla_bytes(line, strcspn(line, "\n"));
        for (size_t i = 0; i < PLACES; i++) {
            bool is_it = bulla_bytes_are(ref, refs[i]);
            candidates->are_there[i] = candidates->are_there[i] || is_it;
            candidates->count += is_it;
        }
        line += ref.len + (line[ref.len] == '\n');
    }
    return line != NULL;
}

static bool find_candidates(struct candidates *ret, const char *tree, const char *name,
                            struct bulla_error *err)
{
    for (size_t i = 0; i < PLACES; i++) {
        ret->refs[i] = bulla_asprintf(err, "%s%s%s", places[i][0], name, places[i][1]);
        if (ret->refs[i] == NULL) {
            return false;
        }
    }
    return look(ret, tree, err);
}

/*
 * *RET_IS where NAME is a short id of an object too, alone or behind the "-g" of git describe, and
 * OBJECT is not that.
 */
static bool is_other_object(const char *tree, const char *name, const char *object, bool *ret_is,
                            struct bulla_error *err)
{
    const char *id = name;
    for (const char *at = strstr(name, "-g"); at != NULL; at = strstr(at + 2, "-g")) {
        id = at + 2;
    }
    size_t len = strlen(id);
    *ret_is = false;
    if (len < SHORT_ID_CHARS || strspn(id, HEX) != len || strncmp(object, id, len) == 0) {
        return true;
    }
    bulla_auto_str option = bulla_asprintf(err, "--disambiguate=%s", id);
    const char *const args[GIT_ARGS] = {GIT_GUARDED, tree, "rev-parse", option, NULL};
    bulla_auto_buf answer;
    bulla_buf_init(&answer, ANSWER_BYTES);
    if (option == NULL || !ask(args, &answer, err)) {
        return false;
    }
    *ret_is = answer.len > 0;
    return true;
}

static bool refuse(const char *name, const struct candidates *candidates, struct bulla_error *err)
{
    bulla_auto_buf list;
    size_t left = candidates->count;
    bulla_buf_init(&list, ANSWER_BYTES);
    for (size_t i = 0; i < PLACES; i++) {
        if (candidates->are_there[i]) {
            bulla_buf_puts(&list, candidates->refs[i]);
            left--;
            bulla_buf_puts(&list, left > 1 ? ", " : left == 1 ? " and " : "");
        }
    }
    const char *text = bulla_buf_text(&list, err);
    if (text == NULL) {
        return false;
    }
    (void)bulla_error(err, BULLA_E_USAGE, "'%s' is several things to git: %s%s", name, text,
                      candidates->count == 1 ? " and an object's id" : "");
    return bulla_error_hint(err,
                            "say which: the whole name (refs/...), or the whole id of a commit");
}

bool git_revision_check(const char *tree, const char *revision, const char *object,
                        struct bulla_error *err)
{
    size_t len = name_length(revision);
    bool is_other = false;
    if (len == 0 || strcmp(revision, object) == 0) {
        return true;
    }
    bulla_auto_str name = bulla_strndup(revision, len, err);
    BULLA_AUTO(release) struct candidates candidates = {.count = 0};
    if (name == NULL || !find_candidates(&candidates, tree, name, err)) {
        return false;
    }
    if (strncmp(name, "refs/", strlen("refs/")) == 0) {
        return candidates.are_there[WHOLE] || git_objects_refuse_revision(revision, err);
    }
    if (candidates.count == 1 && !is_other_object(tree, name, object, &is_other, err)) {
        return false;
    }
    return candidates.count + is_other < 2 || refuse(name, &candidates, err);
}

bool git_revision_find(struct git_revision *ret, const char *tree, const char *name,
                       struct bulla_error *err)
{
    struct git_objects objects;
    *ret = (struct git_revision){.name = name};
    bool ok = git_objects_open(&objects, tree, name, err);
    memcpy(ret->commit, objects.commit, sizeof ret->commit);
    git_objects_close(&objects);
    return ok;
}
