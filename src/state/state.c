#include "state/state.h"

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
static bool hash_name(const char *a, const char *b, char ret_name[static 65],
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
    memcpy(ret_name, text.data, 64);
    ret_name[64] = '\0';
    return true;
}

static char *path_file(const struct state_place *place, struct bulla_error *err)
{
    char name[65];
    return hash_name(place->path, "", name, err) ? file_in(place, "paths", name, err) : NULL;
}

static char *heads_file(const struct state_place *place, struct bulla_error *err)
{
    char name[65];
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
static void put_path(struct bulla_buf *text, const struct state_place *place)
{
    bulla_buf_puts(text, "path ");
    for (const char *at = place->path; *at != '\0'; at++) {
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
    put_path(&text, place);
    return write_memory(by_path, &text, err);
}

bool state_read_heads(const struct state_place *place, struct pool *pool,
                      const char *const **ret_heads, size_t *ret_count, struct bulla_error *err)
{
    bulla_auto_str file = heads_file(place, err);
    bulla_auto_buf text;
    bulla_buf_init(&text, MAX_MEMORY_BYTES);
    if (file == NULL || !read_memory(file, MAX_MEMORY_BYTES, &text, err)) {
        return false;
    }
    const char **heads = pool_alloc(pool, (text.len / STATE_ID_CHARS + 1) * sizeof *heads, err);
    if (heads == NULL) {
        return false;
    }
    size_t count = 0;
    uint32_t number = 0;
    for (struct bulla_bytes rest = bulla_buf_view(&text); rest.len > 0;) {
        struct bulla_bytes line = next_line(&rest);
        number++;
        if (!bulla_bytes_start(line, "head ")) {
            continue;
        }
        struct bulla_bytes id = bulla_bytes_slice(line, strlen("head "), SIZE_MAX);
        if (id.len != STATE_ID_CHARS) {
            return refuse_memory(file, number, err);
        }
        heads[count] = pool_strndup(pool, id.data, id.len, err);
        if (heads[count++] == NULL) {
            return false;
        }
    }
    *ret_heads = heads;
    *ret_count = count;
    return true;
}

bool state_write_heads(const struct state_place *place, const char *const *heads, size_t count,
                       struct bulla_error *err)
{
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
    put_path(&text, place);
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
        return false;
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
