#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "bulla/codec.h"
#include "bulla/file.h"
#include "bulla/limits.h"
#include "bulla/mem.h"
#include "crypto/prim.h"
#include "vault/lines.h"
#include "vault/memory.h"
#include "vault/seal.h"
#include "vault/write.h"

#include "base/banned.h"

/* The vault is committed to git, where everybody may read it. */
#define FILE_MODE 0644
#define FOLDER_MODE 0755

/* What will be on disk has to read back as what is here: the last check before anything is touched.
 */
static bool check_text(const struct bulla_vault *vault, const struct bulla_buf *text,
                       struct bulla_error *err)
{
    const struct bulla_vault_place place = {.path = vault->path};
    bulla_auto_vault again = vault_new(&place, BULLA_VAULT_READ, err);
    if (again == NULL) {
        return false;
    }
    bulla_buf_add_bytes(&again->text, bulla_buf_view(text));
    if (!bulla_buf_ok(&again->text, err) || !vault_read_text(again, vault->environment, err)) {
        return false;
    }
    bool same = again->count == vault->count;
    for (size_t i = 0; i < vault->count && same; i++) {
        same = intern_find(&again->ids, bulla_bytes_of(vault->records[i].id)) != NONE;
    }
    return same || bulla_error(err, BULLA_E_BUG, "the new text does not hold every record");
}

static bool refuse_changed(const struct bulla_vault *vault, struct bulla_error *err)
{
    (void)bulla_error_at(err, BULLA_E_REFUSED, vault->path, (struct bulla_pos){0, 0},
                         "the file was changed by another program meanwhile");
    return bulla_error_hint(err, "run this again");
}

/* Git and editors know no lock of ours. */
static bool check_unchanged(const struct bulla_vault *vault, struct bulla_error *err)
{
    struct stat st;
    if (vault->fresh) {
        if (lstat(vault->path, &st) == 0) {
            return refuse_changed(vault, err);
        }
        return errno == ENOENT || bulla_error_sys(err, vault->path, "cannot look at");
    }
    bulla_auto_buf now;
    bulla_buf_init(&now, BULLA_MAX_VAULT_BYTES * 2);
    if (!bulla_vault_read_file(vault->path, &now, err)) {
        return false;
    }
    const struct bulla_buf *before = vault->written.len > 0    ? &vault->written
                                     : vault->original.len > 0 ? &vault->original
                                                               : &vault->text;
    return bulla_bytes_equal(bulla_buf_view(&now), bulla_buf_view(before)) ||
           refuse_changed(vault, err);
}

static bool journal_lines(const struct bulla_vault *vault, struct bulla_error *err)
{
    bulla_auto_buf lines;
    bulla_buf_init(&lines, BULLA_MAX_VAULT_BYTES);
    for (size_t i = 0; i < vault->count; i++) {
        const struct record *record = &vault->records[i];
        if (record->added && !record->restored) {
            bulla_buf_add(&lines, record->t.line, record->t.len);
            bulla_buf_putc(&lines, '\n');
        }
    }
    return bulla_buf_ok(&lines, err) && memory_journal(vault, bulla_buf_view(&lines), err);
}

bool bulla_vault_commit(struct bulla_vault *vault, struct bulla_error *err)
{
    if (!bulla_vault_batch_end(vault, err)) {
        return false;
    }
    if (vault->added == 0 && vault->original.len == 0) {
        return true;
    }
    bulla_auto_buf text;
    bulla_buf_init(&text, BULLA_MAX_VAULT_BYTES);
    if (!layout_format(vault, &text, err)) {
        return bulla_error_while(err, "writing the vault");
    }
    if (!check_text(vault, &text, err) || !check_unchanged(vault, err) ||
        !journal_lines(vault, err) ||
        !bulla_file_replace(vault->path, FILE_MODE, bulla_buf_view(&text), err)) {
        return false;
    }
    bulla_buf_release(&vault->original);
    bulla_buf_release(&vault->written);
    vault->written = text;
    bulla_buf_init(&text, 0);
    for (size_t i = 0; i < vault->count; i++) {
        vault->records[i].added = false;
    }
    vault->added = 0;
    if (vault->fresh) {
        memory_keep_root(vault);
    }
    vault->fresh = false;
    memory_keep_heads(vault);
    return true;
}

static bool write_root(struct bulla_vault *vault, int64_t now, struct bulla_error *err)
{
    bulla_auto_buf meta;
    bulla_buf_init(&meta, BULLA_MAX_META_BYTES);
    const char *recipient = bulla_identities_recipient(vault->identities, 0);
    if (recipient[0] == '\0') {
        recipient = bulla_identities_recipient(vault->identities, vault->identity);
    }
    record_meta_put(&meta, 0, META_RECIPIENT, bulla_bytes_of(recipient));
    record_meta_put(&meta, 0, META_ROLE, bulla_bytes_of(record_role_name(ROLE_OWNER)));
    record_meta_put(&meta, 0, META_SIGN, bulla_bytes_of(author_sign(vault, vault->identity)));
    if (!bulla_buf_ok(&meta, err)) {
        return false;
    }
    const struct draft root = {.kind = RECORD_ROOT,
                               .subject = vault->author,
                               .epoch = NONE,
                               .meta = bulla_buf_view(&meta),
                               .now = now};
    return write_record(vault, &root, err) && write_end(vault, err);
}

/* The first identity that signs: an ssh key, say, opens grants only. */
static bool find_signer(struct bulla_vault *vault, struct bulla_error *err)
{
    vault->identity = bulla_vault_signer(vault->identities, 0);
    if (vault->identity < bulla_identities_count(vault->identities)) {
        return true;
    }
    (void)bulla_error(err, BULLA_E_IDENTITY, "no identity here can sign what is written");
    return bulla_error_hint(err, "add an age key (AGE-SECRET-KEY-1…) to the identity file: 'bulla "
                                 "age keygen' makes one");
}

static bool create(struct bulla_vault *vault, const struct bulla_vault_place *place,
                   const char *owner, int64_t now, struct bulla_error *err)
{
    bulla_auto_str folder = bulla_path_dir(vault->path, err);
    struct stat st;
    if (!find_signer(vault, err) || folder == NULL || !bulla_dir_make(folder, FOLDER_MODE, err) ||
        !vault_lock(vault, err)) {
        return false;
    }
    if (lstat(vault->path, &st) == 0) {
        return bulla_error_at(err, BULLA_E_REFUSED, vault->path, (struct bulla_pos){0, 0},
                              "exists already");
    }
    uint8_t id[16];
    prim_random(id, sizeof id);
    bulla_buf_puts(&vault->text, "BULLA1 ");
    bulla_hex_encode(bulla_bytes(id, sizeof id), &vault->text);
    bulla_buf_printf(&vault->text, " %s\n", place->environment);
    if (!bulla_buf_ok(&vault->text, err) || !vault_read_text(vault, place->environment, err) ||
        !memory_load(vault, place, err)) {
        return false;
    }
    vault->fresh = true;
    vault->author = pool_strdup(vault->pool, owner, err);
    uint32_t epoch = NONE;
    return vault->author != NULL && write_root(vault, now, err) &&
           members_start_epoch(vault, NULL, now, &epoch, err) && write_end(vault, err);
}

struct bulla_vault *bulla_vault_create(const struct bulla_vault_place *place, const char *owner,
                                       int64_t now, struct bulla_error *err)
{
    if (place->identities == NULL || bulla_identities_count(place->identities) == 0) {
        (void)bulla_error(err, BULLA_E_IDENTITY, "a new vault needs an identity");
        (void)bulla_error_hint(err, "make one with 'bulla identity new'");
        return NULL;
    }
    if (!text_is_member(bulla_bytes_of(owner)) ||
        !text_is_member(bulla_bytes_of(place->environment))) {
        (void)bulla_error(err, BULLA_E_INVALID,
                          "'%s' and '%s' have to be names of lower case letters, digits and '-', "
                          "at most %d",
                          owner, place->environment, BULLA_MAX_MEMBER_BYTES);
        return NULL;
    }
    struct bulla_vault *vault = vault_new(place, BULLA_VAULT_WRITE, err);
    if (vault != NULL && !create(vault, place, owner, now, err)) {
        bulla_vault_close(vault);
        return NULL;
    }
    return vault;
}
