#include <string.h>

#include "bulla/dotenv.h"
#include "bulla/limits.h"

#include "cases.h"

static void note_warning(void *ctx, struct bulla_bytes name, struct bulla_pos pos)
{
    ck_assert_uint_gt(pos.line, 0);
    case_add_warning(ctx, name);
}

static void assert_values(const struct unit_case *item, const struct bulla_dotenv *file,
                          struct bulla_bytes want)
{
    size_t count = 0;
    for (size_t i = 0; i < bulla_dotenv_count(file); i++) {
        const struct bulla_dotenv_entry *entry = bulla_dotenv_get(file, i);
        count += entry->set && bulla_dotenv_find(file, entry->name) == entry ? 1 : 0;
    }
    for (; want.len > 0; count--) {
        struct bulla_bytes value = case_cut(&want, "\xE2\x90\x9E");
        struct bulla_bytes name = case_cut(&value, "=");
        const struct bulla_dotenv_entry *entry = bulla_dotenv_find(file, name);
        ck_assert_msg(entry != NULL, "line %u: no '%.*s'", item->line, (int)name.len,
                      (const char *)name.data);
        case_assert_equal(item, "the value", entry->value, value);
        ck_assert_uint_gt(count, 0);
    }
    ck_assert_msg(count == 0, "line %u: %zu names too many", item->line, count);
}

static void run_case(const struct unit_case *item)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct bulla_bytes text = item->lines[0];
    struct bulla_bytes env = item->lines[1];
    struct bulla_bytes want = item->lines[2];
    bulla_auto_buf warnings;
    bulla_buf_init(&warnings, 4096);
    struct bulla_dotenv_options options = {
        .grammar = case_take(&text, "{raw}") ? BULLA_DOTENV_RAW : BULLA_DOTENV_COMPOSE,
        .eager = case_take(&text, "{eager}"),
        .no_expand = case_take(&text, "{keep}"),
        .lookup = case_look_up,
        .lookup_ctx = &env,
        .warn = note_warning,
        .warn_ctx = &warnings};
    bulla_auto_dotenv file = bulla_dotenv_parse(text, "x.env", &options, &err);
    case_assert_equal(item, "the list of warnings", bulla_buf_view(&warnings),
                      case_take_warnings(&want));
    if (!case_take(&want, "! ")) {
        ck_assert_msg(file != NULL, "line %u: %u:%u: %s", item->line, err.pos.line, err.pos.col,
                      err.message);
        assert_values(item, file, want);
        return;
    }
    char got[64];
    (void)snprintf(got, sizeof got, "%u:%u %s", err.pos.line, err.pos.col,
                   err.code == BULLA_E_SYNTAX    ? "syntax"
                   : err.code == BULLA_E_INVALID ? "invalid"
                                                 : "other");
    ck_assert_msg(file == NULL, "line %u: is accepted", item->line);
    case_assert_equal(item, "the error", bulla_bytes_of(got), want);
    ck_assert_str_eq(err.file, "x.env");
}

START_TEST(dotenv_follows_the_data)
{
    case_each("dotenv.test", run_case);
}
END_TEST

static struct bulla_dotenv *parse(struct bulla_bytes text,
                                  const struct bulla_dotenv_options *options)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct bulla_dotenv *file = bulla_dotenv_parse(text, "x.env", options, &err);
    assert_ok(file != NULL, err);
    return file;
}

START_TEST(dotenv_knows_every_escape)
{
    bulla_auto_dotenv file = parse(LIT("A=\"\\a\\b\\f\\n\\r\\t\\v\\\\\\\"\\c\""), NULL);
    assert_bytes(bulla_dotenv_get(file, 0)->value, "\a\b\f\n\r\t\v\\\"\\c");
}
END_TEST

START_TEST(dotenv_keeps_places)
{
    bulla_auto_dotenv file =
        parse(LIT("\xEF\xBB\xBF# c\nexport A=  'x\ny' B: ${C:-$D} # c\nE \n"), NULL);
    ck_assert_uint_eq(bulla_dotenv_count(file), 3);
    const struct bulla_dotenv_entry *a = bulla_dotenv_get(file, 0);
    ck_assert_uint_eq(a->start, 7);
    ck_assert_uint_eq(a->value_start, 18);
    ck_assert_uint_eq(a->value_end, 23);
    ck_assert_uint_eq(a->end, 23);
    ck_assert_uint_eq(a->pos.line, 2);
    ck_assert_uint_eq(a->pos.col, 8);
    ck_assert_uint_eq(a->value_pos.col, 12);
    ck_assert_int_eq(a->quote, BULLA_QUOTE_SINGLE);
    const struct bulla_dotenv_entry *b = bulla_dotenv_get(file, 1);
    ck_assert_uint_eq(b->pos.line, 3);
    ck_assert_uint_eq(b->pos.col, 4);
    ck_assert_uint_eq(b->value_end - b->value_start, 8);
    ck_assert_uint_eq(b->references, 2);
    const struct bulla_dotenv_entry *e = bulla_dotenv_get(file, 2);
    ck_assert(e->bare && !e->set);
    ck_assert_uint_eq(e->value_start, e->start + 1);
    ck_assert_ptr_null(bulla_dotenv_find(file, LIT("E")));
}
END_TEST

static const struct {
    const char *what;
    enum bulla_dotenv_grammar grammar;
    const char *text;
    enum bulla_dotenv_problem problem;
    uint32_t line;
    const char *name;
    const char *quoted;
} failures[] = {
    {"nothing wrong", BULLA_DOTENV_COMPOSE, "A=1", BULLA_DOTENV_OK, 0, "", ""},
    {"a character, and the line behind export", BULLA_DOTENV_COMPOSE, "\nexport a/b=1\nC=2",
     BULLA_DOTENV_NAME_CHARACTER, 2, "/", "a/b=1"},
    {"a broken byte", BULLA_DOTENV_COMPOSE, "a\xff=1", BULLA_DOTENV_NAME_CHARACTER, 1,
     "\xEF\xBF\xBD", "a\xff=1"},
    {"a bare name before a space is not counted", BULLA_DOTENV_COMPOSE, "A \nB C=1",
     BULLA_DOTENV_NAME_SPACE, 1, "", ""},
    {"export alone", BULLA_DOTENV_COMPOSE, "export ", BULLA_DOTENV_NAME_MISSING, 1, "", ""},
    {"a quote open to the last line", BULLA_DOTENV_COMPOSE, "A='x\ny\nz", BULLA_DOTENV_UNTERMINATED,
     3, "", "'x"},
    {"a required variable", BULLA_DOTENV_COMPOSE, "M=m\nA=${B:?the $M}", BULLA_DOTENV_REQUIRED, 3,
     "B", "the m"},
    {"a bad template, after escapes", BULLA_DOTENV_COMPOSE, "A=\"\\t${\"", BULLA_DOTENV_TEMPLATE, 1,
     "", "\t${"},
    {"raw: no name", BULLA_DOTENV_RAW, "A=1\n =x", BULLA_DOTENV_RAW_NAME, 2, "", "=x"},
    {"raw: a blank in a name", BULLA_DOTENV_RAW, "A B=1", BULLA_DOTENV_RAW_SPACE, 1, "", "A B"},
    {"raw: broken UTF-8", BULLA_DOTENV_RAW, "A=1\nB=\xff\r\n", BULLA_DOTENV_RAW_UTF8, 2, "",
     "B=\xff"},
};

START_TEST(dotenv_explains_what_compose_says)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct bulla_dotenv_options options = {.grammar = failures[_i].grammar};
    struct bulla_dotenv_failure failure;
    bulla_auto_buf words;
    bulla_buf_init_secret(&words, 4096);
    assert_ok(
        bulla_dotenv_explain(bulla_bytes_of(failures[_i].text), &options, &words, &failure, &err),
        err);
    ck_assert_msg(failure.problem == failures[_i].problem && failure.line == failures[_i].line &&
                      bulla_bytes_are(failure.name, failures[_i].name) &&
                      bulla_bytes_are(failure.quoted, failures[_i].quoted),
                  "%s: line %u", failures[_i].what, failure.line);
}
END_TEST

START_TEST(dotenv_message_has_no_value)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    ck_assert_ptr_null(bulla_dotenv_parse(LIT("P='hunter2\n"), "x.env", NULL, &err));
    ck_assert_ptr_null(strstr(err.message, "hunter2"));
    ck_assert_ptr_null(bulla_dotenv_parse(LIT("S=hunter2\nP=${X?$S}"), "x.env", NULL, &err));
    ck_assert_ptr_null(strstr(err.message, "hunter2"));
}
END_TEST

START_TEST(dotenv_limits_what_references_grow_to)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf text;
    bulla_buf_init(&text, 4096);
    bulla_buf_puts(&text, "A=xxxxxxxxxxxxxxxx\n");
    for (int i = 0; i < 12; i++) {
        bulla_buf_puts(&text, "A=$A$A$A$A$A$A$A$A\n");
    }
    ck_assert_ptr_null(bulla_dotenv_parse(bulla_buf_view(&text), "x.env", NULL, &err));
    ck_assert_int_eq(err.code, BULLA_E_LIMIT);
}
END_TEST

START_TEST(dotenv_limits_entries_and_size)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf text;
    bulla_buf_init(&text, BULLA_MAX_TEXT_BYTES + 1);
    for (int i = 0; i <= BULLA_MAX_ENV_ENTRIES; i++) {
        bulla_buf_puts(&text, "A=\n");
    }
    ck_assert_ptr_null(bulla_dotenv_parse(bulla_buf_view(&text), "x.env", NULL, &err));
    ck_assert_int_eq(err.code, BULLA_E_LIMIT);
    ck_assert_uint_eq(err.pos.line, BULLA_MAX_ENV_ENTRIES + 1);
    while (text.len <= BULLA_MAX_TEXT_BYTES) {
        bulla_buf_putc(&text, '\n');
    }
    ck_assert_ptr_null(bulla_dotenv_parse(bulla_buf_view(&text), "x.env", NULL, &err));
    ck_assert_int_eq(err.code, BULLA_E_LIMIT);
}
END_TEST

/* A pseudo-random generator of our own, so that a failure comes back: xorshift64. */
static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* Random bytes, most of them such as have a meaning somewhere. */
static struct bulla_bytes make_value(uint64_t *state, uint8_t *out, size_t cap)
{
    static const char hard[] = "\\\\''\"\"$$${}##  \n\r\t=:`nt0a\xC2\xA0";
    size_t len = next_random(state) % cap;
    for (size_t i = 0; i < len; i++) {
        uint64_t r = next_random(state);
        out[i] = r % 8 == 0 ? (uint8_t)(1 + (r >> 8) % 255)
                            : (uint8_t)hard[(r >> 8) % (sizeof hard - 1)];
    }
    return bulla_bytes(out, len);
}

static const struct {
    enum bulla_env_format format;
    bool everything; /* holds any value without NUL */
} round_trips[] = {
    {BULLA_ENV_COMPOSE, true},         {BULLA_ENV_COMPOSE_DOUBLE, true},
    {BULLA_ENV_COMPOSE_SINGLE, false}, {BULLA_ENV_COMPOSE_UNQUOTED, false},
    {BULLA_ENV_DOCKER, false},
};

START_TEST(dotenv_reads_back_what_is_written)
{
    uint64_t state = 0x9E3779B97F4A7C15;
    enum bulla_env_format format = round_trips[_i].format;
    struct bulla_dotenv_options options = {
        .grammar = format == BULLA_ENV_DOCKER ? BULLA_DOTENV_RAW : BULLA_DOTENV_COMPOSE};
    unsigned written = 0;
    for (int round = 0; round < 2000; round++) {
        struct bulla_error err = BULLA_ERROR_INIT;
        uint8_t storage[24];
        struct bulla_bytes value = make_value(&state, storage, sizeof storage);
        bulla_auto_buf out;
        bulla_buf_init_secret(&out, 4096);
        bulla_buf_puts(&out, "# it's \"\nBEFORE=1\n");
        if (!bulla_env_write(format, LIT("NAME"), value, &out, &err)) {
            ck_assert_int_eq(err.code, BULLA_E_REFUSED);
            ck_assert(!round_trips[_i].everything);
            continue;
        }
        bulla_buf_puts(&out, "AFTER=2\n");
        bulla_auto_dotenv file = parse(bulla_buf_view(&out), &options);
        ck_assert_uint_eq(bulla_dotenv_count(file), 3);
        const struct bulla_dotenv_entry *entry = bulla_dotenv_find(file, LIT("NAME"));
        ck_assert_msg(bulla_bytes_equal(entry->value, value), "round %d", round);
        assert_bytes(bulla_dotenv_find(file, LIT("AFTER"))->value, "2");
        written++;
    }
    ck_assert_uint_gt(written, 100);
}
END_TEST

#define NO NULL

/* One row a value; what stands behind "A=" in each format, NO where it cannot. */
static const struct {
    const char *value;
    const char *text[BULLA_ENV_RUBY + 1]; /* GITHUB's column is not used */
} writings[] = {
    {"ab/1",
     {"ab/1", "\"ab/1\"", "'ab/1'", "ab/1", "ab/1", "\"ab/1\"", "'ab/1'", NO, "'ab/1'", "\"ab/1\"",
      "\"ab/1\""}},
    {"it's $x",
     {"\"it's \\$x\"", "\"it's \\$x\"", "'it\\'s $x'", "it's $$x", "it's $x", "\"it's \\$x\"",
      "'it'\\''s $x'", NO, "`it's $x`", "\"it's $x\"", "\"it's \\$x\""}},
    {"a\nb",
     {"\"a\\nb\"", "\"a\\nb\"", "'a\nb'", NO, NO, "\"a\nb\"", "'a\nb'", NO, "'a\nb'", "\"a\nb\"",
      "\"a\nb\""}},
    {"x\\",
     {"\"x\\\\\"", "\"x\\\\\"", NO, "x\\", "x\\", "\"x\\\\\"", "'x\\'", NO, "x\\", "\"x${:-\\}\"",
      "x\\\\"}},
    {"'\\",
     {"\"'\\\\\"", "\"'\\\\\"", NO, NO, "'\\", "\"'\\\\\"", "''\\''\\'", NO, "''\\'",
      "\"'${:-\\}\"", "\"'\\\\\""}},
    {"\\'",
     {"\"\\\\'\"", "\"\\\\'\"", NO, "\\'", "\\'", "\"\\\\'\"", "'\\'\\'''", NO, "`\\'`",
      "\"\\\\'\"", "\"\\\\'\""}},
    {"\r'\"`#",
     {"\"\\r'\\\"`#\"", "\"\\r'\\\"`#\"", "'\r\\'\"`#'", NO, "\r'\"`#", "\"\r'\\\"\\`#\"",
      "'\r'\\''\"`#'", NO, NO, "\"\\r'\\\"`#\"", NO}},
    {"${X} $(",
     {"\"\\${X} \\$(\"", "\"\\${X} \\$(\"", "'${X} $('", "$${X} $$(", "${X} $(", "\"\\${X} \\$(\"",
      "'${X} $('", NO, "'${X} $('", "\"${:-$}{X} $(\"", "\"\\${X} $(\""}},
    {"", {"\"\"", "\"\"", "''", "", "", "\"\"", "''", NO, "''", "\"\"", "\"\""}},
};

START_TEST(env_write_follows_each_format)
{
    for (enum bulla_env_format format = BULLA_ENV_COMPOSE; format <= BULLA_ENV_RUBY; format++) {
        struct bulla_error err = BULLA_ERROR_INIT;
        bulla_auto_buf out;
        bulla_buf_init_secret(&out, 4096);
        const char *want = writings[_i].text[format];
        bool ok = bulla_env_write_value(format, bulla_bytes_of(writings[_i].value), &out, &err);
        if (format == BULLA_ENV_GITHUB) {
            ck_assert_int_eq(err.code, BULLA_E_BUG);
            continue;
        }
        const char *name = bulla_env_format_name(format);
        ck_assert_msg(ok == (want != NULL), "%s: %s", name, err.message);
        ck_assert_msg(ok ? bulla_bytes_are(bulla_buf_view(&out), want)
                         : err.code == BULLA_E_REFUSED && out.len == 0,
                      "%s: row %d", name, _i);
    }
}
END_TEST

static bool write_text(enum bulla_env_format format, const char *name, struct bulla_bytes value,
                       struct bulla_buf *out, struct bulla_error *err)
{
    bulla_buf_clear(out);
    return bulla_env_write(format, bulla_bytes_of(name), value, out, err);
}

START_TEST(env_write_picks_a_free_delimiter_for_github)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf out;
    bulla_buf_init_secret(&out, 4096);
    assert_ok(write_text(BULLA_ENV_GITHUB, "A", LIT("x"), &out, &err), err);
    assert_bytes(bulla_buf_view(&out), "A=x\n");
    assert_ok(write_text(BULLA_ENV_GITHUB, "A", LIT("EOF\nx\nEOF_"), &out, &err), err);
    assert_bytes(bulla_buf_view(&out), "A<<EOF__\nEOF\nx\nEOF_\nEOF__\n");
    ck_assert(!write_text(BULLA_ENV_GITHUB, "NODE_OPTIONS", LIT("x"), &out, &err));
    ck_assert_int_eq(err.code, BULLA_E_REFUSED);
}
END_TEST

START_TEST(env_write_refuses_what_a_format_cannot_hold)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf out;
    bulla_buf_init_secret(&out, 200000);
    for (enum bulla_env_format format = BULLA_ENV_COMPOSE; format <= BULLA_ENV_RUBY; format++) {
        ck_assert(!write_text(format, "A", LIT("a\0b"), &out, &err));
        ck_assert(!write_text(format, "A B", LIT("x"), &out, &err));
        ck_assert(!write_text(format, "", LIT("x"), &out, &err));
        bool takes_bytes = format <= BULLA_ENV_COMPOSE_UNQUOTED || format == BULLA_ENV_SH;
        ck_assert(write_text(format, "A", LIT("\xff"), &out, &err) == takes_bytes);
        ck_assert_int_eq(err.code, BULLA_E_REFUSED);
    }
    ck_assert(!write_text(BULLA_ENV_SH, "a.b", LIT("x"), &out, &err));
    ck_assert(!write_text(BULLA_ENV_SYSTEMD, "1A", LIT("x"), &out, &err));
    static uint8_t line[65534];
    memset(line, 'x', sizeof line);
    assert_ok(write_text(BULLA_ENV_DOCKER, "A", bulla_bytes(line, 65533), &out, &err), err);
    ck_assert(!write_text(BULLA_ENV_DOCKER, "A", bulla_bytes(line, 65534), &out, &err));
    ck_assert_int_eq(err.code, BULLA_E_REFUSED);
    ck_assert_uint_eq(out.len, 0);
}
END_TEST

START_TEST(env_format_names_are_found_again)
{
    for (enum bulla_env_format format = BULLA_ENV_COMPOSE; format <= BULLA_ENV_RUBY; format++) {
        enum bulla_env_format found = BULLA_ENV_COMPOSE;
        ck_assert(bulla_env_format_find(bulla_env_format_name(format), &found));
        ck_assert_int_eq(found, format);
    }
    enum bulla_env_format found = BULLA_ENV_COMPOSE;
    ck_assert(!bulla_env_format_find("yaml", &found));
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof(array)[0]))

int main(void)
{
    Suite *suite = suite_create("dotenv");
    TCase *tcase = tcase_create("dotenv");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, dotenv_follows_the_data);
    tcase_add_test(tcase, dotenv_knows_every_escape);
    tcase_add_test(tcase, dotenv_keeps_places);
    tcase_add_loop_test(tcase, dotenv_explains_what_compose_says, 0, COUNT(failures));
    tcase_add_test(tcase, dotenv_message_has_no_value);
    tcase_add_test(tcase, dotenv_limits_what_references_grow_to);
    tcase_add_test(tcase, dotenv_limits_entries_and_size);
    tcase_add_loop_test(tcase, dotenv_reads_back_what_is_written, 0, COUNT(round_trips));
    tcase_add_loop_test(tcase, env_write_follows_each_format, 0, COUNT(writings));
    tcase_add_test(tcase, env_write_picks_a_free_delimiter_for_github);
    tcase_add_test(tcase, env_write_refuses_what_a_format_cannot_hold);
    tcase_add_test(tcase, env_format_names_are_found_again);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
