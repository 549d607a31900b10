/* Compose's own sentences, masked, and where its two lines disagree. */
#include "compose/internal.h"

#include <stdlib.h>
#include <string.h>

#include "bulla/mem.h"
#include "dotenv/words.h"

#include "base/banned.h"

static void say_template(const char *path, struct bulla_buf *out)
{
    bulla_buf_puts(out, "invalid interpolation format for ");
    bulla_buf_puts(out, path);
    bulla_buf_puts(out, ". You may need to escape any $ with another $. ");
    words_value(bulla_bytes_of("-"), true, out);
}

bool bulla_project_ref_says(const struct bulla_project_ref *ref, struct bulla_buf *out)
{
    bool refused = ref->evaluated && !ref->in_key && ref->kind == BULLA_USE_REFERENCE;
    if (refused && ref->outcome == BULLA_REF_INVALID) {
        say_template(ref->path, out);
        return true;
    }
    if (refused && ref->outcome == BULLA_REF_BLANK) {
        bulla_buf_printf(out, "The \"%s\" variable is not set. Defaulting to a blank string.",
                         ref->name);
        return true;
    }
    if (!refused || ref->outcome != BULLA_REF_MISSING) {
        return false;
    }
    const struct bulla_interpolate_failure failure = {.problem = BULLA_INTERPOLATE_MISSING,
                                                      .name = bulla_bytes_of(ref->name)};
    bulla_buf_puts(out, "error while interpolating ");
    bulla_buf_puts(out, ref->path);
    bulla_buf_puts(out, ": ");
    words_interpolate(&failure, bulla_bytes(ref->operand, ref->operand_len), true, out);
    return true;
}

static bool say_unreadable(const struct bulla_project_problem *problem, struct bulla_buf *out)
{
    if (problem->service != NULL) {
        bulla_buf_puts(out, "env file \xe2\x80\xa6 not found: stat \xe2\x80\xa6: no such file or "
                            "directory");
        return true;
    }
    bool env = problem->file != NULL && problem->file->kind == BULLA_PROJECT_ENV;
    bulla_buf_puts(out, env ? "couldn't find env file: " : "open ");
    bool given = problem->file != NULL && (env || problem->file->kind == BULLA_PROJECT_COMPOSE);
    words_value(bulla_bytes_of(given ? problem->file->path : "-"), !given, out);
    bulla_buf_puts(out, env ? "" : ": no such file or directory");
    return true;
}

static bool say_shape(const struct bulla_project_problem *problem, struct bulla_buf *out)
{
    if (problem->file == NULL && problem->name != NULL &&
        strcmp(problem->name, "COMPOSE_DISABLE_ENV_FILE") == 0) {
        bulla_buf_puts(out, "strconv.ParseBool: parsing \"\xe2\x80\xa6\": invalid syntax");
        return true;
    }
    if (problem->file == NULL) {
        bulla_buf_puts(out, "invalid project name \"\xe2\x80\xa6\": must consist only of lowercase "
                            "alphanumeric characters, hyphens, and underscores as well as start "
                            "with a letter or number");
        return true;
    }
    if (problem->service != NULL && problem->name != NULL) {
        bulla_buf_puts(out, "unsupported env_file format \"\xe2\x80\xa6\"");
        return true;
    }
    if (strcmp(problem->message, "the file is empty") == 0) {
        bulla_buf_puts(out, "empty compose file");
        return true;
    }
    if (problem->name == NULL && strstr(problem->message, "mapping") != NULL &&
        strstr(problem->message, "services") == NULL) {
        bulla_buf_puts(out, "top-level object must be a mapping");
        return true;
    }
    return false;
}

bool bulla_project_problem_says(const struct bulla_project_problem *problem, struct bulla_buf *out)
{
    if (problem->says != NULL) {
        bulla_buf_puts(out, problem->says);
        return true;
    }
    if (!problem->fatal) {
        return false;
    }
    switch (problem->kind) {
    case BULLA_PROBLEM_TEMPLATE:
        say_template(problem->path, out);
        return true;
    case BULLA_PROBLEM_UNREADABLE:
        return say_unreadable(problem, out);
    case BULLA_PROBLEM_SHAPE:
        return say_shape(problem, out);
    case BULLA_PROBLEM_COLON: {
        size_t len = problem->path != NULL ? strlen(problem->path) : 0;
        /* In a list it is a mapping: YAML takes it. */
        bool item = len >= 2 && strcmp(problem->path + len - 2, "[]") == 0;
        bulla_buf_puts(out, item ? "" : "mapping values are not allowed in this context");
        return !item;
    }
    case BULLA_PROBLEM_COMMENT:
        if (problem->text != NULL && problem->path != NULL) {
            say_template(problem->path, out);
            return true;
        }
        return false;
    case BULLA_PROBLEM_INCLUDE:
    case BULLA_PROBLEM_EXTENDS:
    case BULLA_PROBLEM_YAML:
    case BULLA_PROBLEM_DUPLICATE_KEY:
    case BULLA_PROBLEM_FLOW:
    case BULLA_PROBLEM_ENV_FILE:
    case BULLA_PROBLEM_ENV_REQUIRED:
    case BULLA_PROBLEM_HIDDEN:
    case BULLA_PROBLEM_OTHER_FILES:
    case BULLA_PROBLEM_ENV_NOT_READ:
    case BULLA_PROBLEM_PROFILE:
        break;
    }
    return false;
}

/* --- the two lines ---------------------------------------------------------------------------- */

static bool same_ref(const struct bulla_project_ref *a, const struct bulla_project_ref *b)
{
    return a->text_at == b->text_at && a->pos.line == b->pos.line && a->pos.col == b->pos.col &&
           a->depth == b->depth && strcmp(a->name, b->name) == 0;
}

/* What an env file's own references come to: a blank, or that Compose refuses the file. */
static bool is_of_env_file(const struct bulla_project_problem *problem)
{
    return problem->file != NULL &&
           (problem->kind == BULLA_PROBLEM_ENV_REQUIRED ||
            (problem->kind == BULLA_PROBLEM_ENV_FILE && !problem->fatal && problem->says == NULL));
}

static int compare_numbers(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

static int compare_problems(const void *a, const void *b)
{
    const struct bulla_project_problem *one = *(const struct bulla_project_problem *const *)a;
    const struct bulla_project_problem *other = *(const struct bulla_project_problem *const *)b;
    int order = strcmp(one->file->path, other->file->path);
    order = order != 0 ? order : compare_numbers(one->pos.line, other->pos.line);
    order = order != 0 ? order : compare_numbers(one->pos.col, other->pos.col);
    return order != 0 ? order : (int)one->kind - (int)other->kind;
}

/* Those of env files, sorted; the caller owns the list. NULL with BULLA_E_NOMEM. */
static const struct bulla_project_problem **
sort_problems(const struct bulla_project *project, size_t *ret_count, struct bulla_error *err)
{
    const struct bulla_project_problem **sorted =
        bulla_alloc(project->problem_count + 1, sizeof *sorted, err);
    *ret_count = 0;
    for (size_t i = 0; sorted != NULL && i < project->problem_count; i++) {
        if (is_of_env_file(&project->problems[i])) {
            sorted[(*ret_count)++] = &project->problems[i];
        }
    }
    if (*ret_count > 0) {
        qsort(sorted, *ret_count, sizeof *sorted, compare_problems);
    }
    return sorted;
}

static bool each_env_difference(const struct bulla_project *eager, const struct bulla_project *lazy,
                                bulla_project_difference_fn fn, void *ctx, struct bulla_error *err)
{
    size_t count = 0;
    const struct bulla_project_problem **known = sort_problems(lazy, &count, err);
    bool ok = known != NULL;
    for (size_t i = 0; ok && i < eager->problem_count; i++) {
        const struct bulla_project_problem *problem = &eager->problems[i];
        bool is_required = problem->kind == BULLA_PROBLEM_ENV_REQUIRED;
        if (is_of_env_file(problem) && (count == 0 || bsearch(&problem, known, count, sizeof *known,
                                                              compare_problems) == NULL)) {
            ok = fn(ctx, NULL, problem, is_required ? BULLA_REF_MISSING : BULLA_REF_BLANK, err);
        }
    }
    bulla_free(known);
    return ok;
}

bool bulla_project_differences(const struct bulla_project *project,
                               const struct bulla_project_options *options,
                               bulla_project_difference_fn fn, void *ctx, struct bulla_error *err)
{
    struct bulla_project_options turned = *options;
    turned.eager = !options->eager;
    bulla_auto_project other = bulla_project_load(&turned, err);
    if (other == NULL) {
        return false;
    }
    /* The same files in the same order: where they changed meanwhile, the rest is not told. */
    size_t count = project->ref_count < other->ref_count ? project->ref_count : other->ref_count;
    for (size_t i = 0; i < count && same_ref(&project->refs[i], &other->refs[i]); i++) {
        const struct bulla_project_ref *ref = &project->refs[i];
        const struct bulla_project_ref *eager = options->eager ? ref : &other->refs[i];
        const struct bulla_project_ref *lazy = options->eager ? &other->refs[i] : ref;
        bool matters = eager->outcome == BULLA_REF_MISSING || eager->outcome == BULLA_REF_BLANK ||
                       eager->outcome == BULLA_REF_INVALID;
        if (eager->evaluated && !lazy->evaluated && matters &&
            !fn(ctx, ref, NULL, eager->outcome, err)) {
            return false;
        }
    }
    return each_env_difference(options->eager ? project : other, options->eager ? other : project,
                               fn, ctx, err);
}
