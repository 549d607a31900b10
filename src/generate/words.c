#include "generate/words.h"

#include <math.h>
#include <string.h>

#include "crypto/prim.h"
#include "generate/generate_internal.h"

#include "base/banned.h"

/*
 * A word that contains the separator ("yo-yo") is left out: the phrase could be read in two ways,
 * and would be worth less than its entropy says.
 */
static bool is_usable(const struct bulla_kind *kind, size_t index)
{
    return strchr(words_list[index], kind->separator) == NULL;
}

bool words_generate(const struct bulla_kind *kind, struct bulla_buf *out, struct bulla_error *err)
{
    (void)err;
    for (uint32_t i = 0; i < kind->size; i++) {
        uint32_t index = 0;
        do {
            index = prim_random_below(WORDS_COUNT);
        } while (!is_usable(kind, index));
        if (i > 0) {
            bulla_buf_putc(out, kind->separator);
        }
        bulla_buf_puts(out, words_list[index]);
    }
    return true;
}

double words_entropy(const struct bulla_kind *kind)
{
    unsigned usable = 0;
    for (size_t i = 0; i < WORDS_COUNT; i++) {
        usable += is_usable(kind, i) ? 1 : 0;
    }
    return kind->size * log2(usable);
}

size_t words_length(const struct bulla_kind *kind)
{
    (void)kind;
    return 0;
}

static bool is_word(const struct bulla_kind *kind, struct bulla_bytes text)
{
    char word[WORDS_CELL_BYTES] = {0};
    if (text.len == 0 || text.len >= sizeof word) {
        return false;
    }
    memcpy(word, text.data, text.len);
    size_t low = 0;
    size_t high = WORDS_COUNT;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strncmp(word, words_list[middle], sizeof word);
        if (order == 0) {
            return is_usable(kind, middle);
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return false;
}

bool words_check(const struct bulla_kind *kind, struct bulla_bytes value, struct bulla_buf *reason)
{
    size_t count = 0;
    size_t start = 0;
    for (size_t i = 0; i <= value.len; i++) {
        if (i < value.len && value.data[i] != (uint8_t)kind->separator) {
            continue;
        }
        if (!is_word(kind, bulla_bytes_slice(value, start, i - start))) {
            bulla_buf_printf(reason, "has a part that is not a word of the list, with '%c' between",
                             kind->separator);
            return false;
        }
        start = i + 1;
        count++;
    }
    if (count < kind->size) {
        bulla_buf_printf(reason, "has %zu words, at least %u are needed", count, kind->size);
        return false;
    }
    return true;
}
