/* Family 2, broken: what reading the project's files found. B201 to B204, B207, B209, B217;
 * B101 of env files. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bulla/file.h"
#include "bulla/mem.h"
#include "bulla/shape.h"
#include "check/families.h"

#include "base/banned.h"

#define SHOWN_MAX 120
#define HELP_MAX 320

static enum rule rule_of(enum bulla_problem kind)
{
    switch (kind) {
    case BULLA_PROBLEM_COLON:
        return RULE_COLON_IN_MESSAGE;
    case BULLA_PROBLEM_COMMENT:
        return RULE_HASH_IN_MESSAGE;
    case BULLA_PROBLEM_TEMPLATE:
        return RULE_INVALID_REFERENCE;
    case BULLA_PROBLEM_ENV_NOT_READ:
        return RULE_ENV_NOT_READ;
    case BULLA_PROBLEM_OTHER_FILES:
    case BULLA_PROBLEM_PROFILE:
        return RULE_PROJECT_NOTE;
    case BULLA_PROBLEM_DUPLICATE_KEY:
        return RULE_DUPLICATE;
    case BULLA_PROBLEM_UNREADABLE:
    case BULLA_PROBLEM_YAML:
    case BULLA_PROBLEM_FLOW:
    case BULLA_PROBLEM_SHAPE:
    case BULLA_PROBLEM_ENV_FILE:
    case BULLA_PROBLEM_ENV_REQUIRED:
    case BULLA_PROBLEM_INCLUDE:
    case BULLA_PROBLEM_EXTENDS:
    case BULLA_PROBLEM_HIDDEN:
        break;
    }
    return RULE_UNREADABLE;
}

bool check_has_problem_at(const struct check *check, const struct bulla_project_ref *ref)
{
    const struct bulla_project *project = check->input->project;
    for (size_t i = 0; i < project->problem_count; i++) {
        const struct bulla_project_problem *problem = &project->problems[i];
        if (problem->file == ref->file && problem->pos.line == ref->pos.line &&
            (problem->kind == BULLA_PROBLEM_COLON || problem->kind == BULLA_PROBLEM_COMMENT)) {
            return true;
        }
    }
    return false;
}

/* The env file that PROBLEM could not read, as Compose opens it, or NULL. */
static const char *env_file_of(const struct check *check,
                               const struct bulla_project_problem *problem)
{
    const struct bulla_project *project = check->input->project;
    for (size_t i = 0; i < project->service_count; i++) {
        const struct bulla_project_service *service = project->services[i];
        for (size_t k = 0; k < service->env_file_count; k++) {
            const struct bulla_project_env_file *entry = &service->env_files[k];
            if (entry->named_in == problem->file && entry->pos.line == problem->pos.line &&
                entry->pos.col == problem->pos.col) {
                return entry->path;
            }
        }
    }
    return NULL;
}

/* The remedy for a file that cannot be read, in OUT: its sample, where one lies beside it. */
static bool write_file_help(const struct check *check, const struct bulla_project_problem *problem,
                            char out[HELP_MAX], struct bulla_error *err)
{
    const char *path = env_file_of(check, problem);
    bool is_missing = path != NULL && !bulla_file_is_regular(path) && !bulla_dir_exists(path);
    bulla_auto_str sample = NULL;
    if (is_missing && !check_find_sample(path, &sample, err)) {
        return false;
    }
    const char *name = sample != NULL ? check_relative_name(check, sample) : "";
    bool is_first_day = is_missing && check->input->contract == NULL && problem->name != NULL &&
                        strcmp(problem->name, ".env") == 0;
    if (is_first_day) {
        (void)snprintf(out, HELP_MAX, "bulla init, then bulla render, makes it%s%s",
                       sample != NULL ? "; or copy " : "", name);
    } else if (sample != NULL) {
        (void)snprintf(out, HELP_MAX, "copy %s to it, and give its names values", name);
    } else {
        (void)snprintf(out, HELP_MAX, "make that file, or name the right one");
    }
    return true;
}

/* What a finding of RULE says to do about PROBLEM; NULL: what the rule itself says. */
static const char *help_for(const struct bulla_project_problem *problem, enum rule rule,
                            const char *file_help)
{
    if (problem->hint[0] != '\0') {
        return problem->hint;
    }
    if (rule != RULE_UNREADABLE) {
        return NULL;
    }
    return problem->kind == BULLA_PROBLEM_UNREADABLE
               ? file_help
               : "docker compose config shows Compose's own words";
}

/*
 * What YAML leaves of a reference that a comment cuts, from its "$" on, for a message: " YAML reads
 * '${TAG:?see issue'". The operand of a secret is not shown.
 */
static void write_rest(const struct bulla_project_problem *problem, char *out, size_t cap)
{
    size_t at = problem->text_len;
    while (at > 0 && problem->text[at - 1] != '$') {
        at--;
    }
    out[0] = '\0';
    if (at == 0 || at == problem->text_len || problem->text[at] != '{') {
        return;
    }
    const char *rest = problem->text + at - 1;
    size_t len = problem->text_len - at + 1;
    bool is_message = memchr(rest, '?', len) != NULL;
    bool is_hidden = !is_message && problem->name != NULL && bulla_name_is_secret(problem->name);
    if (is_hidden) {
        (void)snprintf(out, cap, ": YAML reads '${%s…'", problem->name);
    } else {
        (void)snprintf(out, cap, ": YAML reads '%.*s'", (int)(len < SHOWN_MAX ? len : SHOWN_MAX),
                       rest);
    }
}

/* An env file in which a variable is required that has no value: Compose refuses all of it. */
static bool add_required(struct check *check, const struct bulla_project_problem *problem,
                         struct bulla_error *err)
{
    struct place place = {.file = check_file_name(check, problem->file),
                          .pos = problem->pos,
                          .end = problem->end,
                          .variable = problem->name,
                          .service = problem->service};
    return check_add_as(check, RULE_REQUIRED_UNSET, problem->fatal ? BULLA_ERROR : BULLA_WARNING,
                        &place, "give it a value in the environment, or in a line above this one",
                        err, "%s is required here and has no value: Compose refuses the file%s",
                        problem->name,
                        problem->fatal ? "" : " once a service that reads it is active");
}

/* MORE is put behind what the problem says. */
static bool add_problem(struct check *check, const struct bulla_project_problem *problem,
                        const char *more, struct bulla_error *err)
{
    enum rule rule = rule_of(problem->kind);
    if (problem->kind == BULLA_PROBLEM_ENV_FILE && check_is_unterminated(check, problem->file)) {
        rule = RULE_QUOTE;
    }
    bool names_variable = rule == RULE_COLON_IN_MESSAGE || rule == RULE_HASH_IN_MESSAGE;
    struct place place = {
        .file = problem->file != NULL ? check_file_name(check, problem->file) : NULL,
        .pos = problem->pos,
        .end = problem->end,
        .service = problem->service,
        .variable = names_variable ? problem->name : NULL,
    };
    enum bulla_severity severity = bulla_rule(rule)->severity;
    if (rule == RULE_UNREADABLE && !problem->fatal) {
        severity = problem->kind == BULLA_PROBLEM_HIDDEN ? BULLA_NOTE : BULLA_WARNING;
    }
    char rest[SHOWN_MAX + 32] = "";
    if (problem->kind == BULLA_PROBLEM_COMMENT) {
        write_rest(problem, rest, sizeof rest);
    }
    char help[HELP_MAX] = "";
    return (problem->kind != BULLA_PROBLEM_UNREADABLE ||
            write_file_help(check, problem, help, err)) &&
           check_add_as(check, rule, severity, &place, help_for(problem, rule, help), err, "%s%s%s",
                        problem->message, rest, more);
}

/* --- files that are not there ------------------------------------------------------------------
 */

/* A file that cannot be read is one fact, however many places name it. */
static bool is_unreadable(const struct bulla_project_problem *problem)
{
    return problem->kind == BULLA_PROBLEM_UNREADABLE && problem->name != NULL;
}

/* By file; of one file what Compose refuses the project for before the rest, then by place. */
static int compare_unreadable(const void *a, const void *b)
{
    const struct bulla_project_problem *left = *(const struct bulla_project_problem *const *)a;
    const struct bulla_project_problem *right = *(const struct bulla_project_problem *const *)b;
    int order = strcmp(left->message, right->message);
    if (order == 0) {
        order = (left->fatal < right->fatal) - (left->fatal > right->fatal);
    }
    return order != 0 ? order : (left > right) - (left < right);
}

/* Of one file: how often it is fatal where the first one is, else how often at all. */
static size_t count_alike(const struct bulla_project_problem *const *items, size_t count)
{
    size_t alike = 1;
    while (alike < count && items[alike]->fatal == items[0]->fatal &&
           strcmp(items[alike]->message, items[0]->message) == 0) {
        alike++;
    }
    return alike;
}

static bool add_unreadable(struct check *check, const struct bulla_project_problem *const *items,
                           size_t count, struct bulla_error *err)
{
    for (size_t at = 0; at < count;) {
        const struct bulla_project_problem *first = items[at];
        size_t alike = count_alike(items + at, count - at);
        char more[48] = "";
        if (alike > 1) {
            (void)snprintf(more, sizeof more, "; %zu more place%s name%s it", alike - 1,
                           alike == 2 ? "" : "s", alike == 2 ? "s" : "");
        }
        if (!add_problem(check, first, more, err)) {
            return false;
        }
        while (at < count && strcmp(items[at]->message, first->message) == 0) {
            at++;
        }
    }
    return true;
}

/* Those problems that IS_WANTED takes, in the order of COMPARE; *RET_ITEMS is to be freed. */
static bool collect(const struct check *check,
                    bool (*is_wanted)(const struct bulla_project_problem *problem),
                    int (*compare)(const void *a, const void *b),
                    const struct bulla_project_problem ***ret_items, size_t *ret_count,
                    struct bulla_error *err)
{
    const struct bulla_project *project = check->input->project;
    const struct bulla_project_problem **items =
        bulla_alloc(project->problem_count + 1, sizeof *items, err);
    *ret_items = items;
    *ret_count = 0;
    for (size_t i = 0; items != NULL && i < project->problem_count; i++) {
        items[*ret_count] = &project->problems[i];
        *ret_count += is_wanted(items[*ret_count]);
    }
    if (*ret_count > 0) {
        qsort(items, *ret_count, sizeof *items, compare);
    }
    return items != NULL;
}

static bool check_unreadable(struct check *check, struct bulla_error *err)
{
    const struct bulla_project_problem **items = NULL;
    size_t count = 0;
    bool ok = collect(check, is_unreadable, compare_unreadable, &items, &count, err) &&
              add_unreadable(check, items, count, err);
    bulla_free(items);
    return ok;
}

/* --- blanks in env files ---------------------------------------------------------------------- */

/* An env file that names an unset variable gets a blank there, as a compose file does. */
static bool is_blank(const struct bulla_project_problem *problem)
{
    return problem->kind == BULLA_PROBLEM_ENV_FILE && !problem->fatal && problem->says == NULL;
}

/* By place and name. */
static int compare_blanks(const void *a, const void *b)
{
    const struct bulla_project_problem *left = *(const struct bulla_project_problem *const *)a;
    const struct bulla_project_problem *right = *(const struct bulla_project_problem *const *)b;
    int order = strcmp(left->file->path, right->file->path);
    if (order == 0) {
        order = (left->pos.line > right->pos.line) - (left->pos.line < right->pos.line);
    }
    if (order == 0) {
        order = (left->pos.col > right->pos.col) - (left->pos.col < right->pos.col);
    }
    return order != 0 ? order : strcmp(left->name, right->name);
}

/* A file is often read twice, by Compose and by a service: its line is one fact. */
static bool check_blanks(struct check *check, struct bulla_error *err)
{
    const struct bulla_project_problem **items = NULL;
    size_t count = 0;
    bool ok = collect(check, is_blank, compare_blanks, &items, &count, err);
    for (size_t i = 0; ok && i < count; i++) {
        bool is_said = i > 0 && compare_blanks(&items[i - 1], &items[i]) == 0;
        ok = is_said || check_env_blank(check, items[i], err);
    }
    bulla_free(items);
    return ok;
}

/* --- all of them ------------------------------------------------------------------------------ */

bool check_problems(struct check *check, struct bulla_error *err)
{
    const struct bulla_project *project = check->input->project;
    for (size_t i = 0; i < project->problem_count; i++) {
        const struct bulla_project_problem *problem = &project->problems[i];
        bool is_required = problem->kind == BULLA_PROBLEM_ENV_REQUIRED;
        bool is_said =
            is_unreadable(problem) || is_blank(problem) ||
            (problem->kind == BULLA_PROBLEM_TEMPLATE && check_braces_claim(check, problem));
        if (!is_said && !(is_required ? add_required(check, problem, err)
                                      : add_problem(check, problem, "", err))) {
            return false;
        }
    }
    return check_blanks(check, err) && check_unreadable(check, err);
}
