/* The stanza of a passphrase (C2SP age.md, "The scrypt recipient type"). */
#include <string.h>

#include "age/age_internal.h"
#include "bulla/codec.h"
#include "crypto/prim.h"

#include "base/banned.h"

#define LABEL "age-encryption.org/v1/scrypt"
#define LABEL_BYTES (sizeof LABEL - 1)
#define SALT_BYTES 16

static const uint8_t zero_nonce[PRIM_NONCE_BYTES];

bool scrypt_is_stanza(const struct age_stanza *stanza)
{
    return bulla_bytes_are(stanza->type, "scrypt");
}

/* "SALT LOGN": 16 bytes in base64 and a number without sign or leading zero. */
static bool parse_arguments(const struct age_stanza *stanza, uint8_t ret_salt[static SALT_BYTES],
                            unsigned *ret_log_n)
{
    struct bulla_bytes text = stanza->arguments;
    const uint8_t *space = text.len > 0 ? memchr(text.data, ' ', text.len) : NULL;
    if (space == NULL) {
        return false;
    }
    struct bulla_bytes salt = bulla_bytes(text.data, (size_t)(space - text.data));
    struct bulla_bytes number = bulla_bytes_slice(text, salt.len + 1, text.len);
    size_t len = 0;
    *ret_log_n = 0;
    for (size_t i = 0; i < number.len; i++) {
        if (number.data[i] < (i == 0 ? '1' : '0') || number.data[i] > '9') {
            return false;
        }
        /* Everything over the limit is alike. */
        *ret_log_n = *ret_log_n > PRIM_SCRYPT_MAX_LOG_N
                         ? *ret_log_n
                         : *ret_log_n * 10 + (unsigned)(number.data[i] - '0');
    }
    return number.len > 0 &&
           bulla_base64_decode(BULLA_BASE64_UNPADDED, salt, ret_salt, SALT_BYTES, &len) &&
           len == SALT_BYTES;
}

bool scrypt_check_stanza(const struct age_stanza *stanza, struct bulla_error *err)
{
    uint8_t salt[SALT_BYTES];
    unsigned log_n = 0;
    if (!parse_arguments(stanza, salt, &log_n)) {
        return bulla_error_at(err, BULLA_E_SYNTAX, NULL, stanza->pos,
                              "age header: a scrypt stanza has two arguments, 16 bytes in base64 "
                              "and a number");
    }
    if (stanza->body_len != AGE_WRAPPED_KEY_BYTES) {
        return bulla_error_at(err, BULLA_E_SYNTAX, NULL, stanza->pos,
                              "age header: the body of a scrypt stanza has %zu bytes, not 32",
                              stanza->body_len);
    }
    if (log_n > PRIM_SCRYPT_MAX_LOG_N) {
        return bulla_error_at(err, BULLA_E_LIMIT, NULL, stanza->pos,
                              "age header: a passphrase's work factor of more than %d, which would "
                              "take more than 4 GiB of memory",
                              PRIM_SCRYPT_MAX_LOG_N);
    }
    return true;
}

static bool derive_key(struct age_keys *keys, struct bulla_bytes passphrase,
                       const uint8_t salt[static SALT_BYTES], unsigned log_n,
                       struct bulla_error *err)
{
    uint8_t whole[LABEL_BYTES + SALT_BYTES];
    memcpy(whole, LABEL, LABEL_BYTES);
    memcpy(whole + LABEL_BYTES, salt, SALT_BYTES);
    if (prim_scrypt(keys->wrap, passphrase, bulla_bytes(whole, sizeof whole), log_n)) {
        return true;
    }
    (void)bulla_error(err, BULLA_E_NOMEM,
                      "out of memory: this passphrase takes %llu MiB (work factor %u)",
                      (1ULL << log_n) / 1024, log_n);
    return false;
}

bool scrypt_unwrap(const struct age_stanza *stanza, struct bulla_bytes passphrase,
                   struct age_keys *keys, bool *ret_opened, struct bulla_error *err)
{
    uint8_t salt[SALT_BYTES];
    uint8_t wrapped[AGE_WRAPPED_KEY_BYTES];
    unsigned log_n = 0;
    *ret_opened = false;
    if (!parse_arguments(stanza, salt, &log_n) ||
        !age_stanza_body(stanza, wrapped, sizeof wrapped)) {
        return scrypt_check_stanza(stanza, err);
    }
    if (!derive_key(keys, passphrase, salt, log_n, err)) {
        return false;
    }
    *ret_opened = prim_decrypt(keys->file_key, bulla_bytes(wrapped, sizeof wrapped),
                               bulla_bytes(NULL, 0), zero_nonce, keys->wrap);
    return true;
}

bool scrypt_wrap(struct age_keys *keys, struct bulla_bytes passphrase, unsigned log_n,
                 struct bulla_buf *out, struct bulla_error *err)
{
    uint8_t salt[SALT_BYTES];
    prim_random(salt, sizeof salt);
    if (!derive_key(keys, passphrase, salt, log_n, err)) {
        return false;
    }
    bulla_buf_puts(out, "-> scrypt ");
    bulla_base64_encode(BULLA_BASE64_UNPADDED, bulla_bytes(salt, sizeof salt), out);
    bulla_buf_printf(out, " %u\n", log_n);
    age_put_wrapped_key(keys, out);
    return true;
}
