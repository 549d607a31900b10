#include "since.h"

#include <stdlib.h>
#include <string.h>

#include "bulla/file.h"
#include "bulla/limits.h"
#include "bulla/mem.h"
#include "changed_lines.h"
#include "git_folders.h"

#define RENAMES_BYTES ((size_t)4 * 1024 * 1024)

/* What is known of one file. */
struct since_file {
    char *name;    /* as findings name it */
    bool is_whole; /* all of it counts as changed */
    struct changed_lines lines;
};

bool since_open(struct since *ret, const struct bulla_project *project, const char *root,
                const char *tree, const char *revision, struct bulla_error *err)
{
    *ret = (struct since){
        .project = project, .root = root, .tree = tree, .objects = {.to = -1, .child = {.fd = -1}}};
    bulla_buf_init(&ret->renames, RENAMES_BYTES);
    if (tree == NULL) {
        return bulla_error(err, BULLA_E_MISSING,
                           "--since needs a work tree of git, and this is none");
    }
    return git_objects_open(&ret->objects, tree, revision, err);
}

void since_release(struct since *since)
{
    if (since->project == NULL) {
        return;
    }
    git_objects_close(&since->objects);
    bulla_buf_release(&since->renames);
    for (size_t i = 0; i < since->file_count; i++) {
        bulla_free(since->files[i].name);
        changed_lines_release(&since->files[i].lines);
    }
    bulla_free(since->files);
}

/* The file that findings call NAME, as a path that opens; owned. */
static char *find_path(const struct since *since, const char *name, struct bulla_error *err)
{
    for (size_t i = 0; i < since->project->file_count; i++) {
        const struct bulla_project_file *file = since->project->files[i];
        if (strcmp(bulla_project_file_name(file, since->root), name) == 0) {
            return bulla_strdup(file->path, err);
        }
    }
    return bulla_path_join(since->root, name, err);
}

/*
 * Which files were renamed, told from the index: neither a filter nor anything else that a config
 * could name runs for it. More than fits counts as none.
 */
static bool ask_for_renames(struct since *since, struct bulla_error *err)
{
    const char *const args[GIT_ARGS] = {GIT_GUARDED,
                                        since->tree,
                                        "diff-index",
                                        "--cached",
                                        "-M",
                                        "--diff-filter=R",
                                        "--name-status",
                                        "-z",
                                        "--no-ext-diff",
                                        "--no-textconv",
                                        since->objects.commit,
                                        NULL};
    int status = -1;
    since->has_renames = true;
    if (!git_run(args, -1, since->renames.max, &since->renames, &status, err)) {
        if (err->code != BULLA_E_LIMIT) {
            return false;
        }
        bulla_error_clear(err);
    }
    if (status != 0) {
        bulla_buf_clear(&since->renames);
    }
    return true;
}

/* What NAME (from the work tree's root) was called before, borrowed; NULL: it is new. */
static const char *find_old_name(const struct since *since, const char *name)
{
    struct bulla_bytes left = bulla_buf_view(&since->renames);
    const char *parts[3];
    size_t count = 0;
    while (left.len > 0) {
        const uint8_t *end = memchr(left.data, '\0', left.len);
        if (end == NULL) {
            break;
        }
        size_t len = (size_t)(end - left.data) + 1;
        parts[count++] = (const char *)left.data;
        left = bulla_bytes_slice(left, len, left.len - len);
        if (count == 3) {
            if (strcmp(parts[2], name) == 0) {
                return parts[1];
            }
            count = 0;
        }
    }
    return NULL;
}

/* The older state of NAME, also under the name that it had. */
static bool read_older(struct since *since, const char *name, struct bulla_buf *older,
                       bool *ret_found, struct bulla_error *err)
{
    if (!git_read_file(&since->objects, name, older, ret_found, err)) {
        return false;
    }
    if (*ret_found) {
        return true;
    }
    bulla_buf_clear(older);
    if (!since->has_renames && !ask_for_renames(since, err)) {
        return false;
    }
    const char *old_name = find_old_name(since, name);
    return old_name == NULL || git_read_file(&since->objects, old_name, older, ret_found, err);
}

/* The part of PATH below the work tree, borrowed from it; NULL: it is elsewhere. */
static const char *below_tree(const struct since *since, const char *path)
{
    size_t len = strlen(since->tree);
    len -= len == 1 ? 1 : 0; /* "/" */
    return strncmp(path, since->tree, len) == 0 && path[len] == '/' ? path + len + 1 : NULL;
}

static bool compare(struct since *since, struct since_file *file, struct bulla_error *err)
{
    bulla_auto_str path = find_path(since, file->name, err);
    if (path == NULL) {
        return false;
    }
    /* git has a file under the name that it has itself, not under those of links to it. */
    bulla_auto_str real = realpath(path, NULL);
    const char *name = real != NULL ? below_tree(since, real) : NULL;
    file->is_whole = true;
    if (name == NULL) {
        return true;
    }
    bool found = false;
    bulla_auto_buf older, newer;
    bulla_buf_init_secret(&older, BULLA_MAX_TEXT_BYTES);
    bulla_buf_init_secret(&newer, BULLA_MAX_TEXT_BYTES);
    if (!read_older(since, name, &older, &found, err)) {
        return false;
    }
    if (!found) {
        return true;
    }
    if (!bulla_file_read(real, BULLA_MAX_TEXT_BYTES, &newer, err)) {
        bool is_unreadable = err->code != BULLA_E_NOMEM;
        bulla_error_clear(err);
        return is_unreadable || bulla_error_nomem(err);
    }
    file->is_whole = false;
    return changed_lines_find(bulla_buf_view(&older), bulla_buf_view(&newer), &file->lines, err);
}

/* What is known of the file NAME, borrowed until the next call; NULL with ERR. */
static const struct since_file *find_file(struct since *since, const char *name,
                                          struct bulla_error *err)
{
    for (size_t i = 0; i < since->file_count; i++) {
        if (strcmp(since->files[i].name, name) == 0) {
            return &since->files[i];
        }
    }
    if (!bulla_grow(&since->files, &since->file_cap, since->file_count + 1, sizeof *since->files,
                    err)) {
        return NULL;
    }
    struct since_file file = {.name = bulla_strdup(name, err)};
    if (file.name == NULL || !compare(since, &file, err)) {
        bulla_free(file.name);
        return NULL;
    }
    since->files[since->file_count] = file;
    return &since->files[since->file_count++];
}

/*
 * Files that Compose refuses are told of wherever the finding stands: what causes it may be a line
 * that is gone, or one of another file.
 */
static bool is_refused(const struct bulla_finding *finding)
{
    static const char *const rules[] = {"B201", "B202", "B203", "B204", "B219", "B220"};
    for (size_t i = 0; finding->severity == BULLA_ERROR && i < sizeof rules / sizeof *rules; i++) {
        if (strcmp(finding->rule, rules[i]) == 0) {
            return true;
        }
    }
    return false;
}

bool since_keeps(void *ctx, const struct bulla_finding *finding, bool *ret_keep,
                 struct bulla_error *err)
{
    struct since *since = ctx;
    *ret_keep = true;
    if (finding->file == NULL || finding->pos.line == 0 || is_refused(finding)) {
        return true;
    }
    const struct since_file *file = find_file(since, finding->file, err);
    if (file == NULL) {
        return false;
    }
    *ret_keep =
        file->is_whole || changed_lines_touch(&file->lines, finding->pos.line, finding->end.line);
    return true;
}
