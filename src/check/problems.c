/* Family 2, broken: what reading the project's files found. B201 to B204, B207, B209, B217;
 * B101 of env files. */
#include <stdio.h>
#include <string.h>

#include "bulla/shape.h"
#include "check/families.h"

#include "base/banned.h"

#define SHOWN_MAX 120

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

/* What a finding of RULE says to do about PROBLEM; NULL: what the rule itself says. */
static const char *help_for(const struct bulla_project_problem *problem, enum rule rule)
{
    if (problem->hint[0] != '\0') {
        return problem->hint;
    }
    if (rule != RULE_UNREADABLE) {
        return NULL;
    }
    if (problem->kind == BULLA_PROBLEM_UNREADABLE && strncmp(problem->message, "'.env'", 6) == 0) {
        return "bulla init, then bulla render, makes it; a sample shows what it has to hold";
    }
    return problem->kind == BULLA_PROBLEM_UNREADABLE
               ? "make that file, or name the right one"
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

static bool add_problem(struct check *check, const struct bulla_project_problem *problem,
                        struct bulla_error *err)
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
    return check_add_as(check, rule, severity, &place, help_for(problem, rule), err, "%s%s",
                        problem->message, rest);
}

bool check_problems(struct check *check, struct bulla_error *err)
{
    const struct bulla_project *project = check->input->project;
    for (size_t i = 0; i < project->problem_count; i++) {
        const struct bulla_project_problem *problem = &project->problems[i];
        /* An env file that names an unset variable gets a blank there, as a compose file does. */
        bool is_required = problem->kind == BULLA_PROBLEM_ENV_REQUIRED;
        bool is_blank =
            problem->kind == BULLA_PROBLEM_ENV_FILE && !problem->fatal && problem->says == NULL;
        bool is_said =
            problem->kind == BULLA_PROBLEM_TEMPLATE && check_braces_claim(check, problem);
        if (!is_said && !(is_blank      ? check_env_blank(check, problem, err)
                          : is_required ? add_required(check, problem, err)
                                        : add_problem(check, problem, err))) {
            return false;
        }
    }
    return true;
}
