#include "yaml/yaml.h"

#include <stdio.h>
#include <string.h>

#include "bulla/limits.h"
#include "unit.h"

/* One parsed text; everything in the pool. */
struct parsed {
    struct pool *pool;
    struct yaml_source source;
    struct yaml_document *first;
};

static void release_parsed(struct parsed *parsed)
{
    pool_free(parsed->pool);
}
#define auto_parsed BULLA_AUTO(release_parsed) struct parsed

static bool parse(struct parsed *parsed, struct bulla_bytes text, struct bulla_error *err)
{
    parsed->first = NULL;
    parsed->pool = pool_new(err);
    return parsed->pool != NULL &&
           yaml_source_init(&parsed->source, parsed->pool, text, "t.yaml", err) &&
           yaml_parse(&parsed->source, parsed->pool, &parsed->first, err);
}

START_TEST(nodes_keep_order_kind_and_place)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    auto_parsed t = {0};
    assert_ok(parse(&t, LIT("# head\na: \"x\"\nbé: [1, &n !t two, *n]\n"), &err), err);
    const struct yaml_node *root = t.first->root;
    ck_assert_int_eq(root->kind, YAML_MAPPING);
    ck_assert_uint_eq(root->count, 2);
    ck_assert_uint_eq(root->height, 2);
    const struct yaml_node *key = root->first;
    assert_bytes(yaml_text(key), "a");
    ck_assert_uint_eq(key->pos.line, 2);
    ck_assert_uint_eq(key->value->pos.col, 4);
    ck_assert_int_eq(key->value->style, YAML_DOUBLE);
    const struct yaml_node *list = key->next->value;
    ck_assert_int_eq(list->kind, YAML_SEQUENCE);
    ck_assert_uint_eq(list->pos.line, 3);
    ck_assert_uint_eq(list->pos.col, 5);
    const struct yaml_node *two = list->first->next;
    assert_bytes(yaml_text(two), "two");
    ck_assert_str_eq(two->tag, "!t");
    ck_assert_str_eq(two->anchor, "n");
    ck_assert_uint_eq(two->pos.col, 15);
    ck_assert(two->flow);
    ck_assert_ptr_eq(yaml_resolve(two->next), two);
    ck_assert_uint_eq(two->next->pos.col, 20);
}
END_TEST

START_TEST(documents_share_anchors_in_order)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    auto_parsed t = {0};
    assert_ok(parse(&t, LIT("a: &x 1\n---\nb: *x\n---\n"), &err), err);
    const struct yaml_document *second = t.first->next;
    assert_bytes(yaml_text(yaml_resolve(second->root->first->value)), "1");
    ck_assert_ptr_nonnull(second->next);
    ck_assert_uint_eq(second->next->root->len, 0);
    ck_assert_ptr_null(second->next->next);
}
END_TEST

struct refusal {
    const char *text;
    size_t len;
    enum bulla_code code;
    unsigned line;
    unsigned col;
};
#define REFUSAL(text, code, line, col)                                                             \
    {                                                                                              \
        text, sizeof(text) - 1, code, line, col                                                    \
    }

static const struct refusal refusals[] = {
    REFUSAL("a: b: c\n", BULLA_E_SYNTAX, 1, 5),
    REFUSAL("é: 1\né: 2\n", BULLA_E_INVALID, 2, 1),
    REFUSAL("x:\n  <<: 1\n  \"<<\": 2\n", BULLA_E_INVALID, 3, 3),
    REFUSAL("x: *nobody\n", BULLA_E_SYNTAX, 1, 4),
    REFUSAL("x: &a [1, *a]\n", BULLA_E_SYNTAX, 1, 11),
    REFUSAL("a: 1\nb: \xff\n", BULLA_E_SYNTAX, 2, 4),
    REFUSAL("a: 1\nb: \0\n", BULLA_E_SYNTAX, 2, 4),
    REFUSAL("\xff\xfe"
            "a\0:\0 \0"
            "\x00\xd8",
            BULLA_E_SYNTAX, 1, 4),
    REFUSAL("a: [1\nb: 2\n", BULLA_E_SYNTAX, 2, 2),
    REFUSAL("k:\n\tx: 1\n", BULLA_E_SYNTAX, 2, 1),
};

START_TEST(what_is_not_yaml_is_refused_at_its_place)
{
    const struct refusal *row = &refusals[_i];
    struct bulla_error err = BULLA_ERROR_INIT;
    auto_parsed t = {0};
    ck_assert(!parse(&t, bulla_bytes(row->text, row->len), &err));
    ck_assert_int_eq(err.code, row->code);
    ck_assert_str_eq(err.file, "t.yaml");
    ck_assert_msg(err.pos.line == row->line && err.pos.col == row->col, "at %u:%u, want %u:%u: %s",
                  err.pos.line, err.pos.col, row->line, row->col, err.message);
}
END_TEST

START_TEST(depth_and_aliases_are_bounded)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    char deep[80000];
    memset(deep, '[', sizeof deep);
    {
        auto_parsed t = {0};
        ck_assert(!parse(&t, bulla_bytes(deep, sizeof deep), &err));
        ck_assert_int_eq(err.code, BULLA_E_LIMIT);
        ck_assert_uint_eq(err.pos.col, BULLA_MAX_YAML_DEPTH + 1);
    }
    {
        auto_parsed t = {0};
        struct bulla_bytes laughs =
            LIT("a: &a [x, x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, "
                "*a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]\nd: &d [*c, *c, *c, *c, *c, "
                "*c, *c, *c, *c, *c]\ne: [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]\n");
        ck_assert(!parse(&t, laughs, &err));
        ck_assert_int_eq(err.code, BULLA_E_LIMIT);
        ck_assert_uint_eq(err.pos.line, 5);
    }
    {
        auto_parsed t = {0};
        char text[4096];
        size_t len = 0;
        for (int i = 0; i < 40; i++) {
            len += (size_t)snprintf(text + len, sizeof text - len,
                                    i == 0 ? "- &n%d [[x]]\n" : "- &n%d [[*n%d]]\n", i, i - 1);
        }
        ck_assert(!parse(&t, bulla_bytes(text, len), &err));
        ck_assert_int_eq(err.code, BULLA_E_LIMIT);
    }
}
END_TEST

START_TEST(encodings_become_utf8)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    const struct bulla_bytes texts[] = {
        LIT("\xef\xbb\xbfk: \xc3\xa9\r\n"),
        LIT("\xff\xfek\0:\0 \0\xe9\0\r\0\n\0"),
        LIT("\xfe\xff\0k\0:\0 \0\xe9\0\r\0\n"),
    };
    for (size_t i = 0; i < 3; i++) {
        auto_parsed t = {0};
        assert_ok(parse(&t, texts[i], &err), err);
        assert_bytes(yaml_text(t.first->root->first->value), "\xc3\xa9");
        ck_assert_uint_eq(t.first->root->first->value->pos.col, 4);
    }
}
END_TEST

START_TEST(scalars_have_the_types_of_compose)
{
    static const struct {
        const char *text;
        enum yaml_type type;
    } rows[] = {
        {"yes", YAML_STRING},
        {"true", YAML_BOOL},
        {"~", YAML_NULL},
        {"0o777", YAML_INT},
        {"0x1F", YAML_INT},
        {"1_000", YAML_INT},
        {"-3", YAML_INT},
        {"1.5e3", YAML_FLOAT},
        {".inf", YAML_FLOAT},
        {"1.2.3", YAML_STRING},
        {"2001-01-02", YAML_TIMESTAMP},
        {"\"1\"", YAML_STRING},
        {"!!str 1", YAML_STRING},
        {"a", YAML_STRING},
        {"'null'", YAML_STRING},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct bulla_error err = BULLA_ERROR_INIT;
        auto_parsed t = {0};
        assert_ok(parse(&t, bulla_bytes_of(rows[i].text), &err), err);
        ck_assert_msg(yaml_scalar_type(t.first->root) == rows[i].type, "%s", rows[i].text);
    }
}
END_TEST

/* Where the "$" of the first value is, by the map. */
#define EMPTY_LINES " \n\n \n \n \n\n \n  \n \n \n"

static const struct {
    const char *text;
    unsigned line;
    unsigned col;
} places[] = {
    {"k: a $X\n", 1, 6},
    {"k: a\n  b $X\n", 2, 5},
    {"k: a\n\n\n  $X\n", 4, 3},
    {"k: 'it''s $X'\n", 1, 11},
    {"k: 'a\n\n    é $X'\n", 3, 7},
    {"k: \"\\u00e9\\t $X\"\n", 1, 14},
    {"k: \"a \\\n    $X\"\n", 2, 5},
    {"k: \"\\x24X\"\n", 1, 5},
    {"k: |\n  a\n  $X\n", 3, 3},
    {"k: |2-\n    a\n   $X\n", 3, 4},
    /* More empty lines before the text than indentations are tried. */
    {"k: |2\n" EMPTY_LINES EMPTY_LINES "     a $X\n", 22, 8},
    {"k: >+\n  a\n  b\n\n  $X\n\n", 5, 3},
    {"k: >\n\n   a\n    b $X\n", 4, 7},
    {"k: !!str &a\n  # c\n  $X\n", 3, 3},
    {"k: |\r\n  a\r\n  $X\r\n", 3, 3},
};

START_TEST(decoded_bytes_map_to_their_source)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    auto_parsed t = {0};
    assert_ok(parse(&t, bulla_bytes_of(places[_i].text), &err), err);
    const struct yaml_node *node = t.first->root->first->value;
    struct yaml_map map = {0};
    assert_ok(yaml_map_build(&map, &t.source, node, &err), err);
    ck_assert(map.exact);
    size_t dollar = (size_t)(strchr(node->text, '$') - node->text);
    struct bulla_pos pos = yaml_source_pos(&t.source, yaml_map_start(&map, dollar));
    ck_assert_msg(pos.line == places[_i].line && pos.col == places[_i].col, "%u:%u", pos.line,
                  pos.col);
    yaml_map_release(&map);
}
END_TEST

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525U + 1013904223U;
    return *state >> 8;
}

/* Writes a random scalar of a random style as the value of a key. */
static size_t write_scalar(uint32_t *state, char *out)
{
    static const char *const pieces[] = {
        "a",    "$X",   " ",  "  ",      "\n",  "\n\n", "é",       "b c",   "''", "\\n",
        "\\\\", "\r\n", "\t", "${Y:-z}", "\n ", "\\\n", "\\u00e9", "\\x24", "#",  ":"};
    uint32_t style = next_random(state) % 5;
    static const char *const heads[] = {"k: q", "k: '", "k: \"", "k: |", "k: >"};
    static const char *const chomps[] = {"", "-", "+", "2", "1-"};
    size_t len = (size_t)sprintf(out, "%s", heads[style]);
    if (style >= 3) {
        len += (size_t)sprintf(out + len, "%s\n  ", chomps[next_random(state) % 5]);
    }
    uint32_t count = next_random(state) % 12;
    for (uint32_t i = 0; i < count; i++) {
        const char *piece = pieces[next_random(state) % (sizeof pieces / sizeof pieces[0])];
        len += (size_t)sprintf(out + len, "%s", piece);
        if (strchr(piece, '\n') != NULL && next_random(state) % 4 != 0) {
            len += (size_t)sprintf(out + len, "  ");
        }
    }
    return len + (size_t)sprintf(out + len, style == 1 ? "'\n" : style == 2 ? "\"\n" : "\n");
}

START_TEST(random_scalars_read_as_libyaml_reads_them)
{
    uint32_t state = 7;
    unsigned parsed = 0;
    for (int round = 0; round < 20000; round++) {
        char text[512];
        size_t len = write_scalar(&state, text);
        struct bulla_error err = BULLA_ERROR_INIT;
        auto_parsed t = {0};
        if (!parse(&t, bulla_bytes(text, len), &err)) {
            continue;
        }
        const struct yaml_node *value = t.first->root->first->value;
        if (value->kind != YAML_SCALAR) {
            continue;
        }
        parsed++;
        struct yaml_map map = {0};
        assert_ok(yaml_map_build(&map, &t.source, value, &err), err);
        ck_assert_msg(map.exact, "<<%s>> decodes to <<%s>>", text, value->text);
        for (size_t i = 0; i < value->len; i++) {
            ck_assert_uint_lt(yaml_map_start(&map, i), yaml_map_end(&map, i + 1));
            ck_assert_uint_le(yaml_map_end(&map, i + 1), t.source.text.len);
        }
        yaml_map_release(&map);
    }
    ck_assert_uint_gt(parsed, 5000);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("yaml");
    TCase *tests = tcase_create("yaml");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, nodes_keep_order_kind_and_place);
    tcase_add_test(tests, documents_share_anchors_in_order);
    tcase_add_loop_test(tests, what_is_not_yaml_is_refused_at_its_place, 0,
                        sizeof refusals / sizeof refusals[0]);
    tcase_add_test(tests, depth_and_aliases_are_bounded);
    tcase_add_test(tests, encodings_become_utf8);
    tcase_add_test(tests, scalars_have_the_types_of_compose);
    tcase_add_loop_test(tests, decoded_bytes_map_to_their_source, 0,
                        sizeof places / sizeof places[0]);
    tcase_add_test(tests, random_scalars_read_as_libyaml_reads_them);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
