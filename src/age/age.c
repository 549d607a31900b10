#include "bulla/age.h"

#include <string.h>

#include "age/age_internal.h"
#include "age/identity.h"
#include "age/recipient.h"
#include "codec/armor.h"
#include "crypto/prim.h"

#include "base/banned.h"

#define NO_MATCH "no identity opens the age file"

/* Puts OUT back to LEN bytes after a failure that began with a sound buffer. */
static bool undo(struct bulla_buf *out, size_t len)
{
    bulla_buf_truncate(out, len);
    out->failed = BULLA_OK;
    return false;
}

void age_place_error(struct bulla_error *err, const char *file, struct bulla_pos pos)
{
    struct bulla_error cause = *err;
    if (cause.code == BULLA_E_NOMEM) {
        return;
    }
    (void)bulla_error_at(err, cause.code, file, pos, "%s", cause.message);
    if (cause.hint[0] != '\0') {
        (void)bulla_error_hint(err, "%s", cause.hint);
    }
}

struct bulla_secret *age_keys_new(struct age_keys **ret_keys, struct bulla_error *err)
{
    struct bulla_secret *memory = bulla_secret_new(sizeof **ret_keys, err);
    if (memory != NULL) {
        *ret_keys = (struct age_keys *)(void *)bulla_secret_room(memory);
    }
    return memory;
}

/* Recipients that would weaken each other in one file. */
static bool check_together(const struct bulla_recipients *recipients, struct bulla_error *err)
{
    if (recipients->count == 0) {
        return bulla_error(err, BULLA_E_INVALID, "no recipient to encrypt to");
    }
    for (size_t i = 0; i < recipients->count; i++) {
        if (recipients->items[i].kind == RECIPIENT_PASSPHRASE && recipients->count > 1) {
            return bulla_error(err, BULLA_E_INVALID,
                               "a passphrase stands beside no other recipient");
        }
    }
    return true;
}

/* What has to hold before any key is tried: the form of known stanzas and scrypt being alone. */
static bool check_stanzas(const struct age_header *header, struct bulla_error *err)
{
    for (size_t i = 0; i < header->count; i++) {
        const struct age_stanza *stanza = &header->stanzas[i];
        if (x25519_is_stanza(stanza) && !x25519_check_stanza(stanza, err)) {
            return false;
        }
        if (pq_is_stanza(stanza) && !pq_check_stanza(stanza, err)) {
            return false;
        }
        if (ssh_is_stanza(stanza) && !ssh_check_stanza(stanza, err)) {
            return false;
        }
        if (!scrypt_is_stanza(stanza)) {
            continue;
        }
        if (header->count > 1) {
            return bulla_error_at(err, BULLA_E_SYNTAX, NULL, stanza->pos,
                                  "age header: a passphrase stanza beside another stanza");
        }
        if (!scrypt_check_stanza(stanza, err)) {
            return false;
        }
    }
    return true;
}

/* One recipient more; its labels have to be those of the others, which the first one sets. */
static bool add_recipient(const struct bulla_recipients *recipients, size_t index,
                          struct age_keys *keys, struct bulla_buf *labels, struct bulla_buf *out,
                          struct bulla_error *err)
{
    bulla_auto_buf own;
    bulla_buf_init(&own, AGE_MAX_BODY_BYTES);
    if (!recipient_wrap(recipients->host, &recipients->items[index], keys, out,
                        index == 0 ? labels : &own, err)) {
        return false;
    }
    if (index == 0 || bulla_bytes_equal(bulla_buf_view(labels), bulla_buf_view(&own))) {
        return true;
    }
    (void)bulla_error(err, BULLA_E_INVALID,
                      "recipients that do not go together: one would make the file weaker than "
                      "another asks for");
    return bulla_bytes_are(bulla_buf_view(labels), PQ_LABEL) ||
                   bulla_bytes_are(bulla_buf_view(&own), PQ_LABEL)
               ? bulla_error_hint(err,
                                  "encrypt to the post-quantum ones (age1pq1…, age1tagpq1…) in "
                                  "a file of their own")
               : false;
}

/* What plugins returned has to be what readers take: nobody would open it otherwise. */
static bool check_header(struct bulla_bytes text, struct bulla_error *err)
{
    struct age_header header;
    bool ok = age_header_parse(text, &header, err) && check_stanzas(&header, err);
    age_header_release(&header);
    return ok || (err->code != BULLA_E_NOMEM &&
                  bulla_error_while(err, "what the recipients returned makes no age file"));
}

bool age_make_header(const struct bulla_recipients *recipients, struct age_keys *keys,
                     struct bulla_buf *out, struct bulla_error *err)
{
    size_t start = out->len;
    bulla_auto_buf labels;
    bulla_buf_init(&labels, AGE_MAX_BODY_BYTES);
    if (!check_together(recipients, err)) {
        return false;
    }
    prim_random(keys->file_key, sizeof keys->file_key);
    age_header_begin(out);
    for (size_t i = 0; i < recipients->count; i++) {
        if (!add_recipient(recipients, i, keys, &labels, out, err)) {
            return false;
        }
    }
    age_header_end(keys, start, out);
    struct bulla_bytes all = bulla_buf_view(out);
    return bulla_buf_ok(out, err) && check_header(bulla_bytes_slice(all, start, all.len), err);
}

bool bulla_age_encrypt(const struct bulla_recipients *recipients, struct bulla_bytes text,
                       struct bulla_buf *out, struct bulla_error *err)
{
    if (!bulla_buf_ok(out, err)) {
        return false;
    }
    struct age_keys *keys = NULL;
    bulla_auto_secret memory = age_keys_new(&keys, err);
    size_t start = out->len;
    if (memory == NULL) {
        return false;
    }
    return (age_make_header(recipients, keys, out, err) && stream_encrypt(keys, text, out, err) &&
            bulla_buf_ok(out, err)) ||
           undo(out, start);
}

static bool has_passphrase(const struct bulla_identities *identities)
{
    for (size_t i = 0; i < identities->count; i++) {
        if (identities->items[i].kind == IDENTITY_PASSPHRASE) {
            return true;
        }
    }
    return false;
}

/* Says where this build could not have opened a file with any identity of its recipients. */
static bool hint_at_pq(const struct age_header *header, struct bulla_error *err)
{
    struct bulla_error why = BULLA_ERROR_INIT;
    for (size_t i = 0; i < header->count; i++) {
        if (pq_is_stanza(&header->stanzas[i]) && !mlkem_require(&why)) {
            return bulla_error_hint(err, "it is for a post-quantum key too, and this build has no "
                                         "ML-KEM: one with OpenSSL 3.5 or newer opens it");
        }
    }
    return false;
}

bool age_is_no_match(const struct bulla_error *err)
{
    return err->code == BULLA_E_IDENTITY && strcmp(err->message, NO_MATCH) == 0;
}

static bool refuse_identities(const struct bulla_identities *identities,
                              const struct age_header *header, struct bulla_error *err)
{
    if (!scrypt_is_stanza(&header->stanzas[0])) {
        (void)bulla_error(err, BULLA_E_IDENTITY, NO_MATCH);
        return hint_at_pq(header, err);
    }
    if (has_passphrase(identities)) {
        return bulla_error(err, BULLA_E_IDENTITY, "the passphrase is wrong");
    }
    return bulla_error(err, BULLA_E_IDENTITY,
                       "the age file is encrypted with a passphrase, not to a key");
}

static bool unwrap(const struct bulla_identities *identities, const struct age_header *header,
                   struct age_keys *keys, struct bulla_error *err)
{
    bool opened = false;
    /* Those that a plugin holds come last: it may want a person's hand. */
    for (int is_plugin = 0; is_plugin < 2; is_plugin++) {
        for (size_t i = 0; i < identities->count && !opened; i++) {
            const struct identity *identity = &identities->items[i];
            if ((identity->kind == IDENTITY_PLUGIN) == (is_plugin == 1) &&
                !identity_unwrap(identities, identity, header, keys, &opened, err)) {
                return false;
            }
        }
    }
    return opened || refuse_identities(identities, header, err);
}

bool age_open_header(const struct bulla_identities *identities, struct bulla_bytes file,
                     struct age_header *ret_header, struct age_keys *keys, enum age_step *ret_step,
                     struct bulla_error *err)
{
    struct age_header *header = ret_header;
    uint8_t mac[AGE_MAC_BYTES];
    *ret_step = AGE_AT_HEADER;
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
    bulla_auto_secret memory = age_keys_new(&keys, err);
    if (memory == NULL) {
        return false;
    }
    bool ok = age_open_header(identities, file, &header, keys, ret_step, err) &&
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
