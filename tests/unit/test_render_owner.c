/* Whose values a rendered file holds, where several environments write it. */
#include <stdio.h>
#include <string.h>

#include "bulla/mem.h"
#include "bulla/render.h"

#include "fake_vault.h"
#include "unit.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof(array)[0]))

static const char contract_text[] =
    "[bulla]\nformat = 1\nproject = shop\nenvironments = dev, prod, staging, ci\ndefault = dev\n"
    "[environment dev]\noutput = .env\n"
    "[environment prod]\noutput = .env\n"
    "[environment staging]\noutput = .env\nformat = docker\n"
    "[environment ci]\noutput = .env.ci\n"
    "[A]\nkind = alnum:32\n[B]\nkind = alnum:32\n[C]\nkind = provided\noptional = yes\n"
    "[PORT]\nkind = setting\ndefault@dev = 1\ndefault@prod = 2\ndefault@staging = 3\n"
    "default@ci = 4\n";

static const struct held of_dev[] = {{.name = "A", .value = "dev-a", .previous = "old-dev-a"},
                                     {.name = "B", .value = "dev-b"}};
static const struct held of_prod[] = {{.name = "A", .value = "prod-a", .previous = "old-prod-a"},
                                      {.name = "B", .value = "prod-b"},
                                      {.name = "C", .value = "prod-c"}};
static const struct held of_staging[] = {{.name = "A", .value = "staging-a"},
                                         {.name = "B", .value = "prod-b"}};

static const struct {
    const char *what;
    const char *text;
    const char *closed; /* the environments whose vaults do not open */
    const char *owner;  /* NULL: nobody */
    const char *names;
    bool is_other_format;
    bool is_unsure;
} files[] = {
    {"its own values", "A=dev-a\nB=dev-b\nPORT=1\n", "", NULL, "", false, false},
    {"an older one of its own", "A=old-dev-a\nB=dev-b\n", "", NULL, "", false, false},
    {"what nobody has", "A=typed\nB=dev-b\nPORT=9\n", "", NULL, "", false, false},
    {"all of another's", "A=prod-a\nB=prod-b\nC=prod-c\nPORT=2\n", "", "prod", "A B C PORT ", false,
     false},
    {"an older one of another's", "A=old-prod-a\n", "", "prod", "A ", false, false},
    {"what has no value here, left of another's", "A=dev-a\nC=prod-c\n", "", "prod", "C ", false,
     false},
    {"of several the one that has the most of it", "A=staging-a\nB=prod-b\n", "", "staging", "A B ",
     true, false},
    {"of several with as much the first", "B=prod-b\n", "", "prod", "B ", false, false},
    {"one that is rendered elsewhere has no part in it", "PORT=4\n", "", NULL, "", false, false},
    {"a vault that is closed: the settings tell", "A=prod-a\nPORT=2\n", "prod", "prod", "PORT ",
     false, false},
    {"a vault that is closed: nobody can tell", "A=prod-a\n", "prod", NULL, "", false, true},
    {"a vault that is closed is no matter where another is the owner", "A=staging-a\n", "prod",
     "staging", "A ", true, false},
    {"a file that is not of the grammar", "A='x\n", "", NULL, "", false, false},
    {"nothing", "", "", NULL, "", false, false},
};

struct vaults {
    struct bulla_vault prod;
    struct bulla_vault staging;
    const char *closed;
};

static bool open_vault(void *ctx, const struct bulla_environment *rival,
                       struct bulla_vault **ret_vault, struct bulla_error *err)
{
    struct vaults *vaults = ctx;
    (void)err;
    ck_assert_str_ne(rival->name, "ci");
    *ret_vault = strcmp(rival->name, vaults->closed) == 0 ? NULL
                 : strcmp(rival->name, "prod") == 0       ? &vaults->prod
                                                          : &vaults->staging;
    return true;
}

static struct vaults all_open(void)
{
    return (struct vaults){
        .prod = {.held = of_prod, .count = COUNT(of_prod), .has_key = true},
        .staging = {.held = of_staging, .count = COUNT(of_staging), .has_key = true},
        .closed = ""};
}

static struct bulla_contract *parse(void)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct bulla_contract *contract =
        bulla_contract_parse(bulla_bytes_of(contract_text), "bulla.ini", &err);
    assert_ok(contract != NULL, err);
    return contract;
}

static bool find_owner(struct bulla_rendered_owner *ret, const struct bulla_contract *contract,
                       struct vaults *vaults, const char *text, struct bulla_error *err)
{
    struct bulla_vault own = {.held = of_dev, .count = COUNT(of_dev), .has_key = true};
    *ret = (struct bulla_rendered_owner){0};
    bulla_auto_values values = bulla_values_resolve(contract, "dev", &own, err);
    const struct bulla_rivals rivals = {.contract = contract,
                                        .environment = bulla_contract_environment(contract, 0),
                                        .open = open_vault,
                                        .ctx = vaults};
    return values != NULL &&
           bulla_rendered_find_owner(ret, &rivals, values, bulla_bytes_of(text), ".env", err);
}

START_TEST(owner_is_whose_values_stand_there)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_contract contract = parse();
    struct vaults vaults = all_open();
    struct bulla_rendered_owner owner;
    char names[64] = "";
    vaults.closed = files[_i].closed;
    assert_ok(find_owner(&owner, contract, &vaults, files[_i].text, &err), err);
    for (size_t i = 0; i < owner.name_count; i++) {
        size_t used = strlen(names);
        (void)snprintf(names + used, sizeof names - used, "%s ", owner.names[i]);
    }
    if (files[_i].owner == NULL) {
        ck_assert_msg(owner.owner == NULL, "%s", files[_i].what);
    } else {
        ck_assert_msg(owner.owner != NULL, "%s", files[_i].what);
        ck_assert_str_eq(owner.owner->name, files[_i].owner);
    }
    ck_assert_str_eq(names, files[_i].names);
    ck_assert_int_eq(owner.is_other_format, files[_i].is_other_format);
    ck_assert_int_eq(owner.is_unsure, files[_i].is_unsure);
    ck_assert_ptr_nonnull(owner.rival);
    bulla_rendered_owner_release(&owner);
}
END_TEST

START_TEST(owner_survives_every_failed_allocation)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_contract contract = parse();
    struct vaults vaults = all_open();
    for (unsigned long nth = 1;; nth++) {
        struct bulla_rendered_owner owner;
        bulla_mem_fail_at(nth);
        bool ok = find_owner(&owner, contract, &vaults, "A=prod-a\nPORT=2\n", &err);
        bulla_mem_fail_at(0);
        bulla_rendered_owner_release(&owner);
        if (ok) {
            ck_assert_uint_gt(nth, 3);
            break;
        }
        ck_assert_msg(err.code == BULLA_E_NOMEM, "%lu: %s", nth, err.message);
        bulla_error_clear(&err);
        ck_assert_uint_lt(nth, 1000);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("render-owner");
    TCase *tcase = tcase_create("render-owner");
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, owner_is_whose_values_stand_there, 0, COUNT(files));
    tcase_add_test(tcase, owner_survives_every_failed_allocation);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
