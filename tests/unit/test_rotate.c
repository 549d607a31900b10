#include "bulla/rotate.h"

#include <string.h>

#include "vault_unit.h"

#define DAY INT64_C(86400)

static const char sample[] = "[bulla]\nenvironments = prod\nrotate = 90d\n"
                             "[A]\nkind = hex:16\nrotate = 30d\ngroup = keys\n"
                             "[B]\nkind = hex:16\ngroup = keys\n"
                             "[C]\nkind = hex:16\nkeep-previous = 1d\nprevious-as = C_OLD\n"
                             "[D]\nkind = derived\nvalue = {{ A }}:{{ C }}\n"
                             "[E]\nkind = derived\nvalue = x{{ D }}\n"
                             "[N]\nkind = hex:16\nrotate = never\n"
                             "[P]\nkind = provided\nrotate = 10d\n"
                             "[S]\nkind = setting\ndefault = 1\n"
                             "[NEW]\nkind = hex:16\n";

static const struct {
    const char *what;
    bool rotates;
    uint64_t period;
    int64_t at, expires, due;
} dues[] = {
    {"neither", true, 0, 100, 0, 0},
    {"a period", true, 50, 100, 0, 150},
    {"an expiry", true, 0, 100, 120, 120},
    {"the period first", true, 10, 100, 120, 110},
    {"the expiry first", true, 50, 100, 120, 120},
    {"never, but it expires", false, 50, 100, 120, 120},
    {"never", false, 50, 100, 0, 0},
    {"a period beyond all time", true, UINT64_MAX, 100, 0, 0},
};

START_TEST(rotation_due_is_the_earlier_of_period_and_expiry)
{
    struct bulla_variable variable = {
        .name = "A", .rotates = dues[_i].rotates, .rotate_seconds = dues[_i].period};
    struct bulla_version_info version = {.at = dues[_i].at, .expires = dues[_i].expires};
    int64_t due = bulla_rotation_due(&variable, &version);
    ck_assert_msg(due == dues[_i].due, "%s: %lld", dues[_i].what, (long long)due);
    ck_assert_int_eq(bulla_rotation_due(&variable, NULL), 0);
}
END_TEST

START_TEST(what_data_is_sealed_with_is_due_by_its_own_period_and_expiry_alone)
{
    struct bulla_variable variable = {
        .name = "A", .kind.text = "fernet", .rotates = true, .rotate_seconds = 50};
    struct bulla_version_info version = {.at = 100};
    ck_assert(bulla_rotation_is_by_name(&variable));
    ck_assert_int_eq(bulla_rotation_due(&variable, &version), 0);
    version.expires = 170;
    ck_assert_int_eq(bulla_rotation_due(&variable, &version), 170);
    variable.rotates_by_itself = true;
    ck_assert(!bulla_rotation_is_by_name(&variable));
    ck_assert_int_eq(bulla_rotation_due(&variable, &version), 150);
    variable.rotates_by_itself = false;
    variable.group.text = "keys";
    ck_assert(!bulla_rotation_is_by_name(&variable));
    variable.group.text = NULL;
    variable.kind.text = "hex:32";
    ck_assert(!bulla_rotation_is_by_name(&variable));
    variable.name = "APP_ENCRYPTION_KEY";
    ck_assert(bulla_rotation_is_by_name(&variable));
    variable.rotates = false;
    ck_assert(!bulla_rotation_is_by_name(&variable));
}
END_TEST

/* A vault with A, B, C, N and P, and what the contract makes of it. */
struct fixture {
    struct desk desk;
    struct bulla_contract *contract;
    struct bulla_vault *vault;
    struct bulla_values *values;
};

static void fixture_free(struct fixture *fixture)
{
    bulla_values_free(fixture->values);
    bulla_vault_close(fixture->vault);
    bulla_contract_free(fixture->contract);
    desk_free(&fixture->desk);
}

#define auto_fixture BULLA_AUTO(fixture_free) struct fixture

static struct fixture fixture_new(void)
{
    struct fixture fixture = {.desk = desk_new()};
    struct bulla_error *err = &fixture.desk.err;
    static const char *const names[] = {"A", "B", "C", "N", "P"};
    desk_create(&fixture.desk);
    fixture.vault = desk_open(&fixture.desk, ALICE, BULLA_VAULT_WRITE);
    assert_ok(fixture.vault != NULL, *err);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_ok(
            bulla_vault_set(fixture.vault, names[i], LIT("0123456789abcdef"), NULL, NOW, NULL, err),
            *err);
    }
    assert_ok(bulla_vault_commit(fixture.vault, err), *err);
    fixture.contract = bulla_contract_parse(bulla_bytes_of(sample), "bulla.ini", err);
    assert_ok(fixture.contract != NULL, *err);
    fixture.values = bulla_values_resolve(fixture.contract, "prod", fixture.vault, err);
    assert_ok(fixture.values != NULL, *err);
    return fixture;
}

/* "A:made B:made(keys) D:follows(A)" */
static void describe(const struct bulla_rotation *plan, char *out, size_t cap)
{
    static const char *const steps[] = {"make", "provide", "follow"};
    out[0] = '\0';
    for (size_t i = 0; i < bulla_rotation_count(plan); i++) {
        const struct bulla_turn *turn = bulla_rotation_get(plan, i);
        size_t len = strlen(out);
        (void)snprintf(out + len, cap - len, "%s%s:%s%s%s", i > 0 ? " " : "",
                       turn->value->variable.name, steps[turn->step], turn->with != NULL ? "/" : "",
                       turn->with != NULL ? turn->with : "");
    }
}

static const struct {
    const char *what;
    const char *names[3];
    bool due, all;
    int64_t after;
    const char *want;
} plans[] = {
    {"a name, its group, and what is made from them",
     {"A"},
     false,
     false,
     0,
     "A:make B:make/keys D:follow/A E:follow/A"},
    {"twice the same name",
     {"C", "C"},
     false,
     false,
     0,
     "C:make D:follow/C E:follow/C C_OLD:follow/C"},
    {"a provided one", {"P"}, false, false, 0, "P:provide"},
    {"one without a value yet", {"NEW"}, false, false, 0, "NEW:make"},
    {"nothing is due", {NULL}, true, false, 9 * DAY, ""},
    {"a provided one is due", {NULL}, true, false, 10 * DAY, "P:provide"},
    {"a group where one is due",
     {NULL},
     true,
     false,
     31 * DAY,
     "A:make B:make/keys P:provide D:follow/A E:follow/A"},
    {"all are due",
     {NULL},
     true,
     false,
     91 * DAY,
     "A:make B:make C:make P:provide D:follow/A E:follow/A C_OLD:follow/C"},
    {"all that turn",
     {NULL},
     false,
     true,
     0,
     "A:make B:make C:make P:provide D:follow/A E:follow/A C_OLD:follow/C"},
};

START_TEST(rotation_plans)
{
    auto_fixture fixture = fixture_new();
    struct bulla_rotation_request request = {.names = plans[_i].names,
                                             .due = plans[_i].due,
                                             .all = plans[_i].all,
                                             .now = NOW + plans[_i].after};
    while (plans[_i].names[request.name_count] != NULL) {
        request.name_count++;
    }
    bulla_auto_rotation plan =
        bulla_rotation_plan(fixture.values, fixture.vault, &request, &fixture.desk.err);
    assert_ok(plan != NULL, fixture.desk.err);
    char text[512];
    describe(plan, text, sizeof text);
    ck_assert_msg(strcmp(text, plans[_i].want) == 0, "%s: %s", plans[_i].what, text);
}
END_TEST

/* Those, their groups and followers, and no others; what cannot be made here is named. */
START_TEST(rotation_turns_what_is_exposed)
{
    auto_fixture fixture = fixture_new();
    struct bulla_error *err = &fixture.desk.err;
    struct bulla_rotation_request request = {.exposed = true, .now = NOW + 91 * DAY};
    static const char *const exposed[] = {"A", "N", "P"};
    char text[512];
    bulla_auto_rotation none = bulla_rotation_plan(fixture.values, fixture.vault, &request, err);
    assert_ok(none != NULL, *err);
    ck_assert_uint_eq(bulla_rotation_count(none), 0);
    for (size_t i = 0; i < sizeof exposed / sizeof exposed[0]; i++) {
        assert_ok(
            bulla_vault_mark(fixture.vault, exposed[i], 1, BULLA_MARK_EXPOSED, NULL, NOW, err),
            *err);
    }
    assert_ok(bulla_vault_commit(fixture.vault, err), *err);
    bulla_auto_values values = bulla_values_resolve(fixture.contract, "prod", fixture.vault, err);
    assert_ok(values != NULL, *err);
    bulla_auto_rotation plan = bulla_rotation_plan(values, fixture.vault, &request, err);
    assert_ok(plan != NULL, *err);
    describe(plan, text, sizeof text);
    ck_assert_str_eq(text, "A:make B:make/keys N:provide P:provide D:follow/A E:follow/A");
    ck_assert_int_eq(bulla_rotation_get(plan, 0)->cause, BULLA_TURN_EXPOSED);
}
END_TEST

static const struct {
    const char *name, *message, *hint;
} refused[] = {
    {"D", "'D' is derived and never turns by itself", "turn what it is made from: A"},
    {"S", "'S' is a setting, and only secrets turn", "change it in the contract"},
    {"N", "the contract says that 'N' never turns", NULL},
    {"NEXT", "there is no variable 'NEXT'", "did you mean 'NEW'?"},
};

START_TEST(rotation_refuses)
{
    auto_fixture fixture = fixture_new();
    struct bulla_error *err = &fixture.desk.err;
    struct bulla_rotation_request request = {.names = &refused[_i].name, .name_count = 1};
    bulla_auto_rotation plan = bulla_rotation_plan(fixture.values, fixture.vault, &request, err);
    ck_assert_ptr_null(plan);
    assert_code(*err, BULLA_E_REFUSED);
    ck_assert_str_eq(err->message, refused[_i].message);
    if (refused[_i].hint != NULL) {
        ck_assert_str_eq(err->hint, refused[_i].hint);
    }
}
END_TEST

START_TEST(rotation_makes_what_it_plans)
{
    auto_fixture fixture = fixture_new();
    struct bulla_error *err = &fixture.desk.err;
    struct bulla_version_info version;
    struct bulla_secret_info secret;
    static const char *const names[] = {"A", "C"};
    struct bulla_rotation_request request = {.names = names, .name_count = 2, .now = NOW + 60};
    bulla_auto_rotation plan = bulla_rotation_plan(fixture.values, fixture.vault, &request, err);
    assert_ok(plan != NULL, *err);
    ck_assert_uint_eq(bulla_rotation_step_count(plan, BULLA_TURN_MAKE), 3);
    assert_ok(bulla_rotation_make(plan, fixture.vault, "drill", NOW + 60, err), *err);
    assert_ok(bulla_vault_commit(fixture.vault, err), *err);

    bulla_auto_values values = bulla_values_resolve(fixture.contract, "prod", fixture.vault, err);
    assert_ok(values != NULL, *err);
    const struct bulla_value *a = bulla_values_find(values, "A");
    ck_assert_uint_eq(a->bytes.len, 32);
    ck_assert(bulla_vault_find(fixture.vault, "A", &secret));
    ck_assert_uint_eq(secret.current->number, 2);
    ck_assert_str_eq(secret.current->kind, "hex:16");
    ck_assert_str_eq(secret.current->why, "drill");

    /* C keeps its old version for a day, and C_OLD shows it. */
    ck_assert(bulla_vault_version(fixture.vault, "C", 1, &version));
    ck_assert_int_eq(version.state, BULLA_VERSION_PREVIOUS);
    ck_assert_int_eq(version.until, NOW + 60 + DAY);
    ck_assert(bulla_bytes_are(bulla_values_find(values, "C_OLD")->bytes, "0123456789abcdef"));
    ck_assert(bulla_vault_version(fixture.vault, "A", 1, &version));
    ck_assert_int_eq(version.state, BULLA_VERSION_RETIRED);
}
END_TEST

START_TEST(rotation_survives_every_failed_allocation)
{
    auto_fixture fixture = fixture_new();
    struct bulla_error *err = &fixture.desk.err;
    struct bulla_rotation_request request = {.all = true, .now = NOW};
    for (unsigned long nth = 1;; nth++) {
        bulla_mem_fail_at(nth);
        bulla_auto_rotation plan =
            bulla_rotation_plan(fixture.values, fixture.vault, &request, err);
        bulla_mem_fail_at(0);
        if (plan != NULL) {
            ck_assert_uint_gt(nth, 2);
            break;
        }
        assert_code(*err, BULLA_E_NOMEM);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("rotate");
    TCase *tcase = tcase_create("rotate");
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, rotation_due_is_the_earlier_of_period_and_expiry, 0,
                        (int)(sizeof dues / sizeof dues[0]));
    tcase_add_test(tcase, what_data_is_sealed_with_is_due_by_its_own_period_and_expiry_alone);
    tcase_add_loop_test(tcase, rotation_plans, 0, (int)(sizeof plans / sizeof plans[0]));
    tcase_add_loop_test(tcase, rotation_refuses, 0, (int)(sizeof refused / sizeof refused[0]));
    tcase_add_test(tcase, rotation_turns_what_is_exposed);
    tcase_add_test(tcase, rotation_makes_what_it_plans);
    tcase_add_test(tcase, rotation_survives_every_failed_allocation);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
