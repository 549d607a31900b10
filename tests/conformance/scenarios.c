/*
 * `files`, `cwd`, `args` and `env`: a whole project in a folder of its own, with either `expect`
 * (values by path) or `error`; `warnings`. `compose_2_40_3` holds what is different there.
 */
#include "conformance.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bulla/file.h"
#include "bulla/mem.h"
#include "command_line.h"
#include "model_json.h"

/* --- the files -------------------------------------------------------------------------------- */

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *walk)
{
    (void)st;
    (void)type;
    (void)walk;
    return remove(path);
}

static void remove_root(const char *root)
{
    (void)nftw(root, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

/* A case may write below its own folder only. */
static bool stays_inside(const char *path)
{
    return path[0] != '/' && strncmp(path, "../", 3) != 0 && strstr(path, "/../") == NULL;
}

static bool write_file(const char *root, const char *name, struct bulla_bytes text)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_str path = stays_inside(name) ? bulla_path_join(root, name, &err) : NULL;
    bulla_auto_str folder = path != NULL ? bulla_path_dir(path, &err) : NULL;
    if (folder == NULL || !bulla_dir_make(folder, 0700, &err)) {
        return false;
    }
    FILE *file = fopen(path, "wb");
    bool ok = file != NULL && fwrite(text.data, 1, text.len, file) == text.len;
    return file != NULL && fclose(file) == 0 && ok;
}

static bool write_files(const char *root, const char *directory, const json_t *files)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    const char *name = NULL;
    json_t *text = NULL;
    json_object_foreach((json_t *)(uintptr_t)files, name, text)
    {
        if (!write_file(root, name, conformance_bytes(text))) {
            return false;
        }
    }
    return bulla_dir_make(directory, 0700, &err);
}

/* --- what is expected ------------------------------------------------------------------------- */

/* TEXT with every "{root}" replaced; a new reference. */
static json_t *place_text(const json_t *text, const char *root)
{
    static const char mark[] = "{root}";
    json_t *placed = json_string("");
    bulla_auto_buf out;
    bulla_buf_init(&out, (size_t)1 << 24);
    struct bulla_bytes rest = conformance_bytes(text);
    while (rest.len > 0) {
        const uint8_t *hit = memmem(rest.data, rest.len, mark, sizeof mark - 1);
        size_t len = hit != NULL ? (size_t)(hit - rest.data) : rest.len;
        bulla_buf_add(&out, rest.data, len);
        if (hit != NULL) {
            bulla_buf_puts(&out, root);
            len += sizeof mark - 1;
        }
        rest = bulla_bytes_slice(rest, len, rest.len);
    }
    struct bulla_bytes view = bulla_buf_view(&out);
    (void)json_string_setn(placed, view.len > 0 ? (const char *)view.data : "", view.len);
    return placed;
}

static json_t *place_value(const json_t *value, const char *root)
{
    return json_is_string(value) ? place_text(value, root) : json_deep_copy(value);
}

/* Texts of the YAML library differ between its versions: rejecting is enough. */
static bool is_yaml_text(const char *text)
{
    if (strncmp(text, "yaml: ", 6) == 0 || strncmp(text, "go-yaml ", 8) == 0) {
        return true;
    }
    static const char before[] = "failed to parse ";
    if (strncmp(text, before, sizeof before - 1) != 0) {
        return false;
    }
    const char *line = strstr(text, ": line ");
    return strstr(text, ": yaml: construct errors") != NULL ||
           (line != NULL && line[7] >= '0' && line[7] <= '9');
}

/* ITEM as the chosen Compose has it; a new reference. */
static json_t *choose_version(const struct conformance *run, const json_t *item)
{
    json_t *chosen = json_copy((json_t *)(uintptr_t)item);
    json_t *other = json_object_get(item, "compose_2_40_3");
    if (run->compose_2 && other != NULL) {
        if (json_object_get(other, "error") != NULL || json_object_get(other, "expect") != NULL) {
            (void)json_object_del(chosen, "error");
            (void)json_object_del(chosen, "expect");
        }
        (void)json_object_update(chosen, other);
    }
    return chosen;
}

/* --- comparing -------------------------------------------------------------------------------- */

struct scenario {
    struct conformance *run;
    const char *id;
    const json_t *item;
    const char *root;
};

static bool compare_error(const struct scenario *s, const json_t *texts, bool rejected)
{
    const json_t *wanted = json_object_get(s->item, "error");
    json_t *text = wanted != NULL ? place_text(wanted, s->root) : NULL;
    const char *first = json_string_value(json_array_get(texts, 0));
    bool found = false;
    for (size_t i = 0; text != NULL && i < json_array_size(texts); i++) {
        found = found || json_equal(json_array_get(texts, i), text) != 0;
    }
    bool ok = false;
    if (rejected != (wanted != NULL)) {
        conformance_fail(s->run, s->id, rejected ? "is refused: %s" : "is accepted%s",
                         !rejected       ? ""
                         : first != NULL ? first
                                         : "no words of Compose's are known");
    } else if (rejected && !found && !is_yaml_text(json_string_value(text))) {
        conformance_fail(s->run, s->id, "gives the error '%s'",
                         first != NULL ? first : "(refused, but the text is not known)");
    } else {
        ok = true;
    }
    json_decref(text);
    return ok;
}

static bool compare_warnings(const struct scenario *s, const json_t *texts)
{
    const json_t *wanted = json_object_get(s->item, "warnings");
    size_t count = json_array_size(wanted);
    bool same = count == json_array_size(texts);
    for (size_t i = 0; same && i < count; i++) {
        json_t *text = place_text(json_array_get(wanted, i), s->root);
        same = json_equal(text, json_array_get(texts, i)) != 0;
        json_decref(text);
    }
    if (!same) {
        conformance_fail(s->run, s->id, "warns differently: %zu for %zu", json_array_size(texts),
                         count);
    }
    return same;
}

static json_t *place_all(const json_t *value, const char *root)
{
    json_t *placed = place_value(value, root);
    const char *key = NULL;
    json_t *member = NULL;
    json_object_foreach((json_t *)(uintptr_t)value, key, member)
    {
        (void)json_object_set_new(placed, key, place_value(member, root));
    }
    return placed;
}

static bool compare_values(const struct scenario *s, const struct bulla_model *model)
{
    const char *path = NULL;
    json_t *value = NULL;
    json_object_foreach(json_object_get(s->item, "expect"), path, value)
    {
        json_t *got = model_json_at(model->root, path);
        json_t *wanted = place_all(value, s->root);
        bool same = json_equal(got, wanted) != 0;
        if (!same) {
            char *text = json_dumps(got, JSON_ENCODE_ANY);
            conformance_fail(s->run, s->id, "%s is %s", path, text != NULL ? text : "");
            free(text);
        }
        json_decref(got);
        json_decref(wanted);
        if (!same) {
            return false;
        }
    }
    return true;
}

static json_t *text_of(struct bulla_bytes text)
{
    return json_stringn(text.len > 0 ? (const char *)text.data : "", text.len);
}

/*
 * Compose's rejection and the library's own judgement of the project are two roads: whatever the
 * first refuses, the second has to find something wrong with, and the other way round.
 */
static bool judge_project(const struct scenario *s, const struct bulla_project_options *options)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_project project = bulla_project_load(options, &err);
    bool refused = project == NULL;
    for (size_t i = 0; project != NULL && i < project->problem_count; i++) {
        refused = refused || project->problems[i].fatal;
    }
    for (size_t i = 0; project != NULL && i < project->ref_count; i++) {
        const struct bulla_project_ref *ref = &project->refs[i];
        refused = refused || (ref->kind == BULLA_USE_REFERENCE && ref->evaluated &&
                              ref->outcome == BULLA_REF_MISSING);
    }
    if (refused && json_object_get(s->item, "error") == NULL) {
        conformance_fail(s->run, s->id, "is refused by the project, not by the model");
        return false;
    }
    return true;
}

static void load_and_compare(const struct scenario *s, const struct bulla_project_options *options)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_model model = bulla_model_load(options, &err);
    if (model == NULL) {
        conformance_fail(s->run, s->id, "is not computed: %s", err.message);
        return;
    }
    json_t *texts = json_array();
    json_t *warnings = json_array();
    for (size_t i = 0; i < model->failure_count; i++) {
        (void)json_array_append_new(texts, text_of(model->failures[i].text));
    }
    for (size_t i = 0; i < model->warning_count; i++) {
        (void)json_array_append_new(warnings, text_of(model->warnings[i]));
    }
    bool rejected = model->root == NULL;
    if (compare_error(s, texts, rejected) && compare_warnings(s, warnings) &&
        (rejected || compare_values(s, model)) && judge_project(s, options)) {
        conformance_pass(s->run);
    }
    json_decref(texts);
    json_decref(warnings);
}

static void run_in_root(struct scenario *s)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    const char *cwd = json_string_value(json_object_get(s->item, "cwd"));
    bool here = cwd == NULL || strcmp(cwd, ".") == 0;
    bulla_auto_str directory = bulla_path_join(s->root, here ? "" : cwd, &err);
    size_t len = directory != NULL ? strlen(directory) : 0;
    if (len > 1 && directory[len - 1] == '/') {
        directory[len - 1] = '\0';
    }
    struct command_line line = {.options = {.directory = directory,
                                            .environment = conformance_look_up,
                                            .environment_ctx = json_object_get(s->item, "env"),
                                            .eager = s->run->compose_2}};
    if (directory == NULL || !write_files(s->root, directory, json_object_get(s->item, "files"))) {
        conformance_fail(s->run, s->id, "its files cannot be written");
    } else if (!command_line_read(&line, json_object_get(s->item, "args"))) {
        conformance_fail(s->run, s->id, "has an argument that is not known");
    } else {
        load_and_compare(s, &line.options);
    }
}

static void run_case(struct conformance *run, const char *id, const json_t *item)
{
    const char *temporary = getenv("TMPDIR");
    bulla_auto_str real = realpath(temporary != NULL ? temporary : "/tmp", NULL);
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_str root =
        real != NULL ? bulla_path_join(real, "bulla-scenario-XXXXXX", &err) : NULL;
    if (root == NULL || mkdtemp(root) == NULL) {
        conformance_fail(run, id, "no temporary folder can be made");
        return;
    }
    json_t *chosen = choose_version(run, item);
    struct scenario scenario = {.run = run, .id = id, .item = chosen, .root = root};
    run_in_root(&scenario);
    json_decref(chosen);
    remove_root(root);
}

static bool run_path(struct conformance *run, const char *path)
{
    return conformance_json_lines(run, path, run_case);
}

const struct conformance_suite suite_scenarios = {
    "scenarios", "a file of JSON lines: one project each", run_path};
