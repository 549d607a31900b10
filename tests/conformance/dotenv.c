/* `id`, `input`, `env` and either `expect` (every key) or `error`; `warn`. */
#include "conformance.h"

#include "bulla/limits.h"
#include "dotenv/words.h"

static void note_warning(void *ctx, struct bulla_bytes name, struct bulla_pos pos)
{
    (void)pos;
    conformance_add_warning(ctx, name);
}

/* What is wrong with the values of FILE, or NULL. */
static const char *compare_values(const struct bulla_dotenv *file, const json_t *wanted)
{
    for (size_t i = 0; i < bulla_dotenv_count(file); i++) {
        const struct bulla_dotenv_entry *entry = bulla_dotenv_get(file, i);
        if (entry->set &&
            json_object_getn(wanted, (const char *)entry->name.data, entry->name.len) == NULL) {
            return "defines a name too many";
        }
    }
    const char *name = NULL;
    json_t *value = NULL;
    json_object_foreach((json_t *)(uintptr_t)wanted, name, value)
    {
        const struct bulla_dotenv_entry *entry = bulla_dotenv_find(file, bulla_bytes_of(name));
        if (entry == NULL) {
            return "does not define a name";
        }
        if (!bulla_bytes_equal(entry->value, conformance_bytes(value))) {
            return "gives another value";
        }
    }
    return NULL;
}

static void run_case(struct conformance *run, const char *id, const json_t *item)
{
    if (run->compose_2 && json_object_get(item, "since") != NULL) {
        return;
    }
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf words;
    bulla_auto_buf warnings;
    bulla_auto_buf text;
    bulla_buf_init_secret(&words, BULLA_MAX_OUTPUT_BYTES);
    bulla_buf_init(&warnings, BULLA_MAX_OUTPUT_BYTES);
    bulla_buf_init(&text, BULLA_MAX_OUTPUT_BYTES);
    struct bulla_bytes input = conformance_bytes(json_object_get(item, "input"));
    struct bulla_dotenv_options options = {.lookup = conformance_look_up,
                                           .lookup_ctx = json_object_get(item, "env"),
                                           .warn = note_warning,
                                           .warn_ctx = &warnings,
                                           .eager = run->compose_2};
    const json_t *wanted_error = json_object_get(item, "error");
    bulla_auto_dotenv file = bulla_dotenv_parse(input, id, &options, &err);
    if ((file == NULL) != (wanted_error != NULL)) {
        conformance_fail(run, id, "%s", file == NULL ? err.message : "is accepted");
        return;
    }
    if (!conformance_warnings_are(run, &warnings, json_object_get(item, "warn"))) {
        conformance_fail(run, id, "warns differently");
        return;
    }
    if (file != NULL) {
        const char *difference = compare_values(file, json_object_get(item, "expect"));
        if (difference != NULL) {
            conformance_fail(run, id, "%s", difference);
        } else {
            conformance_pass(run);
        }
        return;
    }
    struct bulla_dotenv_failure failure;
    if (!bulla_dotenv_explain(input, &options, &words, &failure, &err)) {
        conformance_fail(run, id, "%s", err.message);
        return;
    }
    words_dotenv(&failure, false, &text);
    struct bulla_bytes got = bulla_buf_view(&text);
    if (bulla_bytes_equal(got, conformance_bytes(wanted_error))) {
        conformance_pass(run);
    } else {
        conformance_fail(run, id, "gives the error '%.*s'", (int)got.len,
                         got.len > 0 ? (const char *)got.data : "");
    }
}

static bool run_path(struct conformance *run, const char *path)
{
    return conformance_json_lines(run, path, run_case);
}

const struct conformance_suite suite_dotenv = {"dotenv", "a file of JSON lines: one env file each",
                                               run_path};
