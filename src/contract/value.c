#include <string.h>

#include "bulla/contract.h"
#include "bulla/secret.h"
#include "contract/types.h"
#include "pattern/pattern.h"

#include "base/banned.h"

static bool is_one_of(const struct bulla_variable *variable, struct bulla_bytes value)
{
    struct bulla_bytes word = {0};
    for (size_t i = 0; bulla_setting_word(&variable->one_of, i, &word, NULL); i++) {
        if (bulla_secret_bytes_equal(word, value)) {
            return true;
        }
    }
    return false;
}

static bool is_in_range(const struct bulla_variable *variable, struct bulla_bytes value)
{
    double number = 0;
    return type_measure(variable->type, value, &number) &&
           (!variable->has_least || number >= variable->least) &&
           (!variable->has_most || number <= variable->most);
}

static bool matches(const struct bulla_variable *variable, struct bulla_bytes value,
                    bool *ret_matches, struct bulla_error *err)
{
    *ret_matches = true;
    if (variable->match.text == NULL) {
        return true;
    }
    size_t offset = 0;
    auto_pattern pattern = pattern_compile(bulla_bytes_of(variable->match.text), &offset, err);
    return pattern != NULL && pattern_match(pattern, value, ret_matches, err);
}

bool bulla_variable_check(const struct bulla_variable *variable, struct bulla_bytes value,
                          bool *ret_fits, struct bulla_buf *reason, struct bulla_error *err)
{
    *ret_fits = false;
    const char *refused = type_refuse(variable->type, value);
    bool match = true;
    if (refused != NULL) {
        bulla_buf_puts(reason, refused);
    } else if (variable->one_of.text != NULL && !is_one_of(variable, value)) {
        bulla_buf_printf(reason, "is none of: %.2000s", variable->one_of.text);
    } else if (variable->range.text != NULL && !is_in_range(variable, value)) {
        bulla_buf_printf(reason, "is outside %.200s", variable->range.text);
    } else if (value.len < variable->min_length) {
        bulla_buf_printf(reason, "is shorter than %zu bytes", variable->min_length);
    } else if (variable->max_length > 0 && value.len > variable->max_length) {
        bulla_buf_printf(reason, "is longer than %zu bytes", variable->max_length);
    } else if (type_entropy(value) < variable->min_entropy) {
        bulla_buf_printf(reason, "has less than %g bits of entropy", variable->min_entropy);
    } else if (!matches(variable, value, &match, err)) {
        return false;
    } else if (!match) {
        bulla_buf_puts(reason, "does not match the pattern of 'match'");
    } else {
        *ret_fits = true;
    }
    return bulla_buf_ok(reason, err);
}
