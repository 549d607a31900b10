/* Family 1 with files: those of secrets and configs, and env files that cannot be read. */
#include <stdlib.h>

#include "check_folder.h"

#define SERVICE "-- compose.yaml --\nservices:\n  a:\n    image: x\n"
#define BROKEN "FOO BAR=1\n"
#define BROKEN_FOUND "B204 error .env:1:4 a variable name cannot contain a space\n"

struct expectation {
    const char *what;
    const char *files;
    const char *found; /* of families 1 and 2 */
};

static const struct expectation expectations[] = {
    {"the file of a secret", SERVICE "    secrets: [s]\nsecrets:\n  s:\n    file: ./s/db.txt\n",
     "B109 warning compose.yaml:7:11 './s/db.txt', the file of the secret 's', is not there\n"},
    {"of a config, named in the long form",
     SERVICE "    configs:\n      - source: c\nconfigs:\n  c: {file: c.conf}\n",
     "B109 warning compose.yaml:7:13 'c.conf', the file of the config 'c', is not there\n"},
    {"of a secret of the build",
     SERVICE "    build: {context: ., secrets: [s]}\nsecrets:\n  s:\n    file: s.txt\n",
     "B109 warning compose.yaml:7:11 's.txt', the file of the secret 's', is not there\n"},
    {"a folder in its place",
     SERVICE "    secrets: [s]\nsecrets:\n  s:\n    file: s.txt\n-- s.txt/x --\n1\n",
     "B109 warning compose.yaml:7:11 's.txt', the file of the secret 's', is a folder\n"},
    {"with a variable in it, as it is written",
     SERVICE "    secrets: [s]\nsecrets:\n  s:\n    file: ${D:-d}/s.txt\n",
     "B109 warning compose.yaml:7:11 '${D:-d}/s.txt', the file of the secret 's', is not there\n"},
    {"of what another file includes, from its folder",
     "-- compose.yaml --\ninclude: [b/compose.yaml]\n-- b/compose.yaml --\nservices:\n  a:\n"
     "    image: x\n    secrets: [s, t]\nsecrets:\n  s: {file: s.txt}\n  t: {file: t.txt}\n"
     "-- b/s.txt --\n1\n-- t.txt --\n1\n",
     "B109 warning b/compose.yaml:7:13 't.txt', the file of the secret 't', is not there\n"},
    {"not one that is there, that nobody is given, that only a sleeping profile is given, that is "
     "external, at home, or nowhere",
     SERVICE "    secrets: [there, e, home, blank, v]\n  b:\n    image: x\n    profiles: [p]\n"
             "    secrets: [asleep]\nsecrets:\n  there: {file: s.txt}\n  nobody: {file: n.txt}\n"
             "  asleep: {file: n.txt}\n  e: {external: true}\n  home: {file: ~/s.txt}\n"
             "  blank: {file: ''}\n  v: {environment: V}\n-- s.txt --\n1\n-- .env --\nV=1\n",
     ""},
    {"not an env file that may be missing, in any word for it",
     SERVICE "    env_file:\n      - {path: a, required: no}\n      - {path: b, required: 'OFF'}\n"
             "      - {path: c, required: '${R}'}\n-- .env --\nR=False\n",
     ""},
    {"not one whose path an env file gives that cannot be read",
     SERVICE "    secrets: [s]\nsecrets:\n  s: {file: '${D}'}\n-- .env --\n" BROKEN, BROKEN_FOUND},
    {"nothing is missing where an env file cannot be read",
     SERVICE "    user: ${A}${B:?}\n    hostname: ${C?}\n    secrets: [s]\n"
             "secrets: {s: {environment: D}}\n-- .env --\n" BROKEN "A=1\n",
     BROKEN_FOUND},
    {"an include's own env file counts for its files only",
     SERVICE "    user: ${A}\ninclude: [b/compose.yaml]\n-- b/compose.yaml --\nservices:\n  b:\n"
             "    image: ${B}\n-- b/.env --\n" BROKEN,
     "B204 error b/.env:1:4 a variable name cannot contain a space\n"
     "B103 warning compose.yaml:4:11 A is not set and would silently become blank\n"},
    {"what Compose itself is told by is not made up",
     SERVICE "    user: ${COMPOSE_X}\n-- .env --\n" BROKEN,
     BROKEN_FOUND "B103 warning compose.yaml:4:11 COMPOSE_X is not set and would silently become "
                  "blank\n"},
    {"a file's name that hangs on it is said to", SERVICE "    env_file: ${F}\n-- .env --\n" BROKEN,
     BROKEN_FOUND "B204 note compose.yaml:4:15 the path of this env_file depends on a value that "
                  "is not known\n"},
};

START_TEST(check_says_what_is_missing)
{
    const struct expectation *want = &expectations[_i];
    struct bulla_check_input input = {0};
    char *found = folder_check(want->files, "12", &input);
    ck_assert_msg(strcmp(found, want->found) == 0, "%s:\n%swanted:\n%s", want->what, found,
                  want->found);
    free(found);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("check_missing");
    TCase *tcase = tcase_create("check_missing");
    tcase_add_loop_test(tcase, check_says_what_is_missing, 0,
                        (int)(sizeof expectations / sizeof expectations[0]));
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
