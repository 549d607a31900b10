/* OpenSSH's own file of a private key (OpenSSH PROTOCOL.key), in clear or encrypted. */
#include <string.h>

#include "age/ssh.h"
#include "age/wire.h"
#include "crypto/bcrypt.h"
#include "crypto/prim.h"

#include "base/banned.h"

#define MAGIC "openssh-key-v1"

/* The fields of the file, borrowed. */
struct container {
    struct bulla_bytes cipher, kdf, kdf_options, public_key, sealed;
    struct bulla_bytes behind; /* the tag of GCM */
};

static bool is_broken(struct bulla_error *err)
{
    return bulla_error(err, BULLA_E_SYNTAX, "the ssh key is damaged");
}

static bool take_fields(struct bulla_bytes file, struct container *ret, struct bulla_error *err)
{
    uint32_t count = 0;
    struct bulla_bytes rest = bulla_bytes_slice(file, sizeof MAGIC, file.len);
    /* The NUL behind it is of the format. */
    bool ok = bulla_bytes_equal(bulla_bytes_slice(file, 0, sizeof MAGIC),
                                bulla_bytes(MAGIC, sizeof MAGIC)) &&
              wire_take(&rest, &ret->cipher) && wire_take(&rest, &ret->kdf) &&
              wire_take(&rest, &ret->kdf_options) && wire_take_u32(&rest, &count) && count == 1 &&
              wire_take(&rest, &ret->public_key) && wire_take(&rest, &ret->sealed);
    ret->behind = rest;
    return ok || is_broken(err);
}

static bool take_rsa(struct bulla_bytes *rest, struct rsa_key *rsa)
{
    struct bulla_bytes inverse = {NULL, 0};
    return wire_take_number(rest, &rsa->n) && wire_take_number(rest, &rsa->e) &&
           wire_take_number(rest, &rsa->d) && wire_take_number(rest, &inverse) &&
           wire_take_number(rest, &rsa->p) && wire_take_number(rest, &rsa->q);
}

static bool take_ed25519(struct bulla_bytes *rest, struct bulla_bytes *ret_seed)
{
    struct bulla_bytes point = {NULL, 0};
    struct bulla_bytes both = {NULL, 0};
    uint8_t public_key[32];
    uint8_t secret[PRIM_SIGN_SECRET_BYTES];
    if (!wire_take(rest, &point) || !wire_take(rest, &both) || both.len != 64 || point.len != 32) {
        return false;
    }
    *ret_seed = bulla_bytes_slice(both, 0, 32);
    prim_sign_keys(public_key, secret, ret_seed->data);
    bulla_wipe(secret, sizeof secret);
    return prim_equal(public_key, point.data, 32);
}

/* The comment is passed over; padding counts 1, 2, 3… to a whole block. */
static bool is_padding(struct bulla_bytes rest)
{
    struct bulla_bytes comment = {NULL, 0};
    if (!wire_take(&rest, &comment)) {
        return false;
    }
    for (size_t i = 0; i < rest.len; i++) {
        if (rest.data[i] != (uint8_t)(i + 1)) {
            return false;
        }
    }
    return true;
}

/* What is inside, in clear; it has to be the private side of the public key before it. */
static bool take_private(struct bulla_bytes rest, struct ssh_private *key, struct bulla_error *err)
{
    struct bulla_bytes type = {NULL, 0};
    const struct ssh_public *public_key = &key->public_key;
    if (!wire_take(&rest, &type)) {
        return is_broken(err);
    }
    bool ok = bulla_bytes_are(type, public_key->is_rsa ? "ssh-rsa" : "ssh-ed25519") &&
              (public_key->is_rsa ? take_rsa(&rest, &key->rsa) : take_ed25519(&rest, &key->seed)) &&
              is_padding(rest);
    if (ok && public_key->is_rsa) {
        ok = bulla_bytes_equal(key->rsa.n, public_key->n) &&
             bulla_bytes_equal(key->rsa.e, public_key->e);
    } else if (ok) {
        uint8_t point[32];
        uint8_t secret[PRIM_SIGN_SECRET_BYTES];
        prim_sign_keys(point, secret, key->seed.data);
        bulla_wipe(secret, sizeof secret);
        ok = prim_equal(point, public_key->point, 32);
    }
    key->is_open = ok;
    return ok || is_broken(err);
}

static bool find_cipher(struct bulla_bytes name, enum cipher *ret, struct bulla_error *err)
{
    static const struct {
        const char *name;
        enum cipher cipher;
    } known[] = {{"aes256-ctr", CIPHER_AES256_CTR},
                 {"aes256-cbc", CIPHER_AES256_CBC},
                 {"aes256-gcm@openssh.com", CIPHER_AES256_GCM}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (bulla_bytes_are(name, known[i].name)) {
            *ret = known[i].cipher;
            return true;
        }
    }
    (void)bulla_error(err, BULLA_E_INVALID, "the ssh key is encrypted with a cipher that we lack");
    return bulla_error_hint(err,
                            "'ssh-keygen -p -Z aes256-ctr -f KEY' encrypts it with one of ours");
}

/* The locked bytes into OUT; a wrong passphrase shows in the two check numbers, or in the tag. */
static bool unlock(const struct container *fields, struct bulla_bytes passphrase, uint8_t *out,
                   bool *ret_opened, struct bulla_error *err)
{
    enum cipher cipher = CIPHER_AES256_CTR;
    struct bulla_bytes options = fields->kdf_options;
    struct bulla_bytes salt = {NULL, 0};
    uint32_t rounds = 0;
    if (!find_cipher(fields->cipher, &cipher, err)) {
        return false;
    }
    size_t tag = cipher == CIPHER_AES256_GCM ? CIPHER_GCM_TAG_BYTES : 0;
    if (!bulla_bytes_are(fields->kdf, "bcrypt") || !wire_take(&options, &salt) ||
        !wire_take_u32(&options, &rounds) || options.len > 0 || fields->behind.len != tag ||
        fields->sealed.len % CIPHER_BLOCK_BYTES != 0) {
        return is_broken(err);
    }
    bulla_auto_secret memory = bulla_secret_new(CIPHER_KEY_BYTES + CIPHER_BLOCK_BYTES, err);
    if (memory == NULL) {
        return false;
    }
    uint8_t *key = bulla_secret_room(memory);
    size_t iv = cipher == CIPHER_AES256_GCM ? CIPHER_GCM_IV_BYTES : CIPHER_BLOCK_BYTES;
    /* The tag stands right behind the sealed bytes in the file. */
    return bcrypt_pbkdf(passphrase, salt, rounds, key, CIPHER_KEY_BYTES + iv, err) &&
           cipher_decrypt(cipher, key, key + CIPHER_KEY_BYTES,
                          bulla_bytes(fields->sealed.data, fields->sealed.len + tag), out,
                          ret_opened, err);
}

static bool open_sealed(const struct container *fields, struct bulla_arena *arena,
                        struct bulla_bytes passphrase, struct bulla_bytes *ret_text,
                        struct bulla_error *err)
{
    bool opened = false;
    uint8_t *text = bulla_arena_alloc(arena, fields->sealed.len + CIPHER_BLOCK_BYTES, err);
    if (text == NULL || !unlock(fields, passphrase, text, &opened, err)) {
        return false;
    }
    *ret_text = bulla_bytes(text, fields->sealed.len);
    uint32_t first = 0;
    uint32_t second = 1;
    struct bulla_bytes rest = *ret_text;
    opened = opened && wire_take_u32(&rest, &first) && wire_take_u32(&rest, &second);
    return (opened && first == second) ||
           bulla_error(err, BULLA_E_IDENTITY, "the passphrase of the ssh key is wrong");
}

bool ssh_parse_container(struct bulla_bytes file, struct ssh_private *key,
                         struct bulla_arena *arena, const struct bulla_bytes *passphrase,
                         struct bulla_error *err)
{
    struct container fields;
    if (!take_fields(file, &fields, err)) {
        return false;
    }
    const char *fault = ssh_parse_wire(fields.public_key, &key->public_key);
    if (fault != NULL) {
        return bulla_error(err, BULLA_E_INVALID, "the ssh key %s", fault);
    }
    struct bulla_bytes text = fields.sealed;
    if (!bulla_bytes_are(fields.cipher, "none")) {
        if (passphrase == NULL) {
            key->file = file;
            return true;
        }
        if (!open_sealed(&fields, arena, *passphrase, &text, err)) {
            return false;
        }
    }
    uint32_t first = 0;
    uint32_t second = 1;
    if (!wire_take_u32(&text, &first) || !wire_take_u32(&text, &second) || first != second) {
        return is_broken(err);
    }
    return take_private(text, key, err);
}
