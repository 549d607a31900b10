/* Family 2, broken: what reading the project's files found. B201 to B204, B207, B209. */
#include "check/check_internal.h"

#include "base/banned.h"

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
    case BULLA_PROBLEM_UNREADABLE:
    case BULLA_PROBLEM_YAML:
    case BULLA_PROBLEM_FLOW:
    case BULLA_PROBLEM_SHAPE:
    case BULLA_PROBLEM_ENV_FILE:
    case BULLA_PROBLEM_INCLUDE:
    case BULLA_PROBLEM_EXTENDS:
    case BULLA_PROBLEM_HIDDEN:
        break;
    }
    return RULE_UNREADABLE;
}

bool check_problems(struct check *check, struct bulla_error *err)
{
    const struct bulla_project *project = check->input->project;
    for (size_t i = 0; i < project->problem_count; i++) {
        const struct bulla_project_problem *problem = &project->problems[i];
        struct place place = {
            .file = problem->file != NULL ? check_file_name(check, problem->file) : NULL,
            .pos = problem->pos,
            .end = problem->end,
            .service = problem->service,
        };
        /* An env file that names an unset variable gets a blank there, as a compose file does. */
        bool is_blank = problem->kind == BULLA_PROBLEM_ENV_FILE && !problem->fatal;
        enum rule rule = is_blank ? RULE_BLANK : rule_of(problem->kind);
        bool names_variable =
            is_blank || rule == RULE_COLON_IN_MESSAGE || rule == RULE_HASH_IN_MESSAGE;
        place.variable = names_variable ? problem->name : NULL;
        enum bulla_severity severity = bulla_rule(rule)->severity;
        if (rule == RULE_UNREADABLE && !problem->fatal) {
            severity = problem->kind == BULLA_PROBLEM_HIDDEN ? BULLA_NOTE : BULLA_WARNING;
        }
        const char *help = problem->hint[0] != '\0' ? problem->hint : NULL;
        if (help == NULL && rule == RULE_UNREADABLE) {
            help = problem->kind == BULLA_PROBLEM_UNREADABLE
                       ? "make that file, or name the right one"
                       : "docker compose config shows Compose's own words";
        }
        if (!check_add_as(check, rule, severity, &place, help, err, "%s", problem->message)) {
            return false;
        }
    }
    return true;
}
