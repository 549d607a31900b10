/*
 * model_dump [--compose 2 or 5] [Compose's arguments]: one line of JSON with what the library says
 * of the project here: `errors`, `warnings` and, where Compose accepts it, `model`; `fatal`, what
 * is wrong with it without a model. For tests that compare it with the real thing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* What bulla_project_load finds that keeps Compose from taking the project. */
static json_t *judge(const struct bulla_project_options *options)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_project project = bulla_project_load(options, &err);
    json_t *fatal = json_array();
    if (project == NULL) {
        (void)json_array_append_new(fatal, json_string(err.message));
        return fatal;
    }
    for (size_t i = 0; i < project->problem_count; i++) {
        if (project->problems[i].fatal) {
            (void)json_array_append_new(fatal, json_string(project->problems[i].message));
        }
    }
    for (size_t i = 0; i < project->ref_count; i++) {
        const struct bulla_project_ref *ref = &project->refs[i];
        if (ref->kind == BULLA_USE_REFERENCE && ref->evaluated &&
            ref->outcome == BULLA_REF_MISSING) {
            (void)json_array_append_new(fatal, json_sprintf("%s is missing", ref->name));
        }
    }
    return fatal;
}

int main(int argc, char **argv)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct command_line line = {.options = {.environment = look_up}};
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
    (void)json_object_set_new(all, "fatal", judge(&line.options));
    int status = json_dumpf(all, stdout, JSON_COMPACT) == 0 && putchar('\n') != EOF ? 0 : 1;
    json_decref(all);
    json_decref(args);
    bulla_model_free(model);
    return status;
}
