/* Family 5: certificates, the rendered file, names that nothing reads, values that are hidden. */
#include "check_folder.h"

#include "bulla/codec.h"

#define DAY INT64_C(86400)
#define SHORT_ENDS INT64_C(1743510896)

#define INI "-- bulla.ini --\n[bulla]\nformat = 1\nproject = p\nenvironments = dev\n"
#define API                                                                                        \
    "-- compose.yaml --\nservices:\n  api:\n    image: x\n    environment:\n"                      \
    "      A_TOKEN: ${A_TOKEN:-}\n"

static const struct {
    const char *what;
    const char *files;
    const char *found;
} cases[] = {
    {"a section that nothing uses",
     INI "[A_TOKEN]\nkind = setting\ndefault = x\n[OLD]\nkind = setting\ndefault = x\n"
         "[PART]\nkind = setting\ndefault = x\n[A_URL]\nkind = derived\nvalue = {{ PART }}\n"
         "[TOLD]\nkind = setting\ndefault = x\nrestart = api\n" API "      A_URL: ${A_URL}\n",
     "B504 note bulla.ini:8:2 no compose file of 'dev' uses OLD\n"},
    {"all sections are used where a service gets the rendered file",
     INI "[OLD]\nkind = setting\ndefault = x\n" API "    env_file: .env\n", ""},
    {"a name of the sample that nothing reads",
     API "-- .env.example --\nA_TOKEN=\n# about it\nOLD_ONE=\nB=${C}\nC=1\nD=$B\nA_TOKEN=\n",
     "B505 note .env.example:3:1 no compose file reads OLD_ONE, D of this sample\n"},
    {"many names",
     API "-- .env --\nA_TOKEN=x\nA=1\nB=1\nC=1\nD=1\nA_TOKEN=x\nA_TOKEN=x\nA_TOKEN=x\n",
     "B506 note .env:2:1 A, B, C and 1 more: set here, and read by no compose file and handed to "
     "no service\n"},
    {"a file that is mostly something else's", API "-- .env --\nA_TOKEN=x\nA=1\nB=1\n", ""},
    {"Compose's own names, and what may be a line of a key",
     API "-- .env --\nA_TOKEN=x\nCOMPOSE_PROJECT_NAME=p\nDOCKER_HOST=x\nZq7Canary==\n", ""},
    {"what an env_file of a service refers to",
     API "    env_file: api.env\n-- api.env --\nX=${Y}\n-- .env --\nA_TOKEN=x\nY=1\n", ""},
    {"an env_file that is not here may hold anything",
     API "    env_file: {path: gone.env, required: false}\n-- .env --\nA_TOKEN=x\nY=1\n", ""},
    {"an entry that passes nothing on hides the file's",
     "-- compose.yaml --\nservices:\n  api:\n    image: x\n    environment: [A_TOKEN, B_TOKEN]\n"
     "    env_file: api.env\n-- api.env --\nA_TOKEN=x\n",
     "B507 warning compose.yaml:4:19 A_TOKEN is passed through and not set, which hides the one of "
     "env_file\n"},
    {"a secret that stands twice",
     "-- compose.yaml --\nservices:\n  api:\n    image: x\n    environment:\n"
     "      A_PASSWORD: /run/a\n      B: c\n    env_file: api.env\n-- api.env --\n"
     "A_PASSWORD=Zq7Canary\nB=d\n",
     "B507 note compose.yaml:5:7 this A_PASSWORD hides the one of env_file\n"},
};

START_TEST(stale_finds_with_place)
{
    struct bulla_check_input input = {.now = 1};
    bulla_auto_str found = folder_check(cases[_i].files, "5", &input);
    ck_assert_msg(strcmp(found, cases[_i].found) == 0, "%s: got\n%swant\n%s", cases[_i].what, found,
                  cases[_i].found);
    ck_assert_ptr_null(strstr(found, "Zq7Canary"));
}
END_TEST

/* --- certificates ----------------------------------------------------------------------------- */

static const struct {
    int64_t days_left;
    const char *found;
} ends[] = {
    {31, ""},
    {29, "B502 warning compose.yaml:6:3 the certificate in the file of the secret cert ends in 29 "
         "days\n"},
    {-3, "B502 error compose.yaml:6:3 the certificate in the file of the secret cert ended 3 days "
         "ago\n"},
};

START_TEST(stale_sees_a_certificate_near_its_end)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf pem;
    bulla_buf_init(&pem, 1 << 16);
    assert_ok(bulla_file_read(BULLA_TEST_DATA "/certificates/short.pem", 1 << 16, &pem, &err), err);
    bulla_auto_str files = bulla_asprintf(
        &err,
        "-- compose.yaml --\nservices:\n  api:\n    image: x\n    secrets: [cert]\nsecrets:\n"
        "  cert:\n    file: ./cert.pem\n-- cert.pem --\n%s",
        bulla_buf_text(&pem, &err));
    struct bulla_check_input input = {.now = SHORT_ENDS - ends[_i].days_left * DAY};
    bulla_auto_str found = folder_check(files, "5", &input);
    ck_assert_str_eq(found, ends[_i].found);
}
END_TEST

/* --- the rendered file ------------------------------------------------------------------------ */

#define RENDERED                                                                                   \
    INI "[A_TOKEN]\nkind = setting\ndefault = a $b 'c'\n[B]\nkind = setting\ndefault = b\n"        \
        "[C]\nkind = setting\noptional = yes\n[D]\nkind = setting\ndefault = d\n" API              \
        "      B: ${B}\n      C: ${C:-}\n      D: ${D}\n"

static const struct {
    const char *what;
    const char *text;
    const char *found;
} rendered[] = {
    {"the same", "# a comment\nB=b\nA_TOKEN=\"a \\$b 'c'\"\nOTHER=$X\nD='d'\n", ""},
    {"another value, one that is missing, one too many",
     "B=Zq7Canary\nC=x\nA_TOKEN=\"a \\$b 'c'\"\n",
     "B503 warning .env out of date: B, D\n"
     "B503 warning .env:2:1 nothing in bulla gives 'C' a value: bulla render keeps the line\n"},
    {"no value at all", "\n", "B503 warning .env out of date: A_TOKEN, B, D\n"},
    {"no env file", "A B\n",
     "B503 warning .env this is no env file that bulla render would have "
     "written\n"},
};

START_TEST(stale_compares_the_rendered_file_with_the_values)
{
    char path[] = "/tmp/bulla-rendered-XXXXXX";
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, rendered[_i].text, strlen(rendered[_i].text)),
                     (ssize_t)strlen(rendered[_i].text));
    (void)close(fd);
    struct bulla_check_input input = {
        .output = {.path = ".env", .exists = true, .mode = 0600, .opens = path}};
    bulla_auto_str found = folder_check(RENDERED, "5", &input);
    ck_assert_msg(strcmp(found, rendered[_i].found) == 0, "%s: got %s", rendered[_i].what, found);
    ck_assert_ptr_null(strstr(found, "Zq7Canary"));
    (void)remove(path);
}
END_TEST

/* --- hidden values ---------------------------------------------------------------------------- */

static enum bulla_lookup_state look_up(void *ctx, struct bulla_bytes name,
                                       struct bulla_bytes *ret_value)
{
    *ret_value = bulla_bytes_of(ctx);
    bool is_named = bulla_bytes_are(name, "A_TOKEN") || bulla_bytes_are(name, "UNUSED");
    return !is_named             ? BULLA_LOOKUP_UNSET
           : ret_value->len == 0 ? BULLA_LOOKUP_EMPTY
                                 : BULLA_LOOKUP_SET;
}

START_TEST(stale_sees_what_the_shell_hides)
{
    static char other[] = "Zq7Canary";
    static char same[] = "x";
    struct bulla_check_input input = {.process = look_up, .process_ctx = other};
    bulla_auto_str found = folder_check(API "-- .env --\nA_TOKEN=x\nUNUSED=y\n", "5", &input);
    ck_assert_str_eq(found,
                     "B507 warning .env:1:1 the variable A_TOKEN of this shell hides this value\n"
                     "B506 note .env:2:1 UNUSED: set here, and read by no compose file and handed "
                     "to no service\n");
    struct bulla_check_input quiet = {.process = look_up, .process_ctx = same};
    bulla_auto_str nothing = folder_check(API "-- .env --\nA_TOKEN=x\n", "5", &quiet);
    ck_assert_str_eq(nothing, "");
    struct bulla_check_input values = {.process = look_up, .process_ctx = other};
    bulla_auto_str vault =
        folder_check(INI "[A_TOKEN]\nkind = setting\ndefault = y\n" API, "5", &values);
    ck_assert_str_eq(vault, "B507 warning bulla.ini:5:2 the variable A_TOKEN of this shell hides "
                            "the value of 'dev'\n");
}
END_TEST

START_TEST(stale_sees_that_the_env_file_beside_us_is_read_first)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    char folder[] = "/tmp/bulla-shadow-XXXXXX";
    ck_assert_ptr_nonnull(mkdtemp(folder));
    folder_unpack(folder, API "-- .env --\nA_TOKEN=x\n-- sub/.env --\nA_TOKEN=y\n");
    bulla_auto_str sub = bulla_path_join(folder, "sub", &err);
    struct bulla_project_options options = {.directory = sub};
    bulla_auto_project project = bulla_project_load(&options, &err);
    assert_ok(project != NULL, err);
    struct bulla_check_input input = {.project = project, .root = folder};
    bulla_auto_report report = bulla_report_new(&err);
    assert_ok(bulla_check(&input, report, &err), err);
    bulla_auto_str found = folder_list(report, "5");
    ck_assert_str_eq(found, "B507 warning .env:1:1 'sub/.env' is read first, and its A_TOKEN hides "
                            "this value\n");
    (void)nftw(folder, folder_remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("check_stale");
    TCase *tcase = tcase_create("check_stale");
    tcase_add_loop_test(tcase, stale_finds_with_place, 0, sizeof cases / sizeof *cases);
    tcase_add_loop_test(tcase, stale_sees_a_certificate_near_its_end, 0,
                        sizeof ends / sizeof *ends);
    tcase_add_loop_test(tcase, stale_compares_the_rendered_file_with_the_values, 0,
                        sizeof rendered / sizeof *rendered);
    tcase_add_test(tcase, stale_sees_what_the_shell_hides);
    tcase_add_test(tcase, stale_sees_that_the_env_file_beside_us_is_read_first);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
