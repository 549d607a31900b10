/* Interpolation of a whole document, and the types that Compose casts to. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bulla/limits.h"
#include "dotenv/words.h"
#include "model/internal.h"

#include "base/banned.h"

enum cast { CAST_NONE, CAST_INT, CAST_INT64, CAST_FLOAT, CAST_FLOAT32, CAST_BOOL };

static const struct {
    struct key_pattern path;
    enum cast cast;
    bool late; /* not yet in 2.40 */
} casts[] = {
    {KEYS("services.*.cpu_count"), CAST_INT64, false},
    {KEYS("services.*.cpu_percent"), CAST_FLOAT, false},
    {KEYS("services.*.cpu_period"), CAST_INT64, false},
    {KEYS("services.*.cpu_quota"), CAST_INT64, false},
    {KEYS("services.*.cpu_rt_period"), CAST_INT64, false},
    {KEYS("services.*.cpu_rt_runtime"), CAST_INT64, false},
    {KEYS("services.*.cpus"), CAST_FLOAT32, false},
    {KEYS("services.*.cpu_shares"), CAST_INT64, false},
    {KEYS("services.*.init"), CAST_BOOL, false},
    {KEYS("services.*.depends_on.*.required"), CAST_BOOL, true},
    {KEYS("services.*.depends_on.*.restart"), CAST_BOOL, true},
    {KEYS("services.*.deploy.replicas"), CAST_INT, false},
    {KEYS("services.*.deploy.update_config.parallelism"), CAST_INT, false},
    {KEYS("services.*.deploy.update_config.max_failure_ratio"), CAST_FLOAT, false},
    {KEYS("services.*.deploy.rollback_config.parallelism"), CAST_INT, false},
    {KEYS("services.*.deploy.rollback_config.max_failure_ratio"), CAST_FLOAT, false},
    {KEYS("services.*.deploy.restart_policy.max_attempts"), CAST_INT, false},
    {KEYS("services.*.deploy.placement.max_replicas_per_node"), CAST_INT, false},
    {KEYS("services.*.healthcheck.retries"), CAST_INT, false},
    {KEYS("services.*.healthcheck.disable"), CAST_BOOL, false},
    {KEYS("services.*.oom_kill_disable"), CAST_BOOL, false},
    {KEYS("services.*.oom_score_adj"), CAST_INT64, false},
    {KEYS("services.*.pids_limit"), CAST_INT64, false},
    {KEYS("services.*.ports.[].target"), CAST_INT, false},
    {KEYS("services.*.privileged"), CAST_BOOL, false},
    {KEYS("services.*.read_only"), CAST_BOOL, false},
    {KEYS("services.*.scale"), CAST_INT, false},
    {KEYS("services.*.stdin_open"), CAST_BOOL, false},
    {KEYS("services.*.tty"), CAST_BOOL, false},
    {KEYS("services.*.ulimits.*"), CAST_INT, false},
    {KEYS("services.*.ulimits.*.hard"), CAST_INT, false},
    {KEYS("services.*.ulimits.*.soft"), CAST_INT, false},
    {KEYS("services.*.volumes.[].read_only"), CAST_BOOL, false},
    {KEYS("services.*.volumes.[].volume.nocopy"), CAST_BOOL, false},
    {KEYS("networks.*.external"), CAST_BOOL, false},
    {KEYS("networks.*.internal"), CAST_BOOL, false},
    {KEYS("networks.*.attachable"), CAST_BOOL, false},
    {KEYS("networks.*.enable_ipv4"), CAST_BOOL, false},
    {KEYS("networks.*.enable_ipv6"), CAST_BOOL, false},
    {KEYS("volumes.*.external"), CAST_BOOL, false},
    {KEYS("secrets.*.external"), CAST_BOOL, false},
    {KEYS("configs.*.external"), CAST_BOOL, false},
};

static enum cast find_cast(const struct model *m, const struct path *at)
{
    for (size_t i = 0; i < sizeof casts / sizeof casts[0]; i++) {
        if (!(casts[i].late && m->compose_2) && path_is(at, casts[i].path)) {
            return casts[i].cast;
        }
    }
    return CAST_NONE;
}

/* --- numbers ---------------------------------------------------------------------------------- */

static const char bad_syntax[] = "invalid syntax";
static const char bad_range[] = "value out of range";

const char *parse_int(struct bulla_bytes text, int64_t *ret_number)
{
    char digits[64];
    size_t sign = text.len > 0 && (text.data[0] == '-' || text.data[0] == '+') ? 1 : 0;
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (i >= sign && (text.data[i] < '0' || text.data[i] > '9')) {
            return bad_syntax;
        }
        /* Zeros in front do not make it long. */
        bool skip = i >= sign && text.data[i] == '0' && len == sign && i + 1 < text.len;
        if (!skip && len < sizeof digits - 1) {
            digits[len++] = (char)text.data[i];
        }
    }
    digits[len] = '\0';
    if (len == sign) {
        return bad_syntax;
    }
    errno = 0;
    long long number = strtoll(digits, NULL, 10);
    *ret_number = number;
    return errno != 0 ? bad_range : NULL;
}

const char *parse_float(struct bulla_bytes text, double *ret_number)
{
    char copy[512];
    if (text.len == 0 || text.len >= sizeof copy || memchr(text.data, '\0', text.len) != NULL) {
        return bad_syntax;
    }
    memcpy(copy, text.data, text.len);
    copy[text.len] = '\0';
    const char *digits = copy + (copy[0] == '-' || copy[0] == '+' ? 1 : 0);
    bool named = strcasecmp(digits, "inf") == 0 || strcasecmp(digits, "infinity") == 0 ||
                 strcasecmp(digits, "nan") == 0;
    bool hex = digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X');
    size_t known = strspn(digits, hex ? "0123456789abcdefABCDEFxXpP.+-" : "0123456789.eE+-");
    if (!named && (digits[known] != '\0' || (hex && strpbrk(digits, "pP") == NULL))) {
        return bad_syntax;
    }
    char *end = NULL;
    errno = 0;
    *ret_number = strtod(copy, &end);
    if (end == copy || *end != '\0') {
        return bad_syntax;
    }
    return errno == ERANGE && isinf(*ret_number) ? bad_range : NULL;
}

int parse_bool(struct model *m, struct bulla_bytes text)
{
    static const struct {
        const char *word;
        int truth;
        bool old; /* of YAML 1.1 */
    } words[] = {{"true", 1, false}, {"false", 0, false}, {"y", 1, true},  {"yes", 1, true},
                 {"on", 1, true},    {"n", 0, true},      {"no", 0, true}, {"off", 0, true}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (text.len != strlen(words[i].word) ||
            strncasecmp(stored(text), words[i].word, text.len) != 0) {
            continue;
        }
        if (words[i].old) {
            warn(m, "%q for boolean is not supported by YAML 1.2, please use `%s`", text,
                 words[i].truth == 1 ? "true" : "false");
        }
        return words[i].truth;
    }
    return -1;
}

/* --- casting ---------------------------------------------------------------------------------- */

static void refuse_number(struct model *m, const struct bulla_value *value, const struct path *at,
                          const char *function, const char *why)
{
    (void)refuse(m, value,
                 "error while interpolating %b: failed to cast to expected type: strconv.%s: "
                 "parsing %Q: %s",
                 path_show(&m->store, at), function, value->text, why);
}

static void cast_value(struct model *m, struct bulla_value *value, const struct path *at,
                       enum cast cast)
{
    if (value->unknown) {
        value->kind = cast == CAST_BOOL                        ? BULLA_VALUE_BOOL
                      : cast == CAST_INT || cast == CAST_INT64 ? BULLA_VALUE_INT
                                                               : BULLA_VALUE_FLOAT;
        value->number = 1;
        value->real = 1;
        return;
    }
    if (cast == CAST_BOOL) {
        int truth = parse_bool(m, value->text);
        if (truth < 0) {
            (void)refuse(m, value,
                         "error while interpolating %b: failed to cast to expected type: invalid "
                         "boolean: %v",
                         path_show(&m->store, at), value->text);
            return;
        }
        value->kind = BULLA_VALUE_BOOL;
        value->number = truth;
        return;
    }
    if (cast == CAST_INT || cast == CAST_INT64) {
        const char *why = parse_int(value->text, &value->number);
        if (why != NULL) {
            refuse_number(m, value, at, cast == CAST_INT ? "Atoi" : "ParseInt", why);
        }
        value->kind = BULLA_VALUE_INT;
        return;
    }
    const char *why = parse_float(value->text, &value->real);
    if (why != NULL) {
        refuse_number(m, value, at, "ParseFloat", why);
    }
    value->single = cast == CAST_FLOAT32;
    value->kind = BULLA_VALUE_FLOAT;
}

/* --- interpolation ---------------------------------------------------------------------------- */

/* One text that is interpolated. */
struct reading {
    struct model *m;
    const struct variables *variables;
    bool unknown; /* a variable was asked for whose value is not known */
};

static enum bulla_lookup_state look_up(void *ctx, struct bulla_bytes name,
                                       struct bulla_bytes *ret_value)
{
    struct reading *reading = ctx;
    enum bulla_lookup_state state =
        variables_lookup((void *)(uintptr_t)reading->variables, name, ret_value);
    reading->unknown = reading->unknown || is_unknown_value(*ret_value);
    return state;
}

static bool note_blank(void *ctx, const struct bulla_ref *ref, enum bulla_lookup_state state,
                       enum bulla_ref_outcome outcome, struct bulla_error *err)
{
    (void)state;
    (void)err;
    const struct reading *reading = ctx;
    if (outcome == BULLA_REF_BLANK) {
        warn(reading->m, "The %q variable is not set. Defaulting to a blank string.", ref->name);
    }
    return true;
}

static void refuse_template(struct model *m, const struct bulla_value *value, const struct path *at,
                            const struct bulla_interpolate_failure *failure,
                            struct bulla_bytes message)
{
    struct bulla_bytes path = path_show(&m->store, at);
    enum bulla_model_step before = m->step;
    m->step = BULLA_MODEL_VARIABLES;
    if (failure->problem == BULLA_INTERPOLATE_INVALID) {
        (void)refuse(m, value,
                     "invalid interpolation format for %b.\n"
                     "You may need to escape any $ with another $.\n%v",
                     path, failure->fragment);
    } else if (message.len > 0) {
        (void)refuse(m, value,
                     "error while interpolating %b: required variable %b is missing a value: %v",
                     path, failure->name, message);
    } else {
        (void)refuse(m, value,
                     "error while interpolating %b: required variable %b is missing a value", path,
                     failure->name);
    }
    m->step = before;
}

/* Places whose texts Compose takes as they are: nothing that it checks depends on them. */
static bool is_free(const struct path *at, struct bulla_bytes text)
{
    static const struct key_pattern words[] = {
        KEYS("services.*.image"),         KEYS("services.*.command"),
        KEYS("services.*.command.[]"),    KEYS("services.*.entrypoint"),
        KEYS("services.*.entrypoint.[]"), KEYS("services.*.healthcheck.test"),
        KEYS("configs.*.content")};
    static const struct key_pattern tables[] = {
        KEYS("services.*.environment.*"),    KEYS("services.*.labels.*"),
        KEYS("services.*.build.args.*"),     KEYS("services.*.build.labels.*"),
        KEYS("services.*.annotations.*"),    KEYS("services.*.deploy.labels.*"),
        KEYS("services.*.logging.options.*")};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (path_is(at, words[i])) {
            return true;
        }
    }
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        if (path_is(at, tables[i])) {
            const uint8_t *dollar = memchr(text.data, '$', text.len);
            return !bulla_bytes_are(at->key, "[]") ||
                   memchr(text.data, '=', (size_t)(dollar - text.data)) != NULL;
        }
    }
    return false;
}

/* VALUE as far as it is known before its first reference, and a stand-in. */
static void stand_in(struct model *m, struct bulla_value *value)
{
    const uint8_t *dollar = memchr(value->text.data, '$', value->text.len);
    value->text = store_printf(&m->store, "%.*s%s", (int)(dollar - value->text.data),
                               (const char *)value->text.data, unknown_value);
}

/* False where there is no text that could be cast. */
static bool interpolate_text(struct model *m, const struct variables *variables,
                             struct bulla_value *value, const struct path *at)
{
    struct reading reading = {.m = m, .variables = variables};
    const struct bulla_interpolation with = {.lookup = look_up,
                                             .lookup_ctx = &reading,
                                             .each = note_blank,
                                             .each_ctx = &reading,
                                             .eager = m->options->eager};
    struct bulla_bytes written = value->text;
    struct bulla_interpolate_failure failure;
    bulla_auto_buf out;
    bulla_auto_buf message;
    bulla_buf_init(&out, BULLA_MAX_OUTPUT_BYTES);
    bulla_buf_init(&message, BULLA_MAX_OUTPUT_BYTES);
    if (!bulla_interpolate(value->text, &with, &out, &message, &failure, m->store.err)) {
        m->store.stopped = true;
        return false;
    }
    if (failure.problem != BULLA_INTERPOLATE_OK) {
        refuse_template(m, value, at, &failure, bulla_buf_view(&message));
        reading.unknown = m->judging;
    }
    if (failure.problem == BULLA_INTERPOLATE_OK) {
        value->text = store_copy(&m->store, bulla_buf_view(&out));
    } else if (m->judging) {
        stand_in(m, value);
    }
    value->literal = false;
    value->unknown = reading.unknown && !is_free(at, written);
    m->met_unknown = m->met_unknown || value->unknown;
    return failure.problem == BULLA_INTERPOLATE_OK || m->judging;
}

void interpolate_value(struct model *m, const struct variables *variables,
                       struct bulla_value *value, const struct path *at)
{
    if (m->store.stopped) {
        return;
    }
    if (value->kind == BULLA_VALUE_LIST || value->kind == BULLA_VALUE_MAP) {
        for (size_t i = 0; i < value->count; i++) {
            bool map = value->kind == BULLA_VALUE_MAP;
            struct path here = {.up = at,
                                .key = map ? value->entries[i].key : bulla_bytes_of("[]")};
            interpolate_value(m, variables, value->entries[i].value, &here);
        }
        return;
    }
    if (value->kind != BULLA_VALUE_TEXT || value->timestamp) {
        return;
    }
    bool refers = value->text.len > 0 && memchr(value->text.data, '$', value->text.len) != NULL;
    enum cast cast =
        !refers || interpolate_text(m, variables, value, at) ? find_cast(m, at) : CAST_NONE;
    if (cast != CAST_NONE) {
        cast_value(m, value, at, cast);
    }
}
