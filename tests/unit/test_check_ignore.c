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
    {"without the blank, in capitals",
     ENVIRONMENT "      A_PASSWORD: hunter2 #Bulla:Ignore b405 for tests\n", ""},
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

/* The files of EXAMPLE, its commands left out, and what SECTION says in its bulla.ini. */
static char *write_example(const char *example, const char *section)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf out;
    bulla_buf_init(&out, 1 << 16);
    bool has_contract = false;
    for (const char *line = example; *line != '\0';) {
        size_t len = strcspn(line, "\n");
        if (strncmp(line, "$ ", 2) != 0) {
            bulla_buf_add(&out, line, len);
            bulla_buf_puts(&out, "\n");
        }
        if (strncmp(line, "-- bulla.ini --", len) == 0 && len > 0) {
            has_contract = true;
            bulla_buf_puts(&out, section);
        }
        line += len + (line[len] == '\n' ? 1 : 0);
    }
    if (!has_contract) {
        bulla_buf_puts(&out, "-- bulla.ini --\n[bulla]\nformat = 1\nenvironments = dev\n");
        bulla_buf_puts(&out, section);
    }
    char *text = bulla_strdup(bulla_buf_text(&out, &err), &err);
    assert_ok(text != NULL, err);
    return text;
}

/* How often RULE finds something in FILES with SECTION in the contract; all of SEVERITY. */
static size_t count_found(const struct bulla_rule *rule, const char *example, const char *section,
                          enum bulla_severity severity)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    char folder[] = "/tmp/bulla-check-XXXXXX";
    ck_assert_ptr_nonnull(mkdtemp(folder));
    bulla_auto_str files = write_example(example, section);
    folder_unpack(folder, files);
    bulla_auto_str ini = bulla_path_join(folder, "bulla.ini", &err);
    bulla_auto_buf text;
    bulla_buf_init(&text, 1 << 16);
    assert_ok(bulla_file_read(ini, 1 << 16, &text, &err), err);
    bulla_auto_contract contract = bulla_contract_parse(bulla_buf_view(&text), "bulla.ini", &err);
    assert_ok(contract != NULL, err);
    struct bulla_project_options options = {.directory = folder};
    size_t found = 0;
    bulla_auto_project project = bulla_project_load(&options, &err);
    bulla_auto_report report = bulla_report_new(&err);
    struct bulla_check_input input = {.project = project,
                                      .options = &options,
                                      .contract = contract,
                                      .environment = "dev",
                                      .root = folder,
                                      .output = {.path = ".env", .exists = true, .mode = 0644}};
    ck_assert(project == NULL || bulla_check(&input, report, &err));
    for (size_t i = 0; i < bulla_report_count(report); i++) {
        const struct bulla_finding *finding = bulla_report_get(report, i);
        if (strcmp(finding->rule, rule->id) == 0) {
            found++;
            ck_assert_msg(section[0] == '\0' || finding->severity == severity, "%s: %s", rule->id,
                          bulla_severity_name(finding->severity));
        }
    }
    (void)nftw(folder, folder_remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    return found;
}

/* Those that an example shows without a vault, in one loop over the table. */
START_TEST(what_the_contract_says_of_a_rule_holds_for_each)
{
    static const char *const severities[] = {"note", "warning", "error"};
    size_t shown = 0;
    for (size_t i = 0; i < bulla_rule_count(); i++) {
        const struct bulla_rule *rule = bulla_rule(i);
        const char *bad = rule->examples->bad;
        size_t found = bad != NULL ? count_found(rule, bad, "", BULLA_NOTE) : 0;
        shown += found > 0;
        for (int severity = BULLA_NOTE; found > 0 && severity <= BULLA_ERROR; severity++) {
            char section[64];
            (void)snprintf(section, sizeof section, "[check]\nseverity.%s = %s\n", rule->id,
                           severities[severity]);
            ck_assert_msg(count_found(rule, bad, section, (enum bulla_severity)severity) == found,
                          "%s as %s", rule->id, severities[severity]);
        }
        char section[64];
        (void)snprintf(section, sizeof section, "[check]\nseverity.%s = off\n", rule->id);
        ck_assert_msg(found == 0 || count_found(rule, bad, section, BULLA_NOTE) == 0, "%s is off",
                      rule->id);
    }
    ck_assert_uint_ge(shown, 40);
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
    tcase_add_test(tcase, what_the_contract_says_of_a_rule_holds_for_each);
    tcase_set_timeout(tcase, 60);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
