#include "query.h"

#include <string.h>

#include "bulla/check.h"
#include "bulla/generate.h"
#include "environments.h"
#include "output.h"

static bool list_commands(const struct invocation *in, struct bulla_error *err)
{
    (void)err;
    for (size_t i = 0; commands[i] != NULL; i++) {
        if ((commands[i]->flags & COMMAND_HIDDEN) == 0) {
            output_printf(in->out, "%s\n", commands[i]->name);
        }
    }
    return true;
}

static void write_name(struct output *out, const char *name)
{
    output_untrusted(out, name);
    output_text(out, "\n");
}

static bool write_environment(void *ctx, struct workspace *ws, struct bulla_error *err)
{
    (void)err;
    write_name(ctx, ws->environment->name);
    return true;
}

/* Those that have a vault, whichever is meant so far. */
static bool list_environments(const struct invocation *in, struct bulla_error *err)
{
    struct bulla_error ignored = BULLA_ERROR_INIT;
    struct invocation own = *in;
    (void)err;
    own.global.environment = NULL;
    (void)!environments_each(&own, ENVIRONMENTS_ALL_VAULTS, write_environment, in->out, &ignored);
    return true;
}

static bool list_kinds(const struct invocation *in, struct bulla_error *err)
{
    (void)err;
    for (size_t i = 0; i < bulla_kind_count(); i++) {
        output_printf(in->out, "%s\n", bulla_kind_info(i)->name);
    }
    return true;
}

/* Names that only the vault has; it is opened without a key and without a question. */
static void list_strays(const struct workspace *ws)
{
    struct bulla_error ignored = BULLA_ERROR_INIT;
    struct bulla_vault_place place = workspace_place(ws);
    bulla_auto_vault vault = bulla_vault_open(&place, BULLA_VAULT_READ, &ignored);
    for (size_t i = 0; vault != NULL && i < bulla_vault_count(vault); i++) {
        struct bulla_secret_info info;
        size_t index = 0;
        bulla_vault_secret(vault, i, &info);
        if (!bulla_contract_find_variable(ws->contract, info.name, &index)) {
            write_name(ws->in->out, info.name);
        }
    }
}

static void list_contract(const struct workspace *ws)
{
    for (size_t i = 0; i < bulla_contract_variable_count(ws->contract); i++) {
        struct bulla_variable variable;
        bulla_contract_variable(ws->contract, i, NULL, &variable);
        write_name(ws->in->out, variable.name);
    }
}

/* Who is in the environment's vault; opened without a key and without a question. */
static bool list_members(const struct invocation *in, struct bulla_error *err)
{
    struct bulla_error ignored = BULLA_ERROR_INIT;
    auto_workspace ws = {.in = in};
    (void)err;
    if (!workspace_open(&ws, in, &ignored)) {
        return true;
    }
    struct bulla_vault_place place = workspace_place(&ws);
    bulla_auto_vault vault = bulla_vault_open(&place, BULLA_VAULT_READ, &ignored);
    for (size_t i = 0; vault != NULL && i < bulla_vault_member_count(vault); i++) {
        struct bulla_member_info member;
        bulla_vault_member(vault, i, &member);
        write_name(in->out, member.name);
    }
    return true;
}

/* The contract's variables; quietly nothing where there is none that can be read. */
static bool list_variables(const struct invocation *in, struct bulla_error *err)
{
    struct bulla_error ignored = BULLA_ERROR_INIT;
    auto_workspace ws = {.in = in};
    (void)err;
    if (workspace_open(&ws, in, &ignored)) {
        list_contract(&ws);
    }
    return true;
}

static bool list_secrets(const struct invocation *in, struct bulla_error *err)
{
    struct bulla_error ignored = BULLA_ERROR_INIT;
    auto_workspace ws = {.in = in};
    (void)err;
    if (workspace_open(&ws, in, &ignored)) {
        list_contract(&ws);
        list_strays(&ws);
    }
    return true;
}

static bool list_explainable(const struct invocation *in, struct bulla_error *err)
{
    for (size_t i = 0; i < bulla_rule_count(); i++) {
        output_printf(in->out, "%s\n", bulla_rule(i)->id);
    }
    return list_variables(in, err);
}

const struct query queries[] = {
    {"commands", list_commands},       {"environments", list_environments},
    {"explainable", list_explainable}, {"kinds", list_kinds},
    {"members", list_members},         {"secrets", list_secrets},
    {"variables", list_variables},     {NULL, NULL},
};

const struct query *query_find(const char *name)
{
    for (const struct query *query = queries; query->name != NULL; query++) {
        if (strcmp(query->name, name) == 0) {
            return query;
        }
    }
    return NULL;
}
