/* The type of a setting: one that every value that is known of it has. */
#include <string.h>

#include "bulla/shape.h"
#include "infer/guess_steps.h"
#include "infer/survey_internal.h"

#include "base/banned.h"

static bool fits(enum bulla_value_type type, struct bulla_bytes text, bool *ret_fits,
                 struct bulla_error *err)
{
    struct bulla_variable variable = {.name = "", .role = BULLA_ROLE_SETTING, .type = type};
    bulla_auto_buf reason;
    bulla_buf_init(&reason, 256);
    return bulla_variable_check(&variable, text, ret_fits, &reason, err);
}

/* A placeholder, or what is made of other values, has no type of its own. */
static bool says_nothing(struct bulla_bytes text)
{
    return text.len == 0 || memchr(text.data, '$', text.len) != NULL ||
           (bulla_placeholder(text) != NULL && !bulla_is_common_word(text));
}

bool survey_note_type(struct bulla_survey_variable *variable, struct bulla_bytes value,
                      struct bulla_error *err)
{
    enum bulla_value_type type = guess_type(variable->name, value);
    bool is_first = variable->imported == 0;
    variable->value_type = is_first || variable->value_type == type ? type : BULLA_TYPE_TEXT;
    for (enum bulla_value_type each = BULLA_TYPE_TEXT; each <= BULLA_TYPE_SIZE; each++) {
        bool does_fit = false;
        if (!fits(each, value, &does_fit, err)) {
            return false;
        }
        variable->misfits |= does_fit ? 0U : 1U << each;
    }
    return true;
}

/* *RET_FITS: VALUE, which is known, is of TYPE; one that says nothing is. */
static bool look_at(enum bulla_value_type type, struct bulla_bytes value, bool *ret_fits,
                    struct bulla_error *err)
{
    return says_nothing(value) || !*ret_fits || fits(type, value, ret_fits, err);
}

/* *RET_FITS: all that samples and compose files give VARIABLE is of TYPE, and env files too. */
static bool all_fit(const struct bulla_survey *survey, const struct bulla_survey_variable *variable,
                    enum bulla_value_type type, bool *ret_fits, struct bulla_error *err)
{
    *ret_fits = (variable->misfits & (1U << type)) == 0;
    for (size_t i = 0; i < survey->sample_count; i++) {
        const struct bulla_dotenv_entry *entry =
            survey_last_entry(&survey->samples[i], variable->name);
        if (entry != NULL && !entry->bare && !look_at(type, entry->value, ret_fits, err)) {
            return false;
        }
    }
    for (size_t i = 0; i < survey->environment_count; i++) {
        const struct bulla_project *project = survey->environments[i].project;
        for (size_t k = 0; k < project->ref_count; k++) {
            const struct bulla_project_ref *ref = &project->refs[k];
            bool is_default = ref->op == BULLA_REF_DEFAULT || ref->op == BULLA_REF_DEFAULT_NONEMPTY;
            if (is_default && strcmp(ref->name, variable->name) == 0 &&
                !look_at(type, bulla_bytes(ref->operand, ref->operand_len), ret_fits, err)) {
                return false;
            }
        }
    }
    return true;
}

/* True where a compose file has NAME at a place that IS_PLACE is true of. */
static bool stands_at(const struct bulla_survey *survey, const char *name,
                      bool (*is_place)(const char *path))
{
    for (size_t i = 0; i < survey->environment_count; i++) {
        const struct bulla_project *project = survey->environments[i].project;
        for (size_t k = 0; k < project->ref_count; k++) {
            if (strcmp(project->refs[k].name, name) == 0 && is_place(project->refs[k].path)) {
                return true;
            }
        }
    }
    return false;
}

/* "${HTTP_PORT}:80" under `ports` takes "127.0.0.1:8080", and a row of ports, too. */
static bool is_published_port(const char *path)
{
    return strstr(path, ".ports.") != NULL;
}

/* The tag of "postgres:${POSTGRES_TAG:-16}" may be "16-alpine" as well. */
static bool is_image(const char *path)
{
    const char *key = strrchr(path, '.');
    return key != NULL && strcmp(key, ".image") == 0;
}

static enum bulla_value_type first_guess(const struct bulla_survey *survey,
                                         const struct bulla_survey_variable *variable)
{
    if (variable->guess.type != BULLA_TYPE_TEXT || variable->imported != 0) {
        return variable->guess.type != BULLA_TYPE_TEXT ? variable->guess.type
                                                       : variable->value_type;
    }
    return guess_is_port_name(variable->name) &&
                   !stands_at(survey, variable->name, is_published_port)
               ? BULLA_TYPE_PORT
               : BULLA_TYPE_TEXT;
}

bool survey_settle_types(struct bulla_survey *survey, struct bulla_error *err)
{
    for (size_t i = 0; i < survey->variable_count; i++) {
        struct bulla_survey_variable *variable = &survey->variables[i];
        if (variable->is_known || variable->guess.role != BULLA_ROLE_SETTING) {
            continue;
        }
        if (stands_at(survey, variable->name, is_image)) {
            variable->guess.type = BULLA_TYPE_TEXT;
            continue;
        }
        const enum bulla_value_type types[] = {first_guess(survey, variable), BULLA_TYPE_NUMBER};
        bool is_number = types[0] == BULLA_TYPE_PORT || types[0] == BULLA_TYPE_BOOLEAN;
        bool do_fit = false;
        variable->guess.type = BULLA_TYPE_TEXT;
        for (size_t k = 0; k < (is_number ? 2U : 1U) && !do_fit; k++) {
            if (!all_fit(survey, variable, types[k], &do_fit, err)) {
                return false;
            }
            variable->guess.type = do_fit ? types[k] : BULLA_TYPE_TEXT;
        }
    }
    return true;
}
