/* `# bulla: ignore RULE reason`, and `[check]` of the contract. */
#include "check_folder.h"

#define ENVIRONMENT "-- compose.yaml --\nservices:\n  db:\n    image: x\n    environment:\n"

static const struct {
    const char *what;
    const char *files;
    const char *found;
} cases[] = {
    {"behind it", ENVIRONMENT "      A_PASSWORD: hunter2 # bulla: ignore B405 for tests\n", ""},
    {"above it", ENVIRONMENT "      # bulla: ignore B405 for tests\n      A_PASSWORD: hunter2\n",
     ""},
    {"above it, with other comments and blank lines between",
     ENVIRONMENT "      #   bulla:  ignore  literal-secret for tests\n\n      # more\n"
                 "      A_PASSWORD: hunter2\n",
     ""},
    {"several rules",
     "-- compose.yaml --\nservices:\n  db:\n    image: x\n"
     "    command: [--password=hunter2, \"${A_PASSWORD}\"] # bulla: ignore B406,B103 for tests\n",
     ""},
    {"another line",
     ENVIRONMENT "      A: b # bulla: ignore B405 for tests\n      A_PASSWORD: hunter2\n",
     "B509 note compose.yaml:5:12 B405 finds nothing here that could be ignored\n"
     "B405 warning compose.yaml:6:19 A_PASSWORD holds a password in the clear\n"},
    {"another rule", ENVIRONMENT "      A_PASSWORD: hunter2 # bulla: ignore B101 for tests\n",
     "B405 warning compose.yaml:5:19 A_PASSWORD holds a password in the clear\n"
     "B509 note compose.yaml:5:27 B101 finds nothing here that could be ignored\n"},
    {"no reason", ENVIRONMENT "      A_PASSWORD: hunter2 # bulla: ignore B405\n",
     "B405 warning compose.yaml:5:19 A_PASSWORD holds a password in the clear\n"
     "B510 note compose.yaml:5:27 this comment gives no reason, and ignores nothing\n"},
    {"no rule", ENVIRONMENT "      A: b # bulla: ignore all of it\n",
     "B510 note compose.yaml:5:12 this comment names no rule that there is, and ignores nothing\n"},
    {"no comment of ours",
     ENVIRONMENT "      A: b # bulla: ignored\n      B: \"c#bulla: ignore B405 x\"\n", ""},
    {"in a Dockerfile",
     "-- compose.yaml --\nservices:\n  a: {build: .}\n"
     "-- Dockerfile --\nFROM x\n# bulla: ignore B408 for the tests' image\nENV "
     "A_PASSWORD=hunter2\n",
     ""},
    {"in an env file",
     "-- compose.yaml --\nservices:\n  a: {image: x}\n"
     "-- .env --\nA_PASSWORD=changeme # bulla: ignore B301 for tests\n",
     ""},
    {"a severity of the contract's",
     "-- bulla.ini --\n[bulla]\nformat = 1\nproject = p\nenvironments = dev\n[check]\n"
     "severity.B405 = error\nseverity.B509 = off\n" ENVIRONMENT
     "      # bulla: ignore B101 for tests\n      A_PASSWORD: hunter2\n",
     "B405 error compose.yaml:6:19 A_PASSWORD holds a password in the clear\n"},
    {"a file that the contract leaves out",
     "-- bulla.ini --\n[bulla]\nformat = 1\nproject = p\nenvironments = dev\n[check]\n"
     "ignore = B405 compose.yaml for tests\n" ENVIRONMENT "      A_PASSWORD: hunter2\n",
     ""},
};

START_TEST(ignore_takes_what_a_comment_names_with_a_reason)
{
    struct bulla_check_input input = {.now = 1};
    bulla_auto_str found = folder_check(cases[_i].files, "12345", &input);
    ck_assert_msg(strcmp(found, cases[_i].found) == 0, "%s: got\n%swant\n%s", cases[_i].what, found,
                  cases[_i].found);
}
END_TEST

START_TEST(every_rule_can_be_turned_off_and_given_a_severity)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_str text = bulla_asprintf(
        &err,
        "[bulla]\nformat = 1\nproject = p\nenvironments = dev\n[check]\nseverity.%s = off\n"
        "ignore = %s a reason\n",
        bulla_rule((size_t)_i)->id, bulla_rule((size_t)_i)->id);
    bulla_auto_contract contract = bulla_contract_parse(bulla_bytes_of(text), "bulla.ini", &err);
    assert_ok(contract != NULL, err);
    ck_assert_uint_eq(bulla_contract_rule_count(contract), 2);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("check_ignore");
    TCase *tcase = tcase_create("check_ignore");
    tcase_add_loop_test(tcase, ignore_takes_what_a_comment_names_with_a_reason, 0,
                        sizeof cases / sizeof *cases);
    tcase_add_loop_test(tcase, every_rule_can_be_turned_off_and_given_a_severity, 0,
                        (int)bulla_rule_count());
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
