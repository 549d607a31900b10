#include "bulla/check.h"

#include <string.h>

#include "bulla/mem.h"

#include "vault_unit.h"

#define DAY INT64_C(86400)

/* What the last check found, and all that it stands on. */
struct bench {
    struct bulla_error err;
    const struct bulla_project *project;
    struct bulla_contract *contract;
    struct bulla_values *values;
    struct bulla_report *report;
};

static void bench_free(struct bench *bench)
{
    bulla_report_free(bench->report);
    bulla_values_free(bench->values);
    bulla_contract_free(bench->contract);
    bulla_project_free(bench->project);
}

static void bench_check(struct bench *bench, const struct bulla_check_input *input)
{
    bench->report = bulla_report_new(&bench->err);
    assert_ok(bench->report != NULL, bench->err);
    assert_ok(bulla_check(input, bench->report, &bench->err), bench->err);
}

/* Checks the contract CONTRACT with VAULT (may be NULL) and no compose files. */
static struct bench check_contract(const char *contract, struct bulla_vault *vault, int64_t now)
{
    struct bench bench = {.err = BULLA_ERROR_INIT};
    bench.contract = bulla_contract_parse(bulla_bytes_of(contract), "bulla.ini", &bench.err);
    assert_ok(bench.contract != NULL, bench.err);
    bench.values = bulla_values_resolve(bench.contract, "dev", vault, &bench.err);
    assert_ok(bench.values != NULL, bench.err);
    struct bulla_check_input input = {.contract = bench.contract,
                                      .environment = "dev",
                                      .vault = vault,
                                      .values = bench.values,
                                      .now = now};
    bench_check(&bench, &input);
    return bench;
}

static struct bench check_stack(const char *stack)
{
    struct bench bench = {.err = BULLA_ERROR_INIT};
    bulla_auto_str folder = bulla_asprintf(&bench.err, "%s/stacks/%s", BULLA_TEST_DATA, stack);
    struct bulla_project_options options = {.directory = folder};
    bench.project = bulla_project_load(&options, &bench.err);
    assert_ok(bench.project != NULL, bench.err);
    struct bulla_check_input input = {.project = bench.project, .root = folder};
    bench_check(&bench, &input);
    return bench;
}

static size_t count_of(const struct bulla_report *report, const char *rule)
{
    size_t count = 0;
    for (size_t i = 0; i < bulla_report_count(report); i++) {
        count += strcmp(bulla_report_get(report, i)->rule, rule) == 0;
    }
    return count;
}

static const struct bulla_finding *first_of(const struct bulla_report *report, const char *rule)
{
    for (size_t i = 0; i < bulla_report_count(report); i++) {
        if (strcmp(bulla_report_get(report, i)->rule, rule) == 0) {
            return bulla_report_get(report, i);
        }
    }
    ck_abort_msg("no %s", rule);
    return NULL;
}

START_TEST(check_rules_are_sorted_and_whole)
{
    for (size_t i = 0; i < bulla_rule_count(); i++) {
        const struct bulla_rule *rule = bulla_rule(i);
        ck_assert_msg(rule->id != NULL, "row %zu has no id", i);
        ck_assert_uint_eq(strlen(rule->id), 4);
        ck_assert(rule->id[0] == 'B' && rule->id[1] >= '1' && rule->id[1] <= '5');
        ck_assert_ptr_eq(bulla_rule_find(rule->id), rule);
        ck_assert_ptr_eq(bulla_rule_find(rule->name), rule);
        ck_assert(rule->summary[0] != '\0' && rule->text[0] != '\0');
        ck_assert(rule->help[0] != '\0' && rule->examples != NULL);
        if (i > 0) {
            ck_assert_int_lt(strcmp(bulla_rule(i - 1)->id, rule->id), 0);
        }
    }
    ck_assert_ptr_null(bulla_rule(bulla_rule_count()));
    ck_assert_ptr_null(bulla_rule_find("B999"));
}
END_TEST

START_TEST(check_reports_every_missing_reference_with_its_place)
{
    struct bench bench = check_stack("bot-core");
    ck_assert_uint_eq(count_of(bench.report, "B101"), 13);
    const struct bulla_finding *first = first_of(bench.report, "B101");
    ck_assert_str_eq(first->file, "docker-compose.yml");
    ck_assert_str_eq(first->variable, "INTER_SERVICE_TOKEN");
    ck_assert_uint_eq(first->pos.line, 13);
    ck_assert_uint_eq(first->pos.col, 30);
    ck_assert_str_eq(first->service, "model");
    ck_assert_ptr_nonnull(strstr(first->message, "Error: INTER_SERVICE_TOKEN not set"));
    /* OPENAI_API_KEY would be blank in two places; DATABASE_URL is required elsewhere. */
    ck_assert_uint_eq(count_of(bench.report, "B103"), 2);
    ck_assert_uint_eq(count_of(bench.report, "B107"), 1);
    ck_assert_uint_eq(count_of(bench.report, "B302"), 1);
    ck_assert_str_eq(first_of(bench.report, "B302")->variable, "GRAFANA_PASSWORD");
    bench_free(&bench);
}
END_TEST

START_TEST(check_reads_references_in_a_file_that_is_no_yaml)
{
    struct bench bench = check_stack("bot-core-broken");
    ck_assert_uint_eq(count_of(bench.report, "B201"), 4);
    const struct bulla_finding *first = first_of(bench.report, "B201");
    ck_assert_str_eq(first->variable, "INTER_SERVICE_TOKEN");
    ck_assert_uint_eq(first->pos.line, 7);
    ck_assert(first->help != NULL && first->help[0] != '\0');
    bench_free(&bench);
}
END_TEST

START_TEST(check_sees_a_secret_that_takes_its_content_from_an_unset_variable)
{
    struct bench bench = check_stack("algo-trading/docker");
    ck_assert_uint_eq(count_of(bench.report, "B105"), 1);
    ck_assert_str_eq(first_of(bench.report, "B105")->variable, "ORDER_SIGNING_KEY");
    bench_free(&bench);
}
END_TEST

static const char head[] = "[bulla]\nformat = 1\nproject = p\nenvironments = dev, prod\n"
                           "default = dev\n";

static const struct {
    const char *what;
    const char *text;
    const char *rule; /* NULL: nothing is found */
    enum bulla_severity severity;
    uint32_t line; /* counted behind the head's five */
} contracts[] = {
    {"a value of the wrong type", "[N]\nkind = setting\ntype = number\ndefault = lots\n", "B205",
     BULLA_ERROR, 1},
    {"a value out of its range",
     "[N]\nkind = setting\ntype = number\nrange = 0..10\ndefault = 11\n", "B205", BULLA_ERROR, 1},
    {"a value that fits", "[N]\nkind = setting\ntype = number\nrange = 0..10\ndefault = 9\n", NULL,
     BULLA_NOTE, 0},
    {"two values that should differ",
     "[A]\nkind = setting\ndefault = same\n[B]\nkind = setting\ndiffers = A\ndefault = same\n",
     "B206", BULLA_ERROR, 4},
    {"a value that is missing", "[T]\nkind = provided\n", "B104", BULLA_ERROR, 1},
    {"a value that is optional", "[T]\nkind = provided\noptional = yes\n", NULL, BULLA_NOTE, 0},
    {"a setting that is a placeholder", "[H]\nkind = setting\ndefault = your-domain.com\n", "B301",
     BULLA_WARNING, 1},
    {"a setting that is a common word", "[U]\nkind = setting\ndefault = postgres\n", NULL,
     BULLA_NOTE, 0},
    {"a setting that the contract warns of",
     "[S]\nkind = setting\ndefault = true\nwarn-when = true\n", "B303", BULLA_WARNING, 1},
    {"a finding with a severity of the contract's",
     "[check]\nseverity.B303 = error\n[S]\nkind = setting\ndefault = true\nwarn-when = true\n",
     "B303", BULLA_ERROR, 3},
    {"a rule that is off",
     "[check]\nseverity.B303 = off\n[S]\nkind = setting\ndefault = true\nwarn-when = true\n", NULL,
     BULLA_NOTE, 0},
    {"a rule that is ignored, with a reason",
     "[check]\nignore = B303 testnet is what we want\n"
     "[S]\nkind = setting\ndefault = true\nwarn-when = true\n",
     NULL, BULLA_NOTE, 0},
    {"a secret whose value stands in the contract",
     "[DB_PASSWORD]\nkind = password:24\ndefault = nK4vQx81pLz0WnTr5Bs2HdYc\n", "B405",
     BULLA_WARNING, 3},
    {"a value that only another environment has in the contract",
     "[DB_PASSWORD]\nkind = provided\noptional = yes\ndefault@prod = nK4vQx81pLz0WnTr5Bs2\n", NULL,
     BULLA_NOTE, 0},
    {"a token among the settings",
     "[ADDRESS]\nkind = setting\ndefault = https://app:nK4vQx81pLz0WnTr@example.com/x\n", "B405",
     BULLA_WARNING, 3},
    {"a derived value that is written out",
     "[DB_PASSWORD]\nkind = derived\nvalue = nK4vQx81pLz0WnTr\n", "B405", BULLA_WARNING, 3},
    {"a derived value around nothing secret",
     "[A_PASSWORD]\nkind = derived\nvalue = changeme-{{ B }}\n[B]\nkind = setting\ndefault = b\n",
     NULL, BULLA_NOTE, 0},
    {"a secret that the contract lets be blank",
     "[DB_PASSWORD]\nkind = provided\noptional = yes\ndefault =\n", NULL, BULLA_NOTE, 0},
    {"a rule that is ignored elsewhere",
     "[check]\nignore@prod = B303 testnet is what we want\n"
     "[S]\nkind = setting\ndefault = true\nwarn-when = true\n",
     "B303", BULLA_WARNING, 3},
};

START_TEST(check_values_against_the_contract)
{
    bulla_auto_str text = NULL;
    struct bulla_error err = BULLA_ERROR_INIT;
    text = bulla_asprintf(&err, "%s%s", head, contracts[_i].text);
    struct bench bench = check_contract(text, NULL, NOW);
    if (contracts[_i].rule == NULL) {
        ck_assert_msg(bulla_report_count(bench.report) == 0, "%s: %s", contracts[_i].what,
                      bulla_report_get(bench.report, 0)->message);
    } else {
        ck_assert_msg(bulla_report_count(bench.report) == 1, "%s", contracts[_i].what);
        const struct bulla_finding *finding = bulla_report_get(bench.report, 0);
        ck_assert_str_eq(finding->rule, contracts[_i].rule);
        ck_assert_msg(finding->severity == contracts[_i].severity, "%s", contracts[_i].what);
        ck_assert_uint_eq(finding->pos.line, 5 + contracts[_i].line);
        ck_assert_str_eq(finding->file, "bulla.ini");
    }
    bench_free(&bench);
}
END_TEST

START_TEST(check_never_quotes_a_value)
{
    bulla_auto_str text = NULL;
    struct bulla_error err = BULLA_ERROR_INIT;
    text = bulla_asprintf(&err,
                          "%s[N]\nkind = setting\ntype = number\ndefault = Zq7Canary\n"
                          "[M]\nkind = setting\nmatch = [0-9]+\ndefault = Zq7Canary\n"
                          "[L]\nkind = setting\nmax-length = 3\ndefault = Zq7Canary\n"
                          "[O]\nkind = setting\none-of = a, b\ndefault = Zq7Canary\n",
                          head);
    struct bench bench = check_contract(text, NULL, NOW);
    ck_assert_uint_eq(bulla_report_count(bench.report), 4);
    for (size_t i = 0; i < 4; i++) {
        const struct bulla_finding *finding = bulla_report_get(bench.report, i);
        ck_assert_ptr_null(strstr(finding->message, "Zq7Canary"));
        ck_assert_ptr_null(strstr(finding->help, "Zq7Canary"));
    }
    bench_free(&bench);
}
END_TEST

START_TEST(check_says_what_is_overdue_and_what_is_a_placeholder_in_the_vault)
{
    struct desk desk = desk_new();
    struct bulla_vault_place place = {.path = desk.vault,
                                      .environment = "prod",
                                      .identities = desk.identities[ALICE],
                                      .state_folder = desk.state};
    bulla_auto_str folder = bulla_path_dir(desk.vault, &desk.err);
    assert_ok(bulla_dir_make(folder, 0700, &desk.err), desk.err);
    bulla_auto_vault vault = bulla_vault_create(&place, "alice", NOW, &desk.err);
    assert_ok(vault != NULL, desk.err);
    struct bulla_set_options options = {.kind = "password:24"};
    assert_ok(bulla_vault_set(vault, "OLD", LIT("mK4vQx81pLz0WnTr5Bs2HdYc"), &options, NOW, NULL,
                              &desk.err),
              desk.err);
    assert_ok(
        bulla_vault_set(vault, "WEAK", LIT("changeme"), &options, NOW + 50 * DAY, NULL, &desk.err),
        desk.err);
    assert_ok(bulla_vault_commit(vault, &desk.err), desk.err);
    struct bench bench =
        check_contract("[bulla]\nformat = 1\nproject = p\nenvironments = dev\ndefault = dev\n"
                       "rotate = 30d\n[OLD]\nkind = password:24\n[WEAK]\nkind = password:24\n",
                       vault, NOW + 60 * DAY);
    ck_assert_uint_eq(bulla_report_count(bench.report), 2);
    const struct bulla_finding *overdue = first_of(bench.report, "B501");
    ck_assert_str_eq(overdue->variable, "OLD");
    ck_assert_ptr_nonnull(strstr(overdue->message, "60 days"));
    const struct bulla_finding *weak = first_of(bench.report, "B301");
    ck_assert_str_eq(weak->variable, "WEAK");
    ck_assert_int_eq(weak->severity, BULLA_ERROR);
    bench_free(&bench);
    desk_free(&desk);
}
END_TEST

static const struct {
    const char *what;
    struct bulla_check_output output;
    const char *rule;
} outputs[] = {
    {"a private file that git ignores", {".env", true, 0600, BULLA_GIT_IGNORED}, NULL},
    {"a file that others may read", {".env", true, 0644, BULLA_GIT_IGNORED}, "B401"},
    {"a file that git tracks", {".env", true, 0600, BULLA_GIT_TRACKED}, "B402"},
    {"a file that git says nothing of", {".env", true, 0600, BULLA_GIT_REFUSED}, "B402"},
    {"a file that git would add", {".env", true, 0600, BULLA_GIT_SEEN}, "B403"},
    {"no file, and no contract that has one made", {".env", false, 0, BULLA_GIT_SEEN}, NULL},
    {"nothing known of git", {".env", true, 0600, BULLA_GIT_UNKNOWN}, NULL},
    {"no file to look at", {NULL, true, 0644, BULLA_GIT_TRACKED}, NULL},
};

START_TEST(check_looks_at_the_rendered_file)
{
    struct bench bench = {.err = BULLA_ERROR_INIT};
    struct bulla_check_input input = {.output = outputs[_i].output};
    bench_check(&bench, &input);
    size_t want = outputs[_i].rule != NULL ? 1 : 0;
    ck_assert_msg(bulla_report_count(bench.report) == want, "%s", outputs[_i].what);
    if (want == 1) {
        ck_assert_str_eq(bulla_report_get(bench.report, 0)->rule, outputs[_i].rule);
    }
    bench_free(&bench);
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof(array)[0]))

int main(void)
{
    Suite *suite = suite_create("check");
    TCase *tcase = tcase_create("check");
    tcase_add_test(tcase, check_rules_are_sorted_and_whole);
    tcase_add_test(tcase, check_reports_every_missing_reference_with_its_place);
    tcase_add_test(tcase, check_reads_references_in_a_file_that_is_no_yaml);
    tcase_add_test(tcase, check_sees_a_secret_that_takes_its_content_from_an_unset_variable);
    tcase_add_loop_test(tcase, check_values_against_the_contract, 0, COUNT(contracts));
    tcase_add_test(tcase, check_never_quotes_a_value);
    tcase_add_test(tcase, check_says_what_is_overdue_and_what_is_a_placeholder_in_the_vault);
    tcase_add_loop_test(tcase, check_looks_at_the_rendered_file, 0, COUNT(outputs));
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
