#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/pool.h"
#include "bulla/file.h"
#include "bulla/mem.h"
#include "state/state.h"

#include "unit.h"

#define ID1 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define ID2 "BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define VAULT_ID "00112233445566778899aabbccddeeff"

struct folder {
    char path[64];
    char state[96];
    struct bulla_error err;
};

static struct folder folder_new(void)
{
    struct folder folder = {.path = "/tmp/bulla-state-XXXXXX", .err = BULLA_ERROR_INIT};
    ck_assert_ptr_nonnull(mkdtemp(folder.path));
    (void)snprintf(folder.state, sizeof folder.state, "%s/state/bulla", folder.path);
    return folder;
}

static void folder_free(struct folder *folder)
{
    char command[128];
    (void)snprintf(command, sizeof command, "rm -rf '%s'", folder->path);
    ck_assert_int_eq(system(command), 0);
}

#define auto_folder BULLA_AUTO(folder_free) struct folder

static struct state_place place_in(const struct folder *folder, const char *branch)
{
    return (struct state_place){folder->state, VAULT_ID, "/srv/app/.bulla/prod.vault", branch,
                                "/srv"};
}

/* Writes TEXT to NAME below FOLDER, making folders. */
static void put(struct folder *folder, const char *name, const char *text)
{
    bulla_auto_str path = bulla_path_join(folder->path, name, &folder->err);
    bulla_auto_str parent = bulla_path_dir(path, &folder->err);
    assert_ok(bulla_dir_make(parent, 0755, &folder->err), folder->err);
    assert_ok(bulla_file_replace(path, 0644, bulla_bytes_of(text), &folder->err), folder->err);
}

static void assert_branch(struct folder *folder, const char *name, const char *want)
{
    bulla_auto_str path = bulla_path_join(folder->path, name, &folder->err);
    bulla_auto_str tree = NULL;
    bulla_auto_str branch = state_branch(path, &tree, &folder->err);
    assert_ok(branch != NULL, folder->err);
    ck_assert_str_eq(branch, want);
    /* The first name of NAME is a working tree, where there is one. */
    ck_assert(tree[0] == '\0' ||
              strncmp(tree, path, strlen(path) - strlen(strchr(name, '/'))) == 0);
}

START_TEST(state_branch_reads_git_files)
{
    auto_folder folder = folder_new();
    put(&folder, "a/.bulla/prod.vault", "");
    assert_branch(&folder, "a/.bulla/prod.vault", "");
    put(&folder, "a/.git/HEAD", "ref: refs/heads/feature/x-1\n");
    assert_branch(&folder, "a/.bulla/prod.vault", "feature/x-1");
    put(&folder, "a/.git/HEAD", "0123456789012345678901234567890123456789\n");
    assert_branch(&folder, "a/.bulla/prod.vault", "");
    put(&folder, "a/.git/HEAD", "ref: refs/remotes/origin/main\n");
    assert_branch(&folder, "a/.bulla/prod.vault", "");
    put(&folder, "a/.git/HEAD", "");
    assert_branch(&folder, "a/.bulla/prod.vault", "");
}
END_TEST

START_TEST(state_branch_follows_a_worktree)
{
    auto_folder folder = folder_new();
    put(&folder, "main/.git/worktrees/w/HEAD", "ref: refs/heads/side\n");
    put(&folder, "w/.git", "gitdir: ../main/.git/worktrees/w\n");
    put(&folder, "w/deep/.bulla/prod.vault", "");
    assert_branch(&folder, "w/deep/.bulla/prod.vault", "side");
    bulla_auto_str absolute =
        bulla_asprintf(&folder.err, "gitdir: %s/main/.git/worktrees/w\n", folder.path);
    put(&folder, "w/.git", absolute);
    assert_branch(&folder, "w/deep/.bulla/prod.vault", "side");
    put(&folder, "w/.git", "gitdir: /nonexistent\n");
    assert_branch(&folder, "w/deep/.bulla/prod.vault", "");
}
END_TEST

/* A module is checked out without a branch: a rollback must not hide in one. */
START_TEST(state_branch_of_a_module_is_that_around_it)
{
    static const char commit[] = "0123456789012345678901234567890123456789\n";
    auto_folder folder = folder_new();
    put(&folder, "super/.git/HEAD", "ref: refs/heads/main\n");
    put(&folder, "super/.git/modules/m/HEAD", commit);
    put(&folder, "super/m/.git", "gitdir: ../.git/modules/m\n");
    put(&folder, "super/m/.bulla/prod.vault", "");
    assert_branch(&folder, "super/m/.bulla/prod.vault", "main");
    put(&folder, "super/.git/modules/m/modules/n/HEAD", commit);
    put(&folder, "super/m/n/.git", "gitdir: ../../.git/modules/m/modules/n\n");
    put(&folder, "super/m/n/.bulla/prod.vault", "");
    assert_branch(&folder, "super/m/n/.bulla/prod.vault", "main");
    put(&folder, "super/.git/modules/m/HEAD", "ref: refs/heads/own\n");
    assert_branch(&folder, "super/m/.bulla/prod.vault", "own");
    put(&folder, "super/.git/HEAD", commit);
    put(&folder, "super/.git/modules/m/HEAD", commit);
    assert_branch(&folder, "super/m/.bulla/prod.vault", "");
    /* A linked worktree's commit is its own, wherever it lies, as is a clone's. */
    put(&folder, "super/.git/HEAD", "ref: refs/heads/main\n");
    put(&folder, "super/.git/worktrees/w/HEAD", commit);
    put(&folder, "super/.git/worktrees/w/commondir", "../..\n");
    put(&folder, "super/w/.git", "gitdir: ../.git/worktrees/w\n");
    put(&folder, "super/w/.bulla/prod.vault", "");
    assert_branch(&folder, "super/w/.bulla/prod.vault", "");
    put(&folder, "super/clone/.git/HEAD", commit);
    put(&folder, "super/clone/.bulla/prod.vault", "");
    assert_branch(&folder, "super/clone/.bulla/prod.vault", "");
}
END_TEST

START_TEST(state_absolute_resolves_the_folder)
{
    auto_folder folder = folder_new();
    put(&folder, "real/prod.vault", "");
    bulla_auto_str real = bulla_path_join(folder.path, "real", &folder.err);
    bulla_auto_str link = bulla_path_join(folder.path, "link", &folder.err);
    ck_assert_int_eq(symlink(real, link), 0);
    bulla_auto_str through = bulla_path_join(link, "prod.vault", &folder.err);
    bulla_auto_str want = bulla_path_join(real, "prod.vault", &folder.err);
    bulla_auto_str got = state_absolute(through, &folder.err);
    assert_ok(got != NULL, folder.err);
    ck_assert_str_eq(got, want);
    bulla_auto_str nowhere = bulla_path_join(folder.path, "gone/prod.vault", &folder.err);
    ck_assert_ptr_null(state_absolute(nowhere, &folder.err));
    ck_assert_int_eq(folder.err.code, BULLA_E_MISSING);
}
END_TEST

START_TEST(state_remembers_roots_by_path_and_vault)
{
    auto_folder folder = folder_new();
    struct state_place place = place_in(&folder, "main");
    struct state_root root = {"x", "x"};
    assert_ok(state_read_root(&place, &root, &folder.err), folder.err);
    ck_assert_str_eq(root.by_path, "");
    ck_assert_str_eq(root.by_vault, "");
    assert_ok(state_write_root(&place, ID1, &folder.err), folder.err);
    assert_ok(state_read_root(&place, &root, &folder.err), folder.err);
    ck_assert_str_eq(root.by_path, ID1);
    ck_assert_str_eq(root.by_vault, ID1);
    struct state_place elsewhere = place;
    elsewhere.path = "/other/.bulla/prod.vault";
    assert_ok(state_read_root(&elsewhere, &root, &folder.err), folder.err);
    ck_assert_str_eq(root.by_path, "");
    ck_assert_str_eq(root.by_vault, ID1);
    struct state_place other = place;
    other.vault_id = "ffeeddccbbaa99887766554433221100";
    assert_ok(state_read_root(&other, &root, &folder.err), folder.err);
    ck_assert_str_eq(root.by_path, ID1);
    ck_assert_str_eq(root.by_vault, "");
}
END_TEST

START_TEST(state_remembers_heads_by_path_and_branch)
{
    auto_folder folder = folder_new();
    struct state_place place = place_in(&folder, "main");
    auto_pool pool = pool_new(&folder.err);
    const char *const heads[] = {ID1, ID2};
    assert_ok(state_write_heads(&place, heads, 2, &folder.err), folder.err);
    const char *const *got = NULL;
    size_t count = 0;
    assert_ok(state_read_heads(&place, pool, &got, &count, &folder.err), folder.err);
    ck_assert_uint_eq(count, 2);
    ck_assert_str_eq(got[0], ID1);
    ck_assert_str_eq(got[1], ID2);
    place.branch = "other";
    assert_ok(state_read_heads(&place, pool, &got, &count, &folder.err), folder.err);
    ck_assert_uint_eq(count, 0);
    /* A path with a line break in it writes no head. */
    place.path = "/x\nhead " ID1;
    assert_ok(state_write_heads(&place, &heads[1], 1, &folder.err), folder.err);
    assert_ok(state_read_heads(&place, pool, &got, &count, &folder.err), folder.err);
    ck_assert_uint_eq(count, 1);
    ck_assert_str_eq(got[0], ID2);
}
END_TEST

static size_t count_heads(const struct state_place *place, struct folder *folder)
{
    auto_pool pool = pool_new(&folder->err);
    const char *const *got = NULL;
    size_t count = 0;
    assert_ok(state_read_heads(place, pool, &got, &count, &folder->err), folder->err);
    for (size_t i = 0; i < count; i++) {
        ck_assert_uint_eq(strlen(got[i]), STATE_ID_CHARS);
    }
    return count;
}

START_TEST(state_remembers_heads_of_a_vault_that_was_moved_in_its_tree)
{
    auto_folder folder = folder_new();
    struct state_place place = place_in(&folder, "main");
    const char *const heads[] = {ID1, ID2};
    assert_ok(state_write_heads(&place, heads, 2, &folder.err), folder.err);
    place.path = "/srv/elsewhere/prod.vault";
    ck_assert_uint_eq(count_heads(&place, &folder), 2);
    struct state_place other = place;
    other.branch = "other";
    ck_assert_uint_eq(count_heads(&other, &folder), 0);
    other = place;
    other.tree = "/srv/ap"; /* no folder above */
    ck_assert_uint_eq(count_heads(&other, &folder), 0);
    other = place;
    other.tree = "/clone";
    other.path = "/clone/app/.bulla/prod.vault";
    ck_assert_uint_eq(count_heads(&other, &folder), 0);
    other.vault_id = "ffeeddccbbaa99887766554433221100";
    ck_assert_uint_eq(count_heads(&other, &folder), 0);
    /* A detached HEAD: nothing is written, nothing is read. */
    other = place;
    other.branch = "";
    assert_ok(state_write_heads(&other, heads, 2, &folder.err), folder.err);
    ck_assert_uint_eq(count_heads(&other, &folder), 0);
    other.tree = "";
    ck_assert_uint_eq(count_heads(&other, &folder), 0);
    assert_ok(state_write_heads(&other, heads, 2, &folder.err), folder.err);
    ck_assert_uint_eq(count_heads(&other, &folder), 2);
    /* What is remembered of the path itself goes first. */
    assert_ok(state_write_heads(&place, heads, 1, &folder.err), folder.err);
    ck_assert_uint_eq(count_heads(&place, &folder), 1);
}
END_TEST

START_TEST(state_journal_grows_and_survives_a_cut)
{
    auto_folder folder = folder_new();
    struct state_place place = place_in(&folder, "main");
    bulla_auto_buf text;
    bulla_buf_init(&text, 1000);
    assert_ok(state_read_journal(&place, &text, &folder.err), folder.err);
    ck_assert_uint_eq(text.len, 0);
    assert_ok(state_append_journal(&place, LIT("one\ntwo\n"), &folder.err), folder.err);
    bulla_auto_str file = bulla_asprintf(&folder.err, "%s/" VAULT_ID "/journal", folder.state);
    ck_assert_int_eq(truncate(file, 6), 0);
    assert_ok(state_append_journal(&place, LIT("three\n"), &folder.err), folder.err);
    assert_ok(state_read_journal(&place, &text, &folder.err), folder.err);
    assert_bytes(bulla_buf_view(&text), "one\ntw\nthree\n");
}
END_TEST

START_TEST(state_is_private)
{
    auto_folder folder = folder_new();
    struct state_place place = place_in(&folder, "main");
    const char *const heads[] = {ID1};
    assert_ok(state_write_root(&place, ID1, &folder.err), folder.err);
    assert_ok(state_write_heads(&place, heads, 1, &folder.err), folder.err);
    assert_ok(state_append_journal(&place, LIT("line\n"), &folder.err), folder.err);
    char command[300];
    (void)snprintf(command, sizeof command,
                   "test -z \"$(find '%s' -type f ! -perm 600 -o -type d ! -perm 700)\" && "
                   "test \"$(find '%s' -type f | wc -l)\" -eq 4",
                   folder.state, folder.state);
    ck_assert_int_eq(system(command), 0);
}
END_TEST

START_TEST(state_refuses_what_it_did_not_write)
{
    auto_folder folder = folder_new();
    struct state_place place = place_in(&folder, "main");
    put(&folder, "state/bulla/" VAULT_ID "/root", "root short\n");
    struct state_root root;
    ck_assert(!state_read_root(&place, &root, &folder.err));
    ck_assert_int_eq(folder.err.code, BULLA_E_SYNTAX);
    ck_assert_uint_eq(folder.err.pos.line, 1);
    put(&folder, "state/bulla/" VAULT_ID "/root", "hello\n");
    ck_assert(!state_read_root(&place, &root, &folder.err));
    ck_assert_int_eq(folder.err.code, BULLA_E_SYNTAX);
}
END_TEST

START_TEST(state_says_where_it_cannot_write)
{
    auto_folder folder = folder_new();
    put(&folder, "state", "a file in the way\n");
    struct state_place place = place_in(&folder, "main");
    ck_assert(!state_append_journal(&place, LIT("line\n"), &folder.err));
    ck_assert_str_ne(folder.err.file, "");
    ck_assert(folder.err.code == BULLA_E_IO || folder.err.code == BULLA_E_MISSING);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("state");
    TCase *tcase = tcase_create("state");
    tcase_add_test(tcase, state_branch_reads_git_files);
    tcase_add_test(tcase, state_branch_follows_a_worktree);
    tcase_add_test(tcase, state_branch_of_a_module_is_that_around_it);
    tcase_add_test(tcase, state_absolute_resolves_the_folder);
    tcase_add_test(tcase, state_remembers_roots_by_path_and_vault);
    tcase_add_test(tcase, state_remembers_heads_by_path_and_branch);
    tcase_add_test(tcase, state_remembers_heads_of_a_vault_that_was_moved_in_its_tree);
    tcase_add_test(tcase, state_journal_grows_and_survives_a_cut);
    tcase_add_test(tcase, state_is_private);
    tcase_add_test(tcase, state_refuses_what_it_did_not_write);
    tcase_add_test(tcase, state_says_where_it_cannot_write);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
