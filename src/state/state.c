#include "state/state.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bulla/codec.h"
#include "bulla/file.h"
#include "bulla/limits.h"
#include "bulla/mem.h"
#include "crypto/prim.h"

#include "base/banned.h"

#define FOLDER_MODE 0700
#define FILE_MODE 0600
#define HASH_NAME_CHARS 64
#define MAX_MEMORY_BYTES ((size_t)4 * 1024 * 1024)
#define JOURNAL_FLAGS (O_RDWR | O_APPEND | O_NOFOLLOW | O_CLOEXEC)
#define MAX_JOURNAL_BYTES ((size_t)1024 * 1024 * 1024)

/* FOLDER/SUBFOLDER[/NAME]; owned. */
static char *file_in(const struct state_place *place, const char *subfolder, const char *name,
                     struct bulla_error *err)
{
    return bulla_asprintf(err, "%s/%s%s%s", place->folder, subfolder, name == NULL ? "" : "/",
                          name == NULL ? "" : name);
}

/* The name for A and B in a folder: paths may be longer than file names, and hold anything. */
static bool hash_name(const char *a, const char *b, char ret_name[static HASH_NAME_CHARS + 1],
                      struct bulla_error *err)
{
    const struct bulla_bytes parts[] = {bulla_bytes(a, strlen(a) + 1), bulla_bytes_of(b)};
    uint8_t hash[32];
    prim_hash(hash, parts, sizeof parts / sizeof *parts);
    bulla_auto_buf text;
    bulla_buf_init(&text, 80);
    bulla_hex_encode(bulla_bytes(hash, sizeof hash), &text);
    if (!bulla_buf_ok(&text, err)) {
        return false;
    }
    memcpy(ret_name, text.data, HASH_NAME_CHARS);
    ret_name[HASH_NAME_CHARS] = '\0';
    return true;
}

static char *path_file(const struct state_place *place, struct bulla_error *err)
{
    char name[HASH_NAME_CHARS + 1];
    return hash_name(place->path, "", name, err) ? file_in(place, "paths", name, err) : NULL;
}

static char *heads_file(const struct state_place *place, struct bulla_error *err)
{
    char name[HASH_NAME_CHARS + 1];
    if (!hash_name(place->path, place->branch, name, err)) {
        return NULL;
    }
    bulla_auto_str folder = bulla_asprintf(err, "%s/heads", place->vault_id);
    return folder == NULL ? NULL : file_in(place, folder, name, err);
}

/* The whole of FILE; nothing where there is none. */
static bool read_memory(const char *file, size_t max, struct bulla_buf *text,
                        struct bulla_error *err)
{
    if (bulla_file_read(file, max, text, err)) {
        return true;
    }
    if (err->code != BULLA_E_MISSING) {
        return false;
    }
    bulla_error_clear(err);
    return true;
}

/* Takes the next line off *REST. */
static struct bulla_bytes next_line(struct bulla_bytes *rest)
{
    const uint8_t *end = memchr(rest->data, '\n', rest->len);
    size_t len = end == NULL ? rest->len : (size_t)(end - rest->data);
    struct bulla_bytes line = bulla_bytes(rest->data, len);
    *rest = bulla_bytes_slice(*rest, end == NULL ? len : len + 1, SIZE_MAX);
    return line;
}

static bool refuse_memory(const char *file, uint32_t line, struct bulla_error *err)
{
    (void)bulla_error_at(err, BULLA_E_SYNTAX, file, (struct bulla_pos){line, 1},
                         "not what bulla remembers");
    return bulla_error_hint(err, "remove the file; the vault is then met as for the first time");
}

/* The one "root ID" line of FILE. */
static bool read_root_file(const char *file, char ret_root[static STATE_ID_CHARS + 1],
                           struct bulla_error *err)
{
    ret_root[0] = '\0';
    bulla_auto_buf text;
    bulla_buf_init(&text, MAX_MEMORY_BYTES);
    if (!read_memory(file, MAX_MEMORY_BYTES, &text, err)) {
        return false;
    }
    struct bulla_bytes rest = bulla_buf_view(&text);
    uint32_t number = 0;
    while (rest.len > 0) {
        struct bulla_bytes line = next_line(&rest);
        number++;
        if (!bulla_bytes_start(line, "root ")) {
            continue;
        }
        struct bulla_bytes id = bulla_bytes_slice(line, strlen("root "), SIZE_MAX);
        if (id.len != STATE_ID_CHARS) {
            return refuse_memory(file, number, err);
        }
        memcpy(ret_root, id.data, STATE_ID_CHARS);
        ret_root[STATE_ID_CHARS] = '\0';
        return true;
    }
    return text.len == 0 || refuse_memory(file, 1, err);
}

bool state_read_root(const struct state_place *place, struct state_root *ret_root,
                     struct bulla_error *err)
{
    bulla_auto_str by_path = path_file(place, err);
    bulla_auto_str by_vault = by_path == NULL ? NULL : file_in(place, place->vault_id, "root", err);
    return by_vault != NULL && read_root_file(by_path, ret_root->by_path, err) &&
           read_root_file(by_vault, ret_root->by_vault, err);
}

/* PATH for people to read; a line break in it must not look like a line of ours. */
static void put_path(struct bulla_buf *text, const char *path)
{
    bulla_buf_puts(text, "path ");
    for (const char *at = path; *at != '\0'; at++) {
        bulla_buf_putc(text, (unsigned char)*at < ' ' ? '?' : (char)*at);
    }
    bulla_buf_putc(text, '\n');
}

static bool write_memory(const char *file, const struct bulla_buf *text, struct bulla_error *err)
{
    bulla_auto_str folder = bulla_path_dir(file, err);
    return folder != NULL && bulla_buf_ok(text, err) && bulla_dir_make(folder, FOLDER_MODE, err) &&
           bulla_file_replace(file, FILE_MODE, bulla_buf_view(text), err);
}

bool state_write_root(const struct state_place *place, const char *root, struct bulla_error *err)
{
    bulla_auto_str by_path = path_file(place, err);
    bulla_auto_str by_vault = by_path == NULL ? NULL : file_in(place, place->vault_id, "root", err);
    if (by_vault == NULL) {
        return false;
    }
    bulla_auto_buf text;
    bulla_buf_init(&text, MAX_MEMORY_BYTES);
    bulla_buf_printf(&text, "root %s\n", root);
    if (!write_memory(by_vault, &text, err)) {
        return false;
    }
    bulla_buf_printf(&text, "vault %s\n", place->vault_id);
    put_path(&text, place->path);
    return write_memory(by_path, &text, err);
}

struct heads {
    const char **ids;
    size_t count;
};

/* Adds the heads that TEXT, the content of FILE, has. */
static bool add_heads(const char *file, struct bulla_bytes text, struct pool *pool,
                      struct heads *heads, struct bulla_error *err)
{
    size_t room = heads->count + text.len / STATE_ID_CHARS + 1;
    const char **ids = pool_alloc(pool, room * sizeof *ids, err);
    if (ids == NULL) {
        return false;
    }
    for (size_t i = 0; i < heads->count; i++) {
        ids[i] = heads->ids[i];
    }
    heads->ids = ids;
    uint32_t number = 0;
    size_t before = heads->count;
    for (struct bulla_bytes rest = text; rest.len > 0;) {
        struct bulla_bytes line = next_line(&rest);
        number++;
        if (!bulla_bytes_start(line, "head ")) {
            continue;
        }
        struct bulla_bytes id = bulla_bytes_slice(line, strlen("head "), SIZE_MAX);
        if (id.len != STATE_ID_CHARS) {
            return refuse_memory(file, number, err);
        }
        ids[heads->count] = pool_strndup(pool, id.data, id.len, err);
        if (ids[heads->count++] == NULL) {
            return false;
        }
    }
    /* What has none was not written so: a file that a crash left full of zeros, for one. */
    return text.len == 0 || heads->count > before || refuse_memory(file, 1, err);
}

/* True where TEXT is of PLACE's branch and of a path in its working tree. */
static bool is_of_tree(const struct state_place *place, struct bulla_bytes text,
                       struct bulla_bytes tree)
{
    bool is_branch = false;
    bool is_below = false;
    while (text.len > 0) {
        struct bulla_bytes line = next_line(&text);
        is_branch =
            is_branch || (bulla_bytes_start(line, "branch ") &&
                          bulla_bytes_are(bulla_bytes_slice(line, 7, SIZE_MAX), place->branch));
        is_below = is_below || (line.len > tree.len && line.data[tree.len] == '/' &&
                                bulla_bytes_equal(bulla_bytes_slice(line, 0, tree.len), tree));
    }
    return is_branch && is_below;
}

static bool add_moved(const struct state_place *place, const char *file, struct pool *pool,
                      struct heads *heads, struct bulla_error *err)
{
    bulla_auto_buf tree;
    bulla_auto_buf text;
    bulla_buf_init(&tree, MAX_MEMORY_BYTES);
    bulla_buf_init(&text, MAX_MEMORY_BYTES);
    put_path(&tree, place->tree);
    bulla_buf_truncate(&tree, tree.len > 0 ? tree.len - 1 : 0);
    if (!bulla_buf_ok(&tree, err) || !read_memory(file, MAX_MEMORY_BYTES, &text, err)) {
        return false;
    }
    return !is_of_tree(place, bulla_buf_view(&text), bulla_buf_view(&tree)) ||
           add_heads(file, bulla_buf_view(&text), pool, heads, err);
}

/* What is remembered of the vault under other paths of its working tree. */
static bool find_moved(const struct state_place *place, struct pool *pool, struct heads *heads,
                       struct bulla_error *err)
{
    bulla_auto_str folder = bulla_asprintf(err, "%s/%s/heads", place->folder, place->vault_id);
    DIR *dir = folder == NULL ? NULL : opendir(folder);
    bool ok = folder != NULL;
    for (const struct dirent *entry = NULL; ok && dir != NULL && (entry = readdir(dir)) != NULL;) {
        if (strlen(entry->d_name) != HASH_NAME_CHARS) {
            continue;
        }
        bulla_auto_str file = bulla_path_join(folder, entry->d_name, err);
        ok = file != NULL && add_moved(place, file, pool, heads, err);
    }
    if (dir != NULL) {
        (void)closedir(dir);
    }
    return ok;
}

/* A commit that is checked out without a branch is often an older one. */
static bool is_detached(const struct state_place *place)
{
    return place->tree[0] != '\0' && place->branch[0] == '\0';
}

bool state_read_heads(const struct state_place *place, struct pool *pool,
                      const char *const **ret_heads, size_t *ret_count, struct bulla_error *err)
{
    struct heads heads = {0};
    *ret_heads = NULL;
    *ret_count = 0;
    if (is_detached(place)) {
        return true;
    }
    bulla_auto_str file = heads_file(place, err);
    bulla_auto_buf text;
    bulla_buf_init(&text, MAX_MEMORY_BYTES);
    if (file == NULL || !read_memory(file, MAX_MEMORY_BYTES, &text, err)) {
        return false;
    }
    bool is_new = text.len == 0 && place->tree[0] != '\0';
    if (!(is_new ? find_moved(place, pool, &heads, err)
                 : add_heads(file, bulla_buf_view(&text), pool, &heads, err))) {
        return false;
    }
    *ret_heads = heads.ids;
    *ret_count = heads.count;
    return true;
}

bool state_write_heads(const struct state_place *place, const char *const *heads, size_t count,
                       struct bulla_error *err)
{
    if (is_detached(place)) {
        return true;
    }
    bulla_auto_str file = heads_file(place, err);
    if (file == NULL) {
        return false;
    }
    bulla_auto_buf text;
    bulla_buf_init(&text, MAX_MEMORY_BYTES);
    for (size_t i = 0; i < count; i++) {
        bulla_buf_printf(&text, "head %s\n", heads[i]);
    }
    bulla_buf_puts(&text, "branch ");
    bulla_buf_puts(&text, place->branch);
    bulla_buf_putc(&text, '\n');
    put_path(&text, place->path);
    return write_memory(file, &text, err);
}

/* The last byte of FD, which has SIZE; a line end for an empty one. */
static bool read_last(int fd, off_t size, uint8_t *ret_last)
{
    ssize_t got = 1;
    *ret_last = '\n';
    do {
        got = size > 0 ? pread(fd, ret_last, 1, size - 1) : 1;
    } while (got < 0 && errno == EINTR);
    return got == 1;
}

static bool append_and_sync(int fd, const char *file, struct bulla_bytes lines,
                            struct bulla_error *err)
{
    /* A write that was cut short must not swallow the first of these lines. */
    uint8_t last = '\n';
    off_t size = lseek(fd, 0, SEEK_END);
    if (size < 0 || !read_last(fd, size, &last)) {
        return bulla_error_sys(err, file, "cannot read");
    }
    if (last != '\n' && !bulla_fd_write(fd, file, bulla_bytes_of("\n"), err)) {
        return false;
    }
    if (!bulla_fd_write(fd, file, lines, err)) {
        return false;
    }
    return fsync(fd) == 0 || bulla_error_sys(err, file, "cannot sync");
}

bool state_append_journal(const struct state_place *place, struct bulla_bytes lines,
                          struct bulla_error *err)
{
    bulla_auto_str folder = file_in(place, place->vault_id, NULL, err);
    bulla_auto_str file = folder == NULL ? NULL : file_in(place, place->vault_id, "journal", err);
    if (file == NULL || !bulla_dir_make(folder, FOLDER_MODE, err)) {
        return err->sys_errno != 0
                   ? bulla_error_hint(err, "the journal of what was written would be there, so "
                                           "nothing was: XDG_STATE_HOME names another folder")
                   : false;
    }
    int fd = open(file, JOURNAL_FLAGS);
    if (fd < 0 && errno == ENOENT) {
        /* Made durably first, so that the lines that follow are not lost with the folder's entry.
         */
        if (!bulla_file_create(file, FILE_MODE, bulla_bytes("", 0), err) &&
            err->code != BULLA_E_REFUSED) {
            return false;
        }
        bulla_error_clear(err);
        fd = open(file, JOURNAL_FLAGS);
    }
    if (fd < 0) {
        return bulla_error_sys(err, file, "cannot open the journal");
    }
    bool ok = append_and_sync(fd, file, lines, err);
    (void)close(fd);
    return ok;
}

bool state_read_journal(const struct state_place *place, struct bulla_buf *text,
                        struct bulla_error *err)
{
    bulla_auto_str file = file_in(place, place->vault_id, "journal", err);
    return file != NULL && read_memory(file, MAX_JOURNAL_BYTES, text, err);
}
