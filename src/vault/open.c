#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "bulla/file.h"
#include "bulla/limits.h"
#include "bulla/mem.h"
#include "crypto/prim.h"
#include "vault/judge.h"
#include "vault/lines.h"
#include "vault/memory.h"
#include "vault/seal.h"
#include "vault/write.h"

#include "base/banned.h"

#define LOCK_TRIES 500 /* in which nobody writes */
#define LOCK_TRIES_IN_ALL 30000
#define LOCK_PAUSE_NANOSECONDS 20000000
#define READ_BYTES ((size_t)64 * 1024)
#define MAX_HEADER_BYTES ((size_t)256)

static bool start_tables(struct bulla_vault *vault, struct bulla_error *err)
{
    return intern_init(&vault->members, 16, err) && intern_init(&vault->names, 64, err) &&
           intern_init(&vault->keyids, 16, err) && intern_init(&vault->signs, 16, err);
}

/* A copy of the descriptor has the same lock, which ends with the last of them. */
static bool share_lock(struct bulla_vault *vault, const struct bulla_vault_place *place,
                       struct bulla_error *err)
{
    if (place->beside == NULL) {
        return true;
    }
    vault->lock = fcntl(place->beside->lock, F_DUPFD_CLOEXEC, 0);
    return vault->lock >= 0 || bulla_error_sys(err, vault->path, "cannot share a lock");
}

struct bulla_vault *vault_new(const struct bulla_vault_place *place, enum bulla_vault_access access,
                              struct bulla_error *err)
{
    if (!bulla_init(err)) {
        return NULL;
    }
    struct bulla_vault *vault = bulla_alloc(1, sizeof *vault, err);
    if (vault == NULL) {
        return NULL;
    }
    vault->access = access;
    vault->identities = place->identities;
    vault->lock = -1;
    vault->note = "";
    vault->tip = NONE;
    vault->epoch = NONE;
    bulla_buf_init(&vault->text, BULLA_MAX_VAULT_BYTES + READ_BYTES);
    bulla_buf_init(&vault->header, MAX_HEADER_BYTES);
    bulla_buf_init(&vault->written, BULLA_MAX_VAULT_BYTES);
    vault->pool = pool_new(err);
    vault->path = vault->pool == NULL ? NULL : bulla_strdup(place->path, err);
    size_t identities = place->identities == NULL ? 0 : bulla_identities_count(place->identities);
    vault->authors =
        vault->path == NULL ? NULL : bulla_alloc(identities, sizeof *vault->authors, err);
    if (vault->authors == NULL || !start_tables(vault, err) || !share_lock(vault, place, err)) {
        bulla_vault_close(vault);
        return NULL;
    }
    return vault;
}

/*
 * Whether a file took its place in FOLDER since *TIME, which is brought up to date. Many who write
 * one after another are waited for, one who holds the lock and does nothing is not.
 */
static bool was_written_since(int folder, struct timespec *time)
{
    struct stat st;
    if (fstat(folder, &st) != 0 ||
        (st.st_mtim.tv_sec == time->tv_sec && st.st_mtim.tv_nsec == time->tv_nsec)) {
        return false;
    }
    *time = st.st_mtim;
    return true;
}

/* Takes the lock of the open FOLDER, which is called NAME. */
static bool wait_for_lock(int folder, const char *name, struct bulla_error *err)
{
    struct timespec written = {0, 0};
    unsigned idle = 0;
    for (unsigned i = 0; i < LOCK_TRIES_IN_ALL && idle < LOCK_TRIES; i++) {
        if (flock(folder, LOCK_EX | LOCK_NB) == 0) {
            return true;
        }
        if (errno != EWOULDBLOCK && errno != EINTR) {
            return bulla_error_sys(err, name, "cannot lock");
        }
        idle = was_written_since(folder, &written) ? 0 : idle + 1;
        (void)nanosleep(&(struct timespec){0, LOCK_PAUSE_NANOSECONDS}, NULL);
    }
    (void)bulla_error_at(err, BULLA_E_IO, name, (struct bulla_pos){0, 0},
                         "another program is writing here");
    return bulla_error_hint(err, "wait for the other bulla to end, then run this again");
}

void bulla_vault_close(struct bulla_vault *vault)
{
    if (vault == NULL) {
        return;
    }
    if (vault->lock >= 0) {
        (void)close(vault->lock);
    }
    bulla_arena_free(vault->arena);
    bulla_buf_release(&vault->text);
    bulla_buf_release(&vault->original);
    bulla_buf_release(&vault->header);
    bulla_buf_release(&vault->written);
    intern_release(&vault->ids);
    intern_release(&vault->members);
    intern_release(&vault->names);
    intern_release(&vault->keyids);
    intern_release(&vault->signs);
    mend_free(vault->mend);
    pool_free(vault->judged);
    pool_free(vault->pool);
    bulla_free(vault->records);
    bulla_free(vault->copies);
    bulla_free(vault->sign_keys);
    bulla_free(vault->reach.bits);
    bulla_free(vault->plain);
    bulla_free(vault->epoch_secrets);
    bulla_free(vault->authors);
    bulla_free(vault->path);
    bulla_free(vault->state_folder);
    bulla_free(vault->absolute);
    bulla_free(vault->branch);
    bulla_free(vault->tree);
    bulla_free(vault);
}

/* -1 on failure. A link could lead to a folder that no review and no memory knows of. */
static int open_folder(const char *folder, struct bulla_error *err)
{
    struct stat st;
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd >= 0) {
        return fd;
    }
    int number = errno;
    if (lstat(folder, &st) == 0 && S_ISLNK(st.st_mode)) {
        (void)bulla_error_at(err, BULLA_E_INVALID, folder, (struct bulla_pos){0, 0},
                             "the folder of a vault is a symbolic link");
        (void)bulla_error_hint(err, "put the folder itself there");
    } else {
        errno = number;
        (void)bulla_error_sys(err, folder, "cannot open the folder");
    }
    return -1;
}

bool vault_lock(struct bulla_vault *vault, struct bulla_error *err)
{
    if (vault->lock >= 0) {
        return true;
    }
    bulla_auto_str folder = bulla_path_dir(vault->path, err);
    vault->lock = folder == NULL ? -1 : open_folder(folder, err);
    if (vault->lock < 0) {
        return false;
    }
    struct stat st;
    if (!wait_for_lock(vault->lock, folder, err)) {
        return false;
    }
    /* The lock of a folder that is gone keeps nobody from the one that has its name now. */
    if (fstat(vault->lock, &st) == 0 && st.st_nlink > 0) {
        return true;
    }
    (void)bulla_error_at(err, BULLA_E_IO, folder, (struct bulla_pos){0, 0},
                         "was removed by another program meanwhile");
    return bulla_error_hint(err, "run this again");
}

bool bulla_vault_read_file(const char *path, struct bulla_buf *text, struct bulla_error *err)
{
    bulla_auto_str name = bulla_path_dir(path, err);
    int folder = name == NULL ? -1 : open_folder(name, err);
    if (folder < 0) {
        return false;
    }
    int fd = openat(folder, bulla_path_base(path),
                    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    int number = errno;
    (void)close(folder);
    errno = number;
    if (fd < 0 && errno == ELOOP) {
        (void)bulla_error_at(err, BULLA_E_INVALID, path, (struct bulla_pos){1, 1},
                             "a vault is a file, not a symbolic link");
        return bulla_error_hint(err, "put the file itself there");
    }
    if (fd < 0) {
        return bulla_error_sys(err, path, "cannot open");
    }
    struct stat st;
    bool ok = fstat(fd, &st) == 0;
    if (!ok) {
        (void)bulla_error_sys(err, path, "cannot look at");
    } else if (!S_ISREG(st.st_mode)) {
        ok = bulla_error_at(err, BULLA_E_INVALID, path, (struct bulla_pos){1, 1},
                            "is not a regular file");
    } else if ((uintmax_t)st.st_size > BULLA_MAX_VAULT_BYTES) {
        ok = bulla_error_at(err, BULLA_E_LIMIT, path, (struct bulla_pos){0, 0},
                            "larger than the %zu bytes that we read", BULLA_MAX_VAULT_BYTES);
    } else {
        /* Room for one read more, which finds the end: nothing moves. */
        ok = bulla_buf_reserve(text, (size_t)st.st_size + READ_BYTES) != NULL
                 ? bulla_fd_read(fd, path, BULLA_MAX_VAULT_BYTES, text, err)
                 : bulla_buf_ok(text, err);
    }
    (void)close(fd);
    return ok;
}

/* Whether the identities open anything is known from the epoch in use, or any other. */
static bool try_keys(struct bulla_vault *vault, struct bulla_error *err)
{
    const uint8_t *secret = NULL;
    size_t count = vault->identities == NULL ? 0 : vault->keyids.count;
    if (count > 0 && vault->epoch != NONE &&
        seal_open_epoch(vault, vault->records[vault->epoch].subject, &secret, err)) {
        return true;
    }
    for (size_t i = 0; i < count && err->code != BULLA_E_NOMEM && vault->closed.code == BULLA_OK;
         i++) {
        if (seal_open_epoch(vault, (uint32_t)i, &secret, err)) {
            break;
        }
    }
    if (err->code == BULLA_E_NOMEM) {
        return false;
    }
    bulla_error_clear(err);
    return true;
}

static bool read_content(struct bulla_vault *vault, const struct bulla_vault_place *place,
                         struct bulla_error *err)
{
    if (place->text.data == NULL) {
        return bulla_vault_read_file(vault->path, &vault->text, err);
    }
    if (place->text.len > BULLA_MAX_VAULT_BYTES) {
        return bulla_error_at(err, BULLA_E_LIMIT, vault->path, (struct bulla_pos){0, 0},
                              "larger than the %zu bytes that we read", BULLA_MAX_VAULT_BYTES);
    }
    bulla_buf_add_bytes(&vault->text, place->text);
    return bulla_buf_ok(&vault->text, err);
}

static bool open_file(struct bulla_vault *vault, const struct bulla_vault_place *place,
                      struct bulla_error *err)
{
    if (vault->access == BULLA_VAULT_WRITE && !vault_lock(vault, err)) {
        return false;
    }
    if (!read_content(vault, place, err) || !vault_read_text(vault, place->environment, err) ||
        !memory_load(vault, place, err) || !vault_judge(vault, err) ||
        !memory_check_root(vault, place, err) || !memory_check_heads(vault, err)) {
        return false;
    }
    /* A vault whose root is not known leaves no trace here. */
    if (vault->access == BULLA_VAULT_VERIFY && (!vault->root_is_new || place->trust_new_root)) {
        memory_keep_heads(vault);
    }
    return try_keys(vault, err);
}

void vault_add_remedy(const struct bulla_vault_place *place, struct bulla_error *err)
{
    struct bulla_error ignored = BULLA_ERROR_INIT;
    if (place->text.data != NULL || err->hint[0] != '\0' || err->code == BULLA_E_NOMEM ||
        err->code == BULLA_E_IO || err->code == BULLA_E_MISSING) {
        return;
    }
    bulla_auto_str word = bulla_word(place->path, &ignored);
    if (word != NULL) {
        (void)bulla_error_hint(err,
                               "git restore %s brings back what was committed, then bulla restore "
                               "what was written here since",
                               word);
    }
}

struct bulla_vault *bulla_vault_open(const struct bulla_vault_place *place,
                                     enum bulla_vault_access access, struct bulla_error *err)
{
    struct bulla_vault *vault = vault_new(place, access, err);
    if (vault != NULL && !open_file(vault, place, err)) {
        bulla_vault_close(vault);
        vault_add_remedy(place, err);
        return NULL;
    }
    return vault;
}

const char *bulla_vault_root(const struct bulla_vault *vault)
{
    return vault->records[vault->graph.root].id;
}

const char *bulla_vault_id(const struct bulla_vault *vault)
{
    return vault->vault_id;
}

bool bulla_vault_root_is_new(const struct bulla_vault *vault)
{
    return vault->root_is_new;
}

const char *bulla_vault_note(const struct bulla_vault *vault)
{
    return vault->note;
}

struct bulla_vault_figures bulla_vault_figures(const struct bulla_vault *vault)
{
    return (struct bulla_vault_figures){
        .records = vault->count,
        .bytes = vault->text.len,
        .heads = vault->graph.head_count,
        .signatures_checked = vault->signatures_checked,
    };
}

bool vault_find_version(const struct bulla_vault *vault, const char *name, uint32_t number,
                        uint32_t *ret_record, struct bulla_error *err)
{
    uint32_t found = intern_find(&vault->names, bulla_bytes_of(name));
    if (found == NONE || found >= vault->name_count) {
        return bulla_error_at(err, BULLA_E_MISSING, vault->path, (struct bulla_pos){0, 0},
                              "no secret '%s'", name);
    }
    const struct name *secret = &vault->secrets[found];
    if (number == 0 && secret->contested) {
        (void)bulla_error_at(err, BULLA_E_REFUSED, vault->path, (struct bulla_pos){0, 0},
                             "'%s' is contested: branches disagree, or its last author lost the "
                             "right to write",
                             name);
        return bulla_error_hint(err, "'bulla resolve %s' compares the versions and settles it",
                                name);
    }
    if (number == 0) {
        *ret_record = secret->current;
        return secret->current != NONE ||
               bulla_error_at(err, BULLA_E_MISSING, vault->path, (struct bulla_pos){0, 0},
                              "'%s' has no value", name);
    }
    uint32_t match = NONE;
    for (uint32_t i = 0; i < secret->version_count; i++) {
        uint32_t record = vault->versions[secret->first_version + i];
        if (vault->records[record].t.version != number) {
            continue;
        }
        if (match != NONE) {
            (void)bulla_error_at(err, BULLA_E_REFUSED, vault->path, (struct bulla_pos){0, 0},
                                 "'%s' has two versions %u, made on two branches", name, number);
            return bulla_error_hint(err, "name it by its id: 'bulla history -v %s'", name);
        }
        match = record;
    }
    *ret_record = match;
    return match != NONE ||
           bulla_error_at(err, BULLA_E_MISSING, vault->path, (struct bulla_pos){0, 0},
                          "'%s' has no version %u", name, number);
}

bool bulla_vault_get(struct bulla_vault *vault, const char *name, uint32_t number,
                     struct bulla_bytes *ret_value, struct bulla_error *err)
{
    uint32_t record = NONE;
    return write_settle(vault, err) && vault_find_version(vault, name, number, &record, err) &&
           seal_open_value(vault, record, ret_value, err);
}

bool bulla_vault_get_by_id(struct bulla_vault *vault, const char *id, struct bulla_bytes *ret_value,
                           struct bulla_error *err)
{
    if (!write_settle(vault, err)) {
        return false;
    }
    uint32_t record = intern_find(&vault->ids, bulla_bytes_of(id));
    if (record == NONE || record >= vault->judged_count ||
        vault->records[record].t.kind != RECORD_SET) {
        return bulla_error_at(err, BULLA_E_MISSING, vault->path, (struct bulla_pos){0, 0},
                              "no version with the id '%s'", id);
    }
    return seal_open_value(vault, record, ret_value, err);
}
