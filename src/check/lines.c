/* Where Compose up to 5.0.1 and Compose since 5.0.2 disagree. B218. */
#include <stdio.h>

#include "check/families.h"

#include "base/banned.h"

#define HELP_MAX 320

struct difference {
    struct check *check;
    bool eager; /* the older line is the one that is followed */
};

static bool add_difference(void *ctx, const struct bulla_project_ref *ref,
                           enum bulla_ref_outcome outcome, struct bulla_error *err)
{
    const struct difference *difference = ctx;
    struct place place = check_place_of(difference->check, ref);
    bool is_blank = outcome == BULLA_REF_BLANK;
    enum bulla_severity severity = is_blank ? BULLA_NOTE : BULLA_WARNING;
    char help[HELP_MAX];
    if (outcome == BULLA_REF_INVALID) {
        (void)snprintf(help, sizeof help, "a literal dollar sign is written $$");
    } else {
        check_help_for(difference->check, ref->name, help, sizeof help);
    }
    const char *name = ref->name[0] != '\0' ? ref->name : "this reference";
    if (difference->eager) {
        return check_add_as(difference->check, RULE_LINES_DISAGREE, severity, &place, help, err,
                            "Compose since 5.0.2 does not look at %s here, where it is not used",
                            name);
    }
    return check_add_as(difference->check, RULE_LINES_DISAGREE, severity, &place, help, err,
                        "Compose up to 5.0.1 looks at %s here although it is not used, and %s",
                        name, is_blank ? "warns" : "refuses the project");
}

bool check_lines(struct check *check, struct bulla_error *err)
{
    const struct bulla_project_options *options = check->input->options;
    struct difference difference = {.check = check, .eager = options != NULL && options->eager};
    return options == NULL || bulla_project_differences(check->input->project, options,
                                                        add_difference, &difference, err);
}
