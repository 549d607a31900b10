/* `id`, `input`, `env` and either `expect` or `error`; `warn`. */
#include "conformance.h"

#include "bulla/limits.h"
#include "dotenv/words.h"

static bool note_warning(void *ctx, const struct bulla_ref *ref, enum bulla_lookup_state state,
                         enum bulla_ref_outcome outcome, struct bulla_error *err)
{
    (void)state;
    (void)err;
    if (outcome == BULLA_REF_BLANK) {
        conformance_add_warning(ctx, ref->name);
    }
    return true;
}

static void compare(struct conformance *run, const char *id, const json_t *item,
                    const struct bulla_buf *got, bool failed, const struct bulla_buf *warnings)
{
    const json_t *wanted_error = json_object_get(item, "error");
    const json_t *wanted = wanted_error != NULL ? wanted_error : json_object_get(item, "expect");
    struct bulla_bytes view = bulla_buf_view(got);
    if (failed != (wanted_error != NULL) || !bulla_bytes_equal(view, conformance_bytes(wanted))) {
        conformance_fail(run, id, "gives %s '%.*s'", failed ? "the error" : "the text",
                         (int)view.len, view.len > 0 ? (const char *)view.data : "");
    } else if (!conformance_warnings_are(run, warnings, json_object_get(item, "warn"))) {
        conformance_fail(run, id, "warns differently");
    } else {
        conformance_pass(run);
    }
}

static void run_case(struct conformance *run, const char *id, const json_t *item)
{
    if (run->compose_2 && json_object_get(item, "since") != NULL) {
        return;
    }
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf out;
    bulla_auto_buf message;
    bulla_auto_buf warnings;
    bulla_buf_init(&out, BULLA_MAX_OUTPUT_BYTES);
    bulla_buf_init(&message, BULLA_MAX_OUTPUT_BYTES);
    bulla_buf_init(&warnings, BULLA_MAX_OUTPUT_BYTES);
    struct bulla_interpolation with = {.lookup = conformance_look_up,
                                       .lookup_ctx = json_object_get(item, "env"),
                                       .each = note_warning,
                                       .each_ctx = &warnings,
                                       .eager = run->compose_2};
    struct bulla_interpolate_failure failure;
    if (!bulla_interpolate(conformance_bytes(json_object_get(item, "input")), &with, &out, &message,
                           &failure, &err)) {
        conformance_fail(run, id, "%s", err.message);
        return;
    }
    bool failed = failure.problem != BULLA_INTERPOLATE_OK;
    if (failed) {
        bulla_buf_clear(&out);
        words_interpolate(&failure, bulla_buf_view(&message), false, &out);
    }
    compare(run, id, item, &out, failed, &warnings);
}

static bool run_path(struct conformance *run, const char *path)
{
    return conformance_json_lines(run, path, run_case);
}

const struct conformance_suite suite_interpolate = {
    "interpolate", "a file of JSON lines: one string each", run_path};
