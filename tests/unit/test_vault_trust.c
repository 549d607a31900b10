/* What a machine remembers of a vault, and what it does with it: docs/vault.5.md 9. */
#include <glob.h>
#include <sys/stat.h>

#include "vault_unit.h"

/* ALICE or another with a state folder and without blind trust. */
static struct bulla_vault_place known_place(const struct desk *desk, int person)
{
    struct bulla_vault_place place = desk_place(desk, person);
    place.state_folder = desk->state;
    place.trust_new_root = false;
    return place;
}

static struct bulla_vault *open_known(struct desk *desk, int person, enum bulla_vault_access access)
{
    struct bulla_vault_place place = known_place(desk, person);
    return bulla_vault_open(&place, access, &desk->err);
}

static void set_known(struct desk *desk, int person, const char *name, const char *value,
                      int64_t now)
{
    bulla_auto_vault vault = open_known(desk, person, BULLA_VAULT_WRITE);
    assert_ok(vault != NULL, desk->err);
    assert_ok(bulla_vault_set(vault, name, bulla_bytes_of(value), NULL, now, NULL, &desk->err) &&
                  bulla_vault_commit(vault, &desk->err),
              desk->err);
    ck_assert_str_eq(bulla_vault_note(vault), "");
}

START_TEST(root_is_unknown_on_first_use)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    /* Carol wrote nothing yet. */
    ck_assert_ptr_null(open_known(&desk, CAROL, BULLA_VAULT_READ));
    assert_code(desk.err, BULLA_E_VERIFY);
    ck_assert_ptr_nonnull(strstr(desk.err.message, "is not known on this machine"));
    ck_assert_ptr_nonnull(strstr(desk.err.hint, "--root "));
    bulla_error_clear(&desk.err);
    {
        /* Verifying only says so, and remembers nothing. */
        bulla_auto_vault vault = open_known(&desk, CAROL, BULLA_VAULT_VERIFY);
        assert_ok(vault != NULL, desk.err);
        ck_assert(bulla_vault_root_is_new(vault));
        ck_assert_ptr_nonnull(strstr(bulla_vault_note(vault), "not known"));
    }
    ck_assert_ptr_null(open_known(&desk, CAROL, BULLA_VAULT_READ));
    {
        struct bulla_vault_place place = known_place(&desk, CAROL);
        place.trust_new_root = true;
        bulla_auto_vault vault = bulla_vault_open(&place, BULLA_VAULT_READ, &desk.err);
        assert_ok(vault != NULL, desk.err);
        ck_assert(bulla_vault_root_is_new(vault));
    }
    bulla_auto_vault vault = open_known(&desk, CAROL, BULLA_VAULT_READ);
    assert_ok(vault != NULL, desk.err);
    ck_assert(!bulla_vault_root_is_new(vault));
}
END_TEST

START_TEST(root_is_known_to_who_signed_above_it)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    bulla_auto_vault owner = open_known(&desk, ALICE, BULLA_VAULT_READ);
    assert_ok(owner != NULL, desk.err);
    ck_assert(!bulla_vault_root_is_new(owner));
    /* Bob did not, until he writes; and then on any machine of his. */
    bulla_auto_str elsewhere = bulla_asprintf(&desk.err, "%s/elsewhere", desk.folder);
    struct bulla_vault_place place = known_place(&desk, BOB);
    place.state_folder = elsewhere;
    ck_assert_ptr_null(bulla_vault_open(&place, BULLA_VAULT_READ, &desk.err));
    assert_code(desk.err, BULLA_E_VERIFY);
    desk_set(&desk, BOB, "DB", "two", NOW + 20);
    desk_set(&desk, ALICE, "DB", "three", NOW + 30);
    bulla_auto_vault writer = bulla_vault_open(&place, BULLA_VAULT_READ, &desk.err);
    assert_ok(writer != NULL, desk.err);
    ck_assert(!bulla_vault_root_is_new(writer));
}
END_TEST

START_TEST(root_that_is_pinned_has_to_be_it)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    struct bulla_vault_place place = known_place(&desk, CAROL);
    place.pinned_root = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    place.trust_new_root = true;
    ck_assert_ptr_null(bulla_vault_open(&place, BULLA_VAULT_READ, &desk.err));
    assert_code(desk.err, BULLA_E_VERIFY);
    ck_assert_ptr_nonnull(strstr(desk.err.message, "the pinned one is"));
    char *root = NULL;
    {
        bulla_auto_vault vault = desk_open(&desk, ALICE, BULLA_VAULT_READ);
        assert_ok(vault != NULL, desk.err);
        root = bulla_strdup(bulla_vault_root(vault), &desk.err);
    }
    place.pinned_root = root;
    place.trust_new_root = false;
    bulla_auto_vault vault = bulla_vault_open(&place, BULLA_VAULT_READ, &desk.err);
    assert_ok(vault != NULL, desk.err);
    bulla_free(root);
}
END_TEST

START_TEST(root_of_another_vault_under_the_old_name_is_refused)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    {
        bulla_auto_vault vault = open_known(&desk, ALICE, BULLA_VAULT_READ);
        assert_ok(vault != NULL, desk.err);
    }
    ck_assert_int_eq(unlink(desk.vault), 0);
    {
        /* Made elsewhere, by somebody who is called alice too. */
        struct bulla_vault_place place = desk_place(&desk, DORA);
        bulla_auto_vault vault = bulla_vault_create(&place, "alice", NOW, &desk.err);
        assert_ok(vault != NULL && bulla_vault_commit(vault, &desk.err), desk.err);
    }
    struct bulla_vault_place place = known_place(&desk, ALICE);
    place.trust_new_root = true;
    for (enum bulla_vault_access access = BULLA_VAULT_READ; access <= BULLA_VAULT_WRITE; access++) {
        ck_assert_ptr_null(bulla_vault_open(&place, access, &desk.err));
        assert_code(desk.err, BULLA_E_VERIFY);
        ck_assert_ptr_nonnull(strstr(desk.err.message, "this path had"));
    }
}
END_TEST

START_TEST(rollback_is_told_until_it_is_accepted)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    set_known(&desk, ALICE, "DB", "two", NOW + 20);
    bulla_auto_str before = desk_read(desk.vault);
    /* Bob's line comes with a pull; alice verifies it, and then it is gone. */
    desk_set(&desk, BOB, "DB", "three", NOW + 30);
    {
        bulla_auto_vault vault = open_known(&desk, ALICE, BULLA_VAULT_VERIFY);
        assert_ok(vault != NULL, desk.err);
    }
    desk_write(desk.vault, bulla_bytes_of(before));
    for (enum bulla_vault_access access = BULLA_VAULT_READ; access <= BULLA_VAULT_WRITE; access++) {
        ck_assert_ptr_null(open_known(&desk, ALICE, access));
        assert_code(desk.err, BULLA_E_VERIFY);
        ck_assert_ptr_nonnull(strstr(desk.err.message, "rolled back"));
        ck_assert_ptr_nonnull(strstr(desk.err.hint, "--accept"));
        bulla_error_clear(&desk.err);
    }
    {
        struct bulla_vault_place place = known_place(&desk, ALICE);
        place.accept_missing = true;
        bulla_auto_vault vault = bulla_vault_open(&place, BULLA_VAULT_VERIFY, &desk.err);
        assert_ok(vault != NULL, desk.err);
        ck_assert_ptr_nonnull(strstr(bulla_vault_note(vault), "forgotten"));
    }
    bulla_auto_vault vault = open_known(&desk, ALICE, BULLA_VAULT_READ);
    assert_ok(vault != NULL, desk.err);
    ck_assert_str_eq(bulla_vault_note(vault), "");
}
END_TEST

START_TEST(reset_lines_come_back_from_the_journal)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    bulla_auto_str before = desk_read(desk.vault);
    set_known(&desk, ALICE, "DB", "two", NOW + 20);
    set_known(&desk, ALICE, "DB", "three", NOW + 30);
    desk_write(desk.vault, bulla_bytes_of(before));
    {
        bulla_auto_vault vault = open_known(&desk, ALICE, BULLA_VAULT_READ);
        assert_ok(vault != NULL, desk.err);
        ck_assert_ptr_nonnull(strstr(bulla_vault_note(vault), "2 lines that this vault had"));
    }
    /* Writing something else does not make it forget. */
    {
        bulla_auto_vault vault = open_known(&desk, ALICE, BULLA_VAULT_WRITE);
        assert_ok(vault != NULL &&
                      bulla_vault_set(vault, "API", LIT("x"), NULL, NOW + 40, NULL, &desk.err) &&
                      bulla_vault_commit(vault, &desk.err),
                  desk.err);
    }
    {
        bulla_auto_vault vault = open_known(&desk, ALICE, BULLA_VAULT_WRITE);
        size_t count = 0;
        assert_ok(vault != NULL && bulla_vault_restore(vault, &count, &desk.err) &&
                      bulla_vault_commit(vault, &desk.err),
                  desk.err);
        ck_assert_uint_eq(count, 2);
    }
    bulla_auto_vault vault = open_known(&desk, ALICE, BULLA_VAULT_VERIFY);
    assert_ok(vault != NULL, desk.err);
    ck_assert_str_eq(bulla_vault_note(vault), "");
    struct bulla_bytes value;
    assert_ok(bulla_vault_get(vault, "DB", 0, &value, &desk.err), desk.err);
    assert_bytes(value, "three");
    ck_assert_uint_eq(bulla_vault_figures(vault).heads, 2);
}
END_TEST

START_TEST(heads_are_remembered_for_each_branch)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    bulla_auto_str git = bulla_asprintf(&desk.err, "%s/.git", desk.folder);
    bulla_auto_str head = bulla_asprintf(&desk.err, "%s/HEAD", git);
    assert_ok(bulla_dir_make(git, 0755, &desk.err), desk.err);
    desk_write(head, LIT("ref: refs/heads/main\n"));
    bulla_auto_str before = desk_read(desk.vault);
    set_known(&desk, ALICE, "DB", "two", NOW + 20);
    /* Another branch never had that line. */
    desk_write(head, LIT("ref: refs/heads/older\n"));
    desk_write(desk.vault, bulla_bytes_of(before));
    bulla_auto_vault vault = open_known(&desk, ALICE, BULLA_VAULT_READ);
    assert_ok(vault != NULL, desk.err);
    ck_assert_str_eq(bulla_vault_note(vault), "");
    desk_write(head, LIT("ref: refs/heads/main\n"));
    bulla_auto_vault back = open_known(&desk, ALICE, BULLA_VAULT_READ);
    assert_ok(back != NULL, desk.err);
    ck_assert_str_ne(bulla_vault_note(back), "");
}
END_TEST

/* How many signatures alice checks when she opens the vault. */
static size_t count_checked(struct desk *desk, enum bulla_vault_access access)
{
    bulla_auto_vault vault = open_known(desk, ALICE, access);
    assert_ok(vault != NULL, desk->err);
    return bulla_vault_figures(vault).signatures_checked;
}

START_TEST(writes_check_what_reads_do_and_what_is_new)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    set_known(&desk, ALICE, "DB", "two", NOW + 20);
    ck_assert_uint_eq(count_checked(&desk, BULLA_VAULT_WRITE),
                      count_checked(&desk, BULLA_VAULT_READ));
    /* The second is a head for both, the first is new to a writer alone. */
    desk_set(&desk, BOB, "API", "x", NOW + 30);
    desk_set(&desk, BOB, "API", "y", NOW + 40);
    ck_assert_uint_eq(count_checked(&desk, BULLA_VAULT_WRITE),
                      count_checked(&desk, BULLA_VAULT_READ) + 1);
    bulla_auto_vault verified = open_known(&desk, ALICE, BULLA_VAULT_VERIFY);
    assert_ok(verified != NULL, desk.err);
    ck_assert_uint_eq(bulla_vault_figures(verified).signatures_checked,
                      bulla_vault_figures(verified).records);
}
END_TEST

static const char *const signed_lines[] = {"root alice ", "member bob ", "key ", "grant alice ",
                                           "set DB v=2 "};

START_TEST(writes_refuse_a_remembered_line_with_another_signature)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    set_known(&desk, ALICE, "DB", "two", NOW + 20);
    bulla_auto_str text = desk_read(desk.vault);
    char *line = strstr(text, signed_lines[_i]);
    ck_assert_ptr_nonnull(line);
    char *signature = strstr(line, " s=") + 3;
    ck_assert(signature < strchr(line, '\n'));
    memset(signature, 'A', strcspn(signature, "\n"));
    desk_write(desk.vault, bulla_bytes_of(text));
    for (enum bulla_vault_access access = BULLA_VAULT_READ; access <= BULLA_VAULT_WRITE; access++) {
        bulla_auto_vault vault = open_known(&desk, ALICE, access);
        ck_assert_msg(vault == NULL, "access %d took '%s'", access, signed_lines[_i]);
        assert_code(desk.err, BULLA_E_VERIFY);
        ck_assert_ptr_nonnull(strstr(desk.err.message, "a signature that 'alice' did not make"));
        bulla_error_clear(&desk.err);
    }
}
END_TEST

START_TEST(reading_goes_on_without_a_state_folder_and_writing_does_not)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    bulla_auto_str before = desk_read(desk.vault);
    desk_write(desk.state, LIT("a file in the way\n"));
    {
        bulla_auto_vault vault = open_known(&desk, ALICE, BULLA_VAULT_READ);
        assert_ok(vault != NULL, desk.err);
        ck_assert_str_ne(bulla_vault_note(vault), "");
        struct bulla_bytes value;
        assert_ok(bulla_vault_get(vault, "DB", 0, &value, &desk.err), desk.err);
    }
    bulla_auto_vault vault = open_known(&desk, ALICE, BULLA_VAULT_WRITE);
    assert_ok(vault != NULL, desk.err);
    assert_ok(bulla_vault_set(vault, "DB", LIT("two"), NULL, NOW, NULL, &desk.err), desk.err);
    ck_assert(!bulla_vault_commit(vault, &desk.err));
    ck_assert(desk.err.code == BULLA_E_IO || desk.err.code == BULLA_E_MISSING);
    bulla_auto_str after = desk_read(desk.vault);
    ck_assert_str_eq(before, after);
}
END_TEST

/* Puts a folder (TEXT: NULL) or TEXT in the place of the first file that matches PATTERN. */
static char *spoil(const struct desk *desk, const char *pattern, const char *text)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_str all = bulla_asprintf(&err, "%s/%s", desk->state, pattern);
    glob_t found;
    ck_assert_int_eq(glob(all, 0, NULL, &found), 0);
    char *file = bulla_strdup(found.gl_pathv[0], &err);
    globfree(&found);
    ck_assert_int_eq(unlink(file), 0);
    if (text == NULL) {
        ck_assert_int_eq(mkdir(file, 0700), 0);
    } else {
        desk_write(file, bulla_bytes_of(text));
    }
    return file;
}

static const struct {
    const char *pattern;
    const char *text;
    enum bulla_code code;
} spoilt[] = {
    {"*/heads/*", NULL, BULLA_E_IO},
    {"*/heads/*", "head short\n", BULLA_E_SYNTAX},
    {"paths/*", NULL, BULLA_E_IO},
    {"paths/*", "root short\n", BULLA_E_SYNTAX},
    {"*/root", "root short\n", BULLA_E_SYNTAX},
};

START_TEST(memory_that_cannot_be_read_is_never_replaced)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    set_known(&desk, ALICE, "DB", "two", NOW + 20);
    bulla_auto_str file = spoil(&desk, spoilt[_i].pattern, spoilt[_i].text);
    for (enum bulla_vault_access access = BULLA_VAULT_VERIFY; access <= BULLA_VAULT_WRITE;
         access++) {
        struct bulla_vault_place place = known_place(&desk, ALICE);
        place.accept_missing = access == BULLA_VAULT_VERIFY;
        bulla_auto_vault vault = bulla_vault_open(&place, access, &desk.err);
        ck_assert_msg(vault == NULL, "access %d went on", access);
        assert_code(desk.err, spoilt[_i].code);
        ck_assert_str_eq(desk.err.file, file);
        ck_assert_str_ne(desk.err.hint, "");
        bulla_error_clear(&desk.err);
    }
    {
        bulla_auto_vault vault = open_known(&desk, ALICE, BULLA_VAULT_READ);
        assert_ok(vault != NULL, desk.err);
        ck_assert_ptr_nonnull(strstr(bulla_vault_note(vault), "cannot be read"));
    }
    if (spoilt[_i].text != NULL) {
        bulla_auto_str after = desk_read(file);
        ck_assert_str_eq(after, spoilt[_i].text);
    }
}
END_TEST

START_TEST(journal_holds_every_line_that_was_written)
{
    auto_desk desk = desk_new();
    struct bulla_vault_place place = known_place(&desk, ALICE);
    char *id = NULL;
    {
        bulla_auto_vault vault = bulla_vault_create(&place, "alice", NOW, &desk.err);
        assert_ok(vault != NULL && bulla_vault_commit(vault, &desk.err), desk.err);
        id = bulla_strdup(bulla_vault_id(vault), &desk.err);
    }
    set_known(&desk, ALICE, "DB", "one", NOW + 20);
    bulla_auto_str path = bulla_asprintf(&desk.err, "%s/%s/journal", desk.state, id);
    bulla_free(id);
    bulla_auto_str journal = desk_read(path);
    bulla_auto_str text = desk_read(desk.vault);
    size_t lines = 0;
    for (char *line = journal; *line != '\0'; lines++) {
        char *end = strchr(line, '\n');
        ck_assert_ptr_nonnull(end);
        *end = '\0';
        ck_assert_ptr_nonnull(strstr(text, line));
        line = end + 1;
    }
    ck_assert_uint_eq(lines, 4); /* root, key, grant, set */
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("vault_trust");
    TCase *tcase = tcase_create("trust");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, root_is_unknown_on_first_use);
    tcase_add_test(tcase, root_is_known_to_who_signed_above_it);
    tcase_add_test(tcase, root_that_is_pinned_has_to_be_it);
    tcase_add_test(tcase, root_of_another_vault_under_the_old_name_is_refused);
    tcase_add_test(tcase, rollback_is_told_until_it_is_accepted);
    tcase_add_test(tcase, reset_lines_come_back_from_the_journal);
    tcase_add_test(tcase, heads_are_remembered_for_each_branch);
    tcase_add_test(tcase, writes_check_what_reads_do_and_what_is_new);
    tcase_add_loop_test(tcase, writes_refuse_a_remembered_line_with_another_signature, 0,
                        sizeof signed_lines / sizeof *signed_lines);
    tcase_add_test(tcase, reading_goes_on_without_a_state_folder_and_writing_does_not);
    tcase_add_loop_test(tcase, memory_that_cannot_be_read_is_never_replaced, 0,
                        sizeof spoilt / sizeof *spoilt);
    tcase_add_test(tcase, journal_holds_every_line_that_was_written);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
