#include "missing.h"

#include "message.h"
#include "secrets.h"

static void describe_contested(const struct workspace *ws, const struct bulla_variable *variable,
                               struct bulla_error *ret)
{
    const char *usurper = secrets_usurper(ws, variable->name);
    char flag[48];
    (void)(usurper != NULL ? bulla_error_at(ret, BULLA_E_REFUSED, ws->contract_path, variable->pos,
                                            "'%s' was last written by '%s', who had no right to",
                                            variable->name, usurper)
                           : bulla_error_at(ret, BULLA_E_REFUSED, ws->contract_path, variable->pos,
                                            "'%s' was set to different values on two branches",
                                            variable->name));
    (void)bulla_error_hint(ret, "bulla resolve%s %s", workspace_env_flag(ws, flag), variable->name);
}

/* The source is the contract's text: a word, for who takes the whole line into a shell. */
static bool hint_set(const struct workspace *ws, const struct bulla_variable *variable,
                     struct bulla_error *ret)
{
    char flag[48];
    const char *source = variable->obtain.text;
    bulla_auto_str word = bulla_word(source != NULL ? source : "", ret);
    return word != NULL &&
           bulla_error_hint(ret, "bulla set%s %s%s%s", workspace_env_flag(ws, flag), variable->name,
                            source != NULL ? "; get it from " : "", source != NULL ? word : "");
}

/* What stands in the way of VALUE; false where nothing does, or what it is made from is said. */
static bool describe(const struct workspace *ws, const struct bulla_value *value,
                     struct bulla_error *ret)
{
    const struct bulla_variable *variable = &value->variable;
    char flag[48];
    if (value->because != NULL) {
        return false;
    }
    switch (value->state) {
    case BULLA_VALUE_SET:
    case BULLA_VALUE_UNSET:
        return false;
    case BULLA_VALUE_MISSING:
        (void)bulla_error_at(ret, BULLA_E_MISSING, ws->contract_path, variable->pos,
                             "'%s' has no value in '%s'", variable->name, ws->environment->name);
        (void)(variable->role == BULLA_ROLE_GENERATED
                   ? bulla_error_hint(ret, "bulla fill%s", workspace_env_flag(ws, flag))
                   : hint_set(ws, variable, ret));
        return true;
    case BULLA_VALUE_CONTESTED:
        describe_contested(ws, variable, ret);
        return true;
    case BULLA_VALUE_SEALED:
        break;
    }
    (void)bulla_error_at(ret, BULLA_E_IDENTITY, ws->contract_path, variable->pos,
                         "the identity does not open '%s'", variable->name);
    return true;
}

bool missing_refuse(const struct workspace *ws, const struct bulla_values *values,
                    struct bulla_error *err)
{
    size_t count = 0;
    struct bulla_error last = BULLA_ERROR_INIT;
    enum bulla_code code = BULLA_E_MISSING;
    for (size_t i = 0; i < bulla_values_count(values); i++) {
        struct bulla_error problem = BULLA_ERROR_INIT;
        if (!describe(ws, bulla_values_get(values, i), &problem)) {
            continue;
        }
        if (count > 0) {
            message_error(ws->in, &last);
        }
        last = problem;
        code = count == 0 || problem.code != BULLA_E_MISSING ? problem.code : code;
        count++;
    }
    if (count <= 1) {
        *err = last;
        return count == 0;
    }
    message_error(ws->in, &last);
    return bulla_error(err, code, "%zu values of '%s' are not there", count, ws->environment->name);
}
