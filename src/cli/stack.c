#include "stack.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "env.h"
#include "git.h"
#include "message.h"

#define STEPS_MAX 4096

/* The steps from here up to ROOT; none where it is not above. */
static char *steps_up(const char *root, struct bulla_error *err)
{
    bulla_auto_str here = getcwd(NULL, 0);
    bulla_auto_buf up;
    bulla_buf_init(&up, STEPS_MAX);
    size_t len = strlen(root);
    bool is_below = here != NULL && strncmp(here, root, len) == 0 && here[len] == '/';
    for (const char *at = is_below ? here + len : NULL; at != NULL; at = strchr(at + 1, '/')) {
        bulla_buf_puts(&up, "../");
    }
    const char *text = bulla_buf_text(&up, err);
    return text != NULL ? bulla_strdup(text, err) : NULL;
}

/* The project of this folder as Compose itself would load it. */
static bool open_bare(struct stack *stack, const struct invocation *in,
                      const struct stack_options *asked, struct bulla_error *err)
{
    stack->root = getcwd(NULL, 0);
    if (stack->root == NULL) {
        return bulla_error_sys(err, NULL, "cannot tell which folder this is");
    }
    struct bulla_project_options *options = &stack->loading.options;
    *options = (struct bulla_project_options){
        .directory = stack->root,
        .files = in->global.files.items,
        .file_count = in->global.files.count,
        .environment = workspace_env_lookup,
        .eager = asked->is_eager,
    };
    if (asked->env_files != NULL) {
        options->env_files = asked->env_files->items;
        options->env_file_count = asked->env_files->count;
    }
    stack->project = bulla_project_load(options, err);
    return stack->project != NULL;
}

static bool open_vault(struct workspace *ws, struct bulla_error *err)
{
    if (workspace_has_vault(ws)) {
        return workspace_open_vault(ws, BULLA_VAULT_READ, WORKSPACE_KEY_OPTIONAL, err);
    }
    bool knew = false;
    if (!workspace_knew_vault(ws, ws->vault_path, &knew, err)) {
        return false;
    }
    if (knew) {
        /* Every value is missing, and nobody should set them anew. */
        return workspace_refuse_no_vault(ws, ws->environment->name, ws->vault_path, err);
    }
    bulla_auto_str word = git_path_word(ws->vault_path, err);
    if (word == NULL) {
        return false;
    }
    message_note(ws->in,
                 "environment '%s' has no vault: bulla init makes it; where git has it: git "
                 "restore %s",
                 ws->environment->name, word);
    return true;
}

static bool open_contract(struct stack *stack, const struct stack_options *asked,
                          struct bulla_error *err)
{
    struct workspace *ws = &stack->workspace;
    struct bulla_project_options *options = &stack->loading.options;
    stack->root = bulla_strdup(ws->root, err);
    stack->up = stack->root != NULL ? steps_up(stack->root, err) : NULL;
    if (stack->up == NULL || !workspace_loading_init(&stack->loading, ws, asked->env_files, err)) {
        return false;
    }
    options->eager = asked->is_eager;
    if (options->env_file_count > 0) {
        stack->project = bulla_project_load(options, err);
        return stack->project != NULL || workspace_blame_compose(ws, err);
    }
    if (asked->depth == STACK_VALUES && !open_vault(ws, err)) {
        return false;
    }
    stack->values = workspace_resolve(ws, err);
    if (stack->values == NULL) {
        return false;
    }
    options->values = bulla_values_lookup;
    options->values_ctx = stack->values;
    stack->project = bulla_project_load(options, err);
    return stack->project != NULL || workspace_blame_compose(ws, err);
}

/* True where -e was given: BULLA_ENV alone does not ask for a contract. */
static bool names_environment(const struct invocation *in)
{
    return in->global.environment != NULL && in->global.environment != in->env->environment;
}

bool stack_open(struct stack *ret, const struct invocation *in, const struct stack_options *options,
                struct bulla_error *err)
{
    *ret = (struct stack){.workspace = {.in = in}};
    bulla_auto_str root = NULL;
    if (workspace_find(in, &root, err)) {
        return workspace_open(&ret->workspace, in, err) && open_contract(ret, options, err);
    }
    if (err->code != BULLA_E_MISSING || names_environment(in)) {
        return false;
    }
    bulla_error_clear(err);
    return open_bare(ret, in, options, err);
}

void stack_release(struct stack *stack)
{
    bulla_project_free(stack->project);
    workspace_loading_release(&stack->loading);
    bulla_values_free(stack->values);
    workspace_release(&stack->workspace);
    bulla_free(stack->root);
    bulla_free(stack->up);
}

void stack_format_path(const char *up, const char *file, char *out, size_t cap)
{
    (void)snprintf(out, cap, "%s%s", up != NULL && file[0] != '/' ? up : "", file);
}
