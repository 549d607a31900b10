#include "environments.h"

#include "env.h"

static bool step_in(const struct invocation *in, const char *name, bool only_with_vault,
                    environment_step *step, void *ctx, size_t *done, struct bulla_error *err)
{
    struct invocation own = *in;
    own.global.environment = name;
    auto_workspace ws = {.in = in};
    if (!workspace_open(&ws, &own, err)) {
        return false;
    }
    if (only_with_vault && !workspace_has_vault(&ws)) {
        return true;
    }
    ++*done;
    return step(ctx, &ws, err);
}

static bool step_in_all(const struct invocation *in, environment_step *step, void *ctx,
                        size_t *done, struct bulla_error *err)
{
    struct invocation own = *in;
    own.global.environment = NULL;
    auto_workspace first = {.in = in};
    if (!workspace_open(&first, &own, err)) {
        return false;
    }
    size_t count = bulla_contract_environment_count(first.contract);
    for (size_t i = 0; i < count; i++) {
        const char *name = bulla_contract_environment(first.contract, i)->name;
        if (!step_in(in, name, true, step, ctx, done, err)) {
            return false;
        }
    }
    return true;
}

bool environments_each(const struct invocation *in, bool all, environment_step *step, void *ctx,
                       struct bulla_error *err)
{
    size_t done = 0;
    if (!all) {
        return step_in(in, in->global.environment, false, step, ctx, &done, err);
    }
    /* BULLA_ENV is a default like the contract's: only an option contradicts. */
    if (in->global.environment != NULL && in->global.environment != in->env->environment) {
        return bulla_error(err, BULLA_E_USAGE, "-e and --all-environments exclude each other");
    }
    if (!step_in_all(in, step, ctx, &done, err)) {
        return false;
    }
    if (done == 0) {
        (void)bulla_error(err, BULLA_E_MISSING, "no environment has a vault");
        return bulla_error_hint(err, "bulla init makes them");
    }
    return true;
}
