/* What init says of a name that included stacks have two values of. */
#include <string.h>

#include "init.h"
#include "message.h"

/* True where the vault of DONE is to get a value of NAME now. */
static bool will_be_imported(const struct init_environment *done, const struct bulla_values *values,
                             const char *name)
{
    const struct bulla_value *value = bulla_values_find(values, name);
    return value != NULL && !done->is_closed && value->variable.role != BULLA_ROLE_DERIVED &&
           (done->created || value->state != BULLA_VALUE_SET);
}

bool init_say_conflicts(const struct init *init, const struct init_environment *done,
                        struct bulla_error *err)
{
    bulla_auto_values values = workspace_resolve(&done->ws, err);
    for (size_t i = 0; values != NULL && i < bulla_survey_conflict_count(init->survey); i++) {
        const struct bulla_survey_conflict *conflict = bulla_survey_conflict(init->survey, i);
        const char *name = conflict->name;
        if (strcmp(conflict->environment, done->ws.environment->name) != 0) {
            continue;
        }
        if (conflict->is_left_out) {
            message_warn(init->in,
                         "'%s' in %s has another value than in %s: it is left to these files", name,
                         conflict->other, conflict->first);
            message_hint(init->in, "one value for both belongs into %s, two need two names",
                         done->ws.environment->output);
        } else if (will_be_imported(done, values, name)) {
            message_warn(init->in,
                         "'%s' in %s has another value than in %s, which both get once rendered",
                         name, conflict->other, conflict->first);
            message_hint(init->in, "two values need two names: '%s' is in the sample or bulla.ini",
                         name);
        }
    }
    return values != NULL;
}
