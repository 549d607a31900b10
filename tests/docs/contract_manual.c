/*
 * docs/contract.5.md: each ```ini block is a contract that parses and whose values can be resolved,
 * and every key has its name in the text. Usage: contract_manual FILE
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bulla/file.h"
#include "bulla/limits.h"
#include "bulla/values.h"
#include "contract/keys.h"

static int failures;

static void fail(size_t number, const struct bulla_error *err)
{
    failures++;
    (void)printf("FAIL example %zu, line %u: %s\n", number, err->pos.line, err->message);
}

static void check_example(size_t number, struct bulla_bytes text)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_contract contract = bulla_contract_parse(text, "example", &err);
    if (contract == NULL) {
        fail(number, &err);
        return;
    }
    for (size_t i = 0; i < bulla_contract_environment_count(contract); i++) {
        const char *name = bulla_contract_environment(contract, i)->name;
        bulla_auto_values values = bulla_values_resolve(contract, name, NULL, &err);
        if (values == NULL) {
            fail(number, &err);
        }
    }
}

/* Copies the lines up to the closing fence without INDENT blanks and returns what is behind it. */
static const char *take_example(const char *line, size_t indent, struct bulla_buf *out)
{
    bulla_buf_clear(out);
    while (*line != '\0') {
        size_t blanks = strspn(line, " ");
        const char *end = strchr(line, '\n');
        size_t len = end == NULL ? strlen(line) : (size_t)(end - line) + 1;
        if (strncmp(line + blanks, "```", 3) == 0) {
            return line + len;
        }
        size_t skip = blanks < indent ? blanks : indent;
        bulla_buf_add(out, line + skip, len - skip);
        line += len;
    }
    return line;
}

static size_t check_examples(const char *text)
{
    static const char fence[] = "```ini\n";
    bulla_auto_buf example = {0};
    bulla_buf_init(&example, BULLA_MAX_CONTRACT_BYTES);
    size_t count = 0;
    for (const char *at = strstr(text, fence); at != NULL; at = strstr(at, fence)) {
        size_t indent = 0;
        while (at - indent > text && at[-1 - (ptrdiff_t)indent] == ' ') {
            indent++;
        }
        at = take_example(at + strlen(fence), indent, &example);
        check_example(++count, bulla_buf_view(&example));
    }
    return count;
}

static size_t check_keys(const char *text)
{
    size_t count = 0;
    for (const char *word = keys_word(0); word != NULL; word = keys_word(++count)) {
        char quoted[INI_MAX_KEY_BYTES + 3];
        (void)snprintf(quoted, sizeof quoted, "`%s`", word);
        if (strstr(text, quoted) == NULL) {
            failures++;
            (void)printf("FAIL the key %s is not described\n", quoted);
        }
    }
    return count;
}

int main(int argc, char **argv)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf text = {0};
    bulla_buf_init(&text, BULLA_MAX_TEXT_BYTES);
    if (argc != 2 || !bulla_init(&err) ||
        !bulla_file_read(argv[1], BULLA_MAX_TEXT_BYTES, &text, &err)) {
        (void)printf("FAIL %s\n", err.message);
        return EXIT_FAILURE;
    }
    const char *manual = bulla_buf_text(&text, &err);
    size_t examples = manual == NULL ? 0 : check_examples(manual);
    size_t keys = manual == NULL ? 0 : check_keys(manual);
    (void)printf("%zu examples, %zu keys, %d failures\n", examples, keys, failures);
    return failures == 0 && examples > 0 && keys > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
