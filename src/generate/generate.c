#include "bulla/generate.h"

#include <string.h>

#include "generate/generate_internal.h"

#include "base/banned.h"

size_t bulla_kind_count(void)
{
    return kind_row_count();
}

const struct bulla_kind_info *bulla_kind_info(size_t index)
{
    return index < kind_row_count() ? &kind_row(index)->info : NULL;
}

const struct bulla_kind_info *bulla_kind_find(struct bulla_bytes name)
{
    size_t len = 0;
    while (len < name.len && name.data[len] != ':' && name.data[len] != ',') {
        len++;
    }
    for (size_t i = 0; i < kind_row_count(); i++) {
        if (bulla_bytes_are(bulla_bytes_slice(name, 0, len), kind_row(i)->info.name)) {
            return &kind_row(i)->info;
        }
    }
    return NULL;
}

bool bulla_kind_generate(const struct bulla_kind *kind, struct bulla_buf *out,
                         struct bulla_error *err)
{
    size_t start = out->len;
    if (!bulla_buf_ok(out, err)) {
        return false;
    }
    bulla_buf_puts(out, kind->prefix);
    if (kind_row_of(kind)->generate(kind, out, err) && bulla_buf_ok(out, err)) {
        return true;
    }
    bulla_buf_truncate(out, start);
    out->failed = BULLA_OK;
    return false;
}

double bulla_kind_entropy(const struct bulla_kind *kind)
{
    return kind_row_of(kind)->entropy(kind);
}

bool bulla_kind_is_weak(const struct bulla_kind *kind)
{
    return bulla_kind_entropy(kind) < kind_row_of(kind)->info.floor_bits;
}

size_t bulla_kind_length(const struct bulla_kind *kind)
{
    size_t len = kind_row_of(kind)->length(kind);
    return len == 0 ? 0 : len + strlen(kind->prefix);
}

bool bulla_kind_check(const struct bulla_kind *kind, struct bulla_bytes value,
                      struct bulla_buf *reason)
{
    size_t prefix_len = strlen(kind->prefix);
    if (!bulla_bytes_start(value, kind->prefix)) {
        bulla_buf_printf(reason, "does not begin with '%s'", kind->prefix);
        return false;
    }
    return kind_row_of(kind)->check(kind, bulla_bytes_slice(value, prefix_len, value.len), reason);
}
