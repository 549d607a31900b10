#include "bulla/bytes.h"

#include <string.h>

#include "base/banned.h"

struct bulla_bytes bulla_bytes_of(const char *text)
{
    return bulla_bytes(text, strlen(text));
}

struct bulla_bytes bulla_bytes_slice(struct bulla_bytes view, size_t start, size_t len)
{
    if (start >= view.len) {
        return bulla_bytes(NULL, 0);
    }
    size_t left = view.len - start;
    return bulla_bytes(view.data + start, len < left ? len : left);
}

bool bulla_bytes_equal(struct bulla_bytes a, struct bulla_bytes b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

bool bulla_bytes_are(struct bulla_bytes view, const char *text)
{
    return bulla_bytes_equal(view, bulla_bytes_of(text));
}

bool bulla_bytes_start(struct bulla_bytes view, const char *prefix)
{
    size_t len = strlen(prefix);
    return view.len >= len && (len == 0 || memcmp(view.data, prefix, len) == 0);
}
