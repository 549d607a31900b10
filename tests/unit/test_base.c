#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file_internal.h"
#include "base/num.h"
#include "base/pool.h"
#include "base/utf8.h"
#include "bulla/buf.h"
#include "bulla/file.h"
#include "bulla/mem.h"
#include "bulla/report.h"
#include "bulla/suggest.h"

#include "unit.h"

START_TEST(error_format_shows_place_and_hint)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    ck_assert(!bulla_error_at(&err, BULLA_E_SYNTAX, "bulla.ini", (struct bulla_pos){2, 7},
                              "'%c' would start a comment here", ';'));
    (void)bulla_error_hint(&err, "put comments on their own line");
    char text[512];
    bulla_error_format(&err, text, sizeof text);
    ck_assert_str_eq(text, "bulla.ini:2:7: error: ';' would start a comment here\n"
                           "  hint: put comments on their own line\n");
    ck_assert_int_eq(bulla_code_exit(err.code), 3);
}
END_TEST

START_TEST(error_replaces_control_characters)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    (void)bulla_error(&err, BULLA_E_INVALID, "name '%s'",
                      "a\033[31m\xff\xc2\x9b"
                      "b");
    ck_assert_str_eq(err.message, "name 'a?[31m???b'");
}
END_TEST

START_TEST(error_while_puts_context_before)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    (void)bulla_error(&err, BULLA_E_MISSING, "no such key");
    ck_assert(!bulla_error_while(&err, "reading service '%s'", "db"));
    ck_assert_str_eq(err.message, "reading service 'db': no such key");
    ck_assert_int_eq(err.code, BULLA_E_MISSING);
}
END_TEST

START_TEST(error_sys_tells_missing_from_refused)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    errno = ENOENT;
    (void)bulla_error_sys(&err, "x", "cannot open");
    ck_assert_int_eq(err.code, BULLA_E_MISSING);
    errno = EACCES;
    (void)bulla_error_sys(&err, "x", "cannot open");
    ck_assert_int_eq(err.code, BULLA_E_IO);
    ck_assert_int_eq(err.sys_errno, EACCES);
}
END_TEST

START_TEST(buf_sticks_at_its_maximum)
{
    bulla_auto_buf buf;
    bulla_buf_init(&buf, 4);
    bulla_buf_puts(&buf, "abc");
    bulla_buf_puts(&buf, "de");
    bulla_buf_puts(&buf, "f");
    struct bulla_error err = BULLA_ERROR_INIT;
    ck_assert(!bulla_buf_ok(&buf, &err));
    ck_assert_int_eq(err.code, BULLA_E_LIMIT);
    assert_bytes(bulla_buf_view(&buf), "abc");
}
END_TEST

START_TEST(word_is_one_to_a_shell)
{
    static const char *const rows[][2] = {
        {"deploy/.env-1_a:@%+=,", "deploy/.env-1_a:@%+=,"},
        {"", "''"},
        {"a b", "'a b'"},
        {"$(x);`y`", "'$(x);`y`'"},
        {"it's", "'it'\\''s'"},
        {"~", "'~'"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bulla_error err = BULLA_ERROR_INIT;
        bulla_auto_str word = bulla_word(rows[i][0], &err);
        assert_ok(word != NULL, err);
        ck_assert_str_eq(word, rows[i][1]);
    }
}
END_TEST

START_TEST(buf_secret_grows_and_keeps_bytes)
{
    bulla_auto_buf buf;
    bulla_buf_init_secret(&buf, 100000);
    for (int i = 0; i < 5000; i++) {
        bulla_buf_putc(&buf, (char)('a' + i % 26));
    }
    struct bulla_error err = BULLA_ERROR_INIT;
    const char *text = bulla_buf_text(&buf, &err);
    assert_ok(text != NULL, err);
    ck_assert_uint_eq(strlen(text), 5000);
    ck_assert_int_eq(text[4999], 'a' + 4999 % 26);
}
END_TEST

START_TEST(arena_keeps_values_apart)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_arena arena = bulla_arena_new(10, &err);
    assert_ok(arena != NULL, err);
    struct bulla_bytes views[3000];
    for (uint32_t i = 0; i < 3000; i++) {
        char text[32];
        int len = snprintf(text, sizeof text, "value-%u", i);
        assert_ok(bulla_arena_add(arena, bulla_bytes(text, (size_t)len), &views[i], &err), err);
    }
    for (uint32_t i = 0; i < 3000; i++) {
        char text[32];
        (void)snprintf(text, sizeof text, "value-%u", i);
        ck_assert(bulla_bytes_are(views[i], text));
    }
}
END_TEST

START_TEST(mem_hook_fails_the_nth_allocation)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_mem_fail_at(2);
    char *first = bulla_strdup("a", &err);
    char *second = bulla_strdup("b", &err);
    char *third = bulla_strdup("c", &err);
    ck_assert_ptr_nonnull(first);
    ck_assert_ptr_null(second);
    ck_assert_ptr_nonnull(third);
    ck_assert_int_eq(err.code, BULLA_E_NOMEM);
    bulla_free(first);
    bulla_free(third);
}
END_TEST

static const struct {
    const char *what;
    const char *text;
    bool ok;
    uint64_t seconds;
} durations[] = {
    {"days", "90d", true, 90 * 86400}, {"hours", "24h", true, 86400},
    {"weeks", "2w", true, 14 * 86400}, {"no unit", "90", false, 0},
    {"no number", "d", false, 0},      {"sign", "-1d", false, 0},
    {"leading zero", "01d", false, 0}, {"blank", "9 d", false, 0},
};

START_TEST(num_parses_durations)
{
    uint64_t seconds = 0;
    bool ok = num_parse_duration(bulla_bytes_of(durations[_i].text), &seconds);
    ck_assert_msg(ok == durations[_i].ok && (!ok || seconds == durations[_i].seconds), "%s",
                  durations[_i].what);
}
END_TEST

static const struct {
    const char *what;
    const char *text;
    bool ok;
    size_t bad_at;
} utf8_cases[] = {
    {"ascii", "abc", true, 0},
    {"two, three and four bytes", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", true, 0},
    {"overlong", "a\xc0\xaf", false, 1},
    {"surrogate", "ab\xed\xa0\x80", false, 2},
    {"over the last code point", "\xf4\x90\x80\x80", false, 0},
    {"cut short", "abc\xe2\x82", false, 3},
    {"lone continuation", "\x80", false, 0},
};

START_TEST(utf8_finds_the_first_bad_byte)
{
    size_t offset = 99;
    bool ok = utf8_is_valid(bulla_bytes_of(utf8_cases[_i].text), &offset);
    ck_assert_msg(ok == utf8_cases[_i].ok, "%s", utf8_cases[_i].what);
    if (!ok) {
        ck_assert_uint_eq(offset, utf8_cases[_i].bad_at);
    }
}
END_TEST

START_TEST(utf8_pos_counts_code_points)
{
    struct bulla_pos pos = utf8_pos(LIT("a\n\xc3\xa9\xc3\xa9x"), 6);
    ck_assert_uint_eq(pos.line, 2);
    ck_assert_uint_eq(pos.col, 3);
}
END_TEST

START_TEST(edit_distance_within_is_what_the_distance_says)
{
    static const char *const words[] = {"",        "a",       "ab",       "ba",
                                        "API_KEY", "PAI_EKY", "API_KEYS", "A_KEY",
                                        "api_kye", "KEY_API", "ABCDEFGH", "BADCFEHG"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
            size_t distance = bulla_edit_distance(words[i], words[k]);
            for (size_t most = 0; most < 10; most++) {
                ck_assert_msg(bulla_edit_distance_within(words[i], words[k], most) ==
                                  (distance <= most),
                              "%s, %s, %zu", words[i], words[k], most);
            }
        }
    }
}
END_TEST

START_TEST(suggest_finds_the_neighbour)
{
    static const char *const words[] = {"rotate", "render", "run", "status"};
    ck_assert_str_eq(bulla_suggest("rotaet", words, 4), "rotate");
    ck_assert_str_eq(bulla_suggest("STATUS", words, 4), "status");
    ck_assert_ptr_null(bulla_suggest("frobnicate", words, 4));
    ck_assert_ptr_null(bulla_suggest_next("rotaet", NULL, "set"));
    ck_assert_str_eq(bulla_suggest_next("rotaet", NULL, "rotated"), "rotated");
    ck_assert_str_eq(bulla_suggest_next("rotaet", "rotated", "rotate"), "rotate");
    ck_assert_str_eq(bulla_suggest_next("rotaet", "rotate", "set"), "rotate");
}
END_TEST

START_TEST(file_replace_keeps_the_old_file_on_failure)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    char folder[] = "/tmp/bulla-test-XXXXXX";
    ck_assert_ptr_nonnull(mkdtemp(folder));
    bulla_auto_str path = bulla_path_join(folder, "f", &err);
    assert_ok(bulla_file_create(path, 0600, LIT("one"), &err), err);
    ck_assert(!bulla_file_create(path, 0600, LIT("two"), &err));
    ck_assert_int_eq(err.code, BULLA_E_REFUSED);
    assert_ok(bulla_file_replace(path, 0640, LIT("three"), &err), err);
    struct stat st;
    ck_assert_int_eq(stat(path, &st), 0);
    ck_assert_uint_eq(st.st_mode & 07777, 0640);
    bulla_auto_buf buf;
    bulla_buf_init(&buf, 100);
    assert_ok(bulla_file_read(path, 100, &buf, &err), err);
    assert_bytes(bulla_buf_view(&buf), "three");
    ck_assert(!bulla_file_replace(folder, 0600, LIT("x"), &err));
    ck_assert_int_eq(err.code, BULLA_E_IO);
    (void)unlink(path);
    (void)rmdir(folder);
}
END_TEST

/* How many names FOLDER has that begin with "f". */
static size_t count_names(const char *folder)
{
    size_t count = 0;
    DIR *dir = opendir(folder);
    ck_assert_ptr_nonnull(dir);
    for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        count += entry->d_name[0] == 'f';
    }
    (void)closedir(dir);
    return count;
}

/* Without a name until it is whole (0), and where the file system has no such files (1). */
START_TEST(file_replace_writes_beside_and_leaves_nothing)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bool unnamed = _i == 0;
    char folder[] = "/tmp/bulla-test-XXXXXX";
    ck_assert_ptr_nonnull(mkdtemp(folder));
    bulla_auto_str path = bulla_path_join(folder, "f", &err);
    assert_ok(file_replace(path, 0600, LIT("one"), unnamed, &err), err);
    assert_ok(file_replace(path, 0640, LIT("two"), unnamed, &err), err);
    struct stat st;
    ck_assert_int_eq(stat(path, &st), 0);
    ck_assert_uint_eq(st.st_mode & 07777, 0640);
    ck_assert_uint_eq(count_names(folder), 1);
    /* A full disk, as far as this process is concerned. */
    const struct rlimit none = {1, RLIM_INFINITY};
    struct rlimit before;
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
    (void)signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &none), 0);
    ck_assert(!file_replace(path, 0640, LIT("three"), unnamed, &err));
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
    ck_assert_int_eq(err.code, BULLA_E_IO);
    ck_assert_uint_eq(count_names(folder), 1);
    bulla_auto_buf buf;
    bulla_buf_init(&buf, 100);
    bulla_error_clear(&err);
    assert_ok(bulla_file_read(path, 100, &buf, &err), err);
    assert_bytes(bulla_buf_view(&buf), "two");
    (void)unlink(path);
    ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

/* What the file system may lack: files without a name, and hard links. */
static const struct file_create_ways create_ways[] = {
    {true, true}, {false, true}, {true, false}, {false, false}};

START_TEST(file_create_makes_it_whole_or_not_at_all)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    const struct file_create_ways *ways = &create_ways[_i];
    char folder[] = "/tmp/bulla-test-XXXXXX";
    ck_assert_ptr_nonnull(mkdtemp(folder));
    bulla_auto_str path = bulla_path_join(folder, "f", &err);
    bulla_auto_str link = bulla_path_join(folder, "flink", &err);
    /* A full disk, as far as this process is concerned: the name was never there. */
    const struct rlimit none = {1, RLIM_INFINITY};
    struct rlimit before;
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
    (void)signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &none), 0);
    ck_assert(!file_create(path, ways, 0640, LIT("one"), &err));
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
    ck_assert_int_eq(err.code, BULLA_E_IO);
    ck_assert_uint_eq(count_names(folder), 0);
    bulla_error_clear(&err);
    assert_ok(file_create(path, ways, 0640, LIT("one"), &err), err);
    ck_assert_uint_eq(count_names(folder), 1);
    struct stat st;
    ck_assert_int_eq(stat(path, &st), 0);
    ck_assert_uint_eq(st.st_mode & 07777, 0640);
    ck_assert_uint_eq(st.st_nlink, 1);
    ck_assert(!file_create(path, ways, 0600, LIT("two"), &err));
    ck_assert_int_eq(err.code, BULLA_E_REFUSED);
    /* A link that leads nowhere is in the way too. */
    ck_assert_int_eq(symlink("nowhere", link), 0);
    bulla_error_clear(&err);
    ck_assert(!file_create(link, ways, 0600, LIT("two"), &err));
    ck_assert_int_eq(err.code, BULLA_E_REFUSED);
    ck_assert_uint_eq(count_names(folder), 2);
    bulla_auto_buf buf;
    bulla_buf_init(&buf, 100);
    bulla_error_clear(&err);
    assert_ok(bulla_file_read(path, 100, &buf, &err), err);
    assert_bytes(bulla_buf_view(&buf), "one");
    (void)unlink(path);
    (void)unlink(link);
    ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

START_TEST(file_replace_removes_what_nobody_holds)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    char folder[] = "/tmp/bulla-test-XXXXXX";
    ck_assert_ptr_nonnull(mkdtemp(folder));
    static const char *const names[] = {"f.tmp-7-0", "f.tmp-8-1",  "f.tmp-x-0",
                                        "f.tmp-7",   "fg.tmp-7-0", "f.tmp-9-9"};
    enum { HELD = 1, LINK = 5, NAMES = 6 };
    char *paths[NAMES];
    for (size_t i = 0; i < NAMES; i++) {
        paths[i] = bulla_path_join(folder, names[i], &err);
        if (i == LINK) {
            ck_assert_int_eq(symlink(paths[0], paths[i]), 0);
        } else {
            assert_ok(bulla_file_create(paths[i], 0600, LIT("left"), &err), err);
        }
    }
    /* The lock belongs to the open file: another process's would be no different. */
    int held = open(paths[HELD], O_RDONLY | O_CLOEXEC);
    ck_assert_int_ge(held, 0);
    ck_assert_int_eq(flock(held, LOCK_EX | LOCK_NB), 0);
    bulla_auto_str path = bulla_path_join(folder, "f", &err);
    assert_ok(file_replace(path, 0600, LIT("new"), _i == 0, &err), err);
    for (size_t i = 0; i < NAMES; i++) {
        struct stat st;
        ck_assert_msg((lstat(paths[i], &st) == 0) == (i != 0), "%s", names[i]);
        (void)unlink(paths[i]);
        bulla_free(paths[i]);
    }
    (void)close(held);
    (void)unlink(path);
    ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

/* Every growth of a secret's buffer would be new pages, a copy and a wipe. */
START_TEST(file_read_takes_room_for_a_file_once)
{
    static const size_t sizes[] = {1, 184, 4095, 9000};
    static const char text[9000] = "secret";
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct bulla_error err = BULLA_ERROR_INIT;
        char path[] = "/tmp/bulla-test-XXXXXX";
        int fd = mkstemp(path);
        ck_assert_int_ge(fd, 0);
        assert_ok(bulla_fd_write(fd, path, bulla_bytes(text, sizes[i]), &err), err);
        (void)close(fd);
        bulla_auto_buf buf;
        bulla_buf_init_secret(&buf, sizeof text);
        assert_ok(bulla_file_read(path, sizeof text, &buf, &err), err);
        (void)unlink(path);
        ck_assert(bulla_bytes_equal(bulla_buf_view(&buf), bulla_bytes(text, sizes[i])));
        ck_assert_uint_le(buf.cap, sizes[i] < 254 ? 256 : sizes[i] + 2);
    }
}
END_TEST

START_TEST(file_read_refuses_more_than_its_limit)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    char path[] = "/tmp/bulla-test-XXXXXX";
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    assert_ok(bulla_fd_write(fd, path, LIT("0123456789"), &err), err);
    (void)close(fd);
    bulla_auto_buf buf;
    bulla_buf_init(&buf, 1000);
    ck_assert(!bulla_file_read(path, 9, &buf, &err));
    ck_assert_int_eq(err.code, BULLA_E_LIMIT);
    assert_ok(bulla_file_read(path, 10, &buf, &err), err);
    bulla_buf_clear(&buf);
    ck_assert_int_eq(chmod(path, 0644), 0);
    ck_assert(!bulla_file_read_private(path, 100, BULLA_PRIVATE_REQUIRED, &buf, NULL, &err));
    ck_assert_int_eq(err.code, BULLA_E_REFUSED);
    bool open_to_others = false;
    assert_ok(
        bulla_file_read_private(path, 100, BULLA_PRIVATE_REPORTED, &buf, &open_to_others, &err),
        err);
    ck_assert(open_to_others);
    (void)unlink(path);
    ck_assert(!bulla_file_read("/tmp", 10, &buf, &err));
    ck_assert_int_eq(err.code, BULLA_E_IO);
}
END_TEST

START_TEST(report_sorts_and_drops_repeats)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_report report = bulla_report_new(&err);
    assert_ok(report != NULL, err);
    struct bulla_finding b = {
        .rule = "B101", .severity = BULLA_ERROR, .message = "b", .file = "b.yml", .pos = {1, 1}};
    struct bulla_finding a = {
        .rule = "B102", .severity = BULLA_WARNING, .message = "a", .file = "a.yml", .pos = {9, 1}};
    assert_ok(bulla_report_add(report, &b, &err), err);
    assert_ok(bulla_report_add(report, &a, &err), err);
    assert_ok(bulla_report_add(report, &b, &err), err);
    bulla_report_sort(report);
    ck_assert_uint_eq(bulla_report_count(report), 2);
    ck_assert_str_eq(bulla_report_get(report, 0)->file, "a.yml");
    ck_assert_uint_eq(bulla_report_severity_count(report, BULLA_ERROR), 1);
}
END_TEST

static bool keep_errors(void *ctx, const struct bulla_finding *finding, bool *ret_keep,
                        struct bulla_error *err)
{
    (*(unsigned *)ctx)++;
    *ret_keep = finding->severity == BULLA_ERROR;
    return finding->pos.line != 3 || bulla_error(err, BULLA_E_IO, "line 3");
}

START_TEST(report_adds_and_counts_what_its_filter_keeps)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    unsigned calls = 0;
    bulla_auto_report report = bulla_report_new(&err);
    assert_ok(report != NULL, err);
    bulla_report_set_filter(report, keep_errors, &calls);
    struct bulla_finding finding = {.rule = "B101", .severity = BULLA_ERROR, .message = "a"};
    assert_ok(bulla_report_add(report, &finding, &err), err);
    finding.severity = BULLA_NOTE;
    assert_ok(bulla_report_add(report, &finding, &err), err);
    ck_assert_uint_eq(calls, 2);
    ck_assert_uint_eq(bulla_report_count(report), 1);
    ck_assert_uint_eq(bulla_report_severity_count(report, BULLA_NOTE), 0);
    finding.pos.line = 3;
    ck_assert(!bulla_report_add(report, &finding, &err));
    ck_assert_int_eq(err.code, BULLA_E_IO);
}
END_TEST

START_TEST(report_keeps_the_bytes_of_a_file_name_only)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_report report = bulla_report_new(&err);
    assert_ok(report != NULL, err);
    struct bulla_finding finding = {.rule = "B101",
                                    .message = "a\x1b"
                                               "b",
                                    .file = "a\x1b\xff"
                                            "b"};
    assert_ok(bulla_report_add(report, &finding, &err), err);
    ck_assert_str_eq(bulla_report_get(report, 0)->message, "a?b");
    ck_assert_str_eq(bulla_report_get(report, 0)->file, "a\x1b\xff"
                                                        "b");
}
END_TEST

START_TEST(pool_serves_large_and_small)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    auto_pool pool = pool_new(&err);
    char *small = pool_strdup(pool, "small", &err);
    char *large = pool_alloc(pool, 100000, &err);
    char *other = pool_printf(pool, &err, "%s-%d", "other", 7);
    ck_assert_ptr_nonnull(large);
    memset(large, 'x', 100000);
    ck_assert_str_eq(small, "small");
    ck_assert_str_eq(other, "other-7");
}
END_TEST

START_TEST(pool_aligns_objects_and_packs_texts)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    auto_pool pool = pool_new(&err);
    const char *before = pool_strdup(pool, "ab", &err);
    for (size_t i = 0; i < 20000; i++) {
        char *text = pool_strndup(pool, "ab", 2, &err);
        ck_assert_ptr_nonnull(text);
        ck_assert(i > 0 || text == before + 3);
        ck_assert_str_eq(text, "ab");
        if (i % 1000 == 0) {
            uint64_t *object = pool_alloc(pool, 24, &err);
            ck_assert_ptr_nonnull(object);
            ck_assert_uint_eq((uintptr_t)object % _Alignof(max_align_t), 0);
            ck_assert(object[0] == 0 && object[1] == 0 && object[2] == 0);
        }
    }
}
END_TEST

static bool is_zero(const uint8_t *bytes, size_t len)
{
    return len == 0 || (bytes[0] == 0 && memcmp(bytes, bytes + 1, len - 1) == 0);
}

START_TEST(pool_reserves_one_piece)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    auto_pool pool = pool_new(&err);
    char *first = pool_strdup(pool, "first", &err);
    ck_assert(pool_reserve(pool, (size_t)3 << 20, &err));
    uint8_t *piece = pool_alloc(pool, (size_t)1 << 20, &err);
    uint8_t *next = pool_alloc(pool, (size_t)1 << 20, &err);
    ck_assert_ptr_nonnull(piece);
    ck_assert_ptr_eq(next, piece + ((size_t)1 << 20));
    ck_assert(is_zero(piece, (size_t)2 << 20));
    ck_assert_str_eq(first, "first");
}
END_TEST

START_TEST(large_memory_is_zeroed_and_grows)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    const size_t count = (size_t)5 << 20;
    uint8_t *bytes = bulla_alloc(count, 1, &err);
    ck_assert_ptr_nonnull(bytes);
    ck_assert(is_zero(bytes, count));
    memset(bytes, 'x', count);
    size_t cap = count;
    ck_assert(bulla_grow(&bytes, &cap, count + 1, 1, &err));
    ck_assert(cap > count && bytes[0] == 'x' && bytes[count - 1] == 'x');
    ck_assert(is_zero(bytes + count, cap - count));
    bulla_free(bytes);
    ck_assert_ptr_null(bulla_alloc(SIZE_MAX / 2, 4, &err));
    ck_assert_int_eq(err.code, BULLA_E_NOMEM);
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof(array)[0]))

int main(void)
{
    Suite *suite = suite_create("base");
    TCase *tcase = tcase_create("base");
    tcase_add_test(tcase, error_format_shows_place_and_hint);
    tcase_add_test(tcase, error_replaces_control_characters);
    tcase_add_test(tcase, error_while_puts_context_before);
    tcase_add_test(tcase, error_sys_tells_missing_from_refused);
    tcase_add_test(tcase, buf_sticks_at_its_maximum);
    tcase_add_test(tcase, word_is_one_to_a_shell);
    tcase_add_test(tcase, buf_secret_grows_and_keeps_bytes);
    tcase_add_test(tcase, arena_keeps_values_apart);
    tcase_add_test(tcase, mem_hook_fails_the_nth_allocation);
    tcase_add_loop_test(tcase, num_parses_durations, 0, COUNT(durations));
    tcase_add_loop_test(tcase, utf8_finds_the_first_bad_byte, 0, COUNT(utf8_cases));
    tcase_add_test(tcase, utf8_pos_counts_code_points);
    tcase_add_test(tcase, suggest_finds_the_neighbour);
    tcase_add_test(tcase, edit_distance_within_is_what_the_distance_says);
    tcase_add_test(tcase, file_replace_keeps_the_old_file_on_failure);
    tcase_add_loop_test(tcase, file_replace_writes_beside_and_leaves_nothing, 0, 2);
    tcase_add_loop_test(tcase, file_replace_removes_what_nobody_holds, 0, 2);
    tcase_add_loop_test(tcase, file_create_makes_it_whole_or_not_at_all, 0,
                        sizeof create_ways / sizeof *create_ways);
    tcase_add_test(tcase, file_read_takes_room_for_a_file_once);
    tcase_add_test(tcase, file_read_refuses_more_than_its_limit);
    tcase_add_test(tcase, report_sorts_and_drops_repeats);
    tcase_add_test(tcase, report_adds_and_counts_what_its_filter_keeps);
    tcase_add_test(tcase, report_keeps_the_bytes_of_a_file_name_only);
    tcase_add_test(tcase, pool_serves_large_and_small);
    tcase_add_test(tcase, pool_aligns_objects_and_packs_texts);
    tcase_add_test(tcase, pool_reserves_one_piece);
    tcase_add_test(tcase, large_memory_is_zeroed_and_grows);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
