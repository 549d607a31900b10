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
    char *own;  /* the folder of our bulla.ini, from the work tree: "" or "sub/"; NULL: not in it */
    char *here; /* the working directory, in the same way */
    const char *commit;      /* the base that is looked at */
    const char *environment; /* the only one that is asked for; NULL: all */
    const char *only;        /* the only vault of the work tree that matters; NULL: all */
};

static void release(struct looking *looking)
{
    git_objects_close(&looking->objects);
    bulla_free(looking->search.tree);
    bulla_free(looking->search.states);
    bulla_free(looking->own);
    bulla_free(looking->here);
}

/* Our own folder's are looked at one by one. */
static bool is_own(const struct looking *looking, const char *path)
{
    size_t len = looking->own != NULL ? strlen(looking->own) : 0;
    return looking->own != NULL && strncmp(path, looking->own, len) == 0 &&
           strncmp(path + len, VAULT_FOLDER, strlen(VAULT_FOLDER)) == 0;
}

/* git_staged_step: a vault of any project that is gone, and is whole at no other place. */
static bool look_at_gone(void *ctx, const struct git_staged *file, struct bulla_error *err)
{
    struct looking *looking = ctx;
    char environment[BULLA_MAX_MEMBER_BYTES + 1];
    bool is_moved = false;
    if ((!file->is_gone && !file->is_link) || !staged_vault_is(file->path, environment) ||
        is_own(looking, file->path) ||
        (looking->only != NULL && strcmp(file->path, looking->only) != 0)) {
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

/*
 * Whether TREE is a submodule's, or kept as these are: its .git is a file, and the directory that
 * names is no linked worktree's, which has its objects elsewhere. BULLA_E_IO, BULLA_E_NOMEM.
 */
static bool is_module(const char *tree, bool *ret_is, struct bulla_error *err)
{
    const char *const args[GIT_ARGS] = {GIT_GUARDED,        tree, "rev-parse", "--git-dir",
                                        "--git-common-dir", NULL};
    bulla_auto_str git = bulla_path_join(tree, ".git", err);
    bulla_auto_buf answer;
    int status = -1;
    bulla_buf_init(&answer, GIT_ANSWER_BYTES);
    *ret_is = false;
    if (git == NULL || !bulla_file_is_regular(git)) {
        return git != NULL;
    }
    if (!git_run(args, -1, GIT_ANSWER_BYTES, &answer, &status, err)) {
        return false;
    }
    if (status != 0) {
        return git_refuse_states(err);
    }
    struct bulla_bytes rest = bulla_buf_view(&answer);
    struct bulla_bytes folder = git_take_line(&rest);
    *ret_is = bulla_bytes_equal(folder, git_take_line(&rest));
    return true;
}

/* All that the work tree OUTER had where REVISION, which it may not know, and its HEAD part. */
static bool look_in_outer(const struct verifying *verifying, const char *outer, const char *only,
                          struct bulla_error *err)
{
    struct git_revision revision;
    if (!git_revision_find(&revision, outer, verifying->revision->name, err)) {
        bool is_unknown = err->code == BULLA_E_USAGE && revision.commit[0] == '\0';
        if (is_unknown) {
            bulla_error_clear(err);
        }
        return is_unknown;
    }
    BULLA_AUTO(release)
    struct looking looking = {.verifying = verifying,
                              .only = only,
                              .objects = {.to = -1, .child = {.fd = -1}},
                              .search = {.revision = &revision, .tree = bulla_strdup(outer, err)}};
    bool ok = looking.search.tree != NULL && git_find_bases(&looking.search, err) &&
              git_objects_start(&looking.objects, outer, NULL, err);
    for (size_t i = 0; i < looking.search.count && ok; i++) {
        looking.commit = looking.search.states[i].commit;
        ok = git_each_staged(outer, NULL, looking.commit, look_at_gone, &looking, err);
    }
    return ok;
}

/*
 * A submodule has a history of its own: what was in the folder before is in that of the work tree
 * around it. VAULT is the only one that matters, as it is named from TREE; NULL: all.
 */
static bool look_around(const struct verifying *verifying, const char *tree, const char *vault,
                        struct bulla_error *err)
{
    bulla_auto_str inner = bulla_strdup(tree, err);
    bulla_auto_str only = vault != NULL ? bulla_strdup(vault, err) : NULL;
    bool is_inside = false;
    if (inner == NULL || (vault != NULL && only == NULL) || !is_module(inner, &is_inside, err)) {
        return false;
    }
    while (is_inside) {
        bulla_auto_str above = bulla_path_dir(inner, err);
        bulla_auto_str outer = NULL;
        bulla_auto_str below = NULL;
        if (above == NULL || !git_find_work_tree(above, &outer, &below, err) || outer == NULL) {
            return err->code == BULLA_OK;
        }
        if (only != NULL) {
            char *name = bulla_asprintf(err, "%s%s/%s", below, bulla_path_base(inner), only);
            if (name == NULL) {
                return false;
            }
            bulla_free(only);
            only = name;
        }
        if (!look_in_outer(verifying, outer, only, err) || !is_module(outer, &is_inside, err)) {
            return false;
        }
        bulla_free(inner);
        inner = BULLA_STEAL(outer);
    }
    return true;
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
    bulla_auto_str vault = ok && is_one ? bulla_asprintf(err, "%s" VAULT_FOLDER "%s.vault",
                                                         looking.own, looking.environment)
                                        : NULL;
    return ok && (!is_one || vault != NULL) &&
           look_around(verifying, looking.search.tree, vault, err);
}
