/* Each environment's vault: made or opened, then filled from what is there. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "filling.h"
#include "git.h"
#include "init.h"
#include "message.h"
#include "prompt.h"
#include "value_input.h"

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
    if (!is_tracked) {
        return bulla_error_hint(err,
                                "put it back from a copy; without bulla.ini, init begins anew");
    }
    bulla_auto_str word = git_path_word(ws->vault_path, err);
    return word != NULL && bulla_error_hint(err, "git restore %s", word);
}

/* True for a member who may only read, and for who is none. */
static bool may_not_write(const struct bulla_vault *vault)
{
    const char *me = bulla_vault_me(vault);
    struct bulla_member_info member;
    return me == NULL || !bulla_vault_find_member(vault, me, &member) ||
           member.role < BULLA_MEMBER_WRITER;
}

/*
 * Of a vault that only others write to the names are read, and what it lacks is left to them: who
 * has a part of the environments adds a variable for all of them, as the contract is one.
 */
static bool open_existing(struct init *init, struct init_environment *done, struct bulla_error *err)
{
    struct workspace *ws = &done->ws;
    if (!init->has_contract) {
        return workspace_open_vault(ws, BULLA_VAULT_WRITE, WORKSPACE_KEY_REQUIRED, err);
    }
    if (!workspace_open_vault(ws, BULLA_VAULT_READ, WORKSPACE_KEY_OPTIONAL, err)) {
        return false;
    }
    if (bulla_vault_closed(ws->vault) != NULL) {
        *err = *bulla_vault_closed(ws->vault);
        return false;
    }
    done->is_closed = may_not_write(ws->vault);
    if (!done->is_closed) {
        if (!workspace_reopen(ws, err)) {
            return false;
        }
        done->is_closed = may_not_write(ws->vault);
    }
    return true;
}

static bool open_or_create(struct init *init, struct init_environment *done,
                           struct bulla_error *err)
{
    struct workspace *ws = &done->ws;
    done->created = !workspace_has_vault(ws);
    if (!done->created) {
        return open_existing(init, done, err);
    }
    if (!refuse_lost(init, ws, err) || !workspace_read_identity(ws, WORKSPACE_KEY_REQUIRED, err)) {
        return false;
    }
    struct bulla_vault_place place = workspace_place(ws);
    place.pinned_root = NULL; /* a pin names a vault that exists; this one is being made */
    ws->vault = bulla_vault_create(&place, init->member, init->now, err);
    return ws->vault != NULL;
}

/* What the survey found of the environment NAME, or NULL. */
static const struct bulla_survey_environment *find_surveyed(const struct bulla_survey *survey,
                                                            const char *name)
{
    for (size_t i = 0; survey != NULL && i < bulla_survey_environment_count(survey); i++) {
        const struct bulla_survey_environment *found = bulla_survey_environment(survey, i);
        if (strcmp(found->name, name) == 0) {
            return found;
        }
    }
    return NULL;
}

/* What env files set; the first one has its say before the others. */
static bool import(struct init *init, struct init_environment *done,
                   const struct bulla_survey_environment *found, struct bulla_error *err)
{
    bool ok = found->existing == NULL || init_import_file(init, done, found->existing, err);
    for (size_t i = 0; ok && i < found->existing_behind_count; i++) {
        ok = init_import_file(init, done, found->existing_behind[i], err);
    }
    return ok;
}

/* *RET_FITS, else a warning with the reason: GIVEN is what the contract wants VARIABLE to be. */
static bool judge(const struct workspace *ws, const struct bulla_variable *variable,
                  struct bulla_bytes given, bool *ret_fits, struct bulla_error *err)
{
    struct bulla_error reason = BULLA_ERROR_INIT;
    *ret_fits = false;
    if (init_is_unusable(ws->in, variable->name, given)) {
        return true;
    }
    *ret_fits = value_input_judge(variable, given, &reason);
    if (!*ret_fits && reason.code != BULLA_E_REFUSED) {
        *err = reason;
        return false;
    }
    if (!*ret_fits) {
        message_warn(ws->in, "%s", reason.message);
    }
    return true;
}

/* Asks for VARIABLE until the answer fits or is empty, and seals it; *COUNT goes up then. */
static bool ask_for(struct workspace *ws, const struct bulla_variable *variable, size_t *count,
                    struct bulla_error *err)
{
    char label[256];
    const char *obtain = variable->obtain.text;
    bool is_one = bulla_contract_environment_count(ws->contract) == 1;
    (void)snprintf(label, sizeof label, "%s%s%s%s%s (empty: later)", variable->name,
                   is_one ? "" : " for ", is_one ? "" : ws->environment->name,
                   obtain != NULL ? ", from " : "", obtain != NULL ? obtain : "");
    for (;;) {
        bulla_auto_secret answer = prompt_secret(label, BULLA_MAX_VALUE_BYTES, PROMPT_ONCE, err);
        struct bulla_bytes given = answer != NULL ? bulla_secret_view(answer) : bulla_bytes("", 0);
        bool fits = false;
        if (given.len == 0) {
            return answer != NULL;
        }
        if (!judge(ws, variable, given, &fits, err)) {
            return false;
        }
        if (fits) {
            struct bulla_set_options options = {.kind = variable->kind.text};
            (*count)++;
            return bulla_vault_set(ws->vault, variable->name, given, &options, ws->now, NULL, err);
        }
    }
}

/* Asks for what somebody has to give, for the default environment. */
static bool ask(struct workspace *ws, size_t *count, struct bulla_error *err)
{
    const char *preset = bulla_contract_default_environment(ws->contract);
    if (strcmp(preset, ws->environment->name) != 0 || !prompt_is_possible()) {
        return true;
    }
    bulla_auto_values values = workspace_resolve(ws, err);
    if (values == NULL) {
        return false;
    }
    for (size_t i = 0; i < bulla_values_count(values); i++) {
        const struct bulla_value *value = bulla_values_get(values, i);
        if (value->state == BULLA_VALUE_MISSING && value->variable.role != BULLA_ROLE_DERIVED &&
            !ask_for(ws, &value->variable, count, err)) {
            return false;
        }
    }
    return true;
}

static bool fill_vault(struct init *init, struct init_environment *done,
                       const struct bulla_survey_environment *found, struct bulla_error *err)
{
    struct workspace *ws = &done->ws;
    if (found != NULL && !init->no_import && !import(init, done, found, err)) {
        return false;
    }
    if (found != NULL && found->existing != NULL && done->created &&
        !init_say_left_unset(init, done, found->existing, err)) {
        return false;
    }
    return init_seal_presets(init, done, err) &&
           filling_make(ws, NULL, 0, NULL, &done->generated, err) && ask(ws, &done->asked, err);
}

static bool fill_environment(struct init *init, struct init_environment *done,
                             struct bulla_error *err)
{
    struct workspace *ws = &done->ws;
    const struct bulla_survey_environment *found =
        find_surveyed(init->survey, ws->environment->name);
    const char *existing = found != NULL ? found->existing : NULL;
    if (!init_say_conflicts(init, done, err)) {
        return false;
    }
    if (!done->is_closed && !fill_vault(init, done, found, err)) {
        return false;
    }
    bulla_auto_values values = workspace_resolve(ws, err);
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

/* One that is open for writing: its lock is the others' too. */
static const struct bulla_vault *find_locked(const struct init *init)
{
    for (size_t i = 0; i < init->environment_count; i++) {
        const struct init_environment *done = &init->environments[i];
        if (done->ws.vault != NULL && !done->is_closed) {
            return done->ws.vault;
        }
    }
    return NULL;
}

/* Who opens none of the vaults that are there has to be let in first. */
static bool refuse_stranger(const struct init *init, struct bulla_error *err)
{
    const struct workspace *closed = NULL;
    for (size_t i = 0; i < init->environment_count; i++) {
        const struct init_environment *done = &init->environments[i];
        if (!done->created && bulla_vault_has_key(done->ws.vault)) {
            return true;
        }
        closed = closed == NULL && !done->created ? &done->ws : closed;
    }
    if (closed == NULL) {
        return true;
    }
    (void)bulla_error_at(err, BULLA_E_IDENTITY, closed->vault_path, (struct bulla_pos){0, 0},
                         "the identity %s does not open this vault", closed->identity_name);
    return init_hint_request(init, "", err);
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
        done->ws.beside = find_locked(init);
        if (!open_or_create(init, done, err)) {
            return false;
        }
    }
    if (!refuse_stranger(init, err)) {
        return false;
    }
    for (size_t i = 0; i < init->environment_count; i++) {
        if (!fill_environment(init, &init->environments[i], err)) {
            return false;
        }
    }
    return true;
}

bool init_confirm(const struct init *init, bool yes, struct bulla_error *err)
{
    for (size_t i = 0; init->has_contract && i < init->environment_count; i++) {
        const struct init_environment *done = &init->environments[i];
        /* In a vault that is being made nothing is there that could be protected. */
        if (!done->created && done->generated + done->imported + done->asked > 0 &&
            !workspace_confirm_write(&done->ws, yes, err)) {
            return false;
        }
    }
    return true;
}
