/* What is no text: a mode, and a value that the contract says how to make. */
#include <string.h>

#include "fix/fix_internal.h"

#include "base/banned.h"

bool fix_mode(struct bulla_fix_plan *plan, const struct bulla_finding *finding,
              struct bulla_error *err)
{
    const char *output = plan->input->checked->output.path;
    if (plan->input->output_path == NULL || output == NULL || finding->file == NULL ||
        strcmp(output, finding->file) != 0) {
        return plan_leave(plan, finding, err, "only the rendered file's mode is bulla's to set");
    }
    bool is_ours = false;
    if (!fixed_file_is_ours(plan, plan->input->output_path, &is_ours, err)) {
        return false;
    }
    if (!is_ours) {
        return plan_leave(plan, finding, err, FIXED_ELSEWHERE);
    }
    return plan_add(plan, BULLA_FIX_MODE, finding, finding->file, "sets the mode to 0600", err);
}

bool fix_value(struct bulla_fix_plan *plan, const struct bulla_finding *finding,
               struct bulla_error *err)
{
    const struct bulla_values *values = plan->input->checked->values;
    const struct bulla_value *value = values != NULL && finding->variable != NULL
                                          ? bulla_values_find(values, finding->variable)
                                          : NULL;
    if (value == NULL || value->variable.role != BULLA_ROLE_GENERATED ||
        (value->state != BULLA_VALUE_MISSING && value->state != BULLA_VALUE_UNSET) ||
        plan_makes_value(plan, finding->variable)) {
        return true;
    }
    if (plan->input->no_values != NULL) {
        return plan_leave(plan, finding, err, "%s", plan->input->no_values);
    }
    return plan_add(plan, BULLA_FIX_VALUE, finding, NULL, "makes the value", err);
}
