/* Comments that say that a finding is known and meant: read, matched, and themselves checked. */
#include <string.h>

#include "bulla/file.h"
#include "bulla/limits.h"
#include "bulla/mem.h"
#include "check/families.h"
#include "infer/ignore_comment.h"

#include "base/banned.h"

/* One rule of one comment. */
struct ignored {
    const char *id;       /* of the rule; NULL: it names none that there is */
    uint32_t line;        /* that it is about */
    struct bulla_pos pos; /* of the comment */
    bool has_reason;
    bool used;
};

struct ignored_file {
    char *name;
    struct ignored *items; /* by line */
    size_t count;
};

/* --- reading ---------------------------------------------------------------------------------- */

static const char *find_rule(struct bulla_bytes word)
{
    char name[64];
    if (word.len == 0 || word.len >= sizeof name) {
        return NULL;
    }
    memcpy(name, word.data, word.len);
    name[0] = name[0] == 'b' ? 'B' : name[0]; /* no rule's name begins so */
    name[word.len] = '\0';
    const struct bulla_rule *rule = bulla_rule_find(name);
    return rule != NULL ? rule->id : NULL;
}

static bool read_lines(struct ignored_file *file, struct bulla_bytes text, struct bulla_error *err)
{
    BULLA_AUTO(ignore_comments_release) struct ignore_comments comments = {.count = 0};
    if (!ignore_comments_read(&comments, text, err)) {
        return false;
    }
    file->items = bulla_alloc(comments.count + 1, sizeof *file->items, err);
    for (size_t i = 0; file->items != NULL && i < comments.count; i++) {
        const struct ignore_comment *comment = &comments.items[i];
        file->items[file->count++] = (struct ignored){.id = find_rule(comment->rule),
                                                      .line = comment->line,
                                                      .pos = comment->pos,
                                                      .has_reason = comment->has_reason};
    }
    return file->items != NULL;
}

bool ignores_read_text(struct check *check, const char *name, struct bulla_bytes text,
                       struct bulla_error *err)
{
    struct ignores *ignores = &check->ignores;
    struct ignored_file file = {.name = NULL};
    bool ok = read_lines(&file, text, err);
    if (ok && file.count > 0) {
        file.name = bulla_strdup(name, err);
        ok = file.name != NULL && bulla_grow(&ignores->files, &ignores->file_cap,
                                             ignores->file_count + 1, sizeof file, err);
    }
    if (!ok || file.count == 0) {
        bulla_free(file.items);
        bulla_free(file.name);
        return ok;
    }
    ignores->files[ignores->file_count++] = file;
    return true;
}

static bool read_file(struct check *check, const struct bulla_project_file *file,
                      struct bulla_error *err)
{
    bulla_auto_buf text;
    bulla_buf_init(&text, BULLA_MAX_TEXT_BYTES);
    if (bulla_file_read(file->path, BULLA_MAX_TEXT_BYTES, &text, err)) {
        return ignores_read_text(check, check_file_name(check, file), bulla_buf_view(&text), err);
    }
    if (err->code == BULLA_E_NOMEM) {
        return false;
    }
    bulla_error_clear(err);
    return true;
}

bool ignores_read_project(struct check *check, struct bulla_error *err)
{
    const struct bulla_project *project = check->input->project;
    for (size_t i = 0; project != NULL && i < project->file_count; i++) {
        const struct bulla_project_file *file = project->files[i];
        if (file->kind <= BULLA_PROJECT_EXTENDED && file->read && !read_file(check, file, err)) {
            return false;
        }
    }
    for (size_t i = 0; i < check->texts.count; i++) {
        const struct env_text *text = &check->texts.items[i];
        if (text->use != ENV_OTHER &&
            !ignores_read_text(check, text->name, bulla_buf_view(&text->text), err)) {
            return false;
        }
    }
    return true;
}

/* --- matching --------------------------------------------------------------------------------- */

/* The first item of FILE about LINE or a later one. */
static size_t first_at(const struct ignored_file *file, uint32_t line)
{
    size_t low = 0;
    size_t high = file->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (file->items[middle].line < line) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

bool ignores_cover(struct check *check, const char *id, const char *file, uint32_t line)
{
    bool covered = false;
    for (size_t i = 0; file != NULL && line > 0 && i < check->ignores.file_count; i++) {
        struct ignored_file *ignored = &check->ignores.files[i];
        if (strcmp(ignored->name, file) != 0) {
            continue;
        }
        size_t at = first_at(ignored, line);
        for (; at < ignored->count && ignored->items[at].line == line; at++) {
            struct ignored *item = &ignored->items[at];
            if (item->has_reason && item->id != NULL && strcmp(item->id, id) == 0) {
                item->used = true;
                covered = true;
            }
        }
    }
    return covered;
}

static bool check_item(struct check *check, const struct ignored_file *file,
                       const struct ignored *item, struct bulla_error *err)
{
    struct place place = {.file = file->name, .pos = item->pos};
    if (item->id == NULL) {
        return check_add(check, RULE_IGNORE_UNCLEAR, &place, NULL, err,
                         "this comment names no rule that there is, and ignores nothing");
    }
    if (!item->has_reason) {
        return check_add(check, RULE_IGNORE_UNCLEAR, &place, NULL, err,
                         "this comment gives no reason, and ignores nothing");
    }
    return item->used || check_add(check, RULE_IGNORE_UNUSED, &place, NULL, err,
                                   "%s finds nothing here that could be ignored", item->id);
}

bool ignores_check(struct check *check, struct bulla_error *err)
{
    for (size_t i = 0; i < check->ignores.file_count; i++) {
        const struct ignored_file *file = &check->ignores.files[i];
        for (size_t j = 0; j < file->count; j++) {
            if (!check_item(check, file, &file->items[j], err)) {
                return false;
            }
        }
    }
    return true;
}

void ignores_release(struct ignores *ignores)
{
    for (size_t i = 0; i < ignores->file_count; i++) {
        bulla_free(ignores->files[i].items);
        bulla_free(ignores->files[i].name);
    }
    bulla_free(ignores->files);
}
