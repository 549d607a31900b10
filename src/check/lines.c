/* Where Compose up to 5.0.1 and Compose since 5.0.2 disagree. B218. */
#include <stdio.h>

#include "check/families.h"

#include "base/banned.h"

#define HELP_MAX 320

struct difference {
    struct check *check;
    bool eager; /* the older line is the one that is followed */
};

static bool add(const struct difference *difference, const struct place *place, const char *name,
                const char *help, enum bulla_ref_outcome outcome, struct bulla_error *err)
{
    bool is_blank = outcome == BULLA_REF_BLANK;
    enum bulla_severity severity = is_blank ? BULLA_NOTE : BULLA_WARNING;
    if (difference->eager) {
        return check_add_as(difference->check, RULE_LINES_DISAGREE, severity, place, help, err,
                            "Compose since 5.0.2 does not look at %s here, where it is not used",
                            name);
    }
    return check_add_as(difference->check, RULE_LINES_DISAGREE, severity, place, help, err,
                        "Compose up to 5.0.1 looks at %s here although it is not used, and %s",
                        name, is_blank ? "warns" : "refuses the project");
}

static bool add_difference(void *ctx, const struct bulla_project_ref *ref,
                           const struct bulla_project_problem *problem,
                           enum bulla_ref_outcome outcome, struct bulla_error *err)
{
    const struct difference *difference = ctx;
    char help[HELP_MAX];
    if (ref == NULL) {
        const struct place place = {.file = check_file_name(difference->check, problem->file),
                                    .pos = problem->pos,
                                    .end = problem->end,
                                    .service = problem->service,
                                    .variable = problem->name};
        return add(difference, &place, problem->name,
                   "give it a value in the environment, or in a line above this one", outcome, err);
    }
    struct place place = check_place_of(difference->check, ref);
    if (outcome == BULLA_REF_INVALID) {
        (void)snprintf(help, sizeof help, "a literal dollar sign is written $$");
    } else {
        check_help_for(difference->check, ref->name, help, sizeof help);
    }
    return add(difference, &place, ref->name[0] != '\0' ? ref->name : "this reference", help,
               outcome, err);
}

/* --- where there can be a difference -----------------------------------------------------------
 */

static bool project_has_nested(const struct bulla_project *project)
{
    for (size_t i = 0; i < project->ref_count; i++) {
        if (project->refs[i].depth > 0) {
            return true;
        }
    }
    return false;
}

/* A "$" behind a "${": too much is no harm, it costs a second reading. */
static bool value_has_nested(struct bulla_bytes value)
{
    size_t open = 0;
    for (size_t at = 0; at < value.len; at++) {
        if (value.data[at] == '$' && open > 0) {
            return true;
        }
        if (value.data[at] == '{' && at > 0 && value.data[at - 1] == '$') {
            open++;
        } else if (value.data[at] == '}' && open > 0) {
            open--;
        }
    }
    return false;
}

static bool files_have_nested(const struct check *check)
{
    for (size_t i = 0; i < check->texts.count; i++) {
        const struct env_text *text = &check->texts.items[i];
        bool is_read = (text->use == ENV_PROJECT || text->use == ENV_SERVICE) && !text->raw;
        for (size_t k = 0; is_read && k < text->sorted_count; k++) {
            if (text->sorted[k]->references > 0 && value_has_nested(text->sorted[k]->value)) {
                return true;
            }
        }
    }
    return false;
}

bool check_lines(struct check *check, struct bulla_error *err)
{
    const struct bulla_project_options *options = check->input->options;
    struct difference difference = {.check = check, .eager = options != NULL && options->eager};
    /* Only what stands in an operand is evaluated by one of them and not by the other. */
    return options == NULL ||
           !(project_has_nested(check->input->project) || files_have_nested(check)) ||
           bulla_project_differences(check->input->project, options, add_difference, &difference,
                                     err);
}
