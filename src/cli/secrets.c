#include "secrets.h"

#include <stdio.h>
#include <string.h>

#include "message.h"
#include "next.h"
#include "output.h"

#define VERSION_DIGITS 9
#define LEAST_ID_CHARS 6
#define NAME_CHARS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"
#define ID_CHARS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

/* "3" is version 3 before it is the beginning of an id. */
static bool is_number(const char *text, uint32_t *ret_number)
{
    size_t len = strspn(text, "0123456789");
    if (len == 0 || len > VERSION_DIGITS || text[len] != '\0') {
        return false;
    }
    *ret_number = 0;
    for (size_t i = 0; i < len; i++) {
        *ret_number = 10 * *ret_number + (uint32_t)(text[i] - '0');
    }
    return true;
}

bool secrets_parse_operand(const char *text, struct secret_operand *ret, struct bulla_error *err)
{
    const char *at = strchr(text, '@');
    size_t len = at != NULL ? (size_t)(at - text) : strlen(text);
    *ret = (struct secret_operand){.version = at != NULL ? at + 1 : NULL};
    if (len == 0 || len > BULLA_MAX_NAME_BYTES) {
        (void)bulla_error(err, BULLA_E_USAGE, "that is no name of a secret");
        return bulla_error_hint(err, "'bulla list' shows the names");
    }
    memcpy(ret->name, text, len);
    return at == NULL || secrets_check_version(ret->name, ret->version, err);
}

bool secrets_check_version(const char *name, const char *text, struct bulla_error *err)
{
    uint32_t number = 0;
    size_t len = strspn(text, ID_CHARS);
    bool is_id = len >= LEAST_ID_CHARS && len <= BULLA_VAULT_ID_CHARS && text[len] == '\0';
    if (is_id || (is_number(text, &number) && text[0] != '0')) {
        return true;
    }
    (void)bulla_error(err, BULLA_E_USAGE,
                      "'%.43s' is no version's number, nor %d characters of "
                      "its id or more",
                      text, LEAST_ID_CHARS);
    return bulla_error_hint(err, "'bulla history -v %s' shows numbers and ids", name);
}

bool secrets_choose_version(const struct bulla_vault *vault, const char *name, const char *text,
                            struct bulla_version_info *ret_version, struct bulla_error *err)
{
    struct bulla_version_info version;
    uint32_t number = 0;
    size_t found = 0;
    size_t without_right = 0;
    bool by_number = is_number(text, &number);
    for (size_t i = 0; bulla_vault_version(vault, name, i, &version); i++) {
        if (by_number ? version.number != number : strncmp(version.id, text, strlen(text)) != 0) {
            continue;
        }
        /* What a removed writer has slipped in is not taken for the number that he gave it. */
        if (by_number && !version.counts) {
            without_right++;
            continue;
        }
        *ret_version = version;
        found++;
    }
    if (found == 1) {
        return true;
    }
    if (found == 0 && without_right > 0) {
        (void)bulla_error(err, BULLA_E_REFUSED,
                          "version %.43s of '%s' does not count: its author had no right to write",
                          text, name);
        return bulla_error_hint(err, "its id takes it all the same: 'bulla history -v %s'", name);
    }
    (void)bulla_error(err, BULLA_E_REFUSED,
                      found == 0 ? "'%s' has no version %.43s" : "'%s' has several versions %.43s",
                      name, text);
    return bulla_error_hint(err, "'bulla history -v %s' shows numbers and ids", name);
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

bool secrets_is_name(const char *text)
{
    return text[0] != '\0' && text[strspn(text, NAME_CHARS)] == '\0';
}

/* What is no name may be a value that somebody has typed: it is not said again. */
static bool refuse_name(const char *text, struct bulla_error *err)
{
    size_t len = strspn(text, NAME_CHARS);
    if (len > 0 && len <= BULLA_MAX_NAME_BYTES && text[len] == '=') {
        (void)bulla_error(err, BULLA_E_REFUSED, "a value stands behind '%.*s='", (int)len, text);
    } else {
        (void)bulla_error(err, BULLA_E_REFUSED, "that is no name of a variable");
    }
    return bulla_error_hint(err, "values come from a prompt, standard input, --file or --fd");
}

bool secrets_refuse_unknown(const struct workspace *ws, const char *name, struct bulla_error *err)
{
    if (!secrets_is_name(name)) {
        return refuse_name(name, err);
    }
    const char *nearest = NULL;
    for (size_t i = 0; i < bulla_contract_variable_count(ws->contract); i++) {
        struct bulla_variable variable;
        bulla_contract_variable(ws->contract, i, NULL, &variable);
        nearest = bulla_suggest_next(name, nearest, variable.name);
    }
    for (size_t i = 0; ws->vault != NULL && i < bulla_vault_count(ws->vault); i++) {
        struct bulla_secret_info info;
        bulla_vault_secret(ws->vault, i, &info);
        nearest = bulla_suggest_next(name, nearest, info.name);
    }
    (void)bulla_error(err, BULLA_E_REFUSED, "there is no '%s' in %s", name, ws->contract_path);
    return bulla_suggest_hint(err, nearest, "'bulla list' shows the names");
}

bool secrets_check_known(const struct workspace *ws, const char *name, struct bulla_error *err)
{
    struct bulla_variable variable;
    struct bulla_secret_info stored;
    return secrets_find_variable(ws, name, &variable) ||
           bulla_vault_find(ws->vault, name, &stored) || secrets_refuse_unknown(ws, name, err);
}

bool secrets_find_stored(const struct workspace *ws, const char *name,
                         struct bulla_secret_info *ret_stored, struct bulla_error *err)
{
    return bulla_vault_find(ws->vault, name, ret_stored) ||
           (secrets_check_known(ws, name, err) &&
            bulla_error(err, BULLA_E_REFUSED, "'%s' has no versions in '%s'", name,
                        ws->environment->name));
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

/* What is being told: the values that changed and the services that use them. */
struct telling {
    const struct workspace *ws;
    const struct bulla_values *values;
    const struct bulla_project *project;
    struct recreate recreate;
    struct beyond beyond;
};

/* A stray name of the vault is nobody's. */
static bool tell_name(void *ctx, const char *name, struct bulla_error *err)
{
    struct telling *telling = ctx;
    const struct bulla_value *value = bulla_values_find(telling->values, name);
    struct bulla_secret_info stored;
    if (value == NULL) {
        return true;
    }
    /* A first value is no change that a server had to be told of. */
    bool changed = value->source == BULLA_FROM_VAULT &&
                   bulla_vault_find(telling->ws->vault, name, &stored) && stored.version_count > 1;
    return recreate_add(&telling->recreate, telling->project, &value->variable, err) &&
           (!changed || beyond_add(&telling->beyond, telling->project, &value->variable, err));
}

static bool say_steps(const struct telling *telling, struct bulla_error *err)
{
    const struct invocation *in = telling->ws->in;
    struct bulla_error ignored = BULLA_ERROR_INIT;
    beyond_warn(&telling->beyond, in, in->global.quiet);
    if (in->global.quiet) {
        return true;
    }
    /* A failure to write results sticks, and main reports it. */
    (void)!output_flush(in->out, &ignored);
    return recreate_say(&telling->recreate, telling->ws, err) &&
           next_write(&telling->recreate, &telling->beyond, telling->ws, in->messages, err) &&
           output_flush(in->messages, err);
}

bool secrets_tell_services(const struct workspace *ws, const char *const *names, size_t count,
                           struct bulla_error *err)
{
    bulla_auto_values values = workspace_resolve(ws, err);
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
    struct telling telling = {.ws = ws, .values = values, .project = project};
    bool ok = true;
    for (size_t i = 0; ok && i < count; i++) {
        ok = tell_name(&telling, names[i], err) &&
             bulla_values_dependents(values, names[i], tell_name, &telling, err);
    }
    ok = ok && say_steps(&telling, err);
    beyond_release(&telling.beyond);
    recreate_release(&telling.recreate);
    return ok;
}

const char *secrets_usurper(const struct workspace *ws, const char *name)
{
    struct bulla_secret_info stored;
    return ws->vault != NULL && bulla_vault_find(ws->vault, name, &stored) ? stored.usurper : NULL;
}
