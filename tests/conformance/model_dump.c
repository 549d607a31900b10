/*
 * model_dump [--compose 2 or 5] [Compose's arguments]: one line of JSON with what the library says
 * of the project here: `errors`, `warnings` and, where Compose accepts it, `model`; `fatal`, the
 * findings of check that say that Compose refuses it, and `error_count`, all of its errors. For
 * tests that compare it with the real thing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unistd.h>

#include "bulla/check.h"
#include "bulla/mem.h"
#include "bulla/secret.h"
#include "command_line.h"
#include "model_json.h"

static enum bulla_lookup_state look_up(void *ctx, struct bulla_bytes name,
                                       struct bulla_bytes *ret_value)
{
    (void)ctx;
    char copy[256];
    if (name.len >= sizeof copy || memchr(name.data, '\0', name.len) != NULL) {
        return BULLA_LOOKUP_UNSET;
    }
    (void)snprintf(copy, sizeof copy, "%.*s", (int)name.len, (const char *)name.data);
    const char *value = getenv(copy);
    if (value == NULL) {
        return BULLA_LOOKUP_UNSET;
    }
    *ret_value = bulla_bytes_of(value);
    return ret_value->len > 0 ? BULLA_LOOKUP_SET : BULLA_LOOKUP_EMPTY;
}

static json_t *text_of(struct bulla_bytes text)
{
    json_t *json = json_stringn(text.len > 0 ? (const char *)text.data : "", text.len);
    return json != NULL ? json : json_string("(no UTF-8)");
}

static json_t *show(const struct bulla_model *model)
{
    json_t *all = json_object();
    json_t *errors = json_array();
    json_t *warnings = json_array();
    for (size_t i = 0; i < model->failure_count; i++) {
        (void)json_array_append_new(errors, text_of(model->failures[i].text));
    }
    for (size_t i = 0; i < model->warning_count; i++) {
        (void)json_array_append_new(warnings, text_of(model->warnings[i]));
    }
    (void)json_object_set_new(all, "errors", errors);
    (void)json_object_set_new(all, "warnings", warnings);
    if (model->root != NULL) {
        (void)json_object_set_new(all, "model", model_json(model->root));
    }
    return all;
}

/* Findings of check that say that Compose refuses the project, where they are errors. */
static bool says_refused(const struct bulla_finding *finding)
{
    static const char *const rules[] = {"B101", "B102", "B201", "B202", "B203",
                                        "B204", "B215", "B217", "B219", "B220"};
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        if (finding->severity == BULLA_ERROR && strcmp(finding->rule, rules[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool check(const struct bulla_project_options *options, struct bulla_report *report,
                  struct bulla_error *err)
{
    bulla_auto_project project = bulla_project_load(options, err);
    const struct bulla_check_input input = {.project = project,
                                            .options = options,
                                            .root = options->directory,
                                            .process = options->environment};
    return project != NULL && bulla_check(&input, report, err);
}

/* What check says of the project: why Compose refuses it, and how many errors there are. */
static bool judge(const struct bulla_project_options *options, json_t *all)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_report report = bulla_report_new(&err);
    json_t *fatal = json_array();
    size_t errors = 0;
    if (report == NULL) {
        return false;
    }
    if (!check(options, report, &err)) {
        (void)json_array_append_new(fatal, json_string(err.message));
    }
    for (size_t i = 0; i < bulla_report_count(report); i++) {
        const struct bulla_finding *finding = bulla_report_get(report, i);
        errors += finding->severity == BULLA_ERROR;
        if (says_refused(finding)) {
            (void)json_array_append_new(fatal,
                                        json_sprintf("%s %s", finding->rule, finding->message));
        }
    }
    (void)json_object_set_new(all, "fatal", fatal);
    return json_object_set_new(all, "error_count", json_integer((json_int_t)errors)) == 0;
}

int main(int argc, char **argv)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_str here = getcwd(NULL, 0);
    struct command_line line = {.options = {.directory = here, .environment = look_up}};
    int first = 1;
    if (argc > 2 && strcmp(argv[1], "--compose") == 0) {
        line.options.eager = strcmp(argv[2], "2") == 0;
        first = 3;
    }
    json_t *args = json_array();
    for (int i = first; i < argc; i++) {
        (void)json_array_append_new(args, json_string(argv[i]));
    }
    bool known = command_line_read(&line, args);
    const struct bulla_model *model =
        known && bulla_init(&err) ? bulla_model_load(&line.options, &err) : NULL;
    if (model == NULL) {
        (void)fprintf(stderr, "model_dump: %s\n", known ? err.message : "unknown argument");
        json_decref(args);
        return 2;
    }
    json_t *all = show(model);
    bool ok = judge(&line.options, all) && json_dumpf(all, stdout, JSON_COMPACT) == 0 &&
              putchar('\n') != EOF;
    json_decref(all);
    json_decref(args);
    bulla_model_free(model);
    return ok ? 0 : 1;
}
