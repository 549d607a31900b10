/*
 * Loads every compose file that an INDEX.tsv lists beside it and counts the forms of interpolation
 * in each against the index's `features` (a form that is not listed there does not occur). Prints
 * "FAIL PATH: why" lines and "N passed, M failed".
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bulla/compose.h"
#include "bulla/file.h"
#include "bulla/mem.h"

#define MAX_INDEX_BYTES ((size_t)4 * 1024 * 1024)
#define COLUMNS 9

enum column { REPO, PATH = 2, KIND = 4, FEATURES = 8 };

/* The forms that the index counts. */
enum form {
    BRACED,
    DEFAULT_NONEMPTY,
    DEFAULT,
    REQUIRED_NONEMPTY,
    REQUIRED,
    REPLACE,
    BARE,
    ESCAPE,
    FORMS
};
static const char *const form_names[FORMS] = {"${VAR}", ":-", "-", ":?", "?", ":+", "$VAR", "$$"};

static void count_ref(const struct bulla_project_ref *ref, size_t counts[static FORMS])
{
    if (ref->in_key || ref->kind != BULLA_USE_REFERENCE ||
        ref->file->kind != BULLA_PROJECT_COMPOSE) {
        return;
    }
    switch (ref->op) {
    case BULLA_REF_PLAIN:
        counts[ref->braced ? BRACED : BARE]++;
        break;
    case BULLA_REF_DEFAULT_NONEMPTY:
        counts[DEFAULT_NONEMPTY]++;
        break;
    case BULLA_REF_DEFAULT:
        counts[DEFAULT]++;
        break;
    case BULLA_REF_REQUIRED_NONEMPTY:
        counts[REQUIRED_NONEMPTY]++;
        break;
    case BULLA_REF_REQUIRED:
        counts[REQUIRED]++;
        break;
    case BULLA_REF_REPLACE_NONEMPTY:
        counts[REPLACE]++;
        break;
    case BULLA_REF_REPLACE:
        break;
    }
}

/* "a,:-=44,b": the number of NAME, 0 where it is not listed. */
static size_t listed(const char *features, const char *name)
{
    size_t len = strlen(name);
    for (const char *at = features; *at != '\0';) {
        size_t part = strcspn(at, ",");
        if (part > len && strncmp(at, name, len) == 0 && at[len] == '=') {
            return (size_t)strtoul(at + len + 1, NULL, 10);
        }
        at += part + (at[part] == ',' ? 1 : 0);
    }
    return 0;
}

static bool run_file(const char *folder, const char *repo, const char *path, const char *features,
                     size_t totals[static FORMS])
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_str name = bulla_asprintf(&err, "%s/%s/%s", folder, repo, path);
    bulla_auto_str directory = name != NULL ? bulla_path_dir(name, &err) : NULL;
    if (directory == NULL) {
        return false;
    }
    const char *files[] = {bulla_path_base(name)};
    const struct bulla_project_options options = {
        .directory = directory, .files = files, .file_count = 1};
    bulla_auto_project project = bulla_project_load(&options, &err);
    if (project == NULL) {
        (void)printf("FAIL %s/%s: %s\n", repo, path, err.message);
        return false;
    }
    size_t counts[FORMS] = {0};
    for (size_t i = 0; i < project->ref_count; i++) {
        count_ref(&project->refs[i], counts);
    }
    for (size_t i = 0; i < project->file_count; i++) {
        const struct bulla_project_file *file = project->files[i];
        counts[ESCAPE] += file->kind == BULLA_PROJECT_COMPOSE ? file->escapes : 0;
    }
    bool ok = true;
    for (enum form i = 0; i < FORMS; i++) {
        size_t want = listed(features, form_names[i]);
        totals[i] += counts[i];
        if (counts[i] != want) {
            (void)printf("FAIL %s/%s: %zu of '%s', want %zu\n", repo, path, counts[i],
                         form_names[i], want);
            ok = false;
        }
    }
    return ok;
}

/* Cuts LINE at its tabs. */
static bool split_row(char *line, char *columns[static COLUMNS])
{
    for (size_t i = 0; i < COLUMNS; i++) {
        columns[i] = line;
        char *tab = strchr(line, '\t');
        if (tab == NULL) {
            return i == COLUMNS - 1;
        }
        *tab = '\0';
        line = tab + 1;
    }
    return true;
}

static void flatten_repo(char *out, size_t cap, const char *repo)
{
    const char *slash = strchr(repo, '/');
    if (slash == NULL) {
        (void)snprintf(out, cap, "%s", repo);
        return;
    }
    (void)snprintf(out, cap, "%.*s__%s", (int)(slash - repo), repo, slash + 1);
}

int main(int argc, char **argv)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf index;
    bulla_buf_init(&index, MAX_INDEX_BYTES);
    bulla_auto_str folder = argc == 2 ? bulla_path_dir(argv[1], &err) : NULL;
    if (!bulla_init(&err) || folder == NULL ||
        !bulla_file_read(argv[1], MAX_INDEX_BYTES, &index, &err)) {
        (void)fprintf(stderr, "usage: corpus INDEX.tsv\n%s\n", err.message);
        return 2;
    }
    bulla_buf_putc(&index, '\0');
    if (!bulla_buf_ok(&index, &err)) {
        return 2;
    }
    size_t passed = 0;
    size_t failed = 0;
    size_t totals[FORMS] = {0};
    for (char *line = (char *)index.data; *line != '\0';) {
        size_t len = strcspn(line, "\n");
        char *next = line + len + (line[len] == '\n' ? 1 : 0);
        line[len] = '\0';
        char *columns[COLUMNS];
        char repo[512];
        if (split_row(line, columns) && strcmp(columns[KIND], "compose") == 0) {
            flatten_repo(repo, sizeof repo, columns[REPO]);
            bool ok = run_file(folder, repo, columns[PATH], columns[FEATURES], totals);
            passed += ok ? 1 : 0;
            failed += ok ? 0 : 1;
        }
        line = next;
    }
    for (enum form i = 0; i < FORMS; i++) {
        (void)printf("%s %zu\n", form_names[i], totals[i]);
    }
    (void)printf("%zu passed, %zu failed\n", passed, failed);
    return failed == 0 && passed > 0 ? 0 : 1;
}
