/*
 * Each allocation of each function fails in turn. Every failure is BULLA_E_NOMEM, leaves nothing
 * behind (the sanitizers look for leaks) and no file changed. The modules whose tests bring such a
 * loop of their own (age, compose, contract, generate, pattern, render, values) are not repeated.
 */
#include <string.h>

#include "base/pool.h"
#include "bulla/dotenv.h"
#include "bulla/interpolate.h"
#include "bulla/report.h"
#include "template/template.h"
#include "yaml/yaml.h"

#include "oom.h"

static const char long_text[] =
    "a text that is too long for the first capacity of a buffer, which is 256 bytes: "
    "0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz"
    "0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz"
    "0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz";

static bool fill_buf(struct bulla_buf *buf, struct bulla_error *err)
{
    bulla_buf_puts(buf, "short");
    bulla_buf_puts(buf, long_text);
    bulla_buf_printf(buf, "%d", 7);
    return bulla_buf_text(buf, err) != NULL;
}

static bool fill_pool(struct pool **ret_pool, struct bulla_error *err)
{
    *ret_pool = pool_new(err);
    return *ret_pool != NULL && pool_alloc(*ret_pool, 100000, err) != NULL &&
           pool_strdup(*ret_pool, "text", err) != NULL &&
           pool_printf(*ret_pool, err, "%s", long_text) != NULL &&
           pool_alloc(*ret_pool, 16000, err) != NULL;
}

static bool fill_arena(struct bulla_arena **ret_arena, struct bulla_error *err)
{
    struct bulla_bytes copy;
    *ret_arena = bulla_arena_new(10, err);
    return *ret_arena != NULL && bulla_arena_add(*ret_arena, LIT("one"), &copy, err) &&
           bulla_arena_alloc(*ret_arena, 100000, err) != NULL;
}

START_TEST(oom_buffers_pools_and_arenas)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct bulla_buf buf;
    bulla_buf_init(&buf, 4096);
    each_failure("buf", fill_buf(&buf, &err), bulla_buf_release(&buf));
    bulla_buf_init_secret(&buf, 4096);
    each_failure("secret buf", fill_buf(&buf, &err), bulla_buf_release(&buf));
    struct pool *pool = NULL;
    each_failure("pool", fill_pool(&pool, &err), (pool_free(pool), pool = NULL));
    struct bulla_arena *arena = NULL;
    each_failure("arena", fill_arena(&arena, &err), (bulla_arena_free(arena), arena = NULL));
    struct bulla_secret *secret = NULL;
    each_failure("secret", (secret = bulla_secret_copy(LIT("value"), &err)) != NULL,
                 (bulla_secret_free(secret), secret = NULL));
}
END_TEST

/* What a buffer held before a failure stays readable: the old bytes are not lost when it grows. */
START_TEST(oom_growing_keeps_what_was_there)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    char *items = NULL;
    size_t cap = 0;
    assert_ok(bulla_grow(&items, &cap, 5, 1, &err), err);
    memcpy(items, "kept", 5);
    size_t before = cap;
    bulla_mem_fail_at(1);
    ck_assert(!bulla_grow(&items, &cap, 100, 1, &err));
    bulla_mem_fail_at(0);
    ck_assert_int_eq(err.code, BULLA_E_NOMEM);
    ck_assert_uint_eq(cap, before);
    ck_assert_str_eq(items, "kept");
    bulla_free(items);
}
END_TEST

static bool report_two(struct bulla_report **ret_report, struct bulla_error *err)
{
    const struct bulla_finding finding = {.rule = "B101",
                                          .severity = BULLA_ERROR,
                                          .message = long_text,
                                          .help = "help",
                                          .file = "compose.yaml",
                                          .variable = "A",
                                          .service = "web",
                                          .environment = "dev"};
    *ret_report = bulla_report_new(err);
    if (*ret_report == NULL) {
        return false;
    }
    for (int i = 0; i < 100; i++) {
        if (!bulla_report_add(*ret_report, &finding, err)) {
            return false;
        }
    }
    bulla_report_sort(*ret_report);
    return true;
}

START_TEST(oom_report)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct bulla_report *report = NULL;
    each_failure("report", report_two(&report, &err), (bulla_report_free(report), report = NULL));
}
END_TEST

static enum bulla_lookup_state look_up(void *ctx, struct bulla_bytes name,
                                       struct bulla_bytes *ret_value)
{
    (void)ctx;
    if (!bulla_bytes_are(name, "SET")) {
        return BULLA_LOOKUP_UNSET;
    }
    *ret_value = bulla_bytes_of(long_text);
    return BULLA_LOOKUP_SET;
}

static bool count_ref(void *ctx, const struct bulla_ref *ref, struct bulla_error *err)
{
    (void)ref;
    (void)err;
    ++*(size_t *)ctx;
    return true;
}

/* Texts that need every kind of evaluation; the last two have nothing to give. */
static const char *const interpolated[] = {
    "a ${SET} $SET$$ ${A:-${B:-${SET}}} ${SET:+x${SET}} b",
    "${A:-${B-${C:-${D-${E:-${F-deep}}}}}}",
    "${A:?say ${SET} ${B:-why}}",
    "${A:-${}",
};

START_TEST(oom_interpolate)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    const struct bulla_interpolation with = {.lookup = look_up, .eager = _i % 2 == 0};
    struct bulla_bytes text = bulla_bytes_of(interpolated[_i]);
    struct bulla_buf out;
    struct bulla_buf message;
    bulla_buf_init_secret(&out, 10000);
    bulla_buf_init_secret(&message, 10000);
    struct bulla_interpolate_failure failure;
    each_failure(interpolated[_i],
                 bulla_interpolate(text, &with, &out, &message, &failure, &err) &&
                     bulla_buf_text(&out, &err) != NULL,
                 (bulla_buf_release(&out), bulla_buf_release(&message)));
}
END_TEST

START_TEST(oom_interpolate_scan)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    size_t count = 0;
    bulla_auto_buf text;
    bulla_buf_init(&text, 10000);
    for (int i = 0; i < 40; i++) {
        bulla_buf_printf(&text, "${A%d:-${B:-$C}} ", i);
    }
    bulla_mem_fail_at(1);
    bool ok = bulla_interpolate_scan(bulla_buf_view(&text), count_ref, &count, NULL, &err);
    bulla_mem_fail_at(0);
    /* It needs no memory of its own today; where it does, it says so. */
    ck_assert(ok ? count == 120 : err.code == BULLA_E_NOMEM);
}
END_TEST

static const char dotenv_text[] = "# head\n"
                                  "export A=plain # note\n"
                                  "B=\"double ${A} \\n ${SET}\"\n"
                                  "C='single\nlines'\n"
                                  "D=${A:-x}${B}\n"
                                  "SET\n"
                                  "E: yaml\n";

static const struct bulla_dotenv_options dotenv_options[] = {
    {.grammar = BULLA_DOTENV_COMPOSE, .lookup = look_up},
    {.grammar = BULLA_DOTENV_COMPOSE, .lookup = look_up, .eager = true},
    {.grammar = BULLA_DOTENV_COMPOSE, .no_expand = true},
    {.grammar = BULLA_DOTENV_RAW, .lookup = look_up},
};

START_TEST(oom_dotenv_parse)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    const struct bulla_dotenv_options *options = &dotenv_options[_i];
    struct bulla_bytes text = options->grammar == BULLA_DOTENV_RAW ? LIT("A=1\n# b\nB=two words\n")
                                                                   : bulla_bytes_of(dotenv_text);
    struct bulla_dotenv *file = NULL;
    each_failure("dotenv", (file = bulla_dotenv_parse(text, ".env", options, &err)) != NULL,
                 (bulla_dotenv_free(file), file = NULL));
}
END_TEST

static const char *const broken_dotenv[] = {"A=1\nB='x", "A=1\nB=${C:?no ${SET}}", "A=\"${A:-${}\"",
                                            "A B=1"};

START_TEST(oom_dotenv_explain)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct bulla_bytes text = bulla_bytes_of(broken_dotenv[_i]);
    struct bulla_buf words;
    bulla_buf_init_secret(&words, 10000);
    struct bulla_dotenv_failure failure;
    each_failure(broken_dotenv[_i],
                 bulla_dotenv_explain(text, &dotenv_options[0], &words, &failure, &err),
                 bulla_buf_release(&words));
    ck_assert_int_ne(failure.problem, BULLA_DOTENV_OK);
}
END_TEST

START_TEST(oom_env_write)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    enum bulla_env_format format = (enum bulla_env_format)_i;
    struct bulla_buf out;
    bulla_buf_init_secret(&out, 10000);
    each_failure(bulla_env_format_name(format),
                 bulla_env_write(format, LIT("NAME"), bulla_bytes_of(long_text), &out, &err),
                 bulla_buf_release(&out));
    /* A GitHub file has no notation for a value alone. */
    if (format != BULLA_ENV_GITHUB) {
        each_failure(bulla_env_format_name(format),
                     bulla_env_write_value(format, bulla_bytes_of(long_text), &out, &err),
                     bulla_buf_release(&out));
    }
}
END_TEST

static bool template_value(void *ctx, struct bulla_bytes name, struct bulla_bytes *ret_value,
                           struct bulla_error *err)
{
    (void)ctx;
    (void)name;
    (void)err;
    *ret_value = bulla_bytes_of(long_text);
    return true;
}

START_TEST(oom_template)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    const struct bulla_pos start = {1, 1};
    struct bulla_buf out;
    bulla_buf_init_secret(&out, 100000);
    each_failure("template",
                 template_render(LIT("a {{ V | url | base64 | hex }} {{ V | json | upper | trim }}"
                                     "{{ \"x\" | base64url | lower }} {{ V }}"),
                                 "bulla.ini", start, template_value, NULL, &out, &err),
                 bulla_buf_release(&out));
}
END_TEST

struct parsed {
    struct pool *pool;
    struct yaml_source source;
    struct yaml_document *first;
    struct yaml_map map;
};

static bool parse_yaml(struct parsed *parsed, struct bulla_bytes text, struct bulla_error *err)
{
    *parsed = (struct parsed){.pool = pool_new(err)};
    return parsed->pool != NULL &&
           yaml_source_init(&parsed->source, parsed->pool, text, "t.yaml", err) &&
           yaml_parse(&parsed->source, parsed->pool, &parsed->first, err) &&
           yaml_map_build(&parsed->map, &parsed->source, parsed->first->root->first->value, err);
}

START_TEST(oom_yaml)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct parsed parsed = {0};
    each_failure("yaml",
                 parse_yaml(&parsed,
                            LIT("a: \"x\\ty\n  z\"\nb: &n !t [1, {c: d}]\ne: *n\n--- |\n x\n"),
                            &err),
                 (yaml_map_release(&parsed.map), pool_free(parsed.pool)));
    each_failure("yaml in UTF-16",
                 parse_yaml(&parsed,
                            LIT("\xFF\xFE"
                                "a\0:\0 \0b\0\n\0"),
                            &err),
                 (yaml_map_release(&parsed.map), pool_free(parsed.pool)));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("oom");
    TCase *tcase = tcase_create("oom");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, oom_buffers_pools_and_arenas);
    tcase_add_test(tcase, oom_growing_keeps_what_was_there);
    tcase_add_test(tcase, oom_report);
    tcase_add_loop_test(tcase, oom_interpolate, 0, sizeof interpolated / sizeof *interpolated);
    tcase_add_test(tcase, oom_interpolate_scan);
    tcase_add_loop_test(tcase, oom_dotenv_parse, 0, sizeof dotenv_options / sizeof *dotenv_options);
    tcase_add_loop_test(tcase, oom_dotenv_explain, 0, sizeof broken_dotenv / sizeof *broken_dotenv);
    tcase_add_loop_test(tcase, oom_env_write, 0, BULLA_ENV_RUBY + 1);
    tcase_add_test(tcase, oom_template);
    tcase_add_test(tcase, oom_yaml);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
