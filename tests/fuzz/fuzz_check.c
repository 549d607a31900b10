/*
 * Any project has findings or a reason why not: a text is a folder of files ("-- NAME --" begins
 * one, as in the examples of the rules), and what `check` says of it has a rule, a place and words,
 * twice the same, and keeps the values of its env file to itself.
 */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bulla/check.h"

/* The files that a text may have; the first is what stands before any mark. */
static const char *const names[] = {
    "compose.yaml", "compose.override.yaml", ".env",       "api.env",      ".env.example",
    "bulla.ini",    "included.yaml",         "Dockerfile", ".dockerignore"};
enum { NAME_COUNT = sizeof names / sizeof names[0], CONTRACT = 5, ENV = 2 };

/* Fuzzing engines have paths from the working directory: it stays where it is. */
static char folder[] = "/dev/shm/bulla-fuzz-check-XXXXXX";
static char paths[NAME_COUNT][sizeof folder + 32];

static void remove_files(void)
{
    for (size_t i = 0; i < NAME_COUNT; i++) {
        (void)unlink(paths[i]);
    }
}

static void leave(void)
{
    remove_files();
    (void)rmdir(folder);
}

static void enter(void)
{
    if (paths[0][0] == '\0') {
        FUZZ_ASSERT(mkdtemp(folder) != NULL && atexit(leave) == 0);
        for (size_t i = 0; i < NAME_COUNT; i++) {
            (void)snprintf(paths[i], sizeof paths[i], "%s/%s", folder, names[i]);
        }
    }
    remove_files();
}

/* The index of the name on the mark that LINE is, or -1. */
static int mark_of(struct bulla_bytes line)
{
    for (int i = 0; i < NAME_COUNT; i++) {
        size_t len = strlen(names[i]);
        if (line.len == len + 6 && memcmp(line.data, "-- ", 3) == 0 &&
            memcmp(line.data + 3, names[i], len) == 0 &&
            memcmp(line.data + 3 + len, " --", 3) == 0) {
            return i;
        }
    }
    return -1;
}

static void write_part(int name, struct bulla_bytes text)
{
    FILE *file = fopen(paths[name], "wb");
    FUZZ_ASSERT(file != NULL);
    FUZZ_ASSERT(fwrite(text.data, 1, text.len, file) == text.len && fclose(file) == 0);
}

/* Writes the files of TEXT; RET_PARTS has where each stands in it. */
static void unpack(struct bulla_bytes text, struct bulla_bytes ret_parts[NAME_COUNT])
{
    int name = 0;
    size_t start = 0;
    for (size_t at = 0; at < text.len;) {
        const uint8_t *end = memchr(text.data + at, '\n', text.len - at);
        size_t next = end != NULL ? (size_t)(end - text.data) + 1 : text.len;
        int mark = mark_of(bulla_bytes(text.data + at, next - at - (end != NULL)));
        if (mark >= 0) {
            ret_parts[name] = bulla_bytes(text.data + start, at - start);
            write_part(name, ret_parts[name]);
            name = mark;
            start = next;
        }
        at = next;
    }
    ret_parts[name] = bulla_bytes(text.data + start, text.len - start);
    write_part(name, ret_parts[name]);
}

static void check_finding(const struct bulla_finding *finding)
{
    FUZZ_ASSERT(bulla_rule_find(finding->rule) != NULL);
    FUZZ_ASSERT(finding->message != NULL && finding->message[0] != '\0');
    FUZZ_ASSERT(strchr(finding->message, '\n') == NULL);
    FUZZ_ASSERT(finding->help == NULL || strchr(finding->help, '\n') == NULL);
    FUZZ_ASSERT(finding->file == NULL || finding->file[0] != '\0');
    FUZZ_ASSERT((finding->pos.line > 0) == (finding->pos.col > 0));
    FUZZ_ASSERT(finding->end.line == 0 || finding->end.line > finding->pos.line ||
                (finding->end.line == finding->pos.line && finding->end.col >= finding->pos.col));
}

/* Once: NULL with ERR filled where there is a reason why not. */
static struct bulla_report *look(const struct bulla_check_input *input, struct bulla_error *err)
{
    struct bulla_report *report = bulla_report_new(err);
    FUZZ_ASSERT(report != NULL);
    if (!bulla_check(input, report, err)) {
        bulla_report_free(report);
        return NULL;
    }
    return report;
}

static void check_reports(const struct bulla_report *once, const struct bulla_report *twice)
{
    FUZZ_ASSERT(bulla_report_count(once) == bulla_report_count(twice));
    for (size_t i = 0; i < bulla_report_count(once); i++) {
        const struct bulla_finding *finding = bulla_report_get(once, i);
        check_finding(finding);
        FUZZ_ASSERT(strcmp(finding->message, bulla_report_get(twice, i)->message) == 0);
    }
}

/* What it says of the project that OPTIONS load, twice. */
static void check_project(const struct bulla_project_options *options,
                          struct bulla_check_input *input)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_project project = bulla_project_load(options, &err);
    if (project == NULL) {
        fuzz_check_error(&err);
        return;
    }
    input->project = project;
    input->options = options;
    bulla_auto_report once = look(input, &err);
    if (once == NULL) {
        fuzz_check_error(&err);
        return;
    }
    bulla_auto_report twice = look(input, &err);
    FUZZ_ASSERT(twice != NULL);
    check_reports(once, twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bulla_bytes parts[NAME_COUNT] = {0};
    struct bulla_error err = BULLA_ERROR_INIT;
    enter();
    unpack(bulla_bytes(data, size), parts);
    struct bulla_project_options options = {.directory = folder, .eager = size % 2 == 1};
    struct bulla_check_input input = {
        .root = folder,
        .output = {.path = ".env",
                   .opens = paths[ENV],
                   .exists = parts[ENV].data != NULL,
                   .mode = size % 3 == 1 ? 0644 : 0600,
                   .git = (enum bulla_git_state)(size % 4)},
        .now = 1789473600, /* 2026-09-15 */
    };
    bulla_auto_contract contract = bulla_contract_parse(parts[CONTRACT], names[CONTRACT], &err);
    bulla_auto_values values = NULL;
    if (contract != NULL && bulla_contract_environment_count(contract) > 0) {
        input.environment = bulla_contract_environment(contract, 0)->name;
        values = bulla_values_resolve(contract, input.environment, NULL, &err);
    }
    if (values != NULL) {
        input.contract = contract;
        input.values = values;
        options.values = bulla_values_lookup;
        options.values_ctx = values;
        options.rendered = ".env";
    }
    check_project(&options, &input);
    return 0;
}
