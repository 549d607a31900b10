#include "conformance.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bulla/secret.h"

/* A new suite is a line here, its declaration in conformance.h and its file in meson.build. */
static const struct conformance_suite *const suites[] = {
    &suite_dotenv,
    &suite_env_writing,
    &suite_interpolate,
    &suite_scenarios,
};

#define SUITE_COUNT (sizeof suites / sizeof suites[0])

void conformance_pass(struct conformance *run)
{
    run->passed++;
}

void conformance_fail(struct conformance *run, const char *id, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    (void)printf("FAIL %s: ", id);
    (void)vprintf(fmt, args);
    (void)putchar('\n');
    va_end(args);
    run->failed++;
}

struct bulla_bytes conformance_bytes(const json_t *value)
{
    return bulla_bytes(json_string_value(value), json_string_length(value));
}

enum bulla_lookup_state conformance_look_up(void *ctx, struct bulla_bytes name,
                                            struct bulla_bytes *ret_value)
{
    const json_t *env = ctx;
    const json_t *value = json_object_getn(env, (const char *)name.data, name.len);
    if (value == NULL) {
        return BULLA_LOOKUP_UNSET;
    }
    *ret_value = conformance_bytes(value);
    return ret_value->len > 0 ? BULLA_LOOKUP_SET : BULLA_LOOKUP_EMPTY;
}

void conformance_add_warning(struct bulla_buf *warnings, struct bulla_bytes name)
{
    bulla_buf_add_bytes(warnings, name);
    bulla_buf_putc(warnings, '\n');
}

bool conformance_warnings_are(const struct conformance *run, const struct bulla_buf *warnings,
                              const json_t *expected)
{
    struct bulla_bytes rest = bulla_buf_view(warnings);
    size_t at = 0;
    while (rest.len > 0) {
        const char *lf = memchr(rest.data, '\n', rest.len);
        struct bulla_bytes name = bulla_bytes(rest.data, (size_t)((const uint8_t *)lf - rest.data));
        if (bulla_bytes_equal(name, conformance_bytes(json_array_get(expected, at)))) {
            at++;
        } else if (!run->compose_2) {
            return false;
        }
        rest = bulla_bytes_slice(rest, name.len + 1, rest.len);
    }
    return at == json_array_size(expected);
}

static void run_line(struct conformance *run, unsigned long number, const char *line, size_t len,
                     void (*each)(struct conformance *, const char *, const json_t *))
{
    char id[128];
    (void)snprintf(id, sizeof id, "line %lu", number);
    json_error_t problem;
    json_t *item = json_loadb(line, len, JSON_ALLOW_NUL, &problem);
    if (item == NULL) {
        conformance_fail(run, id, "not JSON: %s", problem.text);
        return;
    }
    const char *name = json_string_value(json_object_get(item, "id"));
    const char *class = json_string_value(json_object_get(item, "class"));
    if (name != NULL) {
        (void)snprintf(id, sizeof id, "%s", name);
    } else if (class != NULL) {
        (void)snprintf(id, sizeof id, "%lu (%s)", number, class);
    }
    each(run, id, item);
    json_decref(item);
}

bool conformance_json_lines(struct conformance *run, const char *path,
                            void (*each)(struct conformance *, const char *, const json_t *))
{
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        perror(path);
        return false;
    }
    char *line = NULL;
    size_t cap = 0;
    unsigned long number = 0;
    for (ssize_t len = getline(&line, &cap, file); len >= 0; len = getline(&line, &cap, file)) {
        number++;
        if (strspn(line, " \t\r\n") < (size_t)len) {
            run_line(run, number, line, (size_t)len, each);
        }
    }
    bool ok = ferror(file) == 0;
    if (!ok) {
        perror(path);
    }
    free(line);
    (void)fclose(file);
    return ok;
}

static int show_usage(void)
{
    (void)fprintf(stderr, "usage: run SUITE PATH [--compose 2 or 5]\n");
    for (size_t i = 0; i < SUITE_COUNT; i++) {
        (void)fprintf(stderr, "  %-12s %s\n", suites[i]->name, suites[i]->what);
    }
    return 2;
}

int main(int argc, char **argv)
{
    struct conformance run = {false, 0, 0};
    const char *operands[2] = {NULL, NULL};
    size_t count = 0;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--compose") == 0 && i + 1 < argc) {
            i++;
            if (strcmp(argv[i], "2") != 0 && strcmp(argv[i], "5") != 0) {
                return show_usage();
            }
            run.compose_2 = argv[i][0] == '2';
        } else if (count < 2 && argv[i][0] != '-') {
            operands[count++] = argv[i];
        } else {
            return show_usage();
        }
    }
    const struct conformance_suite *suite = NULL;
    for (size_t i = 0; count == 2 && i < SUITE_COUNT; i++) {
        if (strcmp(operands[0], suites[i]->name) == 0) {
            suite = suites[i];
        }
    }
    struct bulla_error err = BULLA_ERROR_INIT;
    if (suite == NULL || !bulla_init(&err)) {
        return show_usage();
    }
    bool read = suite->run(&run, operands[1]);
    (void)printf("%lu passed, %lu failed\n", run.passed, run.failed);
    return read && run.failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
