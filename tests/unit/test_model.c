/*
 * Whole projects, from tests/data/model.test: their files, what they are run with, and what Compose
 * makes of them.
 */
#include "bulla/model.h"

#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bulla/file.h"
#include "bulla/mem.h"

#include "unit.h"

#define MAX_WORDS 32
#define MAX_TEXT ((size_t)64 * 1024)

/* One case as it is read: the lines that begin with "%% ". */
struct project_case {
    char name[128];
    char root[64];
    char cwd[256];
    char *env[MAX_WORDS];
    size_t env_count;
    char *args[MAX_WORDS];
    size_t arg_count;
    char *expected[MAX_WORDS]; /* "error …", "warning …", "is PATH = VALUE", "fails" */
    size_t expected_count;
    bool only_2; /* Compose 2.40 alone */
    bool only_5;
    FILE *file; /* that is written now */
};

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *walk)
{
    (void)st;
    (void)type;
    (void)walk;
    return remove(path);
}

/* --- showing values --------------------------------------------------------------------------- */

static void show_text(struct bulla_bytes text, struct bulla_buf *out)
{
    bulla_buf_putc(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == '\n') {
            bulla_buf_puts(out, "\\n");
        } else {
            bulla_buf_putc(out, (char)text.data[i]);
        }
    }
    bulla_buf_putc(out, '"');
}

static void show(const struct bulla_value *value, struct bulla_buf *out)
{
    bool single = false;
    bool map = bulla_value_kind(value) == BULLA_VALUE_MAP;
    switch (bulla_value_kind(value)) {
    case BULLA_VALUE_NULL:
        bulla_buf_puts(out, "null");
        return;
    case BULLA_VALUE_BOOL:
        bulla_buf_puts(out, bulla_value_bool(value) ? "true" : "false");
        return;
    case BULLA_VALUE_INT:
        bulla_buf_printf(out, "%" PRId64, bulla_value_int(value));
        return;
    case BULLA_VALUE_FLOAT:
        bulla_buf_printf(out, "%g", bulla_value_float(value, &single));
        return;
    case BULLA_VALUE_TEXT:
        show_text(bulla_value_text(value), out);
        return;
    case BULLA_VALUE_LIST:
    case BULLA_VALUE_MAP:
        break;
    }
    bulla_buf_putc(out, map ? '{' : '[');
    for (size_t i = 0; i < bulla_value_count(value); i++) {
        struct bulla_bytes key;
        const struct bulla_value *item = bulla_value_item(value, i, &key);
        bulla_buf_puts(out, i > 0 ? ", " : "");
        if (map) {
            bulla_buf_add_bytes(out, key);
            bulla_buf_puts(out, ": ");
        }
        show(item, out);
    }
    bulla_buf_putc(out, map ? '}' : ']');
}

/* The value at PATH, "/" between its keys; numbers for items. */
static const struct bulla_value *find(const struct bulla_value *value, const char *path)
{
    while (value != NULL && *path != '\0') {
        size_t len = strcspn(path, "/");
        if (bulla_value_kind(value) == BULLA_VALUE_LIST) {
            value = bulla_value_item(value, (size_t)strtoul(path, NULL, 10), NULL);
        } else {
            value = bulla_value_get(value, bulla_bytes(path, len));
        }
        path += len + (path[len] == '/' ? 1 : 0);
    }
    return value;
}

/* --- one case --------------------------------------------------------------------------------- */

static enum bulla_lookup_state look_up(void *ctx, struct bulla_bytes name,
                                       struct bulla_bytes *ret_value)
{
    const struct project_case *c = ctx;
    for (size_t i = 0; i < c->env_count; i++) {
        const char *equals = strchr(c->env[i], '=');
        ck_assert_ptr_nonnull(equals);
        if (bulla_bytes_equal(name, bulla_bytes(c->env[i], (size_t)(equals - c->env[i])))) {
            *ret_value = bulla_bytes_of(equals + 1);
            return ret_value->len > 0 ? BULLA_LOOKUP_SET : BULLA_LOOKUP_EMPTY;
        }
    }
    return BULLA_LOOKUP_UNSET;
}

struct arguments {
    struct bulla_project_options options;
    const char *files[MAX_WORDS];
    const char *env_files[MAX_WORDS];
    const char *profiles[MAX_WORDS];
};

static void read_arguments(const struct project_case *c, struct arguments *a)
{
    struct bulla_project_options *options = &a->options;
    options->files = a->files;
    options->env_files = a->env_files;
    options->profiles = a->profiles;
    for (size_t i = 0; i + 1 < c->arg_count; i += 2) {
        const char *flag = c->args[i];
        const char *value = c->args[i + 1];
        if (strcmp(flag, "-f") == 0) {
            a->files[options->file_count++] = value;
        } else if (strcmp(flag, "--env-file") == 0) {
            a->env_files[options->env_file_count++] = value;
        } else if (strcmp(flag, "--profile") == 0) {
            a->profiles[options->profile_count++] = value;
        } else if (strcmp(flag, "-p") == 0) {
            options->name = value;
        } else {
            ck_assert_str_eq(flag, "--project-directory");
            options->project_directory = value;
        }
    }
}

/* TEXT with "{root}" replaced and "␤" an LF. */
static char *place(const struct project_case *c, const char *text)
{
    bulla_auto_buf out;
    bulla_buf_init(&out, MAX_TEXT);
    struct bulla_error err = BULLA_ERROR_INIT;
    for (; *text != '\0'; text++) {
        if (strncmp(text, "{root}", 6) == 0) {
            bulla_buf_puts(&out, c->root);
            text += 5;
        } else if (strncmp(text, "\xe2\x90\xa4", 3) == 0) {
            bulla_buf_putc(&out, '\n');
            text += 2;
        } else {
            bulla_buf_putc(&out, *text);
        }
    }
    char *placed = bulla_strdup(bulla_buf_text(&out, &err), &err);
    ck_assert_ptr_nonnull(placed);
    return placed;
}

static void check_value(const struct project_case *c, const struct bulla_model *model,
                        const char *text, const char *line)
{
    bulla_auto_str wanted = place(c, text);
    char *equals = strstr(wanted, " = ");
    ck_assert_msg(equals != NULL, "%s: no value: %s", c->name, text);
    *equals = '\0';
    ck_assert_msg(model->root != NULL, "%s (Compose %s): refused: %.*s", c->name, line,
                  (int)model->failures[0].text.len, (const char *)model->failures[0].text.data);
    bulla_auto_buf out;
    bulla_buf_init(&out, MAX_TEXT);
    struct bulla_error err = BULLA_ERROR_INIT;
    const struct bulla_value *value = find(model->root, wanted);
    if (value == NULL) {
        bulla_buf_puts(&out, "nothing");
    } else {
        show(value, &out);
    }
    ck_assert_msg(strcmp(bulla_buf_text(&out, &err), equals + 3) == 0,
                  "%s (Compose %s): %s is %s, not %s", c->name, line, wanted,
                  bulla_buf_text(&out, &err), equals + 3);
}

static bool has_failure(const struct project_case *c, const struct bulla_model *model,
                        const char *text)
{
    bulla_auto_str wanted = place(c, text);
    for (size_t i = 0; i < model->failure_count; i++) {
        if (bulla_bytes_are(model->failures[i].text, wanted)) {
            return true;
        }
    }
    return false;
}

static void check_masked(const struct project_case *c, const struct bulla_model *model,
                         const char *text)
{
    bulla_auto_str wanted = place(c, text);
    bool found = false;
    for (size_t i = 0; i < model->failure_count; i++) {
        found = found || strcmp(model->failures[i].masked, wanted) == 0;
    }
    ck_assert_msg(found, "%s: masked '%s'", c->name,
                  model->failure_count > 0 ? model->failures[0].masked : "");
}

/* "PATH LINE:COLUMN" of the first failure. */
static void check_place(const struct project_case *c, const struct bulla_model *model,
                        const char *text)
{
    bulla_auto_str wanted = place(c, text);
    char got[512];
    ck_assert_uint_gt(model->failure_count, 0);
    const struct bulla_model_failure *failure = &model->failures[0];
    (void)snprintf(got, sizeof got, "%s %u:%u", failure->file != NULL ? failure->file : "-",
                   failure->pos.line, failure->pos.col);
    ck_assert_msg(strcmp(got, wanted) == 0, "%s: at %s", c->name, got);
}

static void check_expected(const struct project_case *c, const struct bulla_model *model,
                           const char *line)
{
    size_t warnings = 0;
    bool refused = false;
    for (size_t i = 0; i < c->expected_count; i++) {
        const char *text = c->expected[i];
        if (strncmp(text, "is ", 3) == 0) {
            check_value(c, model, text + 3, line);
        } else if (strncmp(text, "error ", 6) == 0) {
            refused = true;
            ck_assert_msg(
                has_failure(c, model, text + 6), "%s (Compose %s): not '%s' but '%.*s'", c->name,
                line, text + 6, model->failure_count > 0 ? (int)model->failures[0].text.len : 0,
                model->failure_count > 0 ? (const char *)model->failures[0].text.data : "");
        } else if (strncmp(text, "masked ", 7) == 0) {
            check_masked(c, model, text + 7);
        } else if (strncmp(text, "at ", 3) == 0) {
            check_place(c, model, text + 3);
        } else if (strcmp(text, "fails") == 0) {
            refused = true;
        } else {
            ck_assert_msg(strncmp(text, "warning ", 8) == 0, "%s: what is '%s'?", c->name, text);
            bulla_auto_str wanted = place(c, text + 8);
            ck_assert_msg(warnings < model->warning_count &&
                              bulla_bytes_are(model->warnings[warnings], wanted),
                          "%s (Compose %s): warning %zu is '%.*s'", c->name, line, warnings,
                          warnings < model->warning_count ? (int)model->warnings[warnings].len : 0,
                          warnings < model->warning_count
                              ? (const char *)model->warnings[warnings].data
                              : "");
            warnings++;
        }
    }
    ck_assert_msg(refused == (model->root == NULL), "%s (Compose %s): %s", c->name, line,
                  model->root == NULL ? (const char *)model->failures[0].text.data : "accepted");
    ck_assert_msg(warnings == model->warning_count, "%s (Compose %s): %zu warnings", c->name, line,
                  model->warning_count);
}

/* The other road to the same project: nothing fatal where Compose takes it, and the same words. */
static void check_project(const struct project_case *c, const struct bulla_model *model,
                          const struct bulla_project_options *options)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_project project = bulla_project_load(options, &err);
    bool missing = model->failure_count > 0 &&
                   strstr(model->failures[0].masked, "{root}") == NULL &&
                   strncmp(model->failures[0].masked, "error while interpolating", 25) == 0 &&
                   strstr(model->failures[0].masked, "required variable") != NULL;
    bool told = false;
    for (size_t i = 0; project != NULL && i < project->ref_count; i++) {
        const struct bulla_project_ref *ref = &project->refs[i];
        bulla_auto_buf says;
        bulla_buf_init(&says, MAX_TEXT);
        if (ref->outcome != BULLA_REF_MISSING || !bulla_project_ref_says(ref, &says)) {
            continue;
        }
        for (size_t j = 0; j < model->failure_count; j++) {
            told = told || strcmp(model->failures[j].masked, bulla_buf_text(&says, &err)) == 0;
        }
        ck_assert_msg(model->root == NULL, "%s: missing in the project only: %s", c->name,
                      ref->name);
    }
    ck_assert_msg(told || !missing, "%s: not told by the project: %s", c->name,
                  missing ? model->failures[0].masked : "");
    for (size_t i = 0; project != NULL && i < project->problem_count; i++) {
        ck_assert_msg(model->root == NULL || !project->problems[i].fatal,
                      "%s: fatal in the project only: %s", c->name, project->problems[i].message);
    }
    ck_assert_msg(project != NULL || model->root == NULL, "%s: not loaded: %s", c->name,
                  err.message);
}

static void run_case(struct project_case *c)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_str cwd = bulla_path_join(c->root, c->cwd, &err);
    for (int eager = 0; eager < 2; eager++) {
        if ((eager == 1 && c->only_5) || (eager == 0 && c->only_2)) {
            continue;
        }
        struct arguments a = {.options = {.directory = c->cwd[0] != '\0' ? cwd : c->root,
                                          .environment = look_up,
                                          .environment_ctx = c,
                                          .eager = eager == 1}};
        read_arguments(c, &a);
        bulla_auto_model model = bulla_model_load(&a.options, &err);
        ck_assert_msg(model != NULL, "%s: %s", c->name, err.message);
        check_expected(c, model, eager == 1 ? "2" : "5");
        check_project(c, model, &a.options);
    }
}

/* --- the file of cases ------------------------------------------------------------------------ */

static void begin(struct project_case *c, const char *name)
{
    *c = (struct project_case){.root = "/tmp/bulla-model-XXXXXX"};
    (void)snprintf(c->name, sizeof c->name, "%.120s", name);
    ck_assert_ptr_nonnull(mkdtemp(c->root));
}

static void end(struct project_case *c)
{
    if (c->file != NULL) {
        (void)fclose(c->file);
    }
    run_case(c);
    (void)nftw(c->root, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    for (size_t i = 0; i < MAX_WORDS; i++) {
        bulla_free(c->env[i]);
        bulla_free(c->args[i]);
        bulla_free(c->expected[i]);
    }
}

static void add_words(char **list, size_t *count, char *text)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    for (char *at = text; *at != '\0';) {
        size_t len = strcspn(at, " ");
        ck_assert_uint_lt(*count, MAX_WORDS);
        list[(*count)++] = bulla_strndup(at, len, &err);
        at += len + (at[len] == ' ' ? 1 : 0);
    }
}

static void open_file(struct project_case *c, const char *name)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_str path = bulla_path_join(c->root, name, &err);
    bulla_auto_str folder = bulla_path_dir(path, &err);
    ck_assert(bulla_dir_make(folder, 0700, &err));
    if (c->file != NULL) {
        (void)fclose(c->file);
    }
    c->file = fopen(path, "w");
    ck_assert_msg(c->file != NULL, "%s: cannot write %s", c->name, path);
}

static void take_line(struct project_case *c, char *line)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    if (strncmp(line, "file ", 5) == 0) {
        open_file(c, line + 5);
    } else if (strncmp(line, "link ", 5) == 0) {
        char *space = strchr(line + 5, ' ');
        ck_assert_ptr_nonnull(space);
        *space = '\0';
        bulla_auto_str path = bulla_path_join(c->root, line + 5, &err);
        ck_assert_int_eq(symlink(space + 1, path), 0);
    } else if (strncmp(line, "env ", 4) == 0) {
        ck_assert_uint_lt(c->env_count, MAX_WORDS);
        c->env[c->env_count++] = bulla_strdup(line + 4, &err);
    } else if (strncmp(line, "args ", 5) == 0) {
        add_words(c->args, &c->arg_count, line + 5);
    } else if (strncmp(line, "cwd ", 4) == 0) {
        (void)snprintf(c->cwd, sizeof c->cwd, "%.250s", line + 4);
    } else if (strcmp(line, "only 2") == 0 || strcmp(line, "only 5") == 0) {
        c->only_2 = line[5] == '2';
        c->only_5 = line[5] == '5';
    } else {
        ck_assert_uint_lt(c->expected_count, MAX_WORDS);
        c->expected[c->expected_count++] = bulla_strdup(line, &err);
    }
}

static unsigned run_file(const char *name)
{
    char path[4096];
    char line[4096];
    struct project_case c;
    unsigned count = 0;
    (void)snprintf(path, sizeof path, "%s/%s", BULLA_TEST_DATA, name);
    FILE *file = fopen(path, "r");
    ck_assert_msg(file != NULL, "cannot open %s", path);
    while (fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, "%% ", 3) != 0) {
            if (count > 0 && c.file != NULL) {
                (void)fputs(line, c.file);
            }
            continue;
        }
        line[strcspn(line, "\n")] = '\0';
        if (strncmp(line + 3, "case ", 5) != 0) {
            take_line(&c, line + 3);
            continue;
        }
        if (count++ > 0) {
            end(&c);
        }
        begin(&c, line + 8);
    }
    (void)fclose(file);
    ck_assert_uint_gt(count, 0);
    end(&c);
    return count;
}

START_TEST(whole_projects_become_what_compose_makes_of_them)
{
    ck_assert_uint_gt(run_file("model.test"), 50);
}
END_TEST

START_TEST(a_model_takes_no_values_of_a_vault)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct project_case nothing = {.env_count = 0};
    const struct bulla_project_options options = {.values = look_up, .values_ctx = &nothing};
    ck_assert_ptr_null(bulla_model_load(&options, &err));
    ck_assert_int_eq(err.code, BULLA_E_USAGE);
}
END_TEST

static const char *const folders[] = {"shop",    "broken",   "extends",
                                      "include", "override", "profiles"};

START_TEST(a_model_survives_every_failed_allocation)
{
    char directory[512];
    (void)snprintf(directory, sizeof directory, "%s/compose/%s", BULLA_TEST_DATA, folders[_i]);
    const struct bulla_project_options options = {.directory = directory};
    struct bulla_error none = BULLA_ERROR_INIT;
    bulla_auto_model whole = bulla_model_load(&options, &none);
    assert_ok(whole != NULL, none);
    /* A few in a row that succeed: there are no more allocations to fail. */
    unsigned good = 0;
    for (unsigned long nth = 1; good < 20; nth++) {
        struct bulla_error err = BULLA_ERROR_INIT;
        bulla_mem_fail_at(nth);
        bulla_auto_model model = bulla_model_load(&options, &err);
        bulla_mem_fail_at(0);
        good = model != NULL ? good + 1 : 0;
        if (model == NULL) {
            ck_assert_msg(err.code == BULLA_E_NOMEM, "%lu: %s", nth, err.message);
            continue;
        }
        ck_assert_msg(model->failure_count == whole->failure_count, "%lu: %s", nth,
                      model->failure_count > 0 ? model->failures[0].masked : "accepted");
        ck_assert_uint_eq(model->warning_count, whole->warning_count);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("model");
    TCase *tests = tcase_create("model");
    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, whole_projects_become_what_compose_makes_of_them);
    tcase_add_loop_test(tests, a_model_survives_every_failed_allocation, 0,
                        sizeof folders / sizeof folders[0]);
    tcase_add_test(tests, a_model_takes_no_values_of_a_vault);
    return unit_run(suite);
}
