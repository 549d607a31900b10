#include "age/key_text.h"

#include <string.h>

#include "bulla/secret.h"
#include "codec/bech32.h"

#include "base/banned.h"

#define MAX_DATA_BYTES 4096 /* of a key that is not ours to read */

bool key_text_starts(struct bulla_bytes text, const char *start)
{
    size_t len = strlen(start);
    for (size_t i = 0; i < len; i++) {
        if (i >= text.len || (text.data[i] | ('a' - 'A')) != (start[i] | ('a' - 'A'))) {
            return false;
        }
    }
    return true;
}

static const char *bech32_fault(enum bech32_status status)
{
    switch (status) {
    case BECH32_MIXED_CASE:
        return "has small and capital letters mixed";
    case BECH32_NO_SEPARATOR:
    case BECH32_TOO_LONG:
    case BECH32_PADDING:
        return "has the wrong length";
    case BECH32_CHARACTER:
        return "has a character that no age key has";
    case BECH32_CHECKSUM:
        return "is mistyped or cut off (its checksum does not match)";
    case BECH32_OK:
        break;
    }
    return "is not one";
}

const char *key_text_decode(struct bulla_bytes text, const char *prefix, uint8_t *ret_key,
                            size_t len)
{
    struct bulla_bytes found;
    size_t got = 0;
    enum bech32_status status = bech32_decode(text, &found, ret_key, len, &got);
    if (status != BECH32_OK) {
        return bech32_fault(status);
    }
    if (!bulla_bytes_are(found, prefix)) {
        return "is in the wrong case";
    }
    return got == len ? NULL : "has the wrong length";
}

const char *key_text_fault(struct bulla_bytes text)
{
    uint8_t data[MAX_DATA_BYTES];
    struct bulla_bytes prefix;
    size_t len = 0;
    enum bech32_status status = bech32_decode(text, &prefix, data, sizeof data, &len);
    bulla_wipe(data, sizeof data);
    return status == BECH32_OK ? NULL : bech32_fault(status);
}

struct bulla_bytes key_text_take_line(struct bulla_bytes *rest)
{
    const uint8_t *end = memchr(rest->data, '\n', rest->len);
    size_t len = end == NULL ? rest->len : (size_t)(end - rest->data);
    struct bulla_bytes line = bulla_bytes_slice(*rest, 0, len);
    *rest = bulla_bytes_slice(*rest, len + 1, rest->len);
    if (line.len > 0 && line.data[line.len - 1] == '\r') {
        line.len--;
    }
    return line;
}

bool key_text_is_line(struct bulla_bytes line)
{
    return line.len > 0 && line.data[0] != '#';
}
