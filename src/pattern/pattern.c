#include "pattern/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/utf8.h"
#include "bulla/mem.h"

#include "base/banned.h"

#define MAX_GROUP_DEPTH 64

struct pattern {
    pcre2_general_context *memory;
    pcre2_match_context *limits;
    pcre2_code *code;
};

static void *allocate(size_t size, void *unused)
{
    (void)unused;
    struct bulla_error ignored = BULLA_ERROR_INIT;
    return bulla_alloc(1, size, &ignored);
}

static void release(void *memory, void *unused)
{
    (void)unused;
    bulla_free(memory);
}

void pattern_free(struct pattern *pattern)
{
    if (pattern == NULL) {
        return;
    }
    pcre2_code_free(pattern->code);
    pcre2_match_context_free(pattern->limits);
    pcre2_general_context_free(pattern->memory);
    bulla_free(pattern);
}

static void set_limits(pcre2_match_context *limits)
{
    (void)pcre2_set_match_limit(limits, PATTERN_MAX_MATCHES);
    (void)pcre2_set_depth_limit(limits, PATTERN_MAX_DEPTH);
    (void)pcre2_set_heap_limit(limits, PATTERN_MAX_HEAP_KIB);
}

/* Whether PCRE2's error NUMBER is ours to blame on memory and not on the pattern. */
static bool is_out_of_memory(int number)
{
    return number == PCRE2_ERROR_HEAP_FAILED || number == PCRE2_ERROR_NOMEMORY;
}

static bool compile(struct pattern *pattern, struct bulla_bytes text, size_t *ret_offset,
                    struct bulla_error *err)
{
    pcre2_compile_context *context = pcre2_compile_context_create(pattern->memory);
    if (context == NULL) {
        return bulla_error_nomem(err);
    }
    (void)pcre2_set_parens_nest_limit(context, MAX_GROUP_DEPTH);
    /*
     * ANCHORED and ENDANCHORED are "the whole value" for every alternative, unlike '^…$' around
     * it. Not PCRE2_MATCH_INVALID_UTF: it takes a bad byte for the end (10.42), so that a value
     * could match in part.
     */
    const uint32_t options = PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_DOLLAR_ENDONLY | PCRE2_UTF |
                             PCRE2_NEVER_BACKSLASH_C;
    int number = 0;
    PCRE2_SIZE offset = 0;
    pattern->code = pcre2_compile(text.len > 0 ? text.data : (const uint8_t *)"", text.len, options,
                                  &number, &offset, context);
    pcre2_compile_context_free(context);
    if (pattern->code != NULL) {
        return true;
    }
    /* 121 is "failed to allocate heap memory" of the compiler; newer headers give it a name. */
    if (is_out_of_memory(number) || number == 121) {
        return bulla_error_nomem(err);
    }
    uint8_t why[160] = "";
    (void)pcre2_get_error_message(number, why, sizeof why);
    *ret_offset = offset < text.len ? offset : text.len;
    return bulla_error(err, BULLA_E_INVALID, "not a pattern: %s", (const char *)why);
}

struct pattern *pattern_compile(struct bulla_bytes text, size_t *ret_offset,
                                struct bulla_error *err)
{
    if (text.len > PATTERN_MAX_BYTES) {
        *ret_offset = PATTERN_MAX_BYTES;
        (void)bulla_error(err, BULLA_E_LIMIT, "a pattern has at most %d bytes", PATTERN_MAX_BYTES);
        return NULL;
    }
    auto_pattern pattern = bulla_alloc(1, sizeof *pattern, err);
    if (pattern == NULL) {
        return NULL;
    }
    pattern->memory = pcre2_general_context_create(allocate, release, NULL);
    pattern->limits = pattern->memory == NULL ? NULL : pcre2_match_context_create(pattern->memory);
    if (pattern->limits == NULL) {
        (void)bulla_error_nomem(err);
        return NULL;
    }
    set_limits(pattern->limits);
    if (!compile(pattern, text, ret_offset, err)) {
        return NULL;
    }
    return BULLA_STEAL(pattern);
}

bool pattern_match(const struct pattern *pattern, struct bulla_bytes subject, bool *ret_matches,
                   struct bulla_error *err)
{
    if (!utf8_is_valid(subject, NULL)) {
        *ret_matches = false;
        return true;
    }
    /* One pair of offsets is enough; without PCRE2_COPY_MATCHED_SUBJECT no byte of it is kept. */
    pcre2_match_data *data = pcre2_match_data_create(1, pattern->memory);
    if (data == NULL) {
        return bulla_error_nomem(err);
    }
    const uint8_t *start = subject.len > 0 ? subject.data : (const uint8_t *)"";
    int count = pcre2_match(pattern->code, start, subject.len, 0, PCRE2_NO_UTF_CHECK, data,
                            pattern->limits);
    pcre2_match_data_free(data);
    if (count >= 0) {
        *ret_matches = true;
        return true;
    }
    switch (count) {
    case PCRE2_ERROR_NOMATCH:
        *ret_matches = false;
        return true;
    case PCRE2_ERROR_MATCHLIMIT:
    case PCRE2_ERROR_DEPTHLIMIT:
    case PCRE2_ERROR_HEAPLIMIT:
        (void)bulla_error(err, BULLA_E_LIMIT, "the pattern takes too long to match");
        return bulla_error_hint(err, "write it without repetitions inside repetitions");
    case PCRE2_ERROR_RECURSELOOP:
        (void)bulla_error(err, BULLA_E_LIMIT, "the pattern calls itself without end");
        return bulla_error_hint(err, "a call like (?R) needs a character before it");
    default:
        break;
    }
    if (is_out_of_memory(count)) {
        return bulla_error_nomem(err);
    }
    return bulla_error(err, BULLA_E_BUG, "matching a pattern failed (%d)", count);
}
