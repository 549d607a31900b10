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

static bool is_made_of_others(const struct bulla_survey_variable *variable)
{
    return variable->guess.role == BULLA_ROLE_DERIVED && variable->guess.value != NULL;
}

/* Variables that are still to be followed, each of them once. */
struct pending {
    size_t *items;
    size_t count;
};

/* What a required value is made of is required; what of that is made of others is to be followed.
 */
static void require_parts(struct bulla_survey *survey, const char *text, struct pending *pending)
{
    for (size_t i = 0; i < survey->variable_count; i++) {
        struct bulla_survey_variable *part = &survey->variables[i];
        if (part->is_known || part->is_required || !has_part(text, part->name)) {
            continue;
        }
        part->is_required = true;
        part->guess.optional = false;
        part->guess.awaited = false;
        if (is_made_of_others(part)) {
            pending->items[pending->count++] = i;
        }
    }
}

static void settle_required(struct bulla_survey *survey, struct pending *pending)
{
    for (size_t i = 0; i < survey->variable_count; i++) {
        const struct bulla_survey_variable *variable = &survey->variables[i];
        if (variable->is_required && is_made_of_others(variable)) {
            pending->items[pending->count++] = i;
        }
    }
    while (pending->count > 0) {
        require_parts(survey, survey->variables[pending->items[--pending->count]].guess.value,
                      pending);
    }
}

/* What is made of NAME, which may be unset, may be that too. */
static void make_optional(struct bulla_survey *survey, const char *name, struct pending *pending)
{
    for (size_t i = 0; i < survey->variable_count; i++) {
        struct bulla_survey_variable *variable = &survey->variables[i];
        struct bulla_guess *guess = &variable->guess;
        if (!is_made_of_others(variable) || guess->optional || !has_part(guess->value, name)) {
            continue;
        }
        guess->optional = true;
        if (!variable->is_known && may_be_unset(survey, variable)) {
            pending->items[pending->count++] = i;
        }
    }
}

static void settle_optional(struct bulla_survey *survey, struct pending *pending)
{
    for (size_t i = 0; i < survey->variable_count; i++) {
        if (may_be_unset(survey, &survey->variables[i])) {
            pending->items[pending->count++] = i;
        }
    }
    while (pending->count > 0) {
        make_optional(survey, survey->variables[pending->items[--pending->count]].name, pending);
    }
}

bool survey_settle_derived(struct bulla_survey *survey, struct bulla_error *err)
{
    struct pending pending = {
        .items =
            pool_alloc(survey->pool, (survey->variable_count + 1) * sizeof *pending.items, err)};
    if (pending.items == NULL) {
        return false;
    }
    settle_required(survey, &pending);
    settle_optional(survey, &pending);
    return true;
}
