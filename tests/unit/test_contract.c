#include <stdio.h>
#include <string.h>

#include "bulla/contract.h"
#include "bulla/limits.h"
#include "bulla/mem.h"
#include "contract/types.h"

#include "unit.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof(array)[0]))

/* A view of a literal that may stand in a static initialiser. */
#define TEXT(text)                                                                                 \
    {                                                                                              \
        (const uint8_t *)(text), sizeof(text) - 1                                                  \
    }

static const char sample[] = "; a comment with a ; in it\n"
                             "[bulla]\n"
                             "format       = 1\n"
                             "project      = shop\n"
                             "environments = dev, staging, prod\n"
                             "default      = dev\n"
                             "rotate       = 90d\n"
                             "rotate@prod  = 30d\n"
                             "keep         = 10\n"
                             "\n"
                             "[environment prod]\n"
                             "compose   = docker-compose.yml, docker-compose.prod.yml\n"
                             "profiles  = web, jobs\n"
                             "template  = .env.example\n"
                             "output    = deploy/.env\n"
                             "protected = yes\n"
                             "\n"
                             "[check]\n"
                             "ignore = B401 docker/compose.yml it is a local one\n"
                             "ignore@dev = B302 laptops only\n"
                             "severity.B203 = off\n"
                             "severity.B204 = error\n"
                             "\n"
                             "[TOKEN]\n"
                             "kind = hex:32\n"
                             "note = shared by\n"
                             "  web and worker\n"
                             "\n"
                             "[POSTGRES_PASSWORD]\n"
                             "kind          = password:32\n"
                             "rotate        = 1w\n"
                             "apply         = postgres\n"
                             "keep-previous = 24h\n"
                             "previous-as   = POSTGRES_OLD\n"
                             "\n"
                             "[apply postgres]\n"
                             "driver     = postgres\n"
                             "through    = exec:db\n"
                             "user       = app\n"
                             "admin-user = postgres\n"
                             "admin      = TOKEN\n"
                             "\n"
                             "[DATABASE_URL]\n"
                             "kind  = derived\n"
                             "value = postgresql://app:\\\n"
                             "  {{ POSTGRES_PASSWORD | url }}\\\n"
                             "  @db/app\n"
                             "\n"
                             "[API_KEY]\n"
                             "match  = [A-Za-z0-9]{8}\n"
                             "obtain = https://example.com/keys\n"
                             "rotate = never\n"
                             "\n"
                             "[LOG_LEVEL]\n"
                             "kind         = setting\n"
                             "one-of       = DEBUG, INFO\n"
                             "default      = INFO\n"
                             "default@dev  = DEBUG\n"
                             "\n"
                             "[MAX_LOSS]\n"
                             "kind  = setting\n"
                             "range = 0..100000\n"
                             "x-team = risk\n"
                             "\n"
                             "[variable check]\n"
                             "kind = setting\n"
                             "default =\n";

static struct bulla_contract *parse(const char *text, struct bulla_error *err)
{
    return bulla_contract_parse(bulla_bytes_of(text), "bulla.ini", err);
}

static struct bulla_variable variable(const struct bulla_contract *contract, const char *name,
                                      const char *environment)
{
    size_t index = 0;
    ck_assert_msg(bulla_contract_find_variable(contract, name, &index), "%s", name);
    struct bulla_variable found;
    bulla_contract_variable(contract, index, environment, &found);
    ck_assert_str_eq(found.name, name);
    return found;
}

#define assert_pos(pos, want_line, want_col)                                                       \
    ck_assert_msg((pos).line == (want_line) && (pos).col == (want_col), "%u:%u, want %u:%u",       \
                  (pos).line, (pos).col, (unsigned)(want_line), (unsigned)(want_col))

START_TEST(contract_reads_the_project)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_contract contract = parse(sample, &err);
    assert_ok(contract != NULL, err);
    ck_assert_str_eq(bulla_contract_file(contract), "bulla.ini");
    ck_assert_str_eq(bulla_contract_project(contract), "shop");
    ck_assert_str_eq(bulla_contract_default_environment(contract), "dev");
    ck_assert_uint_eq(bulla_contract_keep(contract), 10);
    ck_assert_uint_eq(bulla_contract_environment_count(contract), 3);
    ck_assert_uint_eq(bulla_contract_variable_count(contract), 7);
}
END_TEST

START_TEST(contract_reads_environments)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_contract contract = parse(sample, &err);
    assert_ok(contract != NULL, err);
    const struct bulla_environment *prod = bulla_contract_find_environment(contract, "prod");
    ck_assert_ptr_nonnull(prod);
    ck_assert_str_eq(prod->compose[0], "docker-compose.yml");
    ck_assert_str_eq(prod->compose[1], "docker-compose.prod.yml");
    ck_assert_ptr_null(prod->compose[2]);
    ck_assert_str_eq(prod->profiles[1], "jobs");
    ck_assert_str_eq(prod->template_file, ".env.example");
    ck_assert_str_eq(prod->output, "deploy/.env");
    ck_assert_str_eq(prod->format, "compose");
    ck_assert(prod->is_protected);
    assert_pos(prod->pos, 11, 14);
    assert_pos(prod->template_pos, 14, 13);

    const struct bulla_environment *dev = bulla_contract_environment(contract, 0);
    ck_assert_str_eq(dev->name, "dev");
    ck_assert_str_eq(dev->output, ".env");
    ck_assert_ptr_null(dev->compose[0]);
    ck_assert(!dev->is_protected);
    assert_pos(dev->pos, 5, 16);
    ck_assert_str_eq(bulla_contract_find_environment(contract, "staging")->output, ".env.staging");
    ck_assert_ptr_null(bulla_contract_find_environment(contract, "test"));
}
END_TEST

START_TEST(contract_without_environments_has_dev)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_contract contract = parse("", &err);
    assert_ok(contract != NULL, err);
    ck_assert_uint_eq(bulla_contract_environment_count(contract), 1);
    ck_assert_str_eq(bulla_contract_default_environment(contract), "dev");
    ck_assert_ptr_null(bulla_contract_project(contract));

    bulla_auto_contract sections =
        parse("[environment qa]\nprofiles =\n[environment live]\n", &err);
    assert_ok(sections != NULL, err);
    ck_assert_uint_eq(bulla_contract_environment_count(sections), 2);
    ck_assert_str_eq(bulla_contract_default_environment(sections), "qa");
    ck_assert_str_eq(bulla_contract_environment(sections, 1)->output, ".env.live");
}
END_TEST

START_TEST(contract_tells_roles_and_rotation_apart)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_contract contract = parse(sample, &err);
    assert_ok(contract != NULL, err);
    struct bulla_variable token = variable(contract, "TOKEN", "dev");
    ck_assert_int_eq(token.role, BULLA_ROLE_GENERATED);
    ck_assert_str_eq(token.kind.text, "hex:32");
    assert_pos(token.kind.pos, 25, 8);
    ck_assert(token.rotates);
    ck_assert_uint_eq(token.rotate_seconds, 90 * 86400);
    ck_assert_uint_eq(variable(contract, "TOKEN", "prod").rotate_seconds, 30 * 86400);
    ck_assert_str_eq(token.note.text, "shared by web and worker");

    struct bulla_variable password = variable(contract, "POSTGRES_PASSWORD", "prod");
    ck_assert_uint_eq(password.rotate_seconds, 7 * 86400);
    ck_assert_uint_eq(password.keep_previous_seconds, 86400);
    ck_assert_str_eq(password.previous_as.text, "POSTGRES_OLD");
    ck_assert_str_eq(password.apply.text, "postgres");

    struct bulla_variable url = variable(contract, "DATABASE_URL", NULL);
    ck_assert_int_eq(url.role, BULLA_ROLE_DERIVED);
    ck_assert(!url.rotates);
    ck_assert_uint_eq(url.rotate_seconds, 0);

    struct bulla_variable key = variable(contract, "API_KEY", "dev");
    ck_assert_int_eq(key.role, BULLA_ROLE_PROVIDED);
    ck_assert_ptr_null(key.kind.text);
    ck_assert(!key.rotates);
    ck_assert_str_eq(bulla_role_name(key.role), "provided");
}
END_TEST

START_TEST(contract_joins_continuation_lines_and_keeps_places)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_contract contract = parse(sample, &err);
    assert_ok(contract != NULL, err);
    struct bulla_variable url = variable(contract, "DATABASE_URL", NULL);
    ck_assert_str_eq(url.value.text, "postgresql://app:{{ POSTGRES_PASSWORD | url }}@db/app");
    assert_pos(url.value.pos, 45, 9);
    assert_pos(bulla_setting_pos(&url.value, 16), 45, 25);
    assert_pos(bulla_setting_pos(&url.value, 17), 46, 3);
    assert_pos(bulla_setting_pos(&url.value, 47), 47, 4);
    assert_pos(bulla_setting_pos(&url.value, 10000), 47, 10);
}
END_TEST

START_TEST(contract_tells_the_grace_of_exposed_values)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_contract contract = parse("[bulla]\nenvironments = dev, prod\n"
                                         "[check]\nexposed-grace = 30d\nignore = B101 why not\n"
                                         "exposed-grace@prod = 1d\n",
                                         &err);
    assert_ok(contract != NULL, err);
    ck_assert_uint_eq(bulla_contract_rule_count(contract), 1);
    ck_assert_uint_eq(bulla_contract_exposed_grace(contract, NULL), 30 * 86400);
    ck_assert_uint_eq(bulla_contract_exposed_grace(contract, "dev"), 30 * 86400);
    ck_assert_uint_eq(bulla_contract_exposed_grace(contract, "prod"), 86400);
}
END_TEST

START_TEST(contract_overrides_by_environment)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_contract contract = parse(sample, &err);
    assert_ok(contract != NULL, err);
    ck_assert_str_eq(variable(contract, "LOG_LEVEL", "dev").preset.text, "DEBUG");
    ck_assert_str_eq(variable(contract, "LOG_LEVEL", "prod").preset.text, "INFO");
    ck_assert_str_eq(variable(contract, "LOG_LEVEL", NULL).preset.text, "INFO");
    struct bulla_bytes word = {0};
    struct bulla_pos pos = {0, 0};
    struct bulla_variable level = variable(contract, "LOG_LEVEL", "prod");
    ck_assert(bulla_setting_word(&level.one_of, 1, &word, &pos));
    assert_bytes(word, "INFO");
    assert_pos(pos, 56, 23);
    ck_assert(!bulla_setting_word(&level.one_of, 2, &word, &pos));
}
END_TEST

START_TEST(contract_reads_ranges_and_empty_defaults)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_contract contract = parse(sample, &err);
    assert_ok(contract != NULL, err);
    struct bulla_variable loss = variable(contract, "MAX_LOSS", "dev");
    ck_assert_int_eq(loss.type, BULLA_TYPE_NUMBER);
    ck_assert(loss.has_least && loss.has_most);
    ck_assert(loss.least <= 0 && loss.most >= 100000);
    ck_assert_ptr_null(loss.preset.text);
    ck_assert_str_eq(variable(contract, "check", "dev").preset.text, "");
}
END_TEST

START_TEST(contract_reads_rules)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_contract contract = parse(sample, &err);
    assert_ok(contract != NULL, err);
    ck_assert_uint_eq(bulla_contract_rule_count(contract), 4);
    ck_assert_uint_eq(bulla_contract_exposed_grace(contract, "dev"), 14 * 86400);
    const struct bulla_check_rule *rule = bulla_contract_rule(contract, 0);
    ck_assert_str_eq(rule->rule, "B401");
    ck_assert_str_eq(rule->file, "docker/compose.yml");
    ck_assert_str_eq(rule->reason, "it is a local one");
    ck_assert_ptr_null(rule->environment);
    assert_pos(rule->pos, 19, 10);
    rule = bulla_contract_rule(contract, 1);
    ck_assert_ptr_null(rule->file);
    ck_assert_str_eq(rule->reason, "laptops only");
    ck_assert_str_eq(rule->environment, "dev");
    rule = bulla_contract_rule(contract, 2);
    ck_assert_str_eq(rule->rule, "B203");
    ck_assert(rule->off);
    ck_assert_ptr_null(rule->reason);
    rule = bulla_contract_rule(contract, 3);
    ck_assert(!rule->off);
    ck_assert_int_eq(rule->severity, BULLA_ERROR);
}
END_TEST

START_TEST(contract_reads_live_services)
{
    static const char text[] = "[apply db]\ndriver = mysql\nthrough = direct\nhost = db.local\n"
                               "host@prod = db.example.com\nport = 3307\nca = ca.pem\n"
                               "strategy = alternate\nusers = app_a, app_b\n"
                               "[apply grafana]\ndriver = hook\nhook = ./turn\ntimeout = 2m\n"
                               "[apply cache]\ndriver = redis\nthrough = exec:redis\n"
                               "[environment dev]\n[environment prod]\n";
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_contract contract = parse(text, &err);
    assert_ok(contract != NULL, err);
    ck_assert_uint_eq(bulla_contract_apply_count(contract), 3);
    struct bulla_apply apply;
    bulla_contract_apply(contract, 0, "prod", &apply);
    ck_assert_int_eq(apply.driver, BULLA_APPLY_MYSQL);
    ck_assert_str_eq(apply.host.text, "db.example.com");
    ck_assert_uint_eq(apply.port, 3307);
    ck_assert(apply.direct && apply.tls);
    ck_assert_int_eq(apply.strategy, BULLA_APPLY_ALTERNATE);
    ck_assert_uint_eq(apply.timeout_seconds, 30);
    bulla_contract_apply(contract, 0, "dev", &apply);
    ck_assert_str_eq(apply.host.text, "db.local");
    size_t index = 0;
    ck_assert(bulla_contract_find_apply(contract, "grafana", &index));
    bulla_contract_apply(contract, index, NULL, &apply);
    ck_assert_int_eq(apply.driver, BULLA_APPLY_HOOK);
    ck_assert_str_eq(apply.hook.text, "./turn");
    ck_assert_uint_eq(apply.timeout_seconds, 120);
    bulla_contract_apply(contract, 2, NULL, &apply);
    ck_assert_str_eq(apply.service, "redis");
    ck_assert(!apply.direct && !apply.tls);
    ck_assert_int_eq(apply.driver, BULLA_APPLY_REDIS);
    ck_assert(!bulla_contract_find_apply(contract, "mongo", &index));
}
END_TEST

START_TEST(contract_accepts_crlf_bom_tabs_and_no_final_newline)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_contract contract =
        parse("\xEF\xBB\xBF[A]\r\nkind\t=\thex:32\r\n\r\n# last\r\n[B]\r\nnote = x", &err);
    assert_ok(contract != NULL, err);
    ck_assert_str_eq(variable(contract, "A", NULL).kind.text, "hex:32");
    assert_pos(variable(contract, "A", NULL).pos, 1, 2);
    assert_pos(variable(contract, "A", NULL).kind.pos, 2, 8);
    ck_assert_str_eq(variable(contract, "B", NULL).note.text, "x");
}
END_TEST

START_TEST(contract_takes_section_names_up_to_the_vaults_limit)
{
    char text[2 * BULLA_MAX_NAME_BYTES + 64];
    char one[BULLA_MAX_NAME_BYTES + 1];
    memset(one, 'A', BULLA_MAX_NAME_BYTES);
    one[BULLA_MAX_NAME_BYTES] = '\0';
    char two[BULLA_MAX_NAME_BYTES + 1];
    memcpy(two, one, sizeof two);
    two[BULLA_MAX_NAME_BYTES - 1] = 'B';
    (void)snprintf(text, sizeof text, "[%s]\nkind = hex:16\n[%s]\nkind = hex:32\n", one, two);
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_contract contract = parse(text, &err);
    assert_ok(contract != NULL, err);
    ck_assert_str_eq(variable(contract, one, NULL).kind.text, "hex:16");
    ck_assert_str_eq(variable(contract, two, NULL).kind.text, "hex:32");
}
END_TEST

#define A50 "AAAAAAAAAABBBBBBBBBBCCCCCCCCCCDDDDDDDDDDEEEEEEEEEE"
#define A196 A50 A50 A50 "AAAAAAAAAABBBBBBBBBBCCCCCCCCCCDDDDDDDDDDEEEEEE"

static const struct {
    const char *what;
    struct bulla_bytes text;
    enum bulla_code code;
    uint32_t line, col;
    const char *hint; /* part of it; "" where it does not matter */
} refused[] = {
    /* The reader. */
    {"a byte that is no UTF-8", TEXT("[A]\nnote = \xc3\xa4\xff"), BULLA_E_SYNTAX, 2, 9, ""},
    {"a NUL", TEXT("[A]\nno\0te = x\n"), BULLA_E_SYNTAX, 2, 3, "remove"},
    {"a carriage return inside a line", TEXT("[A]\nnote = a\rb\n"), BULLA_E_SYNTAX, 2, 9, ""},
    {"a character that turns text around",
     TEXT("[A]\nnote = a\xE2\x80\xAE"
          "b\n"),
     BULLA_E_SYNTAX, 2, 9, ""},
    {"a byte order mark inside", TEXT("[A]\n\xEF\xBB\xBFnote = x\n"), BULLA_E_SYNTAX, 2, 1, ""},
    {"a semicolon behind a blank", TEXT("[A]\nnote = pass ;word\n"), BULLA_E_SYNTAX, 2, 13,
     "own line"},
    {"a semicolon at the start of a value", TEXT("[A]\nnote = ;x\n"), BULLA_E_SYNTAX, 2, 8,
     "own line"},
    {"a semicolon in a continuation", TEXT("[A]\nnote = a\n  b\t; c\n"), BULLA_E_SYNTAX, 3, 5,
     "own line"},
    {"a line of 200 bytes", TEXT("[A]\nx-a=" A196 "\n"), BULLA_E_SYNTAX, 2, 200, "'\\'"},
    {"a continuation of 201 bytes", TEXT("[A]\nx-a=\n     " A196 "\n"), BULLA_E_SYNTAX, 3, 200,
     "'\\'"},
    {"text behind a section", TEXT("[A] ; note\n"), BULLA_E_SYNTAX, 1, 5, "own line"},
    {"a section that is not closed", TEXT("[A\n"), BULLA_E_SYNTAX, 1, 3, ""},
    {"a section without a name", TEXT("[ ]\n"), BULLA_E_SYNTAX, 1, 3, ""},
    {"an environment without a name", TEXT("[environment]\n"), BULLA_E_SYNTAX, 1, 2,
     "[variable environment]"},
    {"a check with a name", TEXT("[check x]\n"), BULLA_E_SYNTAX, 1, 8, ""},
    {"an unknown kind of section", TEXT("[enviroment prod]\n"), BULLA_E_INVALID, 1, 2,
     "[environment NAME]"},
    {"a variable's name with a '$'", TEXT("[A$]\n"), BULLA_E_INVALID, 1, 2, "letters"},
    {"a variable's name with three words", TEXT("[variable a b]\n"), BULLA_E_INVALID, 1, 11, ""},
    {"a name that begins with a digit", TEXT("[1A]\n"), BULLA_E_INVALID, 1, 2, ""},
    {"a name of 129 bytes", TEXT("[" A50 A50 "ABCDEFGHIJKLMNOPQRSTUVWXYZABC]\n"), BULLA_E_INVALID,
     1, 2, "128"},
    {"an environment in capitals", TEXT("[environment Prod]\n"), BULLA_E_INVALID, 1, 14, "a-z"},
    {"the same variable twice", TEXT("[A]\n[B]\n[variable A]\n"), BULLA_E_INVALID, 3, 11, "one"},
    {"[bulla] twice", TEXT("[bulla]\n[bulla]\n"), BULLA_E_INVALID, 2, 2, ""},
    {"a key twice", TEXT("[A]\nnote = x\nnote = y\n"), BULLA_E_INVALID, 3, 1, ""},
    {"a key with an environment twice",
     TEXT("[environment dev]\n[A]\nnote = x\nnote@dev = y\nnote@dev = z\n"), BULLA_E_INVALID, 5, 1,
     ""},
    {"a key before the first section", TEXT("note = x\n"), BULLA_E_SYNTAX, 1, 1, "[bulla]"},
    {"a line without '='", TEXT("[A]\nnote\n"), BULLA_E_SYNTAX, 2, 1, "comment"},
    {"a colon in the place of '='", TEXT("[A]\nnote : x\n"), BULLA_E_SYNTAX, 2, 6, "'='"},
    {"a key of two words", TEXT("[A]\nmy note = x\n"), BULLA_E_SYNTAX, 2, 4, ""},
    {"a line that begins with '='", TEXT("[A]\n= x\n"), BULLA_E_SYNTAX, 2, 1, ""},
    {"a key of 50 bytes", TEXT("[A]\nx-" A50 " = x\n"), BULLA_E_SYNTAX, 2, 1, ""},
    {"a continuation of nothing", TEXT("[A]\n  kind = hex:32\n"), BULLA_E_SYNTAX, 2, 3, "column 1"},
    {"an indented key", TEXT("[A]\nnote = x\n  rotate = 30d\n"), BULLA_E_SYNTAX, 3, 3, "column 1"},
    {"'@' without an environment", TEXT("[A]\nnote@ = x\n"), BULLA_E_SYNTAX, 2, 6, ""},
    /* Keys. */
    {"an unknown key", TEXT("[A]\nkimd = hex:32\n"), BULLA_E_INVALID, 2, 1, "'kind'"},
    {"a key of another section", TEXT("[bulla]\nkind = hex:32\n"), BULLA_E_INVALID, 2, 1, "x-"},
    {"a key without a value", TEXT("[A]\nkind =\n"), BULLA_E_INVALID, 2, 1, ""},
    {"an unknown environment behind '@'", TEXT("[environment prod]\n[A]\nnote@prd = x\n"),
     BULLA_E_INVALID, 3, 6, "'prod'"},
    {"of two environments that are near, the nearer",
     TEXT("[bulla]\nenvironments = stage, staging\n[A]\nnote@stagin = x\n"), BULLA_E_INVALID, 4, 6,
     "'staging'"},
    {"a fixed key with '@'", TEXT("[bulla]\nkeep@dev = 3\n"), BULLA_E_INVALID, 2, 6, ""},
    /* [bulla] and [environment]. */
    {"a newer format", TEXT("[bulla]\nformat = 2\n"), BULLA_E_INVALID, 2, 10, "newer"},
    {"a format that is no number", TEXT("[bulla]\nformat = one\n"), BULLA_E_INVALID, 2, 10, ""},
    {"an environment twice", TEXT("[bulla]\nenvironments = a, b, a\n"), BULLA_E_INVALID, 2, 22, ""},
    {"an empty environment", TEXT("[bulla]\nenvironments = a,, b\n"), BULLA_E_INVALID, 2, 18, ""},
    {"a bad environment's name", TEXT("[bulla]\nenvironments = a, B\n"), BULLA_E_INVALID, 2, 19,
     "a-z"},
    {"an environment that is not listed",
     TEXT("[bulla]\nenvironments = dev, prod\n[environment prdo]\n"), BULLA_E_INVALID, 3, 14,
     "'prod'"},
    {"a default that is not listed", TEXT("[bulla]\nenvironments = dev\ndefault = live\n"),
     BULLA_E_INVALID, 3, 11, "environments"},
    {"a bad period", TEXT("[bulla]\nrotate = 90\n"), BULLA_E_INVALID, 2, 10, "90d"},
    {"a bad period of one environment", TEXT("[bulla]\nenvironments = a, b\nrotate@b = soon\n"),
     BULLA_E_INVALID, 3, 12, "90d"},
    {"a bad 'keep'", TEXT("[bulla]\nkeep = -1\n"), BULLA_E_INVALID, 2, 8, ""},
    {"'protected' that is neither", TEXT("[environment dev]\nprotected = maybe\n"), BULLA_E_INVALID,
     2, 13, ""},
    {"a compose file twice", TEXT("[environment dev]\ncompose = a.yml,\n  a.yml\n"),
     BULLA_E_INVALID, 3, 3, ""},
    /* [check]. */
    {"a rule that is none", TEXT("[check]\nignore = X1 why\n"), BULLA_E_INVALID, 2, 10, "B101"},
    {"a severity of no rule", TEXT("[check]\nseverity.foo = off\n"), BULLA_E_INVALID, 2, 10, ""},
    {"a severity that is none", TEXT("[check]\nseverity.B101 = fatal\n"), BULLA_E_INVALID, 2, 17,
     "one of note, warning, error, off"},
    {"an ignored rule without a reason", TEXT("[check]\nignore = B101 .env\n"), BULLA_E_INVALID, 2,
     10, "WHY"},
    {"a grace that is no length of time", TEXT("[check]\nexposed-grace = soon\n"), BULLA_E_INVALID,
     2, 17, "90d"},
    {"a grace of one environment that is none",
     TEXT("[bulla]\nenvironments = a, b\n[check]\nexposed-grace@b = 3\n"), BULLA_E_INVALID, 4, 19,
     "90d"},
    {"an unknown key of [check]", TEXT("[check]\nignor = B101 x\n"), BULLA_E_INVALID, 2, 1,
     "'ignore'"},
    /* Variables. */
    {"'value' of a secret", TEXT("[A]\nkind = hex:32\nvalue = x\n"), BULLA_E_INVALID, 3, 1,
     "derived"},
    {"a derived one without 'value'", TEXT("[A]\nkind = derived\n"), BULLA_E_INVALID, 2, 8, ""},
    {"a derived one with 'default'", TEXT("[A]\nkind = derived\nvalue = x\ndefault = y\n"),
     BULLA_E_INVALID, 4, 1, ""},
    {"a derived one that turns", TEXT("[A]\nkind = derived\nvalue = x\nrotate = 1d\n"),
     BULLA_E_INVALID, 4, 1, ""},
    {"a setting that turns", TEXT("[A]\nkind = setting\nrotate = 1d\n"), BULLA_E_INVALID, 3, 1, ""},
    {"an unknown type", TEXT("[A]\ntype = numbr\n"), BULLA_E_INVALID, 2, 8, "'number'"},
    {"a range of a URL", TEXT("[A]\ntype = url\nrange = 0..1\n"), BULLA_E_INVALID, 3, 1, ""},
    {"a range without dots", TEXT("[A]\nrange = 5\n"), BULLA_E_INVALID, 2, 9, "LEAST..MOST"},
    {"a range of words", TEXT("[A]\nrange = 0..many\n"), BULLA_E_INVALID, 2, 12, ""},
    {"a range of nothing", TEXT("[A]\nrange = ..\n"), BULLA_E_INVALID, 2, 9, ""},
    {"a range that is turned around", TEXT("[A]\nrange = 9..1\n"), BULLA_E_INVALID, 2, 9, ""},
    {"a broken pattern", TEXT("[A]\nmatch = ab[c\n"), BULLA_E_INVALID, 2, 13, ""},
    {"a broken pattern on its second line", TEXT("[A]\nmatch = a\\\n   (b\n"), BULLA_E_INVALID, 3,
     6, ""},
    {"a word twice in one-of", TEXT("[A]\none-of = a, b, a\n"), BULLA_E_INVALID, 2, 16, ""},
    {"a minimum that is no number", TEXT("[A]\nmin-length = x\n"), BULLA_E_INVALID, 2, 14, ""},
    {"a maximum below the minimum", TEXT("[A]\nmin-length = 5\nmax-length = 4\n"), BULLA_E_INVALID,
     3, 14, ""},
    {"an entropy that is no number", TEXT("[A]\nmin-entropy = much\n"), BULLA_E_INVALID, 2, 15, ""},
    {"'optional' that is neither", TEXT("[A]\noptional = 2\n"), BULLA_E_INVALID, 2, 12, ""},
    {"an unknown other variable", TEXT("[PASSWORD]\n[A]\ndiffers = PASWORD\n"), BULLA_E_INVALID, 3,
     11, "'PASSWORD'"},
    {"itself as the other variable", TEXT("[A]\nsame-as = A\n"), BULLA_E_INVALID, 2, 11, ""},
    {"the second of two requirements", TEXT("[A]\n[B]\nrequires = A, C\n"), BULLA_E_INVALID, 3, 15,
     ""},
    {"a service that has no section",
     TEXT("[A]\napply = pg\n[apply pgs]\ndriver = hook\nhook = x\n"), BULLA_E_INVALID, 2, 9,
     "'pgs'"},
    {"previous-as that is no name", TEXT("[A]\nprevious-as = a b\n"), BULLA_E_INVALID, 2, 15, ""},
    {"previous-as itself", TEXT("[A]\nprevious-as = A\n"), BULLA_E_INVALID, 2, 15, ""},
    {"a bad overlap", TEXT("[A]\nkeep-previous = 0h\n"), BULLA_E_INVALID, 2, 17, "24h"},
    {"a kind that only one environment breaks",
     TEXT("[environment dev]\n[A]\nkind = hex:32\nkind@dev = derived\n"), BULLA_E_INVALID, 4, 12,
     ""},
    /* [apply NAME]. */
    {"a service without a driver", TEXT("[apply db]\nuser = x\n"), BULLA_E_INVALID, 1, 8, ""},
    {"an unknown driver", TEXT("[apply db]\ndriver = postgress\n"), BULLA_E_INVALID, 2, 10,
     "'postgres'"},
    {"a service without a way", TEXT("[apply db]\ndriver = postgres\n"), BULLA_E_INVALID, 1, 8, ""},
    {"an unknown way", TEXT("[apply db]\ndriver = redis\nthrough = ssh\n"), BULLA_E_INVALID, 3, 11,
     "exec:SERVICE"},
    {"a direct way without a host", TEXT("[apply db]\ndriver = redis\nthrough = direct\n"),
     BULLA_E_INVALID, 1, 8, ""},
    {"a host for exec", TEXT("[apply db]\ndriver = redis\nthrough = exec:r\nhost = h\n"),
     BULLA_E_INVALID, 4, 1, ""},
    {"a service without a user", TEXT("[apply db]\ndriver = mysql\nthrough = exec:db\n"),
     BULLA_E_INVALID, 1, 8, ""},
    {"a port of 70000",
     TEXT("[apply db]\ndriver = redis\nthrough = direct\nhost = h\nport = 70000\n"),
     BULLA_E_INVALID, 5, 8, ""},
    {"a ca without tls",
     TEXT("[apply db]\ndriver = redis\nthrough = direct\nhost = h\ntls = off\nca = x\n"),
     BULLA_E_INVALID, 6, 1, ""},
    {"users that do not take turns",
     TEXT("[apply db]\ndriver = redis\nthrough = exec:r\nusers = a, b\n"), BULLA_E_INVALID, 4, 1,
     ""},
    {"turns of one user",
     TEXT("[apply db]\ndriver = redis\nthrough = exec:r\nstrategy = alternate\nusers = a\n"),
     BULLA_E_INVALID, 4, 12, "app_a"},
    {"an admin that is no variable",
     TEXT("[apply db]\ndriver = redis\nthrough = exec:r\nadmin = ROOT\n"), BULLA_E_INVALID, 4, 9,
     ""},
    {"a hook without a program", TEXT("[apply db]\ndriver = hook\n"), BULLA_E_INVALID, 1, 8, ""},
    {"a hook with a user", TEXT("[apply db]\ndriver = hook\nhook = x\nuser = y\n"), BULLA_E_INVALID,
     4, 1, ""},
    {"a program without a hook", TEXT("[apply db]\ndriver = redis\nthrough = exec:r\nhook = x\n"),
     BULLA_E_INVALID, 4, 1, ""},
    {"a bad timeout", TEXT("[apply db]\ndriver = hook\nhook = x\ntimeout = 5\n"), BULLA_E_INVALID,
     4, 11, "90s"},
};

START_TEST(contract_refuses_with_place_and_remedy)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_contract contract = bulla_contract_parse(refused[_i].text, "bulla.ini", &err);
    ck_assert_msg(contract == NULL, "accepted %s", refused[_i].what);
    ck_assert_msg(err.code == refused[_i].code, "%s: code %d: %s", refused[_i].what, err.code,
                  err.message);
    ck_assert_msg(err.pos.line == refused[_i].line && err.pos.col == refused[_i].col,
                  "%s: at %u:%u: %s", refused[_i].what, err.pos.line, err.pos.col, err.message);
    ck_assert_str_eq(err.file, "bulla.ini");
    ck_assert_msg(strstr(err.hint, refused[_i].hint) != NULL, "%s: hint '%s'", refused[_i].what,
                  err.hint);
}
END_TEST

START_TEST(contract_refuses_what_is_too_much)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf text = {0};
    bulla_buf_init(&text, 2 * BULLA_MAX_CONTRACT_BYTES);
    bulla_buf_puts(&text, "[A]\n");
    for (int i = 0; i < 1025; i++) {
        bulla_buf_printf(&text, "x-%d = y\n", i);
    }
    ck_assert_ptr_null(bulla_contract_parse(bulla_buf_view(&text), "bulla.ini", &err));
    ck_assert_int_eq(err.code, BULLA_E_LIMIT);
    assert_pos(err.pos, 1026, 1);

    bulla_buf_clear(&text);
    bulla_buf_puts(&text, "[bulla]\nenvironments = e");
    for (int i = 0; i < 64; i++) {
        bulla_buf_printf(&text, ",\n e%d", i);
    }
    ck_assert_ptr_null(bulla_contract_parse(bulla_buf_view(&text), "bulla.ini", &err));
    ck_assert_int_eq(err.code, BULLA_E_LIMIT);
    assert_pos(err.pos, 66, 2);

    bulla_buf_clear(&text);
    while (bulla_buf_view(&text).len <= BULLA_MAX_CONTRACT_BYTES) {
        bulla_buf_puts(&text, "; ................................................\n");
    }
    ck_assert_ptr_null(bulla_contract_parse(bulla_buf_view(&text), "bulla.ini", &err));
    ck_assert_int_eq(err.code, BULLA_E_LIMIT);
}
END_TEST

#define ZEROS_30 "000000000000000000000000000000"
#define ZEROS_150 ZEROS_30 ZEROS_30 ZEROS_30 ZEROS_30 ZEROS_30
#define ZEROS_300 ZEROS_150 ZEROS_150

static const struct {
    const char *what;
    const char *keys; /* of the variable V */
    const char *value;
    const char *reason; /* NULL: fits */
} values[] = {
    {"any text", "", "x y", NULL},
    {"a number", "type = number\n", "-12.5e3", NULL},
    {"no number", "type = number\n", "12,5", "is not a number"},
    {"not a number is no number", "type = number\n", "nan", "is not a number"},
    {"a huge number", "type = number\n", "1e999", "is not a number"},
    {"an integer", "type = integer\n", "+42", NULL},
    {"a fraction is no integer", "type = integer\n", "4.0", "is not a whole number"},
    {"a boolean", "type = boolean\n", "True", NULL},
    {"no boolean", "type = boolean\n", "maybe", "is not true or false"},
    {"a port", "type = port\n", "65535", NULL},
    {"port 0", "type = port\n", "0", "is not a port"},
    {"a port too high", "type = port\n", "65536", "is not a port"},
    {"a URL", "type = url\n", "postgresql+asyncpg://app:p%40ss@db:5432/app?x=1", NULL},
    {"a list of hosts", "type = url\n", "mongodb://u:p@a:1,b:2/db", NULL},
    {"no scheme", "type = url\n", "db:5432/app", "is not a URL"},
    {"no host", "type = url\n", "redis://", "without a host"},
    {"a blank in a URL", "type = url\n", "http://a b/", "a blank"},
    {"a bad escape in a URL", "type = url\n", "http://u:100%@h/", "begins no escape"},
    {"a raw '@' in a password", "type = url\n", "http://u:a@b@h/", "%40"},
    {"an address", "type = email\n", "ops+x@example.com", NULL},
    {"no address", "type = email\n", "ops@", "e-mail"},
    {"a host", "type = host\n", "my_db.local", NULL},
    {"an IPv6 address", "type = host\n", "::1", NULL},
    {"a host with a port", "type = host\n", "db:5432", "host"},
    {"a path", "type = path\n", "/var/lib/My Data", NULL},
    {"an empty path", "type = path\n", "", "path"},
    {"a duration", "type = duration\n", "1h30m", NULL},
    {"a duration without a unit", "type = duration\n", "30", "duration"},
    {"a duration past all numbers", "type = duration\n", "9" ZEROS_300 "000000w", "duration"},
    {"a size", "type = size\n", "1.5GiB", NULL},
    {"a size past all numbers", "type = size\n", "9" ZEROS_300 "p", "size"},
    {"a size with a strange unit", "type = size\n", "5x", "size"},
    {"one of them", "one-of = DEBUG, INFO\n", "INFO", NULL},
    {"none of them", "one-of = DEBUG, INFO\n", "info", "is none of: DEBUG, INFO"},
    {"inside", "range = 0..10\n", "10", NULL},
    {"outside", "range = 0..10\n", "10.5", "is outside 0..10"},
    {"half open", "range = 5..\n", "4", "is outside 5.."},
    {"a range of durations", "type = duration\nrange = 10s..5m\n", "301s", "is outside"},
    {"a range of sizes", "type = size\nrange = 1m..2g\n", "2048m", NULL},
    {"too short", "min-length = 4\n", "abc", "is shorter than 4 bytes"},
    {"too long", "max-length = 2\n", "abc", "is longer than 2 bytes"},
    {"too predictable", "min-entropy = 20\n", "aaaaaaaaaaaaaaaa", "less than 20 bits"},
    {"random enough", "min-entropy = 20\n", "q8Zf3kLw", NULL},
    {"a match", "match = [a-z]+\n", "abc", NULL},
    {"a match of a part", "match = [a-z]+\n", "abc1", "does not match"},
};

START_TEST(previous_names_are_known_in_every_environment)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_contract contract = parse(
        "[bulla]\nenvironments = dev, prod\n[B]\nprevious-as = Z\n[A]\nprevious-as@prod = Y\n",
        &err);
    assert_ok(contract != NULL, err);
    ck_assert(bulla_contract_is_previous(contract, "Z"));
    ck_assert(bulla_contract_is_previous(contract, "Y"));
    ck_assert(!bulla_contract_is_previous(contract, "A"));
    ck_assert(!bulla_contract_is_previous(contract, "X"));
}
END_TEST

START_TEST(variable_check_says_what_is_wrong)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    char text[256];
    (void)snprintf(text, sizeof text, "[V]\nkind = setting\n%s", values[_i].keys);
    bulla_auto_contract contract = parse(text, &err);
    assert_ok(contract != NULL, err);
    struct bulla_variable v = variable(contract, "V", NULL);
    bulla_auto_buf reason = {0};
    bulla_buf_init(&reason, 4096);
    bool fits = false;
    assert_ok(bulla_variable_check(&v, bulla_bytes_of(values[_i].value), &fits, &reason, &err),
              err);
    const char *why = bulla_buf_text(&reason, &err);
    ck_assert_msg(fits == (values[_i].reason == NULL), "%s: %s", values[_i].what, why);
    ck_assert_msg(values[_i].reason == NULL || strstr(why, values[_i].reason) != NULL, "%s: %s",
                  values[_i].what, why);
}
END_TEST

START_TEST(variable_check_stops_an_endless_pattern)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_contract contract = parse("[V]\nmatch = (a+)+b\n", &err);
    assert_ok(contract != NULL, err);
    struct bulla_variable v = variable(contract, "V", NULL);
    bulla_auto_buf reason = {0};
    bulla_buf_init(&reason, 4096);
    bool fits = true;
    ck_assert(!bulla_variable_check(&v, LIT("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaacb"),
                                    &fits, &reason, &err));
    ck_assert_int_eq(err.code, BULLA_E_LIMIT);
    ck_assert(!fits);
}
END_TEST

static const struct {
    const char *what;
    const char *text;
    const char *written; /* NULL: whatever reads back */
} written[] = {
    {"a short text", "hex:32", "key = hex:32\n"},
    {"an empty text", "", "key =\n"},
    {"a long word", A196 A196 A196, NULL},
    {"a long text with blanks", A50 " " A50 " b  c " A50 " " A50 " " A50, NULL},
    {"backslashes at every break", A196 "\\\\\\\\" A196 "\\\\", NULL},
    {"a semicolon without a blank", "a;b;c", "key = a;b;c\n"},
    {"hashes all over", "#################" A196 "########################", NULL},
    {"UTF-8 across the break", A196 "ääääääääääääääääääääääääääää", NULL},
    {"what looks like keys", A50 A50 A50 " kind = x rotate = y kind=kind= note = " A50, NULL},
    {"a final backslash", "C:\\dir\\", "key = C:\\dir\\\n"},
};

START_TEST(contract_writes_what_reads_back)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf out = {0};
    bulla_buf_init(&out, 65536);
    bulla_buf_puts(&out, "[V]\n");
    assert_ok(bulla_contract_write_setting("default", written[_i].text, &out, &err), err);
    bulla_buf_puts(&out, "note = last\n");
    bulla_auto_contract contract = bulla_contract_parse(bulla_buf_view(&out), "bulla.ini", &err);
    assert_ok(contract != NULL, err);
    struct bulla_variable v = variable(contract, "V", NULL);
    ck_assert_msg(strcmp(v.preset.text, written[_i].text) == 0, "%s: %s", written[_i].what,
                  v.preset.text);
    ck_assert_str_eq(v.note.text, "last");
    if (written[_i].written != NULL) {
        bulla_buf_clear(&out);
        assert_ok(bulla_contract_write_setting("key", written[_i].text, &out, &err), err);
        ck_assert_str_eq(bulla_buf_text(&out, &err), written[_i].written);
    }
}
END_TEST

static const char *const unwritable[] = {"a ;b",  " a",   "a ",  "a\nb",
                                         "a\x01", "\xff", "; a", "a\t;"};

START_TEST(contract_refuses_to_write_what_would_not_read_back)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf out = {0};
    bulla_buf_init(&out, 65536);
    ck_assert_msg(!bulla_contract_write_setting("default", unwritable[_i], &out, &err), "%s",
                  unwritable[_i]);
    ck_assert_int_eq(err.code, BULLA_E_REFUSED);
    ck_assert_uint_eq(bulla_buf_view(&out).len, 0);
}
END_TEST

START_TEST(contract_tells_what_is_said_and_where)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_contract contract = parse("[bulla]\nformat = 1\nenvironments = dev, prod\n"
                                         "rotate = 90d\n[A]\nkind = hex:32\nnote = one\n"
                                         "note@prod = two\nx-team = core\n[S]\nkind = setting\n",
                                         &err);
    static const struct {
        const char *environment, *key, *text;
        uint32_t line;
        bool project;
    } wanted[] = {
        {NULL, "kind", "hex:32", 6, false},   {NULL, "note", "one", 7, false},
        {NULL, "x-team", "core", 9, false},   {NULL, "rotate", "90d", 4, true},
        {"prod", "kind", "hex:32", 6, false}, {"prod", "note", "two", 8, false},
        {"prod", "x-team", "core", 9, false}, {"prod", "rotate", "90d", 4, true},
    };
    struct bulla_saying saying;
    ck_assert_ptr_nonnull(contract);
    for (size_t i = 0; i < COUNT(wanted); i++) {
        ck_assert(bulla_contract_saying(contract, 0, wanted[i].environment, i % 4, &saying));
        ck_assert_str_eq(saying.key, wanted[i].key);
        ck_assert_str_eq(saying.value.text, wanted[i].text);
        ck_assert_uint_eq(saying.value.pos.line, wanted[i].line);
        ck_assert_int_eq(saying.project, wanted[i].project);
    }
    ck_assert(!bulla_contract_saying(contract, 0, "prod", 4, &saying));
    ck_assert(!bulla_contract_saying(contract, 0, NULL, 5, &saying));
    /* A setting does not turn. */
    ck_assert(bulla_contract_saying(contract, 1, NULL, 0, &saying));
    ck_assert(!bulla_contract_saying(contract, 1, NULL, 1, &saying));
}
END_TEST

START_TEST(contract_survives_every_failed_allocation)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    for (unsigned long nth = 1;; nth++) {
        bulla_mem_fail_at(nth);
        bulla_auto_contract contract = parse(sample, &err);
        bulla_mem_fail_at(0);
        if (contract != NULL) {
            ck_assert_uint_gt(nth, 5);
            break;
        }
        ck_assert_msg(err.code == BULLA_E_NOMEM, "%lu: %s", nth, err.message);
        ck_assert_uint_lt(nth, 1000);
    }
}
END_TEST

START_TEST(type_entropy_counts_distinct_bytes)
{
    ck_assert(type_entropy(LIT("")) < 0.001);
    ck_assert(type_entropy(LIT("aaaaaaaa")) < 0.001);
    double bits = type_entropy(LIT("abcdefgh"));
    ck_assert(bits > 23.9 && bits < 24.1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("contract");
    TCase *tcase = tcase_create("contract");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, contract_reads_the_project);
    tcase_add_test(tcase, contract_reads_environments);
    tcase_add_test(tcase, contract_without_environments_has_dev);
    tcase_add_test(tcase, contract_tells_roles_and_rotation_apart);
    tcase_add_test(tcase, contract_joins_continuation_lines_and_keeps_places);
    tcase_add_test(tcase, contract_tells_the_grace_of_exposed_values);
    tcase_add_test(tcase, contract_overrides_by_environment);
    tcase_add_test(tcase, contract_reads_ranges_and_empty_defaults);
    tcase_add_test(tcase, contract_reads_rules);
    tcase_add_test(tcase, contract_reads_live_services);
    tcase_add_test(tcase, contract_accepts_crlf_bom_tabs_and_no_final_newline);
    tcase_add_test(tcase, contract_takes_section_names_up_to_the_vaults_limit);
    tcase_add_loop_test(tcase, contract_refuses_with_place_and_remedy, 0, COUNT(refused));
    tcase_add_test(tcase, contract_refuses_what_is_too_much);
    tcase_add_test(tcase, previous_names_are_known_in_every_environment);
    tcase_add_loop_test(tcase, variable_check_says_what_is_wrong, 0, COUNT(values));
    tcase_add_test(tcase, variable_check_stops_an_endless_pattern);
    tcase_add_loop_test(tcase, contract_writes_what_reads_back, 0, COUNT(written));
    tcase_add_loop_test(tcase, contract_refuses_to_write_what_would_not_read_back, 0,
                        COUNT(unwritable));
    tcase_add_test(tcase, contract_tells_what_is_said_and_where);
    tcase_add_test(tcase, contract_survives_every_failed_allocation);
    tcase_add_test(tcase, type_entropy_counts_distinct_bytes);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
