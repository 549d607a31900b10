#include "git_folders.h"

#include <stdio.h>
#include <string.h>

#include "bulla/mem.h"
#include "git_blobs.h"

#define MAX_TREE_BYTES ((size_t)256 * 1024 * 1024)
#define TYPE_BITS 0170000
#define FOLDER_BITS 0040000

/* One entry of a tree as git keeps it: "MODE NAME", a NUL, the id's bytes. */
struct entry {
    struct bulla_bytes mode, name, id;
    bool is_folder;
};

/* As git reads it, which takes "040000" and "40755" for folders too. */
static bool read_mode(struct entry *entry)
{
    unsigned mode = 0;
    for (size_t i = 0; i < entry->mode.len; i++) {
        if (entry->mode.data[i] < '0' || entry->mode.data[i] > '7') {
            return false;
        }
        mode = mode * 8 + (unsigned)(entry->mode.data[i] - '0');
    }
    entry->is_folder = (mode & TYPE_BITS) == FOLDER_BITS;
    return entry->mode.len > 0;
}

/* Takes what stands before the byte END off *REST, and that byte. */
static bool take_until(struct bulla_bytes *rest, uint8_t end, struct bulla_bytes *ret)
{
    const uint8_t *at = rest->len == 0 ? NULL : memchr(rest->data, end, rest->len);
    if (at == NULL) {
        return false;
    }
    *ret = bulla_bytes_slice(*rest, 0, (size_t)(at - rest->data));
    *rest = bulla_bytes_slice(*rest, ret->len + 1, rest->len);
    return true;
}

static bool take_entry(struct bulla_bytes *rest, size_t id_len, struct entry *ret,
                       struct bulla_error *err)
{
    if (!take_until(rest, ' ', &ret->mode) || !take_until(rest, '\0', &ret->name) ||
        !read_mode(ret) || rest->len < id_len) {
        return git_refuse_states(err);
    }
    ret->id = bulla_bytes_slice(*rest, 0, id_len);
    *rest = bulla_bytes_slice(*rest, id_len, rest->len);
    return true;
}

/* The id of the folder NAME in TREE, in hexadecimal; "" where there is none. */
static bool find_folder(struct bulla_bytes tree, size_t id_len, struct bulla_bytes name,
                        char ret_id[static GIT_ID_CHARS + 1], struct bulla_error *err)
{
    bool found = false;
    ret_id[0] = '\0';
    while (tree.len > 0) {
        struct entry entry = {0};
        if (!take_entry(&tree, id_len, &entry, err)) {
            return false;
        }
        if (!bulla_bytes_equal(entry.name, name)) {
            continue;
        }
        /* No tree that git makes has a name twice. */
        if (found) {
            return git_refuse_states(err);
        }
        found = true;
        if (!entry.is_folder) {
            continue;
        }
        for (size_t i = 0; i < entry.id.len; i++) {
            (void)snprintf(ret_id + 2 * i, 3, "%02x", entry.id.data[i]);
        }
    }
    return true;
}

static bool each_file(struct bulla_bytes tree, size_t id_len, git_folder_step *step, void *ctx,
                      struct bulla_error *err)
{
    while (tree.len > 0) {
        struct entry entry = {0};
        if (!take_entry(&tree, id_len, &entry, err)) {
            return false;
        }
        if (!entry.is_folder && !step(ctx, entry.name, err)) {
            return false;
        }
    }
    return true;
}

/*
 * Folder by folder: to "COMMIT:sub/.bulla" git says the same where there is none and where it lacks
 * an object, as in a clone that has only part of them.
 */
bool git_each_in_folder(struct git_objects *objects, const char *commit, const char *folder,
                        git_folder_step *step, void *ctx, struct bulla_error *err)
{
    char name[GIT_ID_CHARS + sizeof "^{tree}"];
    bulla_auto_buf tree;
    bulla_buf_init(&tree, MAX_TREE_BYTES);
    (void)snprintf(name, sizeof name, "%s^{tree}", commit);
    for (;;) {
        size_t id_len = 0;
        bulla_buf_clear(&tree);
        if (!git_objects_get_tree(objects, name, &tree, &id_len, err)) {
            return false;
        }
        if (id_len == 0 || id_len * 2 > GIT_ID_CHARS) {
            return git_refuse_states(err);
        }
        if (*folder == '\0') {
            return each_file(bulla_buf_view(&tree), id_len, step, ctx, err);
        }
        size_t len = strcspn(folder, "/");
        char id[GIT_ID_CHARS + 1];
        if (!find_folder(bulla_buf_view(&tree), id_len, bulla_bytes(folder, len), id, err)) {
            return false;
        }
        if (id[0] == '\0') {
            return true;
        }
        (void)snprintf(name, sizeof name, "%s", id);
        folder += len + (folder[len] == '/');
    }
}

/* git_folder_step: no file of the folder has the name CTX. */
static bool is_another(void *ctx, struct bulla_bytes name, struct bulla_error *err)
{
    const struct bulla_bytes *wanted = ctx;
    return !bulla_bytes_equal(name, *wanted) || git_objects_refuse(err);
}

bool git_read_file(struct git_objects *objects, const char *path, struct bulla_buf *content,
                   bool *ret_found, struct bulla_error *err)
{
    const char *slash = strrchr(path, '/');
    const char *base = slash != NULL ? slash + 1 : path;
    bulla_auto_str name = bulla_asprintf(err, "%s:%s", objects->commit, path);
    bulla_auto_str folder = bulla_strndup(path, (size_t)(base - path), err);
    if (name == NULL || folder == NULL ||
        !git_objects_get(objects, name, content, ret_found, err)) {
        return false;
    }
    struct bulla_bytes wanted = bulla_bytes_of(base);
    return *ret_found ||
           git_each_in_folder(objects, objects->commit, folder, is_another, &wanted, err);
}
