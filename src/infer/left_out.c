/* Names that comments in compose files leave out of the contract: `# bulla: ignore B106 reason`. */
#include <string.h>

#include "bulla/file.h"
#include "bulla/limits.h"
#include "infer/ignore_comment.h"
#include "infer/survey_internal.h"

#include "base/banned.h"

static bool is_about_contract(const struct ignore_comment *comment)
{
    return comment->has_reason && (bulla_bytes_are(comment->rule, SURVEY_NOT_IN_CONTRACT) ||
                                   bulla_bytes_are(comment->rule, "b106") ||
                                   bulla_bytes_are(comment->rule, "not-in-contract"));
}

static bool has_line(const struct ignore_comments *comments, uint32_t line)
{
    for (size_t i = 0; i < comments->count; i++) {
        if (comments->items[i].line == line && is_about_contract(&comments->items[i])) {
            return true;
        }
    }
    return false;
}

static struct bulla_survey_variable *find_variable(struct bulla_survey *survey, const char *name)
{
    for (size_t i = 0; i < survey->variable_count; i++) {
        if (strcmp(survey->variables[i].name, name) == 0) {
            return &survey->variables[i];
        }
    }
    return NULL;
}

/* Marks the variables of FILE's references: ignored in one place, or wanted in one. */
static bool mark_file(struct bulla_survey *survey, const struct bulla_project *project,
                      const struct bulla_project_file *file, struct bulla_error *err)
{
    BULLA_AUTO(ignore_comments_release) struct ignore_comments comments = {.count = 0};
    bulla_auto_buf text;
    bulla_buf_init(&text, BULLA_MAX_TEXT_BYTES);
    if (!bulla_file_read(file->path, BULLA_MAX_TEXT_BYTES, &text, err)) {
        if (err->code == BULLA_E_NOMEM) {
            return false;
        }
        bulla_error_clear(err);
    }
    if (!ignore_comments_read(&comments, bulla_buf_view(&text), err)) {
        return false;
    }
    for (size_t i = 0; i < project->ref_count; i++) {
        const struct bulla_project_ref *ref = &project->refs[i];
        struct bulla_survey_variable *variable =
            ref->file == file ? find_variable(survey, ref->name) : NULL;
        if (variable == NULL) {
            continue;
        }
        bool is_ignored = has_line(&comments, ref->pos.line);
        variable->is_ignored = variable->is_ignored || is_ignored;
        variable->is_wanted = variable->is_wanted || !is_ignored;
    }
    return true;
}

bool survey_drop_ignored(struct bulla_survey *survey, struct bulla_error *err)
{
    for (size_t i = 0; i < survey->environment_count; i++) {
        const struct bulla_project *project = survey->environments[i].project;
        for (size_t k = 0; k < project->file_count; k++) {
            const struct bulla_project_file *file = project->files[k];
            if (file->kind <= BULLA_PROJECT_EXTENDED && file->read &&
                !mark_file(survey, project, file, err)) {
                return false;
            }
        }
    }
    size_t kept = 0;
    for (size_t i = 0; i < survey->variable_count; i++) {
        const struct bulla_survey_variable *variable = &survey->variables[i];
        if (variable->is_known || variable->is_wanted || !variable->is_ignored) {
            survey->variables[kept++] = *variable;
        }
    }
    survey->variable_count = kept;
    return true;
}
