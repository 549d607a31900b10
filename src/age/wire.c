#include "age/wire.h"

#include "base/banned.h"

bool wire_take_u32(struct bulla_bytes *rest, uint32_t *ret)
{
    if (rest->len < 4) {
        return false;
    }
    const uint8_t *at = rest->data;
    *ret = (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
    *rest = bulla_bytes_slice(*rest, 4, rest->len);
    return true;
}

bool wire_take(struct bulla_bytes *rest, struct bulla_bytes *ret)
{
    uint32_t len = 0;
    if (!wire_take_u32(rest, &len) || len > rest->len) {
        return false;
    }
    *ret = bulla_bytes_slice(*rest, 0, len);
    *rest = bulla_bytes_slice(*rest, len, rest->len);
    return true;
}

bool wire_take_number(struct bulla_bytes *rest, struct bulla_bytes *ret)
{
    if (!wire_take(rest, ret) || (ret->len > 0 && ret->data[0] > 0x7f)) {
        return false;
    }
    while (ret->len > 0 && ret->data[0] == 0) {
        *ret = bulla_bytes_slice(*ret, 1, ret->len);
    }
    return ret->len > 0;
}
