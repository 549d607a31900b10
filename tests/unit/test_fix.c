/* Plans over real folders: what changes byte for byte, what stays, and that a second plan is empty.
 */
#include "bulla/fix.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bulla/file.h"
#include "bulla/limits.h"
#include "bulla/mem.h"

#include "unit.h"

/* A folder with a compose file, and what the last plan made of it. */
struct bench {
    struct bulla_error err;
    char folder[32];
    char path[64];
    const struct bulla_project *project;
    struct bulla_check_input checked;
    struct bulla_report *report;
    struct bulla_finding extra; /* reported too where it has a rule */
    struct bulla_fix_input input;
    struct bulla_fix_plan *plan;
};

static void bench_open(struct bench *bench, struct bulla_bytes compose)
{
    *bench = (struct bench){.err = BULLA_ERROR_INIT, .folder = "/tmp/bulla-fix-XXXXXX"};
    ck_assert_ptr_nonnull(mkdtemp(bench->folder));
    (void)snprintf(bench->path, sizeof bench->path, "%s/compose.yaml", bench->folder);
    assert_ok(bulla_file_create(bench->path, 0640, compose, &bench->err), bench->err);
}

static void bench_forget(struct bench *bench)
{
    bulla_fix_plan_free(bench->plan);
    bulla_report_free(bench->report);
    bulla_project_free(bench->project);
}

static void bench_close(struct bench *bench)
{
    bench_forget(bench);
    (void)unlink(bench->path);
    (void)rmdir(bench->folder);
}

static void bench_plan(struct bench *bench)
{
    struct bulla_project_options options = {.directory = bench->folder};
    bench->project = bulla_project_load(&options, &bench->err);
    assert_ok(bench->project != NULL, bench->err);
    bench->report = bulla_report_new(&bench->err);
    bench->checked.project = bench->project;
    bench->checked.root = bench->folder;
    assert_ok(bench->report != NULL && bulla_check(&bench->checked, bench->report, &bench->err),
              bench->err);
    if (bench->extra.rule != NULL) {
        assert_ok(bulla_report_add(bench->report, &bench->extra, &bench->err), bench->err);
        bulla_report_sort(bench->report);
    }
    bench->input.checked = &bench->checked;
    bench->input.report = bench->report;
    bench->input.new_mode = 0644;
    bench->plan = bulla_fix_plan_new(&bench->input, &bench->err);
    assert_ok(bench->plan != NULL, bench->err);
}

static void assert_file(const char *path, struct bulla_bytes want)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf text;
    bulla_buf_init(&text, BULLA_MAX_TEXT_BYTES);
    assert_ok(bulla_file_read(path, BULLA_MAX_TEXT_BYTES, &text, &err), err);
    struct bulla_bytes got = bulla_buf_view(&text);
    ck_assert_msg(bulla_bytes_equal(got, want), "got:\n%.*s\nwant:\n%.*s", (int)got.len,
                  (const char *)got.data, (int)want.len, (const char *)want.data);
}

#define TEXT(literal) (literal), sizeof(literal) - 1

/* What quotes become of a value: everything else stays. */
static const struct {
    const char *name;
    const char *before;
    size_t before_len;
    const char *after;
    size_t after_len;
} mended[] = {
    {"a value behind a key", TEXT("x-a: run ${A:?no: a} now\n"),
     TEXT("x-a: \"run ${A:?no: a} now\"\n")},
    {"a list item that was a mapping", TEXT("x-a:\n- A=${A:?no: a}\n- b\n"),
     TEXT("x-a:\n- \"A=${A:?no: a}\"\n- b\n")},
    {"an item of a nested list", TEXT("x-a:\n  - - a\n    - ${A:?no: a}\n  - b\n"),
     TEXT("x-a:\n  - - a\n    - \"${A:?no: a}\"\n  - b\n")},
    {"a comment behind", TEXT("x-a: ${A:?no: a}   # why: this\nx-b: c\n"),
     TEXT("x-a: \"${A:?no: a}\"   # why: this\nx-b: c\n")},
    {"a hash in the message, and a comment", TEXT("x-a: v${A:?see #12} # not \"this\"\n"),
     TEXT("x-a: \"v${A:?see #12}\" # not \"this\"\n")},
    {"a hash in a default", TEXT("x-a: ${A:-b #c}\n"), TEXT("x-a: \"${A:-b #c}\"\n")},
    {"an anchor and a tag", TEXT("x-a: &a !t ${A:?no: a}\nx-b: *a\n"),
     TEXT("x-a: &a !t \"${A:?no: a}\"\nx-b: *a\n")},
    {"an anchor on a line of its own", TEXT("x-a: &a\n  ${A:?no: a}\nx-b: *a\n"),
     TEXT("x-a: &a\n  \"${A:?no: a}\"\nx-b: *a\n")},
    {"several lines", TEXT("x-a: run\n  ${A:?no: a}\n\n  and 'stop'\nx-b: c\n"),
     TEXT("x-a: \"run\n  ${A:?no: a}\n\n  and 'stop'\"\nx-b: c\n")},
    {"several lines with a double quote", TEXT("x-a: run\n  ${A:?no: a}\n  \"it's\"\n"),
     TEXT("x-a: 'run\n  ${A:?no: a}\n  \"it''s\"'\n")},
    {"CRLF", TEXT("x-a: ${A:?no: a}\r\nx-b:\r\n  - ${B:?no: b}\r\n"),
     TEXT("x-a: \"${A:?no: a}\"\r\nx-b:\r\n  - \"${B:?no: b}\"\r\n")},
    {"a byte order mark", TEXT("\xef\xbb\xbfx-a: ${A:?no: a}\n"),
     TEXT("\xef\xbb\xbfx-a: \"${A:?no: a}\"\n")},
    {"letters of several bytes", TEXT("x-a: ü ${A:?nö: ä} €\nx-é: ${B:?no: b}\n"),
     TEXT("x-a: \"ü ${A:?nö: ä} €\"\nx-é: \"${B:?no: b}\"\n")},
    {"a double quote inside", TEXT("x-a: say \"a\" ${A:?no: a}\n"),
     TEXT("x-a: 'say \"a\" ${A:?no: a}'\n")},
    {"a backslash inside", TEXT("x-a: a\\n ${A:?no: a}\n"), TEXT("x-a: 'a\\n ${A:?no: a}'\n")},
    {"a single quote inside", TEXT("x-a: it's ${A:?no: a}\n"), TEXT("x-a: \"it's ${A:?no: a}\"\n")},
    {"both kinds of quotes inside", TEXT("x-a: it's \"a\" ${A:?don't: a}\n"),
     TEXT("x-a: 'it''s \"a\" ${A:?don''t: a}'\n")},
    {"a flow list", TEXT("x-a: [${A}, b, ${C:?no: c, d}]\n"),
     TEXT("x-a: [\"${A}\", b, \"${C:?no: c, d}\"]\n")},
    {"a flow mapping", TEXT("x-a: {image: ${A}, b: c ${D:-e}}\n"),
     TEXT("x-a: {image: \"${A}\", b: \"c ${D:-e}\"}\n")},
    {"flow over lines", TEXT("x-a: [\n  ${A},   # a\n  'b'\n  ]\nx-c: ${C:-{\"d\": 1}}\n"),
     TEXT("x-a: [\n  \"${A}\",   # a\n  'b'\n  ]\nx-c: '${C:-{\"d\": 1}}'\n")},
    {"two references in one value", TEXT("x-a: ${A:?no: a}-${B:?no: b}\n"),
     TEXT("x-a: \"${A:?no: a}-${B:?no: b}\"\n")},
    {"nested references", TEXT("x-a: ${A:-${B:?no: b}}\n"), TEXT("x-a: \"${A:-${B:?no: b}}\"\n")},
    {"no final line end", TEXT("x-a: ${A:?no: a}"), TEXT("x-a: \"${A:?no: a}\"")},
    {"blanks at line ends", TEXT("x-a: ${A:?no: a}  \nx-b: c \t \n\n\n"),
     TEXT("x-a: \"${A:?no: a}\"  \nx-b: c \t \n\n\n")},
    {"several documents", TEXT("x-a: ${A:?no: a}\n---\nx-a: ${B:?no: b}\n"),
     TEXT("x-a: \"${A:?no: a}\"\n---\nx-a: \"${B:?no: b}\"\n")},
    {"what is quoted or a block already",
     TEXT("x-a: \"${A:?no: a}\"\nx-b: |\n  ${B:?no: b} #c\nx-c: ${C:?no: c}\n"),
     TEXT("x-a: \"${A:?no: a}\"\nx-b: |\n  ${B:?no: b} #c\nx-c: \"${C:?no: c}\"\n")},
    {"a dollar that is escaped beside it", TEXT("x-a: $${B} ${A:?no: a}\n"),
     TEXT("x-a: \"$${B} ${A:?no: a}\"\n")},
};

START_TEST(quotes_change_no_other_byte)
{
    struct bench bench;
    struct bulla_bytes after = bulla_bytes(mended[_i].after, mended[_i].after_len);
    bench_open(&bench, bulla_bytes(mended[_i].before, mended[_i].before_len));
    bench_plan(&bench);
    ck_assert_msg(bulla_fix_file_count(bench.plan) == 1, "%s: no file", mended[_i].name);
    ck_assert_uint_eq(bulla_fix_unfixed_count(bench.plan), 0);
    const struct bulla_fix_file *file = bulla_fix_file(bench.plan, 0);
    ck_assert_str_eq(file->name, "compose.yaml");
    ck_assert(!file->is_new && !file->is_env);
    assert_ok(bulla_fix_apply(bench.plan, &bench.err), bench.err);
    assert_file(bench.path, after);
    struct stat st;
    ck_assert_int_eq(stat(bench.path, &st), 0);
    ck_assert_uint_eq(st.st_mode & 07777, 0640);
    bench_forget(&bench);
    bench_plan(&bench);
    ck_assert_msg(bulla_fix_count(bench.plan) == 0 && bulla_fix_file_count(bench.plan) == 0,
                  "%s: a second time", mended[_i].name);
    bench_close(&bench);
}
END_TEST

/* What is no mistake of quotes, or cannot be told. */
static const struct {
    const char *compose;
    size_t len;
    const char *reason; /* NULL: nothing is said */
} kept[] = {
    {TEXT("x-a:\n  ${A:?no: a}: b\n"), "in a key"},
    {TEXT("x-a: ${A:?no: a} ${1}\n"), "could not read in quotes either"},
    {TEXT("x-a: ${A: a}\n"), "could not read in quotes either"},
    {TEXT("x-a: &a:b ${A:?no: a}\n"), "runs into the value"},
    {TEXT("x-a: ${1}\n"), NULL},
    {TEXT("x-a: [${A\n"), NULL},
    {TEXT("\xff\xfe"
          "x\0-\0a\0:\0 \0$\0{\0A\0:\0?\0b\0:\0 \0c\0}\0\n\0"),
     "UTF-16"},
};

START_TEST(what_nobody_can_tell_stays)
{
    struct bench bench;
    struct bulla_bytes compose = bulla_bytes(kept[_i].compose, kept[_i].len);
    bench_open(&bench, compose);
    bench_plan(&bench);
    ck_assert_uint_eq(bulla_fix_count(bench.plan), 0);
    ck_assert_uint_eq(bulla_fix_file_count(bench.plan), 0);
    ck_assert_uint_gt(bulla_report_count(bench.report), 0);
    ck_assert_uint_eq(bulla_fix_unfixed_count(bench.plan), kept[_i].reason != NULL);
    if (kept[_i].reason != NULL) {
        const struct bulla_unfixed *unfixed = bulla_fix_unfixed(bench.plan, 0);
        ck_assert_msg(strstr(unfixed->reason, kept[_i].reason) != NULL, "%s", unfixed->reason);
        ck_assert_str_eq(unfixed->finding->file, "compose.yaml");
    }
    assert_ok(bulla_fix_apply(bench.plan, &bench.err), bench.err);
    assert_file(bench.path, compose);
    bench_close(&bench);
}
END_TEST

START_TEST(a_fix_names_its_rule_place_and_edits)
{
    struct bench bench;
    bench_open(&bench, LIT("x-a: ${A:?no: a}\nx-b: ${B:?no: b} ${C:?no #c}\n"));
    bench_plan(&bench);
    ck_assert_uint_eq(bulla_fix_count(bench.plan), 2);
    const struct bulla_fix *fix = bulla_fix_get(bench.plan, 1);
    ck_assert_int_eq(fix->kind, BULLA_FIX_TEXT);
    ck_assert_str_eq(fix->rule, "B201");
    ck_assert_str_eq(fix->file, "compose.yaml");
    ck_assert_str_eq(fix->variable, "B");
    ck_assert_uint_eq(fix->pos.line, 2);
    ck_assert_uint_eq(fix->pos.col, 6);
    const struct bulla_fix_file *file = bulla_fix_file(bench.plan, 0);
    static const size_t offsets[] = {5, 16, 22, 45};
    ck_assert_uint_eq(file->edit_count, 4);
    for (size_t i = 0; i < 4; i++) {
        ck_assert_uint_eq(file->edits[i].offset, offsets[i]);
        ck_assert_uint_eq(file->edits[i].len, 0);
        assert_bytes(file->edits[i].text, "\"");
    }
    bench_close(&bench);
}
END_TEST

/* "?:" for ":?", and what leaves a doubt. */
static const struct {
    const char *before;
    const char *after; /* NULL: it stays */
    struct bulla_pos pos;
} swapped[] = {
    {"x-a: ${A?:no a}\nx-b: a?:b\n", "x-a: ${A:?no a}\nx-b: a?:b\n", {1, 6}},
    {"x-a: ü${A?:}\n", "x-a: ü${A:?}\n", {1, 7}},
    {"x-a: \"$${A?:b} ${A?:no: a}\"\n", "x-a: \"$${A?:b} ${A:?no: a}\"\n", {1, 16}},
    {"x-a: |\n  b\n  ${A?:no: a}\n", "x-a: |\n  b\n  ${A:?no: a}\n", {3, 3}},
    {"x-a: ${A?: no: a}\n", "x-a: \"${A:? no: a}\"\n", {1, 6}},
    {"x-a: ['${A?:b}', ${B?:c}]\n", "x-a: ['${A:?b}', \"${B:?c}\"]\n", {1, 8}},
    {"x-a: ${A?:-b}\n", NULL, {1, 6}},
    {"x-a: ${A?:+b}\n", NULL, {1, 6}},
    {"x-a: ${A?:?b}\n", NULL, {1, 6}},
    {"x-a: \"${A\\x3f:b}\"\n", NULL, {1, 7}},
};

START_TEST(swapped_operators_are_turned_where_it_is_clear)
{
    struct bench bench;
    bench_open(&bench, bulla_bytes_of(swapped[_i].before));
    bench.extra = (struct bulla_finding){.rule = "B212",
                                         .message = "swapped",
                                         .file = "compose.yaml",
                                         .pos = swapped[_i].pos,
                                         .variable = "A"};
    bench_plan(&bench);
    assert_ok(bulla_fix_apply(bench.plan, &bench.err), bench.err);
    if (swapped[_i].after != NULL) {
        assert_file(bench.path, bulla_bytes_of(swapped[_i].after));
    } else {
        assert_file(bench.path, bulla_bytes_of(swapped[_i].before));
        ck_assert_uint_ge(bulla_fix_unfixed_count(bench.plan), 1);
    }
    bench_close(&bench);
}
END_TEST

/* What a sample looks like before and after a name was added. */
static const struct {
    const char *before;
    const char *after; /* NULL: it stays */
} samples[] = {
    {"", "# no: a\nA=\n"},
    {"B=1\n", "B=1\n\n# no: a\nA=\n"},
    {"B=1", "B=1\n\n# no: a\nA=\n"},
    {"B=1\r\nC=2", "B=1\r\nC=2\r\n\r\n# no: a\r\nA=\r\n"},
    {"B=\"1\n", NULL},
};

START_TEST(a_sample_gets_the_name_that_it_lacks)
{
    struct bench bench;
    bench_open(&bench, LIT("x-a: \"${A:?no: a}\"\n"));
    bulla_auto_str path = bulla_path_join(bench.folder, ".env.example", &bench.err);
    struct bulla_bytes before = bulla_bytes_of(samples[_i].before);
    assert_ok(bulla_file_create(path, 0644, before, &bench.err), bench.err);
    bench.extra = (struct bulla_finding){.rule = "B108",
                                         .message = "lacks it",
                                         .file = "compose.yaml",
                                         .pos = {1, 7},
                                         .variable = "A",
                                         .line = "A=",
                                         .line_file = path};
    bench_plan(&bench);
    if (samples[_i].after != NULL) {
        ck_assert_uint_eq(bulla_fix_file_count(bench.plan), 1);
        ck_assert(bulla_fix_file(bench.plan, 0)->is_env);
        ck_assert_str_eq(bulla_fix_file(bench.plan, 0)->name, ".env.example");
        ck_assert_str_eq(bulla_fix_get(bench.plan, 0)->file, ".env.example");
    } else {
        ck_assert_uint_ge(bulla_fix_unfixed_count(bench.plan), 1);
    }
    assert_ok(bulla_fix_apply(bench.plan, &bench.err), bench.err);
    assert_file(path, samples[_i].after != NULL ? bulla_bytes_of(samples[_i].after) : before);
    (void)unlink(path);
    bench_close(&bench);
}
END_TEST

START_TEST(a_file_that_has_changed_is_refused)
{
    struct bench bench;
    bench_open(&bench, LIT("x-a: ${A:?no: a}\n"));
    bench_plan(&bench);
    assert_ok(bulla_file_replace(bench.path, 0640, LIT("x-a: other\n"), &bench.err), bench.err);
    ck_assert(!bulla_fix_apply(bench.plan, &bench.err));
    ck_assert_int_eq(bench.err.code, BULLA_E_REFUSED);
    ck_assert_str_eq(bench.err.file, "compose.yaml");
    ck_assert_ptr_nonnull(strstr(bench.err.message, "has changed since"));
    assert_file(bench.path, LIT("x-a: other\n"));
    ck_assert_int_eq(unlink(bench.path), 0);
    ck_assert(!bulla_fix_apply(bench.plan, &bench.err));
    ck_assert_int_eq(bench.err.code, BULLA_E_REFUSED);
    bench_close(&bench);
}
END_TEST

START_TEST(a_link_stays_and_its_target_is_written_once)
{
    struct bench bench;
    bench_open(&bench, LIT("services: {}\n"));
    char target[64];
    (void)snprintf(target, sizeof target, "%s/real.yaml", bench.folder);
    assert_ok(bulla_file_create(target, 0604, LIT("x-a: ${A:?no: a}\n"), &bench.err), bench.err);
    ck_assert_int_eq(unlink(bench.path), 0);
    ck_assert_int_eq(symlink("real.yaml", bench.path), 0);
    bench_plan(&bench);
    assert_ok(bulla_fix_apply(bench.plan, &bench.err), bench.err);
    assert_file(target, LIT("x-a: \"${A:?no: a}\"\n"));
    struct stat st;
    ck_assert(lstat(bench.path, &st) == 0 && S_ISLNK(st.st_mode));
    ck_assert(stat(target, &st) == 0 && (st.st_mode & 07777) == 0604);
    (void)unlink(target);
    bench_close(&bench);
}
END_TEST

START_TEST(a_file_with_another_name_is_refused)
{
    struct bench bench;
    bench_open(&bench, LIT("x-a: ${A:?no: a}\n"));
    char other[64];
    (void)snprintf(other, sizeof other, "%s/other.yaml", bench.folder);
    ck_assert_int_eq(link(bench.path, other), 0);
    bench_plan(&bench);
    ck_assert(!bulla_fix_apply(bench.plan, &bench.err));
    ck_assert_int_eq(bench.err.code, BULLA_E_REFUSED);
    assert_file(other, LIT("x-a: ${A:?no: a}\n"));
    (void)unlink(other);
    bench_close(&bench);
}
END_TEST

START_TEST(the_rendered_file_becomes_private_and_ignored)
{
    struct bench bench;
    bench_open(&bench, LIT("services: {}\n"));
    char env[64];
    char ignores[64];
    (void)snprintf(env, sizeof env, "%s/.env", bench.folder);
    (void)snprintf(ignores, sizeof ignores, "%s/.gitignore", bench.folder);
    assert_ok(bulla_file_create(env, 0644, LIT("A=1\n"), &bench.err), bench.err);
    bench.checked.output = (struct bulla_check_output){
        .path = ".env", .exists = true, .mode = 0644, .git = BULLA_GIT_SEEN};
    bench.input.output_path = env;
    bench_plan(&bench);
    ck_assert_uint_eq(bulla_fix_count(bench.plan), 2);
    ck_assert_int_eq(bulla_fix_get(bench.plan, 0)->kind, BULLA_FIX_MODE);
    const struct bulla_fix_file *file = bulla_fix_file(bench.plan, 0);
    ck_assert(file->is_new);
    ck_assert_str_eq(file->name, ".gitignore");
    assert_ok(bulla_fix_apply(bench.plan, &bench.err), bench.err);
    struct stat st;
    ck_assert(stat(env, &st) == 0 && (st.st_mode & 07777) == 0600);
    assert_file(env, LIT("A=1\n"));
    assert_file(ignores, LIT("# Rendered by bulla: secrets\n/.env\n/.env.tmp-*\n"));
    ck_assert(stat(ignores, &st) == 0 && (st.st_mode & 07777) == 0644);
    /* git says still that it does not ignore it: adding the line again would not help. */
    bench_forget(&bench);
    bench_plan(&bench);
    ck_assert_uint_eq(bulla_fix_file_count(bench.plan), 0);
    ck_assert_uint_eq(bulla_fix_unfixed_count(bench.plan), 1);
    (void)unlink(env);
    (void)unlink(ignores);
    bench_close(&bench);
}
END_TEST

START_TEST(a_linked_env_file_keeps_its_mode)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    char folder[] = "/tmp/bulla-fix-XXXXXX";
    ck_assert_ptr_nonnull(mkdtemp(folder));
    bulla_auto_str target = bulla_path_join(folder, "target", &err);
    bulla_auto_str path = bulla_path_join(folder, ".env", &err);
    assert_ok(bulla_file_create(target, 0644, LIT("A=1\n"), &err), err);
    ck_assert_int_eq(symlink("target", path), 0);
    ck_assert(!bulla_file_make_private(path, &err));
    ck_assert_int_eq(err.code, BULLA_E_REFUSED);
    struct stat st;
    ck_assert(stat(target, &st) == 0 && (st.st_mode & 07777) == 0644);
    (void)unlink(path);
    (void)unlink(target);
    (void)rmdir(folder);
}
END_TEST

/* The last line that is about a file decides; "" for what is added means nothing. */
static const struct {
    enum bulla_ignore_reader reader;
    const char *before;
    const char *added;
} ignores[] = {
    {BULLA_IGNORE_GIT, "", "/c/.env\n/c/.env.tmp-*\n"},
    {BULLA_IGNORE_GIT, "*.o", "\n/c/.env\n/c/.env.tmp-*\n"},
    {BULLA_IGNORE_GIT, "*.o\r\n", "/c/.env\r\n/c/.env.tmp-*\r\n"},
    {BULLA_IGNORE_GIT, ".env\n", ""},
    {BULLA_IGNORE_GIT, ".env*\n", ""},
    {BULLA_IGNORE_GIT, "/c/.env", ""},
    {BULLA_IGNORE_GIT, "c/.env\r\n", ""},
    {BULLA_IGNORE_GIT, "/.env\n", "/c/.env\n/c/.env.tmp-*\n"},
    {BULLA_IGNORE_GIT, "#.env\n", "/c/.env\n/c/.env.tmp-*\n"},
    {BULLA_IGNORE_GIT, ".env\n!.env\n", "/c/.env\n/c/.env.tmp-*\n"},
    {BULLA_IGNORE_GIT, "!.env\n.env\n", ""},
    {BULLA_IGNORE_DOCKER, "", "c/.env\nc/.env.tmp-*\n"},
    {BULLA_IGNORE_DOCKER, ".env\n", "c/.env\nc/.env.tmp-*\n"},
    {BULLA_IGNORE_DOCKER, "c/.env\n", ""},
    {BULLA_IGNORE_DOCKER, "/c/.env\n", ""},
};

START_TEST(ignore_files_get_what_they_lack)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf text;
    bulla_buf_init(&text, BULLA_MAX_TEXT_BYTES);
    bulla_buf_puts(&text, ignores[_i].before);
    bool is_added = false;
    for (unsigned again = 0; again < 2; again++) {
        assert_ok(bulla_ignore_add(&text, ignores[_i].reader, "c/.env", NULL, &is_added, &err),
                  err);
        ck_assert_int_eq(is_added, again == 0 && ignores[_i].added[0] != '\0');
        size_t before = strlen(ignores[_i].before);
        struct bulla_bytes whole = bulla_buf_view(&text);
        struct bulla_bytes tail = bulla_bytes_slice(whole, before, whole.len);
        ck_assert_msg(bulla_bytes_are(tail, ignores[_i].added), "case %d: '%.*s'", _i,
                      (int)tail.len, (const char *)tail.data);
    }
}
END_TEST

START_TEST(every_fix_belongs_to_a_rule)
{
    size_t count = 0;
    for (size_t i = 0; i < bulla_rule_count(); i++) {
        const char *what = bulla_fix_of_rule(bulla_rule(i)->id);
        count += what != NULL;
        ck_assert(what == NULL || what[0] != '\0');
    }
    ck_assert_uint_gt(count, 0);
    ck_assert_ptr_nonnull(bulla_fix_of_rule("B201"));
    ck_assert_ptr_null(bulla_fix_of_rule("B203"));
    ck_assert_ptr_null(bulla_fix_of_rule("B999"));
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))

int main(void)
{
    Suite *suite = suite_create("fix");
    TCase *tests = tcase_create("fix");
    tcase_add_loop_test(tests, quotes_change_no_other_byte, 0, COUNT(mended));
    tcase_add_loop_test(tests, what_nobody_can_tell_stays, 0, COUNT(kept));
    tcase_add_test(tests, a_fix_names_its_rule_place_and_edits);
    tcase_add_loop_test(tests, swapped_operators_are_turned_where_it_is_clear, 0, COUNT(swapped));
    tcase_add_loop_test(tests, a_sample_gets_the_name_that_it_lacks, 0, COUNT(samples));
    tcase_add_test(tests, a_file_that_has_changed_is_refused);
    tcase_add_test(tests, a_link_stays_and_its_target_is_written_once);
    tcase_add_test(tests, a_file_with_another_name_is_refused);
    tcase_add_test(tests, the_rendered_file_becomes_private_and_ignored);
    tcase_add_test(tests, a_linked_env_file_keeps_its_mode);
    tcase_add_loop_test(tests, ignore_files_get_what_they_lack, 0, COUNT(ignores));
    tcase_add_test(tests, every_fix_belongs_to_a_rule);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
