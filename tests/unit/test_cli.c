/* The program's own parts, and the soundness of its command table. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bulla/file.h"
#include "bulla/limits.h"
#include "changed_lines.h"
#include "command.h"
#include "env.h"
#include "output.h"
#include "query.h"
#include "unit.h"

START_TEST(command_table_is_sound)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    assert_ok(command_table_check(&err), err);
}
END_TEST

static void assert_query(const char *where, const char *query)
{
    ck_assert_msg(query == NULL || query_find(query) != NULL, "%s: no query '%s' in query.c", where,
                  query);
}

START_TEST(every_query_of_the_table_exists)
{
    for (size_t i = 0; commands[i] != NULL; i++) {
        const struct command *command = commands[i];
        const struct opt *options = command->options;
        for (size_t k = 0; options != NULL && options[k].kind != OPT_END; k++) {
            assert_query(command->name, options[k].query);
        }
        for (size_t k = 0; k < OPERANDS_MAX && command->operands[k].name != NULL; k++) {
            assert_query(command->name, command->operands[k].query);
        }
    }
    for (size_t k = 0; global_options[k].kind != OPT_END; k++) {
        assert_query("global options", global_options[k].query);
    }
}
END_TEST

/* Splits LINE at blanks up to a shell's operator, quotes removed; returns the count. */
static int split(char *line, const char **words, int max)
{
    int count = 0;
    char *at = line;
    while (*at != '\0' && count < max) {
        at += strspn(at, " ");
        if (strchr("|<>&;)", *at) != NULL) {
            break;
        }
        const char *stop = *at == '\'' || *at == '"' ? (*at == '"' ? "\"" : "'") : " ";
        at += stop[0] == ' ' ? 0 : 1;
        words[count++] = at;
        at += strcspn(at, stop);
        if (*at != '\0') {
            *at++ = '\0';
        }
    }
    words[count] = NULL;
    return count;
}

START_TEST(every_example_parses)
{
    for (size_t i = 0; commands[i] != NULL; i++) {
        const struct example *example = commands[i]->examples;
        for (; example->line != NULL; example++) {
            char line[128] = "";
            const char *words[32];
            const char *start = strstr(example->line, "bulla ");
            ck_assert_ptr_nonnull(start);
            ck_assert_uint_lt(strlen(start), sizeof line);
            memcpy(line, start, strlen(start));
            /* $(bulla …) ends at its bracket. */
            line[strcspn(line, ")")] = '\0';
            int count = split(line, words, 31);
            struct bulla_error err = BULLA_ERROR_INIT;
            BULLA_AUTO(invocation_release) struct invocation in = {0};
            ck_assert_msg(invocation_parse(&in, count, words, &err), "'%s': %s", example->line,
                          err.message);
        }
    }
}
END_TEST

/* What WRITE puts on a descriptor. */
static void assert_output(void (*write_it)(struct output *out), const char *wanted)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    int fd = memfd_create("output", MFD_CLOEXEC);
    ck_assert_int_ge(fd, 0);
    struct output out;
    output_init(&out, fd, "a file");
    write_it(&out);
    assert_ok(output_flush(&out, &err), err);
    output_release(&out);
    ck_assert_int_eq(lseek(fd, 0, SEEK_SET), 0);
    bulla_auto_buf got;
    bulla_buf_init(&got, BULLA_MAX_TEXT_BYTES);
    assert_ok(bulla_fd_read(fd, "a file", BULLA_MAX_TEXT_BYTES, &got, &err), err);
    (void)close(fd);
    ck_assert_str_eq(bulla_buf_text(&got, &err), wanted);
}

static void write_json(struct output *out)
{
    struct json json;
    json_init(&json, out);
    json_begin_object(&json);
    json_member_number(&json, "version", 1);
    json_member(&json, "left out", NULL);
    json_member(&json, "text", "\"\\\n\t\r\x01\x7f\xc2\x9b\xff\xe2\x80\xa8 \xc3\xa9");
    json_key(&json, "empty");
    json_begin_array(&json);
    json_end_array(&json);
    json_key(&json, "list");
    json_begin_array(&json);
    json_string(&json, "a");
    json_string(&json, NULL);
    json_bool(&json, true);
    json_number(&json, -5);
    json_end_array(&json);
    json_end_object(&json);
}

START_TEST(json_is_escaped_and_indented)
{
    assert_output(write_json, "{\n"
                              "  \"version\": 1,\n"
                              "  \"text\": \"\\\"\\\\\\n\\t\\r\\u0001\\u007f\\u009b\\ufffd\\u2028 "
                              "\xc3\xa9\",\n"
                              "  \"empty\": [],\n"
                              "  \"list\": [\n"
                              "    \"a\",\n"
                              "    null,\n"
                              "    true,\n"
                              "    -5\n"
                              "  ]\n"
                              "}\n");
}
END_TEST

static void write_table(struct output *out)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    static const char *const headings[] = {"NAME", "KIND", "STATE"};
    auto_table table;
    table_init(&table, out, headings, 3);
    table_cell(&table, "A");
    table_cell(&table, "hex:32");
    table_styled(&table, STYLE_GOOD, "current");
    table_cell(&table, "M\xc3\x9cLLER\033");
    table_cell(&table, NULL);
    table_cell(&table, "missing");
    assert_ok(table_write(&table, &err), err);
}

START_TEST(table_aligns_by_code_points_and_shows_no_controls)
{
    assert_output(write_table, "NAME     KIND    STATE\n"
                               "A        hex:32  current\n"
                               "M\xc3\x9cLLER?  -       missing\n");
}
END_TEST

/* Narrow columns, cells that wrap under themselves, words that have to be broken. */
static void write_narrow_table(struct output *out)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    static const char *const headings[] = {"PLACE", "SERVICE", "WHERE"};
    auto_table table;
    out->is_terminal = true;
    out->width = 54;
    table_init(&table, out, headings, 3);
    table_cell(&table, "a.yml:1");
    table_cell(&table, "web");
    table_cell(&table, "services.web.environment.A_NAME");
    table_cell(&table, "b.yml:2");
    table_cell(&table, "a-service-with-a-long-name");
    table_cell(&table, "one two three four five six seven");
    assert_ok(table_write(&table, &err), err);
}

START_TEST(table_fits_a_narrow_terminal)
{
    assert_output(write_narrow_table, "PLACE    SERVICE              WHERE\n"
                                      "a.yml:1  web                  services.web.\n"
                                      "                              environment.A_NAME\n"
                                      "b.yml:2  a-service-with-a-    one two three four five\n"
                                      "         long-name            six seven\n");
}
END_TEST

static void write_table_of_places(struct output *out)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    static const char *const headings[] = {"NAME", "HOW", "PLACE"};
    auto_table table;
    out->is_terminal = true;
    out->width = 60;
    table_init(&table, out, headings, 3);
    table_cell(&table, "AN_UNUSUALLY_LONG_NAME_OF_A_VARIABLE");
    table_cell(&table, "env-file only");
    table_cell(&table, "docker-compose.production.yml:12:7");
    assert_ok(table_write(&table, &err), err);
}

START_TEST(table_breaks_no_place)
{
    assert_output(write_table_of_places,
                  "NAME            HOW       PLACE\n"
                  "AN_UNUSUALLY_   env-file  docker-compose.production.yml:12:7\n"
                  "LONG_NAME_OF_   only\n"
                  "A_VARIABLE\n");
}
END_TEST

static void write_wrapped(struct output *out)
{
    output_wrapped(out, "one two three\n\n  kept   as\n  it is\n\nunbreakable-word x", 2, 12);
    output_styled(out, STYLE_ERROR, "plain");
    output_untrusted(out, "a\033[0m\xff\n");
}

START_TEST(output_wraps_and_stays_plain_without_a_terminal)
{
    assert_output(write_wrapped, "  one two\n  three\n\n    kept   as\n    it is\n\n"
                                 "  unbreakable-word\n  x\nplaina?[0m??");
}
END_TEST

START_TEST(output_to_a_gone_reader_is_quiet_but_a_secret_is_not)
{
    int ends[2];
    ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
    (void)close(ends[0]);
    (void)signal(SIGPIPE, SIG_IGN);
    struct bulla_error err = BULLA_ERROR_INIT;
    struct output out;
    output_init(&out, ends[1], "a pipe");
    output_text(&out, "text");
    assert_ok(output_flush(&out, &err), err);
    ck_assert(!output_secret(&out, LIT("secret"), &err));
    ck_assert_int_eq(err.code, BULLA_E_IO);
    output_release(&out);
    (void)close(ends[1]);
}
END_TEST

START_TEST(output_to_a_full_disk_fails_once_and_stays_failed)
{
    int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
    if (fd < 0) {
        return;
    }
    struct bulla_error err = BULLA_ERROR_INIT;
    struct output out;
    output_init(&out, fd, "a file");
    output_text(&out, "text");
    ck_assert(!output_flush(&out, &err));
    ck_assert_int_eq(err.sys_errno, ENOSPC);
    output_text(&out, "more");
    ck_assert(!output_flush(&out, &err));
    ck_assert_int_eq(err.code, BULLA_E_IO);
    output_release(&out);
    (void)close(fd);
}
END_TEST

START_TEST(env_moves_the_identity_out_of_the_environment)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    ck_assert_int_eq(setenv("BULLA_IDENTITY", "AGE-SECRET-KEY-CANARY", 1), 0);
    ck_assert_int_eq(setenv("BULLA_IDENTITY_FILE", "file", 1), 0);
    ck_assert_int_eq(setenv("XDG_STATE_HOME", "relative", 1), 0);
    ck_assert_int_eq(setenv("BULLA_ENV", "", 1), 0);
    const char *where = env_lookup("BULLA_IDENTITY");
    struct env env;
    assert_ok(env_read(&env, &err), err);
    assert_bytes(bulla_secret_view(env.identity), "AGE-SECRET-KEY-CANARY");
    ck_assert_ptr_null(env_lookup("BULLA_IDENTITY"));
    ck_assert_int_eq(where[0], '\0');
    ck_assert_int_eq(where[5], '\0');
    ck_assert_str_eq(env.identity_file, "file");
    ck_assert_ptr_null(env_lookup("BULLA_IDENTITY_FILE"));
    ck_assert_ptr_null(env.state_home);
    ck_assert_ptr_null(env.environment);
    env_release(&env);
}
END_TEST

#define LINES_MAX 12

/* The length of a longest common subsequence of the lines of A and B, one letter each. */
static size_t count_common(const char *a, const char *b)
{
    size_t best[LINES_MAX + 1][LINES_MAX + 1] = {{0}};
    for (size_t i = 1; i <= strlen(a); i++) {
        for (size_t k = 1; k <= strlen(b); k++) {
            size_t up = best[i - 1][k];
            size_t left = best[i][k - 1];
            best[i][k] = a[i - 1] == b[k - 1] ? best[i - 1][k - 1] + 1 : up > left ? up : left;
        }
    }
    return best[strlen(a)][strlen(b)];
}

/* A text with a line for each letter of LETTERS. */
static struct bulla_bytes text_of(const char *letters, char out[static 2 * LINES_MAX + 1])
{
    size_t len = 0;
    for (size_t i = 0; letters[i] != '\0'; i++) {
        out[len++] = letters[i];
        out[len++] = '\n';
    }
    return bulla_bytes(out, len);
}

/* The letters of B that are not changed, in order, are a part of A, and as many as can be. */
static void assert_fewest_changes(const char *a, const char *b)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct changed_lines lines;
    char older[2 * LINES_MAX + 1];
    char newer[2 * LINES_MAX + 1];
    assert_ok(changed_lines_find(text_of(a, older), text_of(b, newer), &lines, &err), err);
    ck_assert_uint_eq(lines.count, strlen(b));
    size_t kept = 0;
    const char *at = a;
    for (size_t i = 0; i < lines.count; i++) {
        if (!lines.is_changed[i]) {
            at = strchr(at, b[i]);
            ck_assert_msg(at != NULL, "'%s' to '%s': line %zu is no part of the older", a, b,
                          i + 1);
            at++;
            kept++;
        }
    }
    ck_assert_msg(kept == count_common(a, b), "'%s' to '%s': %zu lines kept", a, b, kept);
    changed_lines_release(&lines);
}

START_TEST(changed_lines_are_the_fewest)
{
    unsigned seed = 1;
    for (int round = 0; round < 20000; round++) {
        char texts[2][LINES_MAX + 1];
        for (int t = 0; t < 2; t++) {
            seed = seed * 1103515245U + 12345U;
            size_t len = (seed >> 16) % (LINES_MAX + 1);
            for (size_t i = 0; i < len; i++) {
                seed = seed * 1103515245U + 12345U;
                texts[t][i] = (char)('a' + (seed >> 16) % 4);
            }
            texts[t][len] = '\0';
        }
        assert_fewest_changes(texts[0], texts[1]);
    }
}
END_TEST

START_TEST(changed_lines_of_texts_that_share_nothing_are_all)
{
    enum { COUNT = 5000 };
    struct bulla_error err = BULLA_ERROR_INIT;
    struct changed_lines lines;
    static char older[2 * COUNT];
    static char newer[2 * COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        memcpy(older + 2 * i, "a\n", 2);
        memcpy(newer + 2 * i, i == 0 ? "a\n" : "b\n", 2);
    }
    assert_ok(changed_lines_find(bulla_bytes(older, sizeof older), bulla_bytes(newer, sizeof newer),
                                 &lines, &err),
              err);
    ck_assert(!changed_lines_touch(&lines, 1, 1));
    for (uint32_t line = 2; line <= COUNT; line++) {
        ck_assert(changed_lines_touch(&lines, line, line));
    }
    changed_lines_release(&lines);
}
END_TEST

START_TEST(changed_lines_do_not_look_at_line_ends)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct changed_lines lines;
    assert_ok(changed_lines_find(bulla_bytes_of("a\nb\nc"), bulla_bytes_of("a\r\nx\r\nb\r\nc\r\n"),
                                 &lines, &err),
              err);
    ck_assert_uint_eq(lines.count, 4);
    ck_assert(!changed_lines_touch(&lines, 1, 1));
    ck_assert(changed_lines_touch(&lines, 1, 2));
    ck_assert(!changed_lines_touch(&lines, 3, 4));
    ck_assert(changed_lines_touch(&lines, 5, 5));
    changed_lines_release(&lines);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("cli");
    TCase *tc = tcase_create("cli");
    tcase_add_test(tc, command_table_is_sound);
    tcase_add_test(tc, every_query_of_the_table_exists);
    tcase_add_test(tc, every_example_parses);
    tcase_add_test(tc, json_is_escaped_and_indented);
    tcase_add_test(tc, table_aligns_by_code_points_and_shows_no_controls);
    tcase_add_test(tc, table_fits_a_narrow_terminal);
    tcase_add_test(tc, table_breaks_no_place);
    tcase_add_test(tc, output_wraps_and_stays_plain_without_a_terminal);
    tcase_add_test(tc, output_to_a_gone_reader_is_quiet_but_a_secret_is_not);
    tcase_add_test(tc, output_to_a_full_disk_fails_once_and_stays_failed);
    tcase_add_test(tc, env_moves_the_identity_out_of_the_environment);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, changed_lines_are_the_fewest);
    tcase_add_test(tc, changed_lines_of_texts_that_share_nothing_are_all);
    tcase_add_test(tc, changed_lines_do_not_look_at_line_ends);
    suite_add_tcase(suite, tc);
    return unit_run(suite);
}
