/* ENV, ARG and LABEL: names and values. */
#include <string.h>

#include "dockerfile/internal.h"

#include "base/banned.h"

/* Adds the pair whose name is [START, EQUALS) and whose value [VALUE, END); VALUE 0: none. */
static bool add_pair(struct parser *p, enum bulla_docker_keyword keyword, size_t start,
                     size_t equals, size_t value, size_t end)
{
    struct bulla_docker_pair pair = {.keyword = keyword, .stage = p->stage};
    size_t len = 0;
    size_t references = 0;
    pair.name = docker_decode(p, start, equals, &len, &references);
    if (value > 0) {
        pair.value = docker_decode(p, value, end, &pair.value_len, &pair.references);
    }
    if (pair.name == NULL || (value > 0 && pair.value == NULL)) {
        return false;
    }
    /* Ascending: each place is counted from the one before. */
    pair.pos = docker_pos_of(p, start);
    if (value > 0 && value < end) {
        pair.value_pos = docker_pos_of(p, value);
    }
    pair.end = docker_end_of(p, end);
    if (value == end) {
        pair.value_pos = pair.end;
    }
    struct bulla_docker_pair *kept = docker_add_row(p, &p->pairs, sizeof *kept);
    if (kept == NULL) {
        return false;
    }
    *kept = pair;
    return true;
}

static size_t find_equals(const struct parser *p, struct word word)
{
    const uint8_t *text = p->line.data;
    const uint8_t *equals = memchr(text + word.start, '=', word.end - word.start);
    return equals != NULL ? (size_t)(equals - text) : word.end;
}

/* "ENV NAME the rest": the form without "=". */
static bool read_old_pair(struct parser *p, enum bulla_docker_keyword keyword, size_t start,
                          size_t end)
{
    struct word name;
    size_t at = start;
    if (!docker_next_plain_word(p, &at, end, &name)) {
        return docker_refuse(p, start, "%s wants a name and a value",
                             bulla_docker_keyword_name(keyword));
    }
    while (at < end && docker_is_blank(p->line.data[at])) {
        at++;
    }
    if (at == end) {
        return docker_refuse(p, start, "%s wants a name and a value",
                             bulla_docker_keyword_name(keyword));
    }
    return add_pair(p, keyword, name.start, name.end, at, end);
}

bool docker_read_pairs(struct parser *p, enum bulla_docker_keyword keyword, size_t start,
                       size_t end)
{
    struct word word;
    size_t at = start;
    bool is_arg = keyword == BULLA_DOCKER_ARG;
    if (!docker_next_word(p, &at, end, &word)) {
        return docker_refuse(p, 0, "%s wants a name%s", bulla_docker_keyword_name(keyword),
                             is_arg ? "" : " and a value");
    }
    if (!is_arg && find_equals(p, word) == word.end) {
        return read_old_pair(p, keyword, start, end);
    }
    do {
        size_t equals = find_equals(p, word);
        if (equals == word.end && !is_arg) {
            return docker_refuse(p, word.start, "a word of %s without '='",
                                 bulla_docker_keyword_name(keyword));
        }
        if (!add_pair(p, keyword, word.start, equals, equals < word.end ? equals + 1 : 0,
                      word.end)) {
            return false;
        }
    } while (docker_next_word(p, &at, end, &word));
    return true;
}
