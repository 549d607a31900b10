/* New identities. */
#include <string.h>
#include <time.h>

#include "age/hybrid.h"
#include "bulla/mem.h"
#include "codec/bech32.h"
#include "crypto/prim.h"

#include "base/banned.h"

#define SECRET_PREFIX "age-secret-key-"
#define PQ_SECRET_PREFIX "age-secret-key-pq-"

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

/* Appends the file of the identity SECRET; TEXT is as it was after a failure. */
static bool put_identity(const char *prefix, struct bulla_bytes secret, const char *recipient,
                         int64_t now, struct bulla_buf *text, struct bulla_error *err)
{
    char created[32];
    size_t start = text->len;
    if (!format_time(now, created, err)) {
        return false;
    }
    bulla_buf_printf(text, "# created: %s\n# public key: ", created);
    bulla_buf_puts(text, recipient);
    bulla_buf_putc(text, '\n');
    bech32_encode(prefix, secret, BECH32_UPPER, text);
    bulla_buf_putc(text, '\n');
    if (!bulla_buf_ok(text, err)) {
        bulla_buf_truncate(text, start);
        text->failed = BULLA_OK;
        return false;
    }
    return true;
}

/* 32 random bytes. NULL with ERR, also where TEXT has failed. */
static struct bulla_secret *new_secret(const struct bulla_buf *text, struct bulla_error *err)
{
    struct bulla_secret *secret = bulla_buf_ok(text, err) ? bulla_secret_new(32, err) : NULL;
    if (secret != NULL) {
        prim_random(bulla_secret_room(secret), 32);
        bulla_secret_set_len(secret, 32);
    }
    return secret;
}

bool bulla_identity_new(int64_t now, struct bulla_buf *text,
                        char ret_recipient[BULLA_AGE_RECIPIENT_CHARS + 1], struct bulla_error *err)
{
    uint8_t public_key[32];
    bulla_auto_secret secret = new_secret(text, err);
    if (secret == NULL) {
        return false;
    }
    prim_x25519_public(public_key, bulla_secret_view(secret).data);
    bulla_auto_str recipient = x25519_recipient(public_key, err);
    if (recipient == NULL ||
        !put_identity(SECRET_PREFIX, bulla_secret_view(secret), recipient, now, text, err)) {
        return false;
    }
    if (ret_recipient != NULL) {
        memcpy(ret_recipient, recipient, BULLA_AGE_RECIPIENT_CHARS + 1);
    }
    return true;
}

bool bulla_identity_new_pq(int64_t now, struct bulla_buf *text, char **ret_recipient,
                           struct bulla_error *err)
{
    bulla_auto_secret secret = new_secret(text, err);
    bulla_auto_str recipient =
        secret == NULL ? NULL : pq_recipient(bulla_secret_view(secret).data, err);
    if (recipient == NULL ||
        !put_identity(PQ_SECRET_PREFIX, bulla_secret_view(secret), recipient, now, text, err)) {
        return false;
    }
    *ret_recipient = BULLA_STEAL(recipient);
    return true;
}
