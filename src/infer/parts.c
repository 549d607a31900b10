/* Derived values whose parts may have no value. */
#include <string.h>

#include "infer/survey_internal.h"

#include "base/banned.h"

/* True where the template TEXT names NAME: "{{ NAME }}", "{{ NAME | url }}". */
static bool has_part(const char *text, const char *name)
{
    size_t len = strlen(name);
    for (const char *at = strstr(text, "{{ "); at != NULL; at = strstr(at + 3, "{{ ")) {
        if (strncmp(at + 3, name, len) == 0 && at[3 + len] == ' ') {
            return true;
        }
    }
    return false;
}

/* True where nothing makes sure that VARIABLE has a value. */
static bool may_be_unset(const struct bulla_survey *survey,
                         const struct bulla_survey_variable *variable)
{
    size_t index = 0;
    if (!variable->is_known) {
        return variable->guess.optional && variable->guess.preset == NULL;
    }
    if (!bulla_contract_find_variable(survey->contract, variable->name, &index)) {
        return false;
    }
    struct bulla_variable known;
    bulla_contract_variable(survey->contract, index, NULL, &known);
    return known.optional && known.preset.text == NULL;
}

static bool has_unset_part(const struct bulla_survey *survey, const char *text)
{
    for (size_t i = 0; i < survey->variable_count; i++) {
        if (may_be_unset(survey, &survey->variables[i]) &&
            has_part(text, survey->variables[i].name)) {
            return true;
        }
    }
    return false;
}

/* What a required value is made of is required. */
static bool require_parts(struct bulla_survey *survey, const char *text)
{
    bool is_changed = false;
    for (size_t i = 0; i < survey->variable_count; i++) {
        struct bulla_survey_variable *part = &survey->variables[i];
        if (!part->is_known && !part->is_required && has_part(text, part->name)) {
            part->is_required = true;
            part->guess.optional = false;
            part->guess.awaited = false;
            is_changed = true;
        }
    }
    return is_changed;
}

void survey_settle_derived(struct bulla_survey *survey)
{
    for (bool is_changed = true; is_changed;) {
        is_changed = false;
        for (size_t i = 0; i < survey->variable_count; i++) {
            const struct bulla_survey_variable *variable = &survey->variables[i];
            if (variable->guess.role == BULLA_ROLE_DERIVED && variable->is_required &&
                require_parts(survey, variable->guess.value)) {
                is_changed = true;
            }
        }
    }
    /* One may be a part of another: again until nothing changes. */
    for (bool is_changed = true; is_changed;) {
        is_changed = false;
        for (size_t i = 0; i < survey->variable_count; i++) {
            struct bulla_guess *guess = &survey->variables[i].guess;
            if (guess->role == BULLA_ROLE_DERIVED && guess->value != NULL && !guess->optional &&
                has_unset_part(survey, guess->value)) {
                guess->optional = true;
                is_changed = true;
            }
        }
    }
}
