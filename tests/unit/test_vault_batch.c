/* Many additions that are judged together: docs/vault.5.md 10. */
#include "vault/vault_internal.h"

#include "vault_unit.h"

#define MANY 40

static struct bulla_vault *begin(struct desk *desk, int person)
{
    struct bulla_vault *vault = desk_open(desk, person, BULLA_VAULT_WRITE);
    assert_ok(vault != NULL, desk->err);
    bulla_vault_batch_begin(vault);
    return vault;
}

static void set(struct desk *desk, struct bulla_vault *vault, const char *name, const char *value)
{
    assert_ok(bulla_vault_set(vault, name, bulla_bytes_of(value), NULL, NOW + 20, NULL, &desk->err),
              desk->err);
}

static size_t count_kind(const struct bulla_vault *vault, const char *kind)
{
    struct bulla_record_info info;
    size_t count = 0;
    for (size_t i = 0; bulla_vault_record(vault, i, &info); i++) {
        count += strcmp(info.kind, kind) == 0;
    }
    return count;
}

START_TEST(batch_of_many_names_is_judged_once)
{
    char name[32];
    auto_desk desk = desk_new();
    desk_create(&desk);
    {
        bulla_auto_vault vault = begin(&desk, BOB);
        size_t judged = vault->judged_count;
        for (int i = 0; i < MANY; i++) {
            (void)snprintf(name, sizeof name, "NAME_%d", i);
            set(&desk, vault, name, name);
            ck_assert_uint_eq(vault->judged_count, judged);
        }
        set(&desk, vault, "DB", "two");
        ck_assert_uint_eq(vault->judged_count, judged);
        ck_assert_uint_eq(bulla_vault_count(vault), 1); /* what is shown is of before */
        struct bulla_record_info info;
        ck_assert(!bulla_vault_record(vault, judged, &info));
        assert_ok(bulla_vault_batch_end(vault, &desk.err), desk.err);
        ck_assert_uint_eq(vault->judged_count, judged + MANY + 1);
        ck_assert_uint_eq(bulla_vault_count(vault), MANY + 1);
        assert_ok(bulla_vault_commit(vault, &desk.err), desk.err);
    }
    bulla_auto_vault vault = desk_open(&desk, ALICE, BULLA_VAULT_VERIFY);
    assert_ok(vault != NULL, desk.err);
    ck_assert_uint_eq(bulla_vault_figures(vault).heads, 1);
    struct bulla_bytes value;
    for (int i = 0; i < MANY; i++) {
        (void)snprintf(name, sizeof name, "NAME_%d", i);
        assert_ok(bulla_vault_get(vault, name, 1, &value, &desk.err), desk.err);
        ck_assert(bulla_bytes_are(value, name));
    }
    assert_ok(bulla_vault_get(vault, "DB", 2, &value, &desk.err), desk.err);
    assert_bytes(value, "two");
}
END_TEST

START_TEST(batch_numbers_a_name_that_comes_again)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    {
        bulla_auto_vault vault = begin(&desk, BOB);
        set(&desk, vault, "NEW", "first");
        set(&desk, vault, "DB", "two");
        set(&desk, vault, "NEW", "second");
        assert_ok(bulla_vault_unset(vault, "DB", NULL, NOW + 21, &desk.err), desk.err);
        /* What has no value any more has none to unset. */
        ck_assert(!bulla_vault_unset(vault, "DB", NULL, NOW + 21, &desk.err));
        assert_code(desk.err, BULLA_E_MISSING);
        bulla_error_clear(&desk.err);
        set(&desk, vault, "DB", "four");
        bool changed = true;
        assert_ok(bulla_vault_set(vault, "DB", LIT("four"), NULL, NOW + 22, &changed, &desk.err),
                  desk.err);
        ck_assert(!changed);
        /* The commit ends it. */
        assert_ok(bulla_vault_commit(vault, &desk.err), desk.err);
        ck_assert_uint_eq(vault->judged_count, vault->count);
    }
    bulla_auto_vault vault = desk_open(&desk, ALICE, BULLA_VAULT_VERIFY);
    assert_ok(vault != NULL, desk.err);
    struct bulla_bytes value;
    assert_ok(bulla_vault_get(vault, "NEW", 0, &value, &desk.err), desk.err);
    assert_bytes(value, "second");
    assert_ok(bulla_vault_get(vault, "NEW", 1, &value, &desk.err), desk.err);
    assert_bytes(value, "first");
    assert_ok(bulla_vault_get(vault, "DB", 4, &value, &desk.err), desk.err);
    assert_bytes(value, "four");
    ck_assert_uint_eq(count_kind(vault, "set"), 5);
    ck_assert_uint_eq(count_kind(vault, "del"), 1);
}
END_TEST

START_TEST(batch_reads_what_it_has_set)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    bulla_auto_vault vault = begin(&desk, BOB);
    struct bulla_bytes value;
    set(&desk, vault, "DB", "two");
    assert_ok(bulla_vault_get(vault, "DB", 0, &value, &desk.err), desk.err);
    assert_bytes(value, "two");
    set(&desk, vault, "NEW", "new");
    const char *id = vault->records[vault->count - 1].id;
    int64_t since = 0;
    ck_assert(!bulla_vault_was_readable(vault, "alice", id, &since));
    assert_ok(bulla_vault_get_by_id(vault, id, &value, &desk.err), desk.err);
    assert_bytes(value, "new");
    ck_assert(bulla_vault_was_readable(vault, "alice", id, &since));
}
END_TEST

/* Any other addition finds what it stands on. */
START_TEST(batch_goes_on_after_a_mark_and_a_removal)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    {
        bulla_auto_vault vault = begin(&desk, ALICE);
        set(&desk, vault, "NEW", "new");
        assert_ok(bulla_vault_mark(vault, "NEW", 1, BULLA_MARK_EXPOSED, NULL, NOW + 30, &desk.err),
                  desk.err);
        set(&desk, vault, "DB", "two");
        assert_ok(bulla_vault_member_remove(vault, "bob", NULL, NOW + 40, &desk.err), desk.err);
        set(&desk, vault, "OTHER", "other");
        assert_ok(bulla_vault_commit(vault, &desk.err), desk.err);
    }
    bulla_auto_vault vault = desk_open(&desk, CAROL, BULLA_VAULT_VERIFY);
    assert_ok(vault != NULL, desk.err);
    struct bulla_version_info info;
    ck_assert(bulla_vault_version(vault, "DB", 0, &info) && info.exposed);
    ck_assert(bulla_vault_version(vault, "NEW", 0, &info) && info.exposed);
    ck_assert(bulla_vault_version(vault, "OTHER", 0, &info) && !info.exposed);
    bulla_auto_vault bobs = desk_open(&desk, BOB, BULLA_VAULT_READ);
    assert_ok(bobs != NULL, desk.err);
    struct bulla_bytes value;
    ck_assert(!bulla_vault_get(bobs, "OTHER", 0, &value, &desk.err));
    assert_code(desk.err, BULLA_E_IDENTITY);
}
END_TEST

/* Each branch removed somebody who has the other's new key: a new one is needed, and one is enough.
 */
START_TEST(batch_starts_one_key_where_none_is_open)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    bulla_auto_str base = desk_read(desk.vault);
    char *sides[2] = {NULL, NULL};
    for (int i = 0; i < 2; i++) {
        desk_write(desk.vault, bulla_bytes_of(base));
        bulla_auto_vault vault = desk_open(&desk, ALICE, BULLA_VAULT_WRITE);
        assert_ok(vault != NULL &&
                      bulla_vault_member_remove(vault, people_names[BOB + i], NULL, NOW + 20,
                                                &desk.err) &&
                      bulla_vault_commit(vault, &desk.err),
                  desk.err);
        sides[i] = desk_read(desk.vault);
    }
    bulla_auto_str both = bulla_asprintf(&desk.err, "%s%s", sides[0], strchr(sides[1], '\n') + 1);
    desk_write(desk.vault, bulla_bytes_of(both));
    bulla_free(sides[0]);
    bulla_free(sides[1]);
    bulla_auto_vault vault = begin(&desk, ALICE);
    ck_assert_uint_eq(count_kind(vault, "key"), 3);
    ck_assert_uint_eq(vault->epoch, NONE);
    set(&desk, vault, "A", "a");
    set(&desk, vault, "B", "b");
    set(&desk, vault, "C", "c");
    assert_ok(bulla_vault_commit(vault, &desk.err), desk.err);
    ck_assert_uint_eq(count_kind(vault, "key"), 4);
    assert_value(&desk, ALICE, "C", "c");
}
END_TEST

/* The text behind the first line, the block of DB before that of B, and B twice. */
static void shuffle(const struct desk *desk)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_str text = desk_read(desk->vault);
    char *b = strstr(text, "\n# B\n");
    char *db = strstr(text, "\n# DB\n");
    ck_assert(b != NULL && db != NULL && b < db);
    bulla_auto_str shuffled =
        bulla_asprintf(&err, "%.*s%s%.*s\n# B\n", (int)(b - text), text, db, (int)(db - b), b);
    ck_assert_ptr_nonnull(shuffled);
    desk_write(desk->vault, bulla_bytes_of(shuffled));
}

START_TEST(batch_finds_its_places_in_a_file_in_any_order)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    desk_set(&desk, BOB, "B", "one", NOW + 15);
    shuffle(&desk);
    bulla_auto_vault vault = begin(&desk, BOB);
    static const char *const names[] = {"Z", "C", "A", "B", "DB", "E"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        set(&desk, vault, names[i], "two");
    }
    assert_ok(bulla_vault_commit(vault, &desk.err), desk.err);
    bulla_auto_str text = desk_read(desk.vault);
    bulla_auto_buf blocks;
    bulla_buf_init(&blocks, 64);
    for (const char *at = strstr(text, "\n# keys"); at != NULL; at = strstr(at + 1, "\n# ")) {
        bulla_buf_add_bytes(&blocks, bulla_bytes(at + 3, strcspn(at + 3, "\n")));
        bulla_buf_putc(&blocks, ' ');
    }
    assert_ok(bulla_buf_ok(&blocks, &desk.err), desk.err);
    ck_assert(bulla_bytes_are(bulla_buf_view(&blocks), "keys A C DB B B E Z "));
    const char *b = strstr(text, "\n# B\nset B v=2 ");
    ck_assert_ptr_nonnull(b);
    ck_assert_ptr_nonnull(strstr(b, "\nset B v=1 "));
    ck_assert_ptr_nonnull(strstr(text, "\n# DB\nset DB v=2 "));
    assert_value(&desk, ALICE, "E", "two");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("vault_batch");
    TCase *tcase = tcase_create("vault_batch");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, batch_of_many_names_is_judged_once);
    tcase_add_test(tcase, batch_numbers_a_name_that_comes_again);
    tcase_add_test(tcase, batch_reads_what_it_has_set);
    tcase_add_test(tcase, batch_goes_on_after_a_mark_and_a_removal);
    tcase_add_test(tcase, batch_starts_one_key_where_none_is_open);
    tcase_add_test(tcase, batch_finds_its_places_in_a_file_in_any_order);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
