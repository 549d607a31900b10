#include "comments.h"

#include <stdlib.h>
#include <string.h>

#include "bulla/mem.h"
#include "message.h"

/* The line of TEXT at *AT without blanks before it and its line end; *AT is the next one's. */
static struct bulla_bytes next_line(struct bulla_bytes text, size_t *at)
{
    struct bulla_bytes rest = bulla_bytes_slice(text, *at, text.len);
    const uint8_t *lf = memchr(rest.data, '\n', rest.len);
    size_t len = lf != NULL ? (size_t)(lf - rest.data) : rest.len;
    size_t start = 0;
    *at += len + 1;
    len -= len > 0 && rest.data[len - 1] == '\r' ? 1 : 0;
    while (start < len && (rest.data[start] == ' ' || rest.data[start] == '\t')) {
        start++;
    }
    return bulla_bytes_slice(rest, start, len - start);
}

/* What stands around values that were rendered: it comes and goes with them. */
static bool is_ours(struct bulla_bytes line)
{
    static const char unset[] = " is not set";
    size_t len = strlen(unset);
    struct bulla_bytes end = bulla_bytes_slice(line, line.len > len ? line.len - len : 0, line.len);
    return bulla_bytes_are(line, "# Not in the template:") ||
           bulla_bytes_are(line, "# Kept from the file that was here:") ||
           bulla_bytes_are(end, unset);
}

static bool is_comment(struct bulla_bytes line)
{
    return line.len > 1 && line.data[0] == '#' && !is_ours(line);
}

static int compare_lines(const void *a, const void *b)
{
    const struct bulla_bytes *one = a;
    const struct bulla_bytes *other = b;
    int order = memcmp(one->data, other->data, one->len < other->len ? one->len : other->len);
    return order != 0 ? order : (one->len > other->len) - (one->len < other->len);
}

/* The comments of a text, sorted: a file may well be nothing else. */
struct comments {
    struct bulla_bytes *lines;
    size_t count;
};

static bool collect(struct bulla_bytes text, struct comments *ret, struct bulla_error *err)
{
    size_t most = 1;
    for (size_t i = 0; i < text.len; i++) {
        most += text.data[i] == '#';
    }
    struct comments comments = {.lines = bulla_alloc(most, sizeof *comments.lines, err)};
    if (comments.lines == NULL) {
        return false;
    }
    for (size_t at = 0; at < text.len;) {
        struct bulla_bytes line = next_line(text, &at);
        if (is_comment(line)) {
            comments.lines[comments.count++] = line;
        }
    }
    qsort(comments.lines, comments.count, sizeof *comments.lines, compare_lines);
    *ret = comments;
    return true;
}

bool comments_say_gone(const struct invocation *in, const char *path, struct bulla_bytes was,
                       struct bulla_bytes now, struct bulla_error *err)
{
    struct comments kept = {0};
    size_t count = 0;
    if (!collect(now, &kept, err)) {
        return false;
    }
    for (size_t at = 0; at < was.len;) {
        struct bulla_bytes line = next_line(was, &at);
        count += is_comment(line) &&
                 bsearch(&line, kept.lines, kept.count, sizeof *kept.lines, compare_lines) == NULL;
    }
    bulla_free(kept.lines);
    if (count > 0) {
        message_warn(in, "gone from %s, as the template has others: %zu comment%s", path, count,
                     count == 1 ? "" : "s");
    }
    return true;
}
