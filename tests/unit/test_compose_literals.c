/* What a compose file's author wrote, how images are built and who is given which secret. */
#include "bulla/compose.h"

#include <string.h>

#include "unit.h"

#define FOLDER BULLA_TEST_DATA "/compose/literals"

static const struct bulla_project *load(void)
{
    const struct bulla_project_options options = {.directory = FOLDER};
    struct bulla_error err = BULLA_ERROR_INIT;
    const struct bulla_project *project = bulla_project_load(&options, &err);
    assert_ok(project != NULL, err);
    ck_assert_uint_eq(project->problem_count, 0);
    return project;
}

static const struct {
    enum bulla_literal_kind kind;
    const char *service; /* NULL: none */
    const char *key;
    const char *value;
    uint32_t line, col; /* of the value */
} literals[] = {
    {BULLA_LITERAL_ENVIRONMENT, "api", "SHARED", "plain", 2, 12},
    {BULLA_LITERAL_ENVIRONMENT, "api", "OWN", "a\tb ${REF}", 19, 13},
    {BULLA_LITERAL_BUILD_ARG, "api", "MODE", "fast", 13, 15},
    {BULLA_LITERAL_BUILD_ARG, "base", "EXTRA", "x", 5, 33},
    {BULLA_LITERAL_LABEL, "api", "made.by", "us", 16, 20},
    {BULLA_LITERAL_COMMAND, "api", "", "--password", 20, 25},
    {BULLA_LITERAL_COMMAND, "api", "", "x y", 20, 39},
    {BULLA_LITERAL_COMMAND, "base", "", "from the base", 6, 14},
    {BULLA_LITERAL_HEALTHCHECK, "api", "", "one\n  two\n", 23, 9},
    {BULLA_LITERAL_ENVIRONMENT, "web", "LISTED", "value", 34, 16},
    {BULLA_LITERAL_ENVIRONMENT, "web", "\xC3\x9Cn\xC3\xAF",
     "c\xC3\xB6"
     "d\xC3\xA9",
     36, 14},
    {BULLA_LITERAL_LABEL, "web", "some.label", "first second", 39, 9},
    {BULLA_LITERAL_LABEL, "web", "d", "e", 43, 19},
    {BULLA_LITERAL_ENTRYPOINT, "web", "", "run it", 41, 17},
    {BULLA_LITERAL_BUILD_ARG, "inlined", "ONE", "1", 50, 19},
    {BULLA_LITERAL_CONTENT, NULL, "app", "key = value\n", 61, 7},
};

START_TEST(literals_stand_where_their_author_wrote_them)
{
    bulla_auto_project project = load();
    for (size_t i = 0; i < project->literal_count; i++) {
        const struct bulla_project_literal *literal = &project->literals[i];
        if (literal->kind != literals[_i].kind || strcmp(literal->key, literals[_i].key) != 0 ||
            strcmp(literal->text.text + literal->value, literals[_i].value) != 0) {
            continue;
        }
        if (literals[_i].service == NULL) {
            ck_assert_ptr_null(literal->service);
        } else {
            ck_assert_str_eq(literal->service, literals[_i].service);
        }
        struct bulla_pos pos = bulla_project_text_pos(&literal->text, literal->value);
        ck_assert_msg(pos.line == literals[_i].line && pos.col == literals[_i].col, "%u:%u",
                      pos.line, pos.col);
        return;
    }
    ck_abort_msg("no %s = %s", literals[_i].key, literals[_i].value);
}
END_TEST

START_TEST(a_text_tells_the_place_of_each_byte)
{
    bulla_auto_project project = load();
    size_t i = 0;
    while (project->literals[i].kind != BULLA_LITERAL_HEALTHCHECK) {
        i++;
    }
    const struct bulla_project_text *text = &project->literals[i].text;
    struct bulla_pos pos = bulla_project_text_pos(text, 6);
    ck_assert_uint_eq(pos.line, 24);
    ck_assert_uint_eq(pos.col, 11);
    while (strcmp(project->literals[i].key, "some.label") != 0) {
        i++;
    }
    pos = bulla_project_text_pos(&project->literals[i].text, 7);
    ck_assert_uint_eq(pos.line, 40);
    ck_assert_uint_eq(pos.col, 10);
}
END_TEST

START_TEST(a_build_names_its_files_and_arguments)
{
    bulla_auto_project project = load();
    const struct bulla_project_build *api = bulla_project_find_service(project, "api")->build;
    ck_assert_str_eq(api->context, FOLDER "/api");
    ck_assert_str_eq(api->dockerfile, FOLDER "/api/docker/Dockerfile");
    ck_assert_uint_eq(api->arg_count, 4);
    ck_assert_str_eq(api->args[0].name, "MODE");
    ck_assert(!api->args[0].passed_through);
    ck_assert_str_eq(api->args[1].name, "TOKEN");
    ck_assert(api->args[1].passed_through);
    ck_assert_uint_eq(api->args[1].pos.line, 14);
    ck_assert_str_eq(api->args[3].name, "EXTRA");
    const struct bulla_project_build *web = bulla_project_find_service(project, "web")->build;
    ck_assert_str_eq(web->context, FOLDER);
    ck_assert_str_eq(web->dockerfile, FOLDER "/Dockerfile");
    const struct bulla_project_build *inlined =
        bulla_project_find_service(project, "inlined")->build;
    ck_assert_ptr_null(inlined->dockerfile);
    ck_assert_str_eq(inlined->inlined.text, "FROM alpine\nENV A=b\n");
    ck_assert_uint_eq(bulla_project_text_pos(&inlined->inlined, 12).line, 49);
    ck_assert_uint_eq(inlined->arg_count, 2);
    const struct bulla_project_build *remote = bulla_project_find_service(project, "remote")->build;
    ck_assert_ptr_null(remote->context);
    ck_assert_ptr_null(remote->dockerfile);
}
END_TEST

START_TEST(a_service_tells_what_it_is_given_and_for_whom_it_is)
{
    bulla_auto_project project = load();
    const struct bulla_project_service *api = bulla_project_find_service(project, "api");
    ck_assert(api->read_only);
    ck_assert(api->for_swarm);
    ck_assert_uint_eq(api->grant_count, 2);
    ck_assert_str_eq(api->grants[0].resource->name, "db");
    ck_assert(api->grants[0].owned);
    ck_assert_uint_eq(api->grants[0].pos.line, 26);
    ck_assert(!api->grants[1].owned);
    const struct bulla_project_service *web = bulla_project_find_service(project, "web");
    ck_assert(web->for_swarm && !web->read_only);
    ck_assert(!bulla_project_find_service(project, "remote")->for_swarm);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("compose_literals");
    TCase *tcase = tcase_create("compose_literals");
    tcase_add_loop_test(tcase, literals_stand_where_their_author_wrote_them, 0,
                        sizeof literals / sizeof *literals);
    tcase_add_test(tcase, a_text_tells_the_place_of_each_byte);
    tcase_add_test(tcase, a_build_names_its_files_and_arguments);
    tcase_add_test(tcase, a_service_tells_what_it_is_given_and_for_whom_it_is);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
