/*
 * Passwords that an env file which is there leaves empty, or to the compose file's default: a stack
 * that runs has them so, and a new one is a change that its servers have to be told of.
 */
#include <string.h>

#include "bulla/shape.h"
#include "infer/env_values.h"
#include "infer/references.h"

#include "base/banned.h"

/* What the compose files of an environment do where a name is unset or empty. */
struct use {
    bool is_refused;
    bool has_default; /* for an unset one, */
    bool has_default_for_empty;
    bool is_plain;
};

static struct use find_use(const struct bulla_project *project, const char *name)
{
    struct use use = {0};
    for (size_t i = 0; i < project->ref_count; i++) {
        const struct bulla_project_ref *ref = &project->refs[i];
        if (strcmp(ref->name, name) != 0) {
            continue;
        }
        bool has_text = ref->operand_len > 0;
        use.is_refused = use.is_refused || ref->op == BULLA_REF_REQUIRED ||
                         ref->op == BULLA_REF_REQUIRED_NONEMPTY;
        use.has_default =
            use.has_default ||
            (has_text && (ref->op == BULLA_REF_DEFAULT || ref->op == BULLA_REF_DEFAULT_NONEMPTY));
        use.has_default_for_empty =
            use.has_default_for_empty || (has_text && ref->op == BULLA_REF_DEFAULT_NONEMPTY);
        use.is_plain =
            use.is_plain || (ref->kind == BULLA_USE_REFERENCE && ref->op == BULLA_REF_PLAIN);
    }
    return use;
}

/* A server does not start with an empty one, so that nobody runs it so. */
static bool may_run_empty(const struct bulla_survey *survey,
                          const struct bulla_survey_variable *variable)
{
    return bulla_name_family(variable->name) == BULLA_NAME_PASSWORD &&
           !references_are_password(survey, variable->name);
}

/* True where a sample has the empty line too: a copy of it says nothing of what runs. */
static bool is_empty_in_sample(const struct bulla_survey *survey, const char *name)
{
    for (size_t i = 0; i < survey->sample_count; i++) {
        const struct bulla_dotenv_entry *entry = survey_last_entry(&survey->samples[i], name);
        if (entry != NULL && !entry->bare && entry->value.len == 0) {
            return true;
        }
    }
    return false;
}

/* Environment AT has nothing for VARIABLE; IS_EMPTY: by a line of its own. */
static void note(const struct bulla_survey *survey, struct bulla_survey_variable *variable,
                 size_t at, bool is_empty)
{
    struct use use = find_use(survey->environments[at].project, variable->name);
    if (use.is_refused) {
        return;
    }
    if (is_empty ? use.has_default_for_empty : use.has_default) {
        variable->left_to_default |= 1U << at;
    } else if ((is_empty || use.is_plain) && may_run_empty(survey, variable) &&
               !(is_empty && is_empty_in_sample(survey, variable->name))) {
        variable->left_empty |= 1U << at;
    }
}

static bool look_at_environment(struct bulla_survey *survey, size_t at, bool *is_set,
                                struct bulla_error *err)
{
    struct env_values values = {.files = NULL};
    bool ok = env_values_open(&values, &survey->environments[at], err);
    for (size_t i = 0; ok && i < survey->variable_count; i++) {
        struct bulla_survey_variable *variable = &survey->variables[i];
        const struct bulla_dotenv_entry *entry = env_values_find(&values, variable->name);
        bool has_value = entry != NULL && (entry->bare || entry->value.len > 0);
        is_set[i] = is_set[i] || entry == NULL || has_value;
        if (!variable->is_known && variable->guess.role == BULLA_ROLE_GENERATED && !has_value) {
            note(survey, variable, at, entry != NULL);
        }
    }
    env_values_release(&values);
    return ok;
}

/* An application gets a blank and no server of the stack gets it at all: so it stays. */
static bool keep_empty(struct bulla_survey *survey, struct bulla_survey_variable *variable,
                       struct bulla_error *err)
{
    const char *messages[REFERENCES_MAX_MESSAGES + 1] = {NULL};
    struct bulla_evidence evidence = {.name = variable->name};
    if (!references_read(survey, &evidence, messages, err)) {
        return false;
    }
    if (!evidence.referenced || evidence.required || evidence.for_server ||
        !evidence.may_be_blank) {
        return true;
    }
    variable->guess = (struct bulla_guess){.role = BULLA_ROLE_PROVIDED,
                                           .optional = true,
                                           .step = BULLA_INFER_FAMILY,
                                           .why = "off: the env file leaves it empty"};
    variable->left_empty = 0;
    return true;
}

bool survey_settle_left_unset(struct bulla_survey *survey, struct bulla_error *err)
{
    bool *is_set = pool_alloc(survey->pool, survey->variable_count + 1, err);
    if (is_set == NULL) {
        return false;
    }
    for (size_t i = 0; i < survey->environment_count; i++) {
        bool has_file = !survey->no_import && survey->environments[i].existing != NULL;
        if (has_file && !look_at_environment(survey, i, is_set, err)) {
            return false;
        }
        for (size_t k = 0; !has_file && k < survey->variable_count; k++) {
            is_set[k] = true;
        }
    }
    for (size_t i = 0; i < survey->variable_count; i++) {
        struct bulla_survey_variable *variable = &survey->variables[i];
        if (!is_set[i] && variable->left_empty != 0 && !keep_empty(survey, variable, err)) {
            return false;
        }
    }
    return true;
}
