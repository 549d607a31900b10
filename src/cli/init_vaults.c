/* Each environment's vault: made or opened, then filled from what is there. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "filling.h"
#include "git.h"
#include "init.h"
#include "message.h"
#include "prompt.h"

/*
 * A vault that was here and is gone is not replaced by a new one with other values: what services
 * run with would be lost. Without a contract somebody begins anew, unless git has the file.
 */
static bool refuse_lost(const struct init *init, const struct workspace *ws,
                        struct bulla_error *err)
{
    char name[BULLA_MAX_MEMBER_BYTES + 32];
    (void)snprintf(name, sizeof name, ".bulla/%s.vault", ws->environment->name);
    bool is_tracked = false;
    bool was_here = false;
    struct bulla_vault_place place = workspace_place(ws);
    if (!git_tracks(init->root, name, &is_tracked, err) ||
        !bulla_vault_was_here(&place, &was_here, err)) {
        return false;
    }
    if (!is_tracked && (!was_here || !init->has_contract)) {
        return true;
    }
    (void)bulla_error_at(err, BULLA_E_REFUSED, ws->vault_path, (struct bulla_pos){0, 0},
                         "%s, and it is gone: a new one would have other values",
                         is_tracked ? "git tracks this vault" : "this machine knows a vault here");
    return is_tracked ? bulla_error_hint(err, "git restore %s", ws->vault_path)
                      : bulla_error_hint(err, "put it back from a copy; without bulla.ini, init "
                                              "begins anew");
}

static bool open_or_create(struct init *init, struct workspace *ws, bool *ret_created,
                           struct bulla_error *err)
{
    *ret_created = !workspace_has_vault(ws);
    if (!*ret_created) {
        return workspace_open_vault(ws, BULLA_VAULT_WRITE, WORKSPACE_KEY_REQUIRED, err);
    }
    if (!refuse_lost(init, ws, err) || !workspace_read_identity(ws, WORKSPACE_KEY_REQUIRED, err)) {
        return false;
    }
    struct bulla_vault_place place = workspace_place(ws);
    place.pinned_root = NULL; /* a pin names a vault that exists; this one is being made */
    ws->vault = bulla_vault_create(&place, init->member, init->now, err);
    return ws->vault != NULL;
}

static const char *existing_file(const struct bulla_survey *survey, const char *environment)
{
    for (size_t i = 0; survey != NULL && i < bulla_survey_environment_count(survey); i++) {
        const struct bulla_survey_environment *found = bulla_survey_environment(survey, i);
        if (strcmp(found->name, environment) == 0) {
            return found->existing;
        }
    }
    return NULL;
}

/* Asks for what somebody has to give, once, for the default environment; empty skips. */
static bool ask(struct workspace *ws, size_t *count, struct bulla_error *err)
{
    const char *preset = bulla_contract_default_environment(ws->contract);
    if (strcmp(preset, ws->environment->name) != 0 || !prompt_is_possible()) {
        return true;
    }
    bulla_auto_values values =
        bulla_values_resolve_at(ws->contract, ws->environment->name, ws->vault, ws->now, err);
    if (values == NULL) {
        return false;
    }
    for (size_t i = 0; i < bulla_values_count(values); i++) {
        const struct bulla_value *value = bulla_values_get(values, i);
        if (value->state != BULLA_VALUE_MISSING || value->variable.role == BULLA_ROLE_DERIVED) {
            continue;
        }
        char label[256];
        const char *obtain = value->variable.obtain.text;
        (void)snprintf(label, sizeof label, "%s%s%s%s (empty: later)", value->variable.name,
                       obtain != NULL ? ", from " : "", obtain != NULL ? obtain : "", "");
        bulla_auto_secret answer = prompt_secret(label, BULLA_MAX_VALUE_BYTES, PROMPT_ONCE, err);
        if (answer == NULL) {
            return false;
        }
        struct bulla_bytes given = bulla_secret_view(answer);
        if (given.len == 0 || init_is_unusable(ws->in, value->variable.name, given)) {
            continue;
        }
        struct bulla_set_options options = {.kind = value->variable.kind.text};
        if (!bulla_vault_set(ws->vault, value->variable.name, given, &options, ws->now, NULL,
                             err)) {
            return false;
        }
        (*count)++;
    }
    return true;
}

static bool fill_environment(struct init *init, struct init_environment *done,
                             struct bulla_error *err)
{
    struct workspace *ws = &done->ws;
    const char *existing = existing_file(init->survey, ws->environment->name);
    if (!open_or_create(init, ws, &done->created, err)) {
        return false;
    }
    if (existing != NULL && !init->no_import && !init_import_file(init, done, existing, err)) {
        return false;
    }
    if (!init_seal_presets(init, done, err) ||
        !filling_make(ws, NULL, 0, NULL, &done->generated, err) || !ask(ws, &done->asked, err)) {
        return false;
    }
    bulla_auto_values values =
        bulla_values_resolve_at(ws->contract, ws->environment->name, ws->vault, ws->now, err);
    if (values == NULL) {
        return false;
    }
    if (existing != NULL && done->created && !init->no_import &&
        !init_compare_derived(init, values, existing, err)) {
        return false;
    }
    for (size_t i = 0; i < bulla_values_count(values); i++) {
        const struct bulla_value *value = bulla_values_get(values, i);
        done->missing +=
            value->state == BULLA_VALUE_MISSING && value->variable.role != BULLA_ROLE_DERIVED;
    }
    return true;
}

bool init_vaults(struct init *init, struct bulla_error *err)
{
    bulla_auto_str folder = bulla_path_join(init->root, WORKSPACE_VAULT_FOLDER, err);
    if (folder == NULL) {
        return false;
    }
    init->makes_folder = !bulla_dir_exists(folder);
    size_t count = bulla_contract_environment_count(init->planned);
    for (size_t i = 0; i < count && i < INIT_MAX_ENVIRONMENTS; i++) {
        struct init_environment *done = &init->environments[init->environment_count++];
        done->in = *init->in;
        done->in.global.environment = bulla_contract_environment(init->planned, i)->name;
        if (!workspace_open_planned(&done->ws, &done->in, init->root,
                                    bulla_buf_view(&init->contract), err) ||
            !init_lend_identity(init, &done->ws, err)) {
            return false;
        }
        done->ws.beside = i > 0 ? init->environments[0].ws.vault : NULL;
        if (!fill_environment(init, done, err)) {
            return false;
        }
    }
    return true;
}
