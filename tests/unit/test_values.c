#include <stdio.h>
#include <string.h>
#include <time.h>

#include "bulla/limits.h"
#include "bulla/mem.h"
#include "bulla/values.h"

#include "fake_vault.h"
#include "unit.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof(array)[0]))

static const char sample[] = "[bulla]\nenvironments = dev, prod\n"
                             "[URL]\n" /* line 3 */
                             "kind = derived\n"
                             "value = pg://{{ USER }}:\\\n"
                             "  {{ PASSWORD | url }}@db/{{ NAME }}\n"
                             "[LONG]\n"
                             "kind = derived\n"
                             "value = {{ URL }}?x={{ PASSWORD }}\n"
                             "[USER]\n"
                             "kind = setting\n"
                             "default = app\n"
                             "default@prod = live\n"
                             "[PASSWORD]\n"
                             "kind = password:8\n"
                             "previous-as = PASSWORD_OLD\n"
                             "[NAME]\n"
                             "kind = setting\n"
                             "[KEY]\n"
                             "optional = yes\n"
                             "[TOKEN]\n";

static struct bulla_contract *parse(const char *text)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct bulla_contract *contract = bulla_contract_parse(bulla_bytes_of(text), "bulla.ini", &err);
    assert_ok(contract != NULL, err);
    return contract;
}

static void assert_row(const struct bulla_values *values, const char *name,
                       enum bulla_value_state state, enum bulla_value_source source,
                       const char *bytes)
{
    const struct bulla_value *row = bulla_values_find(values, name);
    ck_assert_msg(row != NULL, "%s", name);
    ck_assert_str_eq(row->variable.name, name);
    ck_assert_msg(row->state == state, "%s is %s", name, bulla_value_state_name(row->state));
    ck_assert_msg(row->source == source, "%s comes from %d", name, row->source);
    ck_assert_msg(bulla_bytes_are(row->bytes, bytes), "%s", name);
    if (row->state == BULLA_VALUE_SET) {
        ck_assert_uint_eq(row->bytes.data[row->bytes.len], 0);
    }
}

static const struct held two[] = {{.name = "NAME", .value = "shop"},
                                  {.name = "PASSWORD", .value = "a b/c", .previous = "old"},
                                  {.name = "TOKEN", .value = "t"}};

START_TEST(values_come_from_vault_contract_and_templates)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_contract contract = parse(sample);
    struct bulla_vault vault = {two, 3, true};
    bulla_auto_values values = bulla_values_resolve(contract, "prod", &vault, &err);
    assert_ok(values != NULL, err);
    assert_row(values, "USER", BULLA_VALUE_SET, BULLA_FROM_CONTRACT, "live");
    assert_row(values, "PASSWORD", BULLA_VALUE_SET, BULLA_FROM_VAULT, "a b/c");
    assert_row(values, "NAME", BULLA_VALUE_SET, BULLA_FROM_VAULT, "shop");
    assert_row(values, "URL", BULLA_VALUE_SET, BULLA_FROM_DERIVED, "pg://live:a%20b%2Fc@db/shop");
    assert_row(values, "LONG", BULLA_VALUE_SET, BULLA_FROM_DERIVED,
               "pg://live:a%20b%2Fc@db/shop?x=a b/c");
    assert_row(values, "KEY", BULLA_VALUE_UNSET, BULLA_FROM_NOWHERE, "");
    assert_row(values, "PASSWORD_OLD", BULLA_VALUE_SET, BULLA_FROM_PREVIOUS, "old");
    ck_assert_uint_eq(bulla_values_count(values), 8);
    ck_assert_str_eq(bulla_values_get(values, 0)->variable.name, "URL");
    ck_assert_str_eq(bulla_values_get(values, 7)->variable.name, "PASSWORD_OLD");
    ck_assert_uint_eq(bulla_values_get(values, 7)->variable.pos.line, 16);
    ck_assert(bulla_values_find(values, "PASSWORD")->has_kind);
    ck_assert(!bulla_values_find(values, "USER")->has_kind);
    ck_assert_ptr_null(bulla_values_find(values, "OTHER"));
    ck_assert_uint_eq(bulla_values_state_count(values, BULLA_VALUE_SET), 7);
    ck_assert_uint_eq(bulla_values_stray_count(values), 0);
}
END_TEST

START_TEST(values_without_a_vault_are_missing)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_contract contract = parse(sample);
    bulla_auto_values values = bulla_values_resolve(contract, "dev", NULL, &err);
    assert_ok(values != NULL, err);
    assert_row(values, "USER", BULLA_VALUE_SET, BULLA_FROM_CONTRACT, "app");
    assert_row(values, "TOKEN", BULLA_VALUE_MISSING, BULLA_FROM_NOWHERE, "");
    assert_row(values, "URL", BULLA_VALUE_MISSING, BULLA_FROM_DERIVED, "");
    assert_row(values, "PASSWORD_OLD", BULLA_VALUE_UNSET, BULLA_FROM_PREVIOUS, "");
    ck_assert_str_eq(bulla_values_find(values, "URL")->because, "PASSWORD");
    ck_assert_str_eq(bulla_values_find(values, "LONG")->because, "URL");
}
END_TEST

START_TEST(values_without_a_key_are_sealed)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_contract contract = parse(sample);
    struct bulla_vault vault = {two, 3, false};
    bulla_auto_values values = bulla_values_resolve(contract, "dev", &vault, &err);
    assert_ok(values != NULL, err);
    assert_row(values, "PASSWORD", BULLA_VALUE_SEALED, BULLA_FROM_VAULT, "");
    assert_row(values, "PASSWORD_OLD", BULLA_VALUE_SEALED, BULLA_FROM_PREVIOUS, "");
    assert_row(values, "LONG", BULLA_VALUE_SEALED, BULLA_FROM_DERIVED, "");
    assert_row(values, "USER", BULLA_VALUE_SET, BULLA_FROM_CONTRACT, "app");
}
END_TEST

START_TEST(values_tell_contested_sealed_and_deleted_apart)
{
    static const struct held held[] = {{.name = "KEY", .value = "k", .sealed = true},
                                       {.name = "NAME", .value = "n"},
                                       {.name = "PASSWORD", .value = "x", .contested = true},
                                       {.name = "STRAY", .value = "x"},
                                       {.name = "STRAY_GONE"},
                                       {.name = "TOKEN"},
                                       {.name = "URL", .value = "x"}};
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_contract contract = parse(sample);
    struct bulla_vault vault = {held, 7, true};
    bulla_auto_values values = bulla_values_resolve(contract, "dev", &vault, &err);
    assert_ok(values != NULL, err);
    assert_row(values, "PASSWORD", BULLA_VALUE_CONTESTED, BULLA_FROM_VAULT, "");
    assert_row(values, "KEY", BULLA_VALUE_SEALED, BULLA_FROM_VAULT, "");
    assert_row(values, "TOKEN", BULLA_VALUE_MISSING, BULLA_FROM_NOWHERE, "");
    assert_row(values, "URL", BULLA_VALUE_CONTESTED, BULLA_FROM_DERIVED, "");
    ck_assert_str_eq(bulla_values_find(values, "URL")->because, "PASSWORD");
    ck_assert_uint_eq(bulla_values_stray_count(values), 2);
    ck_assert_str_eq(bulla_values_stray(values, 0), "STRAY");
    ck_assert_str_eq(bulla_values_stray(values, 1), "URL");
}
END_TEST

START_TEST(values_refuse_a_broken_seal)
{
    static const struct held held[] = {{.name = "TOKEN", .value = "x", .broken = true}};
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_contract contract = parse(sample);
    struct bulla_vault vault = {held, 1, true};
    ck_assert_ptr_null(bulla_values_resolve(contract, "dev", &vault, &err));
    ck_assert_int_eq(err.code, BULLA_E_VERIFY);
}
END_TEST

START_TEST(values_previous_ends_with_its_time)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_contract contract = parse("[A]\nprevious-as = OLD\n");
    static const struct held held[] = {{.name = "A", .value = "a", .previous = "b", .until = 1000}};
    struct bulla_vault vault = {held, 1, true};
    static const struct {
        int64_t now;
        enum bulla_value_state state;
        const char *bytes;
    } times[] = {
        {0, BULLA_VALUE_SET, "b"}, {999, BULLA_VALUE_SET, "b"}, {1000, BULLA_VALUE_UNSET, ""}};
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        bulla_auto_values values =
            bulla_values_resolve_at(contract, "dev", &vault, times[i].now, &err);
        assert_ok(values != NULL, err);
        assert_row(values, "OLD", times[i].state, BULLA_FROM_PREVIOUS, times[i].bytes);
    }
}
END_TEST

START_TEST(values_ambiguous_previous_is_contested)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_contract contract = parse("[A]\nprevious-as = OLD\n");
    static const struct held held[] = {
        {.name = "A", .value = "a", .previous = "b", .ambiguous = true}};
    struct bulla_vault vault = {held, 1, true};
    bulla_auto_values values = bulla_values_resolve(contract, "dev", &vault, &err);
    assert_ok(values != NULL, err);
    assert_row(values, "A", BULLA_VALUE_SET, BULLA_FROM_VAULT, "a");
    assert_row(values, "OLD", BULLA_VALUE_CONTESTED, BULLA_FROM_PREVIOUS, "");
}
END_TEST

START_TEST(values_previous_as_may_be_a_variable)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_contract contract = parse("[A]\nkind = hex:4\nprevious-as = A_OLD\n[A_OLD]\n"
                                         "[B]\nprevious-as = B_OLD\n[B_OLD]\n");
    static const struct held held[] = {{.name = "A", .value = "aaaa", .previous = "bbbb"},
                                       {.name = "B", .value = "x", .previous = "y"},
                                       {.name = "B_OLD", .value = "own"}};
    struct bulla_vault vault = {held, 3, true};
    bulla_auto_values values = bulla_values_resolve(contract, "dev", &vault, &err);
    assert_ok(values != NULL, err);
    ck_assert_uint_eq(bulla_values_count(values), 4);
    assert_row(values, "A_OLD", BULLA_VALUE_SET, BULLA_FROM_PREVIOUS, "bbbb");
    assert_row(values, "B_OLD", BULLA_VALUE_SET, BULLA_FROM_VAULT, "own");
}
END_TEST

START_TEST(values_lookup_says_what_compose_would_see)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_contract contract = parse("[A]\nkind = setting\ndefault = a\n"
                                         "[B]\nkind = setting\ndefault =\n[C]\n");
    bulla_auto_values values = bulla_values_resolve(contract, "dev", NULL, &err);
    assert_ok(values != NULL, err);
    struct bulla_bytes bytes = {0};
    ck_assert_int_eq(bulla_values_lookup(values, LIT("A"), &bytes), BULLA_LOOKUP_SET);
    assert_bytes(bytes, "a");
    ck_assert_int_eq(bulla_values_lookup(values, LIT("B"), &bytes), BULLA_LOOKUP_EMPTY);
    ck_assert_int_eq(bulla_values_lookup(values, LIT("C"), &bytes), BULLA_LOOKUP_UNSET);
    ck_assert_int_eq(bulla_values_lookup(values, LIT("A\0B"), &bytes), BULLA_LOOKUP_UNSET);
    ck_assert_int_eq(bulla_values_lookup(values, LIT(""), &bytes), BULLA_LOOKUP_UNSET);
}
END_TEST

static const struct {
    const char *what;
    const char *text;
    enum bulla_code code;
    uint32_t line, col;
    const char *message; /* part of it */
    const char *hint;
} refused[] = {
    {"an unknown kind", "[A]\nkind = hexx:32\n", BULLA_E_INVALID, 2, 8, "", "hex"},
    {"a kind's bad size", "[A]\nkind = hex:0\n", BULLA_E_INVALID, 2, 12, "", ""},
    {"a kind's bad option on its own line", "[A]\nkind = password:24,\\\n  clases=lu\n",
     BULLA_E_INVALID, 3, 3, "", ""},
    {"an open place", "[A]\nkind = derived\nvalue = x{{ B\n[B]\n", BULLA_E_SYNTAX, 3, 10, "", ""},
    {"a name that is no variable", "[A]\nkind = derived\nvalue = ä{{ TOKEM }}\n[TOKEN]\n",
     BULLA_E_INVALID, 3, 13, "'TOKEM'", "'TOKEN'"},
    {"a name that is no variable on the next line",
     "[A]\nkind = derived\nvalue = x\\\n    y{{ C }}\n[B]\n", BULLA_E_INVALID, 4, 9, "'C'", ""},
    {"a reference as Compose has it", "[A]\nkind = derived\nvalue = x://${B}@h\n[B]\n",
     BULLA_E_INVALID, 3, 13, "'${B}'", "{{ B }}"},
    {"a reference with a default", "[A]\nkind = derived\nvalue = x://${B:-y}@h\n[B]\n",
     BULLA_E_INVALID, 3, 13, "'${B}'", "{{ B }}"},
    {"what is no variable's reference",
     "[A]\nkind = derived\nvalue = ${C} $B $${B} ${B ${} ${\n[B]\n", BULLA_OK, 0, 0, "", ""},
    {"a variable derived from itself", "[A]\nkind = derived\nvalue = x{{ A }}\n", BULLA_E_INVALID,
     3, 9, "A needs A", "value of its own"},
    {"a circle of three",
     "[Z]\nkind = derived\nvalue = {{ C }}\n[A]\nkind = derived\nvalue = {{ B }}\n"
     "[B]\nkind = derived\nvalue = {{ C }}{{ D }}\n[C]\nkind = derived\nvalue = {{ A }}\n[D]\n",
     BULLA_E_INVALID, 6, 9, "A needs B needs C needs A", ""},
    {"a value that a filter cannot take",
     "[A]\nkind = derived\nvalue = {{ B | json }}\n[B]\nkind = setting\ndefault = x\n", BULLA_OK, 0,
     0, "", ""},
};

START_TEST(values_refuse_with_place)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_contract contract = parse(refused[_i].text);
    bulla_auto_values values = bulla_values_resolve(contract, "dev", NULL, &err);
    ck_assert_msg((values != NULL) == (refused[_i].code == BULLA_OK), "%s", refused[_i].what);
    ck_assert_msg(err.code == refused[_i].code, "%s: %s", refused[_i].what, err.message);
    ck_assert_msg(err.pos.line == refused[_i].line && err.pos.col == refused[_i].col,
                  "%s: at %u:%u: %s", refused[_i].what, err.pos.line, err.pos.col, err.message);
    ck_assert_msg(strstr(err.message, refused[_i].message) != NULL, "%s", err.message);
    ck_assert_msg(strstr(err.hint, refused[_i].hint) != NULL, "%s", err.hint);
    ck_assert(values != NULL || strcmp(err.file, "bulla.ini") == 0);
}
END_TEST

START_TEST(values_refuse_an_unknown_environment)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_contract contract = parse(sample);
    ck_assert_ptr_null(bulla_values_resolve(contract, "test", NULL, &err));
    ck_assert_int_eq(err.code, BULLA_E_INVALID);
    ck_assert_uint_eq(err.pos.line, 1);
}
END_TEST

START_TEST(values_derived_over_each_other_are_limited)
{
    bulla_auto_buf text = {0};
    bulla_buf_init(&text, 100000);
    bulla_buf_puts(&text, "[V0]\nkind = setting\ndefault = xxxxxxxxxxxxxxxx\n");
    for (int i = 1; i < 40; i++) {
        bulla_buf_printf(&text, "[V%d]\nkind = derived\nvalue = {{ V%d }}{{ V%d }}\n", i, i - 1,
                         i - 1);
    }
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_contract contract = parse(bulla_buf_text(&text, &err));
    ck_assert_ptr_null(bulla_values_resolve(contract, "dev", NULL, &err));
    ck_assert_int_eq(err.code, BULLA_E_LIMIT);
}
END_TEST

struct said {
    char text[1024];
    enum bulla_verdict verdict;
    int count;
};

static bool note(void *ctx, enum bulla_verdict verdict, const char *reason, struct bulla_error *err)
{
    struct said *said = ctx;
    (void)err;
    said->count++;
    said->verdict = verdict;
    (void)snprintf(said->text, sizeof said->text, "%s", reason);
    return true;
}

static const struct {
    const char *what;
    const char *keys; /* of V */
    const char *value;
    const char *other;
    int count;
    enum bulla_verdict verdict;
    const char *reason;
} judged[] = {
    {"all well", "kind = hex:4\n", "0123abcd", "x", 0, BULLA_VERDICT_FITS, ""},
    {"not of its kind", "kind = hex:4\n", "0123", "x", 1, BULLA_VERDICT_SHAPE, "8 are needed"},
    {"out of range", "kind = setting\nrange = 0..5\n", "6", "x", 1, BULLA_VERDICT_SHAPE, "0..5"},
    {"the same as another", "differs = OTHER\n", "x", "x", 1, BULLA_VERDICT_RELATION,
     "the same as 'OTHER'"},
    {"different from another", "differs = OTHER\n", "x", "y", 0, BULLA_VERDICT_FITS, ""},
    {"not the same as another", "same-as = OTHER\n", "x", "y", 1, BULLA_VERDICT_RELATION,
     "not the same as 'OTHER'"},
    {"needs one that is not set", "requires = OTHER\n", "x", NULL, 1, BULLA_VERDICT_RELATION,
     "needs 'OTHER'"},
    {"needs one that is set", "requires = OTHER\n", "x", "y", 0, BULLA_VERDICT_FITS, ""},
    {"a value to warn of", "warn-when = true\n", "true", "x", 1, BULLA_VERDICT_WARN_WHEN, "warns"},
    {"an optional one left empty", "optional = yes\nmatch = [a-z]+\nrequires = OTHER\n", "", NULL,
     0, BULLA_VERDICT_FITS, ""},
    {"not there at all", "requires = OTHER\nmatch = x\n", NULL, NULL, 0, BULLA_VERDICT_FITS, ""},
};

START_TEST(values_judge_says_what_is_wrong)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    char text[512];
    (void)snprintf(text, sizeof text, "[V]\n%s[OTHER]\n", judged[_i].keys);
    bulla_auto_contract contract = parse(text);
    const struct held held[] = {{.name = "OTHER", .value = judged[_i].other},
                                {.name = "V", .value = judged[_i].value}};
    struct bulla_vault vault = {held, 2, true};
    bulla_auto_values values = bulla_values_resolve(contract, "dev", &vault, &err);
    assert_ok(values != NULL, err);
    struct said said = {.count = 0};
    assert_ok(bulla_values_judge(values, 0, note, &said, &err), err);
    ck_assert_msg(said.count == judged[_i].count, "%s: %d %s", judged[_i].what, said.count,
                  said.text);
    ck_assert_msg(said.verdict == judged[_i].verdict, "%s", judged[_i].what);
    ck_assert_msg(strstr(said.text, judged[_i].reason) != NULL, "%s: %s", judged[_i].what,
                  said.text);
}
END_TEST

START_TEST(values_judge_a_sealed_value_by_what_it_requires)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_contract contract = parse("[V]\nkind = hex:4\nrequires = OTHER\n[OTHER]\n");
    static const struct held held[] = {{.name = "V", .value = "x"}};
    struct bulla_vault vault = {held, 1, false};
    bulla_auto_values values = bulla_values_resolve(contract, "dev", &vault, &err);
    assert_ok(values != NULL, err);
    struct said said = {.count = 0};
    assert_ok(bulla_values_judge(values, 0, note, &said, &err), err);
    ck_assert_int_eq(said.count, 1);
    ck_assert_int_eq(said.verdict, BULLA_VERDICT_RELATION);
}
END_TEST

START_TEST(values_judge_places_an_endless_pattern)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_contract contract =
        parse("[V]\nkind = setting\nmatch = (a+)+b\n"
              "default = aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaacb\n");
    bulla_auto_values values = bulla_values_resolve(contract, "dev", NULL, &err);
    assert_ok(values != NULL, err);
    struct said said = {.count = 0};
    ck_assert(!bulla_values_judge(values, 0, note, &said, &err));
    ck_assert_int_eq(err.code, BULLA_E_LIMIT);
    ck_assert_uint_eq(err.pos.line, 3);
    ck_assert_uint_eq(err.pos.col, 9);
}
END_TEST

static bool append_name(void *ctx, const char *name, struct bulla_error *err)
{
    (void)err;
    char *out = ctx;
    size_t len = strlen(out);
    (void)snprintf(out + len, 256 - len, "%s ", name);
    return true;
}

static const char made_text[] =
    "[PW]\nkind = alnum:32\n[TOKEN]\n[SHORT]\n[HOST]\nkind = setting\ndefault = db.example.org\n"
    "[SMTP]\nkind = setting\n[URL]\nkind = derived\nvalue = pg://u:{{ PW | url }}@{{ HOST }}/app\n"
    "[GIT]\nkind = derived\nvalue = https://{{ TOKEN }}:x-oauth-basic@{{ HOST }}/\n"
    "[TWO]\nkind = derived\nvalue = {{ PW }}:{{ TOKEN }}\n"
    "[USER_URL]\nkind = derived\nvalue = pg://{{ SHORT }}:{{ PW }}@h/\n"
    "[LOGIN]\nkind = derived\nvalue = u:{{ PW }}\n"
    "[AUTH]\nkind = derived\nvalue = {{ LOGIN | base64 }}\n"
    "[CODED]\nkind = derived\nvalue = {{ PW | hex }}\n"
    "[FROM_URL]\nkind = derived\nvalue = {{ URL }}?x=1\n"
    "[OPEN]\nkind = derived\nvalue = http://{{ HOST }}/v1\n"
    "[PUBLIC]\nkind = derived\nvalue = amqp://guest:Zk3vQ9xLw2pR@{{ HOST }}/\n";

static const struct held made_held[] = {
    {.name = "HOST", .value = "db.example.org", .previous = "db.internal"},
    {.name = "PW", .value = "Kq8vN2mX5wR7", .previous = "Zk3 Q9xLw2pR"},
    {.name = "TOKEN", .value = "ghp_8vN2mX5wR7", .previous = "ghp_3vQ9xLw2pR"},
    {.name = "SMTP", .value = "smtp.example.org"},
    {.name = "SHORT", .value = "q", .previous = "app"},
    {.name = "URL", .value = "pg://u:once@h/x", .previous = "pg://u:twice@h/x"},
    {.name = "GONE", .value = "Hn3tVb6yUc9e", .previous = "Pq4sWm7zXd2f"}};

static const struct {
    const char *name;
    const char *text;
    enum bulla_held held;
} made[] = {
    {"URL", "pg://u:Zk3%20Q9xLw2pR@db.internal/app", BULLA_HELD},
    {"URL", "pg://u:NewPw77xLw2@db.internal/app", BULLA_HELD_NEVER},
    {"URL", "pg://u:NewPw77xLw2@db.example.org/app", BULLA_HELD_NEVER},
    {"URL", "pg://u:smtp.example.org@smtp.example.org/app", BULLA_HELD_NEVER},
    {"URL", "pg://Kq8vN2mX5wR7:NewPw77xLw2@h/app", BULLA_HELD_NEVER},
    {"URL", "pg://u:Hn3tVb6yUc9e@db.example.org/app", BULLA_HELD},
    {"URL", "pg://u:ghp_3vQ9xLw2pR@db.example.org/app", BULLA_HELD},
    {"URL", "pg://u:twice@h/x", BULLA_HELD},
    {"URL", "pg://u:NewPw77xLw2@smtp.example.org/app", BULLA_HELD_NEVER},
    {"URL", "pg://u:app@h/x", BULLA_HELD_NEVER},
    {"GIT", "https://ghp_3vQ9xLw2pR:x-oauth-basic@git.old/", BULLA_HELD},
    {"GIT", "https://ghp_NewPw77xLw:x-oauth-basic@git.old/", BULLA_HELD_NEVER},
    {"TWO", "Zk3 Q9xLw2pR:ghp_8vN2mX5wR7", BULLA_HELD},
    {"TWO", "Zk3 Q9xLw2pR:ghp_NewPw77xLw", BULLA_HELD_NEVER},
    {"USER_URL", "pg://app:Zk3 Q9xLw2pR@h/", BULLA_HELD},
    {"AUTH", "dTphcHA=", BULLA_HELD_UNKNOWN},
    {"CODED", "5a6b33205139784c77327052", BULLA_HELD},
    {"CODED", "5a6b3320513978", BULLA_HELD_NEVER},
    {"FROM_URL", "pg://u:Zk3%20Q9xLw2pR@old/app?x=1", BULLA_HELD},
    {"FROM_URL", "pg://u:NewPw77xLw2@db.example.org/app?x=1", BULLA_HELD_NEVER},
    {"OPEN", "http://db.internal/v0", BULLA_HELD},
    {"OPEN", "https://u:Zk3vQ9xLw2pRt7Hn@mine/v9", BULLA_HELD_NEVER},
    {"PUBLIC", "amqp://guest:Zk3vQ9xLw2pR@old.host/", BULLA_HELD},
    {"PUBLIC", "amqp://guest:NewPw77xLw2p@old.host/", BULLA_HELD_NEVER},
};

START_TEST(values_held_are_made_of_what_the_vault_had)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_contract contract = parse(made_text);
    struct bulla_vault vault = {made_held, COUNT(made_held), true};
    bulla_auto_values values = bulla_values_resolve(contract, "dev", &vault, &err);
    assert_ok(values != NULL, err);
    enum bulla_held held = BULLA_HELD_NEVER;
    assert_ok(bulla_values_held(values, made[_i].name, bulla_bytes_of(made[_i].text), &held, &err),
              err);
    ck_assert_msg(held == made[_i].held, "%s of %s: %d", made[_i].text, made[_i].name, held);
}
END_TEST

START_TEST(values_held_are_known_of_a_secret_that_is_gone)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_contract contract = parse(made_text);
    static const struct held gone[] = {{.name = "PW", .previous = "Zk3vQ9xLw2pR"},
                                       {.name = "TOKEN", .value = "ghp_8vN2mX5wR7"},
                                       {.name = "SHORT", .value = "app"}};
    struct bulla_vault vault = {gone, COUNT(gone), true};
    bulla_auto_values values = bulla_values_resolve(contract, "dev", &vault, &err);
    assert_ok(values != NULL, err);
    enum bulla_held held = BULLA_HELD_NEVER;
    assert_ok(bulla_values_held(values, "USER_URL", LIT("pg://app:Zk3vQ9xLw2pR@h/"), &held, &err),
              err);
    ck_assert_int_eq(held, BULLA_HELD);
    assert_ok(bulla_values_held(values, "USER_URL", LIT("pg://app:NewPw77xLw2@h/"), &held, &err),
              err);
    ck_assert_int_eq(held, BULLA_HELD_NEVER);
}
END_TEST

/* Each level names both of the one below: 2 to the power of 12 ways down. */
START_TEST(values_held_look_at_each_part_once)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf text = {0};
    bulla_buf_init(&text, BULLA_MAX_TEXT_BYTES);
    bulla_buf_puts(&text, "[A0]\n[B0]\n");
    for (int i = 1; i <= 12; i++) {
        char level[160];
        (void)snprintf(level, sizeof level,
                       "[A%d]\nkind = derived\nvalue = {{ A%d }}{{ B%d }}\n"
                       "[B%d]\nkind = derived\nvalue = {{ B%d }}{{ A%d }}\n",
                       i, i - 1, i - 1, i, i - 1, i - 1);
        bulla_buf_puts(&text, level);
    }
    bulla_auto_contract contract = bulla_contract_parse(bulla_buf_view(&text), "bulla.ini", &err);
    assert_ok(contract != NULL, err);
    static const struct held held[] = {{.name = "A0", .value = "a", .previous = "c"},
                                       {.name = "B0", .value = "b", .previous = "d"}};
    struct bulla_vault vault = {held, 2, true};
    bulla_auto_values values = bulla_values_resolve(contract, "dev", &vault, &err);
    assert_ok(values != NULL, err);
    static char typed[15001];
    memset(typed, 'x', sizeof typed - 1);
    enum bulla_held is_held = BULLA_HELD;
    clock_t start = clock();
    assert_ok(bulla_values_held(values, "A12", bulla_bytes_of(typed), &is_held, &err), err);
    ck_assert_int_eq(is_held, BULLA_HELD_NEVER);
    ck_assert_int_lt((clock() - start) / CLOCKS_PER_SEC, 2);
}
END_TEST

START_TEST(values_know_what_follows_a_turn)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_contract contract = parse(sample);
    bulla_auto_values values = bulla_values_resolve(contract, "dev", NULL, &err);
    assert_ok(values != NULL, err);
    char names[256] = "";
    assert_ok(bulla_values_dependents(values, "NAME", append_name, names, &err), err);
    ck_assert_str_eq(names, "URL LONG ");
    names[0] = '\0';
    assert_ok(bulla_values_dependents(values, "TOKEN", append_name, names, &err), err);
    ck_assert_str_eq(names, "");
    assert_ok(bulla_values_dependents(values, "NO_SUCH", append_name, names, &err), err);
    ck_assert_str_eq(names, "");
    assert_ok(bulla_values_needs(values, 1, append_name, names, &err), err);
    ck_assert_str_eq(names, "URL PASSWORD ");
}
END_TEST

START_TEST(values_survive_every_failed_allocation)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_contract contract = parse(sample);
    struct bulla_vault vault = {two, 3, true};
    for (unsigned long nth = 1;; nth++) {
        bulla_mem_fail_at(nth);
        bulla_auto_values values = bulla_values_resolve(contract, "dev", &vault, &err);
        bulla_mem_fail_at(0);
        if (values != NULL) {
            ck_assert_uint_gt(nth, 5);
            break;
        }
        ck_assert_msg(err.code == BULLA_E_NOMEM, "%lu: %s", nth, err.message);
        ck_assert_uint_lt(nth, 1000);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("values");
    TCase *tcase = tcase_create("values");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, values_come_from_vault_contract_and_templates);
    tcase_add_test(tcase, values_without_a_vault_are_missing);
    tcase_add_test(tcase, values_without_a_key_are_sealed);
    tcase_add_test(tcase, values_tell_contested_sealed_and_deleted_apart);
    tcase_add_test(tcase, values_refuse_a_broken_seal);
    tcase_add_test(tcase, values_previous_ends_with_its_time);
    tcase_add_test(tcase, values_ambiguous_previous_is_contested);
    tcase_add_test(tcase, values_previous_as_may_be_a_variable);
    tcase_add_test(tcase, values_lookup_says_what_compose_would_see);
    tcase_add_loop_test(tcase, values_refuse_with_place, 0, COUNT(refused));
    tcase_add_test(tcase, values_refuse_an_unknown_environment);
    tcase_add_test(tcase, values_derived_over_each_other_are_limited);
    tcase_add_loop_test(tcase, values_judge_says_what_is_wrong, 0, COUNT(judged));
    tcase_add_test(tcase, values_judge_a_sealed_value_by_what_it_requires);
    tcase_add_test(tcase, values_judge_places_an_endless_pattern);
    tcase_add_loop_test(tcase, values_held_are_made_of_what_the_vault_had, 0, COUNT(made));
    tcase_add_test(tcase, values_held_are_known_of_a_secret_that_is_gone);
    tcase_add_test(tcase, values_held_look_at_each_part_once);
    tcase_add_test(tcase, values_know_what_follows_a_turn);
    tcase_add_test(tcase, values_survive_every_failed_allocation);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
