#include "mending.h"

#include <string.h>

#include "git.h"

void mending_release(struct mending *mending)
{
    git_past_release(&mending->past);
    workspace_release(&mending->ws);
}

const char *mending_origin(const struct mending *mending, uint32_t origin)
{
    if (origin == BULLA_MEND_JOURNAL) {
        return "the journal";
    }
    return origin == 0 || origin > mending->past.count ? ""
                                                       : mending->past.states[origin - 1].label;
}

/* Adds the states from FIRST to END; with UNTIL_WHOLE only as long as something is lacking. */
static bool add_states(struct mending *mending, struct git_objects *objects, size_t first,
                       size_t end, bool until_whole, struct bulla_error *err)
{
    struct bulla_vault *vault = mending->ws.vault;
    bulla_auto_buf text;
    bulla_buf_init(&text, BULLA_MAX_VAULT_BYTES);
    for (size_t i = first; i < end; i++) {
        const struct git_past_state *state = &mending->past.states[i];
        bool found = false;
        bool lacks = true;
        size_t missing = 0;
        if (state->is_repeated) {
            continue;
        }
        if (until_whole && !bulla_vault_mend_lacks(vault, &lacks, err)) {
            return false;
        }
        if (!lacks) {
            return true;
        }
        bulla_buf_clear(&text);
        if (!git_objects_get(objects, state->object, &text, &found, err) ||
            !bulla_vault_mend_add(vault, bulla_buf_view(&text), (uint32_t)i + 1, state->is_wanted,
                                  &missing, err)) {
            return false;
        }
    }
    return true;
}

static bool add_past(struct mending *mending, struct bulla_error *err)
{
    bulla_auto_str tree = NULL;
    bulla_auto_str below = NULL;
    if (!git_find_work_tree(mending->ws.root, &tree, &below, err) || tree == NULL) {
        return err->code == BULLA_OK;
    }
    bulla_auto_str path =
        bulla_asprintf(err, "%s.bulla/%s.vault", below, mending->ws.environment->name);
    if (path == NULL || !git_past_find(&mending->past, tree, path, err)) {
        return false;
    }
    struct git_objects objects;
    size_t wanted = mending->past.wanted_count;
    bool ok = git_objects_start(&objects, tree, NULL, err) &&
              add_states(mending, &objects, 0, wanted, false, err) &&
              add_states(mending, &objects, wanted, mending->past.count, true, err);
    git_objects_close(&objects);
    return ok;
}

bool mending_open(struct mending *ret, const struct invocation *in, const char *environment,
                  enum bulla_vault_access access, struct bulla_error *err)
{
    *ret = (struct mending){.in = *in};
    struct workspace *ws = &ret->ws;
    ws->in = &ret->in;
    ret->in.global.environment = environment;
    if (!workspace_open(ws, &ret->in, err) ||
        !workspace_read_identity(ws, WORKSPACE_KEY_OPTIONAL, err)) {
        return false;
    }
    if (!workspace_has_vault(ws)) {
        return workspace_refuse_no_vault(ws, ws->environment->name, ws->vault_path, err);
    }
    struct bulla_vault_place place = workspace_place(ws);
    ws->vault = bulla_vault_mend_open(&place, access, err);
    if (ws->vault == NULL || !add_past(ret, err)) {
        return false;
    }
    bool lacks = false;
    if (!bulla_vault_mend_lacks(ws->vault, &lacks, err)) {
        return false;
    }
    if (!bulla_vault_mend_finish(ws->vault, &place, &ret->report, err)) {
        return lacks && err->code == BULLA_E_VERIFY
                   ? bulla_error_hint(err, "git has it nowhere here: fetch the branch that the "
                                           "records came from, then run this again")
                   : false;
    }
    return true;
}
