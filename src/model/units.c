/* Sizes ("64m") and durations ("1m30s") as Compose reads and shows them. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "model/internal.h"

#include "base/banned.h"

enum size_problem parse_bytes(struct model *m, struct bulla_bytes text, int64_t *ret_bytes,
                              struct bulla_bytes *ret_quoted)
{
    static const char units[] = "kmgtp";
    *ret_quoted = text;
    /* "-1" is a number since Compose 5 only. */
    if (parse_int(text, ret_bytes) == NULL && (*ret_bytes >= 0 || !m->compose_2)) {
        return SIZE_OK;
    }
    size_t end = text.len;
    while (end > 0 && memchr("0123456789. ", text.data[end - 1], 12) == NULL) {
        end--;
    }
    struct bulla_bytes suffix = bulla_bytes_slice(text, end, text.len);
    size_t digits = end > 0 && text.data[end - 1] == ' ' ? end - 1 : end;
    double size = 0;
    if (end == 0) {
        return SIZE_INVALID;
    }
    if (parse_float(bulla_bytes(text.data, digits), &size) != NULL) {
        *ret_quoted = bulla_bytes(text.data, digits);
        return SIZE_NUMBER;
    }
    if (size < 0) {
        return SIZE_INVALID;
    }
    *ret_quoted = suffix;
    if (suffix.len > 3) {
        return SIZE_SUFFIX;
    }
    char *lower = store_string(&m->store, suffix);
    for (size_t i = 0; i < suffix.len; i++) {
        lower[i] = (char)(lower[i] >= 'A' && lower[i] <= 'Z' ? lower[i] - 'A' + 'a' : lower[i]);
    }
    *ret_quoted = bulla_bytes(lower, suffix.len);
    if (suffix.len > 0 && lower[0] != 'b') {
        const char *unit = lower[0] != '\0' ? strchr(units, lower[0]) : NULL;
        if (unit == NULL || (suffix.len == 2 && lower[1] != 'b') ||
            (suffix.len == 3 && strcmp(lower + 1, "ib") != 0)) {
            return SIZE_SUFFIX;
        }
        size *= pow(1024, (double)(unit - units + 1));
    } else if (suffix.len > 1) {
        return SIZE_SUFFIX;
    }
    *ret_bytes = size >= 9.2e18 ? INT64_MIN : (int64_t)size;
    return SIZE_OK;
}

/* The unit at the start of TEXT in nanoseconds, 0 where there is none. */
static double find_unit(struct bulla_bytes text, size_t *ret_len)
{
    static const struct {
        const char *name;
        double nanoseconds;
    } units[] = {{"ns", 1},  {"us", 1e3}, {"\xc2\xb5s", 1e3}, {"\xce\xbcs", 1e3}, {"ms", 1e6},
                 {"s", 1e9}, {"m", 60e9}, {"h", 3600e9},      {"d", 86400e9},     {"w", 604800e9}};
    size_t len = 0;
    while (len < text.len && text.data[len] != '.' &&
           (text.data[len] < '0' || text.data[len] > '9')) {
        len++;
    }
    *ret_len = len;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (bulla_bytes_are(bulla_bytes(text.data, len), units[i].name)) {
            return units[i].nanoseconds;
        }
    }
    return 0;
}

/* NULL, or what is wrong with it; *RET_UNIT is the unit that is unknown. */
static const char *read_duration(struct bulla_bytes text, int64_t *ret_nanoseconds,
                                 struct bulla_bytes *ret_unit)
{
    static const char invalid[] = "time: invalid duration ";
    *ret_unit = bulla_bytes("", 0);
    bool negative = text.len > 0 && text.data[0] == '-';
    if (negative || bulla_bytes_start(text, "+")) {
        text = bulla_bytes_slice(text, 1, text.len);
    }
    double total = 0;
    if (bulla_bytes_are(text, "0")) {
        *ret_nanoseconds = 0;
        return NULL;
    }
    if (text.len == 0) {
        return invalid;
    }
    while (text.len > 0) {
        size_t digits = 0;
        while (digits < text.len && memchr("0123456789.", text.data[digits], 11) != NULL) {
            digits++;
        }
        double number = 0;
        size_t unit_len = 0;
        if (digits == 0 || parse_float(bulla_bytes(text.data, digits), &number) != NULL) {
            return invalid;
        }
        text = bulla_bytes_slice(text, digits, text.len);
        double unit = find_unit(text, &unit_len);
        if (unit <= 0) {
            *ret_unit = bulla_bytes(text.data, unit_len);
            return unit_len == 0 ? "time: missing unit in duration " : "time: unknown unit ";
        }
        total += number * unit;
        text = bulla_bytes_slice(text, unit_len, text.len);
    }
    if (total > 9.2e18) {
        return invalid;
    }
    *ret_nanoseconds = (int64_t)(negative ? -total : total);
    return NULL;
}

/* N nanoseconds of UNIT each with the digits behind the point that there are. */
static struct bulla_bytes show_part(struct model *m, uint64_t nanoseconds, uint64_t unit,
                                    const char *name)
{
    uint64_t whole = nanoseconds / unit;
    uint64_t rest = nanoseconds % unit;
    if (rest == 0) {
        return store_printf(&m->store, "%" PRIu64 "%s", whole, name);
    }
    int width = unit == 1000000000 ? 9 : unit == 1000000 ? 6 : 3;
    while (rest % 10 == 0) {
        rest /= 10;
        width--;
    }
    return store_printf(&m->store, "%" PRIu64 ".%0*" PRIu64 "%s", whole, width, rest, name);
}

struct bulla_value *show_duration(struct model *m, struct bulla_bytes text, bool *ret_zero,
                                  const char **ret_why, struct bulla_bytes *ret_unit)
{
    int64_t signed_nanoseconds = 0;
    *ret_why = read_duration(text, &signed_nanoseconds, ret_unit);
    if (*ret_why != NULL) {
        return NULL;
    }
    *ret_zero = signed_nanoseconds == 0;
    const char *sign = signed_nanoseconds < 0 ? "-" : "";
    uint64_t all = (uint64_t)(signed_nanoseconds < 0 ? -signed_nanoseconds : signed_nanoseconds);
    if (all == 0) {
        return value_string(&m->store, "0s");
    }
    if (all < 1000000000) {
        struct bulla_bytes part = all < 1000      ? show_part(m, all, 1, "ns")
                                  : all < 1000000 ? show_part(m, all, 1000, "\xc2\xb5s")
                                                  : show_part(m, all, 1000000, "ms");
        return value_printf(&m->store, "%s%s", sign, stored(part));
    }
    const uint64_t minute = 60000000000;
    struct bulla_bytes seconds = show_part(m, all % minute, 1000000000, "s");
    uint64_t minutes = all / minute;
    if (minutes == 0) {
        return value_printf(&m->store, "%s%s", sign, stored(seconds));
    }
    return minutes < 60
               ? value_printf(&m->store, "%s%" PRIu64 "m%s", sign, minutes, stored(seconds))
               : value_printf(&m->store, "%s%" PRIu64 "h%" PRIu64 "m%s", sign, minutes / 60,
                              minutes % 60, stored(seconds));
}
