/* NAME_PREVIOUS beside NAME: where an application reads the value before. */
#include <string.h>

#include "bulla/shape.h"
#include "infer/survey_internal.h"

#include "base/banned.h"

#define ENDING "_PREVIOUS"

/* The variable whose value before NAME is, or NULL. */
static struct bulla_survey_variable *find_owner(struct bulla_survey *survey, const char *name)
{
    size_t len = strlen(name);
    size_t ending = strlen(ENDING);
    if (len <= ending || strcmp(name + len - ending, ENDING) != 0) {
        return NULL;
    }
    for (size_t i = 0; i < survey->variable_count; i++) {
        struct bulla_survey_variable *owner = &survey->variables[i];
        if (strlen(owner->name) == len - ending && strncmp(owner->name, name, len - ending) == 0) {
            return owner;
        }
    }
    return NULL;
}

static bool is_secret(const struct bulla_survey_variable *variable)
{
    return variable->is_known ? bulla_name_is_secret(variable->name)
                              : variable->guess.role == BULLA_ROLE_GENERATED ||
                                    variable->guess.role == BULLA_ROLE_PROVIDED;
}

/* True where a template names NAME, which then needs a section. */
static bool is_part(const struct bulla_survey *survey, const char *name)
{
    for (size_t i = 0; i < survey->variable_count; i++) {
        const char *text = survey->variables[i].guess.value;
        if (text != NULL && strstr(text, name) != NULL) {
            return true;
        }
    }
    return false;
}

void survey_settle_previous(struct bulla_survey *survey)
{
    for (size_t i = 0; i < survey->variable_count; i++) {
        struct bulla_survey_variable *variable = &survey->variables[i];
        struct bulla_survey_variable *owner = find_owner(survey, variable->name);
        if (owner == NULL || variable->is_known || !is_secret(owner)) {
            continue;
        }
        if (!owner->is_known && variable->imported == 0 && !is_part(survey, variable->name)) {
            owner->previous_as = variable->name;
            variable->is_known = true; /* by that, and it needs no section */
            continue;
        }
        /* The vault keeps what is there, which would win over `previous-as`. */
        variable->guess = (struct bulla_guess){
            .role = BULLA_ROLE_PROVIDED,
            .optional = true,
            .step = BULLA_INFER_FAMILY,
            .why = "the value before of the name in front of _PREVIOUS: when it is over, take this "
                   "section out and write previous-as there"};
        variable->presets = NULL;
        variable->sealed = NULL;
    }
}
