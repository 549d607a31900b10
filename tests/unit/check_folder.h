/* Projects written as texts, checked, and what was found as text again. */
#ifndef BULLA_TESTS_CHECK_FOLDER_H
#define BULLA_TESTS_CHECK_FOLDER_H

#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bulla/check.h"
#include "bulla/file.h"
#include "bulla/mem.h"

#include "unit.h"

static inline int folder_remove_entry(const char *path, const struct stat *st, int kind,
                                      struct FTW *level)
{
    (void)st;
    (void)kind;
    (void)level;
    return remove(path);
}

static inline void folder_write(const char *folder, const char *name, const char *text, size_t len)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_str path = bulla_path_join(folder, name, &err);
    bulla_auto_str parent = bulla_path_dir(path, &err);
    assert_ok(bulla_dir_make(parent, 0700, &err), err);
    assert_ok(bulla_file_create(path, 0600, bulla_bytes(text, len), &err), err);
}

/* Writes "-- NAME --" LF and what follows it, file by file, into FOLDER. */
static inline void folder_unpack(const char *folder, const char *files)
{
    while (*files != '\0') {
        const char *lf = strchr(files, '\n');
        ck_assert_ptr_nonnull(lf);
        ck_assert(strncmp(files, "-- ", 3) == 0 && strncmp(lf - 3, " --", 3) == 0);
        struct bulla_error err = BULLA_ERROR_INIT;
        bulla_auto_str name = bulla_strndup(files + 3, (size_t)(lf - 3 - files - 3), &err);
        const char *end = strncmp(lf + 1, "-- ", 3) == 0 ? lf : strstr(lf, "\n-- ");
        size_t len = end != NULL ? (size_t)(end - lf) : strlen(lf + 1);
        folder_write(folder, name, lf + 1, len);
        files = lf + 1 + len;
    }
}

/* The findings of REPORT whose ids begin with one of FAMILIES, a line each. */
static inline char *folder_list(const struct bulla_report *report, const char *families)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf out;
    bulla_buf_init(&out, 1 << 16);
    for (size_t i = 0; i < bulla_report_count(report); i++) {
        const struct bulla_finding *finding = bulla_report_get(report, i);
        if (strchr(families, finding->rule[1]) == NULL) {
            continue;
        }
        bulla_buf_printf(&out, "%s %s ", finding->rule, bulla_severity_name(finding->severity));
        if (finding->pos.line > 0) {
            bulla_buf_printf(&out, "%s:%u:%u ", finding->file, finding->pos.line, finding->pos.col);
        } else {
            bulla_buf_printf(&out, "%s ", finding->file != NULL ? finding->file : "-");
        }
        bulla_buf_printf(&out, "%s\n", finding->message);
        ck_assert(finding->help != NULL && finding->help[0] != '\0');
    }
    char *text = bulla_strdup(bulla_buf_text(&out, &err), &err);
    ck_assert_ptr_nonnull(text);
    return text;
}

/*
 * Checks the project of FILES as of INPUT, which gets its project, root and, where there is a
 * bulla.ini, contract and values of the environment "dev". The caller frees the list.
 */
static inline char *folder_check(const char *files, const char *families,
                                 struct bulla_check_input *input)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    char folder[] = "/tmp/bulla-check-XXXXXX";
    ck_assert_ptr_nonnull(mkdtemp(folder));
    folder_unpack(folder, files);
    bulla_auto_str ini = bulla_path_join(folder, "bulla.ini", &err);
    bulla_auto_buf text;
    bulla_buf_init(&text, 1 << 16);
    bulla_auto_contract contract = NULL;
    bulla_auto_values values = NULL;
    struct bulla_project_options options = {.directory = folder};
    if (bulla_file_is_regular(ini)) {
        assert_ok(bulla_file_read(ini, 1 << 16, &text, &err), err);
        contract = bulla_contract_parse(bulla_buf_view(&text), "bulla.ini", &err);
        assert_ok(contract != NULL, err);
        values = bulla_values_resolve(contract, "dev", NULL, &err);
        assert_ok(values != NULL, err);
        options.values = bulla_values_lookup;
        options.values_ctx = values;
        options.rendered = bulla_contract_find_environment(contract, "dev")->output;
        input->contract = contract;
        input->values = values;
        input->environment = "dev";
    }
    bulla_auto_project project = bulla_project_load(&options, &err);
    assert_ok(project != NULL, err);
    bulla_auto_report report = bulla_report_new(&err);
    input->project = project;
    input->options = &options;
    input->root = folder;
    assert_ok(bulla_check(input, report, &err), err);
    char *list = folder_list(report, families);
    (void)nftw(folder, folder_remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    return list;
}

#endif
