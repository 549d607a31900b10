#include "secrets.h"

#include <stdio.h>
#include <string.h>

#include "message.h"

#define VERSION_DIGITS 9
#define MAX_SERVICES_TEXT 700

static bool parse_version(const char *text, uint32_t *ret_version, struct bulla_error *err)
{
    size_t len = strspn(text, "0123456789");
    uint32_t version = 0;
    if (len == 0 || len > VERSION_DIGITS || text[len] != '\0' || text[0] == '0') {
        (void)bulla_error(err, BULLA_E_USAGE, "'%.32s' is no version number", text);
        return bulla_error_hint(err, "'bulla history NAME' shows the versions");
    }
    for (size_t i = 0; i < len; i++) {
        version = 10 * version + (uint32_t)(text[i] - '0');
    }
    *ret_version = version;
    return true;
}

bool secrets_parse_operand(const char *text, struct secret_operand *ret, struct bulla_error *err)
{
    const char *at = strchr(text, '@');
    size_t len = at != NULL ? (size_t)(at - text) : strlen(text);
    *ret = (struct secret_operand){.version = 0};
    if (len == 0 || len > BULLA_MAX_NAME_BYTES) {
        return bulla_error(err, BULLA_E_USAGE, "'%.64s' is no name of a secret", text);
    }
    memcpy(ret->name, text, len);
    return at == NULL || parse_version(at + 1, &ret->version, err);
}

bool secrets_find_variable(const struct workspace *ws, const char *name,
                           struct bulla_variable *ret_variable)
{
    size_t index = 0;
    if (!bulla_contract_find_variable(ws->contract, name, &index)) {
        return false;
    }
    bulla_contract_variable(ws->contract, index, ws->environment->name, ret_variable);
    return true;
}

bool secrets_refuse_unknown(const struct workspace *ws, const char *name, struct bulla_error *err)
{
    size_t variables = bulla_contract_variable_count(ws->contract);
    size_t stored = ws->vault != NULL ? bulla_vault_count(ws->vault) : 0;
    const char **names = bulla_alloc(variables + stored + 1, sizeof *names, err);
    if (names == NULL) {
        return false;
    }
    for (size_t i = 0; i < variables; i++) {
        struct bulla_variable variable;
        bulla_contract_variable(ws->contract, i, NULL, &variable);
        names[i] = variable.name;
    }
    for (size_t i = 0; i < stored; i++) {
        struct bulla_secret_info info;
        bulla_vault_secret(ws->vault, i, &info);
        names[variables + i] = info.name;
    }
    const char *nearest = bulla_suggest(name, names, variables + stored);
    (void)bulla_error(err, BULLA_E_REFUSED, "there is no '%s' in %s", name, ws->contract_path);
    if (nearest != NULL) {
        (void)bulla_error_hint(err, "did you mean '%s'?", nearest);
    } else {
        (void)bulla_error_hint(err, "'bulla list' shows the names");
    }
    bulla_free(names);
    return false;
}

const char *secrets_kind(const struct bulla_variable *variable)
{
    return variable->kind.text != NULL ? variable->kind.text : bulla_role_name(variable->role);
}

bool secrets_find_version(const struct bulla_vault *vault, const char *name, uint32_t number,
                          struct bulla_version_info *ret_info)
{
    for (size_t i = 0; bulla_vault_version(vault, name, i, ret_info); i++) {
        if (number == 0 || ret_info->number == number) {
            return true;
        }
    }
    return false;
}

/* The names of services, each once, ", " between. */
struct gathering {
    const struct bulla_project *project;
    const struct bulla_project_service **services;
    size_t count;
};

static bool gather_use(void *ctx, const struct bulla_project_use *use, struct bulla_error *err)
{
    (void)err;
    struct gathering *gathering = ctx;
    if (use->service == NULL || !use->service->active) {
        return true;
    }
    for (size_t i = 0; i < gathering->count; i++) {
        if (gathering->services[i] == use->service) {
            return true;
        }
    }
    gathering->services[gathering->count++] = use->service;
    return true;
}

static bool gather_name(void *ctx, const char *name, struct bulla_error *err)
{
    const struct gathering *gathering = ctx;
    return bulla_project_uses(gathering->project, name, gather_use, ctx, err);
}

static void say_services(const struct workspace *ws, const struct gathering *gathering)
{
    char text[MAX_SERVICES_TEXT] = "";
    size_t used = 0;
    for (size_t i = 0; i < gathering->count; i++) {
        int len = snprintf(text + used, sizeof text - used, " %s", gathering->services[i]->name);
        if (len < 0 || (size_t)len >= sizeof text - used) {
            text[used] = '\0';
            break;
        }
        used += (size_t)len;
    }
    char flag[48];
    message_note(ws->in, "used by%s", text);
    message_note(ws->in, "next: bulla render%s, then docker compose up -d%s",
                 workspace_env_flag(ws, flag), text);
}

bool secrets_tell_services(const struct workspace *ws, const char *const *names, size_t count,
                           struct bulla_error *err)
{
    bulla_auto_values values =
        bulla_values_resolve(ws->contract, ws->environment->name, ws->vault, err);
    if (values == NULL) {
        return false;
    }
    struct bulla_error unreadable = BULLA_ERROR_INIT;
    bulla_auto_project project =
        workspace_load_project(ws, bulla_values_lookup, values, &unreadable);
    if (project == NULL) {
        message_detail(ws->in, "which services use it is not known: %s", unreadable.message);
        return true;
    }
    struct gathering gathering = {.project = project};
    gathering.services = bulla_alloc(project->service_count + 1, sizeof *gathering.services, err);
    bool ok = gathering.services != NULL;
    for (size_t i = 0; ok && i < count; i++) {
        ok = gather_name(&gathering, names[i], err) &&
             bulla_values_dependents(values, names[i], gather_name, &gathering, err);
    }
    if (ok && gathering.count > 0) {
        say_services(ws, &gathering);
    }
    bulla_free(gathering.services);
    return ok;
}
