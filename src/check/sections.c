/* What a section of the contract says, or does not: secrets in the clear, B405; nothing, B221. */
#include <stdio.h>
#include <string.h>

#include "bulla/shape.h"
#include "check/literals.h"

#include "base/banned.h"

#define HELP_MAX 256

/*
 * What TEXT, which VARIABLE has in the contract, gives away under NAME, or NULL. A placeholder is a
 * finding of its own where it counts.
 */
static const char *secret_in(const char *name, const char *text)
{
    return text == NULL || bulla_placeholder(bulla_bytes_of(text)) != NULL
               ? NULL
               : bulla_secret_in_clear(name, bulla_bytes_of(text));
}

/* A setting's name says nothing: its owner has said that it is no secret. */
static const char *secret_in_preset(const struct bulla_variable *variable)
{
    bool is_secret =
        variable->role == BULLA_ROLE_GENERATED || variable->role == BULLA_ROLE_PROVIDED;
    return secret_in(is_secret ? variable->name : NULL, variable->preset.text);
}

/* Nor does a derived one's where its template refers to what the name tells of. */
static const char *secret_in_template(const struct bulla_variable *variable)
{
    const char *text = variable->value.text;
    bool is_whole = text != NULL && strstr(text, "{{") == NULL;
    return secret_in(is_whole ? variable->name : NULL, text);
}

static bool check_texts(struct check *check, const struct bulla_variable *variable,
                        struct bulla_error *err)
{
    const char *in_preset = secret_in_preset(variable);
    const char *what = in_preset != NULL ? in_preset : secret_in_template(variable);
    if (what == NULL) {
        return true;
    }
    struct place place = {.file = check_contract_name(check),
                          .pos = in_preset != NULL ? variable->preset.pos : variable->value.pos,
                          .variable = variable->name};
    char flag[CHECK_FLAG_BYTES];
    char help[HELP_MAX];
    if (in_preset != NULL) {
        (void)snprintf(help, sizeof help,
                       "bulla set%s %s gives it a new value in the vault; then take this line out",
                       check_env_flag(check, flag), variable->name);
    } else {
        (void)snprintf(help, sizeof help,
                       "give the secret a section and, with bulla set%s, a new value of its own, "
                       "and write {{ NAME }} here",
                       check_env_flag(check, flag));
    }
    return check_add_as(check, RULE_LITERAL_SECRET, secret_severity(what, RULE_LITERAL_SECRET),
                        &place, help, err, "the %s of %s holds %s in the clear",
                        in_preset != NULL ? "default" : "value", variable->name, what);
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
        if (!check_texts(check, &variable, err) || !check_emptiness(check, i, &variable, err)) {
            return false;
        }
    }
    return true;
}
