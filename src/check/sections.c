/* What a section of the contract says, or does not: secrets in the clear, B405; nothing, B221. */
#include <stdio.h>

#include "bulla/shape.h"
#include "check/literals.h"

#include "base/banned.h"

#define HELP_MAX 256

/*
 * What the default of VARIABLE gives away, or NULL. A setting's name says nothing: its owner has
 * said that it is no secret. A placeholder is a finding of its own where it counts.
 */
static const char *secret_in_preset(const struct bulla_variable *variable)
{
    bool is_secret =
        variable->role == BULLA_ROLE_GENERATED || variable->role == BULLA_ROLE_PROVIDED;
    if (variable->preset.text == NULL) {
        return NULL;
    }
    struct bulla_bytes text = bulla_bytes_of(variable->preset.text);
    return bulla_placeholder(text) != NULL
               ? NULL
               : bulla_secret_in_clear(is_secret ? variable->name : NULL, text);
}

static bool check_preset(struct check *check, const struct bulla_variable *variable,
                         struct bulla_error *err)
{
    const char *what = secret_in_preset(variable);
    if (what == NULL) {
        return true;
    }
    struct place place = {.file = check_contract_name(check),
                          .pos = variable->preset.pos,
                          .variable = variable->name};
    char flag[CHECK_FLAG_BYTES];
    char help[HELP_MAX];
    (void)snprintf(help, sizeof help,
                   "bulla set%s %s gives it a new value in the vault; then take this line out",
                   check_env_flag(check, flag), variable->name);
    return check_add_as(check, RULE_LITERAL_SECRET, secret_severity(what, RULE_LITERAL_SECRET),
                        &place, help, err, "the default of %s holds %s in the clear",
                        variable->name, what);
}

/* A line of its own, for whatever environment. */
static bool says_something(const struct bulla_contract *contract, size_t index)
{
    for (size_t i = 0; i < bulla_contract_environment_count(contract); i++) {
        struct bulla_saying saying;
        const char *environment = bulla_contract_environment(contract, i)->name;
        if (bulla_contract_saying(contract, index, environment, 0, &saying) && !saying.project) {
            return true;
        }
    }
    return false;
}

static bool check_emptiness(struct check *check, size_t index,
                            const struct bulla_variable *variable, struct bulla_error *err)
{
    struct place place = {
        .file = check_contract_name(check), .pos = variable->pos, .variable = variable->name};
    return says_something(check->input->contract, index) ||
           check_add(check, RULE_EMPTY_SECTION, &place, NULL, err,
                     "[%s] says nothing: it is taken for a secret that somebody gives",
                     variable->name);
}

bool check_sections(struct check *check, struct bulla_error *err)
{
    const struct bulla_contract *contract = check->input->contract;
    size_t count = contract != NULL ? bulla_contract_variable_count(contract) : 0;
    for (size_t i = 0; i < count; i++) {
        struct bulla_variable variable;
        bulla_contract_variable(contract, i, check->input->environment, &variable);
        if (!check_preset(check, &variable, err) || !check_emptiness(check, i, &variable, err)) {
            return false;
        }
    }
    return true;
}
