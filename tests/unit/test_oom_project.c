/*
 * Each allocation fails in turn in what reads and writes a project: the memory of vaults, vaults,
 * check, fixes, and the survey of a folder. A vault's file changes with the commit or not at all.
 */
#include <ftw.h>
#include <string.h>
#include <sys/stat.h>

#include "bulla/fix.h"
#include "bulla/infer.h"
#include "bulla/values.h"
#include "state/state.h"

#include "oom.h"
#include "vault_unit.h"

static int remove_entry(const char *path, const struct stat *st, int kind, struct FTW *level)
{
    (void)st;
    (void)kind;
    (void)level;
    return remove(path);
}

static void remove_tree(const char *path)
{
    (void)nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

START_TEST(oom_files)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    auto_desk desk = desk_new();
    bulla_auto_str path = bulla_path_join(desk.folder, "file", &err);
    enum oom outcome = OOM_FAILED;
    for (unsigned long nth = 1; outcome != OOM_OVER; nth++) {
        desk_write(path, LIT("old"));
        bulla_mem_fail_at(nth);
        bool ok = bulla_file_replace(path, 0600, LIT("new"), &err);
        outcome = oom_outcome("bulla_file_replace", nth, ok, &err);
        bulla_auto_str text = desk_read(path);
        ck_assert_str_eq(text, ok ? "new" : "old");
    }
    outcome = OOM_FAILED;
    for (unsigned long nth = 1; outcome != OOM_OVER; nth++) {
        (void)remove(path);
        bulla_mem_fail_at(nth);
        bool ok = bulla_file_create(path, 0600, LIT("new"), &err);
        outcome = oom_outcome("bulla_file_create", nth, ok, &err);
        ck_assert((access(path, F_OK) == 0) == ok);
    }
    struct bulla_buf text;
    bulla_buf_init_secret(&text, 1000);
    each_failure("bulla_file_read_private",
                 bulla_file_read_private(path, 1000, BULLA_PRIVATE_REQUIRED, &text, NULL, &err),
                 bulla_buf_release(&text));
    char *made = NULL;
    each_failure("bulla_path_dir", (made = bulla_path_dir(path, &err)) != NULL,
                 (bulla_free(made), made = NULL));
    each_failure("bulla_dir_make", bulla_dir_make(desk.state, 0700, &err), (void)0);
}
END_TEST

static const char *const state_heads[] = {"0123456789012345678901234567890123456789012",
                                          "1123456789012345678901234567890123456789012"};

static bool read_heads(const struct state_place *place, size_t *ret_count, struct bulla_error *err)
{
    auto_pool pool = pool_new(err);
    const char *const *heads;
    return pool != NULL && state_read_heads(place, pool, &heads, ret_count, err);
}

START_TEST(oom_state)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    auto_desk desk = desk_new();
    const struct state_place place = {.folder = desk.state,
                                      .vault_id = "00112233445566778899aabbccddeeff",
                                      .path = desk.vault,
                                      .branch = "main",
                                      .tree = desk.folder};
    each_failure("state_write_root", state_write_root(&place, state_heads[0], &err), (void)0);
    struct state_root root = {.by_path = ""};
    each_failure("state_read_root", state_read_root(&place, &root, &err), (void)0);
    ck_assert_str_eq(root.by_path, state_heads[0]);
    ck_assert_str_eq(root.by_vault, state_heads[0]);
    each_failure("state_write_heads", state_write_heads(&place, state_heads, 2, &err), (void)0);
    size_t count = 0;
    each_failure("state_read_heads", read_heads(&place, &count, &err), (void)0);
    ck_assert_uint_eq(count, 2);
    struct state_place moved = place;
    bulla_auto_str new_path = bulla_path_join(desk.folder, "moved/dev.vault", &err);
    moved.path = new_path;
    each_failure("state_read_heads", read_heads(&moved, &count, &err), (void)0);
    ck_assert_uint_eq(count, 2);
    each_failure("state_append_journal", state_append_journal(&place, LIT("line\n"), &err),
                 (void)0);
    struct bulla_buf text;
    bulla_buf_init(&text, 1000);
    each_failure("state_read_journal", state_read_journal(&place, &text, &err),
                 bulla_buf_release(&text));
}
END_TEST

/* A branch that is not known for want of memory must not pass for none: heads go by it. */
START_TEST(oom_state_branch)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    auto_desk desk = desk_new();
    char command[400];
    char module[300];
    (void)snprintf(command, sizeof command,
                   "cd '%s' && mkdir -p real .bulla && echo ref: refs/heads/topic >real/HEAD && "
                   "echo gitdir: real >.git && mkdir -p m/.bulla module && echo 01 >module/HEAD && "
                   "echo gitdir: ../module >m/.git",
                   desk.folder);
    ck_assert_int_eq(system(command), 0);
    char *branch = NULL;
    char *tree = NULL;
    each_failure("state_branch", (branch = state_branch(desk.vault, &tree, &err)) != NULL,
                 (ck_assert(branch == NULL || strcmp(branch, "topic") == 0), bulla_free(branch),
                  branch = NULL, bulla_free(tree), tree = NULL));
    /* Nor that of the work tree around a module. */
    (void)snprintf(module, sizeof module, "%s/m/.bulla/prod.vault", desk.folder);
    each_failure("state_branch", (branch = state_branch(module, &tree, &err)) != NULL,
                 (ck_assert(branch == NULL || strcmp(branch, "topic") == 0), bulla_free(branch),
                  branch = NULL, bulla_free(tree), tree = NULL));
}
END_TEST

/* What one turn does to the vault of a desk. */
struct turn {
    struct desk *desk;
    enum bulla_vault_access access;
    bool with_state;
};

static bool read_all(struct bulla_vault *vault, struct bulla_error *err)
{
    struct bulla_secret_info info;
    struct bulla_bytes value;
    for (size_t i = 0; i < bulla_vault_count(vault); i++) {
        bulla_vault_secret(vault, i, &info);
        if (!bulla_vault_get(vault, info.name, 0, &value, err) ||
            !bulla_vault_get_by_id(vault, info.current->id, &value, err)) {
            return false;
        }
    }
    return true;
}

static bool change_all(struct bulla_vault *vault, struct bulla_error *err)
{
    const struct bulla_set_options options = {
        .kind = "hex:32", .why = "a reason", .expires = NOW + 1000};
    return bulla_vault_set(vault, "NEW", LIT("new"), &options, NOW + 100, NULL, err) &&
           bulla_vault_set(vault, "DB", LIT("two"), NULL, NOW + 101, NULL, err) &&
           bulla_vault_mark(vault, "DB", 1, BULLA_MARK_EXPOSED, NULL, NOW + 102, err) &&
           bulla_vault_unset(vault, "NEW", "again", NOW + 103, err) &&
           bulla_vault_member_remove(vault, "carol", "left", NOW + 104, err) &&
           bulla_vault_rekey(vault, "she left", NOW + 105, err) &&
           bulla_vault_set(vault, "DB", LIT("three"), NULL, NOW + 106, NULL, err) &&
           bulla_vault_commit(vault, err);
}

/* *ret_noted: the vault says that something could not be remembered. */
static bool take_turn(const struct turn *turn, bool *ret_noted, struct bulla_error *err)
{
    struct bulla_vault_place place = desk_place(turn->desk, ALICE);
    place.state_folder = turn->with_state ? turn->desk->state : NULL;
    bulla_auto_vault vault = bulla_vault_open(&place, turn->access, err);
    bool ok = vault != NULL && read_all(vault, err) &&
              (turn->access != BULLA_VAULT_WRITE || change_all(vault, err));
    *ret_noted = ok && strstr(bulla_vault_note(vault), "cannot be remembered") != NULL;
    return ok;
}

static const struct turn turns[] = {
    {.access = BULLA_VAULT_READ},
    {.access = BULLA_VAULT_READ, .with_state = true},
    {.access = BULLA_VAULT_VERIFY},
    {.access = BULLA_VAULT_WRITE},
    {.access = BULLA_VAULT_WRITE, .with_state = true},
};

START_TEST(oom_vault)
{
    auto_desk desk = desk_new();
    struct bulla_error err = BULLA_ERROR_INIT;
    desk_create(&desk);
    bulla_auto_str before = desk_read(desk.vault);
    struct turn turn = turns[_i];
    turn.desk = &desk;
    enum oom outcome = OOM_FAILED;
    for (unsigned long nth = 1; outcome != OOM_OVER; nth++) {
        bool noted = false;
        bulla_mem_fail_at(nth);
        bool ok = take_turn(&turn, &noted, &err);
        outcome = oom_outcome("a turn of the vault", nth, ok, &err);
        ck_assert_msg(outcome != OOM_WENT_ON || noted, "allocation %lu: not a word of it", nth);
        bulla_auto_str after = desk_read(desk.vault);
        bool changed = strcmp(before, after) != 0;
        ck_assert_msg(changed == (ok && turn.access == BULLA_VAULT_WRITE),
                      "allocation %lu: the vault is%s changed", nth, changed ? "" : " not");
        desk_write(desk.vault, bulla_bytes_of(before));
        remove_tree(desk.state);
    }
}
END_TEST

START_TEST(oom_vault_create)
{
    auto_desk desk = desk_new();
    struct bulla_error err = BULLA_ERROR_INIT;
    struct bulla_vault_place place = desk_place(&desk, ALICE);
    place.state_folder = desk.state;
    enum oom outcome = OOM_FAILED;
    for (unsigned long nth = 1; outcome != OOM_OVER; nth++) {
        bulla_mem_fail_at(nth);
        bulla_auto_vault vault = bulla_vault_create(&place, "alice", NOW, &err);
        bool ok = vault != NULL &&
                  bulla_vault_set(vault, "DB", LIT("one"), NULL, NOW, NULL, &err) &&
                  bulla_vault_commit(vault, &err);
        outcome = oom_outcome("bulla_vault_create", nth, ok, &err);
        ck_assert_msg(outcome != OOM_WENT_ON ||
                          strstr(bulla_vault_note(vault), "cannot be remembered") != NULL,
                      "allocation %lu: not a word of it", nth);
        ck_assert_msg((remove(desk.vault) == 0) == ok, "allocation %lu: there is%s a vault", nth,
                      ok ? " not" : "");
        remove_tree(desk.state);
    }
}
END_TEST

static const char contract_text[] =
    "[bulla]\nformat = 1\nenvironments = dev\n"
    "[DB]\nkind = hex:32\nmatch = [0-9a-f]+\n"
    "[LEVEL]\ntype = integer\ndefault = high\n"
    "[URL]\nkind = derived\nvalue = redis://x:{{ DB | url }}@h\ndiffers = DB\n"
    "[INTER_SERVICE_TOKEN]\nobtain = a friend\n";

START_TEST(oom_check)
{
    auto_desk desk = desk_new();
    struct bulla_error err = BULLA_ERROR_INIT;
    desk_create(&desk);
    bulla_auto_str folder = bulla_asprintf(&err, "%s/stacks/bot-core", BULLA_TEST_DATA);
    struct bulla_project_options options = {.directory = folder};
    const struct bulla_project *project = bulla_project_load(&options, &err);
    assert_ok(project != NULL, err);
    struct bulla_contract *contract =
        bulla_contract_parse(bulla_bytes_of(contract_text), "bulla.ini", &err);
    assert_ok(contract != NULL, err);
    bulla_auto_vault vault = desk_open(&desk, ALICE, BULLA_VAULT_READ);
    assert_ok(vault != NULL, desk.err);
    bulla_auto_values values = bulla_values_resolve(contract, "dev", vault, &err);
    assert_ok(values != NULL, err);
    const struct bulla_check_input input = {
        .project = project,
        .contract = contract,
        .environment = "dev",
        .vault = vault,
        .values = values,
        .root = folder,
        .output = {.path = ".env", .exists = true, .mode = 0644, .git = BULLA_GIT_TRACKED},
        .now = NOW + 1000};
    struct bulla_report *report = NULL;
    each_failure("bulla_check",
                 (report = bulla_report_new(&err)) != NULL && bulla_check(&input, report, &err),
                 (bulla_report_free(report), report = NULL));
    bulla_contract_free(contract);
    bulla_project_free(project);
}
END_TEST

START_TEST(oom_fix)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_str folder = bulla_asprintf(&err, "%s/stacks/bot-core-broken", BULLA_TEST_DATA);
    bulla_auto_str root = bulla_asprintf(&err, "%s/stacks", BULLA_TEST_DATA);
    bulla_auto_str sample = bulla_asprintf(&err, "%s/stacks/tradebot/env.example", BULLA_TEST_DATA);
    struct bulla_project_options options = {.directory = folder};
    bulla_auto_project project = bulla_project_load(&options, &err);
    assert_ok(project != NULL, err);
    const struct bulla_check_input checked = {
        .project = project,
        .root = root,
        .output = {.path = ".env", .exists = true, .mode = 0644, .git = BULLA_GIT_SEEN}};
    bulla_auto_report report = bulla_report_new(&err);
    assert_ok(report != NULL && bulla_check(&checked, report, &err), err);
    const struct bulla_finding lacking = {.rule = "B108",
                                          .message = "lacks it",
                                          .file = "docker-compose.yml",
                                          .pos = {9, 22},
                                          .variable = "DATABASE_URL",
                                          .line = "DATABASE_URL=",
                                          .line_file = sample};
    assert_ok(bulla_report_add(report, &lacking, &err), err);
    const struct bulla_fix_input input = {
        .checked = &checked, .report = report, .output_path = ".env"};
    struct bulla_fix_plan *plan = NULL;
    size_t files = 0;
    each_failure("bulla_fix_plan_new", (plan = bulla_fix_plan_new(&input, &err)) != NULL,
                 (files = plan != NULL ? bulla_fix_file_count(plan) : 0, bulla_fix_plan_free(plan),
                  plan = NULL));
    ck_assert_uint_eq(files, 3);
}
END_TEST

static bool survey_all(const struct bulla_survey_options *from, struct bulla_survey **ret_survey,
                       struct bulla_buf *contract, struct bulla_error *err)
{
    const struct bulla_survey_options options = *from;
    *ret_survey = bulla_survey_new(&options, err);
    if (*ret_survey == NULL || !bulla_survey_write_contract(*ret_survey, contract, err)) {
        return false;
    }
    for (size_t i = 0; i < bulla_survey_variable_count(*ret_survey); i++) {
        (void)bulla_survey_is_published(*ret_survey, i, LIT("admin"));
    }
    return true;
}

static const char *const stacks[] = {"bot-core", "poker", "tradebot", "ktrdr", "algo-trading"};

START_TEST(oom_survey)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_str root = bulla_asprintf(&err, "%s/stacks/%s", BULLA_TEST_DATA, stacks[_i]);
    struct bulla_survey *survey = NULL;
    struct bulla_buf contract;
    bulla_buf_init(&contract, 1000000);
    struct bulla_survey_options options = {.root = root};
    each_failure(stacks[_i], survey_all(&options, &survey, &contract, &err),
                 (bulla_survey_free(survey), survey = NULL, bulla_buf_release(&contract)));
}
END_TEST

START_TEST(oom_survey_again)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_str root = bulla_asprintf(&err, "%s/stacks/ktrdr", BULLA_TEST_DATA);
    struct bulla_bytes text = LIT("[bulla]\nenvironments = dev, prod\n; [DB_HOST]\n");
    bulla_auto_contract known = bulla_contract_parse(text, "bulla.ini", &err);
    assert_ok(known != NULL, err);
    struct bulla_survey_options options = {.root = root, .contract = known, .contract_text = text};
    struct bulla_survey *survey = NULL;
    struct bulla_buf contract;
    bulla_buf_init(&contract, 1000000);
    each_failure("a contract", survey_all(&options, &survey, &contract, &err),
                 (bulla_survey_free(survey), survey = NULL, bulla_buf_release(&contract)));
}
END_TEST

/* A buffer of the loader for what is not referred to is not looked at: it may go on. */
START_TEST(oom_survey_included)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    auto_desk desk = desk_new();
    bulla_auto_str command =
        bulla_asprintf(&err,
                       "cd '%s' && echo 'include: [a/c.yaml, b/c.yaml]' >compose.yaml && for i in "
                       "a b; do mkdir $i;"
                       "echo \"services: {$i: {image: x, command: '\\${A}\\${B}'}}\" >$i/c.yaml;"
                       "printf '%%s\\n' A=Zk3vQ9xLw2pR$i 'B=http://u:${A}@h' >$i/.env; done",
                       desk.folder);
    ck_assert_int_eq(system(command), 0);
    const struct bulla_survey_options options = {.root = desk.folder};
    struct bulla_survey *survey = NULL;
    struct bulla_buf contract;
    bulla_buf_init(&contract, 1000000);
    for (unsigned long nth = 1, over = 0; !over; nth++) {
        bulla_mem_fail_at(nth);
        bool ok = survey_all(&options, &survey, &contract, &err);
        over = oom_outcome("included stacks", nth, ok, &err) == OOM_OVER;
        ck_assert(!over || bulla_survey_conflict_count(survey) == 2);
        bulla_survey_free(survey);
        bulla_buf_release(&contract);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("oom_project");
    TCase *tcase = tcase_create("oom_project");
    tcase_set_timeout(tcase, 240);
    tcase_add_test(tcase, oom_files);
    tcase_add_test(tcase, oom_state);
    tcase_add_test(tcase, oom_state_branch);
    tcase_add_loop_test(tcase, oom_vault, 0, sizeof turns / sizeof *turns);
    tcase_add_test(tcase, oom_vault_create);
    tcase_add_test(tcase, oom_check);
    tcase_add_test(tcase, oom_fix);
    tcase_add_loop_test(tcase, oom_survey, 0, sizeof stacks / sizeof *stacks);
    tcase_add_test(tcase, oom_survey_again);
    tcase_add_test(tcase, oom_survey_included);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
