#include "stack.h"

#include <unistd.h>

#include "env.h"
#include "message.h"

/* The project of this folder as Compose itself would load it. */
static bool open_bare(struct stack *stack, const struct invocation *in,
                      const struct string_list *env_files, struct bulla_error *err)
{
    stack->root = getcwd(NULL, 0);
    if (stack->root == NULL) {
        return bulla_error_sys(err, NULL, "cannot tell which folder this is");
    }
    struct bulla_project_options options = {
        .directory = stack->root,
        .files = in->global.files.items,
        .file_count = in->global.files.count,
        .env_files = env_files->items,
        .env_file_count = env_files->count,
        .environment = workspace_env_lookup,
    };
    stack->project = bulla_project_load(&options, err);
    return stack->project != NULL;
}

static bool open_vault(struct workspace *ws, struct bulla_error *err)
{
    if (workspace_has_vault(ws)) {
        return workspace_open_vault(ws, BULLA_VAULT_READ, WORKSPACE_KEY_OPTIONAL, err);
    }
    message_note(ws->in, "environment '%s' has no vault yet: bulla init makes it",
                 ws->environment->name);
    return true;
}

static bool open_contract(struct stack *stack, enum stack_depth depth,
                          const struct string_list *env_files, struct bulla_error *err)
{
    struct workspace *ws = &stack->workspace;
    stack->root = bulla_strdup(ws->root, err);
    if (stack->root == NULL) {
        return false;
    }
    if (env_files->count > 0) {
        stack->project =
            workspace_load_project_with_files(ws, env_files->items, env_files->count, err);
        return stack->project != NULL;
    }
    if (depth == STACK_VALUES && !open_vault(ws, err)) {
        return false;
    }
    stack->values = bulla_values_resolve(ws->contract, ws->environment->name, ws->vault, err);
    if (stack->values == NULL) {
        return false;
    }
    stack->project = workspace_load_project(ws, bulla_values_lookup, stack->values, err);
    return stack->project != NULL;
}

/* True where -e was given: BULLA_ENV alone does not ask for a contract. */
static bool names_environment(const struct invocation *in)
{
    return in->global.environment != NULL && in->global.environment != in->env->environment;
}

bool stack_open(struct stack *ret, const struct invocation *in, enum stack_depth depth,
                const struct string_list *env_files, struct bulla_error *err)
{
    static const struct string_list none = {0};
    const struct string_list *files = env_files != NULL ? env_files : &none;
    *ret = (struct stack){.workspace = {.in = in}};
    bulla_auto_str root = NULL;
    if (workspace_find(in, &root, err)) {
        return workspace_open(&ret->workspace, in, err) && open_contract(ret, depth, files, err);
    }
    if (err->code != BULLA_E_MISSING || names_environment(in)) {
        return false;
    }
    bulla_error_clear(err);
    return open_bare(ret, in, files, err);
}

void stack_release(struct stack *stack)
{
    bulla_project_free(stack->project);
    bulla_values_free(stack->values);
    workspace_release(&stack->workspace);
    bulla_free(stack->root);
}
