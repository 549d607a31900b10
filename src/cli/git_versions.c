#include "git_versions.h"

#include <stdio.h>
#include <string.h>

#include "bulla/limits.h"
#include "bulla/mem.h"
#include "git.h"
#include "git_objects.h"

#define ANSWER_BYTES ((size_t)1024 * 1024)
#define OBJECT_CHARS 64 /* SHA-256 */
#define TEXT(macro) WORD(macro)
#define WORD(macro) #macro

/* The contents that the commits name, each once. */
struct versions {
    char objects[GIT_VERSIONS_MAX][OBJECT_CHARS + 1];
    size_t count;
    size_t records;  /* of changes: one a commit, of a merge one for each parent */
    bool is_partial; /* there are more of them */
};

static void add(struct versions *versions, const char *object, size_t len)
{
    if (len > OBJECT_CHARS || strspn(object, "0") >= len) {
        return; /* all zeros: the commit took the file away */
    }
    for (size_t i = 0; i < versions->count; i++) {
        if (strncmp(versions->objects[i], object, len) == 0) {
            return;
        }
    }
    if (versions->count == GIT_VERSIONS_MAX) {
        versions->is_partial = true;
        return;
    }
    memcpy(versions->objects[versions->count], object, len);
    versions->objects[versions->count++][len] = '\0';
}

/* One record of `--raw`, ":100644 100644 OLD NEW M": NEW, where it is a file and no link. */
static void read_record(struct versions *versions, const char *record)
{
    char mode[8] = "";
    int start = 0;
    int end = 0;
    if (sscanf(record, ":%*6[0-7] %6[0-7] %*64[0-9a-f] %n%*64[0-9a-f]%n", mode, &start, &end) ==
            1 &&
        start > 0 && end > start && strncmp(mode, "100", 3) == 0) {
        add(versions, record + start, (size_t)(end - start));
    }
}

/*
 * Merges are looked at against each parent: one may bring what no side had. What a user's settings
 * would leave out (log.showRoot, log.diffMerges) is asked for.
 */
static bool find_versions(const char *tree, const char *path, struct versions *versions,
                          bool *ret_known, struct bulla_error *err)
{
    const char *const args[] = {GIT_GUARDED,
                                tree,
                                "-c",
                                "log.diffMerges=separate",
                                "log",
                                "--all",
                                "--root",
                                "--full-history",
                                "-m",
                                "--raw",
                                "-z",
                                "--no-abbrev",
                                "--no-renames",
                                "--no-relative",
                                "--no-show-signature",
                                "--format=",
                                ("--max-count=" TEXT(GIT_VERSIONS_CHANGES)),
                                "--",
                                path,
                                NULL};
    bulla_auto_buf answer;
    int status = -1;
    bulla_buf_init(&answer, ANSWER_BYTES);
    if (!git_run(args, -1, ANSWER_BYTES, &answer, &status, err)) {
        *ret_known = false;
        return err->code != BULLA_E_NOMEM;
    }
    *ret_known = status == 0;
    const char *text = *ret_known ? bulla_buf_text(&answer, err) : "";
    for (size_t at = 0; text != NULL && at < answer.len && *ret_known;) {
        const char *record = text + at;
        const char *colon = strchr(record, ':'); /* a line end may stand before it */
        if (colon == record || (colon == record + 1 && record[0] == '\n')) {
            read_record(versions, colon);
            versions->records++;
        }
        at += strlen(record) + 1;
    }
    versions->is_partial = versions->is_partial || versions->records >= GIT_VERSIONS_CHANGES;
    return text != NULL;
}

static bool is_shallow(const char *tree, bool *ret_shallow, struct bulla_error *err)
{
    const char *const args[GIT_ARGS] = {GIT_GUARDED, tree, "rev-parse", "--is-shallow-repository",
                                        NULL};
    bulla_auto_buf answer;
    int status = -1;
    bulla_buf_init(&answer, ANSWER_BYTES);
    if (!git_run(args, -1, ANSWER_BYTES, &answer, &status, err)) {
        return false;
    }
    *ret_shallow = status == 0 && bulla_bytes_start(bulla_buf_view(&answer), "true");
    return true;
}

/* False with *RET_KNOWN where STEP failed, without where git did. */
static bool read_versions(const char *tree, struct versions *versions, git_version_step *step,
                          void *ctx, bool *ret_known, struct bulla_error *err)
{
    struct git_objects objects;
    bool ok = git_objects_start(&objects, tree, NULL, err);
    *ret_known = ok;
    for (size_t i = 0; ok && *ret_known && i < versions->count; i++) {
        bool found = false;
        bulla_auto_buf text;
        bulla_buf_init_secret(&text, BULLA_MAX_TEXT_BYTES);
        *ret_known = git_objects_get(&objects, versions->objects[i], &text, &found, err);
        if (*ret_known && found && bulla_buf_view(&text).len > 0) {
            ok = step(ctx, bulla_buf_view(&text), err);
        }
        bool is_read = found && objects.size <= BULLA_MAX_TEXT_BYTES;
        versions->is_partial = versions->is_partial || (*ret_known && !is_read);
    }
    git_objects_close(&objects);
    return ok && *ret_known;
}

bool git_versions_each(const char *folder, const char *name, git_version_step *step, void *ctx,
                       enum git_history *ret_history, struct bulla_error *err)
{
    bulla_auto_str tree = NULL;
    bulla_auto_str below = NULL;
    *ret_history = GIT_HISTORY_WHOLE;
    if (!git_find_work_tree(folder, &tree, &below, err) || tree == NULL) {
        return tree == NULL && err->code == BULLA_OK;
    }
    bulla_auto_str path = bulla_asprintf(err, "%s%s", below, name);
    struct versions versions = {.count = 0};
    bool known = false;
    bool shallow = false;
    if (path == NULL || !find_versions(tree, path, &versions, &known, err)) {
        return false;
    }
    if (known && !is_shallow(tree, &shallow, err)) {
        return false;
    }
    if (known && versions.count > 0 && !read_versions(tree, &versions, step, ctx, &known, err)) {
        if (known || err->code == BULLA_E_NOMEM) {
            return false;
        }
    }
    if (!known) {
        bulla_error_clear(err);
    }
    *ret_history = !known                ? GIT_HISTORY_UNKNOWN
                   : shallow             ? GIT_HISTORY_CUT
                   : versions.is_partial ? GIT_HISTORY_PARTIAL
                                         : GIT_HISTORY_WHOLE;
    return true;
}
