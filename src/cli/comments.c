#include "comments.h"

#include <string.h>

#include "bulla/secret.h"

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

/* LINE is one of TEXT's from *AT on, which then is behind it, or before. */
static bool find_line(struct bulla_bytes text, struct bulla_bytes line, size_t *at)
{
    for (size_t from = *at, pass = 0; pass < 2; pass++, from = 0) {
        while (from < text.len) {
            if (bulla_secret_bytes_equal(next_line(text, &from), line)) {
                *at = from;
                return true;
            }
        }
    }
    return false;
}

size_t comments_count_gone(struct bulla_bytes was, struct bulla_bytes now)
{
    size_t count = 0;
    size_t behind = 0;
    for (size_t at = 0; at < was.len;) {
        struct bulla_bytes line = next_line(was, &at);
        bool is_comment = line.len > 1 && line.data[0] == '#' && !is_ours(line);
        count += is_comment && !find_line(now, line, &behind);
    }
    return count;
}
