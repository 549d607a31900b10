/* Values that bulla.ini cannot hold: line breaks, blanks at their ends, a ';' behind a blank. */
#include "bulla/limits.h"
#include "infer/survey_internal.h"

#include "base/banned.h"

static bool can_hold(const char *text, bool *ret_can, struct bulla_error *err)
{
    bulla_auto_buf trial;
    bulla_buf_init(&trial, BULLA_MAX_CONTRACT_BYTES);
    *ret_can = bulla_contract_write_setting("default", text, &trial, err);
    if (!*ret_can && err->code != BULLA_E_NOMEM) {
        bulla_error_clear(err);
        return true;
    }
    return *ret_can;
}

/* *TEXT goes to *RET_TAKEN where the contract cannot hold it; NULL where it can. */
static bool take_out(const char **text, const char **ret_taken, struct bulla_error *err)
{
    bool can = true;
    *ret_taken = NULL;
    if (*text != NULL && !can_hold(*text, &can, err)) {
        return false;
    }
    if (!can) {
        *ret_taken = *text;
        *text = NULL;
    }
    return true;
}

static bool seal_presets(struct bulla_survey *survey, struct bulla_survey_variable *variable,
                         struct bulla_error *err)
{
    const char *common = NULL;
    const char **sealed = NULL;
    if (!take_out(&variable->guess.preset, &common, err)) {
        return false;
    }
    for (size_t i = 0; i < survey->environment_count; i++) {
        const char *own = NULL;
        if (variable->presets != NULL && !take_out(&variable->presets[i], &own, err)) {
            return false;
        }
        bool is_common = variable->presets == NULL || variable->presets[i] == NULL;
        const char *text = own != NULL ? own : is_common ? common : NULL;
        if (text == NULL) {
            continue;
        }
        if (sealed == NULL) {
            sealed = pool_alloc(survey->pool, SURVEY_MAX_ENVIRONMENTS * sizeof *sealed, err);
            if (sealed == NULL) {
                return false;
            }
            variable->guess.why = "this file cannot hold its value: the vault does";
        }
        sealed[i] = text;
    }
    variable->sealed = sealed;
    return true;
}

bool survey_settle_unwritable(struct bulla_survey *survey, struct bulla_error *err)
{
    for (size_t i = 0; i < survey->variable_count; i++) {
        struct bulla_survey_variable *variable = &survey->variables[i];
        struct bulla_guess *guess = &variable->guess;
        if (variable->is_known) {
            continue;
        }
        bool can = true;
        if (guess->role == BULLA_ROLE_DERIVED && !can_hold(guess->value, &can, err)) {
            return false;
        }
        if (!can) {
            guess->role = BULLA_ROLE_PROVIDED;
            guess->value = NULL;
            guess->why = "it holds another variable's value, in a form that this file cannot hold";
        }
        if (guess->role == BULLA_ROLE_SETTING && !seal_presets(survey, variable, err)) {
            return false;
        }
    }
    return true;
}
