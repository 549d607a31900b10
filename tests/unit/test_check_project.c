/* What a check of a project on disk says: rule, severity, place and words of each message. */
#include "bulla/check.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bulla/file.h"
#include "bulla/mem.h"

#include "unit.h"

#define MAX_FILES 4

struct file {
    const char *name;
    const char *text;
};

struct expectation {
    const char *what;
    struct file files[MAX_FILES];
    const char *rule; /* NULL: nothing is found at all */
    enum bulla_severity severity;
    const char *file;
    uint32_t line, col;
    const char *message; /* a part of it … */
    const char *help;    /* … and of the help, or NULL */
};

#define SERVICE "services:\n  a:\n    image: x\n    environment:\n"
#define STRONG "4d1f0c5b7e92a8367f08d31c9be4a652"

static const struct expectation expectations[] = {
    {"an empty value in .env",
     {{"compose.yaml", SERVICE "      T: ${T:?why}\n"}, {".env", "T=\n"}},
     "B102",
     BULLA_ERROR,
     "compose.yaml",
     5,
     10,
     "T is required and empty in .env:1: why",
     NULL},
    {"a required name, misspelt in .env",
     {{"compose.yaml", SERVICE "      T: ${API_TOKEN:?}\n"}, {".env", "\nAPI_TOKNE=" STRONG "\n"}},
     "B101",
     BULLA_ERROR,
     "compose.yaml",
     5,
     10,
     "API_TOKEN is required and not set",
     "did you mean 'API_TOKNE'? .env:2 sets that"},
    {"names that differ in digits are no misspelling",
     {{"compose.yaml", SERVICE "      T: ${API_TOKEN_1:?}\n"},
      {".env", "API_TOKEN_2=" STRONG "\n"}},
     "B101",
     BULLA_ERROR,
     "compose.yaml",
     5,
     10,
     "API_TOKEN_1",
     "give API_TOKEN_1 a value"},
    {"a required operand of one that has no value",
     {{"compose.yaml", SERVICE "      T: ${A:-${B:?one of them}}\n"}},
     "B101",
     BULLA_ERROR,
     "compose.yaml",
     5,
     15,
     "B is required and not set, and it stands in for A",
     NULL},
    {"a required operand that is not used",
     {{"compose.yaml", SERVICE "      T: ${A:-${B:?one of them}}\n"}, {".env", "A=1\n"}},
     NULL,
     BULLA_NOTE,
     NULL,
     0,
     0,
     NULL,
     NULL},
    {"a message is quoted up to a reference in it",
     {{"compose.yaml", SERVICE "      T: ${A:?set it, ${B:-or} not}\n"}},
     "B101",
     BULLA_ERROR,
     "compose.yaml",
     5,
     10,
     "A is required and not set: set it, …",
     NULL},
    {"a profile that is not active",
     {{"compose.yaml", "services:\n  a:\n    image: x:${T:?}\n    profiles: [p]\n"}},
     "B101",
     BULLA_ERROR,
     "compose.yaml",
     3,
     14,
     "also while its profile 'p' is not active",
     NULL},
    {"a name that no sample has",
     {{"compose.yaml", SERVICE "      T: ${TAG:?}\n"},
      {".env", "TAG=1\n"},
      {".env.example", "A=1\n"}},
     "B108",
     BULLA_WARNING,
     "compose.yaml",
     5,
     10,
     "TAG is required here",
     "add TAG= to .env.example"},
    {"a name that stands in a comment of the sample",
     {{"compose.yaml", SERVICE "      T: ${TAG:?}\n"},
      {".env", "TAG=1\n"},
      {".env.example", "# TAG=1\n"}},
     NULL,
     BULLA_NOTE,
     NULL,
     0,
     0,
     NULL,
     NULL},
    {"?: for :?",
     {{"compose.yaml", SERVICE "      T: ${TAG?:why}\n"}, {".env", "TAG=1\n"}},
     "B212",
     BULLA_WARNING,
     "compose.yaml",
     5,
     10,
     "'?:' in the reference to 'TAG'",
     NULL},
    {"a default that begins with a colon",
     {{"compose.yaml", SERVICE "      T: ${TAG-:80:80}\n"}},
     NULL,
     BULLA_NOTE,
     NULL,
     0,
     0,
     NULL,
     NULL},
    {"a reference that is swallowed",
     {{"compose.yaml", SERVICE "      T: \"${A:-{}} ${B:?m}\"\n"}, {".env", "A=1\n"}},
     "B213",
     BULLA_ERROR,
     "compose.yaml",
     5,
     11,
     "takes in the reference to 'B'",
     NULL},
    {"a reference without its brace",
     {{"compose.yaml", SERVICE "      T: \"${A:-x ${B:-y}\"\n"}, {".env", "A=1\n"}},
     "B213",
     BULLA_ERROR,
     "compose.yaml",
     5,
     11,
     "that of 'B' ends it",
     NULL},
    {"braces that are counted as they are meant",
     {{"compose.yaml", SERVICE "      T: '${A:-{\"k\":1}} ${B:-{x}}'\n"}},
     NULL,
     BULLA_NOTE,
     NULL,
     0,
     0,
     NULL,
     NULL},
    {"a dollar sign in a password of .env",
     {{"compose.yaml", SERVICE "      T: ${DB_PASSWORD:?}\n"},
      {".env", "DB_PASSWORD=tR7w$kLm94xQbP2vZ5nHs\n"}},
     "B214",
     BULLA_WARNING,
     ".env",
     1,
     17,
     "a part of the value of DB_PASSWORD",
     "single quotes"},
    {"a variable that .env names and does not have",
     {{"compose.yaml", SERVICE "      T: ${HOME_URL:?}\n"}, {".env", "HOME_URL=http://${HOST}\n"}},
     "B103",
     BULLA_WARNING,
     ".env",
     1,
     17,
     "'HOST' is not set",
     NULL},
    {"a dollar sign in a hash of a compose file",
     {{"compose.yaml", SERVICE "      ADMIN_PASSWORD: $2y$05$abcdefghijk\n"}},
     "B214",
     BULLA_WARNING,
     "compose.yaml",
     5,
     29,
     "$abcdefghijk",
     "write $$"},
    {"a comment that is none",
     {{"compose.yaml", SERVICE "      T: ${DB_PASSWORD:?}\n"},
      {".env", "DB_PASSWORD=tR7wkLm94xQbP2vZ #8s\n"}},
     "B214",
     BULLA_WARNING,
     ".env",
     1,
     13,
     "cut off at ' #'",
     NULL},
    {"a comment",
     {{"compose.yaml", SERVICE "      T: ${DB_PASSWORD:?}\n"},
      {".env", "DB_PASSWORD=tR7wkLm94xQbP2vZ # of the database\n"}},
     NULL,
     BULLA_NOTE,
     NULL,
     0,
     0,
     NULL,
     NULL},
    {"a key of a mapping that stands twice",
     {{"compose.yaml", SERVICE "      T: 1\n      T: 2\n"}},
     "B215",
     BULLA_ERROR,
     "compose.yaml",
     6,
     7,
     "line 5",
     NULL},
    {"a name of .env that stands twice",
     {{"compose.yaml", SERVICE "      T: ${A:-}\n"}, {".env", "A=1\nB=1\nA=2\n"}},
     "B215",
     BULLA_WARNING,
     ".env",
     3,
     1,
     "A is set in line 1 already, to another value",
     NULL},
    {"one that stands twice with the same value",
     {{"compose.yaml", SERVICE "      T: ${A:-}\n"}, {".env", "A=1\nA=1\n"}},
     "B215",
     BULLA_NOTE,
     ".env",
     2,
     1,
     "A is set in line 1 already",
     NULL},
    {"a reference in a key",
     {{"compose.yaml", "services:\n  a:\n    image: x\n    labels:\n      ${A}: b\n"},
      {".env", "A=1\n"}},
     "B216",
     BULLA_WARNING,
     "compose.yaml",
     5,
     7,
     "'A' stands in a key",
     NULL},
    {"a quote that is never closed",
     {{"compose.yaml", SERVICE "      T: ${A:-}\n"}, {".env", "A=\"1\nB=2\n"}},
     "B217",
     BULLA_ERROR,
     ".env",
     1,
     3,
     "quote",
     NULL},
    {"a quote that the next one closes",
     {{"compose.yaml", SERVICE "      T: ${A:-}\n"}, {".env", "A=\"1\nBEE=\"2\n"}},
     "B217",
     BULLA_WARNING,
     ".env",
     1,
     3,
     "takes in line 2",
     NULL},
    {"a value of several lines",
     {{"compose.yaml", SERVICE "      T: ${A:-}\n"}, {".env", "A=\"1\n2=\n\"\n"}},
     NULL,
     BULLA_NOTE,
     NULL,
     0,
     0,
     NULL,
     NULL},
    {"a password of a URL that is a placeholder",
     {{"compose.yaml", SERVICE "      T: ${DATABASE_URL:?}\n"},
      {".env", "DATABASE_URL=postgres://app:changeme@db/app\n"}},
     "B301",
     BULLA_ERROR,
     ".env",
     1,
     1,
     "DATABASE_URL is still a placeholder",
     NULL},
    {"the value of the sample",
     {{"compose.yaml", SERVICE "      T: ${A_TOKEN:?}\n"},
      {".env", "A_TOKEN=" STRONG "\n"},
      {".env.example", "\nA_TOKEN=" STRONG "\n"}},
     "B304",
     BULLA_ERROR,
     ".env",
     1,
     1,
     "is published in .env.example, line 2",
     NULL},
    {"a setting that is the sample's",
     {{"compose.yaml", SERVICE "      T: ${TAG:?}\n"},
      {".env", "TAG=1\n"},
      {".env.example", "TAG=1\n"}},
     NULL,
     BULLA_NOTE,
     NULL,
     0,
     0,
     NULL,
     NULL},
    {"the default of the compose file",
     {{"compose.yaml", SERVICE "      T: ${A_TOKEN:-" STRONG "}\n"},
      {".env", "A_TOKEN=" STRONG "\n"}},
     "B304",
     BULLA_ERROR,
     ".env",
     1,
     1,
     "as the default in compose.yaml, line 5",
     NULL},
    {"a key that everybody has",
     {{"compose.yaml", SERVICE "      T: ${AWS_SECRET_KEY:?}\n"},
      {".env", "AWS_SECRET_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n"}},
     "B304",
     BULLA_ERROR,
     ".env",
     1,
     1,
     "AWS documentation",
     NULL},
    {"a short password",
     {{"compose.yaml", SERVICE "      T: ${DB_PASSWORD:?}\n"}, {".env", "DB_PASSWORD=tR7wkLm9\n"}},
     "B305",
     BULLA_WARNING,
     ".env",
     1,
     1,
     "DB_PASSWORD has 8 characters",
     NULL},
    {"a short token of a third party",
     {{"compose.yaml", SERVICE "      T: ${STRIPE_TOKEN:?}\n"},
      {".env", "STRIPE_TOKEN=tR7wkLm9\n"}},
     NULL,
     BULLA_NOTE,
     NULL,
     0,
     0,
     NULL,
     NULL},
    {"a long one made of words",
     {{"compose.yaml", SERVICE "      T: ${DB_PASSWORD:?}\n"},
      {".env", "DB_PASSWORD=tradebot_secure_pass_123\n"}},
     "B306",
     BULLA_WARNING,
     ".env",
     1,
     1,
     "words, repeats or rows",
     NULL},
    {"six words that were drawn",
     {{"compose.yaml", SERVICE "      T: ${DB_PASSWORD:?}\n"},
      {".env", "DB_PASSWORD=unlit-gravel-hazy-mosaic-tubular-prism\n"}},
     NULL,
     BULLA_NOTE,
     NULL,
     0,
     0,
     NULL,
     NULL},
    {"a password that breaks a URL of a compose file",
     {{"compose.yaml", SERVICE "      T: postgres://app:${DB_PASSWORD:?}@db/app\n"},
      {".env", "DB_PASSWORD=tR7w@kLm94xQbP2vZ\n"}},
     "B307",
     BULLA_ERROR,
     "compose.yaml",
     5,
     25,
     "DB_PASSWORD is put into a URL here",
     NULL},
    {"a password in a URL's query",
     {{"compose.yaml", SERVICE "      T: https://x/y?key=${DB_PASSWORD:?}\n"},
      {".env", "DB_PASSWORD=tR7w@kLm94xQbP2vZ\n"}},
     NULL,
     BULLA_NOTE,
     NULL,
     0,
     0,
     NULL,
     NULL},
    {"a password that breaks a URL of an env file",
     {{"compose.yaml", SERVICE "      T: ${URL:?}\n"},
      {".env", "DB_PASSWORD=tR7w/kLm94xQbP2vZ\nURL=redis://:${DB_PASSWORD}@db\n"}},
     "B307",
     BULLA_ERROR,
     ".env",
     2,
     1,
     "DB_PASSWORD is put into a URL here",
     NULL},
    {"two keys with one value",
     {{"compose.yaml", SERVICE "      T: ${A_TOKEN:?}${B_KEY:?}\n"},
      {".env", "A_TOKEN=" STRONG "\nB_KEY=" STRONG "\n"}},
     "B308",
     BULLA_WARNING,
     ".env",
     2,
     1,
     "B_KEY has the same value as A_TOKEN",
     NULL},
    {"two environments with one value",
     {{"compose.yaml", SERVICE "      T: ${A_TOKEN:?}\n"},
      {".env", "A_TOKEN=" STRONG "\n"},
      {".env.prod", "A_TOKEN=" STRONG "\n"}},
     "B309",
     BULLA_WARNING,
     ".env",
     1,
     1,
     "A_TOKEN has the same value in .env.prod",
     NULL},
};

static void write_files(const char *folder, const struct file *files, struct bulla_error *err)
{
    for (size_t i = 0; i < MAX_FILES && files[i].name != NULL; i++) {
        bulla_auto_str path = bulla_path_join(folder, files[i].name, err);
        assert_ok(bulla_file_create(path, 0600, bulla_bytes_of(files[i].text), err), *err);
    }
}

static void remove_files(const char *folder, const struct file *files, struct bulla_error *err)
{
    for (size_t i = 0; i < MAX_FILES && files[i].name != NULL; i++) {
        bulla_auto_str path = bulla_path_join(folder, files[i].name, err);
        ck_assert_int_eq(unlink(path), 0);
    }
    ck_assert_int_eq(rmdir(folder), 0);
}

static void assert_finding(const struct expectation *want, const struct bulla_report *report)
{
    if (want->rule == NULL) {
        const struct bulla_finding *first = bulla_report_get(report, 0);
        ck_assert_msg(bulla_report_count(report) == 0, "%s: %s %s", want->what, first->rule,
                      first->message);
        return;
    }
    ck_assert_msg(bulla_report_count(report) == 1, "%s: %zu findings, the first: %s", want->what,
                  bulla_report_count(report),
                  bulla_report_count(report) > 0 ? bulla_report_get(report, 0)->message : "");
    const struct bulla_finding *got = bulla_report_get(report, 0);
    ck_assert_msg(strcmp(got->rule, want->rule) == 0, "%s: %s", want->what, got->rule);
    ck_assert_msg(got->severity == want->severity, "%s: severity", want->what);
    ck_assert_msg(strcmp(got->file, want->file) == 0 && got->pos.line == want->line &&
                      got->pos.col == want->col,
                  "%s: %s:%u:%u", want->what, got->file, got->pos.line, got->pos.col);
    ck_assert_msg(strstr(got->message, want->message) != NULL, "%s: %s", want->what, got->message);
    ck_assert_msg(got->help != NULL &&
                      (want->help == NULL || strstr(got->help, want->help) != NULL),
                  "%s: %s", want->what, got->help);
}

START_TEST(check_says_one_thing_at_its_place)
{
    const struct expectation *want = &expectations[_i];
    struct bulla_error err = BULLA_ERROR_INIT;
    char folder[] = "/tmp/bulla-check-XXXXXX";
    ck_assert_ptr_nonnull(mkdtemp(folder));
    write_files(folder, want->files, &err);
    struct bulla_project_options options = {.directory = folder};
    const struct bulla_project *project = bulla_project_load(&options, &err);
    assert_ok(project != NULL, err);
    struct bulla_report *report = bulla_report_new(&err);
    struct bulla_check_input input = {.project = project, .root = folder};
    assert_ok(bulla_check(&input, report, &err), err);
    assert_finding(want, report);
    bulla_report_free(report);
    bulla_project_free(project);
    remove_files(folder, want->files, &err);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("check_project");
    TCase *tcase = tcase_create("check_project");
    tcase_add_loop_test(tcase, check_says_one_thing_at_its_place, 0,
                        (int)(sizeof expectations / sizeof expectations[0]));
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
