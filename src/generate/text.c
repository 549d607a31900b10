#include <math.h>
#include <string.h>

#include "base/ascii.h"
#include "crypto/prim.h"
#include "generate/generate_internal.h"

#include "base/banned.h"

/* A policy has at least one chance in a thousand (see parse.c): this many misses do not happen. */
#define MOST_TRIES 100000

/* The class of C in KIND's alphabet plus one, or 0 where C is not in it. */
static unsigned class_behind(const struct bulla_kind *kind, uint8_t c)
{
    const char *found = memchr(kind->alphabet, c, kind->alphabet_len);
    return found == NULL ? 0 : kind->class_of[found - kind->alphabet] + 1U;
}

/* A bit for each class that TEXT has a character of. */
static unsigned classes_in(const struct bulla_kind *kind, struct bulla_bytes text)
{
    unsigned found = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned class_number = class_behind(kind, text.data[i]);
        found |= class_number > 0 ? 1U << (class_number - 1) : 0;
    }
    return found;
}

static bool has_all_classes(const struct bulla_kind *kind, struct bulla_bytes text)
{
    unsigned all = (1U << kind->class_count) - 1;
    return (classes_in(kind, text) & all) == all;
}

bool text_generate(const struct bulla_kind *kind, struct bulla_buf *out, struct bulla_error *err)
{
    uint8_t *text = bulla_buf_reserve(out, kind->size);
    if (text == NULL) {
        return bulla_buf_ok(out, err);
    }
    /* The whole string is drawn again: putting a missing class in afterwards would be biased. */
    for (unsigned tries = 0; tries < MOST_TRIES; tries++) {
        for (uint32_t i = 0; i < kind->size; i++) {
            uint32_t limit = i == 0 ? kind->first_len : kind->alphabet_len;
            text[i] = (uint8_t)kind->alphabet[limit > 1 ? prim_random_below(limit) : 0];
        }
        if (has_all_classes(kind, bulla_bytes(text, kind->size))) {
            bulla_buf_commit(out, kind->size);
            return true;
        }
    }
    return bulla_error(err, BULLA_E_BUG, "no text satisfies the kind");
}

static double power(double base, uint32_t exponent)
{
    double result = 1.0;
    for (uint32_t i = 0; i < exponent; i++) {
        result *= base;
    }
    return result;
}

/* Inclusion and exclusion over the sets of classes that are missing. */
double text_acceptance(const struct bulla_kind *kind)
{
    double sum = 0;
    for (unsigned missing = 0; missing < 1U << kind->class_count; missing++) {
        unsigned all = 0;
        unsigned first = 0;
        for (unsigned i = 0; i < kind->alphabet_len; i++) {
            if ((missing >> kind->class_of[i] & 1U) == 0) {
                all++;
                first += i < kind->first_len ? 1 : 0;
            }
        }
        double share = (double)first / kind->first_len *
                       power((double)all / kind->alphabet_len, kind->size - 1);
        sum += __builtin_popcount(missing) % 2 == 0 ? share : -share;
    }
    return sum;
}

double text_entropy(const struct bulla_kind *kind)
{
    return log2(kind->first_len) + (kind->size - 1) * log2(kind->alphabet_len) +
           log2(text_acceptance(kind));
}

size_t text_length(const struct bulla_kind *kind)
{
    return kind->size;
}

/* The name of the first class of KIND that VALUE lacks, or NULL. */
static const char *missing_class(const struct bulla_kind *kind, struct bulla_bytes value)
{
    unsigned found = classes_in(kind, value);
    for (unsigned i = 0; i < kind->class_count; i++) {
        if ((found >> i & 1U) == 0) {
            size_t at = 0;
            while (kind->class_of[at] != i) {
                at++;
            }
            uint8_t c = (uint8_t)kind->alphabet[at];
            return ascii_is_lower(c)   ? "small letter"
                   : ascii_is_upper(c) ? "capital letter"
                   : ascii_is_digit(c) ? "digit"
                                       : "symbol";
        }
    }
    return NULL;
}

bool text_check(const struct bulla_kind *kind, struct bulla_bytes value, struct bulla_buf *reason)
{
    const struct kind_row *row = kind_row_of(kind);
    if (value.len < kind->size || (value.len > kind->size && !row->may_be_longer)) {
        bulla_buf_printf(reason, "has %zu characters, %s%u are needed", value.len,
                         row->may_be_longer ? "at least " : "", kind->size);
        return false;
    }
    for (size_t i = 0; i < value.len; i++) {
        if (class_behind(kind, value.data[i]) == 0) {
            bulla_buf_printf(reason, "has a character that '%s' does not allow", row->info.name);
            return false;
        }
    }
    const char *missing = missing_class(kind, value);
    if (missing != NULL) {
        bulla_buf_printf(reason, "has no %s", missing);
        return false;
    }
    return true;
}

bool django_check(const struct bulla_kind *kind, struct bulla_bytes value, struct bulla_buf *reason)
{
    if (bulla_bytes_start(value, "django-insecure-")) {
        bulla_buf_puts(reason, "begins with 'django-insecure-', which Django refuses to deploy");
        return false;
    }
    return key_check(kind, value, reason);
}
