#include <sys/stat.h>

#include "vault_unit.h"

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
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("vault");
    TCase *tcase = tcase_create("vault");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, vault_gives_back_what_was_set);
    tcase_add_test(tcase, vault_set_of_the_present_value_adds_nothing);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
