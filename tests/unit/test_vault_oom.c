/* Each allocation fails once: nothing leaks, nothing is half done, and the error says why. */
#include "vault_unit.h"

/* So many runs that all succeed say that there is nothing left to fail. */
#define ENOUGH 20

static bool set_several(struct bulla_vault *vault, struct bulla_error *err)
{
    bulla_vault_batch_begin(vault);
    return bulla_vault_set(vault, "A", LIT("a"), NULL, NOW, NULL, err) &&
           bulla_vault_set(vault, "B", LIT("b"), NULL, NOW, NULL, err) &&
           bulla_vault_batch_end(vault, err);
}

/* Opens, reads, writes and commits; false with the error. */
static bool run_all(struct desk *desk, const struct bulla_vault_place *place)
{
    struct bulla_bytes value;
    bulla_auto_vault vault = bulla_vault_open(place, BULLA_VAULT_WRITE, &desk->err);
    if (vault == NULL || !bulla_vault_get(vault, "DB", 0, &value, &desk->err)) {
        return false;
    }
    return bulla_vault_set(vault, "DB", LIT("another"), NULL, NOW, NULL, &desk->err) &&
           set_several(vault, &desk->err) &&
           bulla_vault_member_remove(vault, "bob", "left", NOW, &desk->err) &&
           bulla_vault_commit(vault, &desk->err);
}

static bool create(struct desk *desk, const struct bulla_vault_place *place)
{
    bulla_auto_vault vault = bulla_vault_create(place, "alice", NOW, &desk->err);
    return vault != NULL && bulla_vault_set(vault, "DB", LIT("x"), NULL, NOW, NULL, &desk->err) &&
           bulla_vault_commit(vault, &desk->err);
}

START_TEST(vault_survives_each_failed_allocation)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    bulla_auto_str before = desk_read(desk.vault);
    struct bulla_vault_place place = desk_place(&desk, ALICE);
    place.accept_missing = true; /* the file goes back each time */
    place.state_folder = desk.state;
    size_t failed = 0;
    size_t succeeded = 0;
    for (unsigned long nth = 1; succeeded < ENOUGH; nth++) {
        desk_write(desk.vault, bulla_bytes_of(before));
        bulla_error_clear(&desk.err);
        bulla_mem_fail_at(nth);
        bool ok = run_all(&desk, &place);
        bulla_mem_fail_at(0);
        bulla_auto_str after = desk_read(desk.vault);
        succeeded = ok ? succeeded + 1 : 0;
        if (ok) {
            continue; /* what is only remembered may fail and becomes a note */
        }
        failed++;
        ck_assert_msg(desk.err.code == BULLA_E_NOMEM, "%lu: %d %s", nth, desk.err.code,
                      desk.err.message);
        ck_assert_msg(strcmp(before, after) == 0, "allocation %lu", nth);
    }
    ck_assert_uint_gt(failed, 100);
    bulla_auto_vault vault = desk_open(&desk, ALICE, BULLA_VAULT_VERIFY);
    assert_ok(vault != NULL, desk.err);
    struct bulla_bytes value;
    assert_ok(bulla_vault_get(vault, "DB", 0, &value, &desk.err), desk.err);
    assert_bytes(value, "another");
}
END_TEST

START_TEST(vault_creation_survives_each_failed_allocation)
{
    auto_desk desk = desk_new();
    struct bulla_vault_place place = desk_place(&desk, ALICE);
    for (unsigned long nth = 1;; nth++) {
        bulla_error_clear(&desk.err);
        bulla_mem_fail_at(nth);
        bool ok = create(&desk, &place);
        bulla_mem_fail_at(0);
        if (ok) {
            break;
        }
        ck_assert_msg(desk.err.code == BULLA_E_NOMEM, "%lu: %d %s", nth, desk.err.code,
                      desk.err.message);
        ck_assert_msg(!bulla_file_is_regular(desk.vault), "allocation %lu", nth);
    }
    assert_value(&desk, ALICE, "DB", "x");
}
END_TEST

/* A file with a conflict's marks that lacks a record, and a state that has it. */
static bool mend(struct desk *desk, const struct bulla_vault_place *place, const char *state)
{
    struct bulla_mend_report report;
    size_t missing = 0;
    bool lacks = false;
    bulla_auto_vault vault = bulla_vault_mend_open(place, BULLA_VAULT_WRITE, &desk->err);
    return vault != NULL &&
           bulla_vault_mend_add(vault, bulla_bytes_of(state), 1, true, &missing, &desk->err) &&
           bulla_vault_mend_lacks(vault, &lacks, &desk->err) &&
           bulla_vault_mend_finish(vault, place, &report, &desk->err) &&
           bulla_vault_commit(vault, &desk->err);
}

START_TEST(vault_mending_survives_each_failed_allocation)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    bulla_auto_str before = desk_read(desk.vault);
    desk_set(&desk, BOB, "DB", "two", NOW + 20);
    bulla_auto_str state = desk_read(desk.vault);
    bulla_auto_str damaged = bulla_asprintf(&desk.err, "%s<<<<<<< HEAD\n", before);
    struct bulla_vault_place place = desk_place(&desk, ALICE);
    size_t failed = 0;
    size_t succeeded = 0;
    for (unsigned long nth = 1; succeeded < ENOUGH; nth++) {
        desk_write(desk.vault, bulla_bytes_of(damaged));
        bulla_error_clear(&desk.err);
        bulla_mem_fail_at(nth);
        bool ok = mend(&desk, &place, state);
        bulla_mem_fail_at(0);
        bulla_auto_str after = desk_read(desk.vault);
        succeeded = ok ? succeeded + 1 : 0;
        if (ok) {
            ck_assert_ptr_null(strstr(after, "<<<<<<<"));
            ck_assert_msg(strstr(after, "set DB v=2 ") != NULL, "allocation %lu", nth);
            continue;
        }
        failed++;
        ck_assert_msg(desk.err.code == BULLA_E_NOMEM, "%lu: %d %s", nth, desk.err.code,
                      desk.err.message);
        ck_assert_msg(strcmp(damaged, after) == 0, "allocation %lu", nth);
    }
    ck_assert_uint_gt(failed, 50);
    assert_value(&desk, ALICE, "DB", "two");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("vault_oom");
    TCase *tcase = tcase_create("oom");
    tcase_set_timeout(tcase, 200);
    tcase_add_test(tcase, vault_survives_each_failed_allocation);
    tcase_add_test(tcase, vault_creation_survives_each_failed_allocation);
    tcase_add_test(tcase, vault_mending_survives_each_failed_allocation);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
