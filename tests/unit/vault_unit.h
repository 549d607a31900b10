/* A folder with a vault in it and people with identities, for the tests of src/vault. */
#ifndef BULLA_TESTS_VAULT_UNIT_H
#define BULLA_TESTS_VAULT_UNIT_H

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bulla/file.h"
#include "bulla/mem.h"
#include "bulla/vault.h"

#include "unit.h"

#define NOW INT64_C(1772360551) /* 2026-03-01T10:22:31Z */

enum { ALICE, BOB, CAROL, DORA, PEOPLE };

__attribute__((unused)) static const char *const people_names[PEOPLE] = {"alice", "bob", "carol",
                                                                         "dora"};

struct desk {
    char folder[64];
    char vault[128];
    char state[128];
    struct bulla_identities *identities[PEOPLE];
    struct bulla_error err;
};

#define assert_code(err, want)                                                                     \
    ck_assert_msg((err).code == (want), "code %d: %s:%u:%u: %s", (err).code, (err).file,           \
                  (err).pos.line, (err).pos.col, (err).message)

static inline struct desk desk_new(void)
{
    struct desk desk = {.folder = "/tmp/bulla-vault-XXXXXX", .err = BULLA_ERROR_INIT};
    ck_assert_ptr_nonnull(mkdtemp(desk.folder));
    (void)snprintf(desk.vault, sizeof desk.vault, "%s/.bulla/prod.vault", desk.folder);
    (void)snprintf(desk.state, sizeof desk.state, "%s/state", desk.folder);
    for (size_t i = 0; i < PEOPLE; i++) {
        bulla_auto_buf text;
        bulla_buf_init_secret(&text, 10000);
        char recipient[BULLA_AGE_RECIPIENT_CHARS + 1];
        assert_ok(bulla_identity_new(NOW, &text, recipient, &desk.err), desk.err);
        desk.identities[i] =
            bulla_identities_parse(bulla_buf_view(&text), people_names[i], &desk.err);
        assert_ok(desk.identities[i] != NULL, desk.err);
    }
    return desk;
}

static inline void desk_free(struct desk *desk)
{
    char command[160];
    for (size_t i = 0; i < PEOPLE; i++) {
        bulla_identities_free(desk->identities[i]);
    }
    (void)snprintf(command, sizeof command, "rm -rf '%s'", desk->folder);
    ck_assert_int_eq(system(command), 0);
}

#define auto_desk BULLA_AUTO(desk_free) struct desk

/* PERSON's view, who knows the root already unless STATE is NULL. */
static inline struct bulla_vault_place desk_place(const struct desk *desk, int person)
{
    return (struct bulla_vault_place){.path = desk->vault,
                                      .environment = "prod",
                                      .identities = desk->identities[person],
                                      .trust_new_root = true};
}

static inline struct bulla_vault *desk_open(struct desk *desk, int person,
                                            enum bulla_vault_access access)
{
    struct bulla_vault_place place = desk_place(desk, person);
    return bulla_vault_open(&place, access, &desk->err);
}

/* A new vault of alice's with bob as a writer and carol as an admin, and DB = "one". */
static inline void desk_create(struct desk *desk)
{
    struct bulla_vault_place place = desk_place(desk, ALICE);
    bulla_auto_vault vault = bulla_vault_create(&place, "alice", NOW, &desk->err);
    assert_ok(vault != NULL, desk->err);
    const enum bulla_member_role roles[] = {BULLA_MEMBER_OWNER, BULLA_MEMBER_WRITER,
                                            BULLA_MEMBER_ADMIN};
    for (int i = BOB; i <= CAROL; i++) {
        char sign[BULLA_SIGN_KEY_CHARS + 1];
        bulla_vault_sign_key(desk->identities[i], 0, sign);
        assert_ok(bulla_vault_member_set(vault, people_names[i], roles[i],
                                         bulla_identities_recipient(desk->identities[i], 0), sign,
                                         NOW + i, &desk->err),
                  desk->err);
    }
    assert_ok(bulla_vault_set(vault, "DB", LIT("one"), NULL, NOW + 10, NULL, &desk->err),
              desk->err);
    assert_ok(bulla_vault_commit(vault, &desk->err), desk->err);
}

static inline char *desk_read(const char *path)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct bulla_buf text;
    bulla_buf_init(&text, (size_t)1 << 26);
    assert_ok(bulla_file_read(path, (size_t)1 << 26, &text, &err), err);
    char *copy = bulla_strndup(text.data, text.len, &err);
    bulla_buf_release(&text);
    ck_assert_ptr_nonnull(copy);
    return copy;
}

static inline void desk_write(const char *path, struct bulla_bytes text)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    assert_ok(bulla_file_replace(path, 0644, text, &err), err);
}

/* PERSON sets NAME to VALUE and commits. */
static inline void desk_set(struct desk *desk, int person, const char *name, const char *value,
                            int64_t now)
{
    bulla_auto_vault vault = desk_open(desk, person, BULLA_VAULT_WRITE);
    assert_ok(vault != NULL, desk->err);
    assert_ok(bulla_vault_set(vault, name, bulla_bytes_of(value), NULL, now, NULL, &desk->err),
              desk->err);
    assert_ok(bulla_vault_commit(vault, &desk->err), desk->err);
}

#define assert_value(desk, person, name, want)                                                     \
    do {                                                                                           \
        bulla_auto_vault vault_ = desk_open(desk, person, BULLA_VAULT_READ);                       \
        assert_ok(vault_ != NULL, (desk)->err);                                                    \
        struct bulla_bytes value_;                                                                 \
        assert_ok(bulla_vault_get(vault_, name, 0, &value_, &(desk)->err), (desk)->err);           \
        assert_bytes(value_, want);                                                                \
    } while (0)

#endif
