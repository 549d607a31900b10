#include <string.h>

#include "bulla/age.h"
#include "bulla/secret.h"
#include "codec/bech32.h"
#include "crypto/prim.h"
#include "generate/generate_internal.h"

#include "base/banned.h"

#define UUID_CHARS 36
#define AGE_CHARS 74

static bool is_uuid_dash(size_t index)
{
    return index == 8 || index == 13 || index == 18 || index == 23;
}

bool uuid_generate(const struct bulla_kind *kind, struct bulla_buf *out, struct bulla_error *err)
{
    bulla_auto_secret bytes = bulla_secret_new(kind->size, err);
    bulla_auto_buf hex;
    bulla_buf_init_secret(&hex, 64);
    if (bytes == NULL) {
        return false;
    }
    uint8_t *id = bulla_secret_room(bytes);
    prim_random(id, kind->size);
    bulla_secret_set_len(bytes, kind->size);
    id[6] = (uint8_t)((id[6] & 0x0f) | 0x40);
    id[8] = (uint8_t)((id[8] & 0x3f) | 0x80);
    bulla_hex_encode(bulla_secret_view(bytes), &hex);
    if (!bulla_buf_ok(&hex, err)) {
        return false;
    }
    size_t at = 0;
    for (size_t i = 0; i < UUID_CHARS; i++) {
        if (is_uuid_dash(i)) {
            bulla_buf_putc(out, '-');
        } else {
            bulla_buf_add(out, hex.data + at++, 1);
        }
    }
    return true;
}

bool uuid_check(const struct bulla_kind *kind, struct bulla_bytes value, struct bulla_buf *reason)
{
    (void)kind;
    bool ok = value.len == UUID_CHARS;
    for (size_t i = 0; i < value.len && ok; i++) {
        uint8_t c = value.data[i];
        ok = is_uuid_dash(i) ? c == '-' : c != '\0' && strchr("0123456789abcdefABCDEF", c) != NULL;
    }
    if (!ok) {
        bulla_buf_puts(reason, "is not a UUID");
        return false;
    }
    if (value.data[14] != '4' || strchr("89abAB", value.data[19]) == NULL) {
        bulla_buf_puts(reason, "is a UUID, but not a random one (version 4)");
        return false;
    }
    return true;
}

double uuid_entropy(const struct bulla_kind *kind)
{
    return 8.0 * kind->size - 6.0;
}

size_t uuid_length(const struct bulla_kind *kind)
{
    (void)kind;
    return UUID_CHARS;
}

bool age_generate(const struct bulla_kind *kind, struct bulla_buf *out, struct bulla_error *err)
{
    bulla_auto_secret bytes = bulla_secret_new(kind->size, err);
    if (bytes == NULL) {
        return false;
    }
    prim_random(bulla_secret_room(bytes), kind->size);
    bulla_secret_set_len(bytes, kind->size);
    bech32_encode("age-secret-key-", bulla_secret_view(bytes), BECH32_UPPER, out);
    return true;
}

bool age_check(const struct bulla_kind *kind, struct bulla_bytes value, struct bulla_buf *reason)
{
    (void)kind;
    struct bulla_bytes prefix = {NULL, 0};
    uint8_t none[1];
    size_t len = 0;
    if (bulla_bytes_start(value, "age1")) {
        bulla_buf_puts(reason, "is a recipient (age1…), an identity is needed");
        return false;
    }
    if (!bulla_bytes_start(value, "AGE-SECRET-KEY-1") || value.len != AGE_CHARS) {
        bulla_buf_puts(reason, "is not an age identity (AGE-SECRET-KEY-1…)");
        return false;
    }
    /* With no room the key is not decoded, and everything else has been looked at. */
    if (bech32_decode(value, &prefix, none, 0, &len) != BECH32_TOO_LONG) {
        bulla_buf_puts(reason, "is a mistyped or cut off age identity (its checksum fails)");
        return false;
    }
    return true;
}

size_t age_length(const struct bulla_kind *kind)
{
    (void)kind;
    return AGE_CHARS;
}
