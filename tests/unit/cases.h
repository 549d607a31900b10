/*
 * Reads the files of tests/data: cases of three lines with a blank line between, "#" comments. In
 * them ␤ stands for LF, ␍ for CR and ␀ for NUL.
 */
#ifndef BULLA_TESTS_CASES_H
#define BULLA_TESTS_CASES_H

#include <stdio.h>
#include <string.h>

#include "bulla/interpolate.h"

#include "unit.h"

#define CASE_BYTES 1024

struct unit_case {
    unsigned line; /* of its first line in the file */
    struct bulla_bytes lines[3];
    char storage[3][CASE_BYTES];
};

/* Copies TEXT up to its LF into OUT with the symbols replaced; returns the length. */
static inline size_t case_decode(const char *text, char out[static CASE_BYTES])
{
    static const char *const symbols[] = {"\xE2\x90\xA4", "\xE2\x90\x8D", "\xE2\x90\x80"};
    static const char meanings[] = {'\n', '\r', '\0'};
    size_t len = 0;
    while (*text != '\0' && *text != '\n') {
        size_t symbol = 0;
        while (symbol < 3 && strncmp(text, symbols[symbol], 3) != 0) {
            symbol++;
        }
        ck_assert_uint_lt(len, CASE_BYTES);
        out[len++] = symbol < 3 ? meanings[symbol] : *text;
        text += symbol < 3 ? 3 : 1;
    }
    return len;
}

/* Calls RUN for each case of tests/data/NAME; there has to be one. */
static inline void case_each(const char *name, void (*run)(const struct unit_case *))
{
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/%s", BULLA_TEST_DATA, name);
    FILE *file = fopen(path, "r");
    ck_assert_msg(file != NULL, "cannot open %s", path);
    struct unit_case item;
    char line[CASE_BYTES * 2];
    unsigned number = 0;
    unsigned count = 0;
    size_t have = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        number++;
        if (have == 0 && (line[0] == '#' || line[0] == '\n')) {
            continue;
        }
        item.line = have == 0 ? number : item.line;
        item.lines[have] = bulla_bytes(item.storage[have], case_decode(line, item.storage[have]));
        if (++have == 3) {
            run(&item);
            have = 0;
            count++;
        }
    }
    (void)fclose(file);
    ck_assert_msg(have == 0 && count > 0, "%s: an unfinished case, or none", path);
}

/* Takes PREFIX from the front of VIEW where it stands there. */
static inline bool case_take(struct bulla_bytes *view, const char *prefix)
{
    if (!bulla_bytes_start(*view, prefix)) {
        return false;
    }
    *view = bulla_bytes_slice(*view, strlen(prefix), view->len);
    return true;
}

/* Takes what stands before SEPARATOR (or all of VIEW) from the front of VIEW. */
static inline struct bulla_bytes case_cut(struct bulla_bytes *view, const char *separator)
{
    const uint8_t *at =
        view->len > 0 ? memmem(view->data, view->len, separator, strlen(separator)) : NULL;
    size_t len = at != NULL ? (size_t)(at - view->data) : view->len;
    struct bulla_bytes before = bulla_bytes(view->data, len);
    *view = bulla_bytes_slice(*view, at != NULL ? len + strlen(separator) : len, view->len);
    return before;
}

/* Takes "[N M] " and returns "N M"; empty where there is none. */
static inline struct bulla_bytes case_take_warnings(struct bulla_bytes *view)
{
    return case_take(view, "[") ? case_cut(view, "] ") : bulla_bytes(NULL, 0);
}

/* Finds NAME in a line of "NAME=VALUE NAME=VALUE". */
static inline enum bulla_lookup_state case_look_up(void *ctx, struct bulla_bytes name,
                                                   struct bulla_bytes *ret_value)
{
    struct bulla_bytes rest = *(struct bulla_bytes *)ctx;
    while (rest.len > 0 && !bulla_bytes_are(rest, "-")) {
        struct bulla_bytes value = case_cut(&rest, " ");
        if (bulla_bytes_equal(case_cut(&value, "="), name)) {
            *ret_value = value;
            return value.len > 0 ? BULLA_LOOKUP_SET : BULLA_LOOKUP_EMPTY;
        }
    }
    return BULLA_LOOKUP_UNSET;
}

/* Adds NAME to a list that case_take_warnings gives. */
static inline void case_add_warning(struct bulla_buf *warnings, struct bulla_bytes name)
{
    if (warnings->len > 0) {
        bulla_buf_putc(warnings, ' ');
    }
    bulla_buf_add_bytes(warnings, name);
}

static inline void case_assert_equal(const struct unit_case *item, const char *what,
                                     struct bulla_bytes got, struct bulla_bytes want)
{
    ck_assert_msg(bulla_bytes_equal(got, want), "line %u: %s is '%.*s', not '%.*s'", item->line,
                  what, (int)got.len, got.len > 0 ? (const char *)got.data : "", (int)want.len,
                  want.len > 0 ? (const char *)want.data : "");
}

#endif
