#include "environments.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>

#include "env.h"
#include "message.h"

#define VAULT_ENDING ".vault"
#define NAME_CHARS "abcdefghijklmnopqrstuvwxyz0123456789-"
#define MAX_ENTRIES 4096 /* of the folder of the vaults */

/* Steps that are being gone through. */
struct walk {
    const struct invocation *in;
    environment_step *step;
    void *ctx;
    size_t done;
};

static void close_folder(DIR **folder)
{
    if (*folder != NULL) {
        (void)closedir(*folder);
    }
}

static bool step_in(struct walk *walk, const char *name, bool only_with_vault,
                    struct bulla_error *err)
{
    struct invocation own = *walk->in;
    own.global.environment = name;
    auto_workspace ws = {.in = walk->in};
    if (!workspace_open(&ws, &own, err)) {
        return false;
    }
    if (only_with_vault && !workspace_has_vault(&ws)) {
        return true;
    }
    walk->done++;
    return walk->step(walk->ctx, &ws, err);
}

static bool step_in_all(struct walk *walk, const struct workspace *first, struct bulla_error *err)
{
    size_t count = bulla_contract_environment_count(first->contract);
    for (size_t i = 0; i < count; i++) {
        const char *name = bulla_contract_environment(first->contract, i)->name;
        if (!step_in(walk, name, true, err)) {
            return false;
        }
    }
    return true;
}

/* NAME of an environment that the contract does not have, though its vault is there. */
static bool step_in_left(struct walk *walk, const char *name, struct bulla_error *err)
{
    static const char *const none[] = {NULL};
    struct bulla_environment left = {.name = name,
                                     .compose = none,
                                     .profiles = none,
                                     .output = ".env",
                                     .format = "compose",
                                     .is_protected = true}; /* it may have been */
    struct invocation own = *walk->in;
    own.global.environment = NULL;
    auto_workspace ws = {.in = walk->in};
    if (!workspace_open(&ws, &own, err)) {
        return false;
    }
    bulla_free(ws.vault_path);
    ws.environment = &left;
    ws.vault_path = workspace_vault_path(&ws, &left, err);
    if (ws.vault_path == NULL) {
        return false;
    }
    walk->done++;
    return walk->step(walk->ctx, &ws, err);
}

/* The environment's name where FILE is its vault and the contract lacks it; else false. */
static bool is_left(const struct workspace *first, const char *file,
                    char name[static BULLA_MAX_MEMBER_BYTES + 1])
{
    size_t len = strlen(file);
    size_t ending = strlen(VAULT_ENDING);
    if (len <= ending || len - ending > BULLA_MAX_MEMBER_BYTES ||
        strcmp(file + len - ending, VAULT_ENDING) != 0) {
        return false;
    }
    memcpy(name, file, len - ending);
    name[len - ending] = '\0';
    return name[0] != '-' && name[strspn(name, NAME_CHARS)] == '\0' &&
           bulla_contract_find_environment(first->contract, name) == NULL;
}

static bool step_in_each_left(struct walk *walk, const struct workspace *first,
                              struct bulla_error *err)
{
    bulla_auto_str path = workspace_path_in_root(first, WORKSPACE_VAULT_FOLDER, err);
    if (path == NULL) {
        return false;
    }
    BULLA_AUTO(close_folder) DIR *folder = opendir(path);
    if (folder == NULL) {
        return errno == ENOENT || bulla_error_sys(err, path, "cannot list");
    }
    const struct dirent *entry = NULL;
    for (size_t i = 0; errno = 0, (entry = readdir(folder)) != NULL; i++) {
        char name[BULLA_MAX_MEMBER_BYTES + 1];
        if (i >= MAX_ENTRIES) {
            return bulla_error_at(err, BULLA_E_LIMIT, path, (struct bulla_pos){0, 0},
                                  "has more than %d entries", MAX_ENTRIES);
        }
        if (is_left(first, entry->d_name, name) && !step_in_left(walk, name, err)) {
            return false;
        }
    }
    return errno == 0 || bulla_error_sys(err, path, "cannot list");
}

bool environments_is_left(const struct workspace *ws)
{
    return bulla_contract_find_environment(ws->contract, ws->environment->name) == NULL;
}

bool environments_pass_over(const struct workspace *ws, bool says, struct bulla_error *err)
{
    if (!environments_is_left(ws) || err->code == BULLA_E_NOMEM || err->code == BULLA_E_BUG) {
        return false;
    }
    if (says) {
        message_warn(ws->in, "%s is passed over, as bulla.ini does not name '%s': %s",
                     ws->vault_path, ws->environment->name, err->message);
        /* What is missing for a link that leads nowhere is not a vault. */
        if (err->hint[0] != '\0' && err->code != BULLA_E_MISSING) {
            message_hint(ws->in, "%s", err->hint);
        }
    }
    bulla_error_clear(err);
    return true;
}

bool environments_each(const struct invocation *in, enum environments_which which,
                       environment_step *step, void *ctx, struct bulla_error *err)
{
    struct walk walk = {.in = in, .step = step, .ctx = ctx};
    if (which == ENVIRONMENTS_ONE) {
        return step_in(&walk, in->global.environment, false, err);
    }
    /* BULLA_ENV is a default like the contract's: only an option contradicts. */
    if (in->global.environment != NULL && in->global.environment != in->env->environment) {
        return bulla_error(err, BULLA_E_USAGE, "-e and --all-environments exclude each other");
    }
    struct invocation own = *in;
    own.global.environment = NULL;
    auto_workspace first = {.in = in};
    if (!workspace_open(&first, &own, err) || !step_in_all(&walk, &first, err) ||
        (which == ENVIRONMENTS_ALL_VAULTS && !step_in_each_left(&walk, &first, err))) {
        return false;
    }
    if (walk.done == 0) {
        (void)bulla_error(err, BULLA_E_MISSING, "no environment has a vault");
        return bulla_error_hint(err, "bulla init makes them");
    }
    return true;
}
