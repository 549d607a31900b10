#include "bulla/compose.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bulla/file.h"
#include "bulla/limits.h"
#include "bulla/mem.h"
#include "unit.h"

#define DATA BULLA_TEST_DATA "/compose"

/* An environment of "NAME=value" texts, NULL behind. */
static enum bulla_lookup_state look(void *ctx, struct bulla_bytes name,
                                    struct bulla_bytes *ret_value)
{
    for (const char *const *entry = ctx; *entry != NULL; entry++) {
        size_t len = strcspn(*entry, "=");
        if (len == name.len && memcmp(*entry, name.data, len) == 0) {
            *ret_value = bulla_bytes_of(*entry + len + 1);
            return ret_value->len > 0 ? BULLA_LOOKUP_SET : BULLA_LOOKUP_EMPTY;
        }
    }
    return BULLA_LOOKUP_UNSET;
}

/* A vault that has TAG and DB_PASSWORD and shows neither. */
static enum bulla_lookup_state look_hidden(void *ctx, struct bulla_bytes name,
                                           struct bulla_bytes *ret_value)
{
    (void)ctx;
    *ret_value = bulla_bytes(NULL, 0);
    return bulla_bytes_are(name, "TAG") || bulla_bytes_are(name, "DB_PASSWORD") ||
                   bulla_bytes_are(name, "SHARED")
               ? BULLA_LOOKUP_SET
               : BULLA_LOOKUP_UNSET;
}

static const struct bulla_project *load(const char *folder, const char *file)
{
    char directory[512];
    (void)snprintf(directory, sizeof directory, "%s/%s", DATA, folder);
    const struct bulla_project_options options = {
        .directory = directory, .files = &file, .file_count = file != NULL ? 1 : 0};
    struct bulla_error err = BULLA_ERROR_INIT;
    const struct bulla_project *project = bulla_project_load(&options, &err);
    assert_ok(project != NULL, err);
    return project;
}

static size_t count_refs(const struct bulla_project *project, const char *name)
{
    size_t count = 0;
    for (size_t i = 0; i < project->ref_count; i++) {
        count += strcmp(project->refs[i].name, name) == 0 ? 1 : 0;
    }
    return count;
}

/* The first reference to NAME, which has to be there. */
static const struct bulla_project_ref *find_ref(const struct bulla_project *project,
                                                const char *name)
{
    size_t i = 0;
    while (i < project->ref_count && strcmp(project->refs[i].name, name) != 0) {
        i++;
    }
    ck_assert_msg(i < project->ref_count, "no reference to %s", name);
    return &project->refs[i];
}

/* The services of REF as "a b ". */
static const char *services_of(const struct bulla_project_ref *ref)
{
    static char text[256];
    text[0] = '\0';
    size_t len = 0;
    for (size_t i = 0; i < ref->service_count; i++) {
        len += (size_t)snprintf(text + len, sizeof text - len, "%s ", ref->services[i]->name);
    }
    return text;
}

static size_t count_problems(const struct bulla_project *project, enum bulla_problem kind)
{
    size_t count = 0;
    for (size_t i = 0; i < project->problem_count; i++) {
        count += project->problems[i].kind == kind ? 1 : 0;
    }
    return count;
}

/* The first problem of KIND, which has to be there. */
static const struct bulla_project_problem *find_problem(const struct bulla_project *project,
                                                        enum bulla_problem kind)
{
    size_t i = 0;
    while (i < project->problem_count && project->problems[i].kind != kind) {
        i++;
    }
    ck_assert_msg(i < project->problem_count, "no problem of kind %d", kind);
    return &project->problems[i];
}

static const struct bulla_project_service *get_service(const struct bulla_project *project,
                                                       const char *name)
{
    const struct bulla_project_service *service = bulla_project_find_service(project, name);
    if (service == NULL) {
        ck_abort_msg("no service %s", name);
    }
    return service;
}

static const struct {
    const char *name;
    enum bulla_use_kind kind;
    enum bulla_ref_op op;
    unsigned line;
    unsigned col;
    unsigned end;
    const char *path;
    const char *services;
    const char *operand;
    bool evaluated;
    enum bulla_ref_outcome outcome;
} shop_refs[] = {
    {"STAGE", BULLA_USE_REFERENCE, BULLA_REF_DEFAULT_NONEMPTY, 2, 12, 25, "name", "", "dev", true,
     BULLA_REF_OPERAND},
    {"DB_PASSWORD", BULLA_USE_REFERENCE, BULLA_REF_REQUIRED_NONEMPTY, 4, 28, 61, "x-db.DB_URL",
     "web worker ", "set it with bulla", true, BULLA_REF_MISSING},
    {"DB_NAME", BULLA_USE_REFERENCE, BULLA_REF_DEFAULT_NONEMPTY, 4, 65, 81, "x-db.DB_URL",
     "web worker ", "shop", true, BULLA_REF_OPERAND},
    {"TAG", BULLA_USE_REFERENCE, BULLA_REF_PLAIN, 8, 21, 27, "services.web.image", "web ", "", true,
     BULLA_REF_VALUE},
    {"PASSED", BULLA_USE_PASS_THROUGH, BULLA_REF_PLAIN, 12, 7, 13,
     "services.web.environment.PASSED", "web ", "", true, BULLA_REF_NOTHING},
    {"PLAIN_ONE", BULLA_USE_REFERENCE, BULLA_REF_PLAIN, 14, 44, 54,
     "services.web.environment.ESCAPED", "web ", "", true, BULLA_REF_VALUE},
    {"OUTER", BULLA_USE_REFERENCE, BULLA_REF_DEFAULT_NONEMPTY, 15, 15, 44,
     "services.web.environment.NESTED", "web ", "${INNER:?needs one}", true, BULLA_REF_VALUE},
    {"INNER", BULLA_USE_REFERENCE, BULLA_REF_REQUIRED_NONEMPTY, 15, 24, 43,
     "services.web.environment.NESTED", "web ", "needs one", false, BULLA_REF_VALUE},
    {"WORKER_TOKEN", BULLA_USE_REFERENCE, BULLA_REF_REQUIRED, 26, 7, 23, "services.worker.command",
     "worker ", "", true, BULLA_REF_MISSING},
    {"FORWARDED", BULLA_USE_PASS_THROUGH, BULLA_REF_PLAIN, 31, 9, 18,
     "services.db.environment.FORWARDED", "db ", "", true, BULLA_REF_NOTHING},
    {"BUILD_FLAG", BULLA_USE_BUILD_ARG, BULLA_REF_PLAIN, 35, 11, 21,
     "services.db.build.args.BUILD_FLAG", "db ", "", true, BULLA_REF_NOTHING},
    {"TLS_KEY", BULLA_USE_SECRET_ENVIRONMENT, BULLA_REF_PLAIN, 38, 18, 25,
     "secrets.tls_key.environment", "web ", "", true, BULLA_REF_MISSING},
};

START_TEST(references_have_place_service_and_outcome)
{
    bulla_auto_project project = load("shop", NULL);
    for (size_t i = 0; i < sizeof shop_refs / sizeof shop_refs[0]; i++) {
        const struct bulla_project_ref *ref = find_ref(project, shop_refs[i].name);
        ck_assert_int_eq(ref->kind, shop_refs[i].kind);
        ck_assert_int_eq(ref->op, shop_refs[i].op);
        ck_assert_msg(ref->pos.line == shop_refs[i].line && ref->pos.col == shop_refs[i].col &&
                          ref->end.col == shop_refs[i].end,
                      "%s at %u:%u-%u", ref->name, ref->pos.line, ref->pos.col, ref->end.col);
        ck_assert_str_eq(ref->path, shop_refs[i].path);
        ck_assert_str_eq(services_of(ref), shop_refs[i].services);
        ck_assert_str_eq(ref->operand, shop_refs[i].operand);
        ck_assert_int_eq(ref->evaluated, shop_refs[i].evaluated);
        if (ref->evaluated) {
            ck_assert_msg(ref->outcome == shop_refs[i].outcome, "%s", ref->name);
        }
    }
    const struct bulla_project_ref *key = find_ref(project, "KEY_HALF");
    ck_assert(key->in_key && !key->evaluated);
    ck_assert_uint_eq(count_refs(project, "NOT_OURS"), 0);
    ck_assert_uint_eq(project->files[1]->escapes, 1);
    ck_assert_str_eq(project->name, "shop_dev");
    ck_assert_uint_eq(project->problem_count, 0);
}
END_TEST

START_TEST(services_tell_what_they_are_given)
{
    bulla_auto_project project = load("shop", NULL);
    ck_assert_uint_eq(project->service_count, 3);
    const struct bulla_project_service *web = get_service(project, "web");
    ck_assert_str_eq(web->image, "shop/web:${TAG}");
    ck_assert_uint_eq(web->pos.line, 7);
    const struct bulla_project_env *pool = NULL;
    const struct bulla_project_env *url = NULL;
    for (size_t i = 0; i < web->environment_count; i++) {
        const struct bulla_project_env *entry = &web->environment[i];
        pool = strcmp(entry->key, "POOL") == 0 ? entry : pool;
        url = strcmp(entry->key, "DB_URL") == 0 ? entry : url;
        ck_assert((strcmp(entry->key, "PASSED") == 0) == (entry->value == NULL));
    }
    ck_assert_str_eq(pool->value, "9");
    ck_assert_uint_eq(url->pos.line, 4);
    ck_assert_uint_eq(url->value_pos.col, 11);
    ck_assert_uint_eq(web->env_file_count, 2);
    ck_assert_uint_eq(web->env_files[0].key_count, 3);
    ck_assert(web->env_files[0].required);
    ck_assert(!web->env_files[1].required);
    ck_assert_ptr_null(web->env_files[1].file);
    ck_assert_uint_eq(web->resource_count, 1);
    ck_assert_int_eq(web->resources[0]->source, BULLA_RESOURCE_ENVIRONMENT);
    const struct bulla_project_service *db = get_service(project, "db");
    ck_assert(!db->active);
    ck_assert(!find_ref(project, "FORWARDED")->active);
    ck_assert(find_ref(project, "TAG")->active);
    ck_assert_ptr_null(bulla_project_find_service(project, "nobody"));
}
END_TEST

static bool collect_use(void *ctx, const struct bulla_project_use *use, struct bulla_error *err)
{
    (void)err;
    char *text = ctx;
    size_t len = strlen(text);
    (void)snprintf(text + len, 512 - len, "%s:%u %s\n", bulla_path_base(use->file->name),
                   use->pos.line, use->service != NULL ? use->service->name : "-");
    return true;
}

START_TEST(uses_name_every_service)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_project project = load("shop", NULL);
    char text[512] = "";
    assert_ok(bulla_project_uses(project, "DB_PASSWORD", collect_use, text, &err), err);
    ck_assert_str_eq(text, "compose.yaml:4 web\ncompose.yaml:4 worker\ncompose.yaml:30 db\n");
    text[0] = '\0';
    assert_ok(bulla_project_uses(project, "TAG", collect_use, text, &err), err);
    ck_assert_str_eq(text, "compose.yaml:8 web\n.env:1 web\n");
    text[0] = '\0';
    assert_ok(bulla_project_uses(project, "TLS_KEY", collect_use, text, &err), err);
    ck_assert_str_eq(text, "compose.yaml:38 web\n");
    text[0] = '\0';
    assert_ok(bulla_project_uses(project, "STAGE", collect_use, text, &err), err);
    ck_assert_str_eq(text, "compose.yaml:2 -\n");
}
END_TEST

/* What SERVICE reads, as "FILE LINE:COL", "*" where it is what is rendered, NAME where mounted. */
static const char *reads_of(const struct bulla_project *project, const char *service)
{
    static char text[512];
    const struct bulla_project_service *info = get_service(project, service);
    size_t len = 0;
    text[0] = '\0';
    for (size_t i = 0; i < info->read_count; i++) {
        const struct bulla_project_read *read = &info->reads[i];
        len += (size_t)snprintf(
            text + len, sizeof text - len, "%s%s%s %s:%u:%u\n", bulla_path_base(read->path),
            read->rendered ? "*" : "", read->env_file != NULL ? " env_file" : "",
            bulla_path_base(read->named_in->name), read->pos.line, read->pos.col);
    }
    return text;
}

START_TEST(a_service_reads_the_files_that_it_is_given_whole)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    const struct bulla_project_options options = {.directory = DATA "/reads", .rendered = ".env"};
    bulla_auto_project project = bulla_project_load(&options, &err);
    assert_ok(project != NULL, err);
    ck_assert_uint_eq(project->problem_count, 0);
    ck_assert_str_eq(reads_of(project, "short"), "app.env env_file compose.yaml:4:15\n"
                                                 "reads compose.yaml:10:9\n"
                                                 ".env* compose.yaml:6:9\n"
                                                 "base.env base.yaml:5:9\n");
    ck_assert_str_eq(reads_of(project, "long"), ".env* compose.yaml:15:17\n"
                                                ".env* compose.yaml:29:11\n"
                                                "app.env compose.yaml:31:17\n");
    ck_assert_str_eq(reads_of(project, "built"), ".env* compose.yaml:29:11\n");
    ck_assert_str_eq(reads_of(project, "nothing"), "");
    ck_assert_str_eq(bulla_project_reader(project, DATA "/reads/.env")->name, "short");
    ck_assert_ptr_null(bulla_project_reader(project, DATA "/reads/other.env"));
    char text[512] = "";
    assert_ok(bulla_project_uses(project, "ANY", collect_use, text, &err), err);
    ck_assert_str_eq(text, "compose.yaml:6 short\ncompose.yaml:15 long\ncompose.yaml:29 long\n"
                           "compose.yaml:29 built\n");
}
END_TEST

START_TEST(hidden_values_replace_the_env_file)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    const char *const environment[] = {"DB_PASSWORD=", NULL};
    union {
        const char *const *in;
        void *out;
    } ctx = {.in = environment};
    struct bulla_project_options options = {
        .directory = DATA "/shop", .values = look_hidden, .rendered = ".env"};
    {
        bulla_auto_project project = bulla_project_load(&options, &err);
        assert_ok(project != NULL, err);
        ck_assert_int_eq(find_ref(project, "TAG")->state, BULLA_LOOKUP_SET);
        ck_assert_int_eq(find_ref(project, "DB_PASSWORD")->outcome, BULLA_REF_VALUE);
        /* `.env` has it, but the vault has not. */
        ck_assert_int_eq(find_ref(project, "OUTER")->state, BULLA_LOOKUP_UNSET);
        char text[512] = "";
        assert_ok(bulla_project_uses(project, "ANYTHING", collect_use, text, &err), err);
        ck_assert_str_eq(text, ".env:0 web\n");
    }
    options.environment = look;
    options.environment_ctx = ctx.out;
    bulla_auto_project project = bulla_project_load(&options, &err);
    assert_ok(project != NULL, err);
    /* The process environment comes first, empty as it is. */
    ck_assert_int_eq(find_ref(project, "DB_PASSWORD")->outcome, BULLA_REF_MISSING);
    ck_assert_int_eq(find_ref(project, "DB_PASSWORD")->state, BULLA_LOOKUP_EMPTY);
}
END_TEST

START_TEST(references_that_break_yaml_are_found_and_explained)
{
    bulla_auto_project project = load("broken", NULL);
    const struct bulla_project_ref *ref = find_ref(project, "CACHE_PASSWORD");
    ck_assert_str_eq(ref->operand, "Error: CACHE_PASSWORD not set");
    ck_assert_str_eq(ref->path, "services.cache.command");
    ck_assert_int_eq(ref->outcome, BULLA_REF_MISSING);
    ck_assert_uint_eq(ref->pos.col, 41);
    ck_assert_uint_eq(ref->end.col, 89);
    ck_assert_str_eq(find_ref(project, "CACHE_NOTE")->operand, "see #12 for it");
    ck_assert_str_eq(find_ref(project, "CACHE_FINE")->operand, "not: a problem");
    ck_assert(!project->files[1]->valid);
    ck_assert_uint_eq(count_problems(project, BULLA_PROBLEM_COLON), 3);
    const struct bulla_project_problem *problem = find_problem(project, BULLA_PROBLEM_COLON);
    ck_assert_str_eq(problem->name, "CACHE_PASSWORD");
    ck_assert_str_eq(problem->service, "cache");
    ck_assert_uint_eq(problem->pos.line, 4);
    ck_assert_uint_eq(problem->pos.col, 41);
    ck_assert(problem->fatal);
    problem = find_problem(project, BULLA_PROBLEM_COMMENT);
    ck_assert_str_eq(problem->name, "CACHE_NOTE");
    ck_assert_uint_eq(problem->text_len, strlen("NOTE=${CACHE_NOTE:?see"));
    ck_assert_mem_eq(problem->text, "NOTE=${CACHE_NOTE:?see", problem->text_len);
    ck_assert_uint_eq(problem->pos.line, 7);
    ck_assert_uint_eq(count_problems(project, BULLA_PROBLEM_YAML), 0);
}
END_TEST

START_TEST(a_reference_split_into_a_mapping_is_seen_though_yaml_reads_it)
{
    bulla_auto_project project = load("broken", "list.yaml");
    const struct bulla_project_ref *ref = find_ref(project, "APP_URL");
    ck_assert_str_eq(ref->operand, "Error: APP_URL not set");
    ck_assert(!ref->in_key);
    ck_assert(project->files[1]->valid);
    ck_assert_uint_eq(count_problems(project, BULLA_PROBLEM_COLON), 1);
    ck_assert_str_eq(get_service(project, "app")->environment[0].key, "URL");
}
END_TEST

START_TEST(braces_between_brackets_are_explained)
{
    bulla_auto_project project = load("broken", "flow.yaml");
    ck_assert_str_eq(find_ref(project, "APP_KEY")->operand, "a,b");
    const struct bulla_project_problem *problem = find_problem(project, BULLA_PROBLEM_FLOW);
    ck_assert_uint_eq(problem->pos.line, 4);
    ck_assert_uint_eq(problem->pos.col, 20);
    /* ":?" between brackets is a mistake to libyaml alone. */
    ck_assert_str_eq(find_ref(project, "APP_SHELL")->operand, "no shell");
    ck_assert_uint_eq(count_problems(project, BULLA_PROBLEM_FLOW), 2);
    ck_assert_uint_eq(project->problem_count, 2);
}
END_TEST

START_TEST(text_that_is_not_yaml_is_scanned_all_the_same)
{
    bulla_auto_project project = load("broken", "nothing.yaml");
    const struct bulla_project_problem *problem = find_problem(project, BULLA_PROBLEM_YAML);
    ck_assert_uint_eq(problem->pos.line, 5);
    ck_assert(problem->fatal);
    const struct bulla_project_ref *ref = find_ref(project, "LOST");
    ck_assert_uint_eq(ref->pos.line, 5);
    ck_assert_uint_eq(ref->pos.col, 18);
    ck_assert_str_eq(services_of(ref), "app ");
    ck_assert_int_eq(ref->outcome, BULLA_REF_MISSING);
    ck_assert_str_eq(services_of(find_ref(project, "IMAGE")), "other ");
    ck_assert_uint_eq(count_refs(project, "COMMENTED"), 0);
    ck_assert_uint_eq(project->ref_count, 3);
}
END_TEST

START_TEST(what_compose_refuses_as_template_is_a_problem)
{
    bulla_auto_project project = load("broken", "template.yaml");
    const struct bulla_project_problem *problem = find_problem(project, BULLA_PROBLEM_TEMPLATE);
    ck_assert_uint_eq(problem->pos.line, 3);
    ck_assert_uint_eq(problem->pos.col, 20);
    ck_assert(problem->fatal);
    ck_assert_uint_eq(problem->text_len, strlen("echo ${1bad} ${GOOD:?}"));
    ck_assert_mem_eq(problem->text, "echo ${1bad} ${GOOD:?}", problem->text_len);
    ck_assert_uint_eq(project->ref_count, 1);
    ck_assert_int_eq(find_ref(project, "GOOD")->outcome, BULLA_REF_MISSING);
}
END_TEST

START_TEST(a_base_counts_for_those_that_extend_it)
{
    bulla_auto_project project = load("extends", NULL);
    const struct bulla_project_ref *base = find_ref(project, "BASE_SECRET");
    ck_assert_str_eq(services_of(base), "api api-dev ");
    ck_assert_int_eq(base->file->kind, BULLA_PROJECT_EXTENDED);
    ck_assert_str_eq(services_of(find_ref(project, "OWN")), "api api-dev ");
    const struct bulla_project_ref *unused = find_ref(project, "UNUSED_IMAGE");
    ck_assert_uint_eq(unused->service_count, 0);
    ck_assert(unused->active && unused->outcome == BULLA_REF_MISSING);
    const struct bulla_project_service *dev = get_service(project, "api-dev");
    ck_assert_uint_eq(dev->environment_count, 2);
    ck_assert_str_eq(dev->image, "base");
    ck_assert_uint_eq(dev->env_file_count, 1);
    ck_assert_uint_eq(dev->env_files[0].key_count, 1);
    ck_assert_ptr_null(bulla_project_find_service(project, "base"));
    ck_assert_uint_eq(count_problems(project, BULLA_PROBLEM_EXTENDS), 2);
    ck_assert_uint_eq(find_problem(project, BULLA_PROBLEM_EXTENDS)->pos.line, 11);
}
END_TEST

START_TEST(an_include_sees_its_parent_first)
{
    bulla_auto_project project = load("include", NULL);
    ck_assert_uint_eq(project->service_count, 2);
    size_t seen = 0;
    for (size_t i = 0; i < project->ref_count; i++) {
        const struct bulla_project_ref *ref = &project->refs[i];
        bool inner = ref->file->kind == BULLA_PROJECT_INCLUDED;
        bool shared = strcmp(ref->name, "SHARED") == 0;
        ck_assert_int_eq(ref->outcome, inner || shared ? BULLA_REF_VALUE : BULLA_REF_BLANK);
        seen++;
    }
    ck_assert_uint_eq(seen, 4);
    ck_assert_uint_eq(count_problems(project, BULLA_PROBLEM_INCLUDE), 1);
    ck_assert_uint_eq(count_problems(project, BULLA_PROBLEM_UNREADABLE), 1);
    ck_assert_uint_eq(find_problem(project, BULLA_PROBLEM_UNREADABLE)->pos.line, 3);
}
END_TEST

START_TEST(an_override_file_is_added_and_wins)
{
    bulla_auto_project project = load("override", NULL);
    const struct bulla_project_service *app = get_service(project, "app");
    ck_assert_uint_eq(app->environment_count, 2);
    ck_assert_str_eq(app->environment[0].key, "MODE");
    ck_assert_str_eq(app->environment[0].value, "${MODE_DEV:?}");
    ck_assert_int_eq(find_ref(project, "MODE")->outcome, BULLA_REF_OPERAND);
    ck_assert_uint_eq(count_refs(project, "GONE"), 0);
    /* Compose overlooks !reset inside of !override. */
    ck_assert_uint_eq(count_refs(project, "STILL_READ"), 1);
}
END_TEST

START_TEST(profiles_decide_what_is_active)
{
    const char *const profiles[] = {"x", "zz"};
    struct bulla_error err = BULLA_ERROR_INIT;
    struct bulla_project_options options = {.directory = DATA "/profiles"};
    {
        bulla_auto_project project = bulla_project_load(&options, &err);
        assert_ok(project != NULL, err);
        ck_assert(!get_service(project, "some")->active);
        ck_assert(!find_ref(project, "SOME")->active);
        ck_assert_str_eq(project->files[1]->name, "compose.yml");
        ck_assert_uint_eq(count_problems(project, BULLA_PROBLEM_OTHER_FILES), 1);
    }
    options.profiles = profiles;
    options.profile_count = 2;
    {
        bulla_auto_project project = bulla_project_load(&options, &err);
        assert_ok(project != NULL, err);
        ck_assert(get_service(project, "some")->active);
        ck_assert_str_eq(find_problem(project, BULLA_PROBLEM_PROFILE)->name, "zz");
    }
    const char *const environment[] = {"COMPOSE_PROFILES=a, y", NULL};
    union {
        const char *const *in;
        void *out;
    } ctx = {.in = environment};
    options.profile_count = 0;
    options.environment = look;
    options.environment_ctx = ctx.out;
    bulla_auto_project project = bulla_project_load(&options, &err);
    assert_ok(project != NULL, err);
    ck_assert(get_service(project, "some")->active);
}
END_TEST

START_TEST(files_are_found_as_compose_finds_them)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct bulla_project_options options = {.directory = DATA "/extends/base"};
    {
        bulla_auto_project project = bulla_project_load(&options, &err);
        assert_ok(project != NULL, err);
        ck_assert_str_eq(project->services[0]->file->name, "../compose.yaml");
        ck_assert_str_eq(project->name, "extends");
    }
    const char *const environment[] = {"COMPOSE_FILE=broken/list.yaml|shop/compose.yaml",
                                       "COMPOSE_PATH_SEPARATOR=|", NULL};
    union {
        const char *const *in;
        void *out;
    } ctx = {.in = environment};
    options.directory = DATA;
    options.environment = look;
    options.environment_ctx = ctx.out;
    {
        bulla_auto_project project = bulla_project_load(&options, &err);
        assert_ok(project != NULL, err);
        ck_assert_uint_eq(project->service_count, 4);
        ck_assert_str_eq(bulla_path_base(project->directory), "broken");
    }
    const char *const missing[] = {"nobody.yaml"};
    options.files = missing;
    options.file_count = 1;
    ck_assert_ptr_null(bulla_project_load(&options, &err));
    ck_assert_int_eq(err.code, BULLA_E_MISSING);
    options.files = NULL;
    options.file_count = 0;
    options.environment = NULL;
    options.directory = "/proc";
    ck_assert_ptr_null(bulla_project_load(&options, &err));
    ck_assert_int_eq(err.code, BULLA_E_MISSING);
    ck_assert_str_ne(err.hint, "");
}
END_TEST

START_TEST(an_env_file_that_is_not_read_is_noted)
{
    char folder[] = "/tmp/bulla-compose-XXXXXX";
    ck_assert_ptr_nonnull(mkdtemp(folder));
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_str docker = bulla_path_join(folder, "docker", &err);
    bulla_auto_str compose = bulla_path_join(docker, "compose.yaml", &err);
    bulla_auto_str env = bulla_path_join(folder, ".env", &err);
    assert_ok(bulla_dir_make(docker, 0700, &err), err);
    assert_ok(bulla_file_create(compose, 0600, LIT("services: {a: {image: $X}}\n"), &err), err);
    assert_ok(bulla_file_create(env, 0600, LIT("X=1\n"), &err), err);
    const char *const files[] = {"docker/compose.yaml"};
    struct bulla_project_options options = {.directory = folder, .files = files, .file_count = 1};
    {
        bulla_auto_project project = bulla_project_load(&options, &err);
        assert_ok(project != NULL, err);
        ck_assert_int_eq(find_ref(project, "X")->outcome, BULLA_REF_BLANK);
        ck_assert_str_eq(find_problem(project, BULLA_PROBLEM_ENV_NOT_READ)->name, ".env");
        ck_assert(!find_problem(project, BULLA_PROBLEM_ENV_NOT_READ)->fatal);
    }
    options.project_directory = ".";
    {
        bulla_auto_project project = bulla_project_load(&options, &err);
        assert_ok(project != NULL, err);
        ck_assert_int_eq(find_ref(project, "X")->outcome, BULLA_REF_VALUE);
        ck_assert_uint_eq(project->problem_count, 0);
    }
    struct bulla_compose_candidates found = {0};
    assert_ok(bulla_compose_candidates_find(folder, 2, &found, &err), err);
    ck_assert_uint_eq(found.count, 1);
    ck_assert_str_eq(found.paths[0], "docker/compose.yaml");
    bulla_compose_candidates_free(&found);
    assert_ok(bulla_compose_candidates_find(folder, 0, &found, &err), err);
    ck_assert_uint_eq(found.count, 0);
    (void)unlink(compose);
    (void)rmdir(docker);
    (void)unlink(env);
    (void)rmdir(folder);
}
END_TEST

START_TEST(candidates_are_one_per_folder_with_a_default_name)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct bulla_compose_candidates found = {0};
    assert_ok(bulla_compose_candidates_find(DATA, 1, &found, &err), err);
    static const char *const want[] = {"broken/compose.yaml",         "extends/compose.yaml",
                                       "include/compose.yaml",        "literals/compose.yaml",
                                       "override/docker-compose.yml", "profiles/compose.yml",
                                       "reads/compose.yaml",          "shop/compose.yaml"};
    ck_assert_uint_eq(found.count, sizeof want / sizeof want[0]);
    for (size_t i = 0; i < found.count; i++) {
        ck_assert_str_eq(found.paths[i], want[i]);
    }
    bulla_compose_candidates_free(&found);
}
END_TEST

static const struct {
    const char *compose;
    const char *env; /* `.env`; NULL: none */
    const char *environment;
    enum bulla_problem kind;
    bool fatal;
    unsigned line;
    const char *name;
} oddities[] = {
    {"services: {a: {image: x}}\n", "A=1\nB=$NOPE\n", NULL, BULLA_PROBLEM_ENV_FILE, false, 2,
     "NOPE"},
    {"services: {a: {image: x}}\n", "A=1\nB=\"\n", NULL, BULLA_PROBLEM_ENV_FILE, true, 2, ".env"},
    {"services: {a: {image: x}}\n", NULL, "COMPOSE_PROJECT_NAME=ABC", BULLA_PROBLEM_SHAPE, true, 0,
     "ABC"},
    {"services: {a: {image: x}}\n", NULL, "COMPOSE_DISABLE_ENV_FILE=yes", BULLA_PROBLEM_SHAPE, true,
     0, "COMPOSE_DISABLE_ENV_FILE"},
    {"services: {a: {env_file: [{path: .env, format: zzz}]}}\n", "A=1\n", NULL, BULLA_PROBLEM_SHAPE,
     true, 1, "zzz"},
    {"services: {a: {env_file: gone.env}}\n", NULL, NULL, BULLA_PROBLEM_UNREADABLE, true, 1,
     "gone.env"},
    {"services: {1: {image: x}}\n", NULL, NULL, BULLA_PROBLEM_SHAPE, true, 1, "1"},
    {"- a\n", NULL, NULL, BULLA_PROBLEM_SHAPE, true, 1, NULL},
    {"", NULL, NULL, BULLA_PROBLEM_SHAPE, true, 1, NULL},
    {"services: {a: {image: x}}\n---\n", NULL, NULL, BULLA_PROBLEM_SHAPE, true, 3, NULL},
    {"a: 1\na: 2\n", NULL, NULL, BULLA_PROBLEM_DUPLICATE_KEY, true, 2, NULL},
    {"a: \xff\n", NULL, NULL, BULLA_PROBLEM_YAML, true, 1, NULL},
};

START_TEST(what_is_wrong_is_told_with_its_place)
{
    char folder[] = "/tmp/bulla-compose-XXXXXX";
    ck_assert_ptr_nonnull(mkdtemp(folder));
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_str compose = bulla_path_join(folder, "compose.yaml", &err);
    bulla_auto_str env = bulla_path_join(folder, ".env", &err);
    assert_ok(bulla_file_create(compose, 0600, bulla_bytes_of(oddities[_i].compose), &err), err);
    if (oddities[_i].env != NULL) {
        assert_ok(bulla_file_create(env, 0600, bulla_bytes_of(oddities[_i].env), &err), err);
    }
    const char *environment[] = {oddities[_i].environment, NULL};
    const struct bulla_project_options options = {
        .directory = folder, .environment = look, .environment_ctx = environment};
    bulla_auto_project project = bulla_project_load(&options, &err);
    (void)unlink(compose);
    (void)unlink(env);
    (void)rmdir(folder);
    assert_ok(project != NULL, err);
    ck_assert_uint_eq(project->problem_count, 1);
    const struct bulla_project_problem *problem = &project->problems[0];
    ck_assert_int_eq(problem->kind, oddities[_i].kind);
    ck_assert_int_eq(problem->fatal, oddities[_i].fatal);
    ck_assert_msg(problem->pos.line == oddities[_i].line, "line %u", problem->pos.line);
    if (oddities[_i].name != NULL) {
        ck_assert_str_eq(problem->name, oddities[_i].name);
    }
}
END_TEST

START_TEST(an_env_file_sees_the_environment_of_its_service)
{
    char folder[] = "/tmp/bulla-compose-XXXXXX";
    ck_assert_ptr_nonnull(mkdtemp(folder));
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_str compose = bulla_path_join(folder, "compose.yaml", &err);
    bulla_auto_str env = bulla_path_join(folder, "a.env", &err);
    static const char text[] = "services: {a: {env_file: a.env, environment: {S: s, E: $EMPTY}}}\n";
    assert_ok(bulla_file_create(compose, 0600, bulla_bytes_of(text), &err), err);
    static const char keys[] = "A=${S:?x}$E\nB=$NOPE\nC=${E:?x}\n";
    assert_ok(bulla_file_create(env, 0600, bulla_bytes_of(keys), &err), err);
    const char *environment[] = {"EMPTY=", NULL};
    const struct bulla_project_options options = {
        .directory = folder, .environment = look, .environment_ctx = environment};
    bulla_auto_project project = bulla_project_load(&options, &err);
    (void)unlink(compose);
    (void)unlink(env);
    (void)rmdir(folder);
    assert_ok(project != NULL, err);
    ck_assert_uint_eq(project->problem_count, 2);
    const struct bulla_project_problem *problem = &project->problems[0];
    ck_assert_int_eq(problem->kind, BULLA_PROBLEM_ENV_FILE);
    ck_assert(!problem->fatal);
    ck_assert_str_eq(problem->name, "NOPE");
    ck_assert_uint_eq(problem->pos.line, 2);
    ck_assert_uint_eq(problem->pos.col, 3);
    problem = &project->problems[1];
    ck_assert_int_eq(problem->kind, BULLA_PROBLEM_ENV_REQUIRED);
    ck_assert(problem->fatal);
    ck_assert_uint_eq(problem->pos.line, 3);
    ck_assert_uint_eq(problem->pos.col, 3);
}
END_TEST

START_TEST(a_later_env_file_sees_its_own_lines_before_earlier_files)
{
    char folder[] = "/tmp/bulla-compose-XXXXXX";
    ck_assert_ptr_nonnull(mkdtemp(folder));
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_str compose = bulla_path_join(folder, "compose.yaml", &err);
    bulla_auto_str first = bulla_path_join(folder, "1.env", &err);
    bulla_auto_str second = bulla_path_join(folder, "2.env", &err);
    static const char text[] = "services: {a: {image: '${B:?m}'}}\n";
    assert_ok(bulla_file_create(compose, 0600, bulla_bytes_of(text), &err), err);
    assert_ok(bulla_file_create(first, 0600, bulla_bytes_of("A=1\n"), &err), err);
    assert_ok(bulla_file_create(second, 0600, bulla_bytes_of("A=\nB=$A\n"), &err), err);
    const char *env_files[] = {first, second};
    const struct bulla_project_options options = {
        .directory = folder, .env_files = env_files, .env_file_count = 2};
    bulla_auto_project project = bulla_project_load(&options, &err);
    (void)unlink(compose);
    (void)unlink(first);
    (void)unlink(second);
    (void)rmdir(folder);
    assert_ok(project != NULL, err);
    ck_assert_uint_eq(project->ref_count, 1);
    ck_assert_int_eq(project->refs[0].state, BULLA_LOOKUP_EMPTY);
    ck_assert_int_eq(project->refs[0].outcome, BULLA_REF_MISSING);
}
END_TEST

START_TEST(a_later_entry_of_an_env_file_stands_for_the_earlier_one)
{
    char folder[] = "/tmp/bulla-compose-XXXXXX";
    ck_assert_ptr_nonnull(mkdtemp(folder));
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_str compose = bulla_path_join(folder, "compose.yaml", &err);
    bulla_auto_str over = bulla_path_join(folder, "compose.override.yaml", &err);
    bulla_auto_str first = bulla_path_join(folder, "1.env", &err);
    bulla_auto_str second = bulla_path_join(folder, "2.env", &err);
    static const char text[] = "services:\n  a:\n    image: x\n"
                               "    env_file: [{path: 1.env, format: raw}, 2.env]\n";
    static const char later[] = "services: {a: {env_file: [1.env]}}\n";
    assert_ok(bulla_file_create(compose, 0600, bulla_bytes_of(text), &err), err);
    assert_ok(bulla_file_create(over, 0600, bulla_bytes_of(later), &err), err);
    /* No line of the raw format, whose names have no blanks. */
    assert_ok(bulla_file_create(first, 0600, bulla_bytes_of("export A=1\n"), &err), err);
    assert_ok(bulla_file_create(second, 0600, bulla_bytes_of("B=2\n"), &err), err);
    const struct bulla_project_options options = {.directory = folder};
    bulla_auto_project project = bulla_project_load(&options, &err);
    (void)unlink(compose);
    (void)unlink(over);
    (void)unlink(first);
    (void)unlink(second);
    (void)rmdir(folder);
    assert_ok(project != NULL, err);
    ck_assert_uint_eq(project->problem_count, 0);
    const struct bulla_project_service *service = get_service(project, "a");
    ck_assert_uint_eq(service->env_file_count, 2);
    ck_assert(!service->env_files[0].raw);
    ck_assert_uint_eq(service->env_files[0].key_count, 1);
    ck_assert_str_eq(service->env_files[0].keys[0].name, "A");
}
END_TEST

static bool keep_difference(void *ctx, const struct bulla_project_ref *ref,
                            const struct bulla_project_problem *problem,
                            enum bulla_ref_outcome outcome, struct bulla_error *err)
{
    (void)err;
    ck_assert_ptr_null(problem);
    struct bulla_buf *out = ctx;
    bulla_buf_printf(out, "%s %d %u:%u\n", ref->name, (int)outcome, ref->pos.line, ref->pos.col);
    return true;
}

START_TEST(what_the_two_lines_of_compose_disagree_on_is_told)
{
    char folder[] = "/tmp/bulla-compose-XXXXXX";
    ck_assert_ptr_nonnull(mkdtemp(folder));
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_str compose = bulla_path_join(folder, "compose.yaml", &err);
    static const char text[] = "services:\n  a:\n    image: '${SET:-${NEED:?m}}${NO:+$BLANK}'\n"
                               "    hostname: '${NO:-$BLANK}'\n";
    assert_ok(bulla_file_create(compose, 0600, bulla_bytes_of(text), &err), err);
    const char *environment[] = {"SET=1", NULL};
    struct bulla_project_options options = {
        .directory = folder, .environment = look, .environment_ctx = environment};
    for (int eager = 0; eager < 2; eager++) {
        options.eager = eager == 1;
        bulla_auto_buf out;
        bulla_buf_init(&out, 4096);
        bulla_auto_project project = bulla_project_load(&options, &err);
        assert_ok(project != NULL, err);
        assert_ok(bulla_project_differences(project, &options, keep_difference, &out, &err), err);
        char wanted[64];
        (void)snprintf(wanted, sizeof wanted, "NEED %d 3:20\nBLANK %d 3:37\n",
                       (int)BULLA_REF_MISSING, (int)BULLA_REF_BLANK);
        ck_assert_str_eq(bulla_buf_text(&out, &err), wanted);
    }
    (void)unlink(compose);
    (void)rmdir(folder);
}
END_TEST

START_TEST(what_compose_says_is_told_without_values)
{
    char folder[] = "/tmp/bulla-compose-XXXXXX";
    ck_assert_ptr_nonnull(mkdtemp(folder));
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_str compose = bulla_path_join(folder, "compose.yaml", &err);
    bulla_auto_str env = bulla_path_join(folder, "a.env", &err);
    static const char text[] = "services:\n  a:\n    image: '${A:?secret}${B}'\n"
                               "    hostname: '${b/c}'\n    env_file: [a.env, gone.env]\n";
    assert_ok(bulla_file_create(compose, 0600, bulla_bytes_of(text), &err), err);
    assert_ok(bulla_file_create(env, 0600, bulla_bytes_of("A B=secret\n"), &err), err);
    const struct bulla_project_options options = {.directory = folder};
    bulla_auto_project project = bulla_project_load(&options, &err);
    (void)unlink(compose);
    (void)unlink(env);
    (void)rmdir(folder);
    assert_ok(project != NULL, err);
    bulla_auto_buf out;
    bulla_buf_init(&out, 8192);
    for (size_t i = 0; i < project->ref_count; i++) {
        if (bulla_project_ref_says(&project->refs[i], &out)) {
            bulla_buf_putc(&out, '\n');
        }
    }
    for (size_t i = 0; i < project->problem_count; i++) {
        if (bulla_project_problem_says(&project->problems[i], &out)) {
            bulla_buf_putc(&out, '\n');
        }
    }
    ck_assert_str_eq(
        bulla_buf_text(&out, &err),
        "error while interpolating services.a.image: required variable A is missing a value: …\n"
        "The \"B\" variable is not set. Defaulting to a blank string.\n"
        "invalid interpolation format for services.a.hostname. You may need to escape any $ with "
        "another $. …\n"
        "failed to read …: line 1: key cannot contain a space\n"
        "env file … not found: stat …: no such file or directory\n");
}
END_TEST

static const char *const folders[] = {"shop",     "broken",   "extends", "include",
                                      "override", "profiles", "reads"};

START_TEST(loading_survives_every_failed_allocation)
{
    char directory[512];
    (void)snprintf(directory, sizeof directory, "%s/%s", DATA, folders[_i]);
    const struct bulla_project_options options = {.directory = directory, .rendered = ".env"};
    for (unsigned long nth = 1;; nth++) {
        struct bulla_error err = BULLA_ERROR_INIT;
        bulla_mem_fail_at(nth);
        bulla_auto_project project = bulla_project_load(&options, &err);
        bulla_mem_fail_at(0);
        if (project != NULL) {
            ck_assert_uint_gt(nth, 20);
            break;
        }
        ck_assert_msg(err.code == BULLA_E_NOMEM, "%lu: %s", nth, err.message);
        ck_assert_uint_lt(nth, 5000);
    }
}
END_TEST

START_TEST(large_files_are_read_in_reasonable_time)
{
    /* What would be quadratic takes minutes here: one line, many references, services and keys. */
    struct bulla_error err = BULLA_ERROR_INIT;
    char path[] = "/tmp/bulla-compose-XXXXXX";
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    bulla_auto_buf text;
    bulla_buf_init(&text, BULLA_MAX_TEXT_BYTES);
    bulla_buf_puts(&text, "x: \"é");
    for (int i = 0; i < 100000; i++) {
        bulla_buf_printf(&text, "${V%d:-d}", i);
    }
    bulla_buf_puts(&text, "\"\nservices:\n  first: {environment: {");
    for (int i = 0; i < 10000; i++) {
        bulla_buf_printf(&text, "K%d: $V, ", i);
    }
    bulla_buf_puts(&text, "}}\n");
    for (int i = 0; i < 8000; i++) {
        bulla_buf_printf(&text, "  s%d: {extends: first, image: \"${I}\"}\n", i);
    }
    assert_ok(bulla_buf_ok(&text, &err), err);
    assert_ok(bulla_fd_write(fd, path, bulla_buf_view(&text), &err), err);
    (void)close(fd);
    const char *files[] = {path};
    const struct bulla_project_options options = {.files = files, .file_count = 1};
    const struct bulla_project *project = bulla_project_load(&options, &err);
    (void)unlink(path);
    /* 8,000 services times 10,000 entries are refused before they are made. */
    ck_assert_ptr_null(project);
    ck_assert_int_eq(err.code, BULLA_E_LIMIT);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("compose");
    TCase *tests = tcase_create("compose");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, references_have_place_service_and_outcome);
    tcase_add_test(tests, services_tell_what_they_are_given);
    tcase_add_test(tests, uses_name_every_service);
    tcase_add_test(tests, a_service_reads_the_files_that_it_is_given_whole);
    tcase_add_test(tests, hidden_values_replace_the_env_file);
    tcase_add_test(tests, references_that_break_yaml_are_found_and_explained);
    tcase_add_test(tests, a_reference_split_into_a_mapping_is_seen_though_yaml_reads_it);
    tcase_add_test(tests, braces_between_brackets_are_explained);
    tcase_add_test(tests, text_that_is_not_yaml_is_scanned_all_the_same);
    tcase_add_test(tests, what_compose_refuses_as_template_is_a_problem);
    tcase_add_test(tests, a_base_counts_for_those_that_extend_it);
    tcase_add_test(tests, an_include_sees_its_parent_first);
    tcase_add_test(tests, an_override_file_is_added_and_wins);
    tcase_add_test(tests, profiles_decide_what_is_active);
    tcase_add_test(tests, files_are_found_as_compose_finds_them);
    tcase_add_test(tests, an_env_file_that_is_not_read_is_noted);
    tcase_add_test(tests, an_env_file_sees_the_environment_of_its_service);
    tcase_add_test(tests, a_later_entry_of_an_env_file_stands_for_the_earlier_one);
    tcase_add_test(tests, a_later_env_file_sees_its_own_lines_before_earlier_files);
    tcase_add_test(tests, what_the_two_lines_of_compose_disagree_on_is_told);
    tcase_add_test(tests, what_compose_says_is_told_without_values);
    tcase_add_test(tests, candidates_are_one_per_folder_with_a_default_name);
    tcase_add_loop_test(tests, what_is_wrong_is_told_with_its_place, 0,
                        sizeof oddities / sizeof oddities[0]);
    tcase_add_loop_test(tests, loading_survives_every_failed_allocation, 0,
                        sizeof folders / sizeof folders[0]);
    tcase_add_test(tests, large_files_are_read_in_reasonable_time);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
