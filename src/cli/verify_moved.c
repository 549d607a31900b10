/* What the whole work tree had of vaults: a project that is moved must not leave its own behind. */
#include <string.h>

#include "git.h"
#include "git_bases.h"
#include "git_folders.h"
#include "git_merged.h"
#include "git_staged.h"
#include "staged_moves.h"
#include "staged_vaults.h"
#include "verifying.h"

#define VAULT_FOLDER WORKSPACE_VAULT_FOLDER "/"
#define VAULT_MAGIC "BULLA1 "

struct looking {
    const struct verifying *verifying;
    struct git_objects objects;
    struct git_search search; /* its states are the merge bases */
    char *own;                /* the folder of our bulla.ini, from the work tree: "" or "sub/" */
    char *here;               /* the working directory, in the same way */
    const char *commit;       /* the base that is looked at */
    const char *environment;  /* the only one that is asked for; NULL: all */
};

static void release(struct looking *looking)
{
    git_objects_close(&looking->objects);
    bulla_free(looking->search.tree);
    bulla_free(looking->search.states);
    bulla_free(looking->own);
    bulla_free(looking->here);
}

/* git_staged_step: a vault of any project that is gone, and is whole at no other place. */
static bool look_at_gone(void *ctx, const struct git_staged *file, struct bulla_error *err)
{
    struct looking *looking = ctx;
    char environment[BULLA_MAX_MEMBER_BYTES + 1];
    bool is_moved = false;
    size_t own = strlen(looking->own);
    /* Our own folder's are looked at one by one. */
    if ((!file->is_gone && !file->is_link) || !staged_vault_is(file->path, environment) ||
        (strncmp(file->path, looking->own, own) == 0 &&
         strncmp(file->path + own, VAULT_FOLDER, strlen(VAULT_FOLDER)) == 0)) {
        return true;
    }
    if (!staged_moves_find(&looking->objects, looking->search.tree, NULL, looking->commit,
                           file->path, &is_moved, err)) {
        return false;
    }
    if (is_moved) {
        return true;
    }
    (void)bulla_error_at(err, BULLA_E_VERIFY, file->path, (struct bulla_pos){0, 0},
                         "is not there, and commit %.12s has it", looking->commit);
    return bulla_error_hint(err, "git restore brings it back; a project that is moved takes its "
                                 "vaults along (git mv)");
}

/* True where TEXT is of a vault that was verified. */
static bool is_verified(const struct verifying *verifying, struct bulla_bytes text)
{
    bool is = false;
    struct bulla_bytes id = bulla_bytes_slice(text, strlen(VAULT_MAGIC), text.len);
    for (size_t i = 0; i < verifying->count; i++) {
        is = is || bulla_bytes_start(id, bulla_vault_id(verifying->items[i].vault));
    }
    return is && bulla_bytes_start(text, VAULT_MAGIC);
}

/* The folder of the project whose vaults are looked at, from the work tree. */
struct project {
    struct looking *looking;
    const char *folder;
};

/* git_folder_step: a file of the .bulla of the project that was here. */
static bool look_at_former(void *ctx, struct bulla_bytes name, struct bulla_error *err)
{
    const struct project *project = ctx;
    struct looking *looking = project->looking;
    char environment[BULLA_MAX_MEMBER_BYTES + 1];
    bool found = false;
    bulla_auto_str path = bulla_asprintf(err, "%s" VAULT_FOLDER "%.*s", project->folder,
                                         (int)name.len, (const char *)name.data);
    bulla_auto_str object =
        path != NULL ? bulla_asprintf(err, "%s:%s", looking->commit, path) : NULL;
    if (object == NULL) {
        return false;
    }
    if (!staged_vault_is(path, environment) ||
        (looking->environment != NULL && strcmp(looking->environment, environment) != 0)) {
        return true;
    }
    bulla_auto_buf text;
    bulla_buf_init(&text, BULLA_MAX_VAULT_BYTES);
    if (!git_objects_get(&looking->objects, object, &text, &found, err)) {
        return false;
    }
    if (is_verified(looking->verifying, bulla_buf_view(&text))) {
        return true;
    }
    (void)bulla_error_at(err, BULLA_E_VERIFY, path, (struct bulla_pos){0, 0},
                         "was the vault of this folder in commit %.12s, and another project is "
                         "taken now",
                         looking->commit);
    return bulla_error_hint(err, "a project that is moved takes its vaults along (git mv); where "
                                 "another one is to take its place, whoever merges decides");
}

/* The project that the same command took in the base: as now, the nearest one from here up. */
static bool look_at_project(struct looking *looking, struct bulla_error *err)
{
    bulla_auto_str folder = bulla_strdup(looking->here, err);
    bool is_there = false;
    while (folder != NULL) {
        bulla_auto_str contract = bulla_asprintf(err, "%s" WORKSPACE_CONTRACT, folder);
        if (contract == NULL ||
            !git_commit_has(&looking->objects, looking->commit, contract, &is_there, err)) {
            return false;
        }
        size_t len = strlen(folder);
        if (is_there || len == 0) {
            break;
        }
        do {
            len--;
        } while (len > 0 && folder[len - 1] != '/');
        folder[len] = '\0';
    }
    if (folder == NULL || !is_there || strcmp(folder, looking->own) == 0) {
        return folder != NULL;
    }
    struct project project = {looking, folder};
    bulla_auto_str vaults = bulla_asprintf(err, "%s" VAULT_FOLDER, folder);
    return vaults != NULL && git_each_in_folder(&looking->objects, looking->commit, vaults,
                                                look_at_former, &project, err);
}

static bool open_looking(struct looking *looking, struct bulla_error *err)
{
    const struct workspace *ws = &looking->verifying->workspace;
    bulla_auto_str same = NULL;
    return git_find_work_tree(ws->root, &looking->search.tree, &looking->own, err) &&
           git_find_work_tree(".", &same, &looking->here, err) &&
           git_find_bases(&looking->search, err) &&
           git_objects_start(&looking->objects, looking->search.tree, NULL, err);
}

bool verifying_look_for_moved(const struct verifying *verifying, bool is_one,
                              struct bulla_error *err)
{
    if (verifying->revision == NULL) {
        return true;
    }
    BULLA_AUTO(release)
    struct looking looking = {.verifying = verifying,
                              .environment = is_one ? verifying->workspace.environment->name : NULL,
                              .objects = {.to = -1, .child = {.fd = -1}},
                              .search = {.revision = verifying->revision}};
    bool ok = open_looking(&looking, err);
    for (size_t i = 0; i < looking.search.count && ok; i++) {
        looking.commit = looking.search.states[i].commit;
        ok = look_at_project(&looking, err) &&
             (is_one || git_each_staged(looking.search.tree, NULL, looking.commit, look_at_gone,
                                        &looking, err));
    }
    return ok;
}
