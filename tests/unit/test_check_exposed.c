/* Family 4: secrets in the clear, in command lines, labels and images, and how services get them.
 */
#include "check_folder.h"

#define SERVICES "-- compose.yaml --\nservices:\n"
#define API SERVICES "  api:\n    image: example/api\n"
#define BUILT SERVICES "  api:\n    build: .\n"

static const struct {
    const char *what;
    const char *files;
    const char *found;
} cases[] = {
    {"a password in an environment",
     SERVICES
     "  db:\n    image: postgres:16\n    environment:\n      POSTGRES_PASSWORD: Zq7Canary\n",
     "B405 warning compose.yaml:5:26 POSTGRES_PASSWORD holds a password in the clear\n"},
    {"one in a list, behind its name", API "    environment:\n      - \"DB_PASSWORD=Zq7Canary\"\n",
     "B405 warning compose.yaml:5:22 DB_PASSWORD holds a password in the clear\n"},
    {"a word that everybody knows", API "    environment:\n      DB_PASSWORD: postgres\n",
     "B405 warning compose.yaml:5:20 DB_PASSWORD holds a password in the clear, and a word that "
     "everybody tries first\n"},
    {"a token that says whose it is is an error",
     API "    environment:\n      ANY: "
         "ghp_"
         "a1B2c3D4e5F6g7H8i9J0a1B2c3D4e5F6g7H8\n",
     "B405 error compose.yaml:5:12 ANY holds a GitHub token in the clear\n"},
    {"a password in a URL",
     API "    environment:\n      DATABASE_URL: postgres://a:Zq7Canary@db/a\n",
     "B405 warning compose.yaml:5:21 DATABASE_URL holds a password in a URL in the clear\n"},
    {"what is referred to, a file, a switch, nothing",
     API "    environment:\n      A_PASSWORD: ${A_PASSWORD:-}\n      B_PASSWORD_FILE: /run/x\n"
         "      ALLOW_EMPTY_PASSWORD: \"yes\"\n      C_PASSWORD: \"\"\n      D_PASSWORD:\n",
     ""},
    {"a text that waits for a value is what the service gets",
     API "    environment:\n      A_PASSWORD: changeme\n      API_KEY: <your-key>\n"
         "      TITLE: <your-title>\n      B_TOKEN: ${B:-your-token}\n",
     "B301 warning compose.yaml:5:19 A_PASSWORD is still a placeholder: a changeme word\n"
     "B301 warning compose.yaml:6:16 API_KEY is still a placeholder: a text in brackets\n"},
    {"a server's empty password, in both notations",
     SERVICES "  db:\n    image: postgres:16\n    environment:\n      POSTGRES_PASSWORD: \"\"\n"
              "  my:\n    image: mysql\n    environment: [MYSQL_ROOT_PASSWORD=]\n",
     "B305 warning compose.yaml:5:26 POSTGRES_PASSWORD is empty: PostgreSQL has no password, or "
     "does not start\n"
     "B305 warning compose.yaml:8:19 MYSQL_ROOT_PASSWORD is empty: MySQL has no password, or does "
     "not start\n"},
    {"keys of every length, a webhook, and passwords among settings",
     API "    environment:\n      CERT: |\n        -----BEGIN PRIVATE KEY-----\n"
         "        MC4CAQAwBQYDK2VwBCIEIA1x0pQvcYbXgdZTuVw2m9Kq0Gd5rC8nTn4Jp3LkQ7Yz\n"
         "        -----END PRIVATE KEY-----\n"
         "      HOOK: https://hooks.slack.com/services/T0A1B2C3D/B9Z8Y7X6W/q1w2e3r4t5y6u7i8\n"
         "      JDBC: jdbc:postgresql://db/x?user=a&password=Zq7Canary\n"
         "      ADO: Server=db;User Id=sa;Password=Zq7Canary;\n"
         "      JAVA_OPTS: -Xmx1g -Ddb.password=Zq7Canary\n"
         "      NEO4J_AUTH: neo4j/Zq7Canary\n"
         "      OTHER: jdbc:postgresql://db/x?password=${P:-}&password=changeme\n",
     "B405 error compose.yaml:6:9 CERT holds a private key in the clear\n"
     "B405 error compose.yaml:9:13 HOOK holds a webhook's secret in the clear\n"
     "B405 warning compose.yaml:10:13 JDBC holds a password in the clear\n"
     "B405 warning compose.yaml:11:12 ADO holds a password in the clear\n"
     "B405 warning compose.yaml:12:18 JAVA_OPTS holds a password in the clear\n"
     "B405 warning compose.yaml:13:19 NEO4J_AUTH holds a password in the clear\n"},
    {"a private key in the content of a config",
     API "    configs: [k]\nconfigs:\n  k:\n    content: |\n      -----BEGIN PRIVATE KEY-----\n"
         "      MC4CAQAwBQYDK2VwBCIEIA1x0pQvcYbXgdZTuVw2m9Kq0Gd5rC8nTn4Jp3LkQ7Yz\n"
         "      -----END PRIVATE KEY-----\n",
     "B405 error compose.yaml:8:7 the config 'k' holds a private key in the clear\n"},
    {"an empty password that is meant, and one that no server reads",
     SERVICES "  db:\n    image: postgres:16\n    environment:\n      POSTGRES_PASSWORD: \"\"\n"
              "      POSTGRES_HOST_AUTH_METHOD: trust\n"
              "  app:\n    image: x\n    environment: [POSTGRES_PASSWORD=]\n",
     ""},
    {"an anchor is told of once",
     "-- compose.yaml --\nx-e: &e\n  DB_PASSWORD: Zq7Canary\nservices:\n"
     "  a: {image: x, environment: *e}\n  b: {image: x, environment: *e}\n",
     "B405 warning compose.yaml:2:16 DB_PASSWORD holds a password in the clear\n"},
    {"settings in a config's content",
     API "    configs: [c]\nconfigs:\n  c:\n    content: |\n      port = 1\n      password = "
         "\"Zq7Canary\"\n"
         "      other_password: ${X:-}\n",
     "B405 warning compose.yaml:9:19 the config 'c' holds a password in the clear\n"},
    {"an option's value", API "    command: serve --db-password=Zq7Canary --port 1\n",
     "B406 warning compose.yaml:4:34 the command of 'api' holds a password in the clear\n"},
    {"an option and its value in two items",
     API "    entrypoint: [\"serve\", \"--api-token\", \"Zq7Canary\"]\n",
     "B406 warning compose.yaml:4:43 the entrypoint of 'api' holds a secret in the clear\n"},
    {"redis' own option", API "    command:\n      - redis-server --requirepass Zq7Canary\n",
     "B406 warning compose.yaml:5:36 the command of 'api' holds a password in the clear\n"},
    {"a variable before a command", API "    healthcheck:\n      test: PGPASSWORD=Zq7Canary psql\n",
     "B406 warning compose.yaml:5:24 the healthcheck of 'api' holds a password in the clear\n"},
    {"references in a command, each variable once",
     API "    command: serve ${DB_PASSWORD:-} ${DB_PASSWORD:-} ${PORT:-}\n",
     "B406 warning compose.yaml:4:20 DB_PASSWORD goes into a command: ps and docker inspect show "
     "it\n"},
    {"the message of a reference is no word of the command",
     API "    command: serve --requirepass $${A:?password is not set} --x ${B:-y z}\n", ""},
    {"a reference in a label", API "    labels:\n      a.b: ${DB_PASSWORD:-}\n",
     "B407 warning compose.yaml:5:12 DB_PASSWORD goes into a label: whoever may ask Docker sees "
     "it\n"},
    {"a secret in a label", API "    labels:\n      - backup.password=Zq7Canary\n",
     "B407 warning compose.yaml:5:25 the label backup.password holds a password in the clear\n"},
    {"a hash in a label", API "    labels:\n      users: me:$$apr1$$q8eZFHjF$$Fvmkk\n",
     "B407 note compose.yaml:5:14 the label users holds a password's hash, which can be guessed "
     "at\n"},
    {"a secret in a Dockerfile",
     BUILT "-- Dockerfile --\nFROM alpine\nENV A=1 \\\n  DB_PASSWORD=Zq7Canary\n",
     "B408 warning Dockerfile:3:15 ENV DB_PASSWORD holds a password in the clear, and the image "
     "keeps it\n"},
    {"a secret in an inlined Dockerfile",
     SERVICES "  api:\n    build:\n      dockerfile_inline: |\n        FROM alpine\n"
              "        ENV DB_PASSWORD=Zq7Canary\n",
     "B408 warning compose.yaml:6:25 ENV DB_PASSWORD holds a password in the clear, and the image "
     "keeps it\n"},
    {"an ENV that keeps a build argument",
     BUILT "-- Dockerfile --\nFROM alpine\nARG API_TOKEN=\nENV API_TOKEN=${API_TOKEN}\n",
     "B408 warning Dockerfile:3:5 ENV API_TOKEN keeps a build argument in the image, for docker "
     "inspect to show\n"},
    {"a Dockerfile that two services share is read once",
     SERVICES
     "  a: {build: .}\n  b: {build: .}\n-- Dockerfile --\nFROM x\nENV A_PASSWORD=Zq7Canary\n",
     "B408 warning Dockerfile:2:16 ENV A_PASSWORD holds a password in the clear, and the image "
     "keeps it\n"},
    {"another builder's language",
     BUILT "-- Dockerfile --\n# syntax=a/b\nENV A_PASSWORD=Zq7Canary\n", ""},
    {"a secret as a build argument",
     SERVICES "  api:\n    build:\n      context: .\n      args:\n        - NPM_TOKEN\n"
              "        - API_KEY=${API_KEY:-}\n        - VITE_API_KEY=${API_KEY:-}\n"
              "        - MODE=${MODE:-}\n",
     "B409 warning compose.yaml:6:11 NPM_TOKEN is passed as a build argument: the image's history "
     "keeps it\n"
     "B409 warning compose.yaml:7:19 API_KEY is passed as a build argument: the image's history "
     "keeps it\n"},
    {"arguments that nobody passes",
     SERVICES "  api:\n    build:\n      context: .\n      args: {GIVEN: 1}\n"
              "-- Dockerfile --\nARG BASE\nARG OTHER=x\nFROM $BASE\nARG GIVEN\nARG VERSION\n"
              "ARG OTHER\nARG TARGETARCH\nARG NOWHERE\nARG TESTED\nARG FALLS\n"
              "RUN a $GIVEN $VERSION $OTHER $TARGETARCH ${FALLS:-x} && [ -n \"$TESTED\" ] && "
              "b $TESTED\n",
     "B410 warning Dockerfile:1:5 FROM needs BASE, which the build of 'api' does not pass\n"
     "B410 note Dockerfile:5:5 VERSION is blank in RUN and the like: the build of 'api' does not "
     "pass it\n"},
    {"an argument that is not declared",
     SERVICES "  api:\n    build:\n      context: .\n      args: {GONE: 1, HTTP_PROXY: x}\n"
              "-- Dockerfile --\nFROM x\n",
     "B508 note compose.yaml:5:14 GONE is passed for nothing: the Dockerfile of 'api' has no ARG "
     "of that name\n"},
    {"an owner that is ignored",
     API "    secrets:\n      - {source: a, mode: 0400}\n      - {source: b, mode: 0400}\n"
         "secrets:\n  a: {file: a.txt}\n  b: {environment: B}\n",
     "B411 warning compose.yaml:5:18 uid, gid and mode are ignored: the secret 'a' comes from a "
     "file\n"},
    {"a read-only service",
     API
     "    read_only: true\n    secrets: [a, b]\n    configs: [c]\nsecrets:\n  a: {file: a.txt}\n"
     "  b: {environment: B}\nconfigs:\n  c: {content: x}\n",
     "B412 error compose.yaml:5:18 the secret 'b' cannot be copied into 'api', which is read-only\n"
     "B412 error compose.yaml:6:15 the config 'c' cannot be copied into 'api', which is "
     "read-only\n"},
    {"a secret of the build needs no writable service",
     SERVICES "  api:\n    read_only: true\n    build: {context: ., secrets: [b]}\n"
              "secrets:\n  b: {environment: B}\n",
     ""},
    {"an external secret",
     API "    secrets: [a]\nsecrets:\n  a: {external: true}\n  b: {external: true}\n",
     "B413 error compose.yaml:6:3 the external secret 'a' needs a swarm: Compose refuses it\n"},
    {"an external secret of a swarm",
     API "    secrets: [a]\n    deploy: {update_config: {}}\nsecrets:\n  a: {external: true}\n",
     ""},
    {"a file of a secret that an image takes in",
     API "    build: .\n    secrets: [a]\nsecrets:\n  a: {file: ./keys/a.txt}\n"
         "-- Dockerfile --\nFROM x AS one\nCOPY keys/ /k/\nFROM one\nCOPY *.txt src /s/\n"
         "-- keys/a.txt --\nx\n",
     "B414 warning Dockerfile:2:6 COPY takes 'keys/a.txt' into the image of 'api'\n"},
    {"a stage that only others copy from is a note",
     API "    build: .\n    secrets: [a]\nsecrets:\n  a: {file: ./a.txt}\n"
         "-- Dockerfile --\nFROM x AS one\nADD . /k/\nFROM y\n",
     "B414 note Dockerfile:2:5 ADD takes 'a.txt' into a stage of the image of 'api'\n"},
    {"what .dockerignore leaves out, also the Dockerfile's own",
     SERVICES "  api: {build: ., secrets: [a]}\n  web: {build: {dockerfile: web.Dockerfile}}\n"
              "secrets:\n  a: {file: ./a.txt}\n-- Dockerfile --\nFROM x\nCOPY . /k/\n"
              "-- .dockerignore --\n*.txt\n-- web.Dockerfile --\nFROM x\nCOPY . /k/\n"
              "-- web.Dockerfile.dockerignore --\n*\n",
     ""},
    {"a private key by name", BUILT "-- Dockerfile --\nFROM x\nCOPY .ssh/id_ed25519 /root/.ssh/\n",
     "B414 warning Dockerfile:2:6 COPY takes '.ssh/id_ed25519' into the image of 'api'\n"},
    {"secrets of others for a cache",
     SERVICES
     "  cache:\n    image: redis:7\n    env_file: [all.env]\n  mine:\n    image: me/redis\n"
     "    env_file: all.env\n-- all.env --\nREDIS_PASSWORD=tR7wkLm94xQbP2vZ5nHs\n"
     "API_TOKEN=8be30a97c4d25f1160e8a94d7c3b5f02\nPORT=1\n",
     "B415 note compose.yaml:4:16 'cache' gets 1 secret that its image does not read\n"},
};

START_TEST(exposed_finds_with_place_and_without_the_value)
{
    struct bulla_check_input input = {.now = 1};
    bulla_auto_str found = folder_check(cases[_i].files, "345", &input);
    ck_assert_msg(strcmp(found, cases[_i].found) == 0, "%s: got\n%swant\n%s", cases[_i].what, found,
                  cases[_i].found);
    ck_assert_ptr_null(strstr(found, "Zq7Canary"));
}
END_TEST

START_TEST(exposed_sees_the_rendered_file_go_into_an_image)
{
    struct bulla_check_input input = {.output = {.path = ".env"}};
    bulla_auto_str found =
        folder_check(BUILT "-- Dockerfile --\nFROM x\nCOPY --chown=1 . /app\n", "4", &input);
    ck_assert_str_eq(found, "B414 warning Dockerfile:2:16 COPY takes '.env' into the image of "
                            "'api'\n");
}
END_TEST

START_TEST(exposed_says_where_a_dockerfile_cannot_be_read)
{
    struct bulla_check_input input = {.now = 1};
    bulla_auto_str found = folder_check(BUILT "-- Dockerfile --\nFROM x\nENV A\n", "2", &input);
    ck_assert_str_eq(found, "B204 warning Dockerfile:2:5 the Dockerfile of 'api' cannot be read: "
                            "ENV wants a name and a value\n");
}
END_TEST

START_TEST(exposed_does_not_follow_a_dockerfile_out_of_the_project)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    char outside[] = "/tmp/bulla-outside-XXXXXX";
    char inside[] = "/tmp/bulla-inside-XXXXXX";
    ck_assert(mkdtemp(outside) != NULL && mkdtemp(inside) != NULL);
    folder_unpack(outside, "-- Dockerfile --\nFROM x\nENV A_PASSWORD=Zq7Canary\n");
    folder_unpack(inside, BUILT);
    bulla_auto_str target = bulla_path_join(outside, "Dockerfile", &err);
    bulla_auto_str link = bulla_path_join(inside, "Dockerfile", &err);
    ck_assert_int_eq(symlink(target, link), 0);
    struct bulla_project_options options = {.directory = inside};
    bulla_auto_project project = bulla_project_load(&options, &err);
    assert_ok(project != NULL, err);
    struct bulla_check_input input = {.project = project, .root = inside};
    bulla_auto_report report = bulla_report_new(&err);
    assert_ok(bulla_check(&input, report, &err), err);
    bulla_auto_str found = folder_list(report, "24");
    ck_assert_str_eq(found, "B204 note compose.yaml:3:12 the Dockerfile of 'api' is a link that "
                            "leads out of the project: it was not read\n");
    (void)nftw(outside, folder_remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    (void)nftw(inside, folder_remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("check_exposed");
    TCase *tcase = tcase_create("check_exposed");
    tcase_add_loop_test(tcase, exposed_finds_with_place_and_without_the_value, 0,
                        sizeof cases / sizeof *cases);
    tcase_add_test(tcase, exposed_sees_the_rendered_file_go_into_an_image);
    tcase_add_test(tcase, exposed_says_where_a_dockerfile_cannot_be_read);
    tcase_add_test(tcase, exposed_does_not_follow_a_dockerfile_out_of_the_project);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
