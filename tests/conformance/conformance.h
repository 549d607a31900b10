/*
 * Runs published cases against the library: one suite a file, and a row for each in conformance.c.
 * The cases themselves stay outside the project.
 */
#ifndef BULLA_TESTS_CONFORMANCE_H
#define BULLA_TESTS_CONFORMANCE_H

#include <jansson.h>
#include <stdbool.h>

#include "bulla/buf.h"
#include "bulla/interpolate.h"

struct conformance {
    bool compose_2; /* --compose 2: cases as docker compose 2.40.3 has them */
    unsigned long passed;
    unsigned long failed;
};

struct conformance_suite {
    const char *name;
    const char *what; /* what PATH is */
    /* Runs every case of PATH; false where PATH cannot be read. */
    bool (*run)(struct conformance *run, const char *path);
};

extern const struct conformance_suite suite_dotenv;
extern const struct conformance_suite suite_env_writing;
extern const struct conformance_suite suite_interpolate;
extern const struct conformance_suite suite_scenarios;

/* Counts a case; what has failed is told on standard output. */
void conformance_pass(struct conformance *run);
void conformance_fail(struct conformance *run, const char *id, const char *fmt, ...)
    BULLA_PRINTF(3, 4);

/* Calls EACH for every line of PATH, a JSON object; ID is its "id" or what stands for one. */
bool conformance_json_lines(struct conformance *run, const char *path,
                            void (*each)(struct conformance *run, const char *id,
                                         const json_t *item));

/* The bytes of a JSON string, NULs included; empty for anything else. Borrowed from VALUE. */
struct bulla_bytes conformance_bytes(const json_t *value);

/* A lookup for library calls: CTX is a JSON object of names and values. */
enum bulla_lookup_state conformance_look_up(void *ctx, struct bulla_bytes name,
                                            struct bulla_bytes *ret_value);

/* Warnings in the order they came: a buffer in which each name has an LF behind. */
void conformance_add_warning(struct bulla_buf *warnings, struct bulla_bytes name);

/*
 * True where WARNINGS are exactly the names in EXPECTED (NULL: none). The cases list what Compose 5
 * says; Compose 2 evaluates unused operands too, so with --compose 2 there may be more between.
 */
bool conformance_warnings_are(const struct conformance *run, const struct bulla_buf *warnings,
                              const json_t *expected);

#endif
