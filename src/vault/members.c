/* Members, epochs and grants: what admins write (docs/vault.5.md 8 and 10). */
#include <stdlib.h>
#include <string.h>

#include "bulla/codec.h"
#include "bulla/limits.h"
#include "bulla/mem.h"
#include "crypto/prim.h"
#include "vault/judge.h"
#include "vault/seal.h"
#include "vault/write.h"

#include "base/banned.h"

/* Longer than the grammar takes, so that it is the grammar that refuses. */
#define MAX_META_TEXT ((size_t)2 * BULLA_MAX_META_BYTES)

#define MAX_RECIPIENTS 16

/* The recipients that the last words on PERSON give him, decoded into POOL. */
static bool list_recipients(struct bulla_vault *vault, uint32_t person,
                            const char *ret_recipients[static MAX_RECIPIENTS], size_t *ret_count,
                            struct bulla_error *err)
{
    const struct person *member = &vault->people[person];
    *ret_count = 0;
    for (uint32_t i = 0; i < member->about_count && *ret_count < MAX_RECIPIENTS; i++) {
        const struct record *status = &vault->records[member->about[i].record];
        bool last = status->counts == 1;
        for (uint32_t j = 0; j < member->about_count && last; j++) {
            const struct record *later = &vault->records[member->about[j].record];
            last = !(later->counts == 1 && reach_is_above(vault, status->tracked, later));
        }
        if (!last) {
            continue;
        }
        /* A hand-over says nothing of keys: the giver keeps those that he had. */
        const struct record *with =
            status->subject == person ? status : &vault->records[status->gave];
        struct bulla_bytes value = record_value(&with->t, META_RECIPIENT);
        char *text = pool_alloc(vault->pool, value.len + 1, err);
        if (text == NULL) {
            return false;
        }
        text[record_meta_decode(value, text)] = '\0';
        ret_recipients[(*ret_count)++] = text;
    }
    return true;
}

static bool write_grant(struct bulla_vault *vault, uint32_t epoch, uint32_t person, int64_t now,
                        struct bulla_error *err)
{
    const char *recipients[MAX_RECIPIENTS];
    size_t count = 0;
    if (!list_recipients(vault, person, recipients, &count, err)) {
        return false;
    }
    const struct draft grant = {.kind = RECORD_GRANT,
                                .subject = vault->members.entries[person].text,
                                .epoch = epoch,
                                .now = now,
                                .recipients = recipients,
                                .recipient_count = count};
    return write_record(vault, &grant, err) ||
           bulla_error_while(err, "granting to '%s'", vault->members.entries[person].text);
}

bool members_start_epoch(struct bulla_vault *vault, const char *why, int64_t now,
                         uint32_t *ret_epoch, struct bulla_error *err)
{
    bulla_auto_secret secret = bulla_secret_new(PRIM_KEY_BYTES, err);
    if (secret == NULL) {
        return false;
    }
    uint8_t *bytes = bulla_secret_room(secret);
    prim_random(bytes, PRIM_KEY_BYTES);
    char commitment[TEXT_ID_CHARS + 1];
    char keyid[TEXT_KEYID_CHARS + 1];
    seal_commitment(bytes, commitment);
    memcpy(keyid, commitment, TEXT_KEYID_CHARS);
    keyid[TEXT_KEYID_CHARS] = '\0';
    bulla_auto_buf meta;
    bulla_buf_init(&meta, MAX_META_TEXT);
    record_meta_put(&meta, 0, META_COMMIT, bulla_bytes_of(commitment));
    if (why != NULL) {
        record_meta_put(&meta, 0, META_WHY, bulla_bytes_of(why));
    }
    if (!bulla_buf_ok(&meta, err)) {
        return false;
    }
    const struct draft key = {.kind = RECORD_KEY,
                              .subject = keyid,
                              .epoch = NONE,
                              .meta = bulla_buf_view(&meta),
                              .now = now};
    if (!write_record(vault, &key, err)) {
        return false;
    }
    *ret_epoch = intern_find(&vault->keyids, bulla_bytes_of(keyid));
    if (!seal_keep_epoch(vault, *ret_epoch, bytes, err)) {
        return false;
    }
    for (uint32_t i = 0; i < vault->members.count; i++) {
        if (vault->people[i].last.role != ROLE_NONE &&
            !write_grant(vault, *ret_epoch, i, now, err)) {
            return false;
        }
    }
    return true;
}

/* True when a grant of EPOCH to PERSON is newer than the last words on him. */
static bool has_grant(const struct bulla_vault *vault, const struct key *key, uint32_t person)
{
    const struct person *member = &vault->people[person];
    for (uint32_t i = 0; i < key->grant_count; i++) {
        const struct record *grant = &vault->records[vault->grants[key->first_grant + i]];
        bool newer = grant->subject == person;
        for (uint32_t j = 0; j < member->about_count && newer; j++) {
            const struct record *status = &vault->records[member->about[j].record];
            newer = status->counts != 1 || reach_is_above(vault, status->tracked, grant);
        }
        if (newer) {
            return true;
        }
    }
    return false;
}

/* Which epochs everybody needs: those that are open or seal a version that is not retired. */
static uint8_t *find_needed(const struct bulla_vault *vault, struct bulla_error *err)
{
    uint8_t *needed = bulla_alloc(vault->keyids.count, sizeof *needed, err);
    for (size_t i = 0; needed != NULL && i < vault->keyids.count; i++) {
        needed[i] = vault->keys[i].open;
    }
    for (size_t i = 0; needed != NULL && i < vault->count; i++) {
        const struct record *record = &vault->records[i];
        if (record->t.kind == RECORD_SET && record->state != BULLA_VERSION_RETIRED) {
            needed[vault->records[record->epoch].subject] = 1;
        }
    }
    return needed;
}

/* Adds the grants that are missing, in a step that goes on; the vault has been judged. */
static bool complete_grants(struct bulla_vault *vault, int64_t now, struct bulla_error *err)
{
    size_t epochs = vault->keyids.count;
    uint8_t *needed = find_needed(vault, err);
    bool ok = needed != NULL;
    for (uint32_t i = 0; i < epochs && ok; i++) {
        const uint8_t *secret = NULL;
        for (uint32_t j = 0; j < vault->members.count && ok && needed[i] != 0; j++) {
            if (vault->people[j].last.role == ROLE_NONE || has_grant(vault, &vault->keys[i], j)) {
                continue;
            }
            ok = seal_open_epoch(vault, i, &secret, err) && write_grant(vault, i, j, now, err);
        }
    }
    bulla_free(needed);
    return ok;
}

static bool check_why(const char *why, struct bulla_error *err)
{
    for (const char *at = why == NULL ? "" : why; *at != '\0'; at++) {
        if ((unsigned char)*at < ' ' || *at == 0x7F) {
            return bulla_error(err, BULLA_E_INVALID, "the reason has control characters");
        }
    }
    return why == NULL || (why[0] != '\0' && strlen(why) <= BULLA_MAX_META_BYTES / 4) ||
           bulla_error(err, BULLA_E_INVALID, "the reason is empty or too long");
}

static bool check_sign(enum role role, const char *sign, struct bulla_error *err)
{
    uint8_t key[32];
    size_t len = 0;
    if (sign == NULL) {
        return role == ROLE_READER || bulla_error(err, BULLA_E_INVALID, "a %s needs a signing key",
                                                  record_role_name(role));
    }
    if (!text_is_id(bulla_bytes_of(sign)) ||
        !bulla_base64_decode(BULLA_BASE64_UNPADDED, bulla_bytes_of(sign), key, sizeof key, &len) ||
        !prim_sign_public_is_valid(key)) {
        return bulla_error(err, BULLA_E_INVALID, "'%s' is no signing key", sign);
    }
    return true;
}

/* To the refusal of a change of the owner, NAME, by others: not to ask him may be the point. */
static bool hint_lost_owner(const struct bulla_vault *vault, const char *name,
                            struct bulla_error *err)
{
    uint32_t person = intern_find(&vault->members, bulla_bytes_of(name));
    bool is_owner = person != NONE && vault->people[person].last.role == ROLE_OWNER;
    return is_owner && err->code == BULLA_E_REFUSED
               ? bulla_error_hint(err,
                                  "only '%s' himself can; where his identity is lost, an "
                                  "admin can add him under another name",
                                  name)
               : false;
}

/* What would not count is not written: an admin has no say over admins and the owner. */
static bool check_subject(const struct bulla_vault *vault, const char *name,
                          struct bulla_error *err)
{
    uint32_t me = intern_find(&vault->members, bulla_bytes_of(vault->author));
    uint32_t person = intern_find(&vault->members, bulla_bytes_of(name));
    enum role his = person == NONE ? ROLE_NONE : vault->people[person].last.role;
    if (his < ROLE_ADMIN || (vault->people[me].last.role == ROLE_OWNER && person != me)) {
        return true;
    }
    (void)bulla_error_at(err, BULLA_E_REFUSED, vault->path, (struct bulla_pos){0, 0}, "'%s' is %s",
                         name, his == ROLE_OWNER ? "the owner" : "an admin");
    return his == ROLE_OWNER
               ? bulla_error_hint(
                     err, "the owner has to make somebody else the owner first; where his identity "
                          "is lost, an admin can add him under another name")
               : bulla_error_hint(err, "only the owner changes or removes admins");
}

static bool write_member(struct bulla_vault *vault, const char *name, enum role role,
                         const char *recipient, const char *sign, int64_t now,
                         struct bulla_error *err)
{
    bulla_auto_buf meta;
    bulla_buf_init(&meta, BULLA_MAX_META_BYTES);
    record_meta_put(&meta, 0, META_RECIPIENT, bulla_bytes_of(recipient));
    record_meta_put(&meta, 0, META_ROLE, bulla_bytes_of(record_role_name(role)));
    if (sign != NULL) {
        record_meta_put(&meta, 0, META_SIGN, bulla_bytes_of(sign));
    }
    if (!bulla_buf_ok(&meta, err)) {
        return false;
    }
    const struct draft draft = {.kind = RECORD_MEMBER,
                                .subject = name,
                                .epoch = NONE,
                                .meta = bulla_buf_view(&meta),
                                .now = now};
    return (write_record(vault, &draft, err) || write_fail(vault)) && write_end(vault, err);
}

bool bulla_vault_member_set(struct bulla_vault *vault, const char *name,
                            enum bulla_member_role role, const char *recipient, const char *sign,
                            int64_t now, struct bulla_error *err)
{
    enum role given = (enum role)role;
    if (!text_is_member(bulla_bytes_of(name))) {
        return bulla_error(err, BULLA_E_INVALID,
                           "'%s' is no name for a member: lower case letters, digits and '-'",
                           name);
    }
    bulla_auto_str kept = bulla_recipient_text(recipient, err);
    if (kept == NULL || !check_sign(given, sign, err)) {
        return false;
    }
    if (!write_begin(vault, given >= ROLE_ADMIN ? ROLE_OWNER : ROLE_ADMIN,
                     given >= ROLE_ADMIN ? "make somebody an admin" : "add a member", err)) {
        return hint_lost_owner(vault, name, err);
    }
    if ((given != ROLE_OWNER && !check_subject(vault, name, err)) ||
        !write_member(vault, name, given, kept, sign, now, err)) {
        return false;
    }
    /* Where he gave himself other keys, the grants are the new ones' to sign. */
    if (!write_begin(vault, ROLE_ADMIN, "grant keys", err)) {
        (void)bulla_error_hint(err, "put the new identity beside the old one and run this again");
        return write_fail(vault);
    }
    return (complete_grants(vault, now, err) || write_fail(vault)) && write_end(vault, err);
}

/* A new epoch for who is a member now, and the grants that others lack, all in this step. */
static bool renew_epoch(struct bulla_vault *vault, const char *why, int64_t now,
                        struct bulla_error *err)
{
    uint32_t epoch = NONE;
    return (members_start_epoch(vault, why, now, &epoch, err) || write_fail(vault)) &&
           write_end(vault, err) && (complete_grants(vault, now, err) || write_fail(vault)) &&
           write_end(vault, err);
}

bool bulla_vault_member_remove(struct bulla_vault *vault, const char *name, const char *why,
                               int64_t now, struct bulla_error *err)
{
    if (!check_why(why, err) || !write_begin(vault, ROLE_ADMIN, "remove a member", err)) {
        return false;
    }
    uint32_t person = intern_find(&vault->members, bulla_bytes_of(name));
    if (person == NONE || vault->people[person].last.role == ROLE_NONE) {
        return bulla_error_at(err, BULLA_E_MISSING, vault->path, (struct bulla_pos){0, 0},
                              "no member '%s'", name);
    }
    if (!check_subject(vault, name, err)) {
        return false;
    }
    bulla_auto_buf meta;
    bulla_buf_init(&meta, MAX_META_TEXT);
    if (why != NULL) {
        record_meta_put(&meta, 0, META_WHY, bulla_bytes_of(why));
    }
    if (!bulla_buf_ok(&meta, err)) {
        return false;
    }
    const struct draft draft = {.kind = RECORD_UNMEMBER,
                                .subject = name,
                                .epoch = NONE,
                                .meta = bulla_buf_view(&meta),
                                .now = now};
    if (!write_record(vault, &draft, err)) {
        return write_fail(vault);
    }
    return write_end(vault, err) && renew_epoch(vault, NULL, now, err);
}

bool bulla_vault_grant_missing(struct bulla_vault *vault, int64_t now, size_t *ret_count,
                               struct bulla_error *err)
{
    size_t before = vault->count;
    if (!write_begin(vault, ROLE_ADMIN, "grant keys", err)) {
        return false;
    }
    if (!complete_grants(vault, now, err)) {
        return write_fail(vault);
    }
    *ret_count = vault->count - before;
    return *ret_count == 0 || write_end(vault, err);
}

bool bulla_vault_rekey(struct bulla_vault *vault, const char *why, int64_t now,
                       struct bulla_error *err)
{
    return check_why(why, err) && write_begin(vault, ROLE_ADMIN, "start a new key", err) &&
           renew_epoch(vault, why, now, err);
}
