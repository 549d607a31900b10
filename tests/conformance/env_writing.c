/* `class`, `value` and `write`: for each format the text of the file, or null. */
#include "conformance.h"

#include <string.h>

#include "bulla/dotenv.h"
#include "bulla/limits.h"

static const struct {
    const char *name;
    enum bulla_env_format format;
} formats[] = {
    {"compose_env", BULLA_ENV_COMPOSE_DOUBLE},
    {"compose_env_single", BULLA_ENV_COMPOSE_SINGLE},
    {"compose_env_unquoted", BULLA_ENV_COMPOSE_UNQUOTED},
    {"docker_env_file", BULLA_ENV_DOCKER},
    {"systemd", BULLA_ENV_SYSTEMD},
    {"posix_sh", BULLA_ENV_SH},
    {"github_env", BULLA_ENV_GITHUB},
    {"node_dotenv", BULLA_ENV_NODE},
    {"python_dotenv", BULLA_ENV_PYTHON},
    {"ruby_dotenv", BULLA_ENV_RUBY},
};

/* True where FORMAT writes VALUE as WANTED; else says so. */
static bool run_format(struct conformance *run, const char *id, const char *name,
                       struct bulla_bytes value, const json_t *wanted)
{
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        if (strcmp(name, formats[i].name) != 0) {
            continue;
        }
        struct bulla_error err = BULLA_ERROR_INIT;
        bulla_auto_buf out;
        bulla_buf_init_secret(&out, BULLA_MAX_OUTPUT_BYTES);
        bool written = bulla_env_write(formats[i].format, bulla_bytes_of("A"), value, &out, &err);
        if (!written && (err.code != BULLA_E_REFUSED || !json_is_null(wanted))) {
            conformance_fail(run, id, "%s: %s", name, err.message);
            return false;
        }
        struct bulla_bytes got = bulla_buf_view(&out);
        if (written &&
            (json_is_null(wanted) || !bulla_bytes_equal(got, conformance_bytes(wanted)))) {
            conformance_fail(run, id, "%s: writes %.*s", name, (int)got.len,
                             (const char *)got.data);
            return false;
        }
        return true;
    }
    conformance_fail(run, id, "unknown format '%s'", name);
    return false;
}

static void run_case(struct conformance *run, const char *id, const json_t *item)
{
    struct bulla_bytes value = conformance_bytes(json_object_get(item, "value"));
    json_t *write = json_object_get(item, "write");
    const char *name = NULL;
    json_t *wanted = NULL;
    json_object_foreach(write, name, wanted)
    {
        if (!run_format(run, id, name, value, wanted)) {
            return;
        }
    }
    conformance_pass(run);
}

static bool run_path(struct conformance *run, const char *path)
{
    return conformance_json_lines(run, path, run_case);
}

const struct conformance_suite suite_env_writing = {
    "env-writing", "a file of JSON lines: one value each", run_path};
