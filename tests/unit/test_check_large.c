/* Hostile projects: what is small to send and would take minutes to check. */
#include <stdlib.h>

#include "check_folder.h"

#define SERVICE "-- compose.yaml --\nservices:\n  a:\n    image: x\n"
#define TEXT_MAX ((size_t)8 * 1024 * 1024)

/* A part of the project: BEFORE, then COUNT times EACH. */
struct part {
    const char *before;
    const char *each; /* "#" is the number */
    int count;
};

struct expectation {
    const char *what;
    struct part parts[4];
};

#define ENVIRONMENT SERVICE "    environment:\n"

static const struct expectation expectations[] = {
    {"names that could each be another one, misspelt",
     {{ENVIRONMENT, "      K#: ${ABCDEFGHIJKL_#_VALUE}\n", 12000},
      {"-- .env --\n", "QWERTYUIOP_#_OTHER=1\n", 12000}}},
    {"names that a sample does not have",
     {{ENVIRONMENT, "      K#: ${V#:?}\n", 20000},
      {"-- .env.example --\n", "W#=\n", 60000},
      {"-- .env --\n", "V#=1\n", 20000}}},
    {"required references in one operand",
     {{ENVIRONMENT "      K: \"${A:-", "${B#?}", 150000}, {"}\"\n", "", 0}}},
    {"references behind a URL",
     {{ENVIRONMENT "      K: \"x://", "${B}", 100000}, {"\"\n-- .env --\nB=a@b\n", "", 0}}},
    {"references behind many colons",
     {{ENVIRONMENT "      K: \"", "::::::::::::${B}", 60000}, {"\"\n-- .env --\nB=a@b\n", "", 0}}},
    {"passwords in one command",
     {{SERVICE "    command: \"", "--password=abcdefgh# ", 40000}, {"\"\n", "", 0}}},
    {"address pools of two files",
     {{SERVICE "networks:\n  n:\n    ipam:\n      config:\n", "        - subnet: a#\n", 6000},
      {"-- compose.override.yaml --\nnetworks:\n  n:\n    ipam:\n      config:\n",
       "        - subnet: b#\n", 6000}}},
    {"hosts of two files",
     {{SERVICE "    extra_hosts:\n", "      - h#=1.1.1.1\n", 80000},
      {"-- compose.override.yaml --\nservices:\n  a:\n    extra_hosts:\n", "      - g#=1.1.1.1\n",
       80000}}},
    {"keys that are reset",
     {{ENVIRONMENT, "      K#: v\n", 40000},
      {"-- compose.override.yaml --\nservices:\n  a:\n    environment:\n",
       "      K#: !reset null\n", 40000}}},
    {"references without an end in what is no YAML",
     {{SERVICE "    x: [\n    y: \"}", "${", 1000000}, {"\"\n", "", 0}}},
};

static void add_part(struct bulla_buf *out, const struct part *part)
{
    bulla_buf_puts(out, part->before);
    for (int i = 0; i < part->count; i++) {
        for (const char *at = part->each; *at != '\0'; at++) {
            if (*at == '#') {
                bulla_buf_printf(out, "%d", i);
            } else {
                bulla_buf_putc(out, *at);
            }
        }
    }
}

START_TEST(check_ends_soon_on_what_is_large)
{
    const struct expectation *e = &expectations[_i];
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf text;
    bulla_buf_init(&text, TEXT_MAX);
    for (size_t i = 0; i < sizeof e->parts / sizeof e->parts[0] && e->parts[i].each != NULL; i++) {
        add_part(&text, &e->parts[i]);
    }
    const char *files = bulla_buf_text(&text, &err);
    assert_ok(files != NULL, err);
    char folder[] = "/tmp/bulla-check-XXXXXX";
    ck_assert_ptr_nonnull(mkdtemp(folder));
    folder_unpack(folder, files);
    const struct bulla_project_options options = {.directory = folder};
    bulla_auto_project project = bulla_project_load(&options, &err);
    bulla_auto_report report = bulla_report_new(&err);
    const struct bulla_check_input input = {
        .project = project, .options = &options, .root = folder};
    /* Whatever it finds, or a limit: the suite's time is what is tested. */
    bool ok = project != NULL && bulla_check(&input, report, &err);
    ck_assert_msg(ok || err.code == BULLA_E_LIMIT, "%s: %s", e->what, err.message);
    (void)nftw(folder, folder_remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("check_large");
    TCase *tcase = tcase_create("check_large");
    /* A second each; with sanitizers and on a busy machine ten times that. */
    tcase_set_timeout(tcase, 30);
    tcase_add_loop_test(tcase, check_ends_soon_on_what_is_large, 0,
                        (int)(sizeof expectations / sizeof expectations[0]));
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
