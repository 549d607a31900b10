/* What a sample's comments say of a name, also where the name itself stands in one. */
#include <string.h>

#include "bulla/limits.h"
#include "infer/survey_internal.h"

#include "base/banned.h"

#define COMMENT_LINES 6
#define COMMENT_MAX 600
#define NAME_BYTES "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"

/* The start of the line before the one that starts at START. */
static size_t line_before(const char *text, size_t start)
{
    size_t at = start - 1;
    while (at > 0 && text[at - 1] != '\n') {
        at--;
    }
    return at;
}

static bool is_rule(const char *line, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (strchr("#=-*_ \t\r", line[i]) == NULL) {
            return false;
        }
    }
    return true;
}

/* Appends the comment line at [START, END) without its mark; rules of signs are dropped. */
static void add_comment(struct bulla_buf *out, const char *text, size_t start, size_t end)
{
    while (start < end && (text[start] == '#' || text[start] == ' ' || text[start] == '\t')) {
        start++;
    }
    while (end > start && (text[end - 1] == '\r' || text[end - 1] == ' ')) {
        end--;
    }
    if (start < end && !is_rule(text + start, end - start)) {
        if (bulla_buf_view(out).len > 0) {
            bulla_buf_putc(out, ' ');
        }
        bulla_buf_add(out, text + start, end - start);
    }
}

/*
 * True where LINE, which begins with "#", has "NAME=" behind that: what stands above it is no more
 * about the lines below it.
 */
static bool is_commented_entry(const char *line)
{
    line += strspn(line, "# \t");
    size_t len = strspn(line, NAME_BYTES);
    return len > 2 && line[len] == '=';
}

/*
 * The comment of the statement from START to ENTRY_END: the lines right above it, and what follows
 * on its own line.
 */
static const char *comment_of(struct bulla_survey *survey, const struct sample *sample,
                              size_t start, size_t entry_end, struct bulla_error *err)
{
    const char *text = sample->text;
    size_t first = start;
    while (first > 0 && text[first - 1] != '\n') {
        first--;
    }
    size_t top = first;
    for (size_t i = 0; i < COMMENT_LINES && top > 0; i++) {
        size_t before = line_before(text, top);
        if (text[before] != '#' || is_commented_entry(text + before)) {
            break;
        }
        top = before;
    }
    bulla_auto_buf out;
    bulla_buf_init(&out, BULLA_MAX_TEXT_BYTES);
    while (top < first) {
        size_t end = top;
        while (text[end] != '\n') {
            end++;
        }
        add_comment(&out, text, top, end);
        top = end + 1;
    }
    size_t end = entry_end;
    while (end < sample->text_len && text[end] != '\n') {
        end++;
    }
    const char *hash = memchr(text + entry_end, '#', end - entry_end);
    if (hash != NULL) {
        add_comment(&out, text, (size_t)(hash - text), end);
    }
    if (bulla_buf_view(&out).len > COMMENT_MAX) {
        bulla_buf_truncate(&out, COMMENT_MAX);
    }
    const char *comment = bulla_buf_text(&out, err);
    return comment != NULL ? pool_strdup(survey->pool, comment, err) : NULL;
}

/* Where the line "# NAME=" begins, or SIZE_MAX; *RET_END is where it ends. */
static size_t find_commented(const struct sample *sample, const char *name, size_t *ret_end)
{
    size_t len = strlen(name);
    for (size_t at = 0; at < sample->text_len;) {
        const char *line = sample->text + at;
        const char *lf = memchr(line, '\n', sample->text_len - at);
        size_t line_len = lf != NULL ? (size_t)(lf - line) : sample->text_len - at;
        const char *word = line + strspn(line, "# \t");
        if (line[0] == '#' && strncmp(word, name, len) == 0 && word[len] == '=') {
            *ret_end = at + line_len;
            return at;
        }
        at += line_len + 1;
    }
    return SIZE_MAX;
}

bool survey_read_comment(struct bulla_survey *survey, const char *name, const char **ret_comment,
                         bool *ret_commented, struct bulla_error *err)
{
    *ret_comment = NULL;
    *ret_commented = false;
    for (size_t i = 0; i < survey->sample_count; i++) {
        const struct sample *sample = &survey->samples[i];
        const struct bulla_dotenv_entry *entry = survey_last_entry(sample, name);
        if (entry != NULL) {
            *ret_commented = false;
            *ret_comment = comment_of(survey, sample, entry->start, entry->end, err);
            return *ret_comment != NULL;
        }
        size_t end = 0;
        size_t start = find_commented(sample, name, &end);
        if (start != SIZE_MAX && *ret_comment == NULL) {
            *ret_commented = true;
            *ret_comment = comment_of(survey, sample, start, end, err);
            if (*ret_comment == NULL) {
                return false;
            }
        }
    }
    return true;
}
