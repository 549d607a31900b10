#include "base/num.h"

#include "base/banned.h"

bool num_parse_u64(struct bulla_bytes text, uint64_t max, uint64_t *ret_number)
{
    if (text.len == 0 || (text.len > 1 && text.data[0] == '0')) {
        return false;
    }
    uint64_t number = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] < '0' || text.data[i] > '9') {
            return false;
        }
        uint64_t digit = (uint64_t)(text.data[i] - '0');
        if (number > (UINT64_MAX - digit) / 10) {
            return false;
        }
        number = number * 10 + digit;
    }
    if (number > max) {
        return false;
    }
    *ret_number = number;
    return true;
}

bool num_parse_duration(struct bulla_bytes text, uint64_t *ret_seconds)
{
    if (text.len < 2) {
        return false;
    }
    uint64_t unit = 0;
    switch (text.data[text.len - 1]) {
    case 's':
        unit = 1;
        break;
    case 'm':
        unit = 60;
        break;
    case 'h':
        unit = 3600;
        break;
    case 'd':
        unit = 86400;
        break;
    case 'w':
        unit = UINT64_C(7) * 86400;
        break;
    default:
        return false;
    }
    uint64_t number = 0;
    if (!num_parse_u64(bulla_bytes(text.data, text.len - 1), UINT32_MAX, &number)) {
        return false;
    }
    *ret_seconds = number * unit;
    return true;
}
