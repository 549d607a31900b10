/* New identities. */
#include <string.h>
#include <time.h>

#include "age/age_internal.h"
#include "bulla/mem.h"
#include "codec/bech32.h"
#include "crypto/prim.h"

#include "base/banned.h"

#define SECRET_PREFIX "age-secret-key-"

static bool format_time(int64_t now, char ret_text[static 32], struct bulla_error *err)
{
    struct tm parts;
    time_t seconds = (time_t)now;
    if (gmtime_r(&seconds, &parts) == NULL || parts.tm_year > 9999 - 1900 ||
        strftime(ret_text, 32, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0) {
        return bulla_error(err, BULLA_E_INVALID, "the time is out of range");
    }
    return true;
}

static void put_identity(const char *created, const char *recipient, struct bulla_bytes secret,
                         struct bulla_buf *text)
{
    bulla_buf_printf(text, "# created: %s\n# public key: %s\n", created, recipient);
    bech32_encode(SECRET_PREFIX, secret, BECH32_UPPER, text);
    bulla_buf_putc(text, '\n');
}

bool bulla_identity_new(int64_t now, struct bulla_buf *text,
                        char ret_recipient[BULLA_AGE_RECIPIENT_CHARS + 1], struct bulla_error *err)
{
    char created[32];
    uint8_t public_key[32];
    bulla_auto_secret secret = bulla_secret_new(32, err);
    if (secret == NULL || !bulla_buf_ok(text, err) || !format_time(now, created, err)) {
        return false;
    }
    prim_random(bulla_secret_room(secret), 32);
    bulla_secret_set_len(secret, 32);
    prim_x25519_public(public_key, bulla_secret_view(secret).data);
    bulla_auto_str recipient = x25519_recipient(public_key, err);
    if (recipient == NULL) {
        return false;
    }
    size_t start = text->len;
    put_identity(created, recipient, bulla_secret_view(secret), text);
    if (!bulla_buf_ok(text, err)) {
        bulla_buf_truncate(text, start);
        text->failed = BULLA_OK;
        return false;
    }
    if (ret_recipient != NULL) {
        memcpy(ret_recipient, recipient, BULLA_AGE_RECIPIENT_CHARS + 1);
    }
    return true;
}
