/* What is written: each file whole, after all of them were found as they were planned on. */
#include <string.h>

#include "bulla/file.h"
#include "bulla/limits.h"
#include "fix/fix_internal.h"

#include "base/banned.h"

static bool refuse_changed(const char *path, struct bulla_error *err)
{
    (void)bulla_error_at(err, BULLA_E_REFUSED, path, (struct bulla_pos){0, 0},
                         "has changed since it was read");
    return bulla_error_hint(err, "run it again");
}

static bool check_unchanged(const struct bulla_fix_file *file, struct bulla_error *err)
{
    bulla_auto_buf text;
    bulla_buf_init(&text, BULLA_MAX_TEXT_BYTES);
    if (bulla_file_read(file->path, BULLA_MAX_TEXT_BYTES, &text, err)) {
        return (!file->is_new && bulla_bytes_equal(bulla_buf_view(&text), file->before)) ||
               refuse_changed(file->name, err);
    }
    if (err->code != BULLA_E_MISSING) {
        return false;
    }
    bulla_error_clear(err);
    return file->is_new || refuse_changed(file->name, err);
}

static bool write_file(const struct bulla_fix_plan *plan, const struct bulla_fix_file *file,
                       struct bulla_error *err)
{
    if (file->is_new) {
        return bulla_file_create(file->path, plan->input->new_mode, file->after, err);
    }
    return check_unchanged(file, err) && bulla_file_rewrite(file->path, file->after, err);
}

bool bulla_fix_apply(const struct bulla_fix_plan *plan, struct bulla_error *err)
{
    for (size_t i = 0; i < plan->files.count; i++) {
        if (!check_unchanged(bulla_fix_file(plan, i), err)) {
            return false;
        }
    }
    for (size_t i = 0; i < plan->fixes.count; i++) {
        if (bulla_fix_get(plan, i)->kind == BULLA_FIX_MODE &&
            !bulla_file_make_private(plan->input->output_path, err)) {
            return false;
        }
    }
    for (size_t i = 0; i < plan->files.count; i++) {
        if (!write_file(plan, bulla_fix_file(plan, i), err)) {
            return false;
        }
    }
    return true;
}
