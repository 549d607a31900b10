#include "workspace.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "env.h"
#include "message.h"
#include "prompt.h"

/*
 * A link would lead to a folder that git, reviews and what we remember know under another name, and
 * a work tree of its own, as a submodule is, to another history than the project's.
 */
static bool check_vault_folder(const struct workspace *ws, struct bulla_error *err)
{
    struct stat st;
    bulla_auto_str folder = workspace_path_in_root(ws, WORKSPACE_VAULT_FOLDER, err);
    bulla_auto_str git = folder != NULL ? bulla_path_join(folder, ".git", err) : NULL;
    if (git == NULL) {
        return false;
    }
    bool is_link = lstat(folder, &st) == 0 && S_ISLNK(st.st_mode);
    if (!is_link && lstat(git, &st) != 0) {
        return true;
    }
    (void)bulla_error_at(err, BULLA_E_INVALID, folder, (struct bulla_pos){0, 0},
                         is_link ? "is a symbolic link, and vaults stand in a folder"
                                 : "is a git work tree of its own, and vaults have the history of "
                                   "their project");
    return bulla_error_hint(err, "put the folder itself there");
}

/* TEXT NULL: what the file has. */
static bool read_contract(struct workspace *ws, const struct bulla_bytes *text,
                          struct bulla_error *err)
{
    ws->contract_path = workspace_path_in_root(ws, WORKSPACE_CONTRACT, err);
    if (ws->contract_path == NULL) {
        return false;
    }
    bulla_auto_buf read;
    bulla_buf_init(&read, BULLA_MAX_CONTRACT_BYTES);
    if (text == NULL && !bulla_file_read(ws->contract_path, BULLA_MAX_CONTRACT_BYTES, &read, err)) {
        return false;
    }
    struct bulla_bytes view = text != NULL ? *text : bulla_buf_view(&read);
    ws->contract = bulla_contract_parse(view, ws->contract_path, err);
    return ws->contract != NULL;
}

static bool choose_environment(struct workspace *ws, struct bulla_error *err)
{
    const char *name = ws->in->global.environment;
    if (name == NULL) {
        name = bulla_contract_default_environment(ws->contract);
    }
    ws->environment = bulla_contract_find_environment(ws->contract, name);
    if (ws->environment != NULL) {
        return true;
    }
    (void)bulla_error(err, BULLA_E_USAGE, "no environment '%s' in %s", name, ws->contract_path);
    char list[sizeof err->hint] = "";
    size_t used = 0;
    for (size_t i = 0; i < bulla_contract_environment_count(ws->contract); i++) {
        const char *known = bulla_contract_environment(ws->contract, i)->name;
        int len = snprintf(list + used, sizeof list - used, "%s%s", i > 0 ? ", " : "", known);
        if (len < 0 || (size_t)len >= sizeof list - used) {
            break;
        }
        used += (size_t)len;
    }
    return bulla_error_hint(
        err, "it has: %s; one more is a name in 'environments', then bulla init", list);
}

bool workspace_state_folder(const struct env *env, char **ret_folder, struct bulla_error *err)
{
    *ret_folder = NULL;
    if (env->state_home != NULL) {
        *ret_folder = bulla_path_join(env->state_home, "bulla", err);
        return *ret_folder != NULL;
    }
    if (env->home != NULL) {
        *ret_folder = bulla_path_join(env->home, ".local/state/bulla", err);
        return *ret_folder != NULL;
    }
    return true;
}

/* What follows from the root. */
static bool open_at_root(struct workspace *ret, const struct bulla_bytes *text,
                         struct bulla_error *err)
{
    if (!check_vault_folder(ret, err) || !read_contract(ret, text, err) ||
        !choose_environment(ret, err)) {
        return false;
    }
    ret->vault_path = workspace_vault_path(ret, ret->environment, err);
    return ret->vault_path != NULL && workspace_state_folder(ret->in->env, &ret->state_folder, err);
}

bool workspace_open(struct workspace *ret, const struct invocation *in, struct bulla_error *err)
{
    *ret = (struct workspace){.in = in, .now = (int64_t)time(NULL)};
    return workspace_find(in, &ret->root, err) && open_at_root(ret, NULL, err);
}

bool workspace_open_planned(struct workspace *ret, const struct invocation *in, const char *root,
                            struct bulla_bytes contract, struct bulla_error *err)
{
    *ret = (struct workspace){.in = in, .now = (int64_t)time(NULL)};
    ret->root = bulla_strdup(root, err);
    return ret->root != NULL && open_at_root(ret, &contract, err);
}

void workspace_release(struct workspace *ws)
{
    bulla_vault_close(ws->vault);
    bulla_identities_free(ws->identities);
    bulla_contract_free(ws->contract);
    bulla_free(ws->identity_name);
    bulla_free(ws->state_folder);
    bulla_free(ws->vault_path);
    bulla_free(ws->contract_path);
    bulla_free(ws->root);
    *ws = (struct workspace){.in = ws->in};
}

struct bulla_vault_place workspace_place(const struct workspace *ws)
{
    return (struct bulla_vault_place){
        .path = ws->vault_path,
        .environment = ws->environment->name,
        .identities = ws->identities,
        .state_folder = ws->state_folder,
        .pinned_root = ws->in->global.root,
        .beside = ws->beside,
    };
}

bool workspace_has_vault(const struct workspace *ws)
{
    /* Where that cannot be told there is one: opening it says what is wrong. */
    return access(ws->vault_path, F_OK) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

bool workspace_open_vault(struct workspace *ws, enum bulla_vault_access access,
                          enum workspace_need need, struct bulla_error *err)
{
    if (!workspace_has_vault(ws)) {
        return workspace_refuse_no_vault(ws, ws->environment->name, ws->vault_path, err);
    }
    if (!workspace_read_identity(ws, need, err)) {
        return false;
    }
    char unknown_root[BULLA_VAULT_ID_CHARS + 1] = "";
    struct bulla_vault_place place = workspace_place(ws);
    place.ret_unknown_root = unknown_root;
    ws->vault = bulla_vault_open(&place, access, err);
    if (ws->vault == NULL && unknown_root[0] != '\0') {
        ws->vault = workspace_open_unknown(ws, access, need, unknown_root, err);
    }
    if (ws->vault == NULL || (access == BULLA_VAULT_VERIFY &&
                              !workspace_check_new_root(ws, ws->environment, ws->vault, err))) {
        return false;
    }
    if (bulla_vault_note(ws->vault)[0] != '\0') {
        message_warn(ws->in, "%s", bulla_vault_note(ws->vault));
    }
    if (need == WORKSPACE_KEY_REQUIRED && !bulla_vault_has_key(ws->vault)) {
        if (bulla_vault_closed(ws->vault) != NULL) {
            *err = *bulla_vault_closed(ws->vault);
            return false;
        }
        return workspace_refuse_identity(ws, err);
    }
    return true;
}

bool workspace_reopen(struct workspace *ws, struct bulla_error *err)
{
    bulla_auto_str said = bulla_strdup(bulla_vault_note(ws->vault), err);
    if (said == NULL) {
        return false;
    }
    bulla_vault_close(ws->vault);
    struct bulla_vault_place place = workspace_place(ws);
    ws->vault = bulla_vault_open(&place, BULLA_VAULT_WRITE, err);
    if (ws->vault == NULL) {
        return false;
    }
    const char *note = bulla_vault_note(ws->vault);
    if (note[0] != '\0' && strcmp(note, said) != 0) {
        message_warn(ws->in, "%s", note);
    }
    if (bulla_vault_closed(ws->vault) != NULL) {
        *err = *bulla_vault_closed(ws->vault);
        return false;
    }
    return true;
}

enum bulla_lookup_state workspace_env_lookup(void *ctx, struct bulla_bytes name,
                                             struct bulla_bytes *ret_value)
{
    (void)ctx;
    char text[BULLA_MAX_NAME_BYTES + 1];
    if (name.len == 0 || name.len >= sizeof text) {
        return BULLA_LOOKUP_UNSET;
    }
    memcpy(text, name.data, name.len);
    text[name.len] = '\0';
    const char *value = env_lookup(text);
    if (value == NULL) {
        return BULLA_LOOKUP_UNSET;
    }
    *ret_value = bulla_bytes_of(value);
    return value[0] == '\0' ? BULLA_LOOKUP_EMPTY : BULLA_LOOKUP_SET;
}

struct bulla_values *workspace_resolve(const struct workspace *ws, struct bulla_error *err)
{
    return bulla_values_resolve_at(ws->contract, ws->environment->name, ws->vault, ws->now, err);
}

bool workspace_confirm_write(const struct workspace *ws, bool yes, struct bulla_error *err)
{
    const char *name = ws->environment->name;
    if (!ws->environment->is_protected || yes) {
        return true;
    }
    if (!prompt_is_possible()) {
        (void)bulla_error(err, BULLA_E_REFUSED, "environment '%s' is protected", name);
        return bulla_error_hint(err, "--yes confirms the write");
    }
    char question[96];
    (void)snprintf(question, sizeof question, "Environment '%s' is protected", name);
    return prompt_typed_name(question, name, err);
}

const char *workspace_env_flag(const struct workspace *ws, char out[static 48])
{
    const char *preset = bulla_contract_default_environment(ws->contract);
    out[0] = '\0';
    if (strcmp(preset, ws->environment->name) != 0) {
        (void)snprintf(out, 48, " -e %s", ws->environment->name);
    }
    return out;
}
