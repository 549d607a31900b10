/* Memory for values, and the way out of a step when there is none. */
#include <stdio.h>
#include <stdlib.h>

#include "model/value.h"

#include "base/banned.h"

void *store_alloc(struct store *store, size_t size)
{
    void *memory = store->stopped ? NULL : pool_alloc(store->pool, size, store->err);
    store->stopped = store->stopped || memory == NULL;
    return memory;
}

struct bulla_bytes store_copy(struct store *store, struct bulla_bytes text)
{
    char *copy = store->stopped ? NULL : pool_strndup(store->pool, text.data, text.len, store->err);
    store->stopped = store->stopped || copy == NULL;
    return copy != NULL ? bulla_bytes(copy, text.len) : bulla_bytes("", 0);
}

char *store_string(struct store *store, struct bulla_bytes text)
{
    char *copy = store->stopped ? NULL : pool_strndup(store->pool, text.data, text.len, store->err);
    store->stopped = store->stopped || copy == NULL;
    return copy != NULL ? copy : store->nothing;
}

const char *stored(struct bulla_bytes text)
{
    return (const char *)text.data;
}

struct bulla_bytes store_vprintf(struct store *store, const char *fmt, va_list args)
{
    char *text = NULL;
    int len = vasprintf(&text, fmt, args);
    if (len < 0) {
        store->stopped = true;
        (void)bulla_error_nomem(store->err);
        return bulla_bytes("", 0);
    }
    struct bulla_bytes copy = store_copy(store, bulla_bytes(text, (size_t)len));
    free(text);
    return copy;
}

struct bulla_bytes store_printf(struct store *store, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    struct bulla_bytes text = store_vprintf(store, fmt, args);
    va_end(args);
    return text;
}
