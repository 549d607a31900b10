/* The files of a plan: read once, edited in order, put together at the end. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bulla/file.h"
#include "bulla/limits.h"
#include "bulla/mem.h"
#include "fix/fix_internal.h"

#include "base/banned.h"

static bool add_file(struct bulla_fix_plan *plan, struct file *file, struct bulla_error *err)
{
    struct list *files = &plan->files;
    if (!bulla_grow(&files->items, &files->cap, files->count + 1, sizeof *files->items, err)) {
        return false;
    }
    files->items[files->count++] = file;
    return true;
}

static struct file *find_file(const struct bulla_fix_plan *plan, const char *real)
{
    for (size_t i = 0; i < plan->files.count; i++) {
        struct file *file = plan->files.items[i];
        if (strcmp(file->real, real) == 0) {
            return file;
        }
    }
    return NULL;
}

/* PATH with links followed; as it is where nothing is there. */
static bool real_path(struct bulla_fix_plan *plan, const char *path, char **ret_real,
                      bool *ret_exists, struct bulla_error *err)
{
    char *real = realpath(path, NULL);
    *ret_exists = real != NULL;
    if (real == NULL && errno != ENOENT) {
        return bulla_error_sys(err, path, "cannot be looked at");
    }
    *ret_real = pool_strdup(plan->pool, real != NULL ? real : path, err);
    bulla_free(real);
    return *ret_real != NULL;
}

bool fixed_file_open(struct bulla_fix_plan *plan, const char *name, const char *path,
                     struct file **ret_file, struct bulla_error *err)
{
    char *real = NULL;
    bool exists = false;
    if (!real_path(plan, path, &real, &exists, err)) {
        return false;
    }
    *ret_file = find_file(plan, real);
    if (*ret_file != NULL) {
        return true;
    }
    struct file *file = pool_alloc(plan->pool, sizeof *file, err);
    if (file == NULL) {
        return false;
    }
    bulla_buf_init(&file->before, BULLA_MAX_TEXT_BYTES);
    bulla_buf_init(&file->after, 2 * BULLA_MAX_TEXT_BYTES);
    if (!add_file(plan, file, err)) {
        return false;
    }
    file->real = real;
    file->info.is_new = !exists;
    file->info.name = pool_strdup(plan->pool, name, err);
    file->info.path = pool_strdup(plan->pool, path, err);
    if (file->info.name == NULL || file->info.path == NULL ||
        (exists && !bulla_file_read(path, BULLA_MAX_TEXT_BYTES, &file->before, err))) {
        return false;
    }
    *ret_file = file;
    return true;
}

bool fixed_file_is_ours(const struct bulla_fix_plan *plan, const char *path, bool *ret_is,
                        struct bulla_error *err)
{
    const char *root = plan->input->checked->root;
    bulla_auto_str folder = bulla_path_dir(path, err);
    *ret_is = true;
    if (folder == NULL || root == NULL) {
        return folder != NULL;
    }
    bulla_auto_str real_root = realpath(root, NULL);
    if (real_root == NULL) {
        return bulla_error_sys(err, root, "cannot be looked at");
    }
    bulla_auto_str real = realpath(path, NULL);
    if (real == NULL && errno == ENOENT) {
        real = realpath(folder, NULL);
    }
    if (real == NULL && errno != ENOENT) {
        return bulla_error_sys(err, path, "cannot be looked at");
    }
    size_t len = strlen(real_root);
    len -= len == 1 ? 1 : 0; /* "/" */
    *ret_is = real != NULL && strncmp(real, real_root, len) == 0 &&
              (real[len] == '/' || real[len] == '\0');
    return true;
}

const char *fixed_file_name(const struct bulla_fix_plan *plan, const char *path)
{
    const struct bulla_project_file file = {.name = path, .path = path};
    return bulla_project_file_name(&file, plan->input->checked->root);
}

/* The compose file that findings name NAME, or NULL. */
static const struct bulla_project_file *find_compose_file(const struct bulla_check_input *checked,
                                                          const char *name)
{
    for (size_t i = 0; i < checked->project->file_count; i++) {
        const struct bulla_project_file *file = checked->project->files[i];
        if (file->kind <= BULLA_PROJECT_EXTENDED && file->read &&
            strcmp(bulla_project_file_name(file, checked->root), name) == 0) {
            return file;
        }
    }
    return NULL;
}

bool fixed_compose_file(struct bulla_fix_plan *plan, const struct bulla_finding *finding,
                        struct file **ret_file, struct bulla_error *err)
{
    *ret_file = NULL;
    if (finding->file == NULL || finding->pos.line == 0) {
        return true;
    }
    const struct bulla_project_file *found = find_compose_file(plan->input->checked, finding->file);
    bool is_ours = false;
    if (found == NULL) {
        return true;
    }
    if (!fixed_file_is_ours(plan, found->path, &is_ours, err)) {
        return false;
    }
    return is_ours ? fixed_file_open(plan, finding->file, found->path, ret_file, err)
                   : plan_leave(plan, finding, err, FIXED_ELSEWHERE);
}

void fixed_file_release(struct file *file)
{
    bulla_buf_release(&file->before);
    bulla_buf_release(&file->after);
    bulla_free(file->edits.items);
    bulla_free(file->scalars);
    file->edits = (struct edits){0};
    file->scalars = NULL;
    file->scalar_count = 0;
}

bool fixed_file_edit(struct bulla_fix_plan *plan, struct file *file, size_t offset, size_t len,
                     struct bulla_bytes text, struct bulla_error *err)
{
    struct edits *edits = &file->edits;
    char *copy = pool_strndup(plan->pool, text.data, text.len, err);
    if (copy == NULL ||
        !bulla_grow(&edits->items, &edits->cap, edits->count + 1, sizeof *edits->items, err)) {
        return false;
    }
    /* Findings come in the order of their places: mostly this ends at once. */
    size_t at = edits->count++;
    for (; at > 0 && edits->items[at - 1].offset > offset; at--) {
        edits->items[at] = edits->items[at - 1];
    }
    edits->items[at] =
        (struct bulla_fix_edit){.offset = offset, .len = len, .text = {(uint8_t *)copy, text.len}};
    return true;
}

bool fixed_file_finish(struct file *file, struct bulla_error *err)
{
    struct bulla_bytes before = bulla_buf_view(&file->before);
    size_t at = 0;
    bulla_buf_clear(&file->after);
    for (size_t i = 0; i < file->edits.count; i++) {
        const struct bulla_fix_edit *edit = &file->edits.items[i];
        bulla_buf_add_bytes(&file->after, bulla_bytes_slice(before, at, edit->offset - at));
        bulla_buf_add_bytes(&file->after, edit->text);
        at = edit->offset + edit->len;
    }
    bulla_buf_add_bytes(&file->after, bulla_bytes_slice(before, at, before.len));
    file->info.before = before;
    file->info.after = bulla_buf_view(&file->after);
    file->info.edits = file->edits.items;
    file->info.edit_count = file->edits.count;
    return bulla_buf_ok(&file->after, err);
}
