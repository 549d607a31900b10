/* What Compose makes of the whole project, as findings: B218 to B220, and B101 of env files. */
#include <stdlib.h>

#include "check_folder.h"

#define SERVICE "-- compose.yaml --\nservices:\n  a:\n    image: x\n"

struct expectation {
    const char *what;
    const char *files;
    const char *found; /* of families 1 and 2 */
};

static const struct expectation expectations[] = {
    {"a boolean that is none, its value masked", SERVICE "    tty: perhaps\n",
     "B219 error compose.yaml:4:10 Compose says: error while interpolating services.a.tty: failed "
     "to cast to expected type: invalid boolean: …\n"},
    {"a number that is none, with what another file gives",
     SERVICE "    scale: ${N}\n-- .env --\nN=many\n",
     "B219 error compose.yaml:4:12 Compose says: error while interpolating services.a.scale: "
     "failed to cast to expected type: strconv.Atoi: parsing \"…\": invalid syntax\n"},
    {"a key that Compose does not know", SERVICE "    imagee: y\n",
     "B219 error compose.yaml:4:5 Compose says: services.a additional properties 'imagee' not "
     "allowed\n"},
    {"several of them, each where it stands",
     SERVICE "    volums: [a:/a]\n    <<: {restrt: always}\n",
     "B219 error compose.yaml:4:5 Compose says: services.a additional properties 'volums' not "
     "allowed\n"
     "B219 error compose.yaml:5:10 Compose says: services.a additional properties 'restrt' not "
     "allowed\n"},
    {"one at the top", SERVICE "volume:\n  a:\n",
     "B219 error compose.yaml:4:1 Compose says: additional properties 'volume' not allowed\n"},
    {"one that the later file brings, and one that is extended",
     SERVICE "-- compose.override.yaml --\nservices:\n  a:\n    tty: true\n    volums: [x]\n"
             "  b:\n    extends: {file: c.yaml, service: c}\n"
             "-- c.yaml --\nservices:\n  c:\n    image: x\n    imagee: x\n",
     "B219 error c.yaml:4:5 Compose says: services.b additional properties 'imagee' not allowed\n"
     "B219 error compose.override.yaml:4:5 Compose says: services.a additional properties "
     "'volums' not allowed\n"},
    {"a key beside a value that is missing", SERVICE "    imagee: x\n    user: ${U:?}\n",
     "B219 error compose.yaml:4:5 Compose says: services.a additional properties 'imagee' not "
     "allowed\n"
     "B101 error compose.yaml:5:11 U is required and not set\n"},
    {"a service with nothing in it, once", SERVICE "  b:\n",
     "B204 error compose.yaml:4:3 a service has to be a mapping: 'b'\n"},
    {"a mapping in place of a text, at its key", SERVICE "    user:\n      id: 7\n",
     "B219 error compose.yaml:4:5 Compose says: services.a.user must be a string\n"},
    {"what is missing, at the key of what lacks it", SERVICE "models:\n  m:\n    name: x\n",
     "B219 error compose.yaml:5:3 Compose says: models.m missing property 'model'\n"},
    {"a time and a size that are none, each where it stands",
     SERVICE "    stop_grace_period: 5 seconds\n    mem_limit: 5q\n",
     "B219 error compose.yaml:4:24 Compose says: decoding failed due to the following error(s): "
     "'services[a].stop_grace_period' time: unknown unit …\n"
     "B219 error compose.yaml:5:16 Compose says: decoding failed due to the following error(s): "
     "'services[a].mem_limit' invalid suffix: '…'\n"},
    {"a port that is none", SERVICE "    ports: [\"a:b\"]\n",
     "B219 error compose.yaml:4:13 Compose says: invalid containerPort: …\n"},
    {"networks, volumes and services that are not there",
     SERVICE "    networks: [front]\n    volumes: [\"data:/data\"]\n    depends_on: [db]\n",
     "B220 error compose.yaml:4:16 Compose says: service \"a\" refers to undefined network front: "
     "invalid compose project\n"
     "B220 error compose.yaml:5:15 Compose says: service \"a\" refers to undefined volume data: "
     "invalid compose project\n"
     "B220 error compose.yaml:6:18 Compose says: service \"a\" depends on undefined service "
     "\"db\": invalid compose project\n"},
    {"names of the file are said, what variables make of them is not",
     SERVICE "    volumes: [{type: volume, source: v, target: /v}, '${W}:/w']\n"
             "    configs: [c]\n    secrets: [{source: s}, '${T}']\n-- .env --\nT=t\nW=ww\n",
     "B220 error compose.yaml:4:15 Compose says: service \"a\" refers to undefined volume v: "
     "invalid compose project\n"
     "B220 error compose.yaml:4:54 Compose says: service \"a\" refers to undefined volume …: "
     "invalid compose project\n"
     "B220 error compose.yaml:5:15 Compose says: service \"a\" refers to undefined config c: "
     "invalid compose project\n"
     "B220 error compose.yaml:6:15 Compose says: service \"a\" refers to undefined secret s: "
     "invalid compose project\n"
     "B220 error compose.yaml:6:28 Compose says: service \"a\" refers to undefined secret …: "
     "invalid compose project\n"},
    {"a service that another file does not have",
     SERVICE "    extends: {file: b.yaml, service: nope}\n-- b.yaml --\nservices: {}\n",
     "B204 error compose.yaml:4:38 service 'a' extends 'nope', which 'b.yaml' does not have\n"},
    {"two containers of one name",
     SERVICE "    container_name: c1\n  b:\n    image: x\n    container_name: c1\n",
     "B220 error compose.yaml:4:21 Compose says: services.a: container name \"…\" is already in "
     "use by service {}\"\n"
     "B220 error compose.yaml:7:21 Compose says: services.b: container name \"…\" is already in "
     "use by service {}\"\n"},
    {"with a variable missing, the rest is still said",
     SERVICE "    ports: [\"${P:?which}:80\"]\n    tty: ${T:?}\n    networks: [front]\n",
     "B101 error compose.yaml:4:14 P is required and not set: which\n"
     "B101 error compose.yaml:5:10 T is required and not set\n"
     "B220 error compose.yaml:6:16 Compose says: service \"a\" refers to undefined network front: "
     "invalid compose project\n"},
    {"what rests on a missing variable is not judged",
     SERVICE "    depends_on:\n      - ${D:?}\n    cpus: 1\n    deploy: {resources: {limits: "
             "{cpus: '${C:?}'}}}\n",
     "B101 error compose.yaml:5:9 D is required and not set\n"
     "B101 error compose.yaml:7:42 C is required and not set\n"},
    {"a bad template is said once", SERVICE "    command: echo ${1}\n",
     "B203 error compose.yaml:4:19 '${' begins no reference that Compose knows\n"},
    {"an inactive profile counts as not there",
     SERVICE "    depends_on: [b]\n  b:\n    image: x\n    profiles: [more]\n",
     "B220 error compose.yaml:4:18 Compose says: service \"a\" depends on undefined service "
     "\"b\": invalid compose project\n"},
    {"a setting of the contract",
     SERVICE "    scale: ${N}\n-- bulla.ini --\n[bulla]\nformat = 1\nenvironments = dev\n"
             "[N]\nkind = setting\ndefault = many\n",
     "B219 error compose.yaml:4:12 Compose says: error while interpolating services.a.scale: "
     "failed to cast to expected type: strconv.Atoi: parsing \"…\": invalid syntax\n"},
    {"what Compose takes",
     SERVICE
     "    tty: 'yes'\n    scale: ${N:-2}\n    networks: [front]\n    ports: ['80-81:80-81']\n"
     "networks: {front: }\n",
     ""},
    {"an operand that only the older line looks at",
     SERVICE "    hostname: ${H:-${I:?}}\n    user: ${H:+${U}}u\n-- .env --\nH=h\n",
     "B218 warning compose.yaml:4:20 Compose up to 5.0.1 looks at I here although it is not used, "
     "and refuses the project\n"
     "B103 warning compose.yaml:5:16 U is not set and would silently become blank\n"},
    {"and one that it warns of only", SERVICE "    hostname: ${H:-${I}}\n-- .env --\nH=h\n",
     "B218 note compose.yaml:4:20 Compose up to 5.0.1 looks at I here although it is not used, "
     "and warns\n"},
    {"a variable that .env requires", SERVICE "    user: ${A}\n-- .env --\nA=${U:?who}\n",
     "B101 error .env:1:3 U is required here and has no value: Compose refuses the file\n"},
    {"one that a service's env file requires",
     SERVICE "    env_file: a.env\n-- a.env --\nB=1\nA=${U:?who}\n",
     "B101 error a.env:2:3 U is required here and has no value: Compose refuses the file\n"},
    {"and that of a service that is not active",
     SERVICE "  b:\n    image: x\n    profiles: [p]\n    env_file: a.env\n"
             "-- a.env --\nA_PASSWORD=${U:?who}\n",
     "B101 warning a.env:1:12 U is required here and has no value: Compose refuses the file once "
     "a service that reads it is active\n"},
};

static void check_one(const struct expectation *want)
{
    struct bulla_check_input input = {0};
    char *found = folder_check(want->files, "12", &input);
    ck_assert_msg(strcmp(found, want->found) == 0, "%s:\n%swanted:\n%s", want->what, found,
                  want->found);
    free(found);
}

START_TEST(check_says_where_compose_refuses)
{
    check_one(&expectations[_i]);
}
END_TEST

static enum bulla_lookup_state hide(void *ctx, struct bulla_bytes name,
                                    struct bulla_bytes *ret_value)
{
    (void)ctx;
    *ret_value = bulla_bytes("", 0);
    return bulla_bytes_are(name, "S") ? BULLA_LOOKUP_SET : BULLA_LOOKUP_UNSET;
}

/* A value that is hidden could be right: nothing is said of it, and the rest is. */
START_TEST(check_says_nothing_of_what_a_secret_makes)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    char folder[] = "/tmp/bulla-check-XXXXXX";
    ck_assert_ptr_nonnull(mkdtemp(folder));
    folder_unpack(folder, SERVICE "    scale: ${S}\n    ports: ['${S}:80']\n    tty: ${S}\n"
                                  "    mem_limit: ${S}\n    container_name: ${S}\n"
                                  "    env_file: .env\n    environment: ['A=${S}']\n"
                                  "    networks: [front]\n");
    struct bulla_project_options options = {
        .directory = folder, .values = hide, .rendered = ".env"};
    bulla_auto_project project = bulla_project_load(&options, &err);
    assert_ok(project != NULL, err);
    bulla_auto_report report = bulla_report_new(&err);
    struct bulla_check_input input = {.project = project, .options = &options, .root = folder};
    assert_ok(bulla_check(&input, report, &err), err);
    char *found = folder_list(report, "2");
    ck_assert_str_eq(found, "B220 error compose.yaml:11:16 Compose says: service \"a\" refers to "
                            "undefined network front: invalid compose project\n");
    free(found);
    (void)nftw(folder, folder_remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("check_merged");
    TCase *tcase = tcase_create("check_merged");
    tcase_add_loop_test(tcase, check_says_where_compose_refuses, 0,
                        (int)(sizeof expectations / sizeof expectations[0]));
    tcase_add_test(tcase, check_says_nothing_of_what_a_secret_makes);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
