#include "key_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "bulla/age.h"
#include "bulla/file.h"
#include "bulla/mem.h"

#define MAX_DEPTH 4
#define MAX_ENTRIES 4096
#define MAX_READ 256
#define MIN_KEY_BYTES 20 /* an empty identity of a plugin with a name of one letter */
#define MAX_KEY_BYTES ((size_t)16 * 1024)

/* A folder that is still to be looked at. */
struct folder {
    char *path;
    unsigned depth;
};

/* Folder by folder, so that a large one far down does not hide what lies at the top. */
struct walk {
    struct key_files *found;
    const struct workspace *ws;
    struct folder *folders;
    size_t folder_count, folder_cap;
    size_t entries, read;
    struct bulla_buf text; /* of one file after the other */
};

void key_files_release(struct key_files *files)
{
    for (size_t i = 0; i < files->count; i++) {
        bulla_free(files->items[i].path);
    }
    bulla_free(files->items);
    key_members_release(&files->members);
}

static void release_walk(struct walk *walk)
{
    for (size_t i = 0; i < walk->folder_count; i++) {
        bulla_free(walk->folders[i].path);
    }
    bulla_free(walk->folders);
    bulla_buf_release(&walk->text);
}

static void close_folder(DIR **folder)
{
    if (*folder != NULL) {
        (void)closedir(*folder);
    }
}

/* What people call such files; sources, documents and data are not even opened. */
static bool could_be_key(const char *name)
{
    static const char *const endings[] = {".txt",      ".key",  ".keys",   ".pem",  ".age",
                                          ".identity", ".id",   ".secret", ".bak",  ".old",
                                          ".orig",     ".save", ".backup", ".copy", NULL};
    const char *dot = strrchr(name, '.');
    if (dot == NULL || dot == name || name[strlen(name) - 1] == '~') {
        return true;
    }
    for (size_t i = 0; endings[i] != NULL; i++) {
        if (strcmp(dot, endings[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* One that cannot be opened so has no members that we know of. */
static bool add_members(struct walk *walk, const struct bulla_environment *environment,
                        struct bulla_error *err)
{
    struct key_members *members = &walk->found->members;
    if (environment == walk->ws->environment && walk->ws->vault != NULL) {
        return key_members_add(members, walk->ws->vault, err);
    }
    bulla_auto_str path = workspace_vault_path(walk->ws, environment, err);
    if (path == NULL) {
        return false;
    }
    const struct bulla_vault_place place = {
        .path = path, .environment = environment->name, .trust_new_root = true};
    bulla_auto_vault vault = bulla_vault_open(&place, BULLA_VAULT_READ, err);
    if (vault == NULL && err->code != BULLA_E_NOMEM) {
        bulla_error_clear(err);
        return true;
    }
    return vault != NULL && key_members_add(members, vault, err);
}

/* The member of any environment with RECIPIENT in *RET; NULL where there is none. */
static bool find_member(struct walk *walk, const char *recipient, const char **ret,
                        struct bulla_error *err)
{
    struct key_files *found = walk->found;
    const struct bulla_contract *contract = walk->ws->contract;
    size_t count =
        found->has_members || contract == NULL ? 0 : bulla_contract_environment_count(contract);
    for (size_t i = 0; i < count; i++) {
        if (!add_members(walk, bulla_contract_environment(contract, i), err)) {
            return false;
        }
    }
    found->has_members = true;
    *ret = key_members_find(&found->members, recipient);
    return true;
}

/* What IDENTITIES are to others in FILE; *RET_IS is false where none is a finding. */
static bool judge(struct walk *walk, const struct bulla_identities *identities,
                  struct bulla_check_key_file *file, bool *ret_is, struct bulla_error *err)
{
    bool has_age = false;
    for (size_t i = 0; i < bulla_identities_count(identities) && file->member == NULL; i++) {
        const char *recipient = bulla_identities_recipient(identities, i);
        if (!find_member(walk, recipient, &file->member, err)) {
            return false;
        }
        has_age = has_age || strncmp(recipient, "age1", strlen("age1")) == 0;
        file->is_plugin = file->is_plugin || recipient[0] == '\0';
    }
    file->is_plugin = file->is_plugin && !has_age && file->member == NULL;
    *ret_is = file->is_plugin || has_age || file->member != NULL;
    return true;
}

/* Takes what stands before the first line that is no comment off TEXT; where that line is. */
static struct bulla_pos skip_comments(struct bulla_bytes *text)
{
    struct bulla_pos pos = {1, 1};
    while (text->len > 0 && strchr("#\r\n", text->data[0]) != NULL) {
        const uint8_t *lf = memchr(text->data, '\n', text->len);
        size_t len = lf != NULL ? (size_t)(lf - text->data) + 1 : text->len;
        *text = bulla_bytes_slice(*text, len, text->len);
        pos.line++;
    }
    return pos;
}

/* What an identity file begins with: cheaper to tell than to parse what is none. */
static bool looks_like_key(struct bulla_bytes text)
{
    return bulla_bytes_start(text, "AGE-") || bulla_bytes_start(text, "age-") ||
           bulla_bytes_start(text, "-----BEGIN ");
}

static bool take_file(struct walk *walk, const char *path, struct bulla_error *err)
{
    struct key_files *found = walk->found;
    struct bulla_bytes text = bulla_buf_view(&walk->text);
    struct bulla_check_key_file file = {.pos = skip_comments(&text)};
    if (!looks_like_key(text)) {
        return true;
    }
    bulla_auto_identities identities =
        bulla_identities_parse(bulla_buf_view(&walk->text), path, err);
    bool is_finding = false;
    if (identities == NULL || !judge(walk, identities, &file, &is_finding, err)) {
        return false;
    }
    if (!is_finding) {
        return true;
    }
    file.path = bulla_strdup(path, err);
    if (file.path == NULL ||
        !bulla_grow(&found->items, &found->cap, found->count + 1, sizeof *found->items, err)) {
        bulla_free(file.path);
        return false;
    }
    found->items[found->count++] = file;
    return true;
}

static bool read_file(struct walk *walk, const char *path, struct bulla_error *err)
{
    walk->read++;
    bulla_buf_clear(&walk->text);
    if (bulla_file_read(path, MAX_KEY_BYTES, &walk->text, err) && take_file(walk, path, err)) {
        return true;
    }
    bool is_other = err->code != BULLA_E_NOMEM;
    bulla_error_clear(err);
    return is_other || bulla_error_nomem(err);
}

static bool add_folder(struct walk *walk, const char *path, unsigned depth, struct bulla_error *err)
{
    if (!bulla_grow(&walk->folders, &walk->folder_cap, walk->folder_count + 1,
                    sizeof *walk->folders, err)) {
        return false;
    }
    struct folder *folder = &walk->folders[walk->folder_count];
    *folder = (struct folder){bulla_strdup(path, err), depth};
    walk->folder_count += folder->path != NULL;
    return folder->path != NULL;
}

/* False for what needs no closer look, told without asking the file system. */
static bool is_wanted(const struct dirent *entry)
{
    const char *name = entry->d_name;
    bool is_file = entry->d_type == DT_REG;
    return strcmp(name, ".") != 0 && strcmp(name, "..") != 0 && strcmp(name, ".git") != 0 &&
           !(is_file && !could_be_key(name));
}

static bool look_at_entry(struct walk *walk, size_t index, int folder, const char *name,
                          struct bulla_error *err)
{
    struct stat status;
    if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
        return true;
    }
    bool is_folder = S_ISDIR(status.st_mode) && walk->folders[index].depth < MAX_DEPTH;
    bool is_file = S_ISREG(status.st_mode) && status.st_size >= MIN_KEY_BYTES &&
                   status.st_size <= (off_t)MAX_KEY_BYTES && could_be_key(name);
    bool is_beyond = is_file ? walk->read == MAX_READ : S_ISDIR(status.st_mode) && !is_folder;
    walk->found->is_cut = walk->found->is_cut || is_beyond;
    if ((!is_folder && !is_file) || is_beyond) {
        return true;
    }
    bulla_auto_str path = bulla_path_join(walk->folders[index].path, name, err);
    if (path == NULL) {
        return false;
    }
    return is_folder ? add_folder(walk, path, walk->folders[index].depth + 1, err)
                     : read_file(walk, path, err);
}

static bool look_in(struct walk *walk, size_t index, struct bulla_error *err)
{
    BULLA_AUTO(close_folder) DIR *folder = opendir(walk->folders[index].path);
    struct stat status;
    /* Another repository: git answers no question about what is in there. */
    if (folder == NULL ||
        (index > 0 && fstatat(dirfd(folder), ".git", &status, AT_SYMLINK_NOFOLLOW) == 0)) {
        return true;
    }
    const struct dirent *entry = NULL;
    while (walk->entries < MAX_ENTRIES && (entry = readdir(folder)) != NULL) {
        walk->entries++;
        if (is_wanted(entry) && !look_at_entry(walk, index, dirfd(folder), entry->d_name, err)) {
            return false;
        }
    }
    return true;
}

bool key_files_find(struct key_files *ret, const char *root, const struct workspace *ws,
                    struct bulla_error *err)
{
    *ret = (struct key_files){.items = NULL};
    BULLA_AUTO(release_walk) struct walk walk = {.found = ret, .ws = ws};
    bulla_buf_init_secret(&walk.text, MAX_KEY_BYTES);
    bool ok = add_folder(&walk, root, 1, err);
    for (size_t i = 0; ok && i < walk.folder_count && walk.entries < MAX_ENTRIES; i++) {
        ok = look_in(&walk, i, err);
    }
    ret->is_cut = ret->is_cut || walk.entries == MAX_ENTRIES;
    return ok;
}
