#include "when.h"

#include <stdio.h>
#include <time.h>

const char *when_iso(int64_t at, char out[static WHEN_BYTES])
{
    time_t seconds = (time_t)at;
    struct tm parts;
    if (gmtime_r(&seconds, &parts) == NULL ||
        strftime(out, WHEN_BYTES, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0) {
        (void)snprintf(out, WHEN_BYTES, "?");
    }
    return out;
}

const char *when_minute(int64_t at, char out[static WHEN_BYTES])
{
    time_t seconds = (time_t)at;
    struct tm parts;
    if (gmtime_r(&seconds, &parts) == NULL ||
        strftime(out, WHEN_BYTES, "%Y-%m-%d %H:%M UTC", &parts) == 0) {
        (void)snprintf(out, WHEN_BYTES, "?");
    }
    return out;
}

const char *when_span(int64_t seconds, char out[static WHEN_BYTES])
{
    static const struct {
        int64_t seconds;
        const char *name;
    } units[] = {{86400, "day"}, {3600, "hour"}, {60, "minute"}, {1, "second"}};
    size_t unit = 0;
    while (unit + 1 < sizeof units / sizeof units[0] && seconds < 2 * units[unit].seconds) {
        unit++;
    }
    long long count = (long long)(seconds / units[unit].seconds);
    (void)snprintf(out, WHEN_BYTES, "%lld %s%s", count, units[unit].name, count == 1 ? "" : "s");
    return out;
}
