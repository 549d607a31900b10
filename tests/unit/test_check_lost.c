/* What of a rendered file is no loss, as the template, a sample or a compose file has it anyway. */
#include "check_folder.h"

static const char contract_text[] = "[bulla]\nformat = 1\nenvironments = dev\n"
                                    "[A]\nkind = alnum:32\ndefault = other\n"
                                    "[B]\nkind = provided\ndefault = other\n";

static const struct {
    const char *what;
    const char *files;
    const char *lost; /* the names */
} cases[] = {
    {"nothing publishes it", "-- compose.yaml --\nservices: {}\n", "A B "},
    {"the template has one",
     "-- compose.yaml --\nservices: {}\n-- template --\nA=Qm7rT2xK9vWdL4p\nB=Qm7r\n", "B "},
    {"a template that is none has nothing",
     "-- compose.yaml --\nservices: {}\n-- template --\nA='\n", "A B "},
    {"a sample has both",
     "-- compose.yaml --\nservices: {a: {image: x, environment: {A: $A, B: $B}}}\n"
     "-- .env.example --\nA=Qm7rT2xK9vWdL4p\nB=Wd4pQm7rT2xK9vL\n",
     ""},
    {"a default of a reference",
     "-- compose.yaml --\nservices: {a: {image: x, environment: {B: '${B:-Wd4pQm7rT2xK9vL}'}}}\n",
     "A "},
};

/* The project of FILES in a folder of its own, and the env file that would be written anew. */
struct stage {
    char folder[32];
    char template_path[64];
    const struct bulla_project *project;
    struct bulla_contract *contract;
    struct bulla_values *values;
    struct bulla_dotenv *file;
};

static void open_stage(struct stage *stage, const char *files)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    *stage = (struct stage){.folder = "/tmp/bulla-lost-XXXXXX"};
    ck_assert_ptr_nonnull(mkdtemp(stage->folder));
    folder_unpack(stage->folder, files);
    (void)snprintf(stage->template_path, sizeof stage->template_path, "%s/template", stage->folder);
    const struct bulla_project_options options = {.directory = stage->folder};
    stage->project = bulla_project_load(&options, &err);
    assert_ok(stage->project != NULL, err);
    stage->contract = bulla_contract_parse(bulla_bytes_of(contract_text), "bulla.ini", &err);
    assert_ok(stage->contract != NULL, err);
    stage->values = bulla_values_resolve(stage->contract, "dev", NULL, &err);
    assert_ok(stage->values != NULL, err);
    stage->file = bulla_rendered_read(BULLA_ENV_COMPOSE,
                                      LIT("A=Qm7rT2xK9vWdL4p\nB=Wd4pQm7rT2xK9vL\n"), ".env", &err);
    assert_ok(stage->file != NULL, err);
}

static void close_stage(struct stage *stage)
{
    bulla_dotenv_free(stage->file);
    bulla_values_free(stage->values);
    bulla_contract_free(stage->contract);
    bulla_project_free(stage->project);
    (void)nftw(stage->folder, folder_remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

#define auto_stage BULLA_AUTO(close_stage) struct stage

static void assert_names(const char *what, const struct bulla_lost *lost, const char *want)
{
    char names[64] = "";
    for (size_t i = 0; i < lost->count; i++) {
        size_t used = strlen(names);
        (void)snprintf(names + used, sizeof names - used, "%s ", lost->items[i]->variable.name);
    }
    ck_assert_msg(strcmp(names, want) == 0, "%s: %s", what, names);
}

START_TEST(lost_is_nothing_that_the_project_publishes)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    auto_stage stage;
    open_stage(&stage, cases[_i].files);
    BULLA_AUTO(bulla_lost_release) struct bulla_lost lost = {0};
    assert_ok(bulla_lost_collect(&lost, stage.values, stage.file, BULLA_ENV_COMPOSE, &err), err);
    assert_names("collected", &lost, "A B ");
    assert_ok(bulla_lost_leave_published(&lost, stage.project, stage.template_path, &err), err);
    assert_names(cases[_i].what, &lost, cases[_i].lost);
}
END_TEST

START_TEST(lost_is_judged_again_after_every_failed_allocation)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    auto_stage stage;
    open_stage(&stage, cases[1].files);
    for (unsigned long nth = 1;; nth++) {
        BULLA_AUTO(bulla_lost_release) struct bulla_lost lost = {0};
        assert_ok(bulla_lost_collect(&lost, stage.values, stage.file, BULLA_ENV_COMPOSE, &err),
                  err);
        bulla_mem_fail_at(nth);
        bool ok = bulla_lost_leave_published(&lost, stage.project, stage.template_path, &err);
        bulla_mem_fail_at(0);
        if (ok) {
            assert_names("in the end", &lost, "B ");
            ck_assert_uint_gt(nth, 1);
            break;
        }
        /* Nothing is taken for published where that could not be looked at. */
        assert_names("without memory", &lost, "A B ");
        ck_assert_int_eq(err.code, BULLA_E_NOMEM);
        bulla_error_clear(&err);
        ck_assert_uint_lt(nth, 1000);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("check_lost");
    TCase *tcase = tcase_create("check_lost");
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, lost_is_nothing_that_the_project_publishes, 0,
                        (int)(sizeof cases / sizeof cases[0]));
    tcase_add_test(tcase, lost_is_judged_again_after_every_failed_allocation);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
