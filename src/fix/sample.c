/* A name that the sample env file lacks: B108. */
#include <string.h>
#include <sys/stat.h>

#include "bulla/dotenv.h"
#include "bulla/limits.h"
#include "fix/fix_internal.h"

#include "base/banned.h"

#define COMMENT_MAX 160

/* "\r\n" where the first line of TEXT ends so. */
static const char *line_end(struct bulla_bytes text)
{
    const uint8_t *lf = text.len > 0 ? memchr(text.data, '\n', text.len) : NULL;
    return lf != NULL && lf > text.data && lf[-1] == '\r' ? "\r\n" : "\n";
}

/* Whether TEXT ends between two statements, so that a line can follow. */
static bool can_append(struct bulla_bytes text, const char *name, bool *ret_can,
                       struct bulla_error *err)
{
    const struct bulla_dotenv_options options = {.no_expand = true};
    struct bulla_error cause = BULLA_ERROR_INIT;
    bulla_auto_dotenv parsed = bulla_dotenv_parse(text, name, &options, &cause);
    *ret_can = parsed != NULL;
    if (cause.code == BULLA_E_NOMEM) {
        *err = cause;
        return false;
    }
    return true;
}

/* The author's message of the reference that FINDING is about, or NULL where it says nothing. */
static const struct bulla_project_ref *find_message(const struct bulla_fix_plan *plan,
                                                    const struct bulla_finding *finding)
{
    const struct bulla_check_input *checked = plan->input->checked;
    for (size_t i = 0; i < checked->project->ref_count; i++) {
        const struct bulla_project_ref *ref = &checked->project->refs[i];
        bool is_here =
            finding->file != NULL && ref->pos.line == finding->pos.line &&
            ref->pos.col == finding->pos.col &&
            strcmp(bulla_project_file_name(ref->file, checked->root), finding->file) == 0;
        bool has_message =
            (ref->op == BULLA_REF_REQUIRED || ref->op == BULLA_REF_REQUIRED_NONEMPTY) &&
            ref->operand_len > 0 && ref->operand_len <= COMMENT_MAX;
        if (is_here && has_message && memchr(ref->operand, '\n', ref->operand_len) == NULL &&
            memchr(ref->operand, '\r', ref->operand_len) == NULL) {
            return ref;
        }
    }
    return NULL;
}

static bool append(struct bulla_fix_plan *plan, struct file *file,
                   const struct bulla_finding *finding, struct bulla_error *err)
{
    struct bulla_bytes before = bulla_buf_view(&file->before);
    const struct bulla_project_ref *ref = find_message(plan, finding);
    const char *end = line_end(before);
    bulla_auto_buf text;
    bulla_buf_init(&text, BULLA_MAX_TEXT_BYTES);
    bool is_first = file->edits.count == 0;
    if (is_first && before.len > 0 && before.data[before.len - 1] != '\n') {
        bulla_buf_puts(&text, end);
    }
    bulla_buf_puts(&text, is_first && before.len > 0 ? end : "");
    bulla_buf_puts(&text, "# ");
    if (ref != NULL) {
        bulla_buf_add(&text, ref->operand, ref->operand_len);
    } else {
        bulla_buf_puts(&text, "needed by ");
        bulla_buf_puts(&text, finding->file);
    }
    bulla_buf_puts(&text, end);
    bulla_buf_puts(&text, finding->line);
    bulla_buf_puts(&text, end);
    return bulla_buf_ok(&text, err) &&
           fixed_file_edit(plan, file, before.len, 0, bulla_buf_view(&text), err);
}

bool fix_sample(struct bulla_fix_plan *plan, const struct bulla_finding *finding,
                struct bulla_error *err)
{
    struct stat st;
    struct file *file = NULL;
    bool can = false;
    if (finding->line == NULL || finding->line_file == NULL || finding->file == NULL) {
        return true;
    }
    const char *name = fixed_file_name(plan, finding->line_file);
    if (lstat(finding->line_file, &st) != 0 || !S_ISREG(st.st_mode)) {
        return plan_leave(plan, finding, err, "%s is a symbolic link: nothing is added to it",
                          name);
    }
    if (!fixed_file_is_ours(plan, finding->line_file, &can, err)) {
        return false;
    }
    if (!can) {
        return plan_leave(plan, finding, err, FIXED_ELSEWHERE);
    }
    if (!fixed_file_open(plan, name, finding->line_file, &file, err)) {
        return false;
    }
    file->info.is_env = true;
    if (!can_append(bulla_buf_view(&file->before), name, &can, err)) {
        return false;
    }
    if (!can) {
        return plan_leave(plan, finding, err, "%s is no env file as Compose reads it", name);
    }
    return append(plan, file, finding, err) &&
           plan_add(plan, BULLA_FIX_TEXT, finding, name, "names the variable", err);
}
