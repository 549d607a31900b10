/* Values that are not there, or cannot be looked at: B104, B210. */
#include <stdio.h>

#include "check/families.h"
#include "check/names.h"

#include "base/banned.h"

#define HELP_MAX 256

/* True where a reference of the project already says that NAME is missing. */
static bool is_reported(const struct check *check, const char *name)
{
    size_t count = 0;
    const struct bulla_project_ref *const *refs = check_names_find(check, name, &count);
    for (size_t i = 0; i < count; i++) {
        if (refs[i]->evaluated && refs[i]->outcome == BULLA_REF_MISSING) {
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
    struct place place = {.file = check_contract_name(check),
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
    struct place place = {
        .file = check_contract_name(check), .pos = value->variable.pos, .variable = name};
    char help[HELP_MAX];
    check_help_for(check, name, help, sizeof help);
    return check_add(check, RULE_NO_VALUE, &place, help, err, "%s has no value in '%s'", name,
                     check->input->environment);
}

bool check_missing_values(struct check *check, struct bulla_error *err)
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
        case BULLA_VALUE_MISSING:
            ok = check_missing_value(check, value, err);
            break;
        case BULLA_VALUE_SEALED:
            sealed++;
            break;
        case BULLA_VALUE_UNSET:
            ok = check_awaited(check, value, err);
            break;
        case BULLA_VALUE_SET:       /* check_each_value */
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
                     "%zu value%s not looked at: no identity here opens the vault", sealed,
                     sealed == 1 ? " was" : "s were");
}
