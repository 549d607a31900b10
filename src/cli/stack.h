/*
 * A stack to look at: its compose files, with the contract where there is one. Commands that only
 * read (check, uses, explain) work in any folder with compose files.
 */
#ifndef BULLA_CLI_STACK_H
#define BULLA_CLI_STACK_H

#include "workspace.h"

/* How much of it is opened. */
enum stack_depth {
    STACK_NAMES, /* the contract and the compose files; the vault is not touched */
    STACK_VALUES /* also the vault, with a key where one is at hand */
};

/* What is asked of it; zeroed is names only. */
struct stack_options {
    enum stack_depth depth;
    const struct string_list *env_files; /* they stand in for the vault; NULL or empty: none */
    bool is_eager;                       /* operands as Compose evaluated them up to 5.0.1 */
};

struct stack {
    struct workspace workspace;       /* contract NULL: there is none */
    char *root;                       /* the folder that places are named from */
    char *up;                         /* from here to the root: "", "../", "../../", … */
    struct bulla_values *values;      /* NULL without a contract, and with env files */
    struct workspace_loading loading; /* what the project was loaded with */
    const struct bulla_project *project;
};

/*
 * Opens what lies here. Without a contract -e is BULLA_E_MISSING (BULLA_ENV is not). An environment
 * without a vault has no values, which is said. BULLA_E_* as opening gives it. Release it in every
 * case.
 */
BULLA_MUST_CHECK bool stack_open(struct stack *ret, const struct invocation *in,
                                 const struct stack_options *options, struct bulla_error *err);
void stack_release(struct stack *stack);

/* FILE, which is named from the root, as it is to be opened from here. Without a contract UP is
 * NULL. */
void stack_format_path(const char *up, const char *file, char *out, size_t cap);

#define auto_stack BULLA_AUTO(stack_release) struct stack

#endif
