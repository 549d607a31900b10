/* Mending a vault that git damaged: what is taken out, what comes back, and what is left alone. */
#include "vault_unit.h"

/* A vault as it was when it was made, with a value of bob's, and with one of alice's beside that.
 */
struct states {
    char *base, *theirs, *ours;
};

static void states_free(struct states *states)
{
    bulla_free(states->base);
    bulla_free(states->theirs);
    bulla_free(states->ours);
}

#define auto_states BULLA_AUTO(states_free) struct states

static struct states states_make(struct desk *desk)
{
    struct states states = {NULL};
    desk_create(desk);
    states.base = desk_read(desk->vault);
    desk_set(desk, BOB, "DB", "two", NOW + 20);
    states.theirs = desk_read(desk->vault);
    desk_write(desk->vault, bulla_bytes_of(states.base));
    desk_set(desk, ALICE, "API", "x", NOW + 30);
    states.ours = desk_read(desk->vault);
    return states;
}

static void write_text(const struct desk *desk, const char *first, const char *second,
                       const char *third)
{
    bulla_auto_str text =
        bulla_asprintf(&(struct bulla_error)BULLA_ERROR_INIT, "%s%s%s", first, second, third);
    ck_assert_ptr_nonnull(text);
    desk_write(desk->vault, bulla_bytes_of(text));
}

/* TEXT without its first line that begins with START; owned. */
static char *without(const char *text, const char *start)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    const char *line = strstr(text, start);
    ck_assert_ptr_nonnull(line);
    const char *rest = strchr(line, '\n') + 1;
    return bulla_asprintf(&err, "%.*s%s", (int)(line - text), text, rest);
}

static struct bulla_vault *mend_open(struct desk *desk, enum bulla_vault_access access)
{
    struct bulla_vault_place place = desk_place(desk, ALICE);
    return bulla_vault_mend_open(&place, access, &desk->err);
}

static struct bulla_mend_report mend_finish(struct desk *desk, struct bulla_vault *vault)
{
    struct bulla_vault_place place = desk_place(desk, ALICE);
    struct bulla_mend_report report = {.added = 99};
    assert_ok(bulla_vault_mend_finish(vault, &place, &report, &desk->err), desk->err);
    return report;
}

START_TEST(mend_takes_out_the_marks_of_a_conflict_and_keeps_both_sides)
{
    auto_desk desk = desk_new();
    auto_states states = states_make(&desk);
    bulla_auto_str their_side =
        bulla_asprintf(&desk.err, "=======\n%s>>>>>>> other\n", states.theirs);
    write_text(&desk, "<<<<<<< HEAD\n", states.ours, their_side);
    ck_assert_ptr_null(desk_open(&desk, ALICE, BULLA_VAULT_READ));
    assert_code(desk.err, BULLA_E_SYNTAX);
    bulla_error_clear(&desk.err);

    bulla_auto_vault vault = mend_open(&desk, BULLA_VAULT_WRITE);
    assert_ok(vault != NULL, desk.err);
    bool lacks = true;
    assert_ok(bulla_vault_mend_lacks(vault, &lacks, &desk.err), desk.err);
    ck_assert(!lacks);
    struct bulla_mend_report report = mend_finish(&desk, vault);
    ck_assert_uint_eq(report.markers, 3);
    ck_assert_uint_eq(report.headers, 1);
    ck_assert_uint_eq(report.added, 0);
    assert_ok(bulla_vault_commit(vault, &desk.err), desk.err);
    bulla_vault_close(vault);
    vault = NULL;
    assert_value(&desk, ALICE, "DB", "two");
    assert_value(&desk, ALICE, "API", "x");
    bulla_auto_str after = desk_read(desk.vault);
    ck_assert_ptr_null(strstr(after, "<<<<<<<"));
}
END_TEST

START_TEST(mend_brings_back_a_record_that_others_name_and_says_where_from)
{
    auto_desk desk = desk_new();
    auto_states states = states_make(&desk);
    bulla_auto_str damaged = without(states.theirs, "set DB v=1");
    desk_write(desk.vault, bulla_bytes_of(damaged));
    bulla_auto_vault vault = mend_open(&desk, BULLA_VAULT_WRITE);
    assert_ok(vault != NULL, desk.err);
    bool lacks = false;
    size_t missing = 99;
    assert_ok(bulla_vault_mend_lacks(vault, &lacks, &desk.err), desk.err);
    ck_assert(lacks);
    /* Not wanted for itself, but named. */
    assert_ok(
        bulla_vault_mend_add(vault, bulla_bytes_of(states.ours), 7, false, &missing, &desk.err),
        desk.err);
    ck_assert_uint_eq(missing, 0);
    assert_ok(bulla_vault_mend_lacks(vault, &lacks, &desk.err), desk.err);
    ck_assert(!lacks);
    ck_assert_uint_eq(mend_finish(&desk, vault).added, 1);
    struct bulla_record_info record;
    size_t restored = 0;
    for (size_t i = 0; bulla_vault_record(vault, i, &record); i++) {
        restored += record.origin == 7;
        ck_assert(record.origin == 0 || strcmp(record.subject, "DB") == 0);
    }
    ck_assert_uint_eq(restored, 1);
    assert_ok(bulla_vault_commit(vault, &desk.err), desk.err);
    bulla_vault_close(vault);
    vault = NULL;
    assert_value(&desk, ALICE, "DB", "two");
}
END_TEST

START_TEST(mend_adds_all_of_a_state_that_is_wanted_once)
{
    auto_desk desk = desk_new();
    auto_states states = states_make(&desk);
    bulla_auto_vault vault = mend_open(&desk, BULLA_VAULT_WRITE);
    assert_ok(vault != NULL, desk.err);
    size_t missing = 0;
    assert_ok(
        bulla_vault_mend_add(vault, bulla_bytes_of(states.theirs), 1, true, &missing, &desk.err),
        desk.err);
    ck_assert_uint_eq(missing, 1);
    assert_ok(
        bulla_vault_mend_add(vault, bulla_bytes_of(states.theirs), 2, true, &missing, &desk.err),
        desk.err);
    ck_assert_uint_eq(missing, 0);
    assert_ok(
        bulla_vault_mend_add(vault, bulla_bytes_of(states.ours), 3, true, &missing, &desk.err),
        desk.err);
    ck_assert_uint_eq(missing, 0);
    ck_assert_uint_eq(mend_finish(&desk, vault).added, 1);
    assert_ok(bulla_vault_commit(vault, &desk.err), desk.err);
    bulla_vault_close(vault);
    vault = NULL;
    assert_value(&desk, ALICE, "DB", "two");
    assert_value(&desk, ALICE, "API", "x");
}
END_TEST

/* A state that does not verify by itself, and one of another vault, ask for nothing. */
START_TEST(mend_wants_nothing_of_a_forged_state_nor_of_another_vault)
{
    auto_desk desk = desk_new();
    auto_states states = states_make(&desk);
    bulla_auto_str before = desk_read(desk.vault);
    bulla_auto_vault vault = mend_open(&desk, BULLA_VAULT_WRITE);
    assert_ok(vault != NULL, desk.err);
    char *by = strstr(strstr(states.theirs, "set DB v=2"), "by=bob");
    memcpy(by, "by=bo_", strlen("by=bo_"));
    size_t missing = 99;
    assert_ok(
        bulla_vault_mend_add(vault, bulla_bytes_of(states.theirs), 1, true, &missing, &desk.err),
        desk.err);
    ck_assert_uint_eq(missing, 0);
    memcpy(by, "by=bob", strlen("by=bob"));
    char *id = states.theirs + strlen("BULLA1 ");
    *id = *id == '0' ? '1' : '0';
    missing = 99;
    assert_ok(
        bulla_vault_mend_add(vault, bulla_bytes_of(states.theirs), 1, true, &missing, &desk.err),
        desk.err);
    ck_assert_uint_eq(missing, 0);
    ck_assert_uint_eq(mend_finish(&desk, vault).added, 0);
    bulla_vault_close(vault);
    vault = NULL;
    bulla_auto_str after = desk_read(desk.vault);
    ck_assert_str_eq(before, after);
}
END_TEST

START_TEST(mend_fails_where_something_is_in_no_state)
{
    auto_desk desk = desk_new();
    auto_states states = states_make(&desk);
    struct bulla_vault_place place = desk_place(&desk, ALICE);
    struct bulla_mend_report report = {.added = 99};
    bulla_auto_str damaged = without(states.theirs, "set DB v=1");
    desk_write(desk.vault, bulla_bytes_of(damaged));
    bulla_auto_vault vault = mend_open(&desk, BULLA_VAULT_WRITE);
    assert_ok(vault != NULL, desk.err);
    ck_assert(!bulla_vault_mend_finish(vault, &place, &report, &desk.err));
    assert_code(desk.err, BULLA_E_VERIFY);
    ck_assert_uint_gt(desk.err.pos.line, 0);
    ck_assert_uint_eq(report.added, 99);
    bulla_vault_close(vault);
    vault = NULL;
    bulla_auto_str after = desk_read(desk.vault);
    ck_assert_str_eq(damaged, after);
}
END_TEST

static const struct {
    const char *what, *before, *behind;
    uint32_t line; /* 0: behind the whole vault */
} bad[] = {
    {"a word of somebody's", "", "somebody's note\n", 0},
    {"a mark that is none of git's", "", "<<<<<< six of them\n", 0},
    {"no header", "\n", "", 1},
};

START_TEST(mend_refuses_what_is_no_line_and_says_where)
{
    auto_desk desk = desk_new();
    auto_states states = states_make(&desk);
    uint32_t line = bad[_i].line;
    for (const char *at = states.ours; line == 0 && (at = strchr(at, '\n')) != NULL; at++) {
        desk.err.pos.line++; /* borrowed to count with */
    }
    line = line == 0 ? desk.err.pos.line + 1 : line;
    bulla_error_clear(&desk.err);
    write_text(&desk, bad[_i].before, states.ours, bad[_i].behind);
    ck_assert_msg(mend_open(&desk, BULLA_VAULT_VERIFY) == NULL, "%s", bad[_i].what);
    assert_code(desk.err, BULLA_E_SYNTAX);
    ck_assert_msg(desk.err.pos.line == line, "%s: line %u, not %u", bad[_i].what, desk.err.pos.line,
                  line);
    ck_assert_uint_gt(desk.err.pos.col, 0);
}
END_TEST

START_TEST(mend_has_an_order)
{
    auto_desk desk = desk_new();
    auto_states states = states_make(&desk);
    struct bulla_vault_place place = desk_place(&desk, ALICE);
    struct bulla_mend_report report;
    size_t missing = 0;
    bulla_auto_vault vault = mend_open(&desk, BULLA_VAULT_VERIFY);
    assert_ok(vault != NULL, desk.err);
    (void)mend_finish(&desk, vault);
    ck_assert(
        !bulla_vault_mend_add(vault, bulla_bytes_of(states.theirs), 1, true, &missing, &desk.err));
    assert_code(desk.err, BULLA_E_BUG);
    ck_assert(!bulla_vault_mend_finish(vault, &place, &report, &desk.err));
    assert_code(desk.err, BULLA_E_BUG);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("vault_mend");
    TCase *tcase = tcase_create("mend");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, mend_takes_out_the_marks_of_a_conflict_and_keeps_both_sides);
    tcase_add_test(tcase, mend_brings_back_a_record_that_others_name_and_says_where_from);
    tcase_add_test(tcase, mend_adds_all_of_a_state_that_is_wanted_once);
    tcase_add_test(tcase, mend_wants_nothing_of_a_forged_state_nor_of_another_vault);
    tcase_add_test(tcase, mend_fails_where_something_is_in_no_state);
    tcase_add_loop_test(tcase, mend_refuses_what_is_no_line_and_says_where, 0,
                        (int)(sizeof bad / sizeof bad[0]));
    tcase_add_test(tcase, mend_has_an_order);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
