/* Where a value stands in its model. */
#include <string.h>

#include "model/value.h"

#include "base/banned.h"

bool path_matches(const struct path *p, struct key_pattern pattern)
{
    for (size_t end = pattern.len; p != NULL; p = p->up) {
        size_t start = end;
        while (start > 0 && pattern.text[start - 1] != '.') {
            start--;
        }
        bool any = end - start == 1 && pattern.text[start] == '*';
        if (!any && !bulla_bytes_equal(p->key, bulla_bytes(pattern.text + start, end - start))) {
            return false;
        }
        if (start == 0) {
            return p->up == NULL;
        }
        end = start - 1;
    }
    return false;
}

struct bulla_bytes path_show(struct store *store, const struct path *p)
{
    if (p == NULL) {
        return bulla_bytes("", 0);
    }
    size_t len = 0;
    for (const struct path *q = p; q != NULL; q = q->up) {
        len += q->key.len + (q->up != NULL ? 1 : 0);
    }
    char *text = store_alloc(store, len + 1);
    if (text == NULL) {
        return bulla_bytes("", 0);
    }
    size_t at = len;
    for (const struct path *q = p; q != NULL; q = q->up) {
        at -= q->key.len;
        if (q->key.len > 0) {
            memcpy(text + at, q->key.data, q->key.len);
        }
        if (q->up != NULL) {
            text[--at] = '.';
        }
    }
    return bulla_bytes(text, len);
}
