#include "revision.h"

#include <stdio.h>
#include <string.h>

#include "bulla/file.h"
#include "git.h"
#include "git_folders.h"
#include "message.h"

/* Old states are no news to remember, and their root is the one that the newer state has. */
static bool open_vault(struct revision *revision, const struct workspace *ws, const char *root,
                       struct bulla_error *err)
{
    struct bulla_vault_place place = workspace_place(ws);
    place.text = bulla_buf_view(&revision->text);
    place.state_folder = NULL;
    place.identities = NULL;
    place.pinned_root = place.pinned_root != NULL ? place.pinned_root : root;
    place.trust_new_root = true;
    revision->vault = bulla_vault_open(&place, BULLA_VAULT_VERIFY, err);
    return revision->vault != NULL || bulla_error_while(err, "in '%s'", revision->name);
}

/* The file NAME of the project, in CONTENT; *RET_FOUND is false where the commit has none. */
static bool read_file(struct git_objects *objects, const char *below, const char *name,
                      struct bulla_buf *content, bool *ret_found, struct bulla_error *err)
{
    bulla_auto_str path = bulla_asprintf(err, "%s%s", below, name);
    return path != NULL && git_read_file(objects, path, content, ret_found, err);
}

/* An old contract may be what we do not read any more: the vault is compared all the same. */
static bool parse_contract(struct revision *revision, const struct workspace *ws,
                           const struct bulla_buf *text, struct bulla_error *err)
{
    if (!bulla_buf_ok(text, err)) {
        return false;
    }
    revision->contract = bulla_contract_parse(bulla_buf_view(text), ws->contract_path, err);
    if (revision->contract == NULL && err->code != BULLA_E_NOMEM) {
        message_warn(ws->in, "%s of '%s' is not compared: line %u: %s", ws->contract_path,
                     revision->name, err->pos.line, err->message);
        bulla_error_clear(err);
    }
    return err->code == BULLA_OK;
}

static bool read_revision(struct revision *revision, struct git_objects *objects,
                          const struct workspace *ws, const char *below, const char *root,
                          struct bulla_error *err)
{
    bool found = false;
    bulla_auto_buf contract;
    bulla_buf_init(&contract, BULLA_MAX_CONTRACT_BYTES);
    memcpy(revision->commit, objects->commit, sizeof revision->commit);
    if (!read_file(objects, below, "bulla.ini", &contract, &found, err)) {
        return false;
    }
    if (found && !parse_contract(revision, ws, &contract, err)) {
        return false;
    }
    bulla_auto_str name = bulla_asprintf(err, ".bulla/%s.vault", ws->environment->name);
    if (name == NULL || !read_file(objects, below, name, &revision->text, &found, err)) {
        return false;
    }
    if (found && revision->text.len == 0) {
        return bulla_error(err, BULLA_E_LIMIT, "%s is empty in '%s', or has more than %zu bytes",
                           ws->vault_path, revision->name, BULLA_MAX_VAULT_BYTES);
    }
    return !found || open_vault(revision, ws, root, err);
}

bool revision_open(struct revision *ret, const struct workspace *ws, const char *name,
                   const char *root, struct bulla_error *err)
{
    *ret = (struct revision){.name = name};
    bulla_buf_init(&ret->text, BULLA_MAX_VAULT_BYTES);
    bulla_auto_str tree = NULL;
    bulla_auto_str below = NULL;
    if (!git_find_work_tree(ws->root, &tree, &below, err)) {
        return false;
    }
    if (tree == NULL) {
        return bulla_error_at(err, BULLA_E_MISSING, ws->contract_path, (struct bulla_pos){0, 0},
                              "is in no git work tree: it has no revisions");
    }
    struct git_objects objects;
    bool ok = git_objects_open(&objects, tree, name, err) &&
              read_revision(ret, &objects, ws, below, root, err);
    git_objects_close(&objects);
    return ok;
}

bool revision_open_here(struct revision *ret, const struct workspace *ws, const char *root,
                        struct bulla_error *err)
{
    *ret = (struct revision){.name = "now"};
    bulla_buf_init(&ret->text, BULLA_MAX_VAULT_BYTES * 2);
    bulla_auto_buf contract;
    bulla_buf_init(&contract, BULLA_MAX_CONTRACT_BYTES);
    if (!bulla_file_read(ws->contract_path, BULLA_MAX_CONTRACT_BYTES, &contract, err)) {
        return false;
    }
    ret->contract = bulla_contract_parse(bulla_buf_view(&contract), ws->contract_path, err);
    if (ret->contract == NULL) {
        return false;
    }
    return !workspace_has_vault(ws) || (bulla_vault_read_file(ws->vault_path, &ret->text, err) &&
                                        open_vault(ret, ws, root, err));
}

void revision_release(struct revision *revision)
{
    bulla_vault_close(revision->vault);
    bulla_contract_free(revision->contract);
    bulla_buf_release(&revision->text);
}
