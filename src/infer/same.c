/*
 * Two names of an env file for one password: that of a server of the stack, and another that has
 * the same value there. Made anew each for itself they would not be the same any more.
 */
#include <string.h>

#include "bulla/shape.h"
#include "infer/references.h"

#include "base/banned.h"

/* The literal of NAME in ENTRIES; empty where there is none. */
static struct bulla_bytes literal(const struct bulla_dotenv *entries, const char *name)
{
    const struct bulla_dotenv_entry *entry = bulla_dotenv_find(entries, bulla_bytes_of(name));
    bool is_literal = entry != NULL && !entry->bare && entry->references == 0;
    return is_literal ? entry->value : bulla_bytes(NULL, 0);
}

/* A password that is made here and that no server of the stack is known to take. */
static bool is_candidate(const struct bulla_survey *survey,
                         const struct bulla_survey_variable *variable)
{
    return !variable->is_known && variable->guess.role == BULLA_ROLE_GENERATED &&
           bulla_name_family(variable->name) == BULLA_NAME_PASSWORD &&
           !references_are_password(survey, variable->name) &&
           !references_are_for_server(survey, variable->name);
}

/* The one new password of a server that ENTRIES set to VALUE, or NULL. */
static const char *find_server(const struct bulla_survey *survey,
                               const struct bulla_dotenv *entries, struct bulla_bytes value)
{
    const char *found = NULL;
    for (size_t i = 0; i < survey->variable_count; i++) {
        const struct bulla_survey_variable *variable = &survey->variables[i];
        if (variable->is_known || variable->guess.role != BULLA_ROLE_GENERATED ||
            !references_are_password(survey, variable->name) ||
            !bulla_secret_bytes_equal(literal(entries, variable->name), value)) {
            continue;
        }
        if (found != NULL) {
            return NULL;
        }
        found = variable->name;
    }
    return found;
}

static bool look_at_file(struct bulla_survey *survey, const char *path, const char **same,
                         bool *differs, struct bulla_error *err)
{
    bulla_auto_dotenv entries = survey_read_values(path, err);
    for (size_t i = 0; entries != NULL && i < survey->variable_count; i++) {
        struct bulla_bytes value = literal(entries, survey->variables[i].name);
        if (value.len == 0 || !is_candidate(survey, &survey->variables[i])) {
            continue;
        }
        const char *found = find_server(survey, entries, value);
        differs[i] =
            differs[i] || found == NULL || (same[i] != NULL && strcmp(same[i], found) != 0);
        same[i] = found;
    }
    return entries != NULL;
}

bool survey_note_same(struct bulla_survey *survey, struct bulla_error *err)
{
    size_t count = survey->variable_count;
    const char **same = pool_alloc(survey->pool, (count + 1) * sizeof *same, err);
    bool *differs = pool_alloc(survey->pool, count + 1, err);
    if (same == NULL || differs == NULL) {
        return false;
    }
    for (size_t i = 0; i < survey->environment_count; i++) {
        const char *path = survey->environments[i].existing;
        if (path != NULL && !look_at_file(survey, path, same, differs, err)) {
            return false;
        }
    }
    for (size_t i = 0; i < count; i++) {
        struct bulla_guess *guess = &survey->variables[i].guess;
        if (same[i] == NULL || differs[i]) {
            continue;
        }
        guess->why = pool_printf(survey->pool, err,
                                 "%s; the env file has the same value for %s: is it that one's, "
                                 "write kind = derived, value = {{ %s }}",
                                 guess->why, same[i], same[i]);
        if (guess->why == NULL) {
            return false;
        }
    }
    return true;
}
