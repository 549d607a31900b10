#include "check/counted.h"

#include <stdio.h>

#include "base/banned.h"

#define SHOWN 3

void counted_add(struct counted *counted, const char *name)
{
    if (counted->count < SHOWN && counted->len < sizeof counted->names) {
        int len = snprintf(counted->names + counted->len, sizeof counted->names - counted->len,
                           "%s%s", counted->count > 0 ? ", " : "", name);
        counted->len += len > 0 ? (size_t)len : 0;
    }
    counted->count++;
}

const char *counted_rest(const struct counted *counted, char out[static COUNTED_REST])
{
    out[0] = '\0';
    if (counted->count > SHOWN) {
        (void)snprintf(out, COUNTED_REST, " and %zu more", counted->count - SHOWN);
    }
    return out;
}
