/* The stanzas of ssh keys. */
#include "age/ssh.h"

#include <string.h>

#include "bulla/codec.h"
#include "crypto/prim.h"

#include "base/banned.h"

#define ED25519_INFO "age-encryption.org/v1/ssh-ed25519"
#define RSA_LABEL "age-encryption.org/v1/ssh-rsa"
#define TAG_CHARS 6 /* four bytes in base64 */
#define BODY_COLUMNS 64

static const uint8_t zero_nonce[PRIM_NONCE_BYTES];

static bool is_rsa_stanza(const struct age_stanza *stanza)
{
    return bulla_bytes_are(stanza->type, "ssh-rsa");
}

bool ssh_is_stanza(const struct age_stanza *stanza)
{
    return bulla_bytes_are(stanza->type, "ssh-ed25519") || is_rsa_stanza(stanza);
}

/* The first four bytes of the key's hash, which every stanza for it shows. */
static void put_tag(const struct ssh_public *key, struct bulla_buf *out)
{
    uint8_t hash[32];
    prim_sha256(hash, key->wire);
    bulla_base64_encode(BULLA_BASE64_UNPADDED, bulla_bytes(hash, 4), out);
}

static struct bulla_bytes tag_of(const struct age_stanza *stanza)
{
    return bulla_bytes_slice(stanza->arguments, 0, TAG_CHARS);
}

static bool decode_share(const struct age_stanza *stanza, uint8_t ret_share[static 32])
{
    struct bulla_bytes text =
        bulla_bytes_slice(stanza->arguments, TAG_CHARS + 1, stanza->arguments.len);
    size_t len = 0;
    return text.len > 0 && stanza->arguments.data[TAG_CHARS] == ' ' &&
           bulla_base64_decode(BULLA_BASE64_UNPADDED, text, ret_share, 32, &len) && len == 32;
}

bool ssh_check_stanza(const struct age_stanza *stanza, struct bulla_error *err)
{
    uint8_t tag[4];
    uint8_t share[32];
    size_t len = 0;
    bool is_good =
        bulla_base64_decode(BULLA_BASE64_UNPADDED, tag_of(stanza), tag, sizeof tag, &len) &&
        len == sizeof tag;
    if (is_rsa_stanza(stanza)) {
        is_good = is_good && stanza->arguments.len == TAG_CHARS && stanza->body_len > 0;
    } else {
        is_good =
            is_good && decode_share(stanza, share) && stanza->body_len == AGE_WRAPPED_KEY_BYTES;
    }
    return is_good || bulla_error_at(err, BULLA_E_SYNTAX, NULL, stanza->pos,
                                     "age header: a stanza for an ssh key is not of its form");
}

bool ssh_is_for(const struct age_stanza *stanza, const struct ssh_public *key)
{
    bulla_auto_buf tag;
    bulla_buf_init(&tag, 16);
    put_tag(key, &tag);
    return ssh_is_stanza(stanza) && is_rsa_stanza(stanza) == key->is_rsa &&
           bulla_bytes_equal(bulla_buf_view(&tag), tag_of(stanza));
}

/*
 * The shared secret of X25519 is tweaked by the ssh key, so that the two keys of one point, ssh's
 * and age's, are different recipients. KEYS->shared in, KEYS->wrap out.
 */
static bool derive_key(struct age_keys *keys, const struct ssh_public *key,
                       const uint8_t share[static 32])
{
    uint8_t tweak[32];
    uint8_t tweaked[32];
    uint8_t salt[64];
    prim_hkdf(tweak, bulla_bytes(NULL, 0), key->wire, bulla_bytes_of(ED25519_INFO));
    bool ok = prim_x25519(tweaked, tweak, keys->shared);
    memcpy(salt, share, 32);
    ok = ok && prim_sign_public_to_x25519(salt + 32, key->point);
    prim_hkdf(keys->wrap, bulla_bytes(tweaked, 32), bulla_bytes(salt, sizeof salt),
              bulla_bytes_of(ED25519_INFO));
    bulla_wipe(tweaked, sizeof tweaked);
    return ok;
}

static bool refuse(const struct age_stanza *stanza, struct bulla_error *err)
{
    return bulla_error_at(err, BULLA_E_VERIFY, NULL, stanza->pos,
                          "age header: the stanza for this ssh key does not open");
}

static bool unwrap_ed25519(const struct age_stanza *stanza, const struct ssh_private *key,
                           struct age_keys *keys, struct bulla_error *err)
{
    uint8_t share[32];
    uint8_t wrapped[AGE_WRAPPED_KEY_BYTES];
    prim_sign_seed_to_x25519(keys->ephemeral, key->seed.data);
    bool ok = decode_share(stanza, share) && age_stanza_body(stanza, wrapped, sizeof wrapped) &&
              prim_x25519(keys->shared, keys->ephemeral, share) &&
              derive_key(keys, &key->public_key, share) &&
              prim_decrypt(keys->file_key, bulla_bytes(wrapped, sizeof wrapped),
                           bulla_bytes(NULL, 0), zero_nonce, keys->wrap);
    return ok || refuse(stanza, err);
}

static bool unwrap_rsa(const struct age_stanza *stanza, const struct ssh_private *key,
                       struct age_keys *keys, struct bulla_error *err)
{
    size_t size = key->rsa.n.len;
    size_t len = 0;
    bool opened = false;
    bulla_auto_secret text = bulla_secret_new(size, err);
    bulla_auto_buf body;
    bulla_buf_init(&body, size);
    uint8_t *sealed = text == NULL ? NULL : bulla_buf_reserve(&body, size);
    if (sealed == NULL) {
        return text != NULL && bulla_buf_ok(&body, err);
    }
    uint8_t *out = bulla_secret_room(text);
    if (!age_stanza_body(stanza, sealed, size)) {
        return refuse(stanza, err);
    }
    if (!rsa_decrypt(&key->rsa, RSA_LABEL, bulla_bytes(sealed, size), out, &len, &opened, err)) {
        return false;
    }
    if (!opened || len != sizeof keys->file_key) {
        return refuse(stanza, err);
    }
    memcpy(keys->file_key, out, len);
    return true;
}

bool ssh_unwrap(const struct age_stanza *stanza, const struct ssh_private *key,
                struct age_keys *keys, struct bulla_error *err)
{
    return key->public_key.is_rsa ? unwrap_rsa(stanza, key, keys, err)
                                  : unwrap_ed25519(stanza, key, keys, err);
}

static bool wrap_ed25519(struct age_keys *keys, const struct ssh_public *key, struct bulla_buf *out,
                         struct bulla_error *err)
{
    uint8_t share[32];
    uint8_t point[32];
    prim_random(keys->ephemeral, sizeof keys->ephemeral);
    prim_x25519_public(share, keys->ephemeral);
    if (!prim_sign_public_to_x25519(point, key->point) ||
        !prim_x25519(keys->shared, keys->ephemeral, point) || !derive_key(keys, key, share)) {
        return bulla_error(err, BULLA_E_INVALID, "the ssh key is of low order");
    }
    bulla_buf_puts(out, "-> ssh-ed25519 ");
    put_tag(key, out);
    bulla_buf_putc(out, ' ');
    bulla_base64_encode(BULLA_BASE64_UNPADDED, bulla_bytes(share, 32), out);
    bulla_buf_putc(out, '\n');
    age_put_wrapped_key(keys, out);
    return true;
}

static bool wrap_rsa(struct age_keys *keys, const struct ssh_public *key, struct bulla_buf *out,
                     struct bulla_error *err)
{
    const struct rsa_key rsa = {.n = key->n, .e = key->e};
    bulla_auto_buf sealed;
    bulla_buf_init(&sealed, key->n.len);
    uint8_t *to = bulla_buf_reserve(&sealed, key->n.len);
    if (to == NULL) {
        return bulla_buf_ok(&sealed, err);
    }
    if (!rsa_encrypt(&rsa, RSA_LABEL, bulla_bytes(keys->file_key, sizeof keys->file_key), to,
                     err)) {
        return false;
    }
    bulla_buf_puts(out, "-> ssh-rsa ");
    put_tag(key, out);
    bulla_buf_putc(out, '\n');
    age_put_body(bulla_bytes(to, key->n.len), out);
    return true;
}

bool ssh_wrap(struct age_keys *keys, const struct ssh_public *key, struct bulla_buf *out,
              struct bulla_error *err)
{
    return key->is_rsa ? wrap_rsa(keys, key, out, err) : wrap_ed25519(keys, key, out, err);
}
