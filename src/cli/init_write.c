/* The last step: all files of a project, or none of them. */
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "init.h"

/* A file as it was before it was written. */
struct saved {
    char *path;
    bool was_there; /* whatever it was */
    bool is_file;   /* with this text */
    struct bulla_buf text;
};

struct undo {
    struct saved files[INIT_MAX_ENVIRONMENTS + 4];
    size_t count;
    bool is_late; /* a vault that others know has changed: what was written belongs to it */
};

/* What cannot be saved is not put back either. */
static bool save(struct undo *undo, const char *root, const char *name, struct bulla_error *err)
{
    struct stat st;
    struct saved *saved = &undo->files[undo->count++];
    bulla_buf_init(&saved->text, BULLA_MAX_TEXT_BYTES);
    saved->was_there = true;
    saved->path = bulla_path_join(root, name, err);
    if (saved->path == NULL) {
        return false;
    }
    saved->was_there = lstat(saved->path, &st) == 0 || errno != ENOENT;
    if (!bulla_file_is_regular(saved->path)) {
        return true;
    }
    saved->is_file = bulla_file_read(saved->path, BULLA_MAX_TEXT_BYTES, &saved->text, err);
    return saved->is_file;
}

/* As far as it goes: what made the write fail may stand in the way of this too. */
static void put_back(const struct undo *undo)
{
    struct bulla_error ignored = BULLA_ERROR_INIT;
    for (size_t i = undo->count; i-- > 0;) {
        const struct saved *saved = &undo->files[i];
        if (saved->path != NULL && !saved->was_there) {
            (void)unlink(saved->path);
        } else if (saved->is_file &&
                   !bulla_file_rewrite(saved->path, bulla_buf_view(&saved->text), &ignored)) {
            bulla_error_clear(&ignored);
        }
    }
}

static void release(struct undo *undo)
{
    for (size_t i = 0; i < undo->count; i++) {
        bulla_buf_release(&undo->files[i].text);
        bulla_free(undo->files[i].path);
    }
}

/* The files that are written, as they are now. */
static bool save_all(const struct init *init, struct undo *undo, struct bulla_error *err)
{
    static const char *const names[] = {WORKSPACE_CONTRACT, ".gitignore", ".bulla/.gitignore",
                                        ".bulla/.gitattributes"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!save(undo, init->root, names[i], err)) {
            return false;
        }
    }
    return true;
}

/* It was made for us alone, to lock it. */
static bool open_folder(const struct init *init, struct bulla_error *err)
{
    bulla_auto_str folder = bulla_path_join(init->root, WORKSPACE_VAULT_FOLDER, err);
    return folder != NULL &&
           (!init->makes_folder || chmod(folder, init_public_mode(init, 0777)) == 0 ||
            bulla_error_sys(err, folder, "cannot set the mode"));
}

/* Questions take their time, and an editor knows no lock of ours. */
static bool check_unchanged(const struct init *init, const char *path, struct bulla_error *err)
{
    bulla_auto_buf now;
    bulla_buf_init(&now, BULLA_MAX_CONTRACT_BYTES);
    if (!bulla_file_read(path, BULLA_MAX_CONTRACT_BYTES, &now, err)) {
        return false;
    }
    if (bulla_bytes_equal(bulla_buf_view(&now), bulla_buf_view(&init->before_text))) {
        return true;
    }
    (void)bulla_error_at(err, BULLA_E_REFUSED, path, (struct bulla_pos){0, 0},
                         "the file was changed by another program meanwhile");
    return bulla_error_hint(err, "run this again");
}

static bool write_contract(const struct init *init, struct bulla_error *err)
{
    bulla_auto_str path = bulla_path_join(init->root, WORKSPACE_CONTRACT, err);
    if (path == NULL) {
        return false;
    }
    struct bulla_bytes text = bulla_buf_view(&init->contract);
    if (!init->has_contract) {
        return bulla_file_create(path, init_public_mode(init, 0666), text, err);
    }
    return init->added == 0 ||
           (check_unchanged(init, path, err) && bulla_file_rewrite(path, text, err));
}

/*
 * A vault that is new with its contract goes with it. One that others know keeps what it got, and
 * with it what was written before: a vault's lines are not taken back.
 */
static bool commit_vaults(struct init *init, struct undo *undo, struct bulla_error *err)
{
    for (size_t i = 0; i < init->environment_count; i++) {
        const struct init_environment *done = &init->environments[i];
        bool is_ours = done->created && !init->has_contract;
        if (done->is_closed) {
            continue;
        }
        if ((is_ours && !save(undo, "", done->ws.vault_path, err)) ||
            !bulla_vault_commit(done->ws.vault, err)) {
            return false;
        }
        undo->is_late = undo->is_late || !is_ours;
    }
    return true;
}

bool init_write(struct init *init, struct bulla_error *err)
{
    struct undo undo = {.count = 0};
    bool ok = save_all(init, &undo, err);
    ok = ok && init_write_identity(init, err);
    bool is_begun = ok;
    ok = ok && open_folder(init, err) && write_contract(init, err) && init_git_files(init, err) &&
         commit_vaults(init, &undo, err);
    if (is_begun && !ok && !undo.is_late) {
        put_back(&undo);
    }
    release(&undo);
    return ok;
}

void init_undo(const struct init *init)
{
    struct bulla_error ignored = BULLA_ERROR_INIT;
    bulla_auto_str folder =
        init->makes_folder ? bulla_path_join(init->root, WORKSPACE_VAULT_FOLDER, &ignored) : NULL;
    if (folder != NULL) {
        (void)rmdir(folder); /* unless something is in it */
    }
}
