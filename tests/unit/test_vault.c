#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "bulla/limits.h"

#include "vault_unit.h"

/* The first line is the one that follows START. */
static size_t line_of(const char *text, const char *start)
{
    size_t number = 1;
    for (const char *line = text; line != NULL; number++) {
        if (strncmp(line, start, strlen(start)) == 0) {
            return number;
        }
        line = strchr(line, '\n');
        line = line == NULL ? NULL : line + 1;
    }
    return 0;
}

/* What git's union merge makes of two files: the lines of both. */
static void merge(const struct desk *desk, const char *ours, const char *theirs)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_str text = bulla_asprintf(&err, "%s%s", ours, strchr(theirs, '\n') + 1);
    desk_write(desk->vault, bulla_bytes_of(text));
}

START_TEST(vault_gives_back_what_was_set)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    assert_value(&desk, ALICE, "DB", "one");
    assert_value(&desk, BOB, "DB", "one");
    desk_set(&desk, BOB, "DB", "two", NOW + 20);
    desk_set(&desk, CAROL, "EMPTY", "", NOW + 30);
    assert_value(&desk, ALICE, "DB", "two");
    assert_value(&desk, BOB, "EMPTY", "");
    struct stat st;
    ck_assert_int_eq(stat(desk.vault, &st), 0);
    ck_assert_uint_eq(st.st_mode & 07777, 0644);
}
END_TEST

START_TEST(vault_keeps_values_of_every_length)
{
    static const size_t lengths[] = {0, 1, 31, 32, 33, 63, 64, 1000, BULLA_MAX_VALUE_BYTES};
    static uint8_t value[BULLA_MAX_VALUE_BYTES + 1];
    auto_desk desk = desk_new();
    desk_create(&desk);
    bulla_auto_vault vault = desk_open(&desk, ALICE, BULLA_VAULT_WRITE);
    assert_ok(vault != NULL, desk.err);
    memset(value, 0x80, sizeof value); /* what padding begins with */
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "LENGTH_%zu", lengths[i]);
        assert_ok(bulla_vault_set(vault, name, bulla_bytes(value, lengths[i]), NULL, NOW, NULL,
                                  &desk.err),
                  desk.err);
    }
    ck_assert(!bulla_vault_set(vault, "LONG", bulla_bytes(value, sizeof value), NULL, NOW, NULL,
                               &desk.err));
    assert_code(desk.err, BULLA_E_LIMIT);
    assert_ok(bulla_vault_commit(vault, &desk.err), desk.err);
    /* The lock is for writers: others read meanwhile. */
    bulla_auto_vault again = desk_open(&desk, BOB, BULLA_VAULT_READ);
    assert_ok(again != NULL, desk.err);
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "LENGTH_%zu", lengths[i]);
        struct bulla_bytes got;
        assert_ok(bulla_vault_get(again, name, 0, &got, &desk.err), desk.err);
        ck_assert(bulla_bytes_equal(got, bulla_bytes(value, lengths[i])));
        ck_assert_uint_eq(got.data[got.len], 0);
    }
}
END_TEST

START_TEST(vault_set_of_the_present_value_adds_nothing)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    bulla_auto_str before = desk_read(desk.vault);
    bulla_auto_vault vault = desk_open(&desk, BOB, BULLA_VAULT_WRITE);
    assert_ok(vault != NULL, desk.err);
    bool changed = true;
    assert_ok(bulla_vault_set(vault, "DB", LIT("one"), NULL, NOW, &changed, &desk.err), desk.err);
    ck_assert(!changed);
    assert_ok(bulla_vault_commit(vault, &desk.err), desk.err);
    bulla_auto_str after = desk_read(desk.vault);
    ck_assert_str_eq(before, after);
    const struct bulla_set_options pending = {.pending = true};
    assert_ok(bulla_vault_set(vault, "DB", LIT("one"), &pending, NOW, &changed, &desk.err),
              desk.err);
    ck_assert(changed);
}
END_TEST

START_TEST(vault_versions_go_through_their_states)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    bulla_auto_vault vault = desk_open(&desk, BOB, BULLA_VAULT_WRITE);
    assert_ok(vault != NULL, desk.err);
    const struct bulla_set_options pending = {
        .pending = true, .kind = "password:24", .why = "monthly turn", .expires = NOW + 99};
    assert_ok(bulla_vault_set(vault, "DB", LIT("two"), &pending, NOW + 20, NULL, &desk.err),
              desk.err);
    struct bulla_bytes value;
    assert_ok(bulla_vault_get(vault, "DB", 0, &value, &desk.err), desk.err);
    assert_bytes(value, "one");
    assert_ok(bulla_vault_get(vault, "DB", 2, &value, &desk.err), desk.err);
    assert_bytes(value, "two");
    struct bulla_version_info info;
    ck_assert(bulla_vault_version(vault, "DB", 0, &info));
    ck_assert_int_eq(info.state, BULLA_VERSION_PENDING);
    ck_assert_str_eq(info.kind, "password:24");
    ck_assert_str_eq(info.why, "monthly turn");
    ck_assert_str_eq(info.by, "bob");
    ck_assert_int_eq(info.expires, NOW + 99);
    ck_assert(bulla_vault_version(vault, "DB", 1, &info));
    const struct bulla_set_options keep = {.keep_id = info.id, .until = NOW + 1000};
    assert_ok(bulla_vault_mark(vault, "DB", 2, BULLA_MARK_CURRENT, &keep, NOW + 30, &desk.err),
              desk.err);
    assert_ok(bulla_vault_get(vault, "DB", 0, &value, &desk.err), desk.err);
    assert_bytes(value, "two");
    ck_assert(bulla_vault_version(vault, "DB", 1, &info));
    ck_assert_int_eq(info.state, BULLA_VERSION_PREVIOUS);
    ck_assert_int_eq(info.until, NOW + 1000);
    assert_ok(bulla_vault_mark(vault, "DB", 1, BULLA_MARK_RETIRED, NULL, NOW + 40, &desk.err),
              desk.err);
    ck_assert(bulla_vault_version(vault, "DB", 1, &info));
    ck_assert_int_eq(info.state, BULLA_VERSION_RETIRED);
    assert_ok(bulla_vault_mark(vault, "DB", 2, BULLA_MARK_EXPOSED, NULL, NOW + 50, &desk.err),
              desk.err);
    ck_assert(bulla_vault_version(vault, "DB", 0, &info));
    ck_assert(info.exposed);
    assert_ok(bulla_vault_unset(vault, "DB", "no longer needed", NOW + 60, &desk.err), desk.err);
    ck_assert(!bulla_vault_get(vault, "DB", 0, &value, &desk.err));
    assert_code(desk.err, BULLA_E_MISSING);
    struct bulla_secret_info secret;
    ck_assert(bulla_vault_find(vault, "DB", &secret));
    ck_assert(secret.deleted);
    ck_assert(!bulla_vault_unset(vault, "DB", NULL, NOW + 70, &desk.err));
    assert_code(desk.err, BULLA_E_MISSING);
    assert_ok(bulla_vault_commit(vault, &desk.err), desk.err);
    bulla_vault_close(BULLA_STEAL(vault));
    bulla_auto_vault verified = desk_open(&desk, ALICE, BULLA_VAULT_VERIFY);
    assert_ok(verified != NULL, desk.err);
    struct bulla_vault_figures figures = bulla_vault_figures(verified);
    ck_assert_uint_eq(figures.records, figures.signatures_checked);
    ck_assert_uint_eq(figures.heads, 1);
}
END_TEST

START_TEST(vault_refuses_what_makes_no_sense)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    bulla_auto_vault vault = desk_open(&desk, BOB, BULLA_VAULT_WRITE);
    assert_ok(vault != NULL, desk.err);
    struct bulla_version_info info;
    ck_assert(bulla_vault_version(vault, "DB", 0, &info));
    const struct {
        const char *name;
        struct bulla_set_options options;
    } cases[] = {
        {"1X", {0}},
        {"A B", {0}},
        {"", {0}},
        {"X", {.why = "two\nlines"}},
        {"X", {.why = ""}},
        {"X", {.why = "\xff"}},
        {"X", {.from_id = "nothing"}},
        {"X", {.keep_id = info.id, .until = NOW}}, /* another name's */
        {"DB", {.keep_id = info.id}},
        {"DB", {.until = NOW}},
        {"DB", {.keep_id = info.id, .until = NOW, .pending = true}},
        {"DB", {.expires = INT64_MAX}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ck_assert_msg(!bulla_vault_set(vault, cases[i].name, LIT("x"), &cases[i].options, NOW, NULL,
                                       &desk.err),
                      "case %zu", i);
        ck_assert_msg(desk.err.code == BULLA_E_INVALID, "case %zu: %d", i, desk.err.code);
    }
    ck_assert(!bulla_vault_mark(vault, "DB", 9, BULLA_MARK_RETIRED, NULL, NOW, &desk.err));
    assert_code(desk.err, BULLA_E_MISSING);
    ck_assert(!bulla_vault_mark(vault, "NONE", 1, BULLA_MARK_RETIRED, NULL, NOW, &desk.err));
    assert_code(desk.err, BULLA_E_MISSING);
    /* None of it left a trace. */
    assert_ok(bulla_vault_set(vault, "DB", LIT("two"), NULL, NOW, NULL, &desk.err), desk.err);
    assert_ok(bulla_vault_commit(vault, &desk.err), desk.err);
}
END_TEST

START_TEST(vault_roles_are_told)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    const char *recipient = bulla_identities_recipient(desk.identities[DORA], 0);
    char sign[BULLA_SIGN_KEY_CHARS + 1];
    bulla_vault_sign_key(desk.identities[DORA], 0, sign);
    {
        bulla_auto_vault vault = desk_open(&desk, DORA, BULLA_VAULT_WRITE);
        assert_ok(vault != NULL, desk.err);
        ck_assert(!bulla_vault_has_key(vault));
        ck_assert(!bulla_vault_set(vault, "X", LIT("x"), NULL, NOW, NULL, &desk.err));
        assert_code(desk.err, BULLA_E_IDENTITY);
        ck_assert_ptr_nonnull(strstr(desk.err.hint, "ask 'alice'"));
        struct bulla_bytes value;
        ck_assert(!bulla_vault_get(vault, "DB", 0, &value, &desk.err));
        assert_code(desk.err, BULLA_E_IDENTITY);
    }
    {
        bulla_auto_vault vault = desk_open(&desk, BOB, BULLA_VAULT_WRITE);
        assert_ok(vault != NULL, desk.err);
        ck_assert_str_eq(bulla_vault_me(vault), "bob");
        ck_assert(!bulla_vault_member_set(vault, "dora", BULLA_MEMBER_READER, recipient, sign, NOW,
                                          &desk.err));
        assert_code(desk.err, BULLA_E_REFUSED);
        ck_assert_ptr_nonnull(strstr(desk.err.message, "'bob' is a writer"));
        ck_assert(!bulla_vault_rekey(vault, NULL, NOW, &desk.err));
        assert_code(desk.err, BULLA_E_REFUSED);
    }
    bulla_auto_vault vault = desk_open(&desk, CAROL, BULLA_VAULT_WRITE);
    assert_ok(vault != NULL, desk.err);
    ck_assert(!bulla_vault_member_set(vault, "dora", BULLA_MEMBER_ADMIN, recipient, sign, NOW,
                                      &desk.err));
    assert_code(desk.err, BULLA_E_REFUSED);
    ck_assert(!bulla_vault_member_set(vault, "dora", BULLA_MEMBER_WRITER, recipient, NULL, NOW,
                                      &desk.err));
    assert_code(desk.err, BULLA_E_INVALID);
    ck_assert(
        !bulla_vault_member_set(vault, "dora", BULLA_MEMBER_WRITER, "age1x", sign, NOW, &desk.err));
    assert_code(desk.err, BULLA_E_INVALID);
    ck_assert(!bulla_vault_member_set(vault, "Dora", BULLA_MEMBER_WRITER, recipient, sign, NOW,
                                      &desk.err));
    assert_code(desk.err, BULLA_E_INVALID);
    ck_assert(!bulla_vault_member_remove(vault, "dora", NULL, NOW, &desk.err));
    assert_code(desk.err, BULLA_E_MISSING);
    /* An admin's removal of the owner has no effect, so it is not written. */
    ck_assert(!bulla_vault_member_remove(vault, "alice", NULL, NOW, &desk.err));
    assert_code(desk.err, BULLA_E_REFUSED);
    ck_assert_ptr_nonnull(strstr(desk.err.message, "'alice' is the owner"));
    assert_ok(bulla_vault_set(vault, "DB", LIT("two"), NULL, NOW, NULL, &desk.err), desk.err);
}
END_TEST

START_TEST(vault_members_come_and_go)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    const char *recipient = bulla_identities_recipient(desk.identities[DORA], 0);
    {
        bulla_auto_vault vault = desk_open(&desk, CAROL, BULLA_VAULT_WRITE);
        assert_ok(vault != NULL, desk.err);
        assert_ok(bulla_vault_member_set(vault, "dora", BULLA_MEMBER_READER, recipient, NULL,
                                         NOW + 20, &desk.err),
                  desk.err);
        ck_assert_uint_eq(bulla_vault_member_count(vault), 4);
        struct bulla_member_info info;
        bulla_vault_member(vault, 3, &info);
        ck_assert_str_eq(info.name, "dora");
        ck_assert_str_eq(info.by, "carol");
        ck_assert_str_eq(info.recipient, recipient);
        ck_assert_int_eq(info.role, BULLA_MEMBER_READER);
        ck_assert_ptr_null(info.sign);
        ck_assert_int_eq(info.since, NOW + 20);
        assert_ok(bulla_vault_commit(vault, &desk.err), desk.err);
    }
    assert_value(&desk, DORA, "DB", "one");
    {
        bulla_auto_vault vault = desk_open(&desk, ALICE, BULLA_VAULT_WRITE);
        assert_ok(vault != NULL &&
                      bulla_vault_member_remove(vault, "dora", "left", NOW + 30, &desk.err) &&
                      bulla_vault_set(vault, "DB", LIT("two"), NULL, NOW + 40, NULL, &desk.err) &&
                      bulla_vault_commit(vault, &desk.err),
                  desk.err);
        ck_assert_uint_eq(bulla_vault_member_count(vault), 3);
    }
    assert_value(&desk, BOB, "DB", "two");
    bulla_auto_vault vault = desk_open(&desk, DORA, BULLA_VAULT_READ);
    assert_ok(vault != NULL, desk.err);
    struct bulla_bytes value;
    ck_assert(!bulla_vault_get(vault, "DB", 0, &value, &desk.err));
    assert_code(desk.err, BULLA_E_IDENTITY);
    assert_ok(bulla_vault_get(vault, "DB", 1, &value, &desk.err), desk.err);
}
END_TEST

START_TEST(vault_new_member_reads_versions_of_closed_epochs)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    {
        bulla_auto_vault vault = desk_open(&desk, ALICE, BULLA_VAULT_WRITE);
        char sign[BULLA_SIGN_KEY_CHARS + 1];
        bulla_vault_sign_key(desk.identities[DORA], 0, sign);
        assert_ok(vault != NULL &&
                      bulla_vault_member_remove(vault, "bob", NULL, NOW + 20, &desk.err) &&
                      bulla_vault_member_set(vault, "dora", BULLA_MEMBER_WRITER,
                                             bulla_identities_recipient(desk.identities[DORA], 0),
                                             sign, NOW + 30, &desk.err) &&
                      bulla_vault_commit(vault, &desk.err),
                  desk.err);
    }
    /* DB is sealed under the epoch that closed with bob. */
    assert_value(&desk, DORA, "DB", "one");
    desk_set(&desk, DORA, "DB", "two", NOW + 40);
    assert_value(&desk, CAROL, "DB", "two");
}
END_TEST

START_TEST(vault_is_handed_over)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    char sign[BULLA_SIGN_KEY_CHARS + 1];
    bulla_vault_sign_key(desk.identities[CAROL], 0, sign);
    {
        bulla_auto_vault vault = desk_open(&desk, ALICE, BULLA_VAULT_WRITE);
        assert_ok(vault != NULL &&
                      bulla_vault_member_set(vault, "carol", BULLA_MEMBER_OWNER,
                                             bulla_identities_recipient(desk.identities[CAROL], 0),
                                             sign, NOW + 20, &desk.err) &&
                      bulla_vault_commit(vault, &desk.err),
                  desk.err);
        struct bulla_member_info info;
        bulla_vault_member(vault, 0, &info);
        ck_assert_int_eq(info.role, BULLA_MEMBER_ADMIN); /* alice */
        bulla_vault_member(vault, 2, &info);
        ck_assert_int_eq(info.role, BULLA_MEMBER_OWNER);
    }
    bulla_auto_vault vault = desk_open(&desk, CAROL, BULLA_VAULT_WRITE);
    assert_ok(vault != NULL &&
                  bulla_vault_member_remove(vault, "alice", NULL, NOW + 30, &desk.err) &&
                  bulla_vault_commit(vault, &desk.err),
              desk.err);
    ck_assert_uint_eq(bulla_vault_member_count(vault), 2);
}
END_TEST

START_TEST(vault_owner_takes_other_keys)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    const char *recipient = bulla_identities_recipient(desk.identities[DORA], 0);
    char sign[BULLA_SIGN_KEY_CHARS + 1];
    bulla_vault_sign_key(desk.identities[DORA], 0, sign);
    {
        bulla_auto_vault vault = desk_open(&desk, ALICE, BULLA_VAULT_WRITE);
        assert_ok(vault != NULL, desk.err);
        ck_assert(!bulla_vault_member_set(vault, "alice", BULLA_MEMBER_OWNER, recipient, sign,
                                          NOW + 20, &desk.err));
        assert_code(desk.err, BULLA_E_IDENTITY);
        ck_assert_ptr_nonnull(strstr(desk.err.hint, "beside the old one"));
    }
    bulla_auto_str both_path = bulla_asprintf(&desk.err, "%s/both.txt", desk.folder);
    bulla_auto_buf text;
    bulla_buf_init_secret(&text, 10000);
    char first[BULLA_AGE_RECIPIENT_CHARS + 1];
    char second[BULLA_AGE_RECIPIENT_CHARS + 1];
    assert_ok(bulla_identity_new(NOW, &text, first, &desk.err) &&
                  bulla_identity_new(NOW, &text, second, &desk.err),
              desk.err);
    bulla_auto_identities both =
        bulla_identities_parse(bulla_buf_view(&text), both_path, &desk.err);
    assert_ok(both != NULL, desk.err);
    bulla_auto_str path = bulla_asprintf(&desk.err, "%s/own/prod.vault", desk.folder);
    const struct bulla_vault_place place = {
        .path = path, .environment = "prod", .identities = both};
    bulla_auto_vault vault = bulla_vault_create(&place, "alice", NOW, &desk.err);
    assert_ok(vault != NULL, desk.err);
    bulla_vault_sign_key(both, 1, sign);
    assert_ok(bulla_vault_member_set(vault, "alice", BULLA_MEMBER_OWNER, second, sign, NOW + 1,
                                     &desk.err) &&
                  bulla_vault_set(vault, "DB", LIT("one"), NULL, NOW + 2, NULL, &desk.err) &&
                  bulla_vault_commit(vault, &desk.err),
              desk.err);
    struct bulla_record_info info;
    for (size_t i = 0; bulla_vault_record(vault, i, &info); i++) {
        ck_assert_msg(info.counts, "%s %s", info.kind, info.subject);
    }
}
END_TEST

START_TEST(vault_branches_contest_a_name)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    bulla_auto_str base = desk_read(desk.vault);
    desk_set(&desk, BOB, "DB", "ours", NOW + 20);
    desk_set(&desk, BOB, "OTHER", "x", NOW + 21);
    bulla_auto_str ours = desk_read(desk.vault);
    desk_write(desk.vault, bulla_bytes_of(base));
    desk_set(&desk, CAROL, "DB", "theirs", NOW + 22);
    bulla_auto_str theirs = desk_read(desk.vault);
    merge(&desk, ours, theirs);
    assert_value(&desk, ALICE, "OTHER", "x");
    bulla_auto_vault vault = desk_open(&desk, ALICE, BULLA_VAULT_WRITE);
    assert_ok(vault != NULL, desk.err);
    struct bulla_bytes value;
    ck_assert(!bulla_vault_get(vault, "DB", 0, &value, &desk.err));
    assert_code(desk.err, BULLA_E_REFUSED);
    ck_assert_ptr_nonnull(strstr(desk.err.hint, "DB"));
    ck_assert(!bulla_vault_get(vault, "DB", 2, &value, &desk.err));
    assert_code(desk.err, BULLA_E_REFUSED);
    struct bulla_version_info left;
    struct bulla_version_info right;
    ck_assert(bulla_vault_version(vault, "DB", 0, &left));
    ck_assert(bulla_vault_version(vault, "DB", 1, &right));
    ck_assert(left.contested && right.contested && left.number == 2 && right.number == 2);
    assert_ok(bulla_vault_get_by_id(vault, left.id, &value, &desk.err), desk.err);
    const struct bulla_set_options resolve = {.from_id = left.id};
    assert_ok(bulla_vault_set(vault, "DB", value, &resolve, NOW + 30, NULL, &desk.err), desk.err);
    struct bulla_secret_info info;
    ck_assert(bulla_vault_find(vault, "DB", &info));
    ck_assert(!info.contested && info.current->number == 3);
    assert_ok(bulla_vault_commit(vault, &desk.err), desk.err);
}
END_TEST

START_TEST(vault_joins_more_heads_than_a_record_names)
{
    enum { BRANCHES = 200 };
    auto_desk desk = desk_new();
    desk_create(&desk);
    bulla_auto_str base = desk_read(desk.vault);
    bulla_auto_buf all;
    bulla_buf_init(&all, (size_t)1 << 26);
    bulla_buf_puts(&all, base);
    for (int i = 0; i < BRANCHES; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "NAME_%d", i);
        desk_write(desk.vault, bulla_bytes_of(base));
        desk_set(&desk, BOB, name, "x", NOW + 20 + i);
        bulla_auto_str branch = desk_read(desk.vault);
        const char *line = strstr(branch, "\nset NAME_");
        bulla_buf_add(&all, line + 1, strcspn(line + 1, "\n") + 1);
    }
    desk_write(desk.vault, bulla_buf_view(&all));
    desk_set(&desk, CAROL, "LAST", "x", NOW + 1000);
    bulla_auto_vault vault = desk_open(&desk, ALICE, BULLA_VAULT_VERIFY);
    assert_ok(vault != NULL, desk.err);
    ck_assert_uint_eq(bulla_vault_figures(vault).heads, 1);
    struct bulla_record_info info;
    size_t joins = 0;
    for (size_t i = 0; bulla_vault_record(vault, i, &info); i++) {
        joins += strcmp(info.kind, "join") == 0;
        ck_assert(info.counts);
    }
    ck_assert_uint_eq(joins, 3); /* 200, 137, 74, 11 */
}
END_TEST

START_TEST(vault_lines_are_inserted_and_nothing_else_moves)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    bulla_auto_str before = desk_read(desk.vault);
    desk_set(&desk, BOB, "API", "x", NOW + 20);
    desk_set(&desk, BOB, "DB", "two", NOW + 21);
    desk_set(&desk, BOB, "ZED", "x", NOW + 22);
    bulla_auto_str after = desk_read(desk.vault);
    /* Every line that was there is there in its order. */
    const char *from = after;
    for (char *line = before; *line != '\0';) {
        size_t len = strcspn(line, "\n") + 1;
        char *copy = bulla_strndup(line, len, &desk.err);
        const char *found = strstr(from, copy);
        ck_assert_msg(found != NULL, "lost or moved: %.40s", copy);
        from = found + (len > 1 ? len : 0);
        bulla_free(copy);
        line += len;
    }
    ck_assert_uint_lt(line_of(after, "# keys"), line_of(after, "# API"));
    ck_assert_uint_eq(line_of(after, "set API v=1"), line_of(after, "# API") + 1);
    ck_assert_uint_lt(line_of(after, "# API"), line_of(after, "# DB"));
    ck_assert_uint_eq(line_of(after, "set DB v=2"), line_of(after, "# DB") + 1);
    ck_assert_uint_eq(line_of(after, "set DB v=1"), line_of(after, "# DB") + 2);
    ck_assert_uint_lt(line_of(after, "# DB"), line_of(after, "# ZED"));
    ck_assert_ptr_nonnull(strstr(after, "\n\n# ZED\nset ZED v=1"));
    ck_assert_ptr_nonnull(strstr(after, "\n\n# DB\n"));
    ck_assert_ptr_null(strstr(after, "\n\n\n"));
}
END_TEST

START_TEST(vault_writes_to_a_file_without_its_last_line_end)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    bulla_auto_str text = desk_read(desk.vault);
    desk_write(desk.vault, bulla_bytes(text, strlen(text) - 1));
    desk_set(&desk, BOB, "ZED", "x", NOW + 22);
    assert_value(&desk, ALICE, "ZED", "x");
    assert_value(&desk, ALICE, "DB", "one");
}
END_TEST

START_TEST(vault_commits_twice_in_one_opening)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    bulla_auto_vault vault = desk_open(&desk, BOB, BULLA_VAULT_WRITE);
    assert_ok(vault != NULL, desk.err);
    for (int i = 0; i < 3; i++) {
        char value[8];
        (void)snprintf(value, sizeof value, "%d", i);
        assert_ok(bulla_vault_set(vault, "DB", bulla_bytes_of(value), NULL, NOW, NULL, &desk.err),
                  desk.err);
        assert_ok(bulla_vault_commit(vault, &desk.err), desk.err);
    }
    assert_value(&desk, ALICE, "DB", "2");
}
END_TEST

START_TEST(vault_is_created_once)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    struct bulla_vault_place place = desk_place(&desk, ALICE);
    ck_assert_ptr_null(bulla_vault_create(&place, "alice", NOW, &desk.err));
    assert_code(desk.err, BULLA_E_REFUSED);
    bulla_auto_str other = bulla_asprintf(&desk.err, "%s/.bulla/dev.vault", desk.folder);
    place.path = other;
    place.environment = "dev";
    ck_assert_ptr_null(bulla_vault_create(&place, "Alice", NOW, &desk.err));
    assert_code(desk.err, BULLA_E_INVALID);
    place.identities = NULL;
    ck_assert_ptr_null(bulla_vault_create(&place, "alice", NOW, &desk.err));
    assert_code(desk.err, BULLA_E_IDENTITY);
    /* Nothing is on disk before the commit. */
    place.identities = desk.identities[ALICE];
    bulla_auto_vault vault = bulla_vault_create(&place, "alice", NOW, &desk.err);
    assert_ok(vault != NULL, desk.err);
    ck_assert(!bulla_file_is_regular(other));
}
END_TEST

START_TEST(vaults_of_a_folder_are_written_under_one_lock)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    struct bulla_vault_place place = desk_place(&desk, ALICE);
    bulla_auto_vault first = bulla_vault_open(&place, BULLA_VAULT_WRITE, &desk.err);
    assert_ok(first != NULL, desk.err);
    struct bulla_vault_place beside = place;
    bulla_auto_str path = bulla_asprintf(&desk.err, "%s/.bulla/dev.vault", desk.folder);
    beside.path = path;
    beside.environment = "dev";
    beside.beside = first;
    bulla_auto_vault second = bulla_vault_create(&beside, "alice", NOW, &desk.err);
    assert_ok(second != NULL, desk.err);
    /* Closing one does not let somebody else in. */
    bulla_vault_close(first);
    first = NULL;
    bulla_auto_str name = bulla_path_dir(path, &desk.err);
    int folder = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ck_assert_int_ge(folder, 0);
    ck_assert_int_ne(flock(folder, LOCK_EX | LOCK_NB), 0);
    ck_assert_int_eq(errno, EWOULDBLOCK);
    ck_assert_int_eq(close(folder), 0);
    assert_ok(bulla_vault_commit(second, &desk.err), desk.err);
    bulla_vault_close(second);
    second = NULL;
    first = bulla_vault_open(&place, BULLA_VAULT_WRITE, &desk.err);
    assert_ok(first != NULL, desk.err);
}
END_TEST

START_TEST(vault_writers_wait_for_each_other)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    for (int i = 0; i < 10; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "NAME_%d_%d", child == 0, i);
        desk_set(&desk, child == 0 ? BOB : CAROL, name, "x", NOW + i);
    }
    if (child == 0) {
        _exit(0);
    }
    int status = 1;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    bulla_auto_vault vault = desk_open(&desk, ALICE, BULLA_VAULT_VERIFY);
    assert_ok(vault != NULL, desk.err);
    ck_assert_uint_eq(bulla_vault_count(vault), 21);
    ck_assert_uint_eq(bulla_vault_figures(vault).heads, 1);
}
END_TEST

START_TEST(vault_that_changed_meanwhile_is_not_overwritten)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    bulla_auto_vault vault = desk_open(&desk, BOB, BULLA_VAULT_WRITE);
    assert_ok(vault != NULL, desk.err);
    assert_ok(bulla_vault_set(vault, "DB", LIT("two"), NULL, NOW, NULL, &desk.err), desk.err);
    bulla_auto_str text = desk_read(desk.vault);
    bulla_auto_str edited = bulla_asprintf(&desk.err, "%s# git was here\n", text);
    desk_write(desk.vault, bulla_bytes_of(edited));
    ck_assert(!bulla_vault_commit(vault, &desk.err));
    assert_code(desk.err, BULLA_E_REFUSED);
    bulla_auto_str after = desk_read(desk.vault);
    ck_assert_str_eq(after, edited);
}
END_TEST

START_TEST(vault_without_identity_shows_names)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    struct bulla_vault_place place = desk_place(&desk, ALICE);
    place.identities = NULL;
    bulla_auto_vault vault = bulla_vault_open(&place, BULLA_VAULT_VERIFY, &desk.err);
    assert_ok(vault != NULL, desk.err);
    ck_assert_uint_eq(bulla_vault_count(vault), 1);
    ck_assert(!bulla_vault_has_key(vault));
    ck_assert_ptr_null(bulla_vault_me(vault));
    struct bulla_bytes value;
    ck_assert(!bulla_vault_get(vault, "DB", 0, &value, &desk.err));
    assert_code(desk.err, BULLA_E_IDENTITY);
}
END_TEST

START_TEST(vault_is_compared_with_another_state)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    bulla_auto_str base = desk_read(desk.vault);
    desk_set(&desk, BOB, "DB", "two", NOW + 20);
    bulla_auto_str later = desk_read(desk.vault);
    struct bulla_vault_against against;
    bulla_auto_vault vault = desk_open(&desk, ALICE, BULLA_VAULT_READ);
    assert_ok(vault != NULL, desk.err);
    assert_ok(bulla_vault_against(vault, bulla_bytes_of(base), &against, &desk.err), desk.err);
    ck_assert(against.missing == 0 && against.fresh == 1 && against.fresh_void == 0);
    bulla_vault_close(BULLA_STEAL(vault));
    desk_write(desk.vault, bulla_bytes_of(base));
    vault = desk_open(&desk, ALICE, BULLA_VAULT_READ);
    assert_ok(vault != NULL, desk.err);
    assert_ok(bulla_vault_against(vault, bulla_bytes_of(later), &against, &desk.err), desk.err);
    ck_assert(against.missing == 1 && against.fresh == 0);
    ck_assert_uint_eq(strlen(against.first_missing), 43);
    later[8] = later[8] == '0' ? '1' : '0';
    ck_assert(!bulla_vault_against(vault, bulla_bytes_of(later), &against, &desk.err));
    assert_code(desk.err, BULLA_E_VERIFY);
    ck_assert(!bulla_vault_against(vault, LIT("no vault\n"), &against, &desk.err));
    assert_code(desk.err, BULLA_E_SYNTAX);
}
END_TEST

static struct bulla_identities *read_identities(const char *path)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf text;
    bulla_buf_init_secret(&text, 10000);
    assert_ok(bulla_file_read(path, 10000, &text, &err), err);
    struct bulla_identities *identities = bulla_identities_parse(bulla_buf_view(&text), path, &err);
    assert_ok(identities != NULL, err);
    return identities;
}

/* A vault with two versions of DB_PASSWORD in FOLDER, as alice and as bob see it. */
static void check_example(const char *folder, const char *root, const char *head,
                          const char *current, const char *previous)
{
    static const char *const names[] = {"alice", "bob"};
    for (size_t i = 0; i < 2; i++) {
        struct bulla_error err = BULLA_ERROR_INIT;
        bulla_auto_str vault_path = bulla_asprintf(&err, "%s/prod.vault", folder);
        bulla_auto_str key_path = bulla_asprintf(&err, "%s/%s.txt", folder, names[i]);
        bulla_auto_identities identities = read_identities(key_path);
        const struct bulla_vault_place place = {.path = vault_path,
                                                .environment = "prod",
                                                .identities = identities,
                                                .pinned_root = root};
        bulla_auto_vault vault = bulla_vault_open(&place, BULLA_VAULT_VERIFY, &err);
        assert_ok(vault != NULL, err);
        ck_assert_str_eq(bulla_vault_me(vault), names[i]);
        struct bulla_record_info info;
        size_t heads = 0;
        for (size_t j = 0; bulla_vault_record(vault, j, &info); j++) {
            heads += info.head;
            ck_assert(!info.head || strcmp(info.id, head) == 0);
        }
        ck_assert_uint_eq(heads, 1);
        struct bulla_version_info version;
        struct bulla_bytes value;
        ck_assert(bulla_vault_version(vault, "DB_PASSWORD", 0, &version));
        ck_assert_int_eq(version.state, BULLA_VERSION_CURRENT);
        ck_assert_str_eq(version.kind, "password:24");
        ck_assert(bulla_vault_version(vault, "DB_PASSWORD", 1, &version));
        ck_assert_int_eq(version.state, BULLA_VERSION_PREVIOUS);
        assert_ok(bulla_vault_get(vault, "DB_PASSWORD", 0, &value, &err), err);
        ck_assert(bulla_bytes_are(value, current));
        assert_ok(bulla_vault_get(vault, "DB_PASSWORD", 1, &value, &err), err);
        ck_assert(bulla_bytes_are(value, previous));
    }
}

/* The format does not change under files that exist. */
START_TEST(vault_reads_what_was_written_before)
{
    check_example(BULLA_TEST_DATA "/../../docs/design/vault-example",
                  "pZxAoxzdkETzRL8SnBG/zHXLKZyxL36z/Jfovdq0TlE",
                  "EBTNDZJcLCEdLZ7chOa4nHIpKm6bfPRaHgS16k7Nk0k", "second value", "first value");
}
END_TEST

/* Written by the model of the format, where that is at hand. */
START_TEST(vault_reads_the_published_example)
{
    const char *shared = getenv("BULLA_SHARED");
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_str folder = bulla_asprintf(
        &err, "%s/vectors/vault", shared != NULL ? shared : BULLA_TEST_DATA "/../../../shared");
    if (!bulla_dir_exists(folder)) {
        (void)fprintf(stderr, "# SKIP no example at %s\n", folder);
        return;
    }
    check_example(folder, "VaRn3vadX3Jw0mxuL2cOKc3cAvQ6F1aJNkBpwq6b12Q",
                  "plNdEaIqiHhxor3HN7mYFlxYmUSmF/DbrXK9uEL6ZGE", "battery staple", "correct horse");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("vault");
    TCase *tcase = tcase_create("vault");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, vault_gives_back_what_was_set);
    tcase_add_test(tcase, vault_keeps_values_of_every_length);
    tcase_add_test(tcase, vault_set_of_the_present_value_adds_nothing);
    tcase_add_test(tcase, vault_versions_go_through_their_states);
    tcase_add_test(tcase, vault_refuses_what_makes_no_sense);
    tcase_add_test(tcase, vault_roles_are_told);
    tcase_add_test(tcase, vault_members_come_and_go);
    tcase_add_test(tcase, vault_new_member_reads_versions_of_closed_epochs);
    tcase_add_test(tcase, vault_is_handed_over);
    tcase_add_test(tcase, vault_owner_takes_other_keys);
    tcase_add_test(tcase, vault_branches_contest_a_name);
    tcase_add_test(tcase, vault_joins_more_heads_than_a_record_names);
    tcase_add_test(tcase, vault_lines_are_inserted_and_nothing_else_moves);
    tcase_add_test(tcase, vault_writes_to_a_file_without_its_last_line_end);
    tcase_add_test(tcase, vault_commits_twice_in_one_opening);
    tcase_add_test(tcase, vault_is_created_once);
    tcase_add_test(tcase, vaults_of_a_folder_are_written_under_one_lock);
    tcase_add_test(tcase, vault_writers_wait_for_each_other);
    tcase_add_test(tcase, vault_that_changed_meanwhile_is_not_overwritten);
    tcase_add_test(tcase, vault_without_identity_shows_names);
    tcase_add_test(tcase, vault_is_compared_with_another_state);
    tcase_add_test(tcase, vault_reads_what_was_written_before);
    tcase_add_test(tcase, vault_reads_the_published_example);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
