#include "bulla/age.h"

#include <string.h>

#include "age/age_internal.h"
#include "codec/armor.h"
#include "crypto/prim.h"

#include "base/banned.h"

/* Puts OUT back to LEN bytes after a failure that began with a sound buffer. */
static bool undo(struct bulla_buf *out, size_t len)
{
    bulla_buf_truncate(out, len);
    out->failed = BULLA_OK;
    return false;
}

static struct bulla_secret *keys_new(struct age_keys **ret_keys, struct bulla_error *err)
{
    struct bulla_secret *memory = bulla_secret_new(sizeof **ret_keys, err);
    if (memory != NULL) {
        *ret_keys = (struct age_keys *)(void *)bulla_secret_room(memory);
    }
    return memory;
}

static bool encrypt(const char *const *recipients, size_t count, struct bulla_bytes text,
                    struct age_keys *keys, struct bulla_buf *out, struct bulla_error *err)
{
    size_t start = out->len;
    prim_random(keys->file_key, sizeof keys->file_key);
    age_header_begin(out);
    for (size_t i = 0; i < count; i++) {
        uint8_t recipient[32];
        if (!bulla_recipient_parse(recipients[i], recipient, err) ||
            !x25519_wrap(keys, recipient, out, err)) {
            return false;
        }
    }
    age_header_end(keys, start, out);
    return stream_encrypt(keys, text, out, err) && bulla_buf_ok(out, err);
}

bool bulla_age_encrypt(const char *const *recipients, size_t count, struct bulla_bytes text,
                       struct bulla_buf *out, struct bulla_error *err)
{
    if (!bulla_buf_ok(out, err)) {
        return false;
    }
    if (count == 0) {
        return bulla_error(err, BULLA_E_INVALID, "no recipient to encrypt to");
    }
    if (count > AGE_MAX_STANZAS) {
        return bulla_error(err, BULLA_E_LIMIT, "more than %d recipients", AGE_MAX_STANZAS);
    }
    struct age_keys *keys = NULL;
    bulla_auto_secret memory = keys_new(&keys, err);
    size_t start = out->len;
    if (memory == NULL) {
        return false;
    }
    return encrypt(recipients, count, text, keys, out, err) || undo(out, start);
}

/* What has to hold before any key is tried: the form of known stanzas and scrypt being alone. */
static bool check_stanzas(const struct age_header *header, struct bulla_error *err)
{
    for (size_t i = 0; i < header->count; i++) {
        const struct age_stanza *stanza = &header->stanzas[i];
        if (x25519_is_stanza(stanza) && !x25519_check_stanza(stanza, err)) {
            return false;
        }
        if (bulla_bytes_are(stanza->type, "scrypt") && header->count > 1) {
            return bulla_error_at(err, BULLA_E_SYNTAX, NULL, stanza->pos,
                                  "age header: a passphrase stanza beside another stanza");
        }
    }
    return true;
}

static bool unwrap(const struct bulla_identities *identities, const struct age_header *header,
                   struct age_keys *keys, struct bulla_error *err)
{
    for (size_t i = 0; i < bulla_identities_count(identities); i++) {
        for (size_t k = 0; k < header->count; k++) {
            bool opened = false;
            if (x25519_is_stanza(&header->stanzas[k]) &&
                !x25519_unwrap(&header->stanzas[k], bulla_identities_secret(identities, i).data,
                               identities_public(identities, i), keys, &opened, err)) {
                return false;
            }
            if (opened) {
                return true;
            }
        }
    }
    if (bulla_bytes_are(header->stanzas[0].type, "scrypt")) {
        return bulla_error(err, BULLA_E_IDENTITY,
                           "the age file is encrypted with a passphrase, not to a key");
    }
    return bulla_error(err, BULLA_E_IDENTITY, "no identity opens the age file");
}

static bool open_header(const struct bulla_identities *identities, struct bulla_bytes file,
                        struct age_header *header, struct age_keys *keys, enum age_step *ret_step,
                        struct bulla_error *err)
{
    uint8_t mac[AGE_MAC_BYTES];
    if (!age_header_parse(file, header, err) || !check_stanzas(header, err)) {
        return false;
    }
    *ret_step = AGE_AT_KEY;
    if (!unwrap(identities, header, keys, err)) {
        return false;
    }
    *ret_step = AGE_AT_MAC;
    age_header_mac(keys, header->authenticated, mac);
    if (!prim_equal(mac, header->mac, sizeof mac)) {
        return bulla_error(err, BULLA_E_VERIFY, "age header: the MAC does not match");
    }
    if (file.len - header->len < AGE_NONCE_BYTES) {
        *ret_step = AGE_AT_HEADER;
        return bulla_error(err, BULLA_E_SYNTAX, "age header: the file ends before the payload");
    }
    *ret_step = AGE_AT_PAYLOAD;
    return true;
}

bool age_decrypt_steps(const struct bulla_identities *identities, struct bulla_bytes file,
                       struct bulla_buf *out, enum age_step *ret_step, struct bulla_error *err)
{
    struct age_keys *keys = NULL;
    struct age_header header = {0};
    *ret_step = AGE_AT_HEADER;
    bulla_auto_secret memory = keys_new(&keys, err);
    if (memory == NULL) {
        return false;
    }
    bool ok = open_header(identities, file, &header, keys, ret_step, err) &&
              stream_decrypt(keys, bulla_bytes_slice(file, header.len, file.len), out, err);
    age_header_release(&header);
    return ok;
}

static bool decrypt(const struct bulla_identities *identities, struct bulla_bytes file,
                    struct bulla_buf *out, struct bulla_error *err)
{
    enum age_step step;
    if (!armor_is_text(file)) {
        return age_decrypt_steps(identities, file, out, &step, err);
    }
    bulla_auto_buf binary;
    bulla_buf_init(&binary, file.len);
    return armor_decode(file, &binary, err) &&
           age_decrypt_steps(identities, bulla_buf_view(&binary), out, &step, err);
}

bool bulla_age_decrypt(const struct bulla_identities *identities, struct bulla_bytes file,
                       struct bulla_buf *out, struct bulla_error *err)
{
    if (!bulla_buf_ok(out, err)) {
        return false;
    }
    size_t start = out->len;
    return decrypt(identities, file, out, err) || undo(out, start);
}
