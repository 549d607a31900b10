/* Values against the contract: B104, B205, B206, B210, B301, B303. */
#include <stdio.h>
#include <string.h>

#include "bulla/shape.h"
#include "check/check_internal.h"

#include "base/banned.h"

#define HELP_MAX 256

struct judged {
    struct check *check;
    const struct bulla_value *value;
    struct place place;
};

static const char *help_to_replace(const struct check *check, const struct bulla_value *value,
                                   char *out, size_t cap)
{
    const char *name = value->variable.name;
    switch (value->source) {
    case BULLA_FROM_CONTRACT:
        (void)snprintf(out, cap, "change `default` of [%s] in %s", name,
                       bulla_contract_file(check->input->contract));
        break;
    case BULLA_FROM_DERIVED:
        (void)snprintf(out, cap, "change `value` of [%s] in %s, or what it is made from", name,
                       bulla_contract_file(check->input->contract));
        break;
    case BULLA_FROM_VAULT:
    case BULLA_FROM_PREVIOUS:
    case BULLA_FROM_NOWHERE:
        (void)snprintf(out, cap, "bulla %s -e %s %s",
                       value->variable.role == BULLA_ROLE_GENERATED ? "rotate" : "set",
                       check->input->environment, name);
        break;
    }
    return out;
}

static bool add_verdict(void *ctx, enum bulla_verdict verdict, const char *reason,
                        struct bulla_error *err)
{
    struct judged *judged = ctx;
    char help[HELP_MAX];
    const char *name = judged->value->variable.name;
    enum rule rule = verdict == BULLA_VERDICT_SHAPE      ? RULE_WRONG_SHAPE
                     : verdict == BULLA_VERDICT_RELATION ? RULE_RELATION
                                                         : RULE_WARN_WHEN;
    (void)help_to_replace(judged->check, judged->value, help, sizeof help);
    return check_add(judged->check, rule, &judged->place, help, err, "%s %s", name, reason);
}

/* A setting may well be a common word (POSTGRES_USER=postgres); a secret may not. */
static const char *placeholder_in(const struct bulla_value *value)
{
    if (value->source == BULLA_FROM_DERIVED ||
        (value->variable.role == BULLA_ROLE_SETTING && bulla_is_common_word(value->bytes))) {
        return NULL;
    }
    return bulla_placeholder(value->bytes);
}

static bool check_set_value(struct check *check, size_t index, const struct bulla_value *value,
                            struct bulla_error *err)
{
    struct judged judged = {check,
                            value,
                            {.file = bulla_contract_file(check->input->contract),
                             .pos = value->variable.pos,
                             .variable = value->variable.name}};
    const char *placeholder = placeholder_in(value);
    if (placeholder == NULL) {
        return bulla_values_judge(check->input->values, index, add_verdict, &judged, err);
    }
    char help[HELP_MAX];
    (void)help_to_replace(check, value, help, sizeof help);
    bool is_setting = value->variable.role == BULLA_ROLE_SETTING;
    return check_add_as(check, RULE_PLACEHOLDER, is_setting ? BULLA_WARNING : BULLA_ERROR,
                        &judged.place, help, err, "%s is still a placeholder: %s",
                        value->variable.name, placeholder);
}

/* True where a reference of the project already says that NAME is missing. */
static bool is_reported(const struct check *check, const char *name)
{
    const struct bulla_project *project = check->input->project;
    for (size_t i = 0; project != NULL && i < project->ref_count; i++) {
        const struct bulla_project_ref *ref = &project->refs[i];
        if (ref->evaluated && ref->outcome == BULLA_REF_MISSING && strcmp(ref->name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* What it is made from is optional and not set: nobody else would say so. */
static bool check_missing_derived(struct check *check, const struct bulla_value *value,
                                  struct bulla_error *err)
{
    const struct bulla_value *source =
        value->because != NULL ? bulla_values_find(check->input->values, value->because) : NULL;
    if (source == NULL || source->state != BULLA_VALUE_UNSET || value->variable.optional) {
        return true;
    }
    struct place place = {.file = bulla_contract_file(check->input->contract),
                          .pos = value->variable.pos,
                          .variable = value->variable.name};
    char help[HELP_MAX];
    check_help_for(check, value->variable.name, help, sizeof help);
    return check_add(check, RULE_NO_VALUE, &place, help, err,
                     "%s is made from %s, which is optional and not set", value->variable.name,
                     value->because);
}

static bool check_missing_value(struct check *check, const struct bulla_value *value,
                                struct bulla_error *err)
{
    const char *name = value->variable.name;
    if (is_reported(check, name)) {
        return true;
    }
    if (value->variable.role == BULLA_ROLE_DERIVED) {
        return check_missing_derived(check, value, err);
    }
    struct place place = {.file = bulla_contract_file(check->input->contract),
                          .pos = value->variable.pos,
                          .variable = name};
    char help[HELP_MAX];
    check_help_for(check, name, help, sizeof help);
    return check_add(check, RULE_NO_VALUE, &place, help, err, "%s has no value in '%s'", name,
                     check->input->environment);
}

bool check_values(struct check *check, struct bulla_error *err)
{
    const struct bulla_values *values = check->input->values;
    if (values == NULL) {
        return true;
    }
    size_t sealed = 0;
    for (size_t i = 0; i < bulla_values_count(values); i++) {
        const struct bulla_value *value = bulla_values_get(values, i);
        bool ok = true;
        switch (value->state) {
        case BULLA_VALUE_SET:
            ok = check_set_value(check, i, value, err);
            break;
        case BULLA_VALUE_MISSING:
            ok = check_missing_value(check, value, err);
            break;
        case BULLA_VALUE_SEALED:
            sealed++;
            break;
        case BULLA_VALUE_UNSET:
        case BULLA_VALUE_CONTESTED: /* check_versions says it */
            break;
        }
        if (!ok) {
            return false;
        }
    }
    if (sealed == 0) {
        return true;
    }
    struct place place = {.file = NULL};
    return check_add(check, RULE_NO_LOCAL_KEY, &place, NULL, err,
                     "%zu values were not looked at: no identity here opens the vault", sealed);
}
